"""The index of air quality at work: hours of stations in Suwon, running means in Glasgow, nothing made up."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from console.clock import SECOND_NS
from console.language import load_catalogue
from console.profile import load_profile
from console.rules.air.hours import HOUR_NS
from console.rules.air.tables import load_air
from console.rules.city import phrase_of
from console.rules.field.airs import AirWatch, HourRing
from console.telemetry.table import BAD, GOOD, Columns, PointTable

T0 = 500_000 * HOUR_NS
"""A whole hour."""
STATION = "AIR-0001"


def watch_of(city: str, now_ns: int = T0) -> AirWatch:
    return AirWatch(load_air(), load_profile(city), phrase_of(load_catalogue()), 3.0, now_ns)


class Station:
    """One station that sends its hourly means each minute."""

    def __init__(self) -> None:
        self.watch, self.profile = watch_of("suwon"), load_profile("suwon")
        self.table = PointTable(len(self.profile.points))

    def send(self, at_ns: int, **values: float) -> None:
        names = {"pm2_5": "pm2_5_1h_ug_m3", "pm10": "pm10_1h_ug_m3"}
        points = [
            self.profile.point_by_id[f"{STATION}/{names.get(one, f'{one}_ppm')}"].index for one in values
        ]
        count = len(points)
        self.watch.take(
            Columns(
                np.array(points, np.uint32), np.array(list(values.values())),
                np.full(count, at_ns, np.int64), np.full(count, GOOD, np.uint8),
            )
        )

    def hours(self, count: int, **values: float) -> int:
        """So many whole hours of these values; the end of the last."""
        for hour in range(count):
            for minute in (10, 30, 59):
                self.send(T0 + hour * HOUR_NS + minute * 60 * SECOND_NS, **values)
        return T0 + count * HOUR_NS

    def said(self, now_ns: int) -> str:
        return dict(self.watch.look(self.table, now_ns, {})).get(STATION, "")


CLEAN = {"pm2_5": 10.0, "pm10": 25.0, "o3": 0.02, "no2": 0.02, "co": 0.4, "so2": 0.003}


def test_with_too_few_hours_there_is_no_index() -> None:
    station = Station()
    end = station.hours(8, **CLEAN)
    assert station.said(end + 120 * SECOND_NS) == ""
    station = Station()
    end = station.hours(12, **CLEAN)
    assert station.said(end + 120 * SECOND_NS) == "cai/42/good/pm10"


def test_without_a_pollutant_the_index_needs_there_is_none() -> None:
    station = Station()
    end = station.hours(12, **{name: value for name, value in CLEAN.items() if name != "no2"})
    assert station.said(end + 120 * SECOND_NS) == ""


def test_the_worst_pollutant_leads_and_several_bad_ones_add_to_it() -> None:
    station = Station()
    end = station.hours(12, **{**CLEAN, "pm2_5": 60.0, "pm10": 120.0})
    _, index, grade, pollutant = station.said(end + 120 * SECOND_NS).split("/")
    alone = Station()
    end = alone.hours(12, **{**CLEAN, "pm2_5": 60.0})
    base = int(alone.said(end + 120 * SECOND_NS).split("/")[1])
    assert (grade, pollutant) == ("bad", "pm2_5")
    assert int(index) == base + 50


def test_the_open_hour_does_not_count_before_it_is_over() -> None:
    station = Station()
    end = station.hours(12, **CLEAN)
    station.send(end + 600 * SECOND_NS, **{**CLEAN, "o3": 0.3})
    assert station.said(end + 700 * SECOND_NS).startswith("cai/42/")


def test_a_silent_station_loses_its_index_and_says_nothing_old() -> None:
    station = Station()
    end = station.hours(12, **CLEAN)
    assert station.said(end + 120 * SECOND_NS) != ""
    assert station.said(end + HOUR_NS + 120 * SECOND_NS) == ""


def test_a_finding_is_said_in_both_languages() -> None:
    found = watch_of("suwon").finding(STATION, "cai/134/bad/pm2_5")
    assert found.words.en == "Air quality index (CAI) 134, Bad, by PM2.5"
    assert found.words.ko == "통합대기환경지수 134(나쁨), 초미세먼지"
    assert found.grade == "watch"


def test_glasgows_index_is_of_running_means_as_they_come() -> None:
    watch, profile = watch_of("glasgow"), load_profile("glasgow")
    table = PointTable(len(profile.points))
    monitor = watch.ids[0]
    index = profile.point_by_id[f"{monitor}/pm2_5_24h_ug_m3"].index
    table.update(
        Columns(np.array([index], np.uint32), np.array([54.0]), np.array([T0]), np.array([GOOD], np.uint8))
    )
    assert dict(watch.look(table, T0 + SECOND_NS, {}))[monitor] == "daqi/7/high/pm2_5"
    assert watch.look(table, T0 + 24 * HOUR_NS, {}) == {}


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 60 * 30), st.floats(0, 500), st.booleans()), max_size=60))
def test_hours_are_the_last_usable_value_near_their_end_however_the_samples_lie(
    told: list[tuple[int, float, bool]],
) -> None:
    ring = HourRing(np.array([0]), np.array([60.0]), 1, 6)
    samples = sorted({minute: (value, good) for minute, value, good in told}.items())
    for minute, (value, good) in samples:
        ring.take(
            Columns(
                np.array([0], np.uint32), np.array([value]), np.array([T0 + minute * 60 * SECOND_NS]),
                np.array([GOOD if good else BAD], np.uint8),
            )
        )
    usable = [(minute, value) for minute, (value, good) in samples if good]
    if not usable:
        assert np.isnan(ring.hours).all()
        return
    last = -(-usable[-1][0] // 60)  # the open hour
    for back in range(1, 7):
        hour = last - back
        inside = [(minute, value) for minute, value in usable if (hour - 1) * 60 < minute <= hour * 60]
        near = [value for minute, value in inside if hour * 60 - minute <= 3]
        expected = near[-1] if near else np.nan
        if hour >= -(-usable[0][0] // 60):
            assert ring.hours[0, -back] == pytest.approx(expected, nan_ok=True)
        else:
            assert np.isnan(ring.hours[0, -back])
