"""Replay at the whole desk: from the wall and from an incident to the page, and the page over the wall."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from console.clock import SECOND_NS
from console.model.commands import ViewFootage
from tests.kit.sitting import opened
from tests.shell.desk import Desk
from widgets.replay.page import ReplayPage

pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints")


@pytest.fixture
def desk(qapp: object, tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path / "home")
    made.open()
    made.connect()
    yield made
    made.leave()


def page_of(desk: Desk) -> ReplayPage:
    found = desk.window.operate.lower_area.page("replay")
    assert isinstance(found, ReplayPage)
    return found


def looks(desk: Desk) -> list[ViewFootage]:
    return [one for one in desk.port.commands.values() if isinstance(one, ViewFootage)]


def test_the_selected_panes_camera_goes_into_replay_by_one_key(desk: Desk) -> None:
    desk.actions.trigger("replay.add")
    page = page_of(desk)
    assert page.isVisible()
    assert page.camera_ids == desk.profile.desks["desk-1"].wall[:1]
    assert looks(desk)[-1].purpose == "replay"


def test_an_incidents_cameras_are_shown_from_before_it_began(desk: Desk) -> None:
    cameras = desk.profile.desks["desk-1"].wall[2:6]
    desk.tell(msgspec.structs.replace(opened("INC-9"), camera_ids=cameras))
    began_ns = desk.clock.now_ns()
    desk.part("queue").select("INC-9")
    desk.clock.step(60.0)
    desk.actions.trigger("replay.incident")
    page = page_of(desk)
    assert page.camera_ids == cameras
    asked = looks(desk)[-1]
    assert asked.purpose == "incident INC-9"
    assert asked.from_ns <= began_ns - 10 * SECOND_NS <= asked.to_ns
    assert page.playback.target_ns == began_ns - 10 * SECOND_NS


def test_a_pane_of_the_wall_and_of_the_incident_goes_back_by_key(desk: Desk) -> None:
    desk.actions.trigger("replay.back_10")
    first = desk.profile.desks["desk-1"].wall[0]
    assert looks(desk)[-1].camera_ids == (first,)
    assert looks(desk)[-1].purpose == "instant replay"
    assert desk.part("wall").playback_of(first) is not None
    desk.actions.trigger("replay.live")
    assert desk.part("wall").playback_of(first) is None


def test_the_page_takes_the_walls_room_and_gives_it_back(desk: Desk) -> None:
    desk.actions.trigger("shell.lower_replay")
    page, wall = page_of(desk), desk.part("wall")
    low = page.height()
    desk.actions.trigger("shell.lower_large")
    desk.settle()
    assert not wall.isVisible()
    assert page.height() > 2 * low
    desk.actions.trigger("shell.lower_large")
    desk.settle()
    assert wall.isVisible()
    assert abs(page.height() - low) <= 1


def test_the_clock_of_the_page_is_told_to_the_charts(desk: Desk) -> None:
    desk.actions.trigger("replay.add")
    page = page_of(desk)
    desk.accept(next(reversed(desk.board.pending)))
    desk.later(0.1)
    charts = desk.window.operate.lower_area.page("charts")
    assert charts.view.cursor_ns == page.playback.position_ns


def test_no_key_of_replay_means_something_else_in_the_same_place(desk: Desk) -> None:
    """Qt gives a key that two acts in force claim to neither of them."""
    desk.actions.trigger("replay.add")
    acts = desk.actions._acts.values()
    everywhere = {
        act.shortcut().toString(): act.act_id
        for act in acts
        if act.shortcutContext() == Qt.ShortcutContext.WindowShortcut and not act.shortcut().isEmpty()
    }
    ours = [act for act in acts if act.act_id.startswith(("timeline.", "replay."))]
    assert len(ours) == 32
    double = {
        act.act_id: everywhere[act.shortcut().toString()]
        for act in ours
        if everywhere.get(act.shortcut().toString(), act.act_id) != act.act_id
    }
    assert double == {}


def test_the_keys_reach_the_pane_and_the_page_they_are_pressed_on(desk: Desk) -> None:
    wall = desk.part("wall")
    first = wall.selected_camera
    desk.actions.trigger("wall.focus")
    QTest.keyClick(wall, Qt.Key.Key_B)
    assert wall.playback_of(first) is not None
    desk.accept(next(reversed(desk.board.pending)))
    QTest.keyClick(wall, Qt.Key.Key_Space)
    assert wall.playback_of(first).rate == 0
    QTest.keyClick(wall, Qt.Key.Key_L)
    assert wall.playback_of(first) is None
    desk.actions.trigger("replay.add")
    page = page_of(desk)
    desk.accept(next(reversed(desk.board.pending)))
    page.timeline.setFocus()
    at_ns = page.playback.target_ns
    QTest.keyClick(page.timeline, Qt.Key.Key_J)
    assert page.playback.target_ns == at_ns - 10 * SECOND_NS
    QTest.keyClick(page.timeline, Qt.Key.Key_Space)
    assert page.playback.rate == 0
    QTest.keyClick(page.timeline, Qt.Key.Key_L, Qt.KeyboardModifier.ShiftModifier)
    assert page.playback.rate == 1.0
    QTest.keyClick(page.timeline, Qt.Key.Key_PageUp)
    assert page.timeline.shown.to_ns < at_ns, "the time line pages; no pane is zoomed"
    QTest.keyClick(page.timeline, Qt.Key.Key_T)
    QTest.keyClicks(page.time_field.field, "90s")
    QTest.keyClick(page.time_field.field, Qt.Key.Key_Return)
    assert page.playback.target_ns == desk.clock.now_ns() - 90 * SECOND_NS
    assert wall.playback_of(first) is None
