"""What a screen reader finds on a wall, asked through Qt's accessible interfaces."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtGui import QAccessible

from console.desk.board import Board
from console.language import Catalogue
from tests.wall.conftest import MOVING, FakeEngine
from tests.wall.test_wall import Beat, shown
from widgets.kit.tokens import Tokens
from widgets.wall import WallWidget

TEXT = QAccessible.Text


@pytest.fixture(autouse=True)
def listening() -> Iterator[None]:
    """A screen reader is there."""
    QAccessible.setActive(True)
    yield
    QAccessible.setActive(False)


def test_each_pane_is_a_part_with_name_words_place_and_state(
    wall: WallWidget, engine: FakeEngine, cameras: tuple[str, ...], city: object, beat: Beat
) -> None:
    shown(wall, engine, cameras, beat)
    engine.states[cameras[2]] = MOVING._replace(state="stalled", reason="timeout", age_ms=12_000)
    beat()
    reader = QAccessible.queryAccessibleInterface(wall)
    assert reader.role() == QAccessible.Role.List
    assert reader.childCount() == 16
    for number, camera in enumerate(cameras):
        part = reader.child(number)
        assert part.isValid()
        assert part.role() == QAccessible.Role.ListItem
        name = city.devices[camera].name.en  # type: ignore[attr-defined]
        assert part.text(TEXT.Name).startswith(f"{number + 1} {name}: ")
        assert reader.indexOfChild(part) == number
        middle = part.rect().center()
        assert reader.childAt(middle.x(), middle.y()).text(TEXT.Name) == part.text(TEXT.Name)
    stalled = reader.child(2)
    assert "Stalled. Nothing comes from the camera" in stalled.text(TEXT.Name)
    assert "Stalled 12 s" in stalled.text(TEXT.Description)
    assert "640x360 h264" in stalled.text(TEXT.Description)
    assert stalled.text(TEXT.Description) == wall.words_of(cameras[2]), "the tooltip's own words"


def test_the_selected_pane_is_told_and_a_pane_that_is_not_seen_says_so(
    wall: WallWidget, engine: FakeEngine, cameras: tuple[str, ...], beat: Beat
) -> None:
    shown(wall, engine, cameras, beat)
    wall.setFocus()
    wall.select(cameras[4])
    reader = QAccessible.queryAccessibleInterface(wall)
    told = [reader.child(number).state() for number in range(16)]
    assert [number for number, state in enumerate(told) if state.selected] == [4]
    assert all(state.focusable and state.readOnly and not state.invisible for state in told)
    wall.show_full(True)
    assert [number for number in range(16) if not reader.child(number).state().invisible] == [4]


def test_panes_that_go_are_gone_and_the_words_follow_the_language(
    wall: WallWidget, engine: FakeEngine, cameras: tuple[str, ...], catalogue: Catalogue, beat: Beat
) -> None:
    shown(wall, engine, cameras[:4], beat)
    reader = QAccessible.queryAccessibleInterface(wall)
    last = reader.child(3)
    wall.set_layout(cameras[:2])
    assert reader.childCount() == 2
    assert not last.isValid()
    assert last.text(TEXT.Name) == ""
    assert last.state().invalid
    assert reader.child(3) is None
    catalogue.switch("ko")
    assert "실시간" in reader.child(0).text(TEXT.Name)


def test_a_reader_keeps_no_wall_alive_and_its_parts_outlive_none(
    engine: FakeEngine, catalogue: Catalogue, board: Board, tokens: Tokens, cameras: tuple[str, ...]
) -> None:
    wall = WallWidget(engine, catalogue, board, tokens)
    wall.resize(800, 600)
    wall.show()
    wall.set_layout(cameras)
    reader = QAccessible.queryAccessibleInterface(wall)
    parts = [reader.child(number) for number in range(16)]
    assert all(part.isValid() for part in parts)
    del reader, parts
    wall.release()
    wall.close()
    wall.deleteLater()
    gone = weakref.ref(wall)
    del wall
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    gc.collect()
    assert gone() is None
