"""Layouts by name, number and key; saved for all desks by the hub; modes come and go without losing
anything."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from console.model import events as ev
from console.model.commands import DeleteLayout, SaveLayout
from console.model.layout import WallLayout
from console.video.book import SourceBook
from tests.kit.sitting import Sitting
from tests.wall.conftest import FakeEngine
from widgets.wall import WallWidget
from widgets.wall.acts import WallActs
from widgets.wall.deck import WallDeck

pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints")


class Room(Sitting):
    """One desk's deck on a real city, with a hub that says what the test lets it say."""

    def __init__(self) -> None:
        super().__init__()
        self.connect()
        self.window = QWidget()
        self.wall = WallWidget(FakeEngine(SourceBook({})), self.catalogue, self.board, self.tokens)
        around = (self.board, self.pulse, self.port, self.actions, self.catalogue, self.tokens)
        self.deck = WallDeck(self.wall, *around, self.window)  # type: ignore[arg-type]
        self.acts = WallActs(self.actions, self.window)
        self.acts.register(self.window)
        self.acts.add(self.deck)
        self.deck.resize(1200, 700)
        self.window.resize(1200, 700)
        self.window.show()
        self.cameras = self.profile.desks["desk-1"].wall
        self.wall.set_layout(self.cameras)

    def asked(self, kind: type) -> list[object]:
        return [one for one in self.port.commands.values() if isinstance(one, kind)]

    def save_through_hub(self) -> WallLayout:
        """The hub accepts the newest SaveLayout and everybody hears of it."""
        request_id, command = list(self.port.commands.items())[-1]
        assert isinstance(command, SaveLayout)
        self.tell(ev.LayoutSaved(desk="desk-1", person="x", layout=command.layout))
        self.accept(request_id)
        return command.layout

    def close(self) -> None:
        self.deck.release()
        self.window.close()
        self.window.deleteLater()
        del self.deck, self.wall, self.window, self.acts
        self.leave()


@pytest.fixture
def room(qapp: object) -> Iterator[Room]:
    made = Room()
    yield made
    made.close()


def test_a_citys_layout_is_called_by_its_number_and_the_bar_says_which_is_shown(room: Room) -> None:
    room.actions.trigger("wall.layout_3")
    assert room.deck.layout_id == "water"
    assert room.wall.shown.slots[:2] == room.profile.layouts["water"].camera_ids[:2]
    assert room.deck.bar.name.text().startswith("3 Underpasses and river")
    room.catalogue.switch("ko")
    assert "지하차도와 하천" in room.deck.bar.name.text()
    room.deck.show_number(77)
    assert room.deck.layout_id == "water" and "77" in room.wall.notice.large


def test_the_bar_says_when_the_wall_was_changed_and_saving_makes_it_everybodys(room: Room) -> None:
    room.deck.show_named("traffic")
    assert not room.deck.is_changed and not room.deck.bar.save.isEnabled()
    room.wall.select_place(8)
    room.wall.remove_selected()
    assert room.deck.is_changed and room.deck.bar.changed.text() == "changed, not saved"
    room.deck.save()
    saved = room.save_through_hub()
    assert (saved.id, saved.number, len(saved.camera_ids)) == ("traffic", 2, 8)
    assert not room.deck.is_changed
    assert room.board.state.layouts["traffic"] == saved


def test_a_wall_is_saved_under_a_name_by_keyboard(room: Room) -> None:
    room.deck.save_as()
    QTest.keyClicks(room.deck.naming.name, "Station forecourt")
    QTest.keyClick(room.deck.naming.name, Qt.Key.Key_Return)
    saved = room.save_through_hub()
    assert (saved.name, saved.number, saved.camera_ids) == ("Station forecourt", 6, room.cameras)
    assert room.deck.layout_id == saved.id
    room.deck.choose_layout()
    assert any(line.startswith("6 Station forecourt") for line in room.deck.layouts.lines())


def test_a_number_that_is_taken_is_told_before_anything_is_sent(room: Room) -> None:
    room.deck.save_as()
    room.deck.naming.name.setText("Mine")
    room.deck.naming.number.setValue(3)
    QTest.keyClick(room.deck.naming.name, Qt.Key.Key_Return)
    assert room.asked(SaveLayout) == []
    assert "Underpasses and river" in room.wall.notice.line


def test_a_layout_is_chosen_from_the_list_by_number_or_words(room: Room) -> None:
    room.deck.choose_layout()
    QTest.keyClicks(room.deck.layouts.field, "3")
    QTest.keyClick(room.deck.layouts.field, Qt.Key.Key_Return)
    assert room.deck.layout_id == "water"
    room.deck.choose_layout()
    QTest.keyClicks(room.deck.layouts.field, "jun roads")
    assert [line.split()[0] for line in room.deck.layouts.lines()] == ["2"]
    QTest.keyClick(room.deck.layouts.field, Qt.Key.Key_Return)
    assert room.deck.layout_id == "traffic"
    room.deck.choose_layout()
    QTest.keyClick(room.deck.layouts.field, Qt.Key.Key_Escape)
    assert room.deck.layouts.isHidden() and room.deck.layout_id == "traffic"


def test_a_deleted_layout_stays_on_the_wall_and_comes_back_by_undo(room: Room) -> None:
    room.deck.save_as()
    room.deck.naming.named.emit("Mine", 40)
    saved = room.save_through_hub()
    room.deck.delete(saved.id)
    assert room.asked(DeleteLayout) == [DeleteLayout(layout_id=saved.id)]
    room.tell(ev.LayoutDeleted(desk="desk-1", person="x", layout_id=saved.id))
    assert room.wall.shown.slots[:16] == room.cameras
    assert not room.deck.bar.undo.isHidden()
    room.deck.undo_delete()
    assert room.save_through_hub() == saved
    room.deck.delete(saved.id)
    room.later(61)
    assert room.deck.bar.undo.isHidden(), "after a minute it is no longer offered"


def test_what_came_with_the_city_cannot_be_deleted_and_what_was_saved_over_it_can(room: Room) -> None:
    room.deck.delete("water")
    assert room.asked(DeleteLayout) == [] and "comes with the city" in room.wall.notice.line
    changed = msgspec.structs.replace(room.profile.layouts["water"].said_in("en"), name="Water 2")
    room.tell(ev.LayoutSaved(desk="desk-2", person="x", layout=changed))
    kept = room.deck.book.get("water")
    assert kept is not None and kept.layout.name == "Water 2"
    room.deck.delete("water")
    room.tell(ev.LayoutDeleted(desk="desk-1", person="x", layout_id="water"))
    kept = room.deck.book.get("water")
    assert kept is not None and kept.layout.name == "Underpasses and river"


def test_what_another_desk_saves_is_shown_here_at_once_unless_this_wall_was_changed(room: Room) -> None:
    room.deck.show_named("traffic")
    other = room.profile.layouts["traffic"].said_in("en")
    fewer = msgspec.structs.replace(other, camera_ids=other.camera_ids[:3])
    room.tell(ev.LayoutSaved(desk="desk-2", person="x", layout=fewer))
    assert room.wall.shown.slots == (*fewer.camera_ids, *[""] * 6)
    room.wall.select_place(0)
    room.wall.remove_selected()
    mine = room.wall.shown
    room.tell(ev.LayoutSaved(desk="desk-2", person="x", layout=other))
    assert room.wall.shown == mine
    assert room.deck.is_changed


def test_a_refused_layout_says_why(room: Room) -> None:
    room.deck.save_as()
    room.deck.naming.named.emit("Mine", 0)
    room.refuse(list(room.port.commands)[-1], "There are already 500 layouts.")
    assert room.wall.notice.line == "There are already 500 layouts."


def test_a_mode_changes_the_wall_and_gives_back_what_was_there_with_all_changes(room: Room) -> None:
    room.deck.follows_mode = True
    room.deck.show_named("traffic")
    room.wall.select_place(4)
    room.wall.remove_selected()
    room.wall.select_place(0)
    room.wall.pin_selected()
    before = room.wall.shown
    room.tell(ev.CityModeChanged(desk="super-1", person="x", mode="flood"))
    assert room.deck.layout_id == "water"
    assert before.slots[0] in room.wall.shown.slots, "what is pinned is never taken away"
    assert "Flood" in room.deck.bar.note.text()
    room.tell(ev.CityModeChanged(desk="super-1", person="x", mode="festival"))
    assert room.deck.layout_id == "festival"
    room.tell(ev.CityModeChanged(desk="super-1", person="x", mode=""))
    assert room.wall.shown == before
    assert room.deck.bar.note.text() == ""


def test_what_was_before_a_mode_survives_a_restart_in_the_middle_of_it(room: Room) -> None:
    room.deck.follows_mode = True
    before = room.wall.shown
    room.tell(ev.CityModeChanged(desk="super-1", person="x", mode="flood"))
    text = room.deck.kept()
    room.wall.set_layout(())
    assert room.deck.bring_back(text)
    assert room.deck.layout_id == "water"
    room.tell(ev.CityModeChanged(desk="super-1", person="x", mode=""))
    assert room.wall.shown.slots == before.slots


def test_what_is_remembered_is_shown_again_and_rubbish_is_not(room: Room) -> None:
    room.deck.show_named("night")
    text = room.deck.kept()
    shown = room.wall.shown
    room.deck.show_named("water")
    assert room.deck.bring_back(text) and room.wall.shown == shown
    for rubbish in ("", "{}", "[]", '{"shown": {"shape": 5}}', text[:-3], '{"shown": {"what": 1}}'):
        assert not room.deck.bring_back(rubbish)
        assert room.wall.shown == shown
    gone = text.replace("CAM-PLZ-0001", "CAM-GONE-0001")
    assert room.deck.bring_back(gone)
    assert room.wall.shown.slots[0] == "" and room.wall.shown.slots[1] == shown.slots[1]


def test_cameras_take_turns_in_a_place_that_is_made_for_them(room: Room) -> None:
    room.deck.set_carousel((*room.cameras[:3], "CAM-RES-0010", "CAM-RES-0011"), 8.0)
    assert room.wall.shown.slots[15] == "" and room.wall.shown.carousel
    assert room.wall.camera_at(15) == "CAM-RES-0010", "what is shown anyway does not take a turn"
    assert not room.deck.bar.carousel.isHidden()
    room.actions.trigger("wall.carousel")
    assert room.wall.carousel_paused
    room.deck.set_carousel((), 8.0)
    assert room.deck.bar.carousel.isHidden() and room.wall.camera_at(15) == ""


def test_a_shape_is_chosen_from_a_list_with_the_cameras_kept(room: Room) -> None:
    room.deck.choose_shape()
    QTest.keyClicks(room.deck.shapes.field, "12 around")
    QTest.keyClick(room.deck.shapes.field, Qt.Key.Key_Return)
    assert room.wall.shown.shape == "1+12"
    assert set(room.cameras) <= set(room.wall.shown.slots)


def test_editing_splits_merges_moves_and_can_be_given_up(room: Room) -> None:
    room.wall.set_grid(2)
    before = room.wall.shown
    room.actions.trigger("wall.edit")
    editor = room.deck.editor
    assert editor.isVisible()
    QTest.keyClick(editor, Qt.Key.Key_C)
    assert (room.wall.shown.shape, room.wall.place_count) == ("free", 5)
    QTest.keyClick(editor, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert room.wall.shown == before
    QTest.keyClick(editor, Qt.Key.Key_Right, Qt.KeyboardModifier.ControlModifier)
    assert room.wall.place_count == 3 and room.wall.shown.arrangement().places[0].width == 1.0
    assert before.slots[1] in room.wall.shown.slots, "the camera of a place that went is kept"
    QTest.keyClick(editor, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert room.wall.shown.arrangement().places[0].height > 0.5
    QTest.keyClick(editor, Qt.Key.Key_Escape)
    assert room.wall.shown == before and not editor.isVisible()
    room.deck.edit()
    QTest.keyClick(editor, Qt.Key.Key_R)
    QTest.keyClick(editor, Qt.Key.Key_Return)
    assert room.wall.place_count == 5 and not editor.isVisible()


def test_an_edge_is_dragged_by_mouse_and_a_pane_onto_another(room: Room) -> None:
    room.wall.set_grid(2)
    room.deck.edit()
    editor, wall = room.deck.editor, room.wall
    middle, quarter = wall.width() // 2, wall.height() // 4
    from PySide6.QtCore import QPoint

    QTest.mousePress(editor, Qt.MouseButton.LeftButton, pos=QPoint(middle, quarter))
    QTest.mouseMove(editor, QPoint(wall.width() * 2 // 3, quarter))
    QTest.mouseRelease(editor, Qt.MouseButton.LeftButton, pos=QPoint(wall.width() * 2 // 3, quarter))
    assert wall.shown.arrangement().places[0].width == pytest.approx(2 / 3, abs=0.03)
    first, last = wall.shown.slots[0], wall.shown.slots[3]
    QTest.mousePress(editor, Qt.MouseButton.LeftButton, pos=QPoint(40, 60))
    at = QPoint(wall.width() - 40, wall.height() - 120)
    QTest.mouseRelease(editor, Qt.MouseButton.LeftButton, pos=at)
    assert (wall.shown.slots[0], wall.shown.slots[3]) == (last, first)
    editor.keep()
