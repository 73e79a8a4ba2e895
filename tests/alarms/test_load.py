"""The load of a desk: a shape, a number and a word; the day's figures when they are asked for."""

from __future__ import annotations

import pytest

from console.desk.inbound import PageCame
from console.model.base import Words
from console.model.query import AlarmFiguresPage, AskAlarmFigures
from tests.alarms.room import Room, limits
from widgets.alarms.meter import GRADES

pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints|does not support raise")

TOP = limits(2, 3)


def bring(room: Room, page: AlarmFiguresPage | None, problem: Words | None = None) -> None:
    room.board.inbox.append(PageCame(f"q{len(room.port.queries)}", page, problem))
    room.pulse.tick()


def figures() -> AlarmFiguresPage:
    return AlarmFiguresPage(
        desk="desk-1", periods=36, alarms=90, mean_per_period=2.5, peak=14, peak_share=0.03, flood_share=0.02,
        top=((TOP[0].id, 41), ("GW-9/gateway", 7)), top_share=0.5, mix={2: 1.0}, missed=("peak",),
        chattering=(TOP[0].id,), fleeting={TOP[1].id: 3}, stale=(),
    )  # fmt: skip


def test_the_meter_says_number_and_grade_and_draws_each_grade_differently(room: Room) -> None:
    pictures = set()
    for number, grade in enumerate(GRADES):
        room.say_health(number * 4, grade)
        assert room.meter.accessibleDescription().startswith(f"{number * 4}/10 min, ")
        pictures.add(bytes(room.meter.grab().toImage().constBits()))
    assert len(pictures) == len(GRADES)
    assert room.meter.accessibleDescription() == "12/10 min, flood"


def test_without_a_hub_the_load_is_unknown_and_never_a_number(room: Room) -> None:
    room.say_health(5, "too_many")
    room.lose_hub()
    assert room.meter.accessibleDescription() == "–, unknown"


def test_the_days_figures_are_asked_when_the_meter_is_opened_and_not_again_at_once(room: Room) -> None:
    room.actions.trigger("alarms.load")
    query = room.port.queries[-1]
    assert isinstance(query, AskAlarmFigures) and query.about_desk == "desk-1"
    midnight = room.moments.local(query.from_ns)
    assert (midnight.hour, midnight.minute, midnight.second) == (0, 0, 0)
    bring(room, figures())
    said = room.meter.panel.said.text()
    assert "Mean 2.5" in said and "Peak 14" in said and "2.0%" in said
    table = room.meter.panel.table
    assert [table.item(row, 0).text() for row in range(table.rowCount())] == ["41 ×", "7 ×"]
    assert "41 × " in room.meter.toolTip()
    room.actions.trigger("alarms.load")
    room.actions.trigger("alarms.load")
    assert len(room.port.queries) == 1
    room.later(31)
    room.actions.trigger("alarms.load")
    room.actions.trigger("alarms.load")
    assert len(room.port.queries) == 2


def test_the_most_frequent_of_today_have_a_view_that_leads_to_the_alarm(room: Room) -> None:
    room.begin(TOP[0])
    room.page.show_view("frequent")
    bring(room, figures())
    assert room.page.stack.currentWidget() is room.page.load
    room.page.load.table.selectRow(0)
    assert room.page.panel.alarm_id == TOP[0].id
    assert "chatters" in room.page.load.table.item(0, 2).text()
    wanted: list[str] = []
    room.page.going.chart_wanted.connect(lambda point, at_ns: wanted.append(point))
    room.actions.trigger("alarms.chart")
    assert wanted == [room.profile.points[TOP[0].point_index].id]


def test_a_hub_that_knows_no_figures_says_why(room: Room) -> None:
    room.page.show_view("frequent")
    bring(room, None, Words(en="Not while a recording is followed.", ko="재생 중에는 없습니다."))
    assert room.page.load.said.text().splitlines()[-1] == "Not while a recording is followed."
