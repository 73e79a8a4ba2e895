"""One camera being read: packets as they come, in a thread of its own, never decoded."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from typing import Any, NamedTuple

from console.clock import WALL_CLOCK
from console.footage.record import StreamInfo
from console.recorder.figures import Figures
from console.video.backoff import Backoff
from console.video.source import Credential, Source
from console.video.trouble import told_by

CONNECTING, NO_KEY, ENDED = "connecting", "no_key", "ended"
"""Reasons beside those of `console.video.trouble`."""
LONGEST_DETAIL = 300


class Taken(NamedTuple):
    """A packet on its way to the disk. `data` is PyAV's own memory, not copied."""

    wall_ns: int
    pts: int | None
    dts: int | None
    is_key: bool
    data: Any
    size: int
    stream: StreamInfo


class Around(NamedTuple):
    """What all taps of a recorder share."""

    figures: Figures
    redact: Callable[[str], str]
    opening: threading.BoundedSemaphore
    tell: Callable[[str, str], None]
    """(camera id, what happened): from any thread, without secrets."""


class Tap:
    """Fills `queue`; the writing thread empties it. `start` and `close` from one thread.

    `reason` says why nothing comes; empty while packets do. `lost` counts packets that were left out because
    the disk did not take those before them.
    """

    def __init__(
        self, camera_id: str, source: Source, credential: Credential | None, around: Around,
        not_before_ns: int = 0,
    ) -> None:  # fmt: skip
        self.camera_id, self.source, self.credential = camera_id, source, credential
        self.queue: deque[Taken] = deque()
        self.reason = CONNECTING
        self.packets = self.bytes = self.lost = 0
        #: Bytes the writing thread has taken out of the queue.
        self.taken_out = 0
        self.key_ns = 0
        #: What was recorded before; nothing of it is recorded again.
        self.not_before_ns = not_before_ns
        #: Packets are left out: the disk does not take what waits already.
        self.is_full = False
        self._put_bytes = 0
        self._most_bytes = around.figures.write.waiting_mib * (1 << 20)
        self._waits_for_key = True
        self._around = around
        self._backoff = Backoff()
        self._ended = threading.Event()
        # A daemon: a thread that waits for a silent camera must not keep the process.
        self._thread = threading.Thread(target=self._run, name=f"tap-{camera_id}", daemon=True)

    @property
    def waiting_bytes(self) -> int:
        return self._put_bytes - self.taken_out

    def start(self) -> None:
        self._thread.start()

    def close(self, wait_s: float = 0.0) -> None:
        """Stop; the thread ends at the latest after its time-out."""
        self._ended.set()
        if wait_s and self._thread.is_alive():
            self._thread.join(wait_s)

    @property
    def is_running(self) -> bool:
        return self._thread.is_alive()

    def put(self, taken: Taken) -> None:
        """Hand a packet over, unless it cannot be decoded without one that is missing."""
        self.packets += 1
        self.bytes += taken.size
        self.is_full = self.waiting_bytes > (self._most_bytes / 2 if self.is_full else self._most_bytes)
        if self.is_full:
            self._waits_for_key = True
            self.lost += 1
            return
        if taken.is_key:
            self._waits_for_key = False
            self.key_ns = taken.wall_ns
            self.reason = ""
        elif self._waits_for_key:
            if not self.key_ns and self.reason == CONNECTING:
                self.reason = NO_KEY
            return
        self._put_bytes += taken.size
        self.queue.append(taken)

    def _run(self) -> None:
        while not self._ended.is_set():
            began_ns = WALL_CLOCK.mono_ns()
            self._heard_ns = began_ns
            try:
                self._read()
                error: BaseException = EOFError("the other side closed the connection")
            except Exception as raised:  # whatever comes over a network is a state of this camera
                error = raised
            if self._ended.is_set():
                return
            now_ns = WALL_CLOCK.mono_ns()
            self._waits_for_key, self.key_ns = True, 0
            reason = told_by(error, self.source, (now_ns - self._heard_ns) / 1e9)[1]
            if reason != self.reason:
                self.reason = reason
                text = self._around.redact(f"{type(error).__name__}: {error}")[:LONGEST_DETAIL]
                self._around.tell(self.camera_id, text)
            if self._ended.wait(self._backoff.pause_s((now_ns - began_ns) / 1e9)):
                return

    def _read(self) -> None:
        """Open the source and put its packets until it ends; raises whatever happens."""
        raise NotImplementedError

    _heard_ns = 0
