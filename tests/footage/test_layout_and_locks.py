"""Where footage lies, and which of it is kept."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.footage.layout import begins_in, camera_folder, cameras_in, day_of, days_in, packets_path
from console.footage.locks import FILE, KeptLock, KeptLocks, LocksError, read_locks, write_locks

names = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0"), min_size=1, max_size=40)


@given(st.lists(names, unique=True, max_size=5))
def test_every_camera_has_a_folder_of_its_own_and_only_there(camera_ids: list[str]) -> None:
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        for camera_id in camera_ids:
            mine = camera_folder(folder, camera_id)
            assert mine.resolve().parent == folder.resolve()
            mine.mkdir()
        assert cameras_in(folder) == tuple(sorted(camera_ids))


def test_a_camera_without_an_id_has_no_folder(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="has an id"):
        camera_folder(tmp_path, "")


@given(st.lists(st.integers(0, 4_000_000_000 * 10**9), unique=True, min_size=1, max_size=6))
def test_segments_are_found_by_their_day_oldest_first(begins: list[int]) -> None:
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        for begin_ns in begins:
            path = packets_path(folder, "C", begin_ns)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch()
            (path.parent / "notes.txt").touch()  # what else lies there is no segment
        days = days_in(camera_folder(folder, "C"))
        assert days == tuple(sorted({day_of(begin_ns) for begin_ns in begins}))
        found = [b for day in days for b in begins_in(camera_folder(folder, "C") / day)]
        assert found == sorted(begins)


def test_where_there_is_no_footage_nothing_is_found(tmp_path: Path) -> None:
    assert cameras_in(tmp_path / "none") == days_in(tmp_path / "none") == begins_in(tmp_path / "none") == ()
    assert read_locks(tmp_path) == KeptLocks()


def test_locks_are_read_as_they_were_written_by_their_owner_only(tmp_path: Path) -> None:
    locks = KeptLocks(
        run="r", seq=7, unlocked=("incident:I2",),
        locks=(KeptLock(id="incident:I1", camera_ids=("A", "B"), from_ns=1, to_ns=9, reason="a fall"),),
    )  # fmt: skip
    write_locks(tmp_path, locks)
    assert read_locks(tmp_path) == locks
    assert (tmp_path / FILE).stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("data", "why"),
    [(b"", "locks.json"), (b"{", "locks.json"), (b'{"version": 2}', "version: expected 1, found 2"),
     (b'{"locks": [{"id": 3}]}', r"locks\[")],
)  # fmt: skip
def test_damaged_locks_say_which_file_and_what(tmp_path: Path, data: bytes, why: str) -> None:
    (tmp_path / FILE).write_bytes(data)
    with pytest.raises(LocksError, match=why):
        read_locks(tmp_path)
