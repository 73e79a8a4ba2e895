"""Writes the packets of one camera into segments; flushed when told, and never rewritten."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, NamedTuple

from console.clock import SECOND_NS
from console.footage.index import INDEX_EVERY_NS, KEY, ROLL, STOP, IndexWriter
from console.footage.layout import GAP_NS, KEYS, LONGEST_SEGMENT_NS, SEGMENT_NS, packets_path
from console.footage.record import (
    HEAD_BYTES,
    KEY_PICTURE,
    LARGEST_PACKET_BYTES,
    MAGIC,
    PICTURE,
    StreamInfo,
    pack_head,
    pack_stream,
)
from console.footage.segment import Segment, SegmentError
from console.paths import private_folder, write_private

SEGMENT_BYTES = 64 << 20
_MOST_PIECES = 512  # below IOV_MAX of every system


class Written(NamedTuple):
    """A segment that is complete."""

    begin_ns: int
    end_ns: int
    bytes: int


class CameraWriter:
    """Appends to the segments of one camera. One thread at a time.

    `add` only remembers; `flush` writes. After an OSError the segments being written are closed where their
    last whole flush ended (see `given_up`), and the next key picture begins a new one: `add` and `flush` may
    go on being called.
    """

    def __init__(self, folder: Path, camera_id: str) -> None:
        self._folder, self.camera_id = folder, camera_id
        self._open: _OpenSegment | None = None
        self._last_ns = 0
        self.waiting_bytes = 0
        self._waiting: list[_OpenSegment] = []
        #: Pictures left out because they could not be decoded without ones that are missing, or did not fit.
        self.left_out = 0
        #: Segments closed by an error since somebody looked: what is whole of them. The caller empties it.
        self.given_up: list[Written] = []

    @property
    def begin_ns(self) -> int | None:
        """When the segment being written begins."""
        return self._open.begin_ns if self._open is not None else None

    @property
    def last_ns(self) -> int:
        return self._last_ns

    def add(
        self, wall_ns: int, pts: int | None, dts: int | None, is_key: bool, data: Any, size: int,
        stream: StreamInfo,
    ) -> bool:  # fmt: skip
        """Take a picture; False when it was left out: nothing before it to decode it with, or too large.

        `data` is kept until the flush and must not change.
        """
        segment = self._open
        if segment is not None:
            back, too_long = self._last_ns - wall_ns > GAP_NS, wall_ns - segment.begin_ns > LONGEST_SEGMENT_NS
            if back or too_long or (segment.stream is not stream and segment.stream != stream):
                self.end()
                segment = None
            elif wall_ns - self._last_ns > GAP_NS:
                segment.stop(self._last_ns, STOP)
        if (segment is None and not is_key) or size > LARGEST_PACKET_BYTES:
            self.left_out += 1
            return False
        if is_key and (segment is None or self._is_full(segment, wall_ns)):
            if segment is not None:
                self._close(ROLL)
            segment = self._open = _OpenSegment(self._folder, self.camera_id, wall_ns, stream)
            self._last_ns = wall_ns
            self._waiting.append(segment)
        assert segment is not None
        segment.add(wall_ns, pts, dts, is_key, data, size)
        self.waiting_bytes += size + HEAD_BYTES
        self._last_ns = max(self._last_ns, wall_ns)
        return True

    def _is_full(self, segment: _OpenSegment, wall_ns: int) -> bool:
        return wall_ns - segment.begin_ns >= SEGMENT_NS or segment.size >= SEGMENT_BYTES

    def end(self) -> None:
        """The pictures stop here; the next one begins a segment."""
        self._close(STOP)

    def _close(self, kind: int) -> None:
        if self._open is not None:
            self._open.stop(self._last_ns, kind)
            self._open.is_ended = True
            self._open = None

    def flush(self) -> list[Written]:
        """Write what waits; the segments completed by it. Raises OSError, after which nothing waits."""
        done: list[Written] = []
        waiting, self._waiting, self.waiting_bytes = self._waiting, [], 0
        try:
            for segment in waiting:
                segment.flush()
                if segment.is_ended:
                    done.append(segment.close())
                else:
                    self._waiting.append(segment)
        except OSError:
            # Those that were complete before the error are told as well.
            self.given_up += [*done, *filter(None, [segment.give_up() for segment in waiting])]
            self._open, self._waiting = None, []
            raise
        return done

    def close(self) -> list[Written]:
        """End and write everything. Raises OSError."""
        self.end()
        return self.flush()


class _OpenSegment:
    """A segment being written. Files are made at the first flush, so that no empty one stays behind."""

    def __init__(self, folder: Path, camera_id: str, begin_ns: int, stream: StreamInfo) -> None:
        self.begin_ns, self.stream = begin_ns, stream
        self.end_ns = begin_ns
        self.is_ended = False
        self._path = packets_path(folder, camera_id, begin_ns)
        head = MAGIC + pack_stream(stream, begin_ns)
        self.size = len(head)
        self._pieces: list[Any] = [head]
        self._entries: list[bytes] = []
        self._index = IndexWriter()
        self._entered_ns = -1
        self._packets = self._keys = -1
        #: How long both files are, and until when there are pictures, as of the last flush that was whole.
        self._whole = (0, 0, begin_ns)

    def add(
        self, wall_ns: int, pts: int | None, dts: int | None, is_key: bool, data: Any, size: int
    ) -> None:
        if is_key and (self._entered_ns < 0 or wall_ns - self._entered_ns > INDEX_EVERY_NS):
            self._entries.append(self._index.entry(wall_ns, self.size, KEY))
            self._entered_ns = wall_ns
        kind = KEY_PICTURE if is_key else PICTURE
        self._pieces.append(pack_head(kind, wall_ns, pts, dts, data, size))
        self._pieces.append(data)
        self.size += HEAD_BYTES + size
        self.end_ns = max(self.end_ns, wall_ns)

    def stop(self, wall_ns: int, kind: int) -> None:
        self._entries.append(self._index.entry(wall_ns, self.size, kind))

    def flush(self) -> None:
        if self._packets < 0:
            self._make()
        pieces, self._pieces = self._pieces, []
        for begin in range(0, len(pieces), _MOST_PIECES):
            _write_all(self._packets, pieces[begin : begin + _MOST_PIECES])
        # The index after what it speaks of: an entry never leads to bytes that are not there.
        entries, self._entries = self._entries, []
        if entries:
            _write_all(self._keys, [b"".join(entries)])
        self._whole = (self.size, self._whole[1] + sum(map(len, entries)), self.end_ns)

    def _make(self) -> None:
        private_folder(self._path.parent)
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND | os.O_CLOEXEC
        self._packets = os.open(self._path, flags, 0o600)
        self._keys = os.open(self._path.with_suffix(KEYS), flags | os.O_TRUNC, 0o600)

    def close(self) -> Written:
        for handle in (self._packets, self._keys):
            if handle >= 0:
                os.close(handle)
        self._packets = self._keys = -1
        return Written(self.begin_ns, self.end_ns, self.size)

    def give_up(self) -> Written | None:
        """After an error: cut off what was not written whole, and say where the pictures stop as far as the
        disk lets us. None when nothing was written whole, or it was closed before.
        """
        if self._packets < 0:
            return None
        packets_bytes, keys_bytes, end_ns = self._whole
        try:
            if not packets_bytes:
                self._path.unlink(missing_ok=True)
                self._path.with_suffix(KEYS).unlink(missing_ok=True)
                return None
            # Shorter needs no room. What cannot be cut is torn, and is read as far as it is whole.
            os.ftruncate(self._packets, packets_bytes)
            os.ftruncate(self._keys, keys_bytes)
        except OSError:
            pass
        finally:
            self.close()
            self._pieces, self._entries = [], []
        return Written(self.begin_ns, end_ns, packets_bytes)


def _write_all(handle: int, pieces: list[Any]) -> None:
    """Write all of it; a disk that fills up takes a part first and refuses then."""
    wanted = sum(len(memoryview(piece)) for piece in pieces)
    done = os.writev(handle, pieces)
    if done == wanted:
        return
    rest = memoryview(b"".join(bytes(piece) for piece in pieces))[done:]
    while rest:
        rest = rest[os.write(handle, rest) :]


def seal(packets: Path) -> Written | None:
    """Close a segment whose writer was killed: the torn end is cut off and the index says where it stops.

    None when it was closed already or holds nothing that can be used. Nobody may be writing it. Raises
    OSError. Readers may read it meanwhile.
    """
    segment = Segment(packets, int(packets.stem))
    try:
        segment.look()
        if segment.is_closed:
            return None
        keys = segment.keys()
    except SegmentError:
        return None
    found = segment.end_of_whole()
    if found is None:
        return None
    end_ns, end = found
    writer, entries = IndexWriter(), []
    for wall_ns, offset, kind in segment.entries(keys, end):
        entries.append(writer.entry(wall_ns, offset, kind))
    entries.append(writer.entry(end_ns, end, STOP))
    # The index first: while the packets are longer than it says, readers take the segment for an open one.
    write_private(packets.with_suffix(KEYS), b"".join(entries))
    os.truncate(packets, end)
    return Written(segment.begin_ns, end_ns, end)


def stream_info(stream: Any) -> StreamInfo:
    """What a decoder must know of a PyAV video stream."""
    from fractions import Fraction

    context = stream.codec_context
    return StreamInfo(
        context.name, bytes(context.extradata or b""), context.width or 0, context.height or 0,
        Fraction(stream.time_base or Fraction(1, 90_000)), Fraction(context.sample_aspect_ratio or 1),
    )  # fmt: skip


def write_clip(
    folder: Path, camera_id: str, clip: Path, from_ns: int, seconds: float | None = None
) -> int:
    """Record a video file as if its first picture had been shown at `from_ns`; the time of the newest one.

    Raises what PyAV and the disk raise.
    """
    import av

    writer = CameraWriter(folder, camera_id)
    with av.open(str(clip)) as container:
        stream = container.streams.video[0]
        info = stream_info(stream)
        for packet in container.demux(stream):
            if not packet.size or packet.pts is None:
                continue
            at_ns = int((packet.pts - (stream.start_time or 0)) * info.time_base * SECOND_NS)
            if seconds is not None and at_ns >= seconds * SECOND_NS:
                continue
            writer.add(
                from_ns + at_ns, packet.pts, packet.dts, packet.is_keyframe, bytes(packet), packet.size, info
            )
    newest_ns = writer.last_ns
    writer.close()
    return newest_ns
