"""A gateway that follows the hub's decisions: the folded state, healed after a gap as on a desk."""

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
from console.model.query import AskSnapshot, QueryRequest
from console.model.state import CityState, apply, follows
from console.wire.codec import WireError, decode_entry, decode_health, decode_state, encode
from console.wire.keys import KeyPair
from console.wire.mailbox import Mailbox
from console.wire.rendezvous import read_doors
from console.wire.sockets import DECISION_HWM, connect

SILENT_AFTER_NS = 4 * SECOND_NS
PING_EVERY_NS = SECOND_NS
RESEND_AFTER_NS = 3 * SECOND_NS
POLL_MS, CONNECTING_POLL_MS, LOOK_FOR_HUB_MS = 500, 50, 250
MESSAGES_PER_TURN = 500
MOST_WAITING = 100_000

_log = logging.getLogger("bongsu.gateway.follow")


class HubFollower:
    """One thread that owns its sockets; the key's role needs `queries` and `listen`.

    `on_snapshot` and `on_entry` are called in that thread, in the order of the log, with the folded state.
    `live` is set while the state is the hub's.
    """

    def __init__(
        self, home: Path, key: KeyPair, clock: Clock,
        on_snapshot: Callable[[CityState], None], on_entry: Callable[[Entry, CityState], None],
    ) -> None:  # fmt: skip
        self._home, self._key, self._clock = home, key, clock
        self._on_snapshot, self._on_entry = on_snapshot, on_entry
        self._ending: Mailbox[None] = Mailbox()
        self._thread = threading.Thread(target=self._run, name=f"follow-{key.name}", daemon=True)
        self._state: CityState | None = None
        self.live = threading.Event()

    def start(self) -> None:
        """Begin to connect; returns at once."""
        self._thread.start()

    def close(self) -> None:
        """End the thread and wait for it."""
        self._ending.put(None)
        if self._thread.is_alive():
            self._thread.join(timeout=5)
        self._ending.close()

    def _run(self) -> None:
        context: zmq.Context[Any] = zmq.Context(io_threads=1)
        try:
            while self._session(context):
                pass
        except Exception:
            _log.exception("Following the hub stopped by an error of the console itself.")
        finally:
            self.live.clear()
            context.destroy(linger=0)

    def _session(self, context: zmq.Context[Any]) -> bool:
        """From one hub's start to its silence; False to end the thread."""
        poller = zmq.Poller()
        poller.register(self._ending.fileno(), zmq.POLLIN)
        doors = read_doors(self._home)
        if doors is None:
            return not poller.poll(LOOK_FOR_HUB_MS)
        self._decisions = connect(context, zmq.SUB, doors.decisions, self._key, DECISION_HWM)
        self._desk = connect(context, zmq.DEALER, doors.desk, self._key)
        for topic in (b"d/", b"h/"):
            self._decisions.setsockopt(zmq.SUBSCRIBE, topic)
        for socket in (self._decisions, self._desk):
            poller.register(socket, zmq.POLLIN)
        self._waiting: deque[Entry] = deque(maxlen=MOST_WAITING)
        self._state = None
        self._asked = ""
        self._asked_ns = self._pinged_ns = 0
        self._behind_at = -1
        try:
            return self._serve(poller)
        finally:
            self.live.clear()
            self._decisions.close(linger=0)
            self._desk.close(linger=0)

    def _serve(self, poller: zmq.Poller) -> bool:
        self._heard_ns = self._clock.mono_ns()
        while True:
            ready = dict(poller.poll(POLL_MS if self.live.is_set() else CONNECTING_POLL_MS))
            if self._ending.fileno() in ready:
                return False
            try:
                for socket, take in ((self._desk, self._answer), (self._decisions, self._decision)):
                    if socket in ready:
                        self._drain(socket, take)
            except WireError as error:
                _log.warning("A message of the hub could not be read and was dropped: %s", error)
                self._lost()
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
        state = self._state = decode_state(frames[2])
        self._on_snapshot(state)
        self.live.set()
        waiting, self._waiting = self._waiting, deque(maxlen=MOST_WAITING)
        for entry in waiting:
            self._entry(entry)

    def _decision(self, frames: list[bytes]) -> None:
        if frames[0] != b"h/":
            self._entry(decode_entry(frames[1]))
            return
        health, state = decode_health(frames[1]), self._state
        if state is not None and (health.run != state.run or health.seq > state.seq):
            if self._behind_at == health.seq:
                self._lost()  # still ahead at the next heartbeat: the last entries were lost
            self._behind_at = health.seq

    def _entry(self, entry: Entry) -> None:
        state = self._state
        if state is None:
            self._waiting.append(entry)
        elif follows(state, entry):
            apply(state, entry)
            self._on_entry(entry, state)
        elif entry.run != state.run or entry.seq > state.seq:
            self._waiting.append(entry)
            self._lost()

    def _lost(self) -> None:
        self._state = None
        self.live.clear()

    def _send_due(self, now: int) -> None:
        if self._state is None and now - self._asked_ns > (RESEND_AFTER_NS if self._asked else 0):
            self._asked = self._asked or uuid.uuid4().hex
            query = QueryRequest(id=self._asked, desk=self._key.name, person="", query=AskSnapshot())
            self._asked_ns = now if _send(self._desk, [b"Q", encode(query)]) else 0
        if now - self._pinged_ns > PING_EVERY_NS:
            self._pinged_ns = now if _send(self._desk, [b"P"]) else 0


def _send(socket: zmq.Socket[Any], frames: list[bytes]) -> bool:
    try:
        socket.send_multipart(frames, zmq.NOBLOCK)
    except zmq.Again:
        return False
    return True
