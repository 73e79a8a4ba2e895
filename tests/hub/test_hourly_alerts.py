"""Fine dust and ozone from the door to the desk: alerts by whole hours, their incident and their words."""

from __future__ import annotations

import numpy as np
import pytest

from console.clock import SECOND_NS
from console.rules.air.hours import HOUR_NS
from console.rules.door import good
from console.telemetry.table import Columns

PM10 = "AIR-0001/pm10_1h_ug_m3"
PM2_5 = "AIR-0001/pm2_5_1h_ug_m3"
O3 = "AIR-0001/o3_ppm"
MINUTE_NS = 60 * SECOND_NS


def hours(room, point: str, *values: float | None) -> Columns:
    """A value at the end of each of the last whole hours, the newest last; None where the hour is missing."""
    newest = room.clock.now_ns() // HOUR_NS * HOUR_NS
    told = sorted(
        (newest - back * HOUR_NS, value) for back, value in enumerate(reversed(values)) if value is not None
    )
    index = room.profile.point_by_id[point].index
    return good(
        np.full(len(told), index), np.array([value for _, value in told]), np.array([at for at, _ in told])
    )


def standing(desk) -> dict[str, str]:
    alarms = desk.board.state.alarms.values()
    return {one.limit_id: one.state for one in alarms}


def test_two_whole_hours_of_fine_dust_open_the_advisory_with_its_words(room):
    room.start()
    desk, gate = room.desk(), room.gateway()
    gate.publish(hours(room, PM2_5, 80.0, 76.5))
    desk.until(lambda: desk.board.state.incidents, "the incident")
    (incident,) = desk.board.state.incidents.values()
    assert incident.type == "air_pm2_5_advisory"
    (alarm,) = desk.board.state.alarms.values()
    assert (alarm.limit_id, alarm.value, alarm.priority) == (f"{PM2_5}/advisory", 76.5, 3)
    assert "hourly mean ≥ 75" in alarm.text.en and "1시간 평균 75" in alarm.text.ko


@pytest.mark.parametrize("values", [(160.0, None, 160.0), (160.0, 149.0, 160.0), (160.0,), (149.9, 149.9)])
def test_a_missing_or_a_lower_hour_gives_no_advisory_and_the_next_whole_run_does(room, values):
    room.start()
    desk, gate = room.desk(), room.gateway()
    gate.publish(hours(room, PM10, *values))
    gate.publish(hours(room, O3, 0.13))
    desk.until(lambda: desk.board.state.alarms, "the alarm of the ozone that came after it")
    assert set(standing(desk)) == {f"{O3}/advisory"}


def test_minutes_of_high_values_inside_an_hour_are_no_alert(room):
    """What used to be enough: every sample of two hours beyond the level, but no hour's own value."""
    room.start()
    desk, gate = room.desk(), room.gateway()
    index = room.profile.point_by_id[PM10].index
    end = room.clock.now_ns() // HOUR_NS * HOUR_NS
    at = end - np.arange(239, -1, -1) * MINUTE_NS
    into = (end - at) // MINUTE_NS % 60  # minutes to the hour's end
    gate.publish(good(np.full(len(at), index), np.where(into < 4, 90.0, 400.0), at))
    gate.publish(hours(room, O3, 0.13))
    desk.until(lambda: desk.board.state.alarms, "the alarm of the ozone that came after it")
    assert set(standing(desk)) == {f"{O3}/advisory"}


def test_a_warning_is_lifted_to_its_advisory_and_that_by_an_hour_below_a_hundred(room):
    room.start()
    desk, gate = room.desk(), room.gateway()
    warning, advisory = f"{PM10}/warning", f"{PM10}/advisory"
    columns = hours(room, PM10, 310.0, 305.0, 140.0, 101.0, 99.0)
    rows = np.arange(len(columns))
    gate.publish(columns.where(rows < 2))
    desk.until(lambda: len(desk.board.state.alarms) == 2, "both steps")
    assert len(desk.board.state.incidents) == 1, "one incident, not two"
    gate.publish(columns.where((rows == 2) | (rows == 3)))
    desk.until(lambda: standing(desk)[warning] == "D", "the warning to be lifted")
    assert standing(desk)[advisory] != "D"
    gate.publish(columns.where(rows == 4))
    desk.until(lambda: standing(desk)[advisory] == "D", "the advisory to be lifted")


def test_ozone_has_three_steps_and_an_hour_is_enough(room):
    room.start()
    desk, gate = room.desk(), room.gateway()
    gate.publish(hours(room, O3, 0.5))
    desk.until(lambda: len(desk.board.state.alarms) == 3, "three steps")
    priorities = {one.limit_id.rpartition("/")[2]: one.priority for one in desk.board.state.alarms.values()}
    assert priorities == {"advisory": 3, "warning": 2, "severe": 1}


def test_an_advisory_that_stands_outlives_a_restart_of_the_hub_and_is_then_lifted(room):
    room.start()
    desk, gate = room.desk(), room.gateway()
    columns = hours(room, PM10, 160.0, 155.0, 90.0)
    rows = np.arange(len(columns))
    gate.publish(columns.where(rows < 2))
    desk.until(lambda: desk.board.state.alarms, "the advisory")
    run = room.hub.run_id
    room.stop()
    room.start()
    desk.until(lambda: desk.board.state.run not in ("", run) and desk.board.link == "live", "the new run")
    room.gateway("later").publish(columns.where(rows == 2))
    desk.until(lambda: standing(desk)[f"{PM10}/advisory"] == "D", "the lifting")
