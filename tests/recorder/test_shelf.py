"""The oldest goes first, across cameras, and never what is locked."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from console.clock import SECOND_NS
from console.footage.layout import KEYS, packets_path
from console.footage.locks import LockSpan
from console.footage.writer import Written
from console.recorder.shelf import Shelf

START_NS = 1_795_000_000 * SECOND_NS
MINUTE_NS = 60 * SECOND_NS


def put(folder: Path, shelf: Shelf, camera_id: str, minute: int, size: int = 1000) -> Path:
    begin_ns = START_NS + minute * MINUTE_NS
    path = packets_path(folder, camera_id, begin_ns)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"p" * size)
    path.with_suffix(KEYS).write_bytes(b"")
    shelf.put(camera_id, Written(begin_ns, begin_ns + MINUTE_NS, size))
    return path


places = st.lists(
    st.tuples(st.sampled_from(["A", "B", "C"]), st.integers(0, 5000)), min_size=1, max_size=25, unique=True
)


@settings(max_examples=40, deadline=None)
@given(stored=places, wanted=st.integers(0, 26_000), locked=st.sets(st.tuples(st.sampled_from("ABC"), st.integers(0, 5000)), max_size=4))  # fmt: skip # noqa: E501
def test_what_goes_is_the_oldest_unlocked_and_no_more_than_asked(
    stored: list[tuple[str, int]], wanted: int, locked: set[tuple[str, int]]
) -> None:
    def is_locked(camera_id: str, begin_ns: int, end_ns: int) -> bool:
        return any(
            camera_id == camera and begin_ns <= START_NS + minute * MINUTE_NS <= end_ns
            for camera, minute in locked
        )

    with tempfile.TemporaryDirectory() as name:
        folder, shelf = Path(name), Shelf(Path(name))
        paths = {one: put(folder, shelf, *one) for one in stored}
        freed = shelf.free(lambda one, so_far: so_far < wanted, is_locked)
        gone = [one for one, path in paths.items() if not path.exists()]
        left = [one for one in stored if one not in gone]
        assert freed.bytes == 1000 * len(gone) == 1000 * len(stored) - shelf.bytes
        assert not any(is_locked(c, *_ends(minute)) for c, minute in gone)
        free_to_go = [one for one in left if not is_locked(one[0], *_ends(one[1]))]
        if gone and free_to_go:
            assert max(minute for _, minute in gone) <= min(minute for _, minute in free_to_go)
        assert freed.bytes >= min(wanted, 1000 * (len(gone) + len(free_to_go)))
        assert freed.bytes < wanted + 1000
        assert not any(path.with_suffix(KEYS).exists() for one, path in paths.items() if one in gone)
        again = Shelf(folder)
        again.scan()
        assert [(one.camera_id, one.begin_ns) for one in again.in_order()] == [
            (one.camera_id, one.begin_ns) for one in shelf.in_order()
        ]


def _ends(minute: int) -> tuple[int, int]:
    return START_NS + minute * MINUTE_NS, START_NS + (minute + 1) * MINUTE_NS


def test_a_camera_whose_last_segment_went_leaves_no_empty_folder(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    put(tmp_path, shelf, "A/1", 0)
    shelf.free(lambda one, freed: True, lambda *_: False)
    assert list(tmp_path.iterdir()) == []


def test_an_index_without_packets_is_swept_up_and_other_files_are_left_alone(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    path = put(tmp_path, shelf, "A", 0)
    path.unlink()
    note = path.parent / "note.txt"
    note.write_text("mine")
    again = Shelf(tmp_path)
    again.scan()
    assert [one.name for one in path.parent.iterdir()] == ["note.txt"]
    assert again.bytes == 0


def test_a_segment_that_refuses_to_go_is_told_and_the_next_goes(tmp_path: Path) -> None:
    shelf = Shelf(tmp_path)
    first, second = (put(tmp_path, shelf, "A", minute) for minute in (0, 5))
    first.unlink()
    first.mkdir()  # a folder cannot be unlinked
    freed = shelf.free(lambda one, so_far: so_far < 1000, lambda *_: False)
    assert freed.segments == 1
    assert freed.refused
    assert not second.exists()


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 10)), max_size=5))
def test_locked_bytes_are_counted_once_however_many_locks_there_are(spans: list[tuple[int, int]]) -> None:
    shelf = Shelf(Path("nowhere"))
    for minute in range(0, 40, 2):
        shelf.put("A", Written(*_ends(minute), 1))
    locked = [LockSpan(str(n), START_NS + a * MINUTE_NS, START_NS + (a + b) * MINUTE_NS) for n, (a, b) in enumerate(spans)]  # noqa: E501
    expected = sum(
        any(begin <= span.to_ns and end >= span.from_ns for span in locked)
        for begin, end in map(_ends, range(0, 40, 2))
    )
    assert shelf.locked_bytes({"A": locked, "B": locked}) == expected
