"""What a cell says."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.historian.cells import CellError, moment_ns, number
from console.historian.units import UnitError, change_for, load_units

SEOUL, LONDON = ZoneInfo("Asia/Seoul"), ZoneInfo("Europe/London")


def utc(text: str) -> int:
    return int(datetime.fromisoformat(text).replace(tzinfo=UTC).timestamp()) * 10**9


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("2021-03-31 24:00", "2021-03-31T15:00:00"),
        ("2021-03-31T23:30", "2021-03-31T14:30:00"),
        ("2021/3/1 7:05:09", "2021-02-28T22:05:09"),
        ("2021. 3. 1. 07:05", "2021-02-28T22:05:00"),
        ("20210331", "2021-03-30T15:00:00"),
        ("2021033124", "2021-03-31T15:00:00"),
        ("202103312359", "2021-03-31T14:59:00"),
        ("2021-03-31 24:00+00:00", "2021-04-01T00:00:00"),
        ("2021-03-31T23:00:00Z", "2021-03-31T23:00:00"),
        ("2021-03-31 23:00-0330", "2021-04-01T02:30:00"),
        ("1617200000", "2021-03-31T14:13:20"),
        ("1617200000000", "2021-03-31T14:13:20"),
    ],
)
def test_times_as_files_write_them(text, meant):
    assert moment_ns(text, "auto", SEOUL) == utc(meant)


@pytest.mark.parametrize(
    "text", ["", "31.3.2021x", "2021-02-30", "2021-03-31 24:01", "25:00", "2021", "0000-01-01"]
)
def test_what_is_no_time_is_told(text):
    with pytest.raises(CellError):
        moment_ns(text, "auto", SEOUL)


def test_a_form_of_its_own_knows_the_end_of_a_day_too():
    assert moment_ns("31/03/2021 24:00", "%d/%m/%Y %H:%M", SEOUL) == utc("2021-03-31T15:00:00")
    with pytest.raises(CellError, match="like"):
        moment_ns("03/31/2021", "%d/%m/%Y", SEOUL)


def test_where_clocks_are_set_back_the_first_hour_is_meant():
    assert moment_ns("2021-10-31 01:30", "auto", LONDON) == utc("2021-10-31T00:30:00")


@given(st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1)))
def test_every_second_is_read_as_it_was_written(moment):
    moment = moment.replace(microsecond=0)
    assert moment_ns(moment.isoformat(" "), "auto", ZoneInfo("UTC")) == utc(moment.isoformat())


def test_numbers_as_people_write_them():
    assert number("1,234,567.5") == 1234567.5
    assert number(" -3 ") == -3
    for text in ("1,23", "12a", "", "inf", "nan", "1_000", "0x10", "1,2345"):
        with pytest.raises(CellError):
            number(text)


def test_units_become_the_points():
    units = load_units()
    assert change_for(units, "mph", "km/h").of(10) == pytest.approx(16.09344)
    assert change_for(units, "℉", "degC").of(212) == pytest.approx(100)
    assert change_for(units, "㎍/㎥", "ug/m3").of(7) == 7
    with pytest.raises(UnitError, match="mph"):
        change_for(units, "kg", "km/h")
