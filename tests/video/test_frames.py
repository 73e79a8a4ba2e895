"""A few buffers, one writer, one reader: nobody ever sees a half-written picture."""

from __future__ import annotations

import gc
import os
import weakref

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.video import frames
from console.video.frames import PaneReader, PaneWriter, buffer_bytes, new_memory

WIDTH, HEIGHT = 8, 4
SIZE = WIDTH * HEIGHT * 4


def pair() -> tuple[PaneWriter, PaneReader]:
    handle = new_memory(buffer_bytes(WIDTH, HEIGHT))
    try:
        return PaneWriter(handle, WIDTH, HEIGHT), PaneReader(handle, WIDTH, HEIGHT)
    finally:
        os.close(handle)


def write(writer: PaneWriter, value: int) -> None:
    slot = writer.buffer()
    writer.buffers[slot][:] = bytes([value]) * SIZE
    writer.publish(slot, WIDTH, HEIGHT, due_mono_ns=value, taken_at_ns=value * 10, now_ns=value * 100)


def test_there_is_nothing_to_see_before_the_first_picture() -> None:
    _, reader = pair()
    assert reader.newest() is None
    assert reader.counter == 0


def test_the_newest_picture_wins() -> None:
    writer, reader = pair()
    for value in range(1, 6):
        write(writer, value)
    picture = reader.newest()
    assert picture is not None
    assert (picture.counter, picture.due_mono_ns, picture.taken_at_ns) == (5, 5, 50)
    assert bytes(picture.data) == bytes([5]) * SIZE
    assert reader.shown_mono_ns == 500


@given(st.lists(st.booleans(), max_size=60))
def test_a_picture_that_is_being_looked_at_is_never_written_over(steps: list[bool]) -> None:
    writer, reader = pair()
    value, held = 0, None
    for writes in steps:
        if writes:
            value += 1
            write(writer, value)
        else:
            held = reader.newest()
            assert (held.due_mono_ns if held else 0) == value
        if held is not None:
            assert bytes(held.data) == bytes([held.due_mono_ns]) * SIZE


def test_a_picture_published_while_the_reader_claims_is_seen_whole() -> None:
    """The writer comes in between the reader's look and its claim, twice: the worst moment there is."""
    writer, reader = pair()
    write(writer, 1)

    class Interrupted:
        """The head, where two more pictures are published right after the first look at LATEST."""

        def __init__(self, head: memoryview) -> None:
            self.head, self.looks = head, 0

        def __getitem__(self, word: int) -> int:
            value = self.head[word]
            if word == frames.LATEST:
                self.looks += 1
                if self.looks == 1:
                    write(writer, 2)
                    write(writer, 3)
            return value

        def __setitem__(self, word: int, value: int) -> None:
            self.head[word] = value

    reader.head = Interrupted(reader.head)  # type: ignore[assignment]
    picture = reader.newest()
    assert picture is not None
    write(writer, 4)
    assert bytes(picture.data) == bytes([picture.due_mono_ns]) * SIZE
    assert picture.due_mono_ns == 3


class Hands:
    """The clock of the memory, in the test's hand."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.now_ns = 1000
        monkeypatch.setattr(frames.time, "monotonic_ns", lambda: self.now_ns)


def lay_ready(writer: PaneWriter, value: int, at_ns: int) -> None:
    slot = writer.buffer()
    writer.buffers[slot][:] = bytes([value]) * SIZE
    writer.publish_at(at_ns, slot, WIDTH, HEIGHT, due_mono_ns=value, taken_at_ns=value * 10)


def test_a_picture_that_is_laid_ready_is_seen_from_its_moment_on(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Hands(monkeypatch)
    writer, reader = pair()
    write(writer, 1)
    lay_ready(writer, 2, at_ns=2000)
    before = reader.counter
    assert (reader.newest().due_mono_ns, reader.taken_at_ns) == (1, 10)  # type: ignore[union-attr]
    clock.now_ns = 2000
    assert reader.counter != before
    assert (reader.newest().due_mono_ns, reader.taken_at_ns) == (2, 20)  # type: ignore[union-attr]
    writer.settle()
    assert (reader.newest().due_mono_ns, reader.counter) == (2, 2)  # type: ignore[union-attr]


def test_what_was_laid_ready_can_be_taken_back_until_its_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = Hands(monkeypatch)
    writer, reader = pair()
    write(writer, 1)
    lay_ready(writer, 2, at_ns=2000)
    writer.take_back()
    clock.now_ns = 3000
    assert reader.newest().due_mono_ns == 1  # type: ignore[union-attr]
    lay_ready(writer, 3, at_ns=3000)
    writer.take_back()
    assert reader.newest().due_mono_ns == 3  # type: ignore[union-attr]


def test_while_there_is_no_picture_none_is_shown_until_the_next_ones_moment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    clock = Hands(monkeypatch)
    writer, reader = pair()
    write(writer, 1)
    writer.blank()
    assert (reader.newest(), reader.taken_at_ns, reader.counter) == (None, 0, 2)
    lay_ready(writer, 2, at_ns=2000)
    assert reader.newest() is None
    clock.now_ns = 2000
    assert reader.newest().due_mono_ns == 2  # type: ignore[union-attr]
    writer.blank()
    assert reader.newest() is None


STEPS = st.lists(st.sampled_from(["write", "lay ready", "take back", "blank", "read", "wait"]), max_size=80)


@given(STEPS)
def test_no_order_of_steps_shows_a_torn_an_early_or_a_forgotten_picture(steps: list[str]) -> None:
    """Against the simplest thing that does the same."""
    with pytest.MonkeyPatch.context() as patched:
        clock = Hands(patched)
        writer, reader = pair()
        value, newest, ready, held = 0, 0, (0, 0), None
        for step in steps:
            value += 1
            value %= 256
            if ready[0] and ready[1] <= clock.now_ns:
                newest, ready = ready[0], (0, 0)
            match step:
                case "write":
                    write(writer, value or 1)
                    newest, ready = value or 1, (0, 0)
                case "lay ready":
                    lay_ready(writer, value or 1, clock.now_ns + 20)
                    ready = (value or 1, clock.now_ns + 20)
                case "take back":
                    writer.take_back()
                    ready = (0, 0)
                case "blank":
                    writer.blank()
                    newest, ready = 0, (0, 0)
                case "wait":
                    clock.now_ns += 15
                case _:
                    held = reader.newest()
                    assert (held.due_mono_ns if held else 0) == newest
            if held is not None:
                assert bytes(held.data) == bytes([held.due_mono_ns]) * SIZE


def test_a_writer_that_takes_over_goes_on_counting() -> None:
    handle = new_memory(buffer_bytes(WIDTH, HEIGHT))
    first, reader = PaneWriter(handle, WIDTH, HEIGHT), PaneReader(handle, WIDTH, HEIGHT)
    write(first, 1)
    write(first, 2)
    second = PaneWriter(handle, WIDTH, HEIGHT)
    os.close(handle)
    write(second, 3)
    assert reader.counter == 3


@pytest.mark.parametrize(("word", "value"), [(0, 99), (0, -5), (32, 10**9), (33, 0), (32, -3)])
def test_nonsense_in_the_head_is_no_picture(word: int, value: int) -> None:
    """The writer is a process that eats foreign data; what it leaves behind must not crash the window."""
    writer, reader = pair()
    write(writer, 1)
    slot = reader.head[frames.LATEST]
    reader.head[frames.LATEST if word == 0 else word + slot * 4] = value
    assert reader.newest() is None


@pytest.mark.parametrize("size", [(0, 10), (10, 0), (-1, 5), (9000, 10)])
def test_an_impossible_size_is_refused(size: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="expected 1 to"):
        buffer_bytes(*size)


def test_the_memory_has_no_name_and_goes_with_its_last_user() -> None:
    before = set(os.listdir("/dev/shm"))
    writer, reader = pair()
    assert set(os.listdir("/dev/shm")) == before
    gone = [weakref.ref(writer), weakref.ref(reader)]
    del writer, reader
    gc.collect()
    assert [ref() for ref in gone] == [None, None]
