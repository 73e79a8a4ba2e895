"""Reads recorded packets for one camera ahead of the decoder, in a thread of its own."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from console.footage.layout import GAP_NS, SEGMENT_NS
from console.footage.record import StoredPacket
from console.footage.store import FootageStore
from console.model.base import Record

#: So many packets wait for the decoder at most: five seconds of a camera, or much less of its memory.
MOST_WAITING = 128
MOST_WAITING_BYTES = 8 << 20
AT_ONCE = 16
#: Backwards so much is read at once at least, where key pictures are near to each other.
LEAST_GROUP_NS = 500_000_000
KEYS_WITHIN_NS = 30_000_000_000
#: A reader so far behind the position looks for a key picture nearer to it.
AIM_AFTER_NS = 1_000_000_000
#: How often the end of what is recorded is looked at for more.
POLL_S = 0.25
#: So many pictures behind the one asked for are read before its time is believed: streams reorder pictures.
REORDERED = 16
LONGEST_GROUP_PACKETS = 3000


class End(NamedTuple):
    """Everything that is on disk now was read."""


class Group(NamedTuple):
    """All packets from a key picture up to but without `before_ns`; none where nothing is recorded before
    it. `goes_on`: there are pictures right behind it as well."""

    before_ns: int
    packets: tuple[StoredPacket, ...]
    goes_on: bool


class StepAsked(Record, frozen=True):
    """Which picture is `count` pictures after (less than 0: before) the one at `from_ns`?"""

    feed: int
    from_ns: int
    count: int


Item = StoredPacket | End | Group


class FootageReading:
    """`seek`, `group`, `step`, `take` and `close` never wait; `take` gives what was read since the last
    `seek` or `group`, in the order of decoding. `arrived` and `stepped` are called from the reading thread.
    """

    def __init__(
        self, folder: Path, camera_id: str, arrived: Callable[[], None],
        stepped: Callable[[StepAsked, int | None], None],
    ) -> None:  # fmt: skip
        self._folder, self._camera_id = folder, camera_id
        self._arrived, self._stepped = arrived, stepped
        self._changed = threading.Condition()
        self._items: deque[Item] = deque()
        self._bytes = 0
        self._wanted: tuple[int, int | None] | None = None
        self._aim_ns = 0
        self._steps: deque[StepAsked] = deque()
        self._generation = 0
        self._ended = False
        self._is_at_end = False
        self._reading: Iterator[StoredPacket] | None = None
        self._last: StoredPacket | None = None
        self._looked_s = 0.0
        #: The oldest and the newest picture, as last looked at (ns); None without any.
        self.edges: tuple[int, int] | None = None
        self._damaged: tuple[int, ...] = ()

    def run(self) -> None:
        """Read until `close`; in a thread of its own."""
        store = FootageStore(self._folder)
        while True:
            with self._changed:
                while not (self._ended or self._has_work()):
                    self._changed.wait(POLL_S if self._is_at_end else None)
                if self._ended:
                    return
                generation, wanted, self._wanted = self._generation, self._wanted, None
                step = self._steps.popleft() if self._steps and wanted is None else None
            if step is not None:
                store.refresh()
                self._stepped(step, neighbour(store, self._camera_id, step.from_ns, step.count))
            elif wanted is not None:
                self._begin(store, generation, *wanted)
            else:
                self._read_on(store, generation)

    def _has_work(self) -> bool:
        if self._wanted is not None or self._steps:
            return True
        if self._reading is None:
            return False
        if self._is_at_end:
            return time.monotonic() - self._looked_s >= POLL_S
        return len(self._items) < MOST_WAITING and self._bytes < MOST_WAITING_BYTES

    def _begin(self, store: FootageStore, generation: int, at_ns: int, span_ns: int | None) -> None:
        self._look_if_due(store)
        self._last, self._is_at_end, self._reading = None, False, None
        if span_ns is not None:
            self._put(generation, (self._group(store, at_ns, span_ns),))
        else:
            self._reading = store.packets(self._camera_id, at_ns)
            self._read_on(store, generation)

    def _group(self, store: FootageStore, before_ns: int, span_ns: int) -> Group:
        keys = store.key_times(self._camera_id, before_ns - KEYS_WITHIN_NS, before_ns - max(1, span_ns))
        # Not over a gap: what lies before it is another group.
        spans = store.spans(self._camera_id, before_ns - KEYS_WITHIN_NS, before_ns)
        from_ns = before_ns - 1
        if keys and spans and keys[-1] >= spans[-1].from_ns:
            from_ns = keys[-1]
        packets = store.packets(self._camera_id, from_ns, before_ns - 1)
        goes_on = bool(store.spans(self._camera_id, before_ns, before_ns))
        return Group(before_ns, tuple(islice(packets, LONGEST_GROUP_PACKETS)), goes_on)

    def _read_on(self, store: FootageStore, generation: int) -> None:
        if self._is_at_end and not self._grew(store):
            return
        self._jump(store)
        assert self._reading is not None
        read = tuple(islice(self._reading, AT_ONCE))
        if read:
            self._last = read[-1]
        self._is_at_end = len(read) < AT_ONCE
        if self._is_at_end:
            self._look(store)  # before it is told: whoever hears it asks why there is no more
        self._put(generation, (*read, End()) if self._is_at_end else read)

    def _jump(self, store: FootageStore) -> None:
        """Leave out what lies before the last key picture at the position, where that is far ahead."""
        last, aim_ns = self._last, self._aim_ns
        if last is None or aim_ns - last.wall_ns < AIM_AFTER_NS:
            return
        keys = store.key_times(self._camera_id, last.wall_ns + 1, aim_ns)
        if keys:
            self._reading = store.packets(self._camera_id, keys[-1])

    def _grew(self, store: FootageStore) -> bool:
        """Go on behind the last packet when there is more."""
        before = self.edges
        self._look(store)
        if self.edges == before:
            return False
        last = self._last
        packets = store.packets(self._camera_id, last.wall_ns if last is not None else 0)
        self._reading = packets if last is None else _behind(packets, last)
        return True

    def _look_if_due(self, store: FootageStore) -> None:
        """Scrubbing asks for another place at each move: the folders are listed now and then only."""
        if self.edges is None or time.monotonic() - self._looked_s >= POLL_S:
            self._look(store)

    def _look(self, store: FootageStore) -> None:
        store.refresh()
        self._looked_s = time.monotonic()
        self.edges = store.edges(self._camera_id)
        problems = (one.file for one in store.problems() if one.camera_id == self._camera_id)
        self._damaged = tuple(int(name.partition(".")[0]) for name in problems)

    def _put(self, generation: int, items: tuple[Item, ...]) -> None:
        with self._changed:
            if generation != self._generation:
                return  # somewhere else is wanted now
            self._items.extend(items)
            self._bytes += sum(_size(item) for item in items)
        self._arrived()

    # from the decoding thread

    def seek(self, position_ns: int) -> None:
        """Read from the key picture at or before a position on; what was read before is forgotten."""
        self._want(position_ns, None)

    def group(self, before_ns: int, span_ns: int) -> None:
        """Read a group of pictures that begins so long before a moment, or earlier, up to it."""
        self._want(before_ns, span_ns)

    def _want(self, at_ns: int, span_ns: int | None) -> None:
        with self._changed:
            self._generation += 1
            self._items.clear()
            self._bytes = 0
            self._aim_ns = 0
            self._wanted = (at_ns, span_ns)
            self._changed.notify()

    def aim(self, position_ns: int) -> None:
        """The position that is decoded for next: what need not be decoded for it need not be read."""
        self._aim_ns = position_ns

    def step(self, asked: StepAsked) -> None:
        with self._changed:
            self._steps.append(asked)
            self._changed.notify()

    def take(self) -> list[Item]:
        """All that was read since the last time."""
        if not self._items:
            return []  # without the lock: the reader says that something arrived after it put it there
        with self._changed:
            items = list(self._items)
            self._items.clear()
            self._bytes = 0
            self._changed.notify()
        return items

    def close(self) -> None:
        with self._changed:
            self._ended = True
            self._changed.notify()

    def is_damaged(self, wall_ns: int) -> bool:
        """Whether a moment lies in a segment that is not whole."""
        return any(begin <= wall_ns <= begin + SEGMENT_NS + GAP_NS for begin in self._damaged)

    def why_nothing(self, position_ns: int) -> str:
        """Why there is no picture of a moment (`console.video.condition.REASONS`)."""
        if self.edges is None:
            return "damaged_footage" if self._damaged else "no_footage"
        if self.is_damaged(position_ns):
            return "damaged_footage"
        if position_ns < self.edges[0]:
            return "before_footage"
        return "not_yet_recorded" if position_ns >= self.edges[1] else "no_footage"


def _size(item: Item) -> int:
    return len(item.data) if isinstance(item, StoredPacket) else 0


def _behind(packets: Iterator[StoredPacket], last: StoredPacket) -> Iterator[StoredPacket]:
    """What follows `last`; everything later than it where it is no longer there."""
    seen = []
    for packet in packets:
        if packet[:4] == last[:4]:
            yield from packets
            return
        seen.append(packet)
        if packet.wall_ns > last.wall_ns and packet.is_key:
            break
    yield from (packet for packet in seen if packet.wall_ns > last.wall_ns)
    yield from packets


def neighbour(store: FootageStore, camera_id: str, from_ns: int, count: int) -> int | None:
    """When the picture `count` pictures after (before) the one shown at `from_ns` was taken, ns; None where
    there are not so many."""
    if count > 0:
        later = (packet.wall_ns for packet in store.packets(camera_id, from_ns) if packet.wall_ns > from_ns)
        times = sorted(islice(later, count + REORDERED))
        return times[count - 1] if len(times) >= count else None
    found: set[int] = set()
    before_ns = from_ns
    while len(found) <= -count:
        group = {one.wall_ns for one in store.packets(camera_id, before_ns, before_ns)} - found
        group = {wall_ns for wall_ns in group if wall_ns <= from_ns}
        if not group:
            return None
        found |= group
        before_ns = min(group) - 1
    return sorted(found)[count - 1]
