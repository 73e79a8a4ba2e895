"""Alarms on a whole desk: from an alarm to its curve, its place, its controls, its incident; its load."""

from __future__ import annotations

import pytest

from console.model import events as ev
from tests.alarms.room import moved, ordered
from tests.shell.desk import Desk

pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints|does not support raise")


def test_from_an_alarm_to_where_it_can_be_seen(desk: Desk) -> None:
    limit = ordered()
    desk.connect()
    desk.tell(moved(limit, "A", "B", "began", desk.clock.now_ns()))
    desk.actions.trigger("shell.lower_alarms")
    page = desk.part("alarms")
    assert page.choose(limit.id)
    alarm = desk.board.state.alarms[limit.id]
    desk.tell(
        ev.IncidentOpened(
            incident_id="SU-1", type=next(iter(desk.profile.incident_types)), priority=2, place=alarm.place,
            reason=limit.text, alarm_id=alarm.occurrence,
        )
    )  # fmt: skip
    lower = desk.part("lower")
    point_id = desk.profile.points[limit.point_index].id
    for act, shown in (("chart", "charts"), ("map", "map"), ("controls", "controls")):
        desk.actions.trigger("shell.lower_alarms")
        desk.actions.trigger(f"alarms.{act}")
        assert lower.current == shown
    assert point_id in lower.page("charts").bands.arrangement.bands[0].points
    desk.actions.trigger("alarms.incident")
    assert desk.part("queue").current_incident() == "SU-1"
    desk.actions.trigger("shell.lower_charts")
    page.show_view("latched")
    desk.actions.trigger("alarms.of_incident")
    current = page.table.current_row()
    assert lower.current == "alarms" and current is not None and current.alarm.id == limit.id


def test_the_load_stands_in_the_status_line(desk: Desk) -> None:
    desk.connect()
    meter = desk.part("alarms-meter")
    assert meter.isVisibleTo(desk.window) and meter.accessibleName() == "Alarms"
