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
#: How often the end of what is recorded is looked at for more.
POLL_S = 0.25
#: So many pictures behind the one asked for are read before its time is believed: streams reorder pictures.
REORDERED = 16
LONGEST_GROUP_PACKETS = 3000


class End(NamedTuple):
    """Everything that is on disk now was read."""


class Group(NamedTuple):
    """All packets of one group of pictures, up to but without `before_ns`; none where nothing is recorded
    before it."""

    before_ns: int
    packets: tuple[StoredPacket, ...]


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
        self._wanted: tuple[int, bool] | None = None
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

    def _begin(self, store: FootageStore, generation: int, at_ns: int, backwards: bool) -> None:
        self._look(store)
        self._last, self._is_at_end, self._reading = None, False, None
        if backwards:
            packets = store.packets(self._camera_id, at_ns - 1, at_ns - 1)
            self._put(generation, (Group(at_ns, tuple(islice(packets, LONGEST_GROUP_PACKETS))),))
        else:
            self._reading = store.packets(self._camera_id, at_ns)
            self._read_on(store, generation)

    def _read_on(self, store: FootageStore, generation: int) -> None:
        if self._is_at_end and not self._grew(store):
            return
        assert self._reading is not None
        read = tuple(islice(self._reading, AT_ONCE))
        if read:
            self._last = read[-1]
        self._is_at_end = len(read) < AT_ONCE
        self._put(generation, (*read, End()) if self._is_at_end else read)
        if self._is_at_end:
            self._look(store)

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
        self._want(position_ns, False)

    def group(self, before_ns: int) -> None:
        """Read the last group of pictures that begins before a moment, up to it."""
        self._want(before_ns, True)

    def _want(self, at_ns: int, backwards: bool) -> None:
        with self._changed:
            self._generation += 1
            self._items.clear()
            self._bytes = 0
            self._wanted = (at_ns, backwards)
            self._changed.notify()

    def step(self, asked: StepAsked) -> None:
        with self._changed:
            self._steps.append(asked)
            self._changed.notify()

    def take(self) -> Item | None:
        """The next thing that was read; None while there is nothing."""
        with self._changed:
            if not self._items:
                return None
            item = self._items.popleft()
            self._bytes -= _size(item)
            self._changed.notify()
            return item

    def close(self) -> None:
        with self._changed:
            self._ended = True
            self._changed.notify()

    def why_nothing(self, position_ns: int) -> str:
        """Why there is no picture of a moment (`console.video.condition.REASONS`)."""
        if self.edges is None:
            return "damaged_footage" if self._damaged else "no_footage"
        if any(begin <= position_ns <= begin + SEGMENT_NS + GAP_NS for begin in self._damaged):
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
