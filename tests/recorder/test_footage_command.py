"""`bongsu footage` says in words, or as JSON, what is kept."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from console.clock import SECOND_NS
from console.footage.command import run
from console.footage.layout import FOLDER
from console.footage.locks import KeptLock, KeptLocks, write_locks
from console.footage.writer import write_clip
from tests.video.clips import make_clip

BEGIN_NS = 1_795_000_000 * SECOND_NS


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    clip = make_clip(tmp_path / "clip.mp4", 2.0)
    for begin_ns in (BEGIN_NS, BEGIN_NS + 12 * SECOND_NS):
        write_clip(tmp_path / FOLDER, "CAM-1", clip, begin_ns)
    return tmp_path


def test_a_cameras_footage_is_listed_with_its_edges_and_size(home: Path, capsys) -> None:  # type: ignore[no-untyped-def]
    assert run(["--home", str(home), "--json", "list"]) == 0
    (row,) = msgspec.json.decode(capsys.readouterr().out)
    size = sum(path.stat().st_size for path in (home / FOLDER).rglob("*.packets"))
    assert (row["camera"], row["from_ns"], row["bytes"]) == ("CAM-1", BEGIN_NS, size)
    assert row["to_ns"] == BEGIN_NS + 12 * SECOND_NS + int(1.96 * SECOND_NS)
    assert run(["--home", str(home), "list"]) == 0
    assert "CAM-1" in capsys.readouterr().out


def test_gaps_are_told_between_spans(home: Path, capsys) -> None:  # type: ignore[no-untyped-def]
    assert run(["--home", str(home), "spans", "CAM-1"]) == 0
    first, second = capsys.readouterr().out.splitlines()
    assert "nothing" not in first
    assert "nothing for 10.0 s before" in second


def test_locks_are_told_with_who_and_why(home: Path, capsys) -> None:  # type: ignore[no-untyped-def]
    assert run(["--home", str(home), "locks"]) == 0
    assert "Nothing is locked" in capsys.readouterr().out
    lock = KeptLock(
        id="L1", camera_ids=("CAM-1",), from_ns=BEGIN_NS, to_ns=BEGIN_NS, reason="민원", person="Lee"
    )
    write_locks(home / FOLDER, KeptLocks(locks=(lock,)))
    assert run(["--home", str(home), "locks"]) == 0
    assert "Lee: 민원" in capsys.readouterr().out


def test_nothing_and_what_cannot_be_read_are_told_apart(tmp_path: Path, capsys) -> None:  # type: ignore[no-untyped-def]
    assert run(["--home", str(tmp_path), "list"]) == 1
    assert "Nothing is recorded" in capsys.readouterr().out
    assert run(["--home", str(tmp_path), "spans", "CAM-9"]) == 1
    (tmp_path / FOLDER).mkdir()
    (tmp_path / FOLDER / "locks.json").write_bytes(b"{")
    assert run(["--home", str(tmp_path), "locks"]) == 1
    assert "locks.json" in capsys.readouterr().err
