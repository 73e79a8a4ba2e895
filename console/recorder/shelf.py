"""What footage lies on the disk, and which of it goes first."""

from __future__ import annotations

import heapq
import os
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from console.footage.layout import (
    KEYS,
    LONGEST_SEGMENT_NS,
    PACKETS,
    camera_folder,
    cameras_in,
    days_in,
    packets_path,
)
from console.footage.locks import LockSpan
from console.footage.writer import Written

IsLocked = Callable[[str, int, int], bool]
"""(camera id, begin, end) of a segment: whether it must stay."""


class Stored(NamedTuple):
    camera_id: str
    begin_ns: int
    end_ns: int
    bytes: int


class Freed(NamedTuple):
    """What a call of `free` took away, and what refused to go (the text of the first refusal)."""

    segments: int
    bytes: int
    refused: str


class _Camera:
    """The complete segments of one camera, oldest first. Arrays: a month of 64 cameras is half a million."""

    __slots__ = ("begins", "ends", "sizes")

    def __init__(self) -> None:
        self.begins, self.ends, self.sizes = array("q"), array("q"), array("q")

    def put(self, begin_ns: int, end_ns: int, size: int) -> int:
        """Add a segment, or replace what was known of it; by how much the bytes grew."""
        at = bisect_left(self.begins, begin_ns)
        if at < len(self.begins) and self.begins[at] == begin_ns:
            grown = size - self.sizes[at]
            self.ends[at], self.sizes[at] = end_ns, size
            return grown
        self.begins.insert(at, begin_ns)
        self.ends.insert(at, end_ns)
        self.sizes.insert(at, size)
        return size

    def drop(self, begins: set[int]) -> None:
        stay = [number for number, begin_ns in enumerate(self.begins) if begin_ns not in begins]
        for name in self.__slots__:
            old = getattr(self, name)
            setattr(self, name, array("q", [old[number] for number in stay]))


class Shelf:
    """Complete segments below a folder of footage. One thread, the one that writes.

    Segments being written are not on it: nothing takes them away.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._cameras: dict[str, _Camera] = {}
        self.bytes = 0

    def scan(self, between: Callable[[], bool] = lambda: False) -> None:
        """Find what is there. Stops early when `between`, asked after each camera, says so.

        Indexes are not opened: a segment ends where its file was last written, or the next one begins.
        """
        for camera_id in cameras_in(self._folder):
            self._scan_camera(camera_id)
            if between():
                return

    def _scan_camera(self, camera_id: str) -> None:
        place = camera_folder(self._folder, camera_id)
        found: list[tuple[int, int, int]] = []
        for day in days_in(place):
            found += _segments_of(place / day)
        found.sort()
        for number, (begin_ns, size, changed_ns) in enumerate(found):
            following = found[number + 1][0] if number + 1 < len(found) else 1 << 62
            end_ns = min(max(begin_ns, changed_ns), following, begin_ns + LONGEST_SEGMENT_NS)
            self.put(camera_id, Written(begin_ns, end_ns, size))

    def put(self, camera_id: str, written: Written) -> None:
        """A segment is complete, or was made whole."""
        camera = self._cameras.setdefault(camera_id, _Camera())
        self.bytes += camera.put(*written)

    def newest(self, camera_id: str, count: int) -> tuple[Stored, ...]:
        """The last segments of a camera, oldest first."""
        camera = self._cameras.get(camera_id)
        if camera is None:
            return ()
        begin = max(0, len(camera.begins) - count)
        return tuple(
            Stored(camera_id, *one)
            for one in zip(camera.begins[begin:], camera.ends[begin:], camera.sizes[begin:], strict=True)
        )

    @property
    def camera_ids(self) -> tuple[str, ...]:
        return tuple(self._cameras)

    @property
    def oldest_ns(self) -> int:
        """When the oldest segment begins; 0 without any."""
        begins = [camera.begins[0] for camera in self._cameras.values() if camera.begins]
        return min(begins, default=0)

    def in_order(self) -> Iterator[Stored]:
        """All segments, oldest first across cameras."""
        return heapq.merge(*(_each(camera_id, one) for camera_id, one in self._cameras.items()), key=_begin)

    def touches(self, camera_id: str, from_ns: int, to_ns: int) -> bool:
        """Whether anything is kept of a stretch of time."""
        camera = self._cameras.get(camera_id)
        if camera is None:
            return False
        at = bisect_left(camera.begins, from_ns)
        if at < len(camera.begins) and camera.begins[at] <= to_ns:
            return True
        return at > 0 and camera.ends[at - 1] >= from_ns

    def free(self, wanted: Callable[[Stored, int], bool], is_locked: IsLocked) -> Freed:
        """Take segments away, oldest first across cameras, while `wanted(next, bytes freed so far)`; never a
        locked one.
        """
        gone: dict[str, set[int]] = {}
        count = freed = 0
        refused = ""
        for one in self.in_order():
            if not wanted(one, freed):
                break
            if is_locked(one.camera_id, one.begin_ns, one.end_ns):
                continue
            try:
                _remove(packets_path(self._folder, one.camera_id, one.begin_ns))
            except OSError as error:
                refused = refused or f"{error.strerror}"
                continue
            gone.setdefault(one.camera_id, set()).add(one.begin_ns)
            count, freed = count + 1, freed + one.bytes
        for camera_id, begins in gone.items():
            self._cameras[camera_id].drop(begins)
        self.bytes -= freed
        return Freed(count, freed, refused)

    def locked_bytes(self, spans: Mapping[str, Iterable[LockSpan]]) -> int:
        """How much of it must stay for these locks, by camera."""
        total = 0
        for camera_id, locked in spans.items():
            camera = self._cameras.get(camera_id)
            if camera is None:
                continue
            numbers: set[int] = set()
            for span in locked:
                first = bisect_left(camera.begins, span.from_ns)
                # Segments of one camera may overlap where its clock was set back.
                while first > 0 and camera.ends[first - 1] >= span.from_ns:
                    first -= 1
                numbers.update(range(first, bisect_right(camera.begins, span.to_ns)))
            total += sum(camera.sizes[number] for number in numbers)
        return total


def _begin(stored: Stored) -> int:
    return stored.begin_ns


def _each(camera_id: str, camera: _Camera) -> Iterator[Stored]:
    for one in zip(camera.begins, camera.ends, camera.sizes, strict=True):
        yield Stored(camera_id, *one)


def _segments_of(day: Path) -> list[tuple[int, int, int]]:
    """Begin, bytes of packets and index, and last change of each segment of a day."""
    sizes: dict[str, int] = {}
    found: dict[str, tuple[int, int]] = {}
    try:
        with os.scandir(day) as entries:
            for one in entries:
                stem, dot, ending = one.name.partition(".")
                if not stem.isdigit() or dot + ending not in (PACKETS, KEYS):
                    continue
                about = one.stat(follow_symlinks=False)
                sizes[stem] = sizes.get(stem, 0) + about.st_size
                if dot + ending == PACKETS:
                    found[stem] = (int(stem), about.st_mtime_ns)
    except OSError:
        return []
    for stem in sizes.keys() - found.keys():
        # Its packets went, and the power before its index did.
        (day / f"{stem}{KEYS}").unlink(missing_ok=True)
    return [(begin_ns, sizes[stem], changed_ns) for stem, (begin_ns, changed_ns) in found.items()]


def _remove(packets: Path) -> None:
    """The packets first: an index alone is swept up at the next start, packets alone would be found again."""
    packets.unlink(missing_ok=True)
    packets.with_suffix(KEYS).unlink(missing_ok=True)
    try:
        packets.parent.rmdir()
        packets.parent.parent.rmdir()
    except OSError:
        pass  # not the last of its day, or of its camera
