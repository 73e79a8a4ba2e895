"""A segment that was cut, torn or damaged: what is whole of it is used, and nothing else ever appears."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.footage.layout import packets_path
from console.footage.record import HEAD_BYTES, MAGIC, pack_stream
from console.footage.segment import EMPTY, NO_KEY, NO_STREAM, NOT_FOOTAGE, Segment, SegmentError
from console.footage.store import FootageStore
from console.footage.writer import seal
from tests.footage.packets import (
    BEGIN_NS,
    CAMERA,
    INFO,
    INTERVAL_NS,
    Given,
    all_of,
    keys_of,
    open_segment,
    pictures,
    told,
    write,
)

WRITTEN = pictures(BEGIN_NS, 12, group=4)
FIRST_RECORD = len(MAGIC + pack_stream(INFO, BEGIN_NS))


def _bytes_of(closed: bool) -> tuple[bytes, bytes]:
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        if closed:
            write(folder, WRITTEN)
        else:
            open_segment(folder, WRITTEN)
        path = packets_path(folder, CAMERA, BEGIN_NS)
        return path.read_bytes(), keys_of(path).read_bytes()


CLOSED, OPEN = _bytes_of(True), _bytes_of(False)


def put(folder: Path, packets: bytes, keys: bytes) -> Path:
    path = packets_path(folder, CAMERA, BEGIN_NS)
    path.parent.mkdir(parents=True)
    path.write_bytes(packets)
    keys_of(path).write_bytes(keys)
    return path


def ends() -> list[int]:
    """Where each record of WRITTEN ends."""
    at, found = FIRST_RECORD, []
    for one in WRITTEN:
        at += HEAD_BYTES + len(one.data)
        found.append(at)
    return found


@pytest.mark.parametrize("kept", [CLOSED, OPEN], ids=["closed", "open"])
def test_a_whole_segment_gives_what_was_written(tmp_path: Path, kept: tuple[bytes, bytes]) -> None:
    path = put(tmp_path, *kept)
    segment = Segment(path, BEGIN_NS)
    segment.look()
    assert all_of(path) == WRITTEN
    assert segment.intervals == ((BEGIN_NS, WRITTEN[-1].wall_ns),)
    # Entered key pictures are more than 0.2 s apart: those at 0, 0.32 s; not the ones at 0.16 and 0.48 s.
    assert segment.keys().times == [BEGIN_NS, BEGIN_NS + 8 * INTERVAL_NS]
    assert segment.is_closed == (kept is CLOSED)


@given(st.data())
def test_a_cut_segment_gives_the_beginning_of_what_was_written(draw: st.DataObject) -> None:
    packets, keys = draw.draw(st.sampled_from([CLOSED, OPEN]))
    size = draw.draw(st.integers(FIRST_RECORD, len(packets)))
    keys = keys[: draw.draw(st.integers(0, len(keys)))]
    with tempfile.TemporaryDirectory() as place:
        path = put(Path(place), packets[:size], keys)
        whole = sum(end <= size for end in ends())
        assert all_of(path) == WRITTEN[:whole]
        spans = FootageStore(Path(place)).spans(CAMERA, 0, 1 << 62)
        expected = [(BEGIN_NS, WRITTEN[whole - 1].wall_ns)] if whole else []
        assert [tuple(span) for span in spans] == expected, "whatever its index still says of the rest"


@given(st.data())
def test_of_a_damaged_segment_only_true_pictures_are_given(draw: st.DataObject) -> None:
    packets, keys = draw.draw(st.sampled_from([CLOSED, OPEN]))
    spoilt = bytearray(packets)
    flips = draw.draw(st.lists(st.integers(FIRST_RECORD * 8, len(packets) * 8 - 1), min_size=1, max_size=4))
    for bit in flips:
        spoilt[bit // 8] ^= 1 << bit % 8
    with tempfile.TemporaryDirectory() as place:
        path = put(Path(place), bytes(spoilt), keys)
        found = all_of(path)
        changed = {n for n, end in enumerate(ends()) if spoilt[_begin(n) : end] != packets[_begin(n) : end]}
        assert all(one in WRITTEN for one in found)
        assert found == _usable(changed)
        store = FootageStore(Path(place))
        assert told(list(store.packets(CAMERA, BEGIN_NS))) == _usable(changed) or _first_key_lost(changed)
        if changed:
            assert ["damaged" in problem.what for problem in store.problems()] == [True]


def _begin(number: int) -> int:
    return ends()[number - 1] if number else FIRST_RECORD


def _usable(changed: set[int]) -> list[Given]:
    """What may be decoded: after damage, from the next key picture on."""
    found, whole = [], True
    for number, one in enumerate(WRITTEN):
        if number in changed:
            whole = False
        elif whole or one.is_key:
            whole = True
            found.append(one)
    return found


def _first_key_lost(changed: set[int]) -> bool:
    return 0 in changed


@given(st.data())
def test_a_damaged_index_costs_nothing_but_time(draw: st.DataObject) -> None:
    packets, keys = draw.draw(st.sampled_from([CLOSED, OPEN]))
    spoilt = bytearray(keys)
    bit = draw.draw(st.integers(0, len(keys) * 8 - 1))
    spoilt[bit // 8] ^= 1 << bit % 8
    with tempfile.TemporaryDirectory() as place:
        put(Path(place), packets, bytes(spoilt))
        store = FootageStore(Path(place))
        assert store.edges(CAMERA) == (BEGIN_NS, WRITTEN[-1].wall_ns)
        assert told(list(store.packets(CAMERA, WRITTEN[9].wall_ns))) == WRITTEN[8:]


@given(st.binary(max_size=200), st.binary(max_size=60))
def test_foreign_bytes_are_told_and_nothing_of_them_is_used(packets: bytes, keys: bytes) -> None:
    with tempfile.TemporaryDirectory() as place:
        put(Path(place), packets, keys)
        store = FootageStore(Path(place))
        assert store.edges(CAMERA) is None
        assert list(store.packets(CAMERA, BEGIN_NS)) == []
        assert len(store.problems()) == 1


@pytest.mark.parametrize(
    ("packets", "why"),
    [
        (b"", EMPTY),
        (b"RIFF....", NOT_FOOTAGE),
        (MAGIC, NO_KEY),
        (CLOSED[0][:FIRST_RECORD], NO_KEY),
        (CLOSED[0][: FIRST_RECORD + 40], NO_KEY),
    ],
)
def test_a_segment_of_no_use_says_why(tmp_path: Path, packets: bytes, why: str) -> None:
    segment = Segment(put(tmp_path, packets, b""), BEGIN_NS)
    with pytest.raises(SegmentError) as raised:
        segment.look()
    assert (str(raised.value), segment.problem, segment.intervals) == (why, why, ())


def test_packets_without_their_stream_are_not_given(tmp_path: Path) -> None:
    spoilt = bytearray(CLOSED[0])
    spoilt[len(MAGIC) + HEAD_BYTES + 3] ^= 0x10
    path = put(tmp_path, bytes(spoilt), CLOSED[1])
    with pytest.raises(SegmentError, match=NO_STREAM):
        all_of(path)
    store = FootageStore(tmp_path)
    assert list(store.packets(CAMERA, BEGIN_NS)) == []
    assert [problem.what for problem in store.problems()] == [NO_STREAM]


@given(st.integers(FIRST_RECORD + 1, len(OPEN[0])), st.integers(0, len(OPEN[1])))
def test_a_sealed_segment_holds_all_that_was_whole_and_is_closed(size: int, index: int) -> None:
    whole = sum(end <= size for end in ends())
    with tempfile.TemporaryDirectory() as place:
        path = put(Path(place), OPEN[0][:size], OPEN[1][:index])
        sealed = seal(path)
        if not whole:
            assert sealed is None
            return
        assert sealed is not None
        assert (sealed.begin_ns, sealed.end_ns) == (BEGIN_NS, WRITTEN[whole - 1].wall_ns)
        assert path.stat().st_size == sealed.bytes == ends()[whole - 1]
        assert all_of(path) == WRITTEN[:whole]
        segment = Segment(path, BEGIN_NS)
        segment.look()
        assert segment.is_closed and segment.problem == ""
        assert segment.intervals == ((BEGIN_NS, WRITTEN[whole - 1].wall_ns),)
        assert seal(path) is None, "a closed segment is left alone"
