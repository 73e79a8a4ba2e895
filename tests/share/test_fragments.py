"""Packets as fragments: each picture once and unchanged, whatever a camera sends; a name in the head."""

from __future__ import annotations

import io
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from av.bitstream import BitStreamFilterContext
from hypothesis import given
from hypothesis import strategies as st

from console.evidence.remux import nal_units
from console.footage.record import StoredPacket, StreamInfo
from console.paths import shipped
from console.share.fragments import CodecError, FragmentMuxer, boxes, content_type, marked
from tests.share.rig import clip_packets

FEED = shipped("assets") / "feeds" / "junction.mp4"


def wrapped(packets: list[StoredPacket]) -> tuple[bytes, list[bytes]]:
    muxer = FragmentMuxer(packets[0].stream)
    pieces = [piece for packet in packets if (piece := muxer.add(packet)) is not None]
    last = muxer.end()
    assert last is not None and [one.wall_ns for one in (*pieces, last)] == [one.wall_ns for one in packets]
    assert [one.is_key for one in (*pieces, last)] == [one.is_key for one in packets]
    return muxer.head, [one.data for one in (*pieces, last)]


def opened(data: bytes) -> list[bytes]:
    with av.open(io.BytesIO(data)) as container:
        assert [stream.type for stream in container.streams] == ["video"]
        return [bytes(packet) for packet in container.demux(video=0) if packet.size]


def test_each_picture_is_there_once_as_the_camera_sent_it(tmp_path: Path):
    packets = clip_packets(tmp_path)
    head, pieces = wrapped(packets)
    assert opened(head + b"".join(pieces)) == [packet.data for packet in packets]
    assert content_type(head) == 'video/mp4; codecs="avc1.640016"'


def test_a_camera_that_tells_its_parameters_only_inside_its_pictures_is_wrapped_too(tmp_path: Path):
    packets = clip_packets(tmp_path)
    bare = packets[0].stream._replace(extradata=b"")
    with av.open(str(FEED)) as container:
        stream = container.streams.video[0]
        annex = BitStreamFilterContext("h264_mp4toannexb", stream)
        given_ = [out for packet in container.demux(stream) if packet.size for out in annex.filter(packet)]
    inside = [
        packet._replace(data=bytes(made), stream=bare)
        for packet, made in zip(packets, given_, strict=False)
    ]
    head, pieces = wrapped(inside)
    found = opened(head + b"".join(pieces))
    assert content_type(head).startswith('video/mp4; codecs="avc1.')
    assert len(found) == len(inside)
    assert list(nal_units(found[5], 4)) == list(nal_units(inside[5].data, 0))


def test_h265_is_told_to_the_browser_and_what_mp4_cannot_hold_is_refused():
    encoder = av.CodecContext.create("libx265", "w")
    encoder.width, encoder.height, encoder.pix_fmt, encoder.time_base = 64, 64, "yuv420p", Fraction(1, 25)
    encoder.options = {"x265-params": "log-level=none", "preset": "ultrafast", "tune": "zerolatency"}
    encoder.flags |= av.codec.context.Flags.global_header
    made = []
    for number in range(3):
        frame = av.VideoFrame.from_ndarray(np.full((64, 64, 3), number * 40, np.uint8), format="bgr24")
        frame.pts = number
        made += encoder.encode(frame)
    made += encoder.encode(None)
    info = StreamInfo("hevc", bytes(encoder.extradata), 64, 64, Fraction(1, 25), Fraction(1))
    packets = [
        StoredPacket(number * 40_000_000, one.pts, one.dts, one.is_keyframe, bytes(one), info)
        for number, one in enumerate(made)
    ]
    head, pieces = wrapped(packets)
    assert content_type(head).startswith('video/mp4; codecs="hev1.1.6.L') and len(pieces) == 3
    with pytest.raises(CodecError, match="vp8"):
        FragmentMuxer(info._replace(codec="vp8")).add(packets[0]._replace(stream=info._replace(codec="vp8")))


@given(title=st.text(max_size=200), comment=st.text(max_size=200))
def test_a_head_carries_any_words_and_the_pictures_stay_readable(title: str, comment: str):
    head, pieces = _once()
    named = marked(head, {"title": title, "comment": comment})
    assert b"".join(data for _, data in boxes(named)) == named, "every box is whole"
    assert title.encode() in named and comment.encode() in named
    assert marked(named, {"title": "x"}) == marked(head, {"title": "x"}), "one name, not two"
    assert len(opened(named + b"".join(pieces))) == len(pieces)


_kept: list[tuple[bytes, list[bytes]]] = []


def _once() -> tuple[bytes, list[bytes]]:
    if not _kept:
        with av.open(str(FEED)) as container:
            stream = container.streams.video[0]
            context = stream.codec_context
            info = StreamInfo(
                context.name, bytes(context.extradata or b""), stream.width, stream.height,
                Fraction(stream.time_base or 1), Fraction(1),
            )  # fmt: skip
            packets = [
                StoredPacket(number, one.pts, one.dts, one.is_keyframe, bytes(one), info)
                for number, one in zip(range(4), container.demux(stream), strict=False)
            ]
        _kept.append(wrapped(packets))
    return _kept[0]


@given(st.binary(max_size=400))
def test_bytes_that_are_no_boxes_are_left_out(data: bytes):
    assert b"".join(box for _, box in boxes(data)) == data[: sum(len(box) for _, box in boxes(data))]
