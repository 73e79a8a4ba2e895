"""The replay page as an operator uses it: by keys and by mouse, with footage on a real disk."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QDropEvent
from PySide6.QtTest import QTest

from console.clock import SECOND_NS
from console.desk.inbound import PageCame
from console.model import events as ev
from console.model.commands import LockFootage, UnlockFootage, ViewFootage
from console.model.query import AskLog, LogPage
from tests.kit.sitting import opened
from tests.replay.conftest import Replay
from widgets.kit.dragging import cameras_mime
from widgets.kit.permits import Stretch
from widgets.replay.painter import MARK_PX
from widgets.replay.rows import Layout

pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints")
KEY = Qt.Key


def at(replay: Replay, back_s: float) -> int:
    return replay.now_ns - int(back_s * SECOND_NS)


@pytest.fixture
def four(replay: Replay, qt_wait_until: Callable[..., None]) -> Replay:
    """Four cameras: whole, with a gap, with nothing, and begun lately; the clock ten seconds ago."""
    one, two, _, late = replay.cameras[:4]
    replay.record(one, 600, 600)
    replay.record(two, 600, 200)
    replay.record(two, 300, 300)
    replay.record(late, 60, 60)
    replay.page.show_cameras(replay.cameras[:4], at(replay, 120))
    replay.allow()
    qt_wait_until(replay.known, lambda: "the disk to be looked at", 10.0)
    replay.page.timeline.setFocus()
    return replay


def test_cameras_are_shown_in_step_once_the_look_is_on_the_record(replay: Replay) -> None:
    ids = replay.cameras[:4]
    replay.page.show_cameras(ids, at(replay, 120))
    (asked,) = replay.port.commands.values()
    assert isinstance(asked, ViewFootage)
    assert (asked.camera_ids, asked.purpose) == (ids, "replay")
    replay.later(0.1)
    assert replay.engine.transports == {}
    assert replay.engine.asked == [], "the engine hears of no camera before"
    replay.allow()
    replay.later(0.1)
    assert replay.engine.transports["replay"].base_ns == at(replay, 120.2)
    assert {camera for camera, _, _ in replay.engine.asked} == set(ids)


def test_more_than_nine_cameras_are_not_taken_and_it_is_said(replay: Replay) -> None:
    replay.page.show_cameras(replay.cameras[:12])
    assert replay.page.camera_ids == replay.cameras[:9]
    assert replay.page.bar.notice.text() == "Only the first 9 cameras are shown."


def test_gaps_are_gaps_and_said_in_words(four: Replay) -> None:
    rows = four.page.timeline.rows
    assert [len(row.coverage) for row in rows] == [1, 2, 0, 1]
    assert rows[1].coverage.at(at(four, 350)) is None
    name = four.page.timeline.accessibleName
    QTest.keyClick(four.page.timeline, KEY.Key_Down)
    four.page.playback.seek(at(four, 350))
    four.allow()
    four.page.timeline.tell()
    begin, end = (four.moments.clock(at(four, back)) for back in (400, 300))
    assert f"not recorded from {begin} to {end}" in name()
    QTest.keyClick(four.page.timeline, KEY.Key_Down)
    assert "nothing recorded in this time" in name()
    QTest.keyClick(four.page.timeline, KEY.Key_Down)
    assert "not recorded before" in name()


def test_the_keys_of_the_time_line_move_the_clock(four: Replay) -> None:
    playback, line = four.page.playback, four.page.timeline
    playback.pause()
    start = playback.target_ns
    QTest.keyClick(line, KEY.Key_Right)
    assert playback.target_ns == start + SECOND_NS
    four.allow()
    QTest.keyClick(line, KEY.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    assert playback.target_ns == start - 9 * SECOND_NS
    QTest.keyClick(line, KEY.Key_Home)
    assert playback.target_ns == at(four, 600), "the oldest picture of any camera"
    span = line.shown.span_ns
    QTest.keyClick(line, KEY.Key_Plus)
    assert line.shown.span_ns == round(span / 1.5)
    QTest.keyClick(line, KEY.Key_Minus)
    assert abs(line.shown.span_ns - span) <= 1


def test_the_acts_play_step_and_go_to_the_present(four: Replay) -> None:
    playback = four.page.playback
    four.actions.trigger("timeline.play")
    assert playback.rate == 0
    four.actions.trigger("timeline.slower")
    assert playback.rate == -1.0
    four.actions.trigger("timeline.faster")
    four.actions.trigger("timeline.faster")
    assert playback.rate in (0.25, 0.5)
    four.actions.trigger("timeline.step_back")
    assert four.engine.steps[-1][2] == -1
    four.actions.trigger("timeline.live")
    assert playback.target_ns == at(four, 2)
    assert playback.rate == 1.0


def test_a_drag_on_the_time_line_scrubs_with_one_request_in_flight_and_then_plays_on(four: Replay) -> None:
    line, playback = four.page.timeline, four.page.playback
    left = Layout(line.width(), line.height(), 4).left
    asked = len(four.port.commands)
    y = line.height() - 4
    QTest.mousePress(line, Qt.MouseButton.LeftButton, pos=QPoint(left + 30, y))
    for x in range(left + 30, left + 200, 10):
        QTest.mouseMove(line, QPoint(x, y))
        four.later(0.03)
    assert playback.rate == 0
    assert len(four.port.commands) == asked + 1
    assert line.position_ns == playback.target_ns
    QTest.mouseRelease(line, Qt.MouseButton.LeftButton, pos=QPoint(left + 200, y))
    assert playback.rate == 1.0
    four.allow()
    four.allow()
    four.later(0.03)
    assert not playback.is_waiting


def test_a_stretch_is_chosen_by_keys_locked_with_a_reason_and_shown_as_locked(four: Replay) -> None:
    line, playback = four.page.timeline, four.page.playback
    playback.pause()
    four.actions.trigger("timeline.begin")
    begin = playback.target_ns
    QTest.keyClick(line, KEY.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    four.allow()
    four.actions.trigger("timeline.end")
    assert line.selection == Stretch(begin, begin + 10 * SECOND_NS)
    four.actions.trigger("timeline.lock")
    assert four.page.reason.isVisible()
    QTest.keyClicks(four.page.reason.field, "Fall at the gate")
    QTest.keyClick(four.page.reason.field, KEY.Key_Return)
    request_id, asked = list(four.port.commands.items())[-1]
    assert asked == LockFootage(
        camera_ids=four.cameras[:4], from_ns=begin, to_ns=begin + 10 * SECOND_NS, reason="Fall at the gate"
    )
    assert four.page.bar.notice.text() == "Asking the hub"
    four.accept(request_id)
    assert four.page.bar.notice.text() == "Locked: kept whatever its age."
    four.tell(
        ev.FootageLocked(
            lock_id=request_id, desk="desk-1", person="kim", camera_ids=four.cameras[:4], from_ns=begin,
            to_ns=begin + 10 * SECOND_NS, reason="Fall at the gate",
        )
    )  # fmt: skip
    four.pulse.tick()
    assert all(len(row.locks) == 1 for row in line.rows)
    line.tell()
    assert "Locked by kim: Fall at the gate" in line.accessibleName()


def test_only_a_supervisor_takes_a_lock_away(four: Replay) -> None:
    begin = four.page.playback.target_ns
    four.tell(
        ev.FootageLocked(
            lock_id="L1", desk="desk-1", person="kim", camera_ids=four.cameras[:4],
            from_ns=begin - SECOND_NS, to_ns=begin + SECOND_NS, reason="why",
        )
    )  # fmt: skip
    four.pulse.tick()
    four.page.playback.seek(begin)
    four.allow()
    act = four.actions.act("timeline.unlock")
    assert not act.isEnabled(), "an operator's desk"
    four.board.desk = next(name for name, desk in four.profile.desks.items() if desk.role == "supervisor")
    four.page.playback.seek(begin)
    assert act.isEnabled()
    four.actions.trigger("timeline.unlock")
    QTest.keyClicks(four.page.reason.field, "Case closed")
    QTest.keyClick(four.page.reason.field, KEY.Key_Return)
    assert list(four.port.commands.values())[-1] == UnlockFootage(lock_id="L1", reason="Case closed")


def test_a_refused_lock_says_why(four: Replay) -> None:
    four.actions.trigger("timeline.lock")
    QTest.keyClicks(four.page.reason.field, "x")
    QTest.keyClick(four.page.reason.field, KEY.Key_Return)
    four.refuse(list(four.port.commands)[-1], "The disk is full.")
    assert four.page.bar.notice.text() == "The disk is full."


def test_a_chosen_stretch_is_repeated(four: Replay) -> None:
    line, playback = four.page.timeline, four.page.playback
    line.select(Stretch(at(four, 100), at(four, 95)))
    four.actions.trigger("timeline.loop")
    assert playback.target_ns == at(four, 100)
    start = at(four, 100)
    four.allow()
    for _ in range(8):
        four.later(1.0)
        four.allow()
        assert start <= playback.target_ns <= start + 6 * SECOND_NS
    line.select(None)
    assert playback.loop is None


def test_export_is_wanted_with_what_is_chosen(four: Replay) -> None:
    told: list[object] = []
    four.page.export_wanted.connect(lambda *what: told.append(what))
    four.page.timeline.select(Stretch(at(four, 100), at(four, 95)))
    four.actions.trigger("timeline.export")
    assert told == [(four.cameras[:4], at(four, 100), at(four, 95))]


def test_events_of_the_shown_time_are_looked_up_once_and_jumped_to(four: Replay) -> None:
    four.later(1.0)
    (asked,) = four.port.queries
    assert isinstance(asked, AskLog)
    assert asked.filter.since_ns < four.page.timeline.shown.from_ns
    when = at(four, 200)
    fall = opened("INC-7", priority=1)
    entry = ev.Entry(run="r1", seq=3, at_ns=when, cause=ev.Cause(actor="hub"), event=fall)
    four.board.inbox.append(PageCame("q1", LogPage(entries=(entry,))))
    four.pulse.tick()
    for _ in range(5):
        four.later(1.0)
    assert len(four.port.queries) == 1, "what is loaded is not asked for again"
    four.actions.trigger("timeline.previous_event")
    assert four.page.playback.target_ns == when
    four.actions.trigger("timeline.previous_event")
    assert four.page.bar.notice.text() == "No further event in the time that is shown."
    line = four.page.timeline
    assert "A person fell" in line.accessibleDescription() or "INC" in line.accessibleDescription()


def test_an_event_that_happens_now_is_on_the_time_line_without_a_look_up(four: Replay) -> None:
    four.tell(opened("INC-8"))
    four.later(0.1)
    assert len(four.page.book) == 1


def test_a_look_up_that_fails_is_said_and_does_not_stop_the_rest(four: Replay) -> None:
    four.later(1.0)
    four.board.inbox.append(PageCame("q1", None))
    four.pulse.tick()
    four.later(0.1)
    assert four.page.timeline._content.notice == "Events: no answer"
    assert four.page.playback.rate == 1.0


def test_cameras_dropped_on_the_panes_join_where_the_others_are(four: Replay) -> None:
    surface = four.surface
    five = four.cameras[4]
    mime = cameras_mime((five,))  # the event does not keep it alive
    drop = QDropEvent(
        QPointF(5, 5), Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.NoModifier,
    )  # fmt: skip
    surface.dropEvent(drop)
    four.later(0.1)
    assert four.page.camera_ids == four.cameras[:5]
    asked = list(four.port.commands.values())[-1]
    assert isinstance(asked, ViewFootage)
    assert asked.camera_ids == (five,)
    four.actions.trigger("timeline.clear")
    assert four.page.camera_ids == ()


def test_a_page_nobody_sees_asks_for_nothing_more(four: Replay) -> None:
    asked = len(four.port.commands)
    four.page.hide()
    for _ in range(120):
        four.later(1.0)
    assert four.page.playback.rate == 0
    assert len(four.port.commands) == asked


def test_the_position_is_told_to_whoever_follows(four: Replay) -> None:
    told: list[int] = []
    four.page.position_changed.connect(told.append)
    start = four.page.playback.position_ns
    four.later(0.5)
    assert told == [start + SECOND_NS // 2]


def test_what_a_day_of_events_costs_to_paint_depends_on_the_pixels(four: Replay) -> None:
    line = four.page.timeline
    painted = []
    for count in (500, 5000):
        four.page.book.clear()
        four.page.book.add(
            ev.Entry(
                run="r1", seq=seq + 1, at_ns=at(four, seq * 80_000 / count), cause=ev.Cause(actor="hub"),
                event=opened(f"INC-{seq}", priority=1 + seq % 4),
            )
            for seq in range(count)
        )  # fmt: skip
        line.zoom(1 / 1000)
        line.grab()
        painted.append(line.painter.drawn)
    layout = Layout(line.width(), line.height(), 4)
    most = 2 * (layout.plot_px // MARK_PX + 1) + 4 * layout.plot_px // 2 + 40
    assert max(painted) <= most
    assert painted[1] <= painted[0] * 1.5
    assert four.page.timeline.shown.span_ns == 86_400 * SECOND_NS


def test_a_moving_cursor_repaints_no_backdrop(four: Replay) -> None:
    line = four.page.timeline
    line.grab()
    line.painter.drawn = -1
    four.later(0.5)
    line.grab()
    assert line.painter.drawn == -1


def test_every_control_has_a_name_and_a_key(four: Replay) -> None:
    from widgets.replay.glyphs import SignButton

    buttons = four.page.findChildren(SignButton)
    assert len(buttons) == 18
    for button in buttons:
        assert button.accessibleName()
        assert "(" in button.toolTip(), f"{button.objectName()}: its key"


def test_space_presses_the_button_that_has_the_keyboard(four: Replay) -> None:
    from widgets.replay.glyphs import SignButton

    button = four.page.findChild(SignButton, "button.timeline.back_10")
    before = four.page.playback.target_ns
    four.page.activateWindow()
    button.setFocus()
    QTest.keyClick(button, KEY.Key_Space)
    assert four.page.playback.target_ns == before - 10 * SECOND_NS
    assert four.page.playback.rate == 1.0


def test_the_page_speaks_both_languages(four: Replay) -> None:
    four.catalogue.switch("ko")
    assert four.page.accessibleName() == "다시 보기"
    assert four.page.timeline.accessibleName().startswith("시간 막대")
    four.catalogue.switch("en")


def test_a_closer_look_shows_what_was_too_small_to_be_seen(
    four: Replay, qt_wait_until: Callable[..., None]
) -> None:
    line, late = four.page.timeline, four.cameras[3]
    line.zoom(1 / 1000)
    four.pulse.tick()
    four.record(late, 20, 10)

    def newest() -> int:
        four.pulse.tick()
        edges = four.watch.edges_of(late)
        return edges[1] if edges is not None else 0

    before = line.rows[3].newest_ns
    qt_wait_until(lambda: four.watch.version > 0 and newest() >= before, lambda: "the disk", 10.0)
    line.zoom(1000)
    four.pulse.tick()
    assert line.rows[3].newest_ns == newest()
