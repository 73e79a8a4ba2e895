"""The sheet of keys: complete, made from the program, fit to be printed."""

from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path

import pytest

from console.bar.sheet import Command, Key, Sheet, as_html, as_text
from console.bar.verbs import VERBS
from console.desk import keys_command
from tests.bar.city import catalogue
from tests.kit.sitting import suwon

pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints")


def sheet(**other: object) -> Sheet:
    fields: dict[str, object] = {
        "language": "ko", "title": "단축키", "made": "m", "commands_title": "명령", "note": "n",
        "commands": (Command(word="이동", does="지도에서 장소로 이동", example="이동 시청"),),
        "groups": (("지도 <&>", (Key(key="Ctrl+F", text="찾기 & 보기"),)),),
    }  # fmt: skip
    return Sheet(**{**fields, **other})  # type: ignore[arg-type]


class Reader(HTMLParser):
    """Collects open tags and refuses what is closed without having been opened."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.links += [value or "" for name, value in attrs if name in ("src", "href")]
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_page_is_whole_says_a4_and_fetches_nothing():
    text = as_html([sheet(), sheet(language="en")])
    reader = Reader()
    reader.feed(text)
    assert not reader.open and not reader.links and "size: A4" in text
    assert "지도 &lt;&amp;&gt;" in text and "찾기 &amp; 보기" in text


def test_korean_columns_stand_under_each_other():
    lines = as_text([sheet(commands=(
        Command(word="이동", does="가", example="하나"), Command(word="go", does="abcd", example="one"),
    ))]).splitlines()  # fmt: skip
    places = [line.index(end) + sum("가" <= one <= "힣" for one in line[: line.index(end)])
              for line in lines for end in ("하나", "one") if end in line]  # fmt: skip
    assert len(places) == 2 and places[0] == places[1]


def test_every_key_and_command_of_the_program_is_on_it_in_both_languages(qapp: object):
    english, korean = keys_command.read_sheets(suwon(), ("en", "ko"))
    words = [catalogue("en").say(f"bar.verb.{one}.word") for one in VERBS]
    assert [one.word for one in english.commands] == words
    for page in (english, korean):
        keys = {key.key for _, lines in page.groups for key in lines}
        assert {"/", "Ctrl+/", "F1", "F4", "F9", "A", "Ctrl+F"} <= keys
        # Pages that are only built when they are asked for are on it too.
        assert len(page.groups) > 12 and sum(len(lines) for _, lines in page.groups) > 150
    assert [len(lines) for _, lines in english.groups] == [len(lines) for _, lines in korean.groups]
    assert not {group for group, _ in english.groups} & {group for group, _ in korean.groups}


def test_the_command_writes_the_page_or_says_why_not(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setattr(keys_command, "read_sheets", lambda profile, languages: [sheet() for _ in languages])
    assert keys_command.run(["--html", str(tmp_path / "keys.html"), "--language", "ko"]) == 0
    assert "단축키" in (tmp_path / "keys.html").read_text(encoding="utf-8")
    assert keys_command.run(["--text"]) == 0
    assert capsys.readouterr().out.count("단축키") == 2
    assert keys_command.run(["--html", str(tmp_path / "no" / "keys.html")]) == 1
    assert "could not be written" in capsys.readouterr().err
    assert keys_command.run(["--city", "atlantis"]) == 1
