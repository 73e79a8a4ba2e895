"""What a rule on a camera is worth is what persons said of it."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec
import pytest

from console.clock import SECOND_NS
from console.model.casework import Case, Clue
from console.rules.casework.figures import casework_figures
from console.rules.casework.precision import DAY_NS, PrecisionBook

SEOUL = ZoneInfo("Asia/Seoul")
NOW_NS = int(datetime(2026, 5, 20, 12, tzinfo=SEOUL).timestamp()) * SECOND_NS
FALL = Clue(
    uid="u1", source="detection", type="person_down", rule="fall", camera_id="CAM-1", at_ns=NOW_NS, lat=37.27,
    lon=127.0,
)  # fmt: skip


def case(case_id: str, verdict: str, hours_ago: float = 1.0, clues: tuple[Clue, ...] = (FALL,)) -> Case:
    at_ns = NOW_NS - round(hours_ago * 3600 * SECOND_NS)
    return Case(
        id=case_id, type="person_down", priority=1, grade="1", opened_at_ns=at_ns, changed_at_ns=at_ns,
        stage_since_ns=at_ns, verdict=verdict, clues=clues,  # type: ignore[arg-type]
    )  # fmt: skip


@pytest.fixture
def book() -> PrecisionBook:
    return PrecisionBook(casework_figures().precision, "Asia/Seoul")


def test_seven_of_fifty_two_are_said_so_and_a_test_counts_for_neither(book):
    for number in range(52):
        book.heard(case(f"C{number}", "real" if number < 7 else "false"))
    book.heard(case("T", "test"))
    said = book.of("fall", "CAM-1", NOW_NS)
    assert (said.real, said.false, said.test, said.days) == (7, 45, 1, 30)
    assert said.share == pytest.approx(7 / 52)


def test_too_few_verdicts_are_no_precision(book):
    for number in range(9):
        book.heard(case(f"C{number}", "real"))
    assert book.of("fall", "CAM-1", NOW_NS).share is None


def test_a_rule_that_repeats_itself_in_one_incident_counts_once_and_another_rule_for_itself(book):
    again = msgspec.structs.replace(FALL, uid="u2")
    smoke = msgspec.structs.replace(FALL, uid="u3", rule="smoke")
    book.heard(case("C1", "false", clues=(FALL, again, smoke)))
    assert book.of("fall", "CAM-1", NOW_NS).false == 1
    assert book.of("smoke", "CAM-1", NOW_NS).false == 1
    assert book.of("fall", "CAM-2", NOW_NS).false == 0


def test_a_limit_is_counted_on_the_device_that_measures_and_a_report_of_a_citizen_on_nothing(book):
    limit = msgspec.structs.replace(
        FALL, uid="l", source="alarm", rule="level/high", camera_id="", device_id="W-1"
    )
    told = msgspec.structs.replace(FALL, uid="r", source="report", rule="report", camera_id="")
    book.heard(case("C1", "false", clues=(limit, told)))
    assert book.known() == (("level/high", "W-1"),)
    assert book.of("level/high", "W-1", NOW_NS).false == 1


def test_a_changed_verdict_is_counted_anew_and_the_same_told_twice_once(book):
    for verdict in ("false", "false", "real"):
        book.heard(case("C1", verdict))
    said = book.of("fall", "CAM-1", NOW_NS)
    assert (said.real, said.false) == (1, 0)


def test_what_was_merged_is_counted_where_it_went(book):
    book.heard(case("C1", "false"))
    book.heard(msgspec.structs.replace(case("C1", "false"), merged_into="C2"))
    book.heard(case("C2", "real"))
    said = book.of("fall", "CAM-1", NOW_NS)
    assert (said.real, said.false) == (1, 0)


def test_day_and_night_are_counted_apart_over_midnight(book):
    book.heard(case("at-2", "false", hours_ago=10))
    book.heard(case("at-21", "false", hours_ago=15))
    book.heard(case("at-11", "real"))
    assert book.of("fall", "CAM-1", NOW_NS, "night").false == 2
    assert book.of("fall", "CAM-1", NOW_NS, "day").real == 1


def test_what_is_older_than_is_counted_is_forgotten(book):
    book.heard(case("old", "false", hours_ago=24 * 31))
    book.heard(case("new", "real"))
    assert book.of("fall", "CAM-1", NOW_NS).false == 0
    book.tidy(NOW_NS)
    assert book.of("fall", "CAM-1", NOW_NS - 5 * DAY_NS).false == 0
    assert book.of("fall", "CAM-1", NOW_NS).real == 1
