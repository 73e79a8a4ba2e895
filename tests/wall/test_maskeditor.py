"""Drawing, saving and lifting masks by mouse and by key, answered by hand in place of the hub."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, Qt
from PySide6.QtTest import QTest

from console.clock import SECOND_NS, SteppedClock
from console.desk.board import Board
from console.desk.inbound import AnswerCame
from console.language import Catalogue
from console.model.base import Words
from console.model.commands import Accepted, LiftMasks, Refused, SetMasks
from console.model.footage import MaskZone
from console.model.state import lift_key
from tests.kit.sitting import Port
from tests.wall.conftest import FakeEngine, Shot
from tests.wall.test_wall import RED, Beat, place, shown
from widgets.kit.actions import Actions
from widgets.kit.pulse import Pulse
from widgets.kit.tokens import Tokens
from widgets.wall import WallWidget
from widgets.wall.maskacts import MaskActs
from widgets.wall.maskeditor import MaskEditor
from widgets.wall.paneacts import PaneActs

SAVED = MaskZone(name="1", points=((0.0, 0.0), (0.3, 0.0), (0.3, 0.3), (0.0, 0.3)))


def supervisor_desk(city: object) -> str:
    return next(name for name, desk in city.desks.items() if desk.role == "supervisor")  # type: ignore[attr-defined]


@pytest.fixture
def port(board: Board) -> Port:
    return Port(board)


@pytest.fixture
def actions(catalogue: Catalogue) -> Actions:
    return Actions(catalogue)


@pytest.fixture
def make_acts(
    wall: WallWidget, board: Board, port: Port, pulse: Pulse, catalogue: Catalogue, tokens: Tokens,
    actions: Actions, engine: FakeEngine, cameras: tuple[str, ...], beat: Beat,
) -> Iterator[Callable[[str], MaskActs]]:  # fmt: skip
    made: list[MaskActs] = []

    def make(desk: str) -> MaskActs:
        board.desk = desk
        shown(wall, engine, cameras[:4], beat)
        pane_acts = PaneActs(actions, wall, wall)
        pane_acts.serve(wall)
        made.append(MaskActs(pane_acts, actions, wall, board, port, pulse, catalogue, tokens, wall))
        return made[0]

    yield make
    for acts in made:
        acts.close()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


@pytest.fixture
def answer(board: Board, pulse: Pulse) -> Callable[..., None]:
    def give(request_id: str, refused: str = "") -> None:
        reason = Words(en=refused, ko=refused)
        told = Refused(id=request_id, code="x", reason=reason) if refused else Accepted(id=request_id, seq=9)
        board.inbox.append(AnswerCame(told))
        pulse.tick()

    return give


def opened(acts: MaskActs, actions: Actions, engine: FakeEngine, camera: str, beat: Beat) -> MaskEditor:
    actions.trigger("wall.masks")
    editor = acts.editor
    assert editor is not None
    beat()
    engine.paint(camera, RED)
    beat()
    editor.grab()
    return editor


def at(editor: MaskEditor, x: float, y: float) -> QPoint:
    target = editor.canvas._target
    return QPoint(round(target.x() + x * target.width()), round(target.y() + y * target.height()))


def test_an_operator_draws_a_zone_with_the_mouse_and_it_is_asked_for_with_its_reason(
    make_acts: Callable[[str], MaskActs], actions: Actions, engine: FakeEngine, cameras: tuple[str, ...],
    port: Port, beat: Beat, answer: Callable[..., None], wall: WallWidget,
) -> None:  # fmt: skip
    acts = make_acts("desk-1")
    editor = opened(acts, actions, engine, cameras[0], beat)
    assert engine.asked[-1][0] == cameras[0]
    assert engine.asked[-1][1:] == (1282, 726), "as large as it is drawn in"
    for x, y in ((0.2, 0.2), (0.6, 0.2), (0.6, 0.7)):
        QTest.mouseClick(editor.canvas, Qt.MouseButton.LeftButton, pos=at(editor, x, y))
    QTest.mouseClick(editor.canvas, Qt.MouseButton.LeftButton, pos=at(editor, 0.2, 0.2))
    assert len(editor.draft.zones) == 1
    editor.save()
    assert editor.problem.text() == "Write why."
    assert not port.commands
    QTest.keyClicks(editor.reason, "windows")
    QTest.keyClick(editor.reason, Qt.Key.Key_Return)
    ((asked_id, asked),) = port.commands.items()
    assert isinstance(asked, SetMasks)
    assert asked.camera_id == cameras[0]
    assert asked.reason == "windows"
    for got, wanted in zip(asked.zones[0].points, ((0.2, 0.2), (0.6, 0.2), (0.6, 0.7)), strict=True):
        assert got == pytest.approx(wanted, abs=0.01)
    assert editor.isVisible(), "open until the hub has it"
    answer(asked_id)
    assert acts.editor is None
    assert wall.full_camera == "", "Enter was meant for the reason"


def test_what_the_hub_refuses_is_said_and_nothing_drawn_is_lost(
    make_acts: Callable[[str], MaskActs], actions: Actions, engine: FakeEngine, cameras: tuple[str, ...],
    port: Port, beat: Beat, answer: Callable[..., None],
) -> None:  # fmt: skip
    acts = make_acts("desk-1")
    editor = opened(acts, actions, engine, cameras[0], beat)
    QTest.keyClick(editor.canvas, Qt.Key.Key_N)
    QTest.keyClicks(editor.reason, "why")
    editor.save()
    editor.save()
    assert len(port.commands) == 1, "asked once"
    answer("c1", "Not on this desk.")
    assert editor.problem.text() == "Not on this desk."
    assert len(editor.draft.zones) == 1
    assert editor.buttons["save"].isEnabled()


def test_by_keys_alone_a_zone_is_made_moved_and_taken_away(
    make_acts: Callable[[str], MaskActs], actions: Actions, engine: FakeEngine, cameras: tuple[str, ...],
    beat: Beat,
) -> None:  # fmt: skip
    acts = make_acts("desk-1")
    editor = opened(acts, actions, engine, cameras[0], beat)
    canvas = editor.canvas
    QTest.keyClick(canvas, Qt.Key.Key_N)
    before = editor.draft.zones[0].points
    QTest.keyClick(canvas, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    assert editor.draft.zones[0].points[0][0] == pytest.approx(before[0][0] - 0.05)
    assert canvas.accessibleName() == "Zone 1, new"
    QTest.keyClick(canvas, Qt.Key.Key_C)
    assert canvas.accessibleName() == "Zone 1, new, corner 1"
    QTest.keyClick(canvas, Qt.Key.Key_Up)
    assert editor.draft.zones[0].points[0][1] == pytest.approx(before[0][1] - 0.005)
    assert editor.draft.zones[0].points[1][1] == pytest.approx(before[1][1])
    QTest.keyClick(canvas, Qt.Key.Key_Delete)
    assert editor.draft.zones == []
    QTest.keyClick(canvas, Qt.Key.Key_Escape)
    assert acts.editor is None


def test_a_saved_zone_stays_covered_while_it_is_edited_and_an_operator_cannot_change_it(
    make_acts: Callable[[str], MaskActs], actions: Actions, engine: FakeEngine, cameras: tuple[str, ...],
    board: Board, beat: Beat, shot: type[Shot],
) -> None:  # fmt: skip
    board.state.masks[cameras[0]] = (SAVED,)
    acts = make_acts("desk-1")
    editor = opened(acts, actions, engine, cameras[0], beat)
    image = editor.canvas.grab().toImage()
    inside, outside = at(editor, 0.15, 0.2), at(editor, 0.7, 0.7)
    assert image.pixelColor(outside).getRgb()[:3] == RED
    assert image.pixelColor(inside).getRgb()[:3] != RED
    QTest.mousePress(editor.canvas, Qt.MouseButton.LeftButton, pos=inside)
    QTest.mouseMove(editor.canvas, inside + QPoint(60, 0))
    QTest.mouseRelease(editor.canvas, Qt.MouseButton.LeftButton, pos=inside + QPoint(60, 0))
    assert editor.draft.zones == [SAVED]
    assert "supervisor" in editor.problem.text()
    QTest.keyClick(editor.canvas, Qt.Key.Key_Delete)
    assert editor.draft.zones == [SAVED]
    assert not editor.draft.is_changed


def test_a_supervisor_moves_a_saved_zone_and_until_it_is_saved_the_old_place_is_covered(
    make_acts: Callable[[str], MaskActs], actions: Actions, engine: FakeEngine, cameras: tuple[str, ...],
    board: Board, city: object, beat: Beat,
) -> None:  # fmt: skip
    board.state.masks[cameras[0]] = (SAVED,)
    acts = make_acts(supervisor_desk(city))
    editor = opened(acts, actions, engine, cameras[0], beat)
    start = at(editor, 0.15, 0.15)
    QTest.mousePress(editor.canvas, Qt.MouseButton.LeftButton, pos=start)
    QTest.mouseMove(editor.canvas, at(editor, 0.65, 0.65))
    QTest.mouseRelease(editor.canvas, Qt.MouseButton.LeftButton, pos=at(editor, 0.65, 0.65))
    assert editor.draft.zones[0].points[0] == pytest.approx((0.5, 0.5), abs=0.01)
    image = editor.canvas.grab().toImage()
    assert image.pixelColor(start).getRgb()[:3] != RED


def test_a_camera_that_leaves_the_wall_closes_its_editor(
    make_acts: Callable[[str], MaskActs], actions: Actions, engine: FakeEngine, cameras: tuple[str, ...],
    wall: WallWidget, beat: Beat,
) -> None:  # fmt: skip
    acts = make_acts("desk-1")
    opened(acts, actions, engine, cameras[0], beat)
    wall.set_layout(cameras[1:3])
    beat(1)
    assert acts.editor is None


def test_a_supervisor_lifts_for_a_time_with_a_reason_and_hides_again_with_the_same_key(
    make_acts: Callable[[str], MaskActs], actions: Actions, cameras: tuple[str, ...], board: Board,
    city: object, port: Port, answer: Callable[..., None], stepped_clock: SteppedClock, wall: WallWidget,
    beat: Beat, shot: type[Shot],
) -> None:  # fmt: skip
    board.state.masks[cameras[0]] = (SAVED,)
    desk = supervisor_desk(city)
    acts = make_acts(desk)
    actions.trigger("wall.lift")
    bar = acts.bar
    assert bar is not None
    QTest.keyClick(bar.reason, Qt.Key.Key_Return)
    assert bar.problem.text() == "Write why."
    bar.choices[1].click()
    QTest.keyClicks(bar.reason, "missing child")
    QTest.keyClick(bar.reason, Qt.Key.Key_Return)
    assert wall.full_camera == ""
    assert port.commands["c1"] == LiftMasks(camera_id=cameras[0], for_s=900, reason="missing child")
    assert acts.bar is not None, "open until the hub has it"
    board.state.lifted_masks[lift_key(desk, cameras[0])] = stepped_clock.now_ns() + 900 * SECOND_NS
    answer("c1")
    assert acts.bar is None
    beat()
    x, y, wide, high = place(wall, 0).picture  # type: ignore[attr-defined]
    assert shot(wall).colour(x + wide // 10, y + high // 10) == RED
    assert "Masks lifted 15:00" in wall._panes[0].over_said.tags
    actions.trigger("wall.lift")
    assert port.commands["c2"] == LiftMasks(camera_id=cameras[0], for_s=0, reason="")


def test_an_operator_is_not_offered_to_lift(
    make_acts: Callable[[str], MaskActs], actions: Actions, port: Port
) -> None:
    acts = make_acts("desk-1")
    assert not actions.act("wall.lift").isEnabled()
    actions.trigger("wall.lift")
    assert acts.bar is None
    assert not port.commands


def test_where_nothing_is_hidden_the_bar_says_so(
    make_acts: Callable[[str], MaskActs], actions: Actions, city: object, catalogue: Catalogue
) -> None:
    acts = make_acts(supervisor_desk(city))
    actions.trigger("wall.lift")
    assert acts.bar is not None
    assert acts.bar.problem.text() == "Nothing is hidden in this picture."
    assert not acts.bar.lift.isEnabled()
    catalogue.switch("ko")
    assert "가림 없이 보기" in acts.bar.title.text()
    QTest.keyClick(acts.bar.reason, Qt.Key.Key_Escape)
    assert acts.bar is None
