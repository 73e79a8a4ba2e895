"""Recorded packets into a file other players open, without decoding or encoding anything."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av

from console.clock import SECOND_NS
from console.evidence.manifest import Figures
from console.footage.layout import GAP_NS
from console.footage.record import StoredPacket, StreamInfo
from console.footage.store import FootageStore

IN_MP4 = frozenset({"h264", "hevc", "mpeg4", "av1"})
"""Codecs whose home is MP4; all others go into Matroska."""
NAL_CODECS = frozenset({"h264", "hevc"})
JUMP_NS = 2 * SECOND_NS
"""A stream's own clock that departs so far from ours between two pictures has jumped."""
_START_CODE = re.compile(rb"\x00\x00\x01")


def ending_for(codec: str) -> str:
    """The file ending of a clip of this codec."""
    return ".mp4" if codec in IN_MP4 else ".mkv"


def parts(
    store: FootageStore, camera_id: str, from_ns: int, to_ns: int
) -> Iterator[tuple[bool, StoredPacket]]:
    """The packets of a stretch from the key picture at or before its beginning, each with whether a new file
    begins with it: at the first one, after a gap, and where the stream changes, always at a key picture.
    """
    lead: list[StoredPacket] = []
    reached, last_ns = False, 0
    stream: StreamInfo | None = None
    for packet in store.packets(camera_id, from_ns, to_ns):
        if not reached:
            # What was recorded before a gap that holds `from_ns` does not belong to it.
            if lead and packet.is_key and abs(packet.wall_ns - last_ns) > GAP_NS:
                lead = []
            last_ns = packet.wall_ns
            lead.append(packet)
            if packet.wall_ns < from_ns:
                continue
            reached = True
            stream = lead[-1].stream
            for number, each in enumerate(lead):
                yield number == 0 or (each.is_key and each.stream != lead[number - 1].stream), each
            lead = []
            continue
        apart = abs(packet.wall_ns - last_ns) > GAP_NS
        begins = packet.is_key and (apart or packet.stream != stream)
        if begins:
            stream = packet.stream
        last_ns = packet.wall_ns if apart else max(last_ns, packet.wall_ns)
        yield begins, packet
    # The last key picture's group ends before `from_ns` but no gap says so: its picture stood then.
    if lead and from_ns - last_ns <= GAP_NS:
        for number, each in enumerate(lead):
            yield number == 0, each


class ClipFile:
    """One clip being written. One thread. Raises OSError and av.FFmpegError."""

    def __init__(self, path: Path, stream: StreamInfo) -> None:
        self.path, self._stream = path, stream
        self.first_ns = self.last_ns = 0
        self._times = StreamTimes(stream.time_base)
        self._digest = _PacketsDigest(stream)
        self._pictures = self._keys = 0
        self._longest_ns = self._newest_ns = 0
        self._last_dts = 0
        self._file = av.open(str(path), "w", format="mp4" if path.suffix == ".mp4" else "matroska")
        try:
            self._out = mux_stream(self._file, stream)
        except BaseException:
            self._file.close()
            raise

    def add(self, packet: StoredPacket) -> None:
        pts, dts = self._times.placed(packet)
        made = av.Packet(packet.data)
        made.stream, made.time_base = self._out, self._stream.time_base
        made.pts, made.dts, made.is_keyframe = pts, dts, packet.is_key
        # Without one, the file ends with its last picture's beginning, and players leave that picture out.
        made.duration = max(1, dts - self._last_dts)
        self._last_dts = dts
        self._file.mux(made)
        self._digest.add(packet.data)
        if not self._pictures:
            self.first_ns = self.last_ns = self._newest_ns = packet.wall_ns
        else:
            self._longest_ns = max(self._longest_ns, packet.wall_ns - self._newest_ns)
        self._newest_ns = packet.wall_ns
        self.first_ns, self.last_ns = min(self.first_ns, packet.wall_ns), max(self.last_ns, packet.wall_ns)
        self._pictures += 1
        self._keys += packet.is_key

    def close(self) -> Figures:
        """Finish the file; what was measured on the way."""
        self._file.close()
        seconds = (self.last_ns - self.first_ns) / SECOND_NS
        return Figures(
            codec=self._stream.codec, width=self._stream.width, height=self._stream.height,
            pictures=self._pictures, key_pictures=self._keys, seconds=round(seconds, 3),
            pictures_per_second=round((self._pictures - 1) / seconds, 2) if seconds > 0 else 0.0,
            longest_pause_ms=self._longest_ns // 1_000_000, times_repaired=self._times.repaired,
        )  # fmt: skip

    def abandon(self) -> None:
        """Close it as it is, whatever that says: it is thrown away."""
        try:
            self._file.close()
        except (OSError, ValueError):
            pass  # av.FFmpegError is one of these

    @property
    def packets_sha256(self) -> str:
        return self._digest.hexdigest()


def mux_stream(file: av.container.OutputContainer, info: StreamInfo) -> av.VideoStream:
    if not info.extradata:
        # The parameters are in the pictures themselves; the muxer takes them from the first one.
        bare = file.add_mux_stream(info.codec, width=info.width, height=info.height)
        assert isinstance(bare, av.VideoStream)
        bare.time_base = info.time_base
        return bare
    # PyAV makes a stream that takes a foreign header only after the pattern of another stream.
    with av.open("pattern", "w", format="null") as pattern:
        model = pattern.add_stream(info.codec)
        assert isinstance(model, av.VideoStream)
        stream = file.add_stream_from_template(model, opaque=True)
    context = stream.codec_context
    context.extradata, context.width, context.height = info.extradata, info.width, info.height
    context.time_base = info.time_base
    if info.aspect != 1:
        context.sample_aspect_ratio = info.aspect
    stream.time_base = info.time_base
    return stream


class StreamTimes:
    """Time stamps of a file from those of a stream: they begin at zero and never go back."""

    def __init__(self, time_base: Fraction) -> None:
        self._base = time_base
        self._offset = 0
        self._last: tuple[int, int, int] | None = None
        self.repaired = 0

    def placed(self, packet: StoredPacket) -> tuple[int, int]:
        """(pts, dts) in the stream's time base."""
        raw = packet.dts if packet.dts is not None else packet.pts
        wall = int(packet.wall_ns / (self._base * SECOND_NS))
        pts = packet.pts if packet.pts is not None else raw
        if raw is None or pts is None:
            raw = pts = wall
            self.repaired += 1
        reorder = max(0, pts - raw)
        if self._last is None:
            self._offset = -raw
        else:
            last_raw, last_dts, last_wall = self._last
            step, wall_step = raw - last_raw, wall - last_wall
            if step <= 0 or abs(step - wall_step) > JUMP_NS / (self._base * SECOND_NS):
                self._offset = last_dts + max(1, wall_step) - raw
                self.repaired += packet.dts is not None or packet.pts is not None
        dts = raw + self._offset
        if self._last is not None and dts <= self._last[1]:
            dts = self._last[1] + 1
            self._offset = dts - raw
        self._last = raw, dts, wall
        return dts + reorder, dts


class _PacketsDigest:
    """SHA-256 of the pictures themselves, the same whatever file they lie in."""

    def __init__(self, stream: StreamInfo) -> None:
        self._sha = hashlib.sha256()
        self._is_nal = stream.codec in NAL_CODECS
        extra = stream.extradata
        self._length_bytes = 0
        if self._is_nal and extra[:1] == b"\x01":
            at = 4 if stream.codec == "h264" else 21
            self._length_bytes = (extra[at] & 3) + 1 if len(extra) > at else 4

    def add(self, data: bytes) -> None:
        if not self._is_nal:
            self._sha.update(data)
            return
        for unit in nal_units(data, self._length_bytes):
            self._sha.update(unit)

    def hexdigest(self) -> str:
        return self._sha.hexdigest()


def nal_units(data: bytes, length_bytes: int) -> Iterator[bytes]:
    """The NAL units of a packet: with lengths of so many bytes before them, or (0) with start codes."""
    if length_bytes:
        at = 0
        while at + length_bytes <= len(data):
            size = int.from_bytes(data[at : at + length_bytes], "big")
            yield data[at + length_bytes : at + length_bytes + size]
            at += length_bytes + size
        return
    begins = [found.end() for found in _START_CODE.finditer(data)]
    for number, begin in enumerate(begins):
        end = begins[number + 1] - 3 if number + 1 < len(begins) else len(data)
        yield data[begin:end].rstrip(b"\x00")
