"""The way of the access record to the hub: each line once, in order, from where the hub has it.

What is served never waits for the hub. Lines lie on disk; after any crash of either side the hub says which
number it has, and the lines behind it are sent again. The hub knows a line it has by its uid.
"""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict, deque
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import zmq

from console.clock import SECOND_NS, Clock
from console.model.fact import ShareSeen
from console.model.share import AccessLine
from console.share.access import read_access
from console.wire.codec import WireError, decode_taken, encode
from console.wire.keys import KeyPair
from console.wire.mailbox import Mailbox
from console.wire.rendezvous import read_doors
from console.wire.sockets import connect

SILENT_AFTER_NS = 4 * SECOND_NS
PING_EVERY_NS = SECOND_NS
RESEND_AFTER_NS = 3 * SECOND_NS
POLL_MS, LOOK_FOR_HUB_MS = 500, 250
ON_THE_WAY = 64
MOST_FRESH = 10_000
"""Lines kept in memory for a hub that is away; beyond, they are read from disk again."""
_log = logging.getLogger("bongsu.share.link")


class ShareLink:
    """One thread that owns its socket. `tell` and `close` from any other."""

    def __init__(self, home: Path, key: KeyPair, clock: Clock) -> None:
        self._home, self._key, self._clock = home, key, clock
        self._out: Mailbox[AccessLine | None] = Mailbox()
        self._thread = threading.Thread(target=self._run, name="share-link", daemon=True)
        self._fresh: deque[AccessLine] = deque()
        self._way: OrderedDict[str, tuple[AccessLine, int]] = OrderedDict()
        self._behind: Iterator[AccessLine] | None = None
        self._newest = 0
        self._known = False
        """The highest number that was handed on or is about to be."""
        self.idle = threading.Event()
        """Set while the hub has every line there is."""

    def start(self) -> None:
        self._thread.start()

    def tell(self, line: AccessLine) -> None:
        """A line is on disk."""
        self.idle.clear()
        self._out.put(line)

    def close(self, wait_s: float = 0.0) -> None:
        """End the thread, after the hub has everything or `wait_s` passed."""
        if self._known:
            self.idle.wait(wait_s)
        self._out.put(None)
        if self._thread.is_alive():
            self._thread.join(timeout=5)
        self._out.close()

    def _run(self) -> None:
        context: zmq.Context[Any] = zmq.Context(io_threads=1)
        try:
            while self._session(context):
                pass
        except Exception:
            _log.exception("The link to the hub stopped by an error of the console itself.")
        finally:
            context.destroy(linger=0)

    def _session(self, context: zmq.Context[Any]) -> bool:
        """From one hub's start to its silence; False to end the thread."""
        poller = zmq.Poller()
        poller.register(self._out.fileno(), zmq.POLLIN)
        doors = read_doors(self._home)
        if doors is None:
            poller.poll(LOOK_FOR_HUB_MS)
            return self._take_out(False)
        socket = connect(context, zmq.DEALER, doors.ingest, self._key)
        poller.register(socket, zmq.POLLIN)
        self._way.clear()
        self._fresh.clear()
        self._behind, self._known = None, False
        self._heard_ns = self._clock.mono_ns()
        self._pinged_ns = 0
        try:
            while True:
                ready = dict(poller.poll(POLL_MS if self._known else 50))
                if self._out.fileno() in ready and not self._take_out(self._known):
                    return False
                if socket in ready:
                    self._drain(socket)
                now = self._clock.mono_ns()
                if now - self._heard_ns > SILENT_AFTER_NS:
                    return True
                self._send_due(socket, now)
        finally:
            socket.close(linger=0)

    def _drain(self, socket: zmq.Socket[Any]) -> None:
        while True:
            try:
                frames = socket.recv_multipart(zmq.NOBLOCK)
            except zmq.Again:
                return
            self._heard_ns = self._clock.mono_ns()
            if frames[0] == b"L" and len(frames) == 2 and not self._known:
                self._begin_after(int(frames[1]))
            elif frames[0] == b"T" and len(frames) == 2:
                self._taken(frames[1])

    def _begin_after(self, seq: int) -> None:
        """The hub has lines up to `seq`. A record that is shorter than that was begun anew: all of it."""
        self._known = True
        newest = 0
        for line in read_access(self._home):
            newest = max(newest, line.seq)
        self._newest = newest
        self._behind = read_access(self._home, seq if seq <= newest else 0)
        self._fill()

    def _taken(self, data: bytes) -> None:
        try:
            taken = decode_taken(data)
        except WireError as error:
            _log.warning("An answer of the hub could not be read and was dropped: %s", error)
            return
        if self._way.pop(taken.uid, None) is not None:
            if taken.problem:
                _log.error("The hub refused a line of the access record: %s", taken.problem)
            self._fill()

    def _take_out(self, keep: bool) -> bool:
        for line in self._out.take():
            if line is None:
                return False
            if not keep or line.seq <= self._newest:
                continue  # it is read from disk
            self._newest = line.seq
            self._fresh.append(line)
        if len(self._fresh) > MOST_FRESH:
            self._known = False
            self._fresh.clear()
        if keep:
            self._fill()
        return True

    def _fill(self) -> None:
        """Put lines on their way, those behind first."""
        while len(self._way) < ON_THE_WAY:
            line = next(self._behind, None) if self._behind is not None else None
            if line is None:
                self._behind = None
                if not self._fresh:
                    break
                line = self._fresh.popleft()
            self._way[line.access.uid] = (line, 0)
        if self._known and not self._way and self._behind is None and not self._fresh:
            self.idle.set()

    def _send_due(self, socket: zmq.Socket[Any], now: int) -> None:
        for uid, (line, sent_ns) in self._way.items():
            if not sent_ns or now - sent_ns > RESEND_AFTER_NS:
                if not _send(socket, [b"F", encode(ShareSeen(uid=uid, line=line))]):
                    break
                self._way[uid] = (line, now)
        if now - self._pinged_ns > PING_EVERY_NS:
            if not self._known:
                _send(socket, [b"L"])
            self._pinged_ns = now if _send(socket, [b"P"]) else 0


def _send(socket: zmq.Socket[Any], frames: list[bytes]) -> bool:
    try:
        socket.send_multipart(frames, zmq.NOBLOCK)
    except zmq.Again:
        return False
    return True
