"""An exported file is whole and private, or not there at all."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

import pytest

from widgets.kit import filewriting as writing
from widgets.kit.filewriting import FileWriter, put_in_place, trouble_with


def written(path: Path, *pieces: str) -> FileWriter:
    writer = FileWriter(path)
    writer.start()
    writer.begin()
    for piece in pieces:
        writer.put(piece)
    writer.finish()
    writer.join()
    return writer


def test_the_pieces_become_a_file_only_its_owner_can_read(tmp_path: Path) -> None:
    writer = written(tmp_path / "record.csv", "가", "\r\n", "b")
    assert writer.state == "done"
    assert (tmp_path / "record.csv").read_bytes() == "가\r\nb".encode()
    assert stat.S_IMODE((tmp_path / "record.csv").stat().st_mode) == 0o600
    assert [one.name for one in tmp_path.iterdir()] == ["record.csv"]


def test_nothing_is_created_before_the_export_may_begin(tmp_path: Path, wait_until) -> None:
    writer = FileWriter(tmp_path / "record.csv")
    writer.start()
    writer.put("early")
    wait_until(lambda: writer.state == "ready", "the place is checked")
    assert list(tmp_path.iterdir()) == []
    writer.cancel()
    writer.join()
    assert writer.state == "cancelled"
    assert list(tmp_path.iterdir()) == []


def test_a_cancelled_file_leaves_nothing_behind(tmp_path: Path, wait_until) -> None:
    writer = FileWriter(tmp_path / "record.csv")
    writer.start()
    writer.begin()
    writer.put("half")
    wait_until(lambda: writer.state == "writing", "writing has begun")
    writer.cancel()
    writer.join()
    assert writer.state == "cancelled"
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_exists_is_not_touched(tmp_path: Path) -> None:
    (tmp_path / "record.csv").write_text("mine")
    writer = written(tmp_path / "record.csv", "theirs")
    assert (writer.state, writer.problem) == ("failed", ("exists", {"path": str(tmp_path / "record.csv")}))
    assert (tmp_path / "record.csv").read_text() == "mine"


def test_a_name_taken_while_writing_is_not_overwritten(tmp_path: Path, wait_until) -> None:
    writer = FileWriter(tmp_path / "record.csv")
    writer.start()
    writer.begin()
    wait_until(lambda: writer.state == "writing", "writing has begun")
    (tmp_path / "record.csv").write_text("mine")
    writer.finish()
    writer.join()
    assert writer.state == "failed"
    assert [one.read_text() for one in tmp_path.iterdir()] == ["mine"]


@pytest.mark.parametrize(("path", "problem"), [("no/such/x.csv", "no_folder"), ("..", "no_name")])
def test_a_place_that_cannot_be_is_named(tmp_path: Path, path: str, problem: str) -> None:
    found = trouble_with(tmp_path / path)
    assert found is not None
    assert found[0] == problem


def test_a_disk_without_room_is_said_and_leaves_nothing(tmp_path: Path, monkeypatch) -> None:
    def full(handle: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(writing.os, "fsync", full)
    writer = written(tmp_path / "record.csv", "x")
    assert writer.state == "failed"
    assert writer.problem == ("failed", {"problem": os.strerror(errno.ENOSPC)})
    assert list(tmp_path.iterdir()) == []


def test_a_memory_stick_without_links_is_written_but_not_over(tmp_path: Path, monkeypatch) -> None:
    def no_links(*_: object) -> None:
        raise OSError(errno.EPERM, os.strerror(errno.EPERM))

    monkeypatch.setattr(writing.os, "link", no_links)
    part = tmp_path / "x.part"
    part.write_text("new")
    put_in_place(part, tmp_path / "x")
    assert (tmp_path / "x").read_text() == "new"
    part.write_text("newer")
    with pytest.raises(FileExistsError):
        put_in_place(part, tmp_path / "x")
    assert (tmp_path / "x").read_text() == "new"
