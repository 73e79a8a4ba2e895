"""Reads what the recorder wrote, also while it writes."""

from __future__ import annotations

import os
from bisect import bisect_left, bisect_right
from collections import OrderedDict
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from console.clock import SECOND_NS, WALL_CLOCK
from console.footage.index import joined
from console.footage.layout import (
    LONGEST_SEGMENT_NS,
    begins_in,
    camera_folder,
    cameras_in,
    day_of,
    days_in,
    packets_path,
)
from console.footage.record import StoredPacket
from console.footage.segment import Keys, Segment, SegmentError

KEPT_KEYS = 64
#: A folder changed so recently may change again without a newer time stamp.
SETTLED_NS = 2 * SECOND_NS
_ROLL_NS = 30 * SECOND_NS


class Span(NamedTuple):
    """A stretch with pictures, both ends UTC ns since 1970. What lies between two spans is a gap."""

    from_ns: int
    to_ns: int


class Problem(NamedTuple):
    """A segment that cannot be used, or not all of it."""

    camera_id: str
    file: str
    what: str


class FootageStore:
    """Read-only view of a folder of footage; made and used in any one thread.

    What was seen stays seen until `refresh`. Segments that are freed meanwhile are passed over. No method
    raises for what is on disk: `problems` says what could not be used.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._cameras: dict[str, _Camera] = {}
        self._keys: OrderedDict[Path, Keys] = OrderedDict()

    def cameras(self) -> tuple[str, ...]:
        """All cameras there is a folder of, sorted."""
        return cameras_in(self._folder)

    def refresh(self) -> None:
        """Look at what is new of the cameras asked for so far; cheap enough for once a second."""
        for camera in self._cameras.values():
            camera.refresh()

    def spans(self, camera_id: str, from_ns: int, to_ns: int) -> tuple[Span, ...]:
        """Where there are pictures between two times, cut to them."""
        found = []
        for begin, end in joined(self._camera(camera_id).intervals(from_ns, to_ns)):
            if begin <= to_ns and end >= from_ns:
                found.append(Span(max(begin, from_ns), min(end, to_ns)))
        return tuple(found)

    def edges(self, camera_id: str) -> tuple[int, int] | None:
        """The oldest and the newest picture (ns), None without any."""
        return self._camera(camera_id).edges()

    def key_times(self, camera_id: str, from_ns: int, to_ns: int) -> tuple[int, ...]:
        """When there are key pictures between two times (at most five a second are told)."""
        found: list[int] = []
        for segment in self._camera(camera_id).between(from_ns, to_ns):
            times = self._keys_of(segment).times
            found += times[bisect_left(times, from_ns) : bisect_right(times, to_ns)]
        return tuple(found)

    def packets(self, camera_id: str, from_ns: int, to_ns: int | None = None) -> Iterator[StoredPacket]:
        """From the key picture at or before a time (else from the first after it) until `to_ns`, or until
        what is on disk when the end is reached. Looks for new segments by itself.

        Where a stream reorders pictures, those needed to decode `to_ns` follow it.
        """
        camera = self._camera(camera_id)
        segment = camera.at(from_ns)
        offset = None
        if segment is not None:
            offset = self._place(segment, from_ns)
        else:
            segment = camera.after(from_ns)
        while segment is not None and (to_ns is None or segment.begin_ns <= to_ns):
            limit_ns = camera.begin_after(segment)
            reached = offset
            for packet, behind in self._read(segment, offset):
                if to_ns is not None and _decoded_ns(packet) > to_ns:
                    return
                if limit_ns is not None and packet.is_key and packet.wall_ns >= limit_ns:
                    break  # the clock was set back: what came later counts
                reached = behind
                yield packet
            camera.refresh()
            if reached != offset and _size(segment) > (reached or 0) and limit_ns is None:
                offset = reached  # it grew while it was read
            else:
                segment, offset = camera.after(segment.begin_ns), None

    def problems(self) -> tuple[Problem, ...]:
        """What was met so far that cannot be used."""
        return tuple(
            Problem(camera_id, segment.path.name, segment.problem)
            for camera_id, camera in sorted(self._cameras.items())
            for segment in camera.known()
            if segment.problem
        )

    def _camera(self, camera_id: str) -> _Camera:
        if camera_id not in self._cameras:
            self._cameras[camera_id] = _Camera(self._folder, camera_id)
        return self._cameras[camera_id]

    def _keys_of(self, segment: Segment) -> Keys:
        known = self._keys.pop(segment.path, None) if segment.is_closed else None
        if known is None:
            try:
                known = segment.keys()
            except (OSError, SegmentError):
                known = Keys([], [])
        if segment.is_closed:
            self._keys[segment.path] = known
            if len(self._keys) > KEPT_KEYS:
                self._keys.popitem(last=False)
        return known

    def _place(self, segment: Segment, from_ns: int) -> int | None:
        keys = self._keys_of(segment)
        number = bisect_right(keys.times, from_ns) - 1
        if number < 0:
            return None
        try:
            return segment.last_key(keys.offsets[number], from_ns)
        except OSError:
            return keys.offsets[number]

    def _read(self, segment: Segment, offset: int | None) -> Iterator[tuple[StoredPacket, int]]:
        try:
            yield from segment.packets(offset)
        except FileNotFoundError:
            return  # freed meanwhile
        except (SegmentError, OSError) as error:
            segment.problem = str(error)


def _decoded_ns(packet: StoredPacket) -> int:
    if packet.pts is None or packet.dts is None or packet.pts <= packet.dts:
        return packet.wall_ns
    return packet.wall_ns - int((packet.pts - packet.dts) * packet.stream.time_base * SECOND_NS)


class _Camera:
    """The segments of one camera, day by day as they are asked for."""

    def __init__(self, folder: Path, camera_id: str) -> None:
        self._folder, self._id = folder, camera_id
        self._place = camera_folder(folder, camera_id)
        self._days: tuple[str, ...] = ()
        self._days_changed_ns = -1
        self._loaded: dict[str, tuple[int, ...]] = {}
        self._changed_ns: dict[str, int] = {}
        self._segments: dict[int, Segment] = {}
        self._list_days()

    def refresh(self) -> None:
        self._list_days()
        for day in tuple(self._loaded):
            self._list(day)
        for day in tuple(self._loaded)[-2:]:
            for begin in self._loaded[day]:
                if not self._segments[begin].is_closed:
                    self._look(begin)

    def known(self) -> tuple[Segment, ...]:
        return tuple(self._segments[begin] for begin in sorted(self._segments))

    def intervals(self, from_ns: int, to_ns: int) -> list[tuple[int, int]]:
        """Of all segments that may have pictures between two times, in order."""
        found: list[tuple[int, int]] = []
        before: Segment | None = None
        for segment in self.between(from_ns, to_ns):
            for begin, end in segment.intervals:
                goes_on = before is not None and before.goes_on and begin - before.end_ns < _ROLL_NS
                if found and (goes_on or begin <= found[-1][1]) and before is not segment:
                    found[-1] = (found[-1][0], max(found[-1][1], end))
                else:
                    found.append((begin, end))
                before = segment
        return found

    def between(self, from_ns: int, to_ns: int) -> list[Segment]:
        begins = self._begins(from_ns, to_ns)
        first = max(0, bisect_right(begins, from_ns) - 1)
        chosen = begins[first : bisect_right(begins, to_ns)]
        return [self._segments[begin] for begin in chosen if self._segments[begin].intervals]

    def edges(self) -> tuple[int, int] | None:
        oldest = newest = None
        for day in self._days:
            usable = [one for one in map(self._segments.get, self._day(day)) if one and one.intervals]
            if usable:
                oldest = usable[0].begin_ns
                break
        for day in reversed(self._days):
            usable = [one for one in map(self._segments.get, self._day(day)) if one and one.intervals]
            if usable:
                newest = max(one.end_ns for one in usable[-2:])
                break
        return None if oldest is None or newest is None else (oldest, newest)

    def at(self, wall_ns: int) -> Segment | None:
        """The last usable segment that begins at or before a time."""
        day = day_of(max(0, wall_ns))
        for each in reversed([one for one in self._days if one <= day]):
            for begin in reversed(self._day(each)):
                if begin <= wall_ns and self._segments[begin].intervals:
                    return self._segments[begin]
        return None

    def after(self, wall_ns: int) -> Segment | None:
        """The first usable segment that begins after a time."""
        day = day_of(max(0, wall_ns))
        for each in [one for one in self._days if one >= day]:
            for begin in self._day(each):
                if begin > wall_ns and self._segments[begin].intervals:
                    return self._segments[begin]
        return None

    def begin_after(self, segment: Segment) -> int | None:
        """When the segment after this one begins, if that is before this one ends."""
        following = self.after(segment.begin_ns)
        return following.begin_ns if following is not None and following.begin_ns < segment.end_ns else None

    def _begins(self, from_ns: int, to_ns: int) -> list[int]:
        first, last = day_of(max(0, from_ns - LONGEST_SEGMENT_NS)), day_of(max(0, to_ns))
        found: list[int] = []
        for day in self._days:
            if first <= day <= last:
                found += self._day(day)
        return found

    def _day(self, day: str) -> tuple[int, ...]:
        if day not in self._loaded:
            self._list(day)
            self._loaded = dict(sorted(self._loaded.items()))
        return self._loaded[day]

    def _list_days(self) -> None:
        changed_ns = _changed_ns(self._place)
        if changed_ns != self._days_changed_ns or not _is_settled(changed_ns):
            self._days, self._days_changed_ns = days_in(self._place), changed_ns
            for gone in [day for day in self._loaded if day not in self._days]:
                for begin in self._loaded.pop(gone):
                    self._segments.pop(begin, None)

    def _list(self, day: str) -> None:
        place = self._place / day
        changed_ns = _changed_ns(place)
        if day in self._loaded and changed_ns == self._changed_ns[day] and _is_settled(changed_ns):
            return
        begins = begins_in(place)
        for gone in set(self._loaded.get(day, ())) - set(begins):
            self._segments.pop(gone, None)
        self._loaded[day], self._changed_ns[day] = begins, changed_ns
        for begin in begins:
            if begin not in self._segments:
                path = packets_path(self._folder, self._id, begin)
                self._segments[begin] = Segment(path, begin)
                self._look(begin)

    def _look(self, begin: int) -> None:
        segment = self._segments[begin]
        try:
            segment.look()
        except FileNotFoundError:
            segment.intervals = ()
        except SegmentError:
            pass  # told in its `problem`
        except OSError as error:
            segment.problem, segment.intervals = f"cannot be read: {error.strerror}", ()


def _size(segment: Segment) -> int:
    try:
        return os.stat(segment.path).st_size
    except OSError:
        return 0


def _changed_ns(path: Path) -> int:
    try:
        return os.stat(path).st_mtime_ns
    except OSError:
        return -1


def _is_settled(changed_ns: int) -> bool:
    return WALL_CLOCK.now_ns() - changed_ns > SETTLED_NS
