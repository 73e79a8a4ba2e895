"""Footage made of packets that say which they are: what is read back can be held against what was written."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

from console.clock import SECOND_NS
from console.footage.layout import KEYS, packets_path
from console.footage.record import StoredPacket, StreamInfo
from console.footage.segment import Segment
from console.footage.writer import CameraWriter

INFO = StreamInfo("h264", b"\x01\x02", 160, 120, Fraction(1, 90_000), Fraction(1))
OTHER = INFO._replace(width=320, height=240)
BEGIN_NS = 1_790_000_000 * SECOND_NS
INTERVAL_NS = SECOND_NS // 25
CAMERA = "CCTV-0001"


class Given(NamedTuple):
    """One packet as it is given to a writer."""

    wall_ns: int
    is_key: bool
    data: bytes


def pictures(begin_ns: int, count: int, group: int = 25, interval_ns: int = INTERVAL_NS) -> list[Given]:
    """So many packets in a row, each `group`-th a key picture; each says its time."""
    return [
        Given(at := begin_ns + n * interval_ns, n % group == 0, f"<{at}>".encode() * (9 if n % group else 40))
        for n in range(count)
    ]


def add(writer: CameraWriter, given: list[Given], stream: StreamInfo = INFO) -> None:
    for wall_ns, is_key, data in given:
        pts = (wall_ns - BEGIN_NS) * 90 // 1_000_000
        writer.add(wall_ns, pts, pts, is_key, data, len(data), stream)


def write(folder: Path, *runs: list[Given], camera_id: str = CAMERA) -> list[Given]:
    """Write each run with one writer, and close it; all that was written."""
    writer = CameraWriter(folder, camera_id)
    for run in runs:
        add(writer, run)
        writer.flush()
    writer.close()
    return [one for run in runs for one in run]


def open_segment(folder: Path, given: list[Given], camera_id: str = CAMERA) -> Path:
    """A segment whose writer was killed after its last flush; the path of its packets."""
    writer = CameraWriter(folder, camera_id)
    add(writer, given)
    writer.flush()
    begin_ns = writer.begin_ns
    assert begin_ns is not None
    for segment in writer._waiting:
        segment.close()  # the descriptors only: nothing more is written
    return packets_path(folder, camera_id, begin_ns)


def told(packets: list[StoredPacket]) -> list[Given]:
    return [Given(one.wall_ns, one.is_key, one.data) for one in packets]


def all_of(path: Path) -> list[Given]:
    """Every packet a segment gives."""
    return told([packet for packet, _ in Segment(path, int(path.stem)).packets(None)])


def keys_of(path: Path) -> Path:
    return path.with_suffix(KEYS)
