"""The procedure on a whole desk: its keys are its own while it has the keyboard, its acts the window's."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from console.model import commands as do
from console.profile.procedures import load_procedures
from tests.procedure.guided import Guided
from tests.shell.desk import Desk

pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints|does not support raise")

OWN = (do.StartViewing, do.StopViewing, do.ViewFootage)
WaitUntil = Callable[[Callable[[], object], str], None]


def press(desk: Desk, key: Qt.Key, shift: bool = False) -> None:
    modifiers = Qt.KeyboardModifier.ShiftModifier if shift else Qt.KeyboardModifier.NoModifier
    QTest.keyClick(desk.window.focusWidget(), key, modifiers)
    desk.settle()


def test_the_keys_lead_through_it_and_do_nothing_else(desk: Desk, qt_wait_until: WaitUntil) -> None:
    guided = Guided(desk, load_procedures("suwon", desk.profile))
    panel = desk.part("procedure")
    qt_wait_until(lambda: panel._shelf.version, "the city's procedures at the desk")
    desk.connect()
    guided.begin("person_down")
    desk.part("queue").select("I-1")
    desk.window.activateWindow()
    QTest.qWaitForWindowActive(desk.window)
    desk.settle()
    assert panel.isVisible()
    desk.part("queue").setFocus()
    press(desk, Qt.Key.Key_D)
    assert panel.hasFocus()
    before = len(guided.asked())

    def new() -> list[do.Command]:
        """What was asked since; pictures the window looks at by itself."""
        nonlocal before
        fresh, before = guided.asked()[before:], len(guided.asked())
        return [one for one in fresh if not isinstance(one, OWN)]

    press(desk, Qt.Key.Key_Return)
    assert new() == [do.AnswerStep(incident_id="I-1", step="look", round=1)]
    guided.follow()
    for key, shown in ((Qt.Key.Key_W, panel.current.why), (Qt.Key.Key_L, panel.done._inside)):
        press(desk, key)
        assert shown.isVisible() and new() == []
    for key, kind in ((Qt.Key.Key_O, "other"), (Qt.Key.Key_T, "retype")):
        press(desk, key)
        assert panel.asking.is_open and panel.asking.kind == kind and new() == []
        press(desk, Qt.Key.Key_Escape)
        assert not panel.asking.is_open
    press(desk, Qt.Key.Key_1)
    assert new() == [do.AnswerStep(incident_id="I-1", step="state", round=1, answer="still")]
    guided.follow()
    press(desk, Qt.Key.Key_S, shift=True)
    assert panel.asking.is_open and panel.asking.kind == "skip"
    press(desk, Qt.Key.Key_Escape)
    assert new() == []
    panel.current.offer_buttons()[0].click()
    assert new() == [do.DraftHandoff(incident_id="I-1", agencies=("KR-119",))]
    assert "waits for the record" in panel.current.offer_buttons()[0].text()
