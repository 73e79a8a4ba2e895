"""Where warnings come from: folders and files of sources, checked at the door, no secret in any text."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from console.gateways.cap.figures import cap_figures
from console.gateways.cap.folder import FolderWatch
from console.gateways.cap.sources import SourceError, shown_url, sources_of
from tests.gateways.cap.messages import Signer, alert
from tests.gateways.cap.test_reading import Desk


def config(folder: Path, text: str, mode: int = 0o600) -> Path:
    path = folder / "sources.toml"
    path.write_text(text, encoding="utf-8")
    path.chmod(mode)
    return path


def test_a_file_of_sources_is_read_with_certificates_beside_it(tmp_path: Path) -> None:
    (tmp_path / "kma.pem").write_bytes(Signer().pem)
    (tmp_path / "in").mkdir()
    path = config(
        tmp_path,
        '[[sources]]\nid = "kma"\nurl = "https://a.example/f"\ntrusted = ["kma.pem"]\nhosts = ["B.example"]\n'
        '[[sources]]\nid = "in"\nfiles = "in"\n',
    )
    one, other = sources_of([], [], path)
    assert len(one.trusted) == 1
    assert one.hosts == {"b.example"}
    assert one.interval_s == cap_figures().ask.interval_s
    assert other.files == tmp_path / "in"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('[[sources]]\nid = "a"\n', "either files or url"),
        ('[[sources]]\nid = "a"\nurl = "ftp://a.example/"\n', "http or https"),
        ('[[sources]]\nid = "a"\nurl = "https://"\n', "http or https"),
        ('[[sources]]\nid = "a"\nurl = "https://a.example:99999/"\n', "http or https"),
        ('[[sources]]\nid = "a b"\nurl = "https://a.example/"\n', "id"),
        ('[[sources]]\nid = "a"\nurl = "https://a.example/"\ninterval_s = 0.1\n', "interval_s"),
        ('[[sources]]\nid = "a"\nurl = "https://a.example/"\nrequire_signature = true\n', "trusted"),
        ('[[sources]]\nid = "a"\nurl = "https://a.example/"\ntrusted = ["none.pem"]\n', "none.pem"),
        ('[[sources]]\nid = "a"\nurl = "https://a.example/"\ntrusted = ["sources.toml"]\n', "PEM"),
        ('[[sources]]\nid = "a"\nurl = "https://a.example/"\nverify = false\n', "verify"),
        ('[[sources]]\nid = "a"\nfiles = "nowhere"\n', "no folder"),
        ("sources = 3\n", "sources.toml"),
        ('[[sources]]\nid = "a"\nurl = "https://a.example/"\n' * 2, "same id"),
    ],
)
def test_a_mistake_in_the_file_names_source_and_key(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(SourceError, match=said):
        sources_of([], [], config(tmp_path, text))


def test_a_file_others_can_read_is_not_used_since_addresses_may_hold_keys(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="chmod 600"):
        sources_of([], [], config(tmp_path, '[[sources]]\nid = "a"\nurl = "https://a.example/"\n', 0o644))


def test_no_source_at_all_is_said() -> None:
    with pytest.raises(SourceError, match="no source"):
        sources_of([], [], None)


def test_what_may_be_a_key_is_in_no_text() -> None:
    (source,) = sources_of([], ["https://me:secret@a.example:8443/f?key=secret"], None)
    for text in (repr(source), source.shown, shown_url(source.url)):
        assert "secret" not in text
    assert source.shown == "https://a.example:8443/f"


def test_a_file_is_read_when_it_was_the_same_twice_and_again_only_when_it_changed(tmp_path: Path) -> None:
    desk = Desk()
    watch = FolderWatch(tmp_path, desk.intake)
    (tmp_path / "a.cap").write_bytes(alert()[:100])
    assert watch.look() == ""
    (tmp_path / "a.cap").write_bytes(alert())
    watch.look()
    assert desk.refused == []  # the half of it was never taken for a broken message
    watch.look()
    watch.look()
    assert [one.message.identifier for one in desk.told] == ["KMA-1"]
    (tmp_path / "a.cap").write_bytes(alert("KMA-2"))
    watch.look()
    watch.look()
    assert [one.message.identifier for one in desk.told] == ["KMA-1", "KMA-2"]


def test_links_and_pipes_are_refused_and_other_names_left_alone(tmp_path: Path) -> None:
    desk = Desk()
    outside = tmp_path / "outside"
    outside.write_bytes(alert())
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.cap").symlink_to(outside)
    os.mkfifo(folder / "b.cap")
    (folder / "notes.txt").write_bytes(alert())
    (folder / ".c.cap").write_bytes(alert())
    watch = FolderWatch(folder, desk.intake)
    for _ in range(3):
        watch.look()
    assert desk.told == []
    assert [cause for cause, _, _ in desk.refused] == ["hostile", "hostile"]


def test_a_folder_that_is_gone_is_said_and_goes_on_when_it_is_back(tmp_path: Path) -> None:
    desk = Desk()
    folder = tmp_path / "in"
    watch = FolderWatch(folder, desk.intake)
    assert watch.look() == "No such file or directory"
    folder.mkdir()
    (folder / "a.cap").write_bytes(alert())
    assert [watch.look(), watch.look()] == ["", ""]
    assert len(desk.told) == 1


def test_a_feed_in_a_folder_gives_what_it_holds_and_says_what_it_only_names(tmp_path: Path) -> None:
    desk = Desk()
    inner = alert(declaration=False).decode()
    feed = (
        '<feed xmlns="http://www.w3.org/2005/Atom">'
        f"<entry><id>1</id><content>{inner}</content></entry>\n"
        "<entry><id>2</id><link href='x.cap'/></entry></feed>"
    )
    (tmp_path / "a.atom").write_text(feed, encoding="utf-8")
    watch = FolderWatch(tmp_path, desk.intake)
    watch.look()
    watch.look()
    assert len(desk.told) == 1
    assert "does not fetch" in desk.refused[0][1]
