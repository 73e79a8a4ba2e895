"""Recorded pictures from the earlier to the later, one after the other."""

from __future__ import annotations

import time
from collections import deque

from console.footage.layout import GAP_NS
from console.footage.record import StoredPacket
from console.video.footage_decoding import LOST_AFTER_GROUPS, PacketDecoder, Taken
from console.video.footage_finding import USUAL_INTERVAL_NS, Found, lasts_ns
from console.video.footage_reading import End, FootageReading, Item

#: A position so far beyond what is decoded is searched for; what is nearer is decoded up to it.
SEEK_BEYOND_NS = 1_000_000_000
#: Not more often while nobody asks for another place: a search begins a group of pictures again.
SEEK_EVERY_NS = 1_000_000_000
MOST_BEHIND, MOST_BEHIND_BYTES = 12, 8 << 20
#: A hole of so many pictures in a segment that is known to be damaged is no long picture.
HOLE_OF_INTERVALS = 3


class Forward:
    """See `Line`."""

    def __init__(self, reading: FootageReading, decoder: PacketDecoder) -> None:
        self._reading, self._decoder = reading, decoder
        self.is_busy = False
        self._has_begun = False
        self._items: deque[Item] = deque()
        self._ahead: deque[Taken] = deque()
        self._current: Taken | None = None
        #: What was shown before: a step back is no search.
        self._behind: deque[Taken] = deque(maxlen=MOST_BEHIND)
        self._at_end = self._is_drained = False
        self._sought_ns = self._sought_mono_ns = 0
        self._interval_ns = USUAL_INTERVAL_NS
        #: Another place was asked for: it may be searched for at once.
        self.has_moved = False

    def forget(self) -> None:
        self._items.clear()
        self._ahead.clear()
        self._behind.clear()
        self._current, self._at_end, self._is_drained, self._has_begun = None, False, False, False
        self.is_busy = False
        self._decoder.begin()

    def find(self, position_ns: int, until_mono_ns: int, hurry: bool) -> Found | None:
        self._go_back(position_ns)
        if self._must_seek(position_ns):
            self._seek(position_ns)
        self.has_moved = False
        self._reading.aim(position_ns)
        while True:
            while self._ahead and self._ahead[0].wall_ns <= position_ns:
                self._take(self._ahead.popleft())
            if self._ahead:
                return self._found(position_ns)
            self._items.extend(self._reading.take())
            if not self._items:
                self.is_busy = False
                return self._found(position_ns) if self._at_end else None
            self._leave_out(position_ns)
            self._decode(self._items.popleft(), hurry, position_ns)
            if time.monotonic_ns() > until_mono_ns and not self._ahead:
                self.is_busy = True
                return None

    def _must_seek(self, position_ns: int) -> bool:
        if not self._has_begun:
            return True
        reached_ns = self._current.wall_ns if self._current is not None else self._sought_ns
        if position_ns < reached_ns:
            return True
        if self._ahead and position_ns < self._ahead[-1].wall_ns:
            return False
        last_ns = self._ahead[-1].wall_ns if self._ahead else reached_ns
        if position_ns - last_ns < SEEK_BEYOND_NS or (self._at_end and not self._items):
            return False
        if any(isinstance(item, StoredPacket) and item.wall_ns >= position_ns for item in self._items):
            return False
        return self.has_moved or time.monotonic_ns() - self._sought_mono_ns > SEEK_EVERY_NS

    def _go_back(self, position_ns: int) -> None:
        while self._current is not None and self._behind and position_ns < self._current.wall_ns:
            if self._behind[0].wall_ns > position_ns:
                return
            self._ahead.appendleft(self._current)
            self._current = self._behind.pop()

    def _seek(self, position_ns: int) -> None:
        self.forget()
        self._has_begun = True
        self._sought_ns, self._sought_mono_ns = position_ns, time.monotonic_ns()
        self._reading.seek(position_ns)

    def _leave_out(self, position_ns: int) -> None:
        """Whatever comes before the last key picture at the position need not be decoded for it."""
        key = 0
        for number, item in enumerate(self._items):
            if isinstance(item, StoredPacket):
                if item.wall_ns > position_ns + GAP_NS:
                    break
                if item.is_key and item.wall_ns <= position_ns:
                    key = number
        if key:
            self._behind.clear()
            self._current = None
            for _ in range(key):
                self._items.popleft()
            self._decoder.begin()

    def _decode(self, item: Item, hurry: bool, position_ns: int) -> None:
        if isinstance(item, End):
            self._at_end = True
            if self._decoder.holds:
                self._is_drained = True
                self._ahead.extend(self._decoder.drain())
        elif isinstance(item, StoredPacket):
            self._at_end = False
            if self._is_drained:
                # More was recorded; what was drained for the last picture's sake can only begin again.
                self._seek(position_ns)
                return
            self._ahead.extend(self._decoder.decode(item, hurry))

    def _take(self, taken: Taken) -> None:
        before, self._current = self._current, taken
        if before is None:
            return
        frame = before.frame
        if frame.width * frame.height * MOST_BEHIND * 3 // 2 <= MOST_BEHIND_BYTES:
            self._behind.append(before)
        if not 0 < taken.wall_ns - before.wall_ns <= GAP_NS:
            self._behind.clear()
        if 0 < taken.wall_ns - before.wall_ns <= GAP_NS and not self._is_hole(before, taken):
            self._interval_ns = taken.wall_ns - before.wall_ns

    def _is_hole(self, before: Taken, after: Taken) -> bool:
        """Whether pictures are missing between two because the segment is damaged there."""
        apart_ns = after.wall_ns - before.wall_ns
        return apart_ns > HOLE_OF_INTERVALS * self._interval_ns and self._reading.is_damaged(before.wall_ns)

    def _found(self, position_ns: int) -> Found:
        current, after = self._current, self._ahead[0] if self._ahead else None
        next_ns = after.wall_ns if after is not None else None
        if current is not None:
            follows = after is not None and after.wall_ns - current.wall_ns <= GAP_NS
            if follows and after is not None and not self._is_hole(current, after):
                interval_ns = min(self._interval_ns, after.wall_ns - current.wall_ns)
                return Found(current, "", next_ns, interval_ns)
            ends_ns = current.wall_ns + lasts_ns(self._interval_ns)
            if position_ns < ends_ns:
                return Found(current, "", ends_ns, self._interval_ns)
        if self._decoder.empty_groups >= LOST_AFTER_GROUPS:
            return Found(None, "unreadable_footage", next_ns, self._interval_ns)
        return Found(None, self._reading.why_nothing(position_ns), next_ns, self._interval_ns)
