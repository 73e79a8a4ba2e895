"""A camera that changes its resolution says so in its key pictures; files say it once."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.footage.record import StreamInfo
from console.footage.writer import stream_info
from console.recorder.pictures import LOOK_BYTES, size_of_h264, size_of_hevc, stream_of_key
from tests.video.clips import make_clip

SIZES = [(160, 120), (640, 360), (1920, 1080), (366, 206), (90, 160)]


def first_key(path: Path) -> tuple[StreamInfo, bytes]:
    """The stream and its first key picture as a network camera sends it, parameter sets in front."""
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        info = stream_info(stream)
        if info.codec in ("h264", "hevc"):
            name = "h264_mp4toannexb" if info.codec == "h264" else "hevc_mp4toannexb"
            bits = av.BitStreamFilterContext(name, stream)
            for packet in container.demux(stream):
                for told in bits.filter(packet):
                    return info, bytes(told)
        return info, bytes(next(container.demux(stream)))


@pytest.mark.parametrize("codec", ["libx264", "libx265", "mjpeg"])
@pytest.mark.parametrize(("width", "height"), SIZES)
def test_the_size_is_read_out_of_a_key_picture(tmp_path: Path, codec: str, width: int, height: int) -> None:
    path = make_clip(tmp_path / "clip.mp4", 0.2, width, height, codec=codec)
    info, key = first_key(path)
    elsewhere = info._replace(width=8, height=8, extradata=b"another stream's")
    told = stream_of_key(elsewhere, key[:LOOK_BYTES])
    assert (told.width, told.height) == (info.width, info.height) == (width, height)


@pytest.mark.parametrize("codec", ["libx264", "libx265", "mjpeg"])
def test_the_same_stream_stays_the_same_record(tmp_path: Path, codec: str) -> None:
    info, key = first_key(make_clip(tmp_path / "clip.mp4", 0.2, codec=codec))
    assert stream_of_key(info, key[:LOOK_BYTES]) is info


@pytest.mark.parametrize("codec", ["libx264", "libx265"])
def test_a_stream_opened_without_a_look_at_its_pictures_gets_its_size(tmp_path: Path, codec: str) -> None:
    info, key = first_key(make_clip(tmp_path / "clip.mp4", 0.2, 366, 206, codec=codec))
    known = stream_of_key(info._replace(extradata=b""), key[:LOOK_BYTES])
    blank = known._replace(width=0, height=0)
    assert stream_of_key(blank, key[:LOOK_BYTES]) == known
    bare = key[key.rfind(b"\x00\x00\x01") :]
    assert stream_of_key(blank, b"\x00" + bare) == known, "the sets are in the description only"


def test_what_it_says_is_enough_for_a_decoder(tmp_path: Path) -> None:
    _, key = first_key(make_clip(tmp_path / "clip.mp4", 0.2, 320, 180))
    blank = StreamInfo("h264", b"", 0, 0, Fraction(1, 90_000), Fraction(1))
    told = stream_of_key(blank, key[:LOOK_BYTES])
    decoder = av.CodecContext.create("h264", "r")
    decoder.extradata = told.extradata
    frames = [*decoder.decode(av.Packet(key)), *decoder.decode(None)]
    assert [(frame.width, frame.height) for frame in frames] == [(320, 180)]


@given(data=st.binary(max_size=300), codec=st.sampled_from(["h264", "hevc", "mjpeg", "vp8"]))
def test_bytes_that_are_no_picture_change_nothing_and_stop_nothing(data: bytes, codec: str) -> None:
    info = StreamInfo(codec, b"", 8, 8, Fraction(1, 90_000), Fraction(1))
    stream_of_key(info, data)
    stream_of_key(info, b"\x00\x00\x01\x67" + data + b"\x00\x00\x01\x68\x01\x00\x00\x01\x65")
    stream_of_key(info, b"\xff\xd8" + data)


@given(st.binary(min_size=1, max_size=80))
def test_a_damaged_parameter_set_is_refused_and_not_waited_for(data: bytes) -> None:
    for read in (size_of_h264, size_of_hevc):
        try:
            read(data)
        except (IndexError, ValueError):
            continue
