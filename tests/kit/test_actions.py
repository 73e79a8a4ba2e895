"""Acts: by id and by key, in both languages, and never keeping a widget alive."""

from __future__ import annotations

import gc
import weakref

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from tests.kit.sitting import Sitting
from widgets.kit.actions import Actions, ActionsError


class Room(QWidget):
    """Counts what was done."""

    def __init__(self) -> None:
        super().__init__()
        self.done = 0

    def act(self) -> None:
        self.done += 1


@pytest.fixture
def room(sitting: Sitting, qtbot: QtBot) -> Room:
    made = Room()
    qtbot.addWidget(made)
    sitting.actions.attach(made)
    made.show()
    made.activateWindow()
    qtbot.waitActive(made).__enter__()
    return made


def press(qtbot: QtBot, widget: QWidget, key: Qt.Key, modifier: Qt.KeyboardModifier | None = None) -> None:
    qtbot.keyClick(widget, key, modifier or Qt.KeyboardModifier.NoModifier)


def test_an_act_is_done_by_its_key_its_id_and_its_button(sitting: Sitting, room: Room, qtbot: QtBot) -> None:
    sitting.actions.add("test.one", "kit.none", "Ctrl+J", room.act)
    press(qtbot, room, Qt.Key.Key_J, Qt.KeyboardModifier.ControlModifier)
    sitting.actions.trigger("test.one")
    button = sitting.actions.button("test.one", room)
    button.click()
    assert room.done == 3


def test_what_cannot_be_done_now_is_not_done_and_looks_so(sitting: Sitting, room: Room, qtbot: QtBot) -> None:
    sitting.actions.add("test.one", "kit.none", "Ctrl+J", room.act, enabled=False)
    button = sitting.actions.button("test.one", room)
    press(qtbot, room, Qt.Key.Key_J, Qt.KeyboardModifier.ControlModifier)
    sitting.actions.trigger("test.one")
    button.click()
    assert room.done == 0
    assert not button.isEnabled()
    sitting.actions.enable("test.one")
    assert button.isEnabled()
    button.click()
    assert room.done == 1


def test_a_button_shows_its_key_and_speaks_the_present_language(sitting: Sitting, room: Room) -> None:
    sitting.actions.add("test.one", "kit.none", "Ctrl+J", room.act)
    button = sitting.actions.button("test.one", room)
    assert button.text() == "none  [Ctrl+J]"
    assert button.accessibleName() == "none"
    sitting.catalogue.switch("ko")
    assert button.text() == "없음  [Ctrl+J]"
    assert button.accessibleName() == "없음"
    assert button.toolTip() == "없음 (Ctrl+J)"


def test_a_letter_typed_into_a_field_is_a_letter_and_no_act(
    sitting: Sitting, room: Room, qtbot: QtBot
) -> None:
    field = QLineEdit(room)
    field.show()
    sitting.actions.add("test.one", "kit.none", "A", room.act)
    field.setFocus()
    press(qtbot, field, Qt.Key.Key_A)
    assert field.text() == "a"
    assert room.done == 0
    room.setFocus()
    press(qtbot, room, Qt.Key.Key_A)
    assert room.done == 1


def test_two_workspaces_may_use_one_key_and_only_the_visible_one_hears_it(
    sitting: Sitting, room: Room, qtbot: QtBot
) -> None:
    pages = [Room(), Room()]
    for number, page in enumerate(pages):
        page.setParent(room)
        sitting.actions.add(f"test.{number}", "kit.none", "K", page.act, owner=page)
    pages[1].hide()
    pages[0].show()
    press(qtbot, room, Qt.Key.Key_K)
    pages[0].hide()
    pages[1].show()
    press(qtbot, room, Qt.Key.Key_K)
    press(qtbot, room, Qt.Key.Key_K)
    assert [page.done for page in pages] == [1, 2]


def test_a_double_id_or_key_is_refused_with_both_names(sitting: Sitting, room: Room) -> None:
    page = Room()
    page.setParent(room)
    sitting.actions.add("test.one", "kit.none", "Ctrl+J")
    with pytest.raises(ActionsError, match=r"act test.one: already there"):
        sitting.actions.add("test.one", "kit.none", "Ctrl+K")
    with pytest.raises(ActionsError, match=r"act test.two: key Ctrl\+J already does test.one"):
        sitting.actions.add("test.two", "kit.none", "Ctrl+J")
    with pytest.raises(ActionsError, match=r"act test.three: key Ctrl\+J already does test.one"):
        sitting.actions.add("test.three", "kit.none", "Ctrl+J", owner=page)
    sitting.actions.add("test.four", "kit.none", "Z", owner=page)
    with pytest.raises(ActionsError, match=r"act test.five: key Z already does test.four"):
        sitting.actions.add("test.five", "kit.none", "Z")


def test_an_unknown_act_or_text_is_an_error_and_no_dead_button(sitting: Sitting) -> None:
    with pytest.raises(ActionsError, match=r"act test.gone: there is none"):
        sitting.actions.trigger("test.gone")
    with pytest.raises(KeyError, match=r"no.such.text"):
        sitting.actions.add("test.one", "no.such.text")
    assert not sitting.actions.has("test.one")


def test_the_list_of_keys_says_group_words_key_and_whether_it_can_be_done(sitting: Sitting) -> None:
    sitting.actions.add("test.one", "kit.none", "Ctrl+J", group="shell.group")
    sitting.actions.add("test.two", "kit.unknown", "F9", group="shell.group", enabled=False)
    sitting.actions.add("test.keyless", "kit.none")
    lines = [(one.group, one.text, one.key, one.enabled) for one in sitting.actions.help()]
    assert lines == [("Console", "none", "Ctrl+J", True), ("Console", "unknown", "F9", False)]
    sitting.catalogue.switch("ko")
    assert sitting.actions.help()[0].text == "없음"


def test_of_two_acts_with_one_key_the_one_with_the_keyboard_is_meant_else_the_one_in_sight(
    sitting: Sitting, room: Room, qtbot: QtBot
) -> None:
    wide, near = Room(), Room()
    places = [QLineEdit(one) for one in (wide, near)]
    for one in (wide, near):
        one.setParent(room)
        one.show()
    sitting.actions.add("test.wide", "kit.none", "Ctrl+F", wide.act, owner=wide)
    sitting.actions.add("test.near", "kit.unknown", "Ctrl+F", near.act, owner=near, only_focused=True)
    for place, done in ((places[0], (1, 0)), (places[1], (1, 1)), (places[0], (2, 1))):
        place.setFocus()
        press(qtbot, place, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
        assert (wide.done, near.done) == done


def test_a_part_inside_the_widget_that_has_the_key_is_meant_while_it_has_the_keyboard(
    qtbot: QtBot, sitting: Sitting, room: Room
) -> None:
    around, inside = Room(), Room()
    outer, inner = QLineEdit(around), QLineEdit(inside)
    inner.move(0, 40)
    around.setParent(room)
    inside.setParent(around)
    for one in (around, inside):
        one.show()
    sitting.actions.add("test.wide", "kit.none", "Ctrl+F", around.act, owner=around)
    sitting.actions.add("test.near", "kit.unknown", "Ctrl+F", inside.act, owner=inside, only_focused=True)
    for place, done in ((outer, (1, 0)), (inner, (1, 1)), (outer, (2, 1))):
        place.setFocus()
        press(qtbot, place, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
        assert (around.done, inside.done) == done


def test_every_listed_act_is_told_in_all_languages_and_whether_its_key_would_be_heard(
    sitting: Sitting, room: Room
) -> None:
    hidden = QWidget()
    sitting.actions.add("test.all", "kit.none", "Ctrl+J", group="shell.group")
    sitting.actions.add("test.here", "kit.none", "Ctrl+K", owner=room)
    sitting.actions.add("test.away", "kit.none", "", owner=hidden)
    sitting.actions.add("test.quiet", "kit.none", "Ctrl+U", listed=False)
    told = {act.act_id: (words, group) for act, words, group in sitting.actions.listed()}
    assert list(told) == ["test.all", "test.here", "test.away"]
    assert told["test.all"][0].en == "none" and told["test.all"][0].ko == "없음"
    assert told["test.all"][1].en == "Console"
    assert [sitting.actions.in_reach(one) for one in told] == [True, True, False]
    with pytest.raises(ActionsError):
        sitting.actions.in_reach("test.none")


def test_an_act_does_not_keep_the_widget_that_does_it_alive(sitting: Sitting) -> None:
    room = Room()
    sitting.actions.add("test.one", "kit.none", "Ctrl+J", room.act, owner=room)
    ghost = weakref.ref(room)
    room.deleteLater()
    sitting.settle()
    del room
    gc.collect()
    assert ghost() is None
    sitting.actions.trigger("test.one")


def test_the_book_itself_is_freed_with_its_window(sitting: Sitting) -> None:
    book = Actions(sitting.catalogue)
    book.add("test.one", "kit.none", "Ctrl+J")
    ghost = weakref.ref(book)
    del book
    gc.collect()
    assert ghost() is None
    sitting.catalogue.switch("ko")
