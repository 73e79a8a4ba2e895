"""The newest pictures as they are written: each once, in order, from segment to segment."""

from __future__ import annotations

from pathlib import Path

from console.clock import SECOND_NS
from console.footage.layout import GAP_NS, packets_path
from console.footage.tail import FootageTail
from console.footage.writer import CameraWriter
from tests.share.rig import clip_packets

NOW = 1_774_000_000 * SECOND_NS


def test_every_picture_comes_once_over_flushes_gaps_and_segments(tmp_path: Path):
    packets = clip_packets(tmp_path / "scratch")
    writer, tail = CameraWriter(tmp_path, "C"), FootageTail(tmp_path, "C")
    assert tail.new() == []
    found, written, wall_ns = [], [], NOW
    for number, packet in enumerate(packets):
        wall_ns += GAP_NS + 1 if number == 40 else 40_000_000
        writer.add(wall_ns, number, number, packet.is_key, packet.data, len(packet.data), packet.stream)
        written.append(wall_ns)
        if number % 7 == 0:
            writer.flush()
            found += tail.new()
        if number == 59:
            writer.end()  # the next key picture begins a segment
    writer.close()
    while new := tail.new():
        found += new
    times = [packet.wall_ns for packet in found]
    assert times == sorted(set(times)) and times[-1] == written[-1]
    begun = written.index(times[0])
    left_out = len(written) - begun - len(times)
    assert left_out == writer.left_out, "all but what the writer itself left out"


def test_it_begins_with_the_newest_key_picture(tmp_path: Path):
    packets = clip_packets(tmp_path / "scratch")
    keys = [number for number, packet in enumerate(packets) if packet.is_key]
    writer = CameraWriter(tmp_path, "C")
    for number, packet in enumerate(packets):
        at_ns = NOW + number * 40_000_000
        writer.add(at_ns, number, number, packet.is_key, packet.data, len(packet.data), packet.stream)
    writer.flush()
    found = FootageTail(tmp_path, "C").new()
    assert found[0].is_key and len(found) == len(packets) - keys[-1]
    writer.close()


def test_a_picture_that_is_half_written_waits_for_its_other_half(tmp_path: Path):
    packets = clip_packets(tmp_path / "scratch")
    writer, tail = CameraWriter(tmp_path, "C"), FootageTail(tmp_path, "C")
    for number, packet in enumerate(packets[:10]):
        writer.add(NOW + number, number, number, packet.is_key, packet.data, len(packet.data), packet.stream)
    writer.flush()
    path = packets_path(tmp_path, "C", NOW)
    whole = path.read_bytes()
    path.write_bytes(whole[:-50])
    assert len(tail.new()) == 9 and tail.new() == []
    path.write_bytes(whole)
    assert [packet.wall_ns for packet in tail.new()] == [NOW + 9]
    writer.close()
