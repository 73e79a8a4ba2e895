"""Where the key pictures of a segment are."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from console.footage.index import ENTRY_BYTES, KEY, ROLL, STOP, IndexWriter, SegmentIndex, joined

entries = st.lists(
    st.tuples(st.integers(0, 1 << 62), st.integers(0, 1 << 40), st.sampled_from([KEY, STOP, ROLL])),
    max_size=12,
)
Entries = list[tuple[int, int, int]]


def packed(told: Entries) -> bytes:
    writer = IndexWriter()
    return b"".join(writer.entry(*entry) for entry in told)


def read(data: bytes) -> Entries:
    index = SegmentIndex(data)
    found = [(*pair, KEY) for pair in zip(index.key_times, index.key_offsets, strict=True)]
    return found + [(*stop, 0) for stop in index.stops]


def as_read(told: Entries) -> Entries:
    return [e for e in told if e[2] == KEY] + [(e[0], e[1], 0) for e in told if e[2] != KEY]


@given(entries)
def test_an_index_says_again_what_it_was_told(told: Entries) -> None:
    assert read(packed(told)) == as_read(told)
    index = SegmentIndex(packed(told))
    assert index.size == len(told) * ENTRY_BYTES
    assert index.is_closed == bool(told and told[-1][2] in (STOP, ROLL))
    assert index.goes_on == bool(told and told[-1][2] == ROLL)


@given(entries, st.data())
def test_a_cut_index_is_true_as_far_as_it_goes(told: Entries, draw: st.DataObject) -> None:
    whole = packed(told)
    size = draw.draw(st.integers(0, len(whole)))
    assert read(whole[:size]) == as_read(told[: size // ENTRY_BYTES])


@given(entries.filter(bool), st.data())
def test_behind_a_flipped_bit_nothing_is_believed(told: Entries, draw: st.DataObject) -> None:
    whole = bytearray(packed(told))
    bit = draw.draw(st.integers(0, len(whole) * 8 - 1))
    whole[bit // 8] ^= 1 << bit % 8
    assert read(bytes(whole)) == as_read(told[: bit // 8 // ENTRY_BYTES])


@given(entries, entries)
def test_a_writer_goes_on_where_another_stopped(first: Entries, then: Entries) -> None:
    before = packed(first)
    writer = IndexWriter(before)
    assert before + b"".join(writer.entry(*entry) for entry in then) == packed(first + then)


def test_a_stop_between_key_pictures_is_a_gap() -> None:
    index = SegmentIndex(packed([(10, 0, KEY), (20, 5, KEY), (25, 9, STOP), (90, 9, KEY), (99, 12, STOP)]))
    assert index.intervals(99) == [(10, 25), (90, 99)]


spans = st.lists(st.tuples(st.integers(0, 1000), st.integers(0, 60)), max_size=20).map(
    lambda pairs: sorted((begin, begin + length) for begin, length in pairs)
)


@given(spans, st.integers(0, 30))
def test_joined_stretches_hold_the_same_moments_and_keep_their_distance(
    told: list[tuple[int, int]], gap: int
) -> None:
    found = joined(told, gap)
    assert all(later[0] - earlier[1] > gap for earlier, later in pairwise(found))
    assert all(any(b <= begin and end <= e for b, e in found) for begin, end in told)
    inside = sum(end - begin for begin, end in found)
    assert inside <= sum(end - begin for begin, end in told) + gap * max(0, len(told) - 1)
