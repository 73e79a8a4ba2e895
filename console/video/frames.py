"""One pane's pictures in shared memory: a few buffers, one writing process, one reading process.

The memory has no name (memfd): it is handed over as a file descriptor and is gone when both processes are, so
nothing is left behind by a process that was killed, and no tracker process is needed.

Layout: a head of int64 words, then four picture buffers of `capacity` bytes. The writer takes a buffer
that is neither the newest nor the one being read, fills it, then publishes by setting LATEST and, last,
COUNTER. The reader claims a buffer in READING before it reads. Each word is one aligned 8-byte store,
which x86-64 and ARMv8 do not tear; the claim is checked again after it was made (see `PaneReader.newest`).

A picture may also be laid ready for a moment to come (`publish_at`): PENDING names its buffer (and one more,
so that 0 is none) and PENDING_DUE the moment, from which on the reader takes it for the newest. So several
panes change at the same instant, whatever their processes do then. Three buffers are enough without it, and
the fourth is memory that is never touched.
"""

from __future__ import annotations

import mmap
import os
import tempfile
import time
from typing import NamedTuple

BUFFERS = 4
BYTES_PER_PIXEL = 4
HEAD_WORDS = 64
HEAD_BYTES = HEAD_WORDS * 8

# Words of the head. Written by the decoder, except READING.
(COUNTER, LATEST, READING, SHOWN_MONO_NS, STATE, REASON, FPS_MILLI, LAG_US, SAME_FOR_MS, SOURCE_WIDTH,
 SOURCE_HEIGHT, NOMINAL_FPS_MILLI, CODEC, SKIPPED, CORRUPT, CUT, CUT_CAUSE, SHARE_PPM,
 TRAITS, CLOCK_TOLD, CLOCK_OFFSET_MS, CLOCK_DRIFT_PPM, BLANK, PENDING, PENDING_DUE) = range(25)  # fmt: skip
# The bit of TRAITS: what load control must know of the source behind a pane.
IS_QUICK = 1
# Bits of CLOCK_TOLD: which of the two figures about the camera's clock are known.
OFFSET_TOLD, DRIFT_TOLD = 1, 2
# From here on, four words for each buffer.
_OF_BUFFER = 32
_WIDTH, _HEIGHT, _DUE_MONO_NS, _TAKEN_AT_NS = range(4)

LARGEST_SIDE = 8192


def buffer_bytes(width: int, height: int) -> int:
    """Bytes of the whole memory of a pane of this size. Raises ValueError for a size that cannot be meant."""
    if not (1 <= width <= LARGEST_SIDE and 1 <= height <= LARGEST_SIDE):
        raise ValueError(f"a pane of {width}x{height} pixels: expected 1 to {LARGEST_SIDE} each way")
    return HEAD_BYTES + BUFFERS * width * height * BYTES_PER_PIXEL


def new_memory(size: int) -> int:
    """A file descriptor of `size` zero bytes of memory that no file name leads to. Close it when mapped."""
    if hasattr(os, "memfd_create"):
        handle = os.memfd_create("bongsu-pane", os.MFD_CLOEXEC)
    else:
        with tempfile.TemporaryFile() as file:
            handle = os.dup(file.fileno())
    os.ftruncate(handle, size)
    return handle


class Picture(NamedTuple):
    """A picture to look at: BGRA rows of `stride` bytes in `data`, valid until the next call of `newest`.

    `slot` (0..2) with `width` and `height` names the buffer, so that a reader can wrap each buffer once.
    `due_mono_ns` is when it arrived (of a clip: was due), `taken_at_ns` the wall time it shows.
    """

    counter: int
    slot: int
    width: int
    height: int
    stride: int
    due_mono_ns: int
    taken_at_ns: int
    data: memoryview


class _Mapped:
    """Common to both sides: the mapping, the head as words and the three buffers."""

    def __init__(self, handle: int, width: int, height: int) -> None:
        self.width, self.height = width, height
        capacity = width * height * BYTES_PER_PIXEL
        self._memory = mmap.mmap(handle, buffer_bytes(width, height))
        whole = memoryview(self._memory)
        self.head = whole[:HEAD_BYTES].cast("q")
        first = HEAD_BYTES
        self.buffers = [whole[first + n * capacity : first + (n + 1) * capacity] for n in range(BUFFERS)]


class PaneWriter(_Mapped):
    """The decoder's side. One thread."""

    def __init__(self, handle: int, width: int, height: int) -> None:
        super().__init__(handle, width, height)
        # A worker that takes over a pane goes on counting where the dead one stopped.
        self.counter = self.head[COUNTER]

    def buffer(self) -> int:
        """The number of a buffer that may be written: neither the newest, nor laid ready, nor being read."""
        self.settle()
        head = self.head
        taken = (head[LATEST], head[READING], head[PENDING] - 1)
        for number in range(BUFFERS):
            if number not in taken:
                return number
        raise AssertionError("three words name at most three of four buffers")

    def settle(self) -> None:
        """A picture that was laid ready and whose moment has come is the newest one."""
        head = self.head
        pending = head[PENDING]
        if not pending or head[PENDING_DUE] > time.monotonic_ns():
            return
        # In this order the reader takes the same buffer for the newest at each point.
        head[SHOWN_MONO_NS] = head[PENDING_DUE]
        head[LATEST] = pending - 1
        head[BLANK] = 0
        head[PENDING] = 0
        self.counter += 1
        head[COUNTER] = self.counter

    def take_back(self) -> None:
        """What was laid ready is not shown, unless its moment has come."""
        self.settle()
        self.head[PENDING] = 0

    def publish_at(
        self, at_mono_ns: int, slot: int, width: int, height: int, due_mono_ns: int, taken_at_ns: int
    ) -> None:
        """Lay the written buffer ready: from `at_mono_ns` on it is the newest picture. It takes the place of
        one that was laid ready before and not shown yet."""
        self.take_back()
        head, words = self.head, _OF_BUFFER + slot * 4
        head[words + _WIDTH], head[words + _HEIGHT] = width, height
        head[words + _DUE_MONO_NS], head[words + _TAKEN_AT_NS] = due_mono_ns, taken_at_ns
        head[PENDING_DUE] = at_mono_ns
        head[PENDING] = slot + 1

    def publish(
        self, slot: int, width: int, height: int, due_mono_ns: int, taken_at_ns: int, now_ns: int
    ) -> None:
        """Make the written buffer the newest picture."""
        self.take_back()
        head, words = self.head, _OF_BUFFER + slot * 4
        head[words + _WIDTH], head[words + _HEIGHT] = width, height
        head[words + _DUE_MONO_NS], head[words + _TAKEN_AT_NS] = due_mono_ns, taken_at_ns
        head[SHOWN_MONO_NS] = now_ns
        head[LATEST] = slot
        head[BLANK] = 0
        self.counter += 1
        head[COUNTER] = self.counter

    def blank(self) -> None:
        """From now on there is no picture, and that counts as something new."""
        self.take_back()
        if not self.head[BLANK]:
            self.head[BLANK] = 1
            self.counter += 1
            self.head[COUNTER] = self.counter


class PaneReader(_Mapped):
    """The window's side. One thread; the memory is released with the last view of it."""

    @property
    def counter(self) -> int:
        """How many pictures were published so far; changes with each new one."""
        return self.head[COUNTER] + self._has_ready()

    @property
    def shown_mono_ns(self) -> int:
        return self.head[SHOWN_MONO_NS]

    @property
    def taken_at_ns(self) -> int:
        """The wall time of the newest picture; 0 without one."""
        slot = self._slot()
        if self.counter <= 0 or (self.head[BLANK] and not self._has_ready()) or not 0 <= slot < BUFFERS:
            return 0
        return self.head[_OF_BUFFER + slot * 4 + _TAKEN_AT_NS]

    def _has_ready(self) -> bool:
        """Whether the moment of a picture that was laid ready has come."""
        head = self.head
        return bool(head[PENDING]) and head[PENDING_DUE] <= time.monotonic_ns()

    def _slot(self) -> int:
        """The buffer of the newest picture."""
        pending = self.head[PENDING]
        return pending - 1 if pending and self._has_ready() else self.head[LATEST]

    def newest(self) -> Picture | None:
        """Claim and return the newest picture; None before the first, while there is none, or when the head
        makes no sense."""
        head = self.head
        counter = self.counter
        if counter <= 0 or (head[BLANK] and not self._has_ready()):
            return None
        slot = -1
        while slot != self._slot():
            # If the writer published in between, the claim may name a buffer it has just taken: claim anew.
            counter, slot = self.counter, self._slot()
            head[READING] = slot
        if not 0 <= slot < BUFFERS:
            return None
        words = _OF_BUFFER + slot * 4
        width, height = head[words + _WIDTH], head[words + _HEIGHT]
        # The writer is a process that eats foreign data: what it wrote is checked before it is used as a
        # size.
        if width < 1 or height < 1 or width * height > self.width * self.height:
            return None
        stride = width * BYTES_PER_PIXEL
        return Picture(counter, slot, width, height, stride, head[words + _DUE_MONO_NS],
                       head[words + _TAKEN_AT_NS], self.buffers[slot][: stride * height])  # fmt: skip
