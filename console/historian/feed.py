"""Follows the hub's measurements, in a thread of its own: batches wait here for whoever writes them down."""

from __future__ import annotations

import logging
import threading
from collections import deque
from pathlib import Path
from typing import Any

import zmq

from console.clock import SECOND_NS, Clock
from console.telemetry.table import Columns
from console.wire.batch import BatchError, read_batch
from console.wire.keys import KeyPair
from console.wire.rendezvous import Doors, read_doors
from console.wire.sockets import TELEMETRY_HWM, connect

SILENT_AFTER_NS = 4 * SECOND_NS
"""The hub's heart beats each second."""
LOOK_FOR_HUB_MS = 250
POLL_MS = 200
MOST_WAITING = 4096
"""Batches that wait while the writer is busy; a block of a whole city takes it about a second."""

_log = logging.getLogger("bongsu.history.feed")


class Feed:
    """One thread that owns its sockets. `take`, `close` and the counters from any other."""

    def __init__(self, home: Path, key: KeyPair, profile_digest: str, clock: Clock) -> None:
        self._home, self._key, self._digest, self._clock = home, key, profile_digest, clock
        self._batches: deque[Columns] = deque()
        self._sequences: dict[str, int] = {}
        self.lost_batches = self.dropped_batches = self.other_profile = 0
        self.connected = threading.Event()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="history-feed", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def take(self) -> list[Columns]:
        """What came since it was asked last, oldest first."""
        found = []
        while self._batches:
            found.append(self._batches.popleft())
        return found

    def close(self) -> None:
        """End the thread and wait for it."""
        self._ended.set()
        if self._thread.is_alive():
            self._thread.join(timeout=5)

    def _run(self) -> None:
        context: zmq.Context[Any] = zmq.Context(io_threads=1)
        try:
            while not self._ended.is_set():
                doors = read_doors(self._home)
                if doors is None:
                    self._ended.wait(LOOK_FOR_HUB_MS / 1000)
                else:
                    self._session(context, doors)
        except Exception:
            _log.exception("The feed of the history stopped by an error of the console itself.")
        finally:
            self.connected.clear()
            context.destroy(linger=0)

    def _session(self, context: zmq.Context[Any], doors: Doors) -> None:
        """From one hub's start to its silence."""
        telemetry = connect(context, zmq.SUB, doors.telemetry, self._key, TELEMETRY_HWM)
        beats = connect(context, zmq.SUB, doors.decisions, self._key)
        telemetry.setsockopt(zmq.SUBSCRIBE, b"t/")
        beats.setsockopt(zmq.SUBSCRIBE, b"h/")
        poller = zmq.Poller()
        for socket in (telemetry, beats):
            poller.register(socket, zmq.POLLIN)
        heard_ns = self._clock.mono_ns()
        self._sequences.clear()
        try:
            while not self._ended.is_set() and self._clock.mono_ns() - heard_ns < SILENT_AFTER_NS:
                for socket, _ in poller.poll(POLL_MS):
                    heard_ns = self._clock.mono_ns()
                    frames = socket.recv_multipart()
                    if socket is telemetry:
                        self._batch(frames[1:])
                    self.connected.set()
        finally:
            self.connected.clear()
            telemetry.close(linger=0)
            beats.close(linger=0)

    def _batch(self, frames: list[bytes]) -> None:
        try:
            header, columns = read_batch(frames)
        except BatchError as error:
            _log.warning("A batch could not be read and is not in the history: %s", error)
            return
        if header.profile_digest != self._digest:
            self.other_profile += 1
            return
        before = self._sequences.get(header.source)
        if before is not None and header.sequence > before + 1:
            self.lost_batches += header.sequence - before - 1
        self._sequences[header.source] = header.sequence
        if len(self._batches) >= MOST_WAITING:
            self.dropped_batches += 1
            return
        self._batches.append(columns)
