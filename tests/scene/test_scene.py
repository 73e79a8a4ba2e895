"""The scene of the open incident: found in a thread, told in words, plots with limits, never in the way."""

from __future__ import annotations

from collections.abc import Iterator
from threading import get_ident

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from console.clock import SECOND_NS
from console.desk.scenefinder import AskedScene, SceneFinder, find_scene
from console.model import events as ev
from console.model.base import Words, same_words
from console.model.query import IncidentRow
from console.profile.scene import scene_figures
from tests.guards.waiting import until
from tests.kit.sitting import Sitting, suwon
from widgets.scene.panel import EarlierHere, ScenePanel, earlier_of

pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints")
TOLD = scene_figures()


def asked(incident_id: str = "I1", **changes: object) -> AskedScene:
    city = suwon()
    gauge = next(one for one in city.columns.ids if city.devices[one].kind == "underpass_gauge")
    told = AskedScene(incident_id, "underpass_flood", city.devices[gauge].place.position, (), (gauge,), {})
    return told._replace(**changes)


class Room(Sitting):
    def __init__(self, language: str = "en") -> None:
        super().__init__(language)
        self.connect()
        self.actions.add("scene.again", "scene.act.again", "Shift+Y")
        self.panel = ScenePanel(
            self.board, self.actions, self.catalogue, self.tokens, self.moments, TOLD,
            ("scene.again", "not.there"),
        )  # fmt: skip
        self.panel.resize(690, 400)
        self.scene = find_scene(self.profile, TOLD, asked())
        self.place = self.profile.devices[asked().device_ids[0]].place
        self.tell(
            ev.IncidentOpened(
                incident_id="I1", type="underpass_flood", priority=1, place=self.place, camera_ids=(),
                reason=same_words("water"), device_ids=asked().device_ids,
            )
        )  # fmt: skip

    def open(self) -> None:
        self.panel.begin("I1")
        self.panel.show_scene(self.scene.cameras, self.scene.around, self.scene.points)

    def close(self) -> None:
        self.panel.release()
        self.panel.close()
        self.panel.deleteLater()
        del self.panel
        self.leave()


@pytest.fixture
def room(qapp: object) -> Iterator[Room]:
    made = Room()
    yield made
    made.close()


def test_the_finder_works_beside_the_window_and_gives_up_what_was_replaced():
    finder = SceneFinder(suwon(), TOLD)
    finder.start()
    try:
        finder.ask(asked("I1"))
        finder.ask(asked("I2"))
        found = until(finder.take, "the scene")
        assert found.incident_id == "I2"
        assert finder.take() is None, "told once"
        finder.ask(asked("I3"))
        finder.ask(None)
        finder.ask(asked("I4"))
        assert until(finder.take, "the newest").incident_id == "I4"
        assert finder._thread.ident != get_ident()
    finally:
        finder.stop()


def test_a_camera_that_is_down_is_left_out_of_the_scene():
    all_up = find_scene(suwon(), TOLD, asked())
    first = all_up.cameras[0].camera_id
    without = find_scene(suwon(), TOLD, asked(conditions={first: "down"}))
    assert first not in [one.camera_id for one in without.cameras]


def test_each_camera_says_why_it_is_there(room: Room):
    room.open()
    text = room.panel.cameras.text()
    assert text.startswith("1 ")
    assert text.count(" · ") == len(room.scene.cameras) - 1
    degraded = room.scene.cameras[0]._replace(degraded=True, why="named")
    room.panel.show_scene((degraded,), (), ())
    assert "saw it" in room.panel.cameras.text()
    assert "disturbed" in room.panel.cameras.text()


def test_plots_begin_with_history_go_on_with_what_comes_and_say_a_limit(room: Room):
    room.open()
    plot = room.panel.trends[0]
    point = room.profile.points[plot.point_index]
    assert point.device_id == asked().device_ids[0]
    now = room.clock.now_ns()
    plot.show_history(np.array([now - 60 * SECOND_NS, now - 30 * SECOND_NS]), np.array([1.0, 2.0]))
    room.measure({point.id: 400.0})
    room.panel.show()
    room.panel.second()
    assert len(plot._value) == 3
    assert plot.limit_passed() is not None
    assert "400" in plot.accessibleName()
    assert room.catalogue.words(plot.limit_passed().text) in plot.accessibleName()  # type: ignore[union-attr]
    plot.grab()


def test_a_plot_keeps_no_more_than_it_can_draw(room: Room):
    room.open()
    plot = room.panel.trends[0]
    point = room.profile.points[plot.point_index]
    for value in range(900):
        room.clock.step(1.0)
        room.measure({point.id: float(value)})
        plot.measured()
    assert len(plot._value) <= 400
    assert plot._value[-1] == 899.0
    assert (np.diff(plot._at) > 0).all()


def test_a_measurement_without_a_value_is_drawn_as_none(room: Room):
    room.open()
    for plot in room.panel.trends:
        assert plot.limit_passed() is None
        plot.grab()
        assert plot.words[1].startswith("–") or plot.point_index < 0


def test_devices_near_say_their_state_and_lead_to_them(room: Room):
    room.open()
    wanted: list[str] = []
    room.panel.device_wanted.connect(wanted.append)
    room.panel.show()
    first = room.scene.around[0]
    QTest.mouseClick(room.panel.near_buttons[0], Qt.MouseButton.LeftButton)
    assert wanted == [first.device_id]
    room.tell(ev.DeviceConditionChanged(device_id=first.device_id, condition="down", why=same_words("x")))
    room.panel.second()
    assert room.panel.near_buttons[0].text().startswith("◆ ")


def test_earlier_incidents_come_when_the_record_has_answered(room: Room):
    room.open()
    assert "Looking" in room.panel.earlier_title.text()
    wanted: list[str] = []
    room.panel.history_wanted.connect(wanted.append)
    room.panel.show()
    room.panel.show_earlier((EarlierHere("I0", "underpass_flood", room.clock.now_ns(), "closed"),))
    assert "Underpass flooding" in room.panel.past_buttons[0].text()
    QTest.mouseClick(room.panel.past_buttons[0], Qt.MouseButton.LeftButton)
    assert wanted == ["I0"]
    room.panel.show_earlier(())
    assert "Nothing here" in room.panel.earlier_title.text()
    assert not room.panel.past_buttons


def test_another_incident_takes_everything_of_the_one_before_away_at_once(room: Room):
    room.open()
    room.panel.begin("I2")
    assert "No camera" in room.panel.cameras.text()
    assert not room.panel.near_buttons
    assert all(not one.isVisibleTo(room.panel) for one in room.panel.trends)
    room.panel.begin("")
    assert room.panel.isHidden()


def test_the_record_s_rows_leave_out_the_incident_itself():
    def row(name: str, at_ns: int) -> IncidentRow:
        return IncidentRow(
            incident_id=name, type="crowd", priority=2, place=Words(en="x", ko="x"), district="d",
            opened_at_ns=at_ns, changed_at_ns=at_ns, stage="closed", owner="",
        )

    rows = [row("I1", 1), row("I2", 3), row("I3", 2)]
    assert [one.incident_id for one in earlier_of(rows, "I1", 5)] == ["I2", "I3"]
    assert len(earlier_of(rows, "", 2)) == 2


def test_everything_is_said_in_korean_too(qapp: object):
    room = Room("ko")
    room.open()
    assert "이곳의 이전 상황" in room.panel.earlier_title.text()
    room.catalogue.switch("en")
    assert "Looking" in room.panel.earlier_title.text()
    room.close()
