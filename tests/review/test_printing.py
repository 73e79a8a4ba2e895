"""The printed record: a process of its own, Korean that can be copied out, every page numbered."""

from __future__ import annotations

import shutil
import stat
import struct
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from console.language import load_catalogue
from console.model.query import LogFilter
from console.report.describe import Teller
from console.report.printed import Column, Leave, Printed, log_lines, print_history, print_log
from console.report.times import CityClock
from tests.guards.provided import REPO
from tests.report.city import START_NS, small_city
from tests.review.record import history_page, notes
from widgets.review.printing import Printing
from widgets.review.typeface import FAMILY, NEVER_DRAWN, renamed, without_glyphs

SEOUL = CityClock("Asia/Seoul")
LEAVE = Leave(person="lee", desk="review-1", reason="감사 자료 제출", at_ns=START_NS, entry_seq=99,
              head_seq=98, head_hash="ab12cd34" * 8)  # fmt: skip
needs_pdftotext = pytest.mark.skipif(
    shutil.which("pdftotext") is None, reason="pdftotext (poppler-utils) is not on this machine"
)


def korean_history() -> Printed:
    teller = Teller(load_catalogue("ko"), small_city())
    entries = history_page().entries
    teller.learn(entries)
    return print_history(teller, SEOUL, LEAVE, "I1", entries)


def ledger(count: int, text: str = "메모") -> Printed:
    teller = Teller(load_catalogue("en"), small_city())
    lines = log_lines(teller, SEOUL, notes(1, count, text)[::-1])
    return print_log(teller, SEOUL, LEAVE, LogFilter(since_ns=START_NS), lines)


def printed(document: Printed, path: Path) -> list[dict[str, object]]:
    """What the printing process said."""
    done = subprocess.run(
        [sys.executable, "-m", "widgets.review.printer", str(path)], cwd=REPO, capture_output=True,
        input=msgspec.msgpack.encode(document), timeout=100, check=False,
    )  # fmt: skip
    assert done.stderr == b""
    return [msgspec.json.decode(line) for line in done.stdout.splitlines()]


def text_of(path: Path) -> str:
    return subprocess.run(
        ["pdftotext", "-layout", str(path), "-"], capture_output=True, check=True, timeout=60
    ).stdout.decode()


@needs_pdftotext
def test_a_printed_history_holds_its_korean_with_the_spaces_between_the_words(tmp_path: Path) -> None:
    said = printed(korean_history(), tmp_path / "history.pdf")
    assert said[-1] == {"done": 1}
    text = text_of(tmp_path / "history.pdf")
    for wanted in (
        "상황 이력", "수원시", "감사 자료 제출", "lee (review-1)", "대응 시간", "팔달문시장 동문",
        "kim 메모: “상인회장 통화함”", "119: 출동 → 현장 도착", "5분 00초", "1 / 1쪽", "원장 99번",
        "2026-03-20 18:46:40 – 2026-03-20 19:01:40",
    ):  # fmt: skip
        assert wanted in text
    assert "98 · " + "ab12cd34" * 4 in text  # the ledger's head, wrapped, never cut
    assert not any(character < " " and character not in "\n\f" for character in text)


@needs_pdftotext
def test_a_long_record_has_every_line_once_and_every_page_its_number(tmp_path: Path) -> None:
    said = printed(ledger(400), tmp_path / "ledger.pdf")
    pages = int(str(said[-1]["done"]))
    assert pages > 5
    assert {"pages": [pages, pages]} in said
    text = text_of(tmp_path / "ledger.pdf")
    for number in range(1, pages + 1):
        assert f"Page {number} of {pages}" in text
    for number in range(1, 401):
        assert text.count(f"“메모 {number}”") == 1
    assert text.count("What happened") == pages


@needs_pdftotext
def test_a_note_longer_than_a_page_is_printed_whole(tmp_path: Path) -> None:
    words = [f"w{number:04d}" for number in range(1600)]
    printed(ledger(2, " ".join(words)), tmp_path / "long.pdf")
    text = "".join(text_of(tmp_path / "long.pdf").split())
    for word in words:
        assert text.count(word) >= 2


@needs_pdftotext
def test_a_record_with_nothing_in_it_says_so(tmp_path: Path) -> None:
    printed(ledger(0), tmp_path / "empty.pdf")
    assert "Nothing on record matches." in text_of(tmp_path / "empty.pdf")


def test_the_file_is_only_its_owners_and_nothing_else_is_left(tmp_path: Path) -> None:
    printed(ledger(3), tmp_path / "x.pdf")
    assert stat.S_IMODE((tmp_path / "x.pdf").stat().st_mode) == 0o600
    assert [one.name for one in tmp_path.iterdir()] == ["x.pdf"]


def test_a_file_that_exists_is_not_touched(tmp_path: Path) -> None:
    (tmp_path / "x.pdf").write_text("mine")
    said = printed(ledger(3), tmp_path / "x.pdf")
    assert "problem" in said[-1]
    assert [one.read_text() for one in tmp_path.iterdir()] == ["mine"]


def test_a_document_that_cannot_be_read_is_refused_and_leaves_nothing(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "widgets.review.printer", str(tmp_path / "x.pdf")], cwd=REPO, timeout=60,
        capture_output=True, input=b"\x93nonsense", check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert "problem" in msgspec.json.decode(done.stdout)
    assert list(tmp_path.iterdir()) == []


def test_the_window_hears_how_far_it_is_and_when_it_is_there(qtbot, tmp_path: Path) -> None:
    printing = Printing(ledger(120), tmp_path / "x.pdf")
    pages: list[tuple[int, int]] = []
    printing.drew.connect(lambda page, of_all: pages.append((page, of_all)))
    with qtbot.waitSignal(printing.ended, timeout=60_000) as ended:
        printing.start()
    assert ended.args == [""]
    assert pages[-1][0] == pages[-1][1] == len(pages)
    assert (tmp_path / "x.pdf").stat().st_size > 10_000


def test_a_cancelled_print_ends_its_process_and_leaves_nothing(qtbot, tmp_path: Path) -> None:
    printing = Printing(ledger(4000), tmp_path / "x.pdf")
    with qtbot.waitSignal(printing.measured, timeout=60_000):
        printing.start()
    printing.cancel()
    qtbot.waitUntil(printing.is_gone, timeout=20_000)
    assert list(tmp_path.iterdir()) == []


def test_a_print_that_fails_says_why(qtbot, tmp_path: Path, expected_logs) -> None:
    expected_logs("The printing process ended with 1", count=1)
    printing = Printing(ledger(1), tmp_path / "no" / "x.pdf")
    with qtbot.waitSignal(printing.ended, timeout=60_000) as ended:
        printing.start()
    assert ended.args == ["No such file or directory"]


def test_the_prepared_font_differs_only_in_its_name_and_in_characters_nobody_draws() -> None:
    font = (REPO / "assets" / "fonts" / "NanumGothic.ttf").read_bytes()
    prepared = without_glyphs(font, NEVER_DRAWN)
    changed = [place for place in range(len(font)) if font[place] != prepared[place]]
    assert 0 < len(changed) <= 2 * len(NEVER_DRAWN)
    named = renamed(font)
    assert len(named) == len(font)
    assert FAMILY.encode("utf-16-be") in named


def test_what_is_no_font_is_refused() -> None:
    for garbage in (b"", b"\0" * 40, b"not a font at all, though long enough to look like one"):
        with pytest.raises(struct.error):
            without_glyphs(garbage, NEVER_DRAWN)


@needs_pdftotext
def test_a_word_wider_than_its_column_is_broken_and_not_cut(tmp_path: Path) -> None:
    columns = (Column(title="a", share=0.03), Column(title="b", share=0.97))
    word = "".join(chr(ord("a") + number % 26) for number in range(78))
    document = Printed(title="t", facts=(), columns=columns, rows=((word, ""),), foot="f",
                       page="{page}/{pages}")  # fmt: skip
    assert printed(document, tmp_path / "x.pdf")[-1] == {"done": 1}
    assert word in "".join(text_of(tmp_path / "x.pdf").split())
