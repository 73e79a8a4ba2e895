"""The recorder's connection to the hub: follows its decisions, and says how the recorder is."""

from __future__ import annotations

import logging
import threading
import uuid
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import Any

import zmq

from console.clock import SECOND_NS, Clock
from console.model.events import Entry
from console.model.fact import RecorderSaid
from console.model.query import AskSnapshot, QueryRequest
from console.model.recording import RecorderReport
from console.model.state import CityState, apply, follows
from console.wire.codec import (
    WireError,
    decode_entry,
    decode_health,
    decode_state,
    decode_taken,
    encode,
)
from console.wire.keys import KeyPair
from console.wire.mailbox import Mailbox
from console.wire.rendezvous import read_doors
from console.wire.sockets import DECISION_HWM, connect

SILENT_AFTER_NS = 4 * SECOND_NS
PING_EVERY_NS = SECOND_NS
RESEND_AFTER_NS = 3 * SECOND_NS
POLL_MS = 500
LOOK_FOR_HUB_MS = 500
MESSAGES_PER_TURN = 500

_log = logging.getLogger("bongsu.recorder.link")


class RecorderLink:
    """One thread that owns its sockets. `say` and `close` from any other.

    `on_snapshot` and `on_entry` are called in the link's thread, in the order of the log, with the folded
    state. What was said last is said again whenever the hub's record says something else of this recorder.
    """

    def __init__(
        self, home: Path, key: KeyPair, clock: Clock,
        on_snapshot: Callable[[CityState], None], on_entry: Callable[[Entry, CityState], None],
    ) -> None:  # fmt: skip
        self._home, self._key, self._clock = home, key, clock
        self._on_snapshot, self._on_entry = on_snapshot, on_entry
        self._out: Mailbox[RecorderReport | None] = Mailbox()
        self._thread = threading.Thread(target=self._run, name="recorder-link", daemon=True)
        self._said: RecorderReport | None = None
        #: The report under way: its uid and when it was sent last; 0: not yet.
        self._way: tuple[str, RecorderReport, int] | None = None
        self.state: CityState | None = None
        self.connected = threading.Event()

    def start(self) -> None:
        self._thread.start()

    def say(self, report: RecorderReport) -> None:
        """How the recorder is from now on; sent at once, and again until the hub has it on disk."""
        self._out.put(report)

    def close(self, last: RecorderReport | None = None, wait_s: float = 0.0) -> None:
        """End the thread, after `last` was taken or `wait_s` passed."""
        if last is not None and self.connected.is_set():
            self._last = threading.Event()
            self._out.put(last)
            self._last.wait(wait_s)
        self._out.put(None)
        if self._thread.is_alive():
            self._thread.join(timeout=5)
        self._out.close()

    _last: threading.Event | None = None

    def _run(self) -> None:
        context: zmq.Context[Any] = zmq.Context(io_threads=1)
        try:
            while self._session(context):
                pass
        except Exception:
            _log.exception("The recorder's link stopped by an error of the console itself.")
        finally:
            self.connected.clear()
            context.destroy(linger=0)

    def _session(self, context: zmq.Context[Any]) -> bool:
        """From one hub's start to its silence; False to end the thread."""
        doors = read_doors(self._home)
        poller = zmq.Poller()
        poller.register(self._out.fileno(), zmq.POLLIN)
        if doors is None:
            poller.poll(LOOK_FOR_HUB_MS)
            return self._take_out()
        self._decisions = connect(context, zmq.SUB, doors.decisions, self._key, DECISION_HWM)
        self._desk = connect(context, zmq.DEALER, doors.desk, self._key)
        self._ingest = connect(context, zmq.DEALER, doors.ingest, self._key)
        sockets = (self._decisions, self._desk, self._ingest)
        for topic in (b"d/", b"h/"):
            self._decisions.setsockopt(zmq.SUBSCRIBE, topic)
        for socket in sockets:
            poller.register(socket, zmq.POLLIN)
        self._waiting: deque[Entry] = deque(maxlen=100_000)
        self._asked = ""
        self._asked_ns = self._pinged_ns = 0
        self._behind_at = -1
        self.state = None
        try:
            return self._serve(poller)
        finally:
            self.connected.clear()
            for socket in sockets:
                socket.close(linger=0)

    def _serve(self, poller: zmq.Poller) -> bool:
        self._heard_ns = self._clock.mono_ns()
        if self._way is not None:
            self._way = (*self._way[:2], 0)
        while True:
            ready = dict(poller.poll(POLL_MS if self.connected.is_set() else 50))
            if self._out.fileno() in ready and not self._take_out():
                return False
            try:
                for socket, take in (
                    (self._desk, self._answer), (self._decisions, self._decision), (self._ingest, self._taken)
                ):  # fmt: skip
                    if socket in ready:
                        self._drain(socket, take)
            except WireError as error:
                _log.warning("A message of the hub could not be read and was dropped: %s", error)
                self.state = None
            now = self._clock.mono_ns()
            if now - self._heard_ns > SILENT_AFTER_NS:
                return True  # always anew: a socket that was refused once never tries again by itself
            self._send_due(now)

    def _drain(self, socket: zmq.Socket[Any], take: Callable[[list[bytes]], None]) -> None:
        for _ in range(MESSAGES_PER_TURN):
            try:
                frames = socket.recv_multipart(zmq.NOBLOCK)
            except zmq.Again:
                return
            self._heard_ns = self._clock.mono_ns()
            take(frames)

    def _answer(self, frames: list[bytes]) -> None:
        if frames[0] != b"R" or len(frames) != 3 or frames[1].decode() != self._asked:
            return
        self._asked = ""
        state = self.state = decode_state(frames[2])
        self.connected.set()
        self._on_snapshot(state)
        waiting, self._waiting = self._waiting, deque(maxlen=100_000)
        for entry in waiting:
            self._entry(entry)
        self._compare()

    def _decision(self, frames: list[bytes]) -> None:
        if frames[0] != b"h/":
            self._entry(decode_entry(frames[1]))
            return
        health, state = decode_health(frames[1]), self.state
        if state is not None and (health.run != state.run or health.seq > state.seq):
            if self._behind_at == health.seq:
                self.state = None  # still ahead at the next heartbeat: the last entries were lost
            self._behind_at = health.seq

    def _entry(self, entry: Entry) -> None:
        state = self.state
        if state is None:
            self._waiting.append(entry)
        elif follows(state, entry):
            apply(state, entry)
            self._on_entry(entry, state)
            self._compare()
        elif entry.run != state.run or entry.seq > state.seq:
            self._waiting.append(entry)
            self.state = None

    def _taken(self, frames: list[bytes]) -> None:
        if frames[0] != b"T" or len(frames) != 2:
            return
        taken = decode_taken(frames[1])
        if self._way is not None and taken.uid == self._way[0]:
            if taken.problem:
                _log.error("The hub refused what the recorder says of itself: %s", taken.problem)
            stopped = self._way[1].state == "stopped"
            self._way = None
            if stopped and self._last is not None:
                self._last.set()

    def _take_out(self) -> bool:
        for report in self._out.take():
            if report is None:
                return False
            self._said = report
            self._way = (uuid.uuid4().hex, report, 0)
        return True

    def _compare(self) -> None:
        """The hub may hold another opinion: it took the recorder for silent, or its record is another."""
        if self._said is None or self._way is not None or self.state is None:
            return
        known = self.state.recorders.get(self._key.name)
        if known is None or not known.report.says_what(self._said):
            self._way = (uuid.uuid4().hex, self._said, 0)

    def _send_due(self, now: int) -> None:
        if self._way is not None and now - self._way[2] > RESEND_AFTER_NS:
            uid, report, _ = self._way
            sent = _send(self._ingest, [b"F", encode(RecorderSaid(uid=uid, report=report))])
            self._way = (uid, report, now if sent else 0)
        if self.state is None and now - self._asked_ns > (RESEND_AFTER_NS if self._asked else 0):
            self._asked = self._asked or uuid.uuid4().hex
            query = QueryRequest(id=self._asked, desk=self._key.name, person="", query=AskSnapshot())
            self._asked_ns = now if _send(self._desk, [b"Q", encode(query)]) else 0
        if now - self._pinged_ns > PING_EVERY_NS:
            sent = _send(self._ingest, [b"P"])
            self._pinged_ns = now if sent else 0
            _send(self._desk, [b"P"])


def _send(socket: zmq.Socket[Any], frames: list[bytes]) -> bool:
    try:
        socket.send_multipart(frames, zmq.NOBLOCK)
    except zmq.Again:
        return False
    return True
