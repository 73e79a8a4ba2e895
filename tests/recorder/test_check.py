"""`bongsu check` looks at the footage of a data folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from console.clock import SECOND_NS
from console.footage.check import check_footage
from console.footage.layout import FOLDER
from console.footage.locks import KeptLock, KeptLocks, write_locks
from console.footage.writer import write_clip
from console.hub.check import run
from tests.video.clips import make_clip

BEGIN_NS = 1_795_000_000 * SECOND_NS


@pytest.fixture
def home(tmp_path: Path) -> Path:
    clip = make_clip(tmp_path / "clip.mp4", 2.0)
    for camera in ("CAM-1", "CAM-2"):
        write_clip(tmp_path / FOLDER, camera, clip, BEGIN_NS)
    return tmp_path


def test_footage_that_is_whole_is_said_to_be(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lock = KeptLock(id="L", camera_ids=("CAM-1",), from_ns=1, to_ns=2)
    write_locks(home / FOLDER, KeptLocks(locks=(lock,)))
    assert [(one.what, one.ok, one.detail) for one in check_footage(home)] == [
        ("footage locks", True, "1 locks"),
        ("footage", True, "2 cameras, 2 segments, the newest are readable"),
    ]
    run(["--home", str(home)])
    assert "ok  footage: 2 cameras" in capsys.readouterr().out


def test_a_folder_without_footage_says_nothing_of_it(tmp_path: Path) -> None:
    assert list(check_footage(tmp_path)) == []


@pytest.mark.parametrize("harm", ["empty", "garbage", "flipped"])
def test_a_segment_that_was_harmed_is_named(home: Path, harm: str) -> None:
    (path,) = (home / FOLDER).glob("CAM-2/*/*.packets")
    data = bytearray(path.read_bytes())
    data[-20] ^= 0xFF
    path.write_bytes({"empty": b"", "garbage": b"x" * len(data), "flipped": bytes(data)}[harm])
    _, found = check_footage(home)
    assert not found.ok
    assert found.do
    assert f"CAM-2/{BEGIN_NS}" in found.detail
    assert "CAM-1" not in found.detail


def test_locks_that_cannot_be_read_are_told_with_what_to_do(home: Path) -> None:
    (home / FOLDER / "locks.json").write_bytes(b"{")
    found, _ = check_footage(home)
    assert not found.ok
    assert "locks.json" in found.detail
    assert "recorder" in found.do
