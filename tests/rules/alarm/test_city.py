"""The alarms of Suwon: one dead gateway or lamp circuit is one alarm, whatever hangs on it."""

from __future__ import annotations

from functools import cache

import msgspec
import numpy as np
import pytest

from console.clock import SECOND_NS
from console.profile import load_profile
from console.rules.alarm.city import MOST_GATEWAYS, CityAlarms, Of, Row, silent_after_ns
from console.rules.alarm.figures import AlarmFigures, load_alarm_figures
from console.rules.alarm.states import State, Stimulus
from console.rules.alarm.transition import AlarmStanding, records
from console.rules.quality import quality_figures
from console.telemetry.table import GOOD, Columns
from tests.rules.alarm.town import T0, at

STEP_S = 30
PROFILE = load_profile("suwon")
FIGURES = load_alarm_figures()
PERIODS = quality_figures().stale_periods


@cache
def speaking(silent: frozenset[str]) -> np.ndarray:
    """Points of all devices but these."""
    speaks = np.array([one not in silent for one in PROFILE.columns.ids])
    return np.flatnonzero(speaks[PROFILE.points.device_rows()]).astype(np.uint32)


def everybody_but(silent: set[str], second: float) -> Columns:
    """A value of no quality that matters of every point, but for the silent devices'."""
    points = speaking(frozenset(silent))
    values = np.full(len(points), np.nan)  # neither high nor low: only that it speaks matters here
    return Columns(
        points, values, np.full(len(points), at(second), np.int64), np.full(len(points), GOOD, np.uint8)
    )


def city(figures: AlarmFigures = FIGURES) -> CityAlarms:
    """Everybody has spoken once."""
    alarms = CityAlarms(PROFILE, figures, PERIODS)
    alarms.evaluate(everybody_but(set(), 0))
    return alarms


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
    alarms = city()
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
    found = sounded(city(), silent, STEP_S, 3600)
    assert [one for _, one in found] == [f"{next(iter(silent))}/silent"]


def test_a_device_without_a_line_is_missed_after_its_periods():
    free = next(
        one for row, one in enumerate(PROFILE.columns.ids)
        if PROFILE.columns.circuit[row] == 0 and len(PROFILE.points.of_device(row))
    )  # fmt: skip
    ((second, name),) = sounded(city(), {free}, STEP_S, 7200)
    assert name == f"{free}/silent"
    after_s = silent_after_ns(period_s(free), PERIODS) / SECOND_NS
    assert after_s <= second <= after_s + 2 * STEP_S


def test_rows_of_limits_come_first_and_every_row_has_a_name_of_its_own():
    alarms = CityAlarms(PROFILE, FIGURES, PERIODS)
    assert alarms.ids[: len(PROFILE.limits)] == [one.id for one in PROFILE.limits]
    assert len(set(alarms.ids)) == len(alarms.ids) == len(alarms.bank.columns) - MOST_GATEWAYS


def test_what_never_spoke_is_not_missed():
    """A console that starts has heard nobody: what is connected is known by its speaking."""
    alarms = CityAlarms(PROFILE, FIGURES, PERIODS)
    assert [part for second in range(0, 86_400, 3600) for part in alarms.look(at(second))] == []
    gauge = on("GW-0093")
    alarms.evaluate(everybody_but(set(PROFILE.columns.ids) - gauge, 0))
    found = [part for second in range(0, 7200, STEP_S) for part in alarms.look(at(second))]
    assert [alarms.ids[row] for part in found for row in part.annunciated()] == ["GW-0093/line"]


def test_silence_that_stood_before_a_restart_stands_until_the_device_speaks():
    silent = {sorted(on("GW-0093"))[0]}
    before = city()
    assert [name for _, name in sounded(before, silent, STEP_S, 3600)] == [f"{next(iter(silent))}/silent"]
    after = CityAlarms(PROFILE, FIGURES, PERIODS)
    assert after.restore(before.bank.standing(before.ids), at(3600)) == []
    assert after.look(at(3630)) == [], "neither over nor raised anew"
    moves = after.evaluate(everybody_but(set(), 3660)) + after.look(at(3660))
    assert [one.stimulus for one in records(moves, after.ids.__getitem__)] == ["ended"]


def test_who_sends_old_values_is_not_silent():
    alarms = city()
    found = []
    for second in range(STEP_S, 7200, STEP_S):
        found += alarms.evaluate(everybody_but(set(), 0), heard_ns=at(second)) + alarms.look(at(second))
    assert found == []


UP, AWAY, STOPPED = (False, True), (True, True), (True, False)


def test_a_gateway_that_is_away_is_one_alarm_and_nobody_behind_it_is_missed():
    alarms = city()
    points = np.arange(len(PROFILE.points), dtype=np.uint32)
    alarms.brought("mqtt", points[: len(points) // 2])
    alarms.brought("plain", points[len(points) // 2 :])
    assert alarms.look(at(1), {"mqtt": UP, "plain": UP}) == []
    others = {PROFILE.columns.ids[row] for row in PROFILE.points.device_rows()[len(points) // 2 :]}
    found = []
    for second in range(STEP_S, 3600, STEP_S):
        quiet = set(PROFILE.columns.ids) - others
        moves = alarms.evaluate(everybody_but(quiet, second))
        moves += alarms.look(at(second), {"mqtt": AWAY, "plain": UP})
        found += [alarms.ids[row] for part in moves for row in part.annunciated()]
    assert found == ["mqtt/gateway"]
    row = alarms.row("mqtt/gateway")
    assert row is not None
    assert alarms.what(row) == Row(Of.GATEWAY, 0, "mqtt")
    # Back: its alarm is over, and each of its devices has its own time to speak again.
    back = records(alarms.look(at(3600), {"mqtt": UP, "plain": UP}), alarms.ids.__getitem__)
    assert [one.after for one in back] == ["D"]
    assert alarms.look(at(3601), {"mqtt": UP, "plain": UP}) == []
    assert sounded(alarms, set(), 3630, 5400) == []


def test_a_gateway_somebody_stopped_is_no_alarm_and_nobody_behind_it_is_missed():
    alarms = city()
    alarms.brought("mqtt", np.arange(len(PROFILE.points), dtype=np.uint32))
    found = [part for second in range(1, 7200, STEP_S) for part in alarms.look(at(second), {"mqtt": STOPPED})]
    assert found == []


@pytest.mark.parametrize(("silent_s", "away"), [(None, False), (5, False), (20, False), (40, True)])
def test_who_does_not_say_how_it_is_is_away_when_nothing_at_all_comes(silent_s, away):
    alarms = city()
    mine = [one for one in PROFILE.points if one.period_s == 10.0][:3]
    alarms.brought("plain", np.array([one.index for one in mine], dtype=np.uint32))
    silent_ns = None if silent_s is None else silent_s * SECOND_NS
    assert alarms.unheard("plain", silent_ns) == away
    assert not alarms.unheard("nobody", silent_ns)


def test_one_device_with_a_key_of_its_own_is_that_device_and_no_gateway():
    alarms = city()
    alarms.brought("sensor", np.array([0], dtype=np.uint32))
    assert not alarms.unheard("sensor", 10**15)


def test_a_gateways_alarm_outlives_a_restart():
    before = city()
    before.look(at(1), {"mqtt": AWAY})
    after = CityAlarms(PROFILE, FIGURES, PERIODS)
    assert after.restore(before.bank.standing(before.ids), at(2)) == []
    assert after.look(at(3), {"mqtt": AWAY}) == []
    assert [part.stimulus for part in after.look(at(4), {"mqtt": UP})] == [Stimulus.ENDED]


@pytest.mark.parametrize(
    ("alarm_id", "of"), [("GW-0093/line", Of.LINE), (f"{sorted(on('GW-0093'))[0]}/silent", Of.DEVICE)]
)
def test_a_row_says_what_it_is_of(alarm_id, of):
    alarms = city()
    row = alarms.row(alarm_id)
    assert row is not None
    told = alarms.what(row)
    names = PROFILE.columns.circuits if of == Of.LINE else PROFILE.columns.ids
    assert (told.of, names[told.number]) == (of, alarm_id.partition("/")[0])
    assert alarms.row("nowhere/silent") is None


HOURLY = next(one for one, hours in enumerate(PROFILE.limits.columns().hours) if hours == 2)
HOUR_S = 3600
EVEN_HOUR_S = HOUR_S - (T0 // SECOND_NS) % HOUR_S
"""Seconds after T0 at which an hour begins."""


def dusty(
    alarms: CityAlarms, value: float, hours: int, from_hour: int
) -> list[tuple[str, float | None, int]]:
    """A station says the same at the end of each of some hours."""
    found = []
    limit = PROFILE.limits[HOURLY]
    for hour in range(from_hour, from_hour + hours):
        for part in range(1, 13):
            second = EVEN_HOUR_S + hour * HOUR_S + part * 300
            batch = Columns(
                np.array([limit.point_index], np.uint32), np.array([value]), np.array([at(second)], np.int64),
                np.array([GOOD], np.uint8),
            )  # fmt: skip
            moves = records(alarms.evaluate(batch), alarms.ids.__getitem__)
            found += [(one.stimulus, one.value, one.at_ns) for one in moves if one.alarm_id == limit.id]
    return found


def test_a_limit_on_whole_hours_is_an_alarm_as_any_other_with_the_hours_value():
    alarms = CityAlarms(PROFILE, FIGURES, PERIODS)
    limit = PROFILE.limits[HOURLY]
    high = limit.set_at + 1
    assert dusty(alarms, high, 3, 0) == [("began", pytest.approx(high), at(EVEN_HOUR_S + 2 * HOUR_S))]
    assert alarms.bank.state[HOURLY] == State.UNACKNOWLEDGED
    ended = dusty(alarms, limit.clear_at - 1, 2, 3)
    assert [one[0] for one in ended] == ["ended"]
    assert alarms.bank.state[HOURLY] == State.RETURNED


def test_after_a_restart_an_hourly_alarm_that_stands_is_not_new_and_still_ends():
    before = CityAlarms(PROFILE, FIGURES, PERIODS)
    limit = PROFILE.limits[HOURLY]
    dusty(before, limit.set_at + 1, 3, 0)
    after = CityAlarms(PROFILE, FIGURES, PERIODS)
    unknown = AlarmStanding(alarm_id="of another profile", state="B", active=True)
    assert after.restore([*before.bank.standing(before.ids), unknown], at(EVEN_HOUR_S)) == [unknown.alarm_id]
    assert dusty(after, limit.set_at + 1, 2, 3) == []
    assert [one[0] for one in dusty(after, limit.clear_at - 1, 2, 5)] == ["ended"]


def test_without_lines_each_device_of_a_dead_line_sounds():
    staleness = msgspec.structs.replace(FIGURES.staleness, line_least=1_000)
    figures = msgspec.structs.replace(FIGURES, staleness=staleness)
    silent = on("LC-0001")
    found = sounded(city(figures), silent, STEP_S, 3600)
    assert sorted(name for _, name in found) == sorted(f"{one}/silent" for one in silent)
