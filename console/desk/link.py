"""The desk's connection to the hub: one thread that owns its sockets and fills the board's inbox.

Clone pattern: subscribe, ask for the snapshot, drop what is older, apply the rest. A gap or another run is
healed by a new snapshot. Commands and queries are sent again after a break; the hub answers each once.
"""

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
from console.desk.inbound import (
    AnswerCame,
    BatchCame,
    EntryCame,
    HealthCame,
    Inbound,
    LinkChanged,
    LinkState,
    PageCame,
    SnapshotCame,
    TrendCame,
)
from console.model.base import Words
from console.model.commands import Command, Request
from console.model.query import AskSnapshot, AskTrend, AskValues, Query, QueryRequest
from console.wire.batch import BatchError, read_batch
from console.wire.codec import (
    WireError,
    decode_answer,
    decode_entry,
    decode_health,
    decode_page,
    decode_state,
    encode,
)
from console.wire.keys import KeyPair
from console.wire.mailbox import Mailbox
from console.wire.rendezvous import Doors, read_doors
from console.wire.sockets import DECISION_HWM, TELEMETRY_HWM, connect

STALE_AFTER_NS = 3 * SECOND_NS
PING_EVERY_NS = SECOND_NS
INBOX_MAX = 5_000
"""Records that may wait for the window before measurements are dropped and counted."""
POLL_MS, CONNECTING_POLL_MS = 200, 10
RESEND_AFTER_NS = 3 * SECOND_NS
GIVE_UP_AFTER_NS = 60 * SECOND_NS

_log = logging.getLogger("bongsu.desk.link")


class HubLink:
    """A DeskPort over the bus. Any thread may call `request` and `ask`; everything else is its own thread's.

    `trend_points` are asked for at each connection, so that charts begin with the hub's past.
    """

    def __init__(
        self, home: Path, key: KeyPair, person: str, inbox: deque[Inbound], clock: Clock,
        trend_points: tuple[int, ...] = (), on_asked: Callable[[str, Command], None] | None = None,
    ) -> None:
        self.name = key.name
        self.person = person
        self._home, self._key, self._clock = home, key, clock
        self._inbox = inbox
        self._trend_points = trend_points
        self._on_asked = on_asked
        self._out: Mailbox[Request | QueryRequest | None] = Mailbox()
        self._thread = threading.Thread(target=self._run, name="hub-link", daemon=True)
        self._unanswered: dict[str, tuple[Request | QueryRequest, int, int]] = {}
        self._session = _Session()

    def start(self) -> None:
        """Begin to connect; returns at once."""
        self._thread.start()

    def close(self) -> None:
        """End the thread and wait for it."""
        self._out.put(None)
        if self._thread.is_alive():
            self._thread.join(timeout=5)
        self._out.close()

    def request(self, command: Command) -> str:
        """Send a command; returns its request id."""
        request = Request(
            id=uuid.uuid4().hex, desk=self.name, person=self.person, sent_ns=self._clock.now_ns(),
            command=command,  # type: ignore[arg-type]
        )
        if self._on_asked is not None:
            self._on_asked(request.id, command)
        self._out.put(request)
        return request.id

    def ask(self, query: Query) -> str:
        """Look something up; returns the query's id."""
        wanted = QueryRequest(id=uuid.uuid4().hex, desk=self.name, person=self.person, query=query)  # type: ignore[arg-type]
        self._out.put(wanted)
        return wanted.id

    def _run(self) -> None:
        context = zmq.Context(io_threads=1)
        try:
            while self._connected(context):
                pass
        except Exception:
            _log.exception("The link to the hub stopped by an error of the console itself.")
        finally:
            self._session.close()
            context.destroy(linger=0)

    def _connected(self, context: zmq.Context[Any]) -> bool:
        """One step of the loop; False to end."""
        session = self._session
        if session.doors is None:
            doors = read_doors(self._home)
            if doors is not None:
                session.open(context, doors, self._key)
                self._tell(session.state if session.state == "stale" else "connecting")
                session.heard_ns = self._clock.mono_ns()
                self._ask_all()
        waiting = session.doors is None or session.state != "live"
        ready = dict(session.poll(self._out.fileno(), CONNECTING_POLL_MS if waiting else POLL_MS))
        if self._out.fileno() in ready and not self._send_new():
            return False
        if session.doors is None:
            return True
        try:
            if session.desk in ready:
                self._drain(session.desk, self._desk_message)
            if session.decisions in ready:
                self._drain(session.decisions, self._decision_message)
            if session.telemetry in ready:
                self._drain(session.telemetry, self._telemetry_message)
        except (WireError, BatchError) as error:
            _log.warning("A message of the hub could not be read and was dropped: %s", error)
            session.seq = -1
        self._watch()
        return True

    def _drain(self, socket: zmq.Socket[Any], take: Callable[[list[bytes]], None]) -> None:
        for _ in range(500):
            try:
                frames = socket.recv_multipart(zmq.NOBLOCK)
            except zmq.Again:
                return
            self._session.heard_ns = self._clock.mono_ns()
            take(frames)

    def _desk_message(self, frames: list[bytes]) -> None:
        if frames[0] == b"A":
            answer = decode_answer(frames[1])
            if self._unanswered.pop(answer.id, None) is not None:
                self._inbox.append(AnswerCame(answer))
            return
        if frames[0] != b"R" or len(frames) < 3:
            return
        asked = self._unanswered.pop(frames[1].decode(), None)
        if asked is None or not isinstance(asked[0], QueryRequest):
            return
        query = asked[0].query
        if isinstance(query, AskSnapshot):
            state = decode_state(frames[2])
            self._session.run, self._session.seq = state.run, state.seq
            self._session.healing = False
            self._inbox.append(SnapshotCame(state))
            self._tell("live")
            for entry in self._session.take_waiting():
                self._entry(entry)
        elif isinstance(query, AskValues | AskTrend):
            header, columns = read_batch(frames[2:])
            if isinstance(query, AskTrend):
                self._inbox.append(TrendCame(query.point_indexes, columns))
            else:
                self._inbox.append(BatchCame(columns, header.sent_ns))
        elif frames[2] == b"":
            problem = Words(en=frames[3].decode(), ko=frames[4].decode())
            self._inbox.append(PageCame(asked[0].id, None, problem))
        else:
            self._inbox.append(
                PageCame(asked[0].id, decode_page(frames[2], type(query).__struct_config__.tag))  # type: ignore[arg-type]
            )

    def _decision_message(self, frames: list[bytes]) -> None:
        if frames[0] == b"h/":
            health = decode_health(frames[1])
            self._inbox.append(HealthCame(health))
            session = self._session
            behind = health.run != session.run or health.seq > session.seq
            if behind and not session.healing and health.seq == session.last_health_seq:
                self._heal()  # still ahead at the next heartbeat: the last entries were lost
            session.last_health_seq = health.seq
            return
        self._entry(decode_entry(frames[1]))

    def _entry(self, entry: Any) -> None:
        session = self._session
        if session.healing or session.seq < 0:
            session.waiting.append(entry)
            return
        if entry.run == session.run and entry.seq <= session.seq:
            return
        if entry.run != session.run or entry.seq != session.seq + 1:
            session.waiting.append(entry)
            self._heal()
            return
        session.seq = entry.seq
        self._inbox.append(EntryCame(entry))

    def _telemetry_message(self, frames: list[bytes]) -> None:
        header, columns = read_batch(frames[1:])
        if header.profile_digest != self._session.profile_digest:
            return
        before = self._session.sequences.get(header.source)
        if before is not None and header.sequence > before + 1:
            self._session.lost += header.sequence - before - 1
            self._tell(self._session.state)
        self._session.sequences[header.source] = header.sequence
        if len(self._inbox) > INBOX_MAX:
            self._session.lost += 1  # the window does not look: old values are dropped, decisions are not
            return
        self._inbox.append(BatchCame(columns, header.sent_ns))

    def _heal(self) -> None:
        self._session.healing = True
        self._tell("stale")
        self._queue(self._wrap(AskSnapshot()))

    def _ask_all(self) -> None:
        self._session.healing = True
        self._queue(self._wrap(AskSnapshot()))
        self._queue(self._wrap(AskValues()))
        if self._trend_points:
            self._queue(self._wrap(AskTrend(point_indexes=self._trend_points)))

    def _wrap(self, query: Query) -> QueryRequest:
        return QueryRequest(id=uuid.uuid4().hex, desk=self.name, person=self.person, query=query)  # type: ignore[arg-type]

    def _queue(self, message: Request | QueryRequest) -> None:
        self._post(message, self._clock.mono_ns())

    def _post(self, message: Request | QueryRequest, first: int) -> None:
        """Send, or remember as not sent (last sent at 0) until the connection is there."""
        mark = b"C" if isinstance(message, Request) else b"Q"
        sent = self._session.doors is not None and self._send([mark, encode(message)])
        self._unanswered[message.id] = (message, first, self._clock.mono_ns() if sent else 0)

    def _send(self, frames: list[bytes]) -> bool:
        try:
            self._session.desk.send_multipart(frames, zmq.NOBLOCK)
        except zmq.Again:
            return False
        return True

    def _send_new(self) -> bool:
        for message in self._out.take():
            if message is None:
                return False
            self._queue(message)
        return True

    def _watch(self) -> None:
        """Notice silence, ask again for what was not answered, give up on look-ups nobody waits for."""
        now = self._clock.mono_ns()
        session = self._session
        if now - session.pinged_ns > PING_EVERY_NS:
            session.pinged_ns = now if self._send([b"P"]) else 0
        if now - session.heard_ns > STALE_AFTER_NS:
            if session.state != "stale":
                self._tell("stale")
            # Always anew: a socket that was refused once (a key not known yet) never tries again by itself.
            session.close()
            return
        for id_, (message, first, last) in list(self._unanswered.items()):
            if now - first > GIVE_UP_AFTER_NS and isinstance(message, QueryRequest):
                del self._unanswered[id_]
                if not isinstance(message.query, AskSnapshot | AskValues | AskTrend):
                    self._inbox.append(PageCame(id_, None, NO_ANSWER))
            elif now - last > RESEND_AFTER_NS:
                self._post(message, first)
        lost_snapshot = session.healing and not any(
            isinstance(one[0], QueryRequest) and isinstance(one[0].query, AskSnapshot)
            for one in self._unanswered.values()
        )
        if lost_snapshot or (session.seq < 0 and not session.healing):
            self._heal()

    def _tell(self, state: LinkState) -> None:
        self._session.state = state
        self._inbox.append(LinkChanged(state, lost=self._session.lost))


NO_ANSWER = Words(
    en="The hub has not answered for a minute. What was looked up is not shown. Try again when it is back.",
    ko="허브가 1분 동안 응답하지 않아 조회 결과를 표시할 수 없습니다. 허브가 복구되면 다시 시도하십시오.",
)


class _Session:
    """The sockets to one run of the hub and how far its log has been followed."""

    def __init__(self) -> None:
        self.doors: Doors | None = None
        self.state: LinkState = "connecting"
        self.lost = 0
        self._poller = zmq.Poller()
        self._forget()

    def _forget(self) -> None:
        self.run, self.seq, self.healing = "", -1, False
        self.waiting: deque[Any] = deque(maxlen=100_000)
        self.sequences: dict[str, int] = {}
        self.heard_ns = 0
        self.pinged_ns = 0
        self.last_health_seq = -1
        self.profile_digest = ""

    def open(self, context: zmq.Context[Any], doors: Doors, key: KeyPair) -> None:
        self._forget()
        self.doors = doors
        self.profile_digest = doors.profile_digest
        self.decisions = connect(context, zmq.SUB, doors.decisions, key, DECISION_HWM)
        self.telemetry = connect(context, zmq.SUB, doors.telemetry, key, TELEMETRY_HWM)
        self.desk = connect(context, zmq.DEALER, doors.desk, key)
        for topic in (b"d/", b"h/"):
            self.decisions.setsockopt(zmq.SUBSCRIBE, topic)
        self.telemetry.setsockopt(zmq.SUBSCRIBE, b"t/")
        for socket in (self.decisions, self.telemetry, self.desk):
            self._poller.register(socket, zmq.POLLIN)

    def poll(self, wake: int, timeout_ms: int) -> list[tuple[Any, int]]:
        self._poller.register(wake, zmq.POLLIN)
        return self._poller.poll(timeout_ms)

    def take_waiting(self) -> list[Any]:
        entries = [one for one in self.waiting if one.run == self.run and one.seq > self.seq]
        self.waiting.clear()
        return entries

    def close(self) -> None:
        if self.doors is not None:
            for socket in (self.decisions, self.telemetry, self.desk):
                self._poller.unregister(socket)
                socket.close(linger=0)
            self.doors = None
