"""The files that say which camera's picture comes from where."""

from __future__ import annotations

import json
import stat
from pathlib import Path

import pytest

from console.video.book import SourceBook, SourceBookError
from console.video.source import Credential, Source

CAMERA = Source(kind="rtsp", locator="rtsp://10.0.0.7/ch1", credential="gate", transport="udp")
GATE = Credential(user="operator", password="hunter2-canary")


def written(home: Path, sources: object, credentials: object = None) -> Path:
    folder = home / "video"
    folder.mkdir(parents=True)
    (folder / "sources.json").write_text(json.dumps(sources))
    if credentials is not None:
        path = folder / "credentials.json"
        path.write_text(json.dumps(credentials))
        path.chmod(0o600)
    return home


def test_what_was_saved_is_loaded_again(tmp_path: Path) -> None:
    clip = tmp_path / "clips" / "a.mp4"
    clip.parent.mkdir()
    clip.touch()
    sources = {
        "CCTV-1": CAMERA,
        "CCTV-2": Source(kind="file", locator=str(clip), hold=(3.0, 9.0), offset_s=1.5),
    }
    SourceBook(sources, {"gate": GATE}, [clip.parent]).save(tmp_path / "home")
    book = SourceBook.load(tmp_path / "home")
    assert {camera_id: book.source(camera_id) for camera_id in book.camera_ids} == sources
    assert book.credential(CAMERA) == GATE
    assert book.refused == {}


def test_saved_files_can_be_read_by_their_owner_only_and_sources_hold_no_password(tmp_path: Path) -> None:
    SourceBook({"CCTV-1": CAMERA}, {"gate": GATE}).save(tmp_path)
    for name in ("sources.json", "credentials.json"):
        assert stat.S_IMODE((tmp_path / "video" / name).stat().st_mode) == 0o600
    assert GATE.password not in (tmp_path / "video" / "sources.json").read_text()


def test_no_files_make_an_empty_book(tmp_path: Path) -> None:
    assert SourceBook.load(tmp_path).camera_ids == ()


@pytest.mark.parametrize("mode", [0o644, 0o640, 0o604, 0o660])
def test_passwords_that_others_can_read_are_refused_and_the_text_says_what_to_do(
    tmp_path: Path, mode: int
) -> None:
    SourceBook({"CCTV-1": CAMERA}, {"gate": GATE}).save(tmp_path)
    (tmp_path / "video" / "credentials.json").chmod(mode)
    with pytest.raises(SourceBookError, match="chmod 600") as refusal:
        SourceBook.load(tmp_path)
    assert GATE.password not in str(refusal.value)


def test_one_wrong_entry_does_not_take_the_others_away(tmp_path: Path) -> None:
    good = {"kind": "rtsp", "locator": "rtsp://10.0.0.7/ch1"}
    home = written(tmp_path, {"version": 1, "sources": {
        "GOOD": good,
        "PATH": {"kind": "file", "locator": "/etc/passwd"},
        "KIND": {"kind": "gopher", "locator": "gopher://x"},
        "FIELD": {**good, "colour": "red"},
        "TYPE": {**good, "offset_s": "soon"},
        "NAME": {**good, "credential": "nobody"},
        "USER": {"kind": "rtsp", "locator": "rtsp://u:hunter2-canary@10.0.0.7/ch1"},
    }})  # fmt: skip
    book = SourceBook.load(home)
    assert book.camera_ids == ("GOOD",)
    assert set(book.refused) == {"PATH", "KIND", "FIELD", "TYPE", "NAME", "USER"}
    assert "colour" in book.refused["FIELD"]
    assert "offset_s" in book.refused["TYPE"]
    assert "nobody" in book.refused["NAME"]
    assert "hunter2-canary" not in str(book.refused)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("{", "sources.json"),
        ("[]", "sources.json"),
        ('{"version": 2, "sources": {}}', "expected 1, found 2"),
        ('{"version": 1}', "sources"),
        ('{"version": 1, "sources": {}, "extra": 1}', "extra"),
    ],
)
def test_a_file_that_cannot_be_used_is_named_with_the_place(tmp_path: Path, text: str, problem: str) -> None:
    home = written(tmp_path, {})
    (home / "video" / "sources.json").write_text(text)
    with pytest.raises(SourceBookError, match=problem):
        SourceBook.load(home)


def test_a_wrong_credentials_file_is_named_without_what_stands_in_it(tmp_path: Path) -> None:
    home = written(
        tmp_path, {"version": 1, "sources": {}}, {"gate": {"user": "x", "pasword": "hunter2-canary"}}
    )
    with pytest.raises(SourceBookError, match=r"credentials\.json") as refusal:
        SourceBook.load(home)
    assert "hunter2-canary" not in str(refusal.value)
