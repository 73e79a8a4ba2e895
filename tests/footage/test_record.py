"""One packet on disk."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from console.footage.record import (
    HEAD_BYTES,
    KEY_PICTURE,
    NONE,
    PICTURE,
    STREAM,
    StreamInfo,
    is_whole,
    pack_head,
    pack_stream,
    read_head,
    read_stream,
)

times = st.integers(-(1 << 62), 1 << 62)
maybe = st.none() | times
kinds = st.sampled_from([PICTURE, KEY_PICTURE])
datas = st.binary(max_size=300)
ratios = st.builds(Fraction, st.integers(1, 1 << 31), st.integers(1, 1 << 31))
streams = st.builds(
    StreamInfo, st.text(max_size=12), datas, st.integers(0, 9000), st.integers(0, 9000), ratios, ratios
)


@given(kinds, times, maybe, maybe, datas)
def test_a_record_says_again_what_it_was_told(
    kind: int, wall_ns: int, pts: int | None, dts: int | None, data: bytes
) -> None:
    raw = pack_head(kind, wall_ns, pts, dts, data, len(data))
    head = read_head(raw)
    assert head is not None and len(raw) == HEAD_BYTES
    assert (head.size, head.kind, head.wall_ns) == (len(data), kind, wall_ns)
    assert (head.pts, head.dts) == (NONE if pts is None else pts, NONE if dts is None else dts)
    assert is_whole(raw, head.checksum, data)


@given(kinds, times, maybe, datas, st.data())
def test_no_flipped_bit_goes_unseen(
    kind: int, wall_ns: int, pts: int | None, data: bytes, draw: st.DataObject
) -> None:
    whole = bytearray(pack_head(kind, wall_ns, pts, pts, data, len(data)) + data)
    bit = draw.draw(st.integers(0, len(whole) * 8 - 1))
    whole[bit // 8] ^= 1 << bit % 8
    raw, rest = bytes(whole[:HEAD_BYTES]), bytes(whole[HEAD_BYTES:])
    head = read_head(raw)
    assert head is None or head.size != len(rest) or not is_whole(raw, head.checksum, rest)


@given(streams, times)
def test_a_stream_says_again_what_it_was_told(stream: StreamInfo, wall_ns: int) -> None:
    raw = pack_stream(stream, wall_ns)
    head = read_head(raw)
    assert head is not None and (head.kind, head.wall_ns) == (STREAM, wall_ns)
    assert is_whole(raw, head.checksum, raw[HEAD_BYTES:])
    assert read_stream(raw[HEAD_BYTES:]) == stream


@given(datas)
def test_bytes_that_describe_no_stream_are_refused(data: bytes) -> None:
    read_stream(data)  # a description or None, never an exception
    assert read_stream(b"\xc1" + data) is None  # the one byte that MessagePack never begins with


@given(st.binary(max_size=HEAD_BYTES - 1))
def test_half_a_head_is_none(data: bytes) -> None:
    assert read_head(data) is None
