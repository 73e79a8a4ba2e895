"""Times, durations and what people type into a filter."""

from __future__ import annotations

from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.clock import SECOND_NS
from console.language import LANGUAGES, load_catalogue
from console.report.period import FilterText, PeriodError, period_words, read_filter, read_time
from console.report.times import CityClock, duration_words
from tests.report.city import START_NS

SEOUL = CityClock("Asia/Seoul")
GLASGOW = CityClock("Europe/London")


def test_the_clock_is_the_citys() -> None:
    assert SEOUL.stamp(START_NS) == "2026-03-20 18:46:40"
    assert GLASGOW.stamp(START_NS) == "2026-03-20 09:46:40"
    assert SEOUL.iso(START_NS) == "2026-03-20T18:46:40.000+09:00"


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0.44, "0.4 s"), (9.99, "9.9 s"), (10, "10 s"), (59.9, "59 s"), (83, "1 min 23 s"),
     (3599, "59 min 59 s"), (8040, "2 h 14 min"), (90_000, "1 d 1 h"), (-1, "clock was set back")],
)  # fmt: skip
def test_durations_are_said_in_two_units_at_most(seconds: float, said: str) -> None:
    assert duration_words(load_catalogue(), round(seconds * SECOND_NS)) == said


@pytest.mark.parametrize(
    ("typed", "since", "until"),
    [("14:30", "2026-03-20 14:30:00", "2026-03-20 14:30:59"),
     ("14:30:05", "2026-03-20 14:30:05", "2026-03-20 14:30:05"),
     ("2026-03-19", "2026-03-19 00:00:00", "2026-03-19 23:59:59"),
     ("3-19 8:05", "2026-03-19 08:05:00", "2026-03-19 08:05:59"),
     ("2026.3.19", "2026-03-19 00:00:00", "2026-03-19 23:59:59"),
     ("어제", "2026-03-19 00:00:00", "2026-03-19 23:59:59"),
     ("Today 9:00", "2026-03-20 09:00:00", "2026-03-20 09:00:59"),
     ("2h", "2026-03-20 16:46:40", "2026-03-20 16:46:40"),
     ("30분 전", "2026-03-20 18:16:40", "2026-03-20 18:16:40"),
     ("now", "2026-03-20 18:46:40", "2026-03-20 18:46:40")],
)  # fmt: skip
def test_a_time_is_read_as_people_type_it(typed: str, since: str, until: str) -> None:
    assert SEOUL.stamp(read_time("since", typed, SEOUL, START_NS)) == since
    assert SEOUL.stamp(read_time("until", typed, SEOUL, START_NS)) == until


def test_a_day_on_which_the_clocks_change_is_a_whole_day() -> None:
    began = read_time("since", "2026-03-29", GLASGOW, START_NS)
    ended = read_time("until", "2026-03-29", GLASGOW, START_NS)
    assert round((ended - began) / SECOND_NS / 3600) == 23


@pytest.mark.parametrize(
    "typed",
    ["soon", "25:00", "14:99", "2026-02-30", "13-45", "9999-12-31", "14:30 2026-03-19", "1-1-1 ", "--2h"],
)
def test_what_is_no_time_is_refused_with_the_field_it_stands_in(typed: str) -> None:
    with pytest.raises(PeriodError) as caught:
        read_filter(FilterText(until=typed), SEOUL, START_NS)
    assert (caught.value.field, caught.value.problem) == ("until", "unknown")


def test_from_after_to_is_refused() -> None:
    with pytest.raises(PeriodError) as caught:
        read_filter(FilterText(since="15:00", until="14:00"), SEOUL, START_NS)
    assert caught.value.problem == "order"


def test_an_empty_bar_restricts_nothing() -> None:
    empty = read_filter(FilterText(person=" ", text="  "), SEOUL, START_NS)
    assert (empty.since_ns, empty.until_ns, empty.person, empty.text) == (0, 0, "", "")
    assert period_words(empty, SEOUL) == ("", "")


def test_the_bars_fields_all_reach_the_query() -> None:
    typed = FilterText(since="14:00", kinds=("incident.noted",), incident_type="smoke", person=" 김민수 ",
                       district="paldal", text="팔달문  시장")  # fmt: skip
    asked = read_filter(typed, SEOUL, START_NS)
    assert SEOUL.time(asked.since_ns) == "14:00:00"
    assert (asked.kinds, asked.incident_type, asked.person) == (("incident.noted",), "smoke", "김민수")
    assert (asked.district, asked.text) == ("paldal", "팔달문 시장")


@given(typed=st.text(alphabet="0123456789:-. hmd어제분전now", max_size=16))
def test_nothing_typed_can_do_worse_than_be_refused(typed: str) -> None:
    for field in ("since", "until"):
        try:
            at_ns = read_time(field, typed, SEOUL, START_NS)  # type: ignore[arg-type]
        except PeriodError:
            continue
        assert 0 <= at_ns < 2**63


spoken = cache(load_catalogue)


@given(ns=st.integers(min_value=-(10**18), max_value=10**18))
def test_every_duration_can_be_said(ns: int) -> None:
    for language in LANGUAGES:
        catalogue = spoken(language)
        assert duration_words(catalogue, ns)
