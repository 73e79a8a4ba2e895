"""Two real years of Seoul: alerts and indices against a plain reading of the rules, hour by hour.

The column headed 이산화탄소 (carbon dioxide) of that file is nitrogen dioxide.
"""

from __future__ import annotations

import csv
from collections import Counter
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from numpy.lib.stride_tricks import sliding_window_view

from console.rules.air import cai
from console.rules.air.alerts import levels_of
from console.rules.air.hours import every_hour, hour_end_ns
from console.rules.air.tables import load_air

FILE = Path(__file__).resolve().parents[4] / "shared/data/sensors/hourly_seoul-air_2020-2021.csv"
COLUMNS = {"pm2_5": "초미세먼지", "pm10": "미세먼지", "o3": "오존", "no2": "이산화탄소", "co": "일산화탄소",
           "so2": "아황산가스"}  # fmt: skip
SEOUL = ZoneInfo("Asia/Seoul")
AIR = load_air()
pytestmark = [
    pytest.mark.needs_shared_data,
    pytest.mark.skipif(not FILE.exists(), reason="real data is not beside the project"),
]


@pytest.fixture(scope="module")
def rows() -> list[dict[str, str]]:
    with FILE.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def record(rows: list[dict[str, str]]) -> dict[str, np.ndarray]:
    ends = np.array([hour_end_ns(row["일시"], SEOUL) for row in rows])
    found = {name: every_hour(ends, np.array([float(row[head]) for row in rows]))[1]
             for name, head in COLUMNS.items()}  # fmt: skip
    return {"ends": every_hour(ends, np.zeros(len(ends)))[0], **found}


def plain_hours(rows: list[dict[str, str]], head: str) -> dict[datetime, float]:
    """By the hour's end, without numpy and without our reading of 24:00."""
    found = {}
    for row in rows:
        day, clock = row["일시"].split(" ")
        hours = int(clock.split(":")[0])
        found[datetime.fromisoformat(day) + timedelta(hours=hours)] = float(row[head])
    return found


def plain_levels(
    hours: dict[datetime, float], issue: list[float], clear: list[float], need: int
) -> list[int]:
    """The rule as a person would follow it, one hour after the other, over every hour from first to last."""
    at, last, level, story = min(hours), max(hours), 0, []
    while at <= last:
        if at in hours:
            while level and hours[at] < clear[level - 1]:
                level -= 1
            past = [hours.get(at - timedelta(hours=back)) for back in range(need)]
            for step, least in enumerate(issue, 1):
                if step > level and all(one is not None and one >= least for one in past):
                    level = step
        story.append(level)
        at += timedelta(hours=1)
    return story


@pytest.mark.parametrize(
    ("alert", "column", "issue", "clear", "need", "issued"),
    [
        ("pm2_5", "pm2_5", [75, 150], [35, 75], 2, {1: 16, 2: 0}),
        ("pm10", "pm10", [150, 300], [100, 150], 2, {1: 12, 2: 2}),
        ("o3", "o3", [0.12, 0.30, 0.50], [0.12, 0.30, 0.50], 1, {1: 2, 2: 0, 3: 0}),
        ("yellow_dust", "pm10", [800], [800], 2, {1: 1}),
    ],
)
def test_alerts_of_two_years(rows, record, alert, column, issue, clear, need, issued):
    found = levels_of(AIR.alert(alert), record[column][np.newaxis, :])[0]
    plain = plain_levels(plain_hours(rows, COLUMNS[column]), issue, clear, need)
    assert len(plain) == len(found)
    assert [int(one) for one in found] == plain
    rises = Counter(
        step for before, after in pairwise([0, *plain]) for step in range(before + 1, after + 1)
    )
    assert {step: rises[step] for step in issued} == issued


def test_the_leap_day_that_is_missing_is_missing_and_the_last_hour_of_a_day_is_there(rows, record):
    assert sum("24:00" in row["일시"] for row in rows) == 730
    gone = record["ends"][np.isnan(record["pm10"])]
    leap = [hour_end_ns(f"2020-02-29 {hour:02d}:00", SEOUL) for hour in range(1, 25)]
    assert set(leap) <= set(gone)
    assert hour_end_ns("2020-02-28 24:00", SEOUL) not in set(gone)


def test_the_index_of_two_years_has_no_value_where_an_hour_is_missing(record):
    """And the column headed carbon dioxide counts as nitrogen dioxide: real CO2 would be 400 ppm."""
    assert np.nanmax(record["no2"]) < 0.2
    size = AIR.estimate.hours
    dust = {
        name: cai.estimate_24h(AIR.estimate, name, sliding_window_view(record[name], size))
        for name in ("pm10", "pm2_5")
    }
    gases = {gas: record[gas][size - 1 :] for gas in ("o3", "no2", "co", "so2")}
    found = cai.index_of(AIR.cai, {**dust, **gases})
    gone = np.isnan(record["o3"][size - 1 :])
    assert np.isnan(found.index[gone]).all()
    known = found.index[~np.isnan(found.index)]
    assert known.min() >= 0 and known.max() <= 500
    grades = Counter(AIR.cai.grades[row].id for row in cai.grade_rows(AIR.cai, known))
    assert grades == {"good": 4_015, "moderate": 11_530, "bad": 1_726, "very_bad": 233}
    dust_led = np.isin(found.leading[found.index > 250], [4, 5])
    assert dust_led.all(), "very bad air over Seoul in those years was always dust"
