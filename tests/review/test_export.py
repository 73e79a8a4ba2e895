"""Taking a part of the record out of the console: on record first, then page by page into a file."""

from __future__ import annotations

import csv
import io
import os
import shutil
import subprocess
from itertools import pairwise
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from console.model import events as ev
from console.model.base import Words
from console.model.commands import LogExport
from console.model.query import AskHistory, AskLog, HubHealth, LogFilter, LogPage
from tests.incidents.room import Room
from tests.report.city import entry
from tests.review.record import history_page, incident_page, log_page, shown
from widgets.review import export
from widgets.review.workspace import Review


@pytest.fixture
def ledger(room: Room, review: Review) -> Review:
    """The ledger, looked up, with the list in the keyboard's hand."""
    review.filters.text.setText("메모")
    review.show_ledger()
    room.bring(log_page(201, 400, more=True))
    review.focus_list()
    return review


def begin(review: Review, room: Room, qt_wait_until, key: Qt.Key = Qt.Key.Key_E) -> None:
    """Press E or P, give a reason, and wait until the hub is asked."""
    QTest.keyClick(review.window(), key)
    review.strip.reason.setText("감사 자료")
    QTest.keyClick(review.strip.reason, Qt.Key.Key_Return)
    until(review, room, qt_wait_until, "asked", "failed")


def until(review: Review, room: Room, qt_wait_until, *states: str) -> None:
    def there() -> bool:
        room.tick()
        return review.strip.job is not None and review.strip.job.state in states

    qt_wait_until(there, lambda: f"state {states}, is {review.strip.job and review.strip.job.state}", 60)


def read(path: Path) -> list[list[str]]:
    text = path.read_bytes().decode()
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def test_nothing_leaves_before_the_hub_has_put_it_on_record(
    room: Room, ledger: Review, tmp_path: Path, qt_wait_until
) -> None:
    asked = len(room.port.queries)
    begin(ledger, room, qt_wait_until)
    command = room.port.commands[-1]
    assert isinstance(command, LogExport)
    assert (command.format, command.reason) == ("csv", "감사 자료")
    assert command.what == "ledger, “메모”"
    for _ in range(20):
        room.later(1)
    assert list(tmp_path.iterdir()) == [] or [one.name for one in tmp_path.iterdir()] == ["home"]
    assert len(room.port.queries) == asked
    assert "Nothing leaves the console before it is on record." in shown(ledger)
    ledger.strip.cancel()
    until(ledger, room, qt_wait_until, "cancelled")


def test_a_refused_export_writes_nothing_and_says_why(
    room: Room, ledger: Review, tmp_path: Path, qt_wait_until
) -> None:
    begin(ledger, room, qt_wait_until)
    asked = len(room.port.queries)
    room.refuse("The ledger cannot be written.")
    assert ledger.strip.job.state == "refused"
    assert "Not exported. The ledger cannot be written." in shown(ledger)
    for _ in range(5):
        room.tick()
    assert len(room.port.queries) == asked
    assert not list(tmp_path.glob("*.csv*"))


def test_an_acceptance_of_another_request_is_not_leave(room: Room, ledger: Review, qt_wait_until) -> None:
    begin(ledger, room, qt_wait_until)
    room.accept(number=77)
    assert ledger.strip.job.state == "asked"
    ledger.strip.cancel()
    until(ledger, room, qt_wait_until, "cancelled")


def test_without_a_reason_nobody_is_even_asked(room: Room, ledger: Review) -> None:
    QTest.keyClick(ledger.window(), Qt.Key.Key_E)
    ledger.strip.reason.setText("   ")
    QTest.keyClick(ledger.strip.reason, Qt.Key.Key_Return)
    assert room.port.commands == []
    assert "An export needs a reason." in shown(ledger)


def test_the_whole_result_is_exported_page_by_page_not_only_what_was_scrolled_to(
    room: Room, ledger: Review, qt_wait_until
) -> None:
    begin(ledger, room, qt_wait_until)
    room.accept(seq=900)
    wanted = LogFilter(text="메모")
    assert room.port.queries[-1] == AskLog(filter=wanted, limit=1000)
    room.bring(log_page(151, 400, more=True))
    qt_wait_until(
        lambda: room.tick() or room.port.queries[-1] == AskLog(filter=wanted, before_seq=151, limit=1000),
        "the next page",
    )
    assert "250 lines brought" in shown(ledger)
    room.bring(log_page(1, 150))
    until(ledger, room, qt_wait_until, "done")
    rows = read(ledger.strip.job.path)
    assert rows[0][:6] == ["run", "seq", "time", "kind", "kind_words", "what"]
    assert [int(row[1]) for row in rows[1:]] == list(range(400, 0, -1))
    assert rows[1][3:7] == ["incident.noted", "Note", "kim noted: “메모 400”", "kim"]
    assert f"Saved: {ledger.strip.job.path} (400 lines, on record as entry 900)." in shown(ledger)


def test_a_note_that_a_spreadsheet_would_run_is_neutralised_in_the_file(
    room: Room, review: Review, qt_wait_until
) -> None:
    noted = entry(ev.IncidentNoted(incident_id="=1+1", person="@kim", text="=cmd|' /C calc'!A0"), 5)
    page = LogPage(entries=(noted,))
    review.show_ledger()
    room.bring(page)
    review.focus_list()
    begin(review, room, qt_wait_until)
    room.accept()
    room.bring(page)
    until(review, room, qt_wait_until, "done")
    row = dict(zip(*read(review.strip.job.path), strict=True))
    assert row["incident"] == "'=1+1"
    assert row["who"] == "'@kim"
    assert not any(cell.startswith(("=", "+", "-", "@")) for cell in row.values())


def test_incidents_are_exported_too(room: Room, review: Review, qt_wait_until) -> None:
    review.search()
    room.bring(incident_page(3))
    review.focus_list()
    begin(review, room, qt_wait_until)
    assert room.port.commands[-1].what == "incident log, everything on record"
    room.accept()
    room.bring(incident_page(3))
    until(review, room, qt_wait_until, "done")
    rows = read(review.strip.job.path)
    assert [row[0] for row in rows] == ["incident", "I0", "I1", "I2"]


def test_a_history_is_exported_with_the_time_between_the_lines(
    room: Room, review: Review, qt_wait_until
) -> None:
    review.show_history("I1")
    room.bring(history_page())
    begin(review, room, qt_wait_until)
    room.accept()
    assert room.port.queries[-1] == AskHistory(incident_id="I1")
    room.bring(history_page())
    until(review, room, qt_wait_until, "done")
    rows = read(review.strip.job.path)
    assert rows[0][3] == "since_previous_s"
    assert [row[3] for row in rows[1:5]] == ["0.0", "0.0", "8.0", "12.0"]


def test_a_lookup_that_fails_half_way_leaves_no_file(
    room: Room, ledger: Review, tmp_path, qt_wait_until
) -> None:
    begin(ledger, room, qt_wait_until)
    room.accept()
    room.bring(log_page(101, 300, more=True))
    qt_wait_until(lambda: room.tick() or len(room.port.queries) == 3, "the next page is asked for")
    room.bring(None, Words(en="The hub has not answered.", ko="응답 없음."))
    assert ledger.strip.job.state == "failed"
    assert "Not exported. The hub has not answered. No file was left." in shown(ledger)
    qt_wait_until(lambda: not list(tmp_path.glob("bongsu*")), "nothing is left")


def test_a_running_export_is_cancelled_by_escape_and_leaves_no_file(
    room: Room, ledger: Review, tmp_path, qt_wait_until
) -> None:
    begin(ledger, room, qt_wait_until)
    room.accept()
    room.bring(log_page(101, 300, more=True))
    room.tick()
    QTest.keyClick(ledger.window(), Qt.Key.Key_Escape)
    until(ledger, room, qt_wait_until, "cancelled")
    assert "Cancelled. No file was left." in shown(ledger)
    assert not list(tmp_path.glob("bongsu*"))
    QTest.keyClick(ledger.strip, Qt.Key.Key_Escape)
    ledger.strip.cancel()
    assert ledger.strip.isHidden()


def test_a_path_that_cannot_be_is_said_before_anything_is_asked_and_can_be_corrected(
    room: Room, ledger: Review, tmp_path, qt_wait_until
) -> None:
    QTest.keyClick(ledger.window(), Qt.Key.Key_E)
    ledger.strip.reason.setText("감사")
    ledger.strip.file.setText(str(tmp_path / "no" / "x.csv"))
    QTest.keyClick(ledger.strip.file, Qt.Key.Key_Return)
    until(ledger, room, qt_wait_until, "failed")
    assert room.port.commands == []
    assert f"The folder {tmp_path / 'no'} does not exist." in shown(ledger)
    ledger.strip.file.setText("x.csv")
    QTest.keyClick(ledger.strip.file, Qt.Key.Key_Return)
    until(ledger, room, qt_wait_until, "asked")
    assert ledger.strip.job.path == tmp_path / "x.csv"
    ledger.strip.cancel()
    until(ledger, room, qt_wait_until, "cancelled")


def test_only_one_export_runs_at_a_time(room: Room, ledger: Review, qt_wait_until) -> None:
    begin(ledger, room, qt_wait_until)
    assert not room.actions.act("review.csv").isEnabled()
    assert not room.actions.act("review.pdf").isEnabled()
    first = ledger.strip.job
    ledger.ask_pdf()
    assert ledger.strip.job is first
    ledger.strip.cancel()
    until(ledger, room, qt_wait_until, "cancelled")
    assert room.actions.act("review.csv").isEnabled()


def test_nothing_can_be_exported_before_something_was_looked_up(room: Room, review: Review) -> None:
    assert not room.actions.act("review.csv").isEnabled()
    review.search()
    room.bring(incident_page(1))
    assert room.actions.act("review.csv").isEnabled()


@pytest.mark.skipif(
    shutil.which("pdftotext") is None, reason="pdftotext (poppler-utils) is not on this machine"
)
def test_a_printed_ledger_is_read_from_its_beginning_and_carries_the_ledgers_head(
    room: Room, ledger: Review, qt_wait_until
) -> None:
    room.board.health = HubHealth(
        run="r1", seq=512, head_hash="feed" * 16, started_at_ns=0, entries=1, readings=0, batches=0,
        lost_batches=0, queue_depth=0, drops={}, refused={}, recording="", recording_bytes=0, free_bytes=0,
        ledger_ok=True,
    )  # fmt: skip
    begin(ledger, room, qt_wait_until, key=Qt.Key.Key_P)
    assert room.port.commands[-1].format == "pdf"
    room.accept(seq=513)
    room.bring(log_page(1, 60))
    until(ledger, room, qt_wait_until, "done")
    told = subprocess.run(
        ["pdftotext", "-layout", str(ledger.strip.job.path), "-"], capture_output=True, check=True, timeout=60
    ).stdout.decode()
    for wanted in ("Extract from the ledger", "Suwon", "감사 자료", "kim (desk-3)", "512 · " + "feed" * 8,
                   "entry 513 of the ledger", "Page 1 of"):  # fmt: skip
        assert wanted in told
    assert told.index("“메모 1”") < told.index("“메모 60”")


def test_too_long_a_print_is_refused_with_what_to_do(
    room: Room, ledger: Review, monkeypatch, qt_wait_until, tmp_path
) -> None:
    monkeypatch.setattr(export, "PRINT_MOST", 100)
    begin(ledger, room, qt_wait_until, key=Qt.Key.Key_P)
    room.accept()
    room.bring(log_page(1, 200))
    until(ledger, room, qt_wait_until, "failed")
    assert "More than 100 lines cannot be printed. Narrow the period, or export CSV." in shown(ledger)
    assert not list(tmp_path.glob("bongsu*"))


def test_a_thousand_rows_are_shaped_in_slices_never_in_one_tick(
    room: Room, ledger: Review, monkeypatch, qt_wait_until
) -> None:
    monkeypatch.setattr(export, "BUDGET_NS", -1)  # a tick is used up after its first slice
    begin(ledger, room, qt_wait_until)
    room.accept()
    room.bring(log_page(1, 1000))
    counts = [ledger.strip.job.count]
    while ledger.strip.job.state == "gathering":
        room.tick()
        counts.append(ledger.strip.job.count)
    assert max(after - before for before, after in pairwise(counts)) <= export.SLICE
    until(ledger, room, qt_wait_until, "done")
    assert len(read(ledger.strip.job.path)) == 1001


def test_the_file_is_named_after_city_view_and_moment(room: Room, ledger: Review, tmp_path: Path) -> None:
    QTest.keyClick(ledger.window(), Qt.Key.Key_E)
    assert ledger.strip.file.text() == os.path.join(tmp_path, "bongsu-suwon-log-20260320-184640.csv")
