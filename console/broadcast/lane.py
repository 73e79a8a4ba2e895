"""The way to one outlet: a thread that owes it messages and gives them until each is received or too late."""

from __future__ import annotations

import http.client
import logging
import socket
import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from console.broadcast.outlets import Outlet
from console.broadcast.trying import FINAL, Parcel, Tried, give, look
from console.clock import SECOND_NS, Clock
from console.language import load_catalogue
from console.model.base import Words
from console.model.message import OutletReport, OutletSeen
from console.profile.messages import Sending

_log = logging.getLogger("bongsu.broadcast")
LOOK_EVERY_NS = 30 * SECOND_NS
"""How often an outlet that has nothing to take is looked at."""
COMMIT_S = 5.0

Tell = Callable[[OutletReport | OutletSeen, Callable[[bool], None]], None]
"""Gives a report to whoever keeps the record; the answer says whether it is on disk. Must not block."""


@dataclass(slots=True)
class Owed:
    """One message owed. `after`: the message it speaks of, which goes first."""

    message_id: str
    parcel: Parcel
    expires_ns: int
    after: str = ""
    queued_mono_ns: int = 0
    due_mono_ns: int = 0
    attempt: int = 0
    wait_s: float = 0.0
    told_sent: bool = False
    told_stalled: str = ""
    why: Words | None = None
    final: bool = field(default=False)


class Lane:
    """`owe`, `use`, `stop` from any thread. `outlet` None: it is not configured (any more)."""

    def __init__(self, name: str, outlet: Outlet | None, sending: Sending, clock: Clock, tell: Tell) -> None:
        self.name = name
        self._outlet, self._sending, self._clock, self._tell = outlet, sending, clock, tell
        self._changed = threading.Condition()
        self._waiting: list[Owed] = []
        self._stopping = False
        self._connection: http.client.HTTPSConnection | None = None
        self._up: tuple[bool, Words] | None = None
        self._look_due_ns = 0
        self._thread = threading.Thread(target=self._run, name=f"outlet-{name}", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def owe(self, owed: Owed) -> None:
        """Give this from now on. One that is owed already is not owed twice."""
        with self._changed:
            if any(one.message_id == owed.message_id for one in self._waiting):
                return
            owed.queued_mono_ns = owed.due_mono_ns = self._clock.mono_ns()
            self._waiting.append(owed)
            self._changed.notify()

    def use(self, outlet: Outlet | None) -> None:
        """The configuration changed: try what waits at once."""
        with self._changed:
            self._outlet, self._up, self._look_due_ns = outlet, None, 0
            for owed in self._waiting:
                owed.due_mono_ns, owed.wait_s = self._clock.mono_ns(), 0.0
            self._changed.notify()

    @property
    def waiting(self) -> int:
        """How many messages it has not received."""
        return len(self._waiting)

    def stop(self, timeout_s: float = 2.0) -> None:
        """End. What was not received stays owed on the record."""
        with self._changed:
            self._stopping = True
            self._changed.notify()
            connection = self._connection
        sock = getattr(connection, "sock", None)
        if sock is not None:
            try:
                sock.shutdown(socket.SHUT_RDWR)  # wakes a thread that waits for an answer
            except OSError:
                pass  # it was ended meanwhile
        if self._thread.is_alive():
            self._thread.join(timeout_s)

    def _run(self) -> None:
        while True:
            with self._changed:
                if self._stopping:
                    return
                owed, wait_s = self._next()
                if owed is None and wait_s > 0:
                    self._changed.wait(wait_s)
                    continue
            try:
                if owed is None:
                    self._look()
                else:
                    self._carry(owed)
            except Exception:
                _log.exception("The way to the outlet %s failed; it goes on.", self.name)
                with self._changed:
                    self._changed.wait(1.0)

    def _next(self) -> tuple[Owed | None, float]:
        """What is to be done now, or how long nothing is."""
        now = self._clock.mono_ns()
        ready = [one for one in self._waiting if one.due_mono_ns <= now and self._may_go(one)]
        if ready:
            return ready[0], 0.0
        ends = [one.due_mono_ns for one in self._waiting if self._may_go(one)] + [self._look_due_ns]
        return None, max(0.0, (min(ends) - now) / SECOND_NS)

    def _may_go(self, owed: Owed) -> bool:
        """An update or cancel waits for what it speaks of, unless that is not taken at all."""
        before = next((one for one in self._waiting if one.message_id == owed.after), None)
        return before is None or before.final

    def _look(self) -> None:
        self._look_due_ns = self._clock.mono_ns() + LOOK_EVERY_NS
        outlet = self._outlet
        if outlet is not None:
            tried = look(outlet, self._sending.connect_s, self._opened)
            if not self._stopping:
                self._note(outlet, tried)

    def _carry(self, owed: Owed) -> None:
        outlet = self._outlet
        if self._clock.now_ns() >= owed.expires_ns:
            words = load_catalogue().both("messages.way.lapsed", outlet=self.name)
            self._keep(OutletReport(
                message_id=owed.message_id, outlet=self.name, outcome="lapsed", reason=words
            ))
            self._settle(owed)
            return
        owed.attempt += 1
        if outlet is None:
            tried = Tried("absent")
        else:
            if not owed.told_sent:
                owed.told_sent = True
                self._say(owed, "sent")
            tried = give(
                outlet, owed.parcel, self._sending.connect_s, self._sending.answer_s, self._opened
            )
            if self._stopping:
                return
            self._note(outlet, tried)
        if tried.kind == "received":
            self._keep(OutletReport(
                message_id=owed.message_id, outlet=self.name, outcome="received", attempt=owed.attempt,
                receipt=tried.receipt,
            ))
            self._settle(owed)
            return
        owed.why, owed.final = tried.words(self.name), tried.kind in FINAL
        self._maybe_stalled(owed)
        owed.wait_s = min(self._sending.most_retry_s, owed.wait_s * 2 or self._sending.first_retry_s)
        with self._changed:
            owed.due_mono_ns = self._clock.mono_ns() + int(owed.wait_s * SECOND_NS)

    def _maybe_stalled(self, owed: Owed) -> None:
        """Told loudly after a time, at once where waiting mends nothing, and again where the reason changes
        to that."""
        waited = (self._clock.mono_ns() - owed.queued_mono_ns) / SECOND_NS
        stage = "refused" if owed.final else "stalled" if waited >= self._sending.stall_s else ""
        if stage and owed.told_stalled != stage:
            owed.told_stalled = stage
            self._say(owed, "refused" if owed.final else "stalled", owed.why)

    def _settle(self, owed: Owed) -> None:
        with self._changed:
            if owed in self._waiting:
                self._waiting.remove(owed)

    def _say(self, owed: Owed, outcome: str, reason: Words | None = None) -> None:
        report = OutletReport(
            message_id=owed.message_id, outlet=self.name, outcome=outcome, attempt=owed.attempt,  # type: ignore[arg-type]
            reason=reason or Words(en="", ko=""),
        )
        self._tell(report, lambda kept: None)

    def _keep(self, report: OutletReport) -> None:
        """Tell until it is on disk; the other side is not asked again for that."""
        wait_s = 0.2
        while not self._stopping:
            answered = threading.Event()
            kept: list[bool] = []

            def done(ok: bool, answered: threading.Event = answered, kept: list[bool] = kept) -> None:
                kept.append(ok)
                answered.set()

            self._tell(report, done)
            if answered.wait(COMMIT_S) and kept[0]:
                return
            with self._changed:
                self._changed.wait(wait_s)
            wait_s = min(5.0, wait_s * 2)

    def _note(self, outlet: Outlet, tried: Tried) -> None:
        up = tried.kind in ("received", "up", "busy")
        words = load_catalogue().both("messages.way.works") if up else tried.words(self.name)
        if self._up != (up, words):
            self._up = (up, words)
            self._tell(
                OutletSeen(outlet=self.name, sort=outlet.sort, up=up, why=words), lambda kept: None
            )

    def _opened(self, connection: http.client.HTTPSConnection) -> None:
        with self._changed:
            self._connection = connection
