"""The newest pictures of a camera as the recorder writes them, each once."""

from __future__ import annotations

from pathlib import Path

from console.footage.layout import begins_in, camera_folder, days_in, packets_path
from console.footage.record import StoredPacket
from console.footage.segment import Segment, SegmentError

_FAR_NS = 1 << 62
LOOKED_BACK = 3
"""Segments looked at for a key picture to begin with: the newest one may not have one yet."""


class FootageTail:
    """One thread. `new` raises OSError; damage is passed over up to the next key picture."""

    def __init__(self, folder: Path, camera_id: str) -> None:
        self._folder, self._camera_id = folder, camera_id
        self._place = camera_folder(folder, camera_id)
        self._begin_ns: int | None = None
        self._segment: Segment | None = None
        self._offset: int | None = None

    def new(self) -> list[StoredPacket]:
        """What came since the last call; at first, everything from the newest key picture on. Looks only at
        what was written since: a tenth of a millisecond where nothing was.
        """
        if self._segment is None and not self._begin():
            return []
        found = self._read()
        while not found and (later := self._later()) is not None:
            # Nothing is written into a segment once the next one is there; just before, something was.
            found = self._read()
            if not found:
                self._go_on(later)
                found = self._read()
        return found

    def _begin(self) -> bool:
        for begin_ns in reversed(self._begins()[-LOOKED_BACK:]):
            segment = Segment(packets_path(self._folder, self._camera_id, begin_ns), begin_ns)
            try:
                segment.look()
                keys = segment.keys()
            except (SegmentError, FileNotFoundError):
                continue
            if keys.offsets:
                self._segment, self._begin_ns = segment, begin_ns
                self._offset = segment.last_key(keys.offsets[-1], _FAR_NS)
                return True
        return False

    def _begins(self) -> list[int]:
        return [begin for day in days_in(self._place)[-2:] for begin in begins_in(self._place / day)]

    def _later(self) -> int | None:
        assert self._begin_ns is not None
        return next((begin for begin in self._begins() if begin > self._begin_ns), None)

    def _go_on(self, begin_ns: int) -> None:
        self._begin_ns = begin_ns
        self._segment = Segment(packets_path(self._folder, self._camera_id, begin_ns), begin_ns)
        self._offset = None

    def _read(self) -> list[StoredPacket]:
        assert self._segment is not None
        found = []
        try:
            for packet, behind in self._segment.packets(self._offset):
                found.append(packet)
                self._offset = behind
        except (SegmentError, FileNotFoundError):
            pass  # not whole yet, or freed meanwhile
        return found
