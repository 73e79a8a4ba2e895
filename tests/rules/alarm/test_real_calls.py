"""Ten real days of emergency calls as if each were an alarm at one desk: what the meter says of them."""

from __future__ import annotations

import csv
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path

import pytest

from console.clock import SECOND_NS
from console.rules.alarm.figures import load_alarm_figures
from console.rules.alarm.flood import Standing, lines
from console.rules.alarm.load import DeskLoad

FIGURES = load_alarm_figures()
PERIOD_S = 600
PRIORITY = {"Fire": 2, "EMS": 3, "Traffic": 4}

pytestmark = pytest.mark.needs_shared_data


@pytest.fixture
def told(shared_data: Path) -> list[Standing]:
    path = shared_data / "incidents" / "montgomery_911_2015-12-10_20.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    found = []
    for number, row in enumerate(rows):
        moment = datetime.fromisoformat(row["timeStamp"]).replace(tzinfo=UTC)
        sort = row["title"].partition(":")[0]
        at_ns = int(moment.timestamp()) * SECOND_NS
        name = f"{row['title']}#{number}"
        found.append(Standing(name, PRIORITY[sort], at_ns, row["twp"], row["title"]))
    return sorted(found, key=lambda one: one.raised_at_ns)


def test_the_meter_says_of_real_days_what_counting_by_hand_says(told):
    first, last = told[0].raised_at_ns, told[-1].raised_at_ns
    load = DeskLoad(FIGURES.load, first - first % (PERIOD_S * SECOND_NS))
    floods, was = 0, False
    for one in told:
        load.sounded(one.kind, one.priority, one.raised_at_ns)
        floods, was = floods + (load.flooded and not was), load.flooded
    end_ns = (last // (PERIOD_S * SECOND_NS) + 1) * PERIOD_S * SECOND_NS
    load.look(end_ns)
    report = load.report(0, end_ns)
    by_hand = Counter(one.raised_at_ns // (PERIOD_S * SECOND_NS) for one in told)
    periods = max(by_hand) - min(by_hand) + 1
    assert (report.alarms, report.periods) == (3762, periods)
    assert report.mean_per_period == pytest.approx(3762 / periods)
    assert report.peak == max(by_hand.values())
    assert report.peak_share == pytest.approx(sum(count > 10 for count in by_hand.values()) / periods)
    kinds = Counter(one.kind for one in told).most_common(10)
    assert report.top_share == pytest.approx(sum(count for _, count in kinds) / 3762)
    assert report.mix == {
        one: pytest.approx(count / 3762) for one, count in Counter(one.priority for one in told).items()
    }
    # One person alone cannot take these calls: two and a half in ten minutes, where two are the most.
    assert {"target", "manageable", "peak", "top_share"} <= set(report.missed)
    assert floods > 0


def test_in_the_fullest_ten_minutes_grouping_hides_no_call_and_nothing_urgent(told):
    most: list[Standing] = []
    for first in told[::5]:
        end_ns = first.raised_at_ns + PERIOD_S * SECOND_NS
        within = [one for one in told if first.raised_at_ns <= one.raised_at_ns < end_ns]
        most = max(most, within, key=len)
    shown = lines(most, True, FIGURES.flood)
    assert len(most) > FIGURES.load.flood_begins_above
    assert sorted(name for line in shown for name in line.alarm_ids) == sorted(one.alarm_id for one in most)
    assert shown[0].head.priority == min(one.priority for one in most)
