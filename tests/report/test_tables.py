"""The record as rows and as a printed document."""

from __future__ import annotations

import msgspec
import pytest

from console.language import LANGUAGES, load_catalogue
from console.model import events as ev
from console.model.base import Words
from console.model.query import IncidentRow, LogFilter
from console.report.describe import Teller
from console.report.intervals import response_intervals
from console.report.printed import (
    Leave,
    incident_lines,
    log_lines,
    print_history,
    print_incidents,
    print_log,
    procedure_pairs,
)
from console.report.tables import (
    HISTORY_COLUMNS,
    INCIDENT_COLUMNS,
    INTERVAL_COLUMNS,
    LOG_COLUMNS,
    history_rows,
    incident_rows,
    interval_rows,
    log_rows,
)  # fmt: skip
from console.report.times import CityClock
from tests.report.city import START_NS, log_of, one_of_each, small_city

SEOUL = CityClock("Asia/Seoul")
LEAVE = Leave(person="lee", desk="review-1", reason="감사 자료", at_ns=START_NS, entry_seq=99, head_seq=98,
              head_hash="ab12")  # fmt: skip
ROW = IncidentRow(incident_id="I1", type="smoke", priority=1, place=Words(en="Market", ko="시장"),
                  district="paldal", opened_at_ns=START_NS, changed_at_ns=START_NS + 10**9,
                  stage="responding", owner="kim", agencies=("KR-119", "KR-112"))  # fmt: skip


def history() -> list:
    return log_of(*enumerate(one_of_each().values()))


def teller(language: str = "en") -> Teller:
    one = Teller(load_catalogue(language), small_city())
    one.learn(history())
    return one


def test_every_row_has_a_cell_for_every_column() -> None:
    entries = history()
    assert {len(row) for row in log_rows(teller(), SEOUL, entries)} == {len(LOG_COLUMNS)}
    assert {len(row) for row in history_rows(teller(), SEOUL, entries)} == {len(HISTORY_COLUMNS)}
    assert {len(row) for row in incident_rows(teller(), SEOUL, [ROW])} == {len(INCIDENT_COLUMNS)}
    times = list(interval_rows(SEOUL, response_intervals(entries)))
    assert {len(row) for row in times} == {len(INTERVAL_COLUMNS)}


def test_a_ledger_row_carries_the_stable_tag_beside_the_words() -> None:
    row = dict(zip(LOG_COLUMNS, next(log_rows(teller("ko"), SEOUL, history()[8:])), strict=True))
    assert row["kind"] == "incident.opened"
    assert row["kind_words"] == "상황 발생"
    assert row["time"] == "2026-03-20T18:46:48.000+09:00"
    assert (row["incident"], row["place"], row["district"]) == ("I1", "팔달문시장 동문", "팔달구")


def test_an_incident_row_names_its_partners() -> None:
    row = dict(zip(INCIDENT_COLUMNS, next(incident_rows(teller(), SEOUL, [ROW])), strict=True))
    assert (row["agencies"], row["stage"], row["stage_words"]) == ("119 112", "responding", "responding")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_printed_record_says_city_period_person_reason_and_the_ledgers_head(language: str) -> None:
    asked = LogFilter(since_ns=START_NS, person="kim", incident_type="smoke", district="paldal", text="연기",
                      kinds=("incident.noted",))  # fmt: skip
    entries, words = history(), teller(language)
    for document in (
        print_log(words, SEOUL, LEAVE, asked, log_lines(words, SEOUL, entries)),
        print_incidents(words, SEOUL, LEAVE, asked, incident_lines(words, SEOUL, [ROW])),
    ):
        said = " ".join(value for _, value in document.facts)
        for wanted in ("수원시" if language == "ko" else "Suwon", "2026-03-20 18:46:40", "lee", "감사 자료",
                       "98 · ab12", "99", "kim", "연기"):  # fmt: skip
            assert wanted in said
        assert all(label for label, _ in document.facts)
        assert {len(row) for row in document.rows} == {len(document.columns)}
        assert sum(column.share for column in document.columns) == pytest.approx(1.0)
        assert document.page.format(page=1, pages=2)


def test_a_printed_history_has_the_response_times_and_the_time_between_lines() -> None:
    entries = history()
    document = print_history(teller(), SEOUL, LEAVE, "I1", entries)
    assert ("opened → acknowledged", "2.0 s") in document.summary
    assert document.rows[1][1] == "+1.0 s"
    assert ("Incident", "I1") in document.facts


def test_an_open_period_is_said_to_be_open() -> None:
    document = print_log(teller(), SEOUL, LEAVE, LogFilter(), [])
    assert ("Period", "everything on record") in document.facts
    assert document.nothing


def test_a_printed_shift_says_above_its_lines_what_was_left_out_of_procedures_and_why() -> None:
    skipped = ev.ProcedureMoved(
        incident_id="I1", procedure="fall@1.x", move="skipped", at_ns=0, who="person:kim", step="tell",
        round=1, step_kind="task", text=Words(en="Hand off to 119.", ko="119에 이관합니다."),
        comment="they are here already",
    )  # fmt: skip
    done = msgspec.structs.replace(skipped, move="done", comment="")
    entries = log_of((0, skipped), (5, done), *((10 + n, skipped) for n in range(20)))
    words = teller()
    pairs = procedure_pairs(words, SEOUL, entries)
    assert len(pairs) == 21
    document = print_log(words, SEOUL, LEAVE, LogFilter(), log_lines(words, SEOUL, entries), pairs)
    assert document.summary_title.startswith("Left out of procedures")
    assert document.summary[0][1].startswith("I1: Left out by kim: Hand off to 119.")
    assert "they are here already" in document.summary[0][1]
    assert document.summary[-1][1] == "9 more are among the lines"
    assert print_history(words, SEOUL, LEAVE, "I1", entries[:2]).summary == tuple(pairs[:1])
