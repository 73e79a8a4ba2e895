"""The alarms of Suwon: one dead gateway or lamp circuit is one alarm, whatever hangs on it."""

from __future__ import annotations

import numpy as np
import pytest

from console.clock import SECOND_NS
from console.profile import load_profile
from console.rules.alarm.city import CityAlarms, silent_after_ns
from console.rules.alarm.figures import load_alarm_figures
from console.rules.alarm.states import State
from console.telemetry.table import GOOD, Columns
from tests.rules.alarm.town import T0, at

STEP_S = 30
PROFILE = load_profile("suwon")
FIGURES = load_alarm_figures()


def everybody_but(silent: set[str], second: float) -> Columns:
    """A value of no quality that matters of every point, but for the silent devices'."""
    ids = PROFILE.columns.ids
    rows = PROFILE.points.device_rows()
    speaks = np.array([ids[row] not in silent for row in range(len(ids))])[rows]
    points = np.flatnonzero(speaks).astype(np.uint32)
    values = np.full(len(points), np.nan)  # neither high nor low: only that it speaks matters here
    return Columns(
        points, values, np.full(len(points), at(second), np.int64), np.full(len(points), GOOD, np.uint8)
    )


def sounded(alarms: CityAlarms, silent: set[str], from_s: int, to_s: int) -> list[tuple[int, str]]:
    found = []
    for second in range(from_s, to_s, STEP_S):
        moves = alarms.evaluate(everybody_but(silent, second)) + alarms.look(at(second))
        found += [(second, alarms.ids[row]) for part in moves for row in part.annunciated()]
    return found


def period_s(device: str) -> float:
    """Of the point that speaks most often."""
    points = PROFILE.points.of_device(PROFILE.columns.row_of[device])
    return min(PROFILE.points[one].period_s for one in points)


def on(circuit: str) -> set[str]:
    number = PROFILE.columns.circuits.index(circuit)
    return {PROFILE.columns.ids[row] for row in np.flatnonzero(PROFILE.columns.circuit == number)}


@pytest.mark.parametrize(("circuit", "devices"), [("GW-0093", 9), ("LC-0001", 41)])
def test_a_dead_line_is_one_alarm_and_those_on_it_are_suppressed(circuit, devices):
    silent = on(circuit)
    assert len(silent) == devices
    alarms = CityAlarms(PROFILE, FIGURES, T0)
    assert [one for _, one in sounded(alarms, silent, STEP_S, 3600)] == [f"{circuit}/line"]
    states = {alarms.bank.state[alarms.ids.index(f"{one}/silent")] for one in silent}
    assert states == {State.SUPPRESSED}
    # Back again: the line's alarm is over, and nothing sounds for what hung on it, though each device waits
    # for its own turn to speak.
    order = sorted(silent, key=lambda one: sum(one.encode()))
    turns = {one: 3600 + place * period_s(one) * 0.9 / len(order) for place, one in enumerate(order)}
    for second in range(3600, 7200, STEP_S):
        still = {one for one, from_s in turns.items() if second < from_s}
        assert sounded(alarms, still, second, second + STEP_S) == []
    assert alarms.bank.state[alarms.ids.index(f"{circuit}/line")] == State.RETURNED
    assert {alarms.bank.state[alarms.ids.index(f"{one}/silent")] for one in silent} == {State.NORMAL}


def test_one_silent_device_of_a_line_that_lives_is_its_own_alarm():
    silent = {sorted(on("GW-0093"))[0]}
    found = sounded(CityAlarms(PROFILE, FIGURES, T0), silent, STEP_S, 3600)
    assert [one for _, one in found] == [f"{next(iter(silent))}/silent"]


def test_a_device_without_a_line_is_missed_after_its_periods():
    free = next(
        one for row, one in enumerate(PROFILE.columns.ids)
        if PROFILE.columns.circuit[row] == 0 and len(PROFILE.points.of_device(row))
    )  # fmt: skip
    ((second, name),) = sounded(CityAlarms(PROFILE, FIGURES, T0), {free}, STEP_S, 7200)
    assert name == f"{free}/silent"
    after_s = silent_after_ns(period_s(free), FIGURES) / SECOND_NS
    assert after_s <= second <= after_s + 2 * STEP_S


def test_rows_of_limits_come_first_and_every_row_has_a_name_of_its_own():
    alarms = CityAlarms(PROFILE, FIGURES, T0)
    assert alarms.ids[: len(PROFILE.limits)] == tuple(one.id for one in PROFILE.limits)
    assert len(set(alarms.ids)) == len(alarms.ids) == len(alarms.bank.columns)
