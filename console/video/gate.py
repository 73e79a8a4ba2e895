"""How often cameras that were lost are tried again, counted over all decoding processes of a console.

The count lives in a memory without a name that all processes share; turns and places are file locks on it,
which the kernel gives back when a process is killed.
"""

from __future__ import annotations

import fcntl
import mmap
import os
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from console.video.frames import new_memory
from console.video.streams import OpeningLimits, stream_limits

GATE_BYTES = 4096
#: How often somebody without a place looks for one.
LOOK_EVERY_S = 0.05
_TURN_BYTE, _FIRST_PLACE = 0, 1
# Of this open file, not of this process (which would give away all locks when any file is closed).
_SET, _SET_AND_WAIT = getattr(fcntl, "F_OFD_SETLK", 0), getattr(fcntl, "F_OFD_SETLKW", 0)


def new_gate() -> int:
    """A file descriptor of a gate's memory, for `OpeningGate` in this and other processes."""
    return new_memory(GATE_BYTES)


class OpeningGate:
    """Lets so many attempts a second through, and so many at once. Any thread; `handle` stays the caller's
    and is not needed any more afterwards."""

    def __init__(self, handle: int, limits: OpeningLimits | None = None) -> None:
        self._limits = limits or stream_limits().opening
        self._handle = os.dup(handle)
        self._next_ns = memoryview(mmap.mmap(handle, GATE_BYTES)).cast("q")
        # Of this process only so many look for a place; the others wait without looking.
        self._looking = threading.BoundedSemaphore(self._limits.at_once)

    @contextmanager
    def again(self, ended: threading.Event) -> Iterator[None]:
        """Hold this while a lost source is tried again. Enters at the next turn, or as soon as `ended`."""
        with self._looking:
            # A file description of its own: locks of one description do not keep each other out.
            place = os.open(f"/proc/self/fd/{self._handle}", os.O_RDWR | os.O_CLOEXEC)
            try:
                while not self._has_place(place) and not ended.wait(LOOK_EVERY_S):
                    pass
                ended.wait(self._until_turn_s(place))
                yield
            finally:
                os.close(place)

    def _has_place(self, file: int) -> bool:
        for number in range(self._limits.at_once):
            try:
                fcntl.fcntl(file, _SET, _lock(fcntl.F_WRLCK, _FIRST_PLACE + number))
            except OSError:
                continue
            return True
        return False

    def _until_turn_s(self, file: int) -> float:
        fcntl.fcntl(file, _SET_AND_WAIT, _lock(fcntl.F_WRLCK, _TURN_BYTE))
        try:
            now_ns = time.monotonic_ns()
            turn_ns = max(now_ns, self._next_ns[0])
            self._next_ns[0] = turn_ns + int(1e9 / self._limits.again_per_second)
        finally:
            fcntl.fcntl(file, _SET, _lock(fcntl.F_UNLCK, _TURN_BYTE))
        return (turn_ns - now_ns) / 1e9


def _lock(kind: int, byte: int) -> bytes:
    """struct flock of Linux on 64 bits."""
    return struct.pack("hhqqi4x", kind, os.SEEK_SET, byte, 1, 0)
