"""The whole window: every word in both languages, every control by key and by name, nothing cut, nothing
kept.
"""

from __future__ import annotations

import gc
import itertools
import re
import weakref
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible, QAction, QFontMetrics
from PySide6.QtWidgets import QAbstractButton, QAbstractItemView, QComboBox, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from console.model import events as ev
from console.model.base import Words
from tests.kit.sitting import opened
from tests.shell.desk import Desk
from widgets.kit.labels import ElidedLabel
from widgets.shell.status import StatusItem

# Said by Qt's offscreen platform for every window with a minimum size; it has no size hints to pass on.
pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints")

NEUTRAL = re.compile(r"[\W\d_]*")
"""Digits, signs and spaces mean the same in every language."""


def busy(desk: Desk) -> None:
    """Incidents, a hand-off, a partner that is down, measurements: everything that has words."""
    desk.connect()
    types = list(desk.profile.incident_types)
    desk.tell(*(opened(f"INC-{n}", types[n % len(types)], n % 4 + 1) for n in range(6)))
    down = Words(en="The line is cut.", ko="회선이 끊겼습니다.")
    for agency in desk.profile.agencies:
        desk.tell(ev.PartnerLinkChanged(agency=agency, up=False, why=down))
    desk.tell(
        ev.HandoffQueued(
            handoff_id="H1", key="INC-0:a:1", incident_id="INC-0", agency=next(iter(desk.profile.agencies)),
            revision=1, person="Kim", message_sha256="0",
        ),
        ev.IncidentNoted(incident_id="INC-0", person="Kim", text="7"),
    )  # fmt: skip
    desk.measure({"UND-0001/water_depth_cm": 18.0, "RAIN-0001/rain_mm_h": 40.0})
    desk.later(1.1)
    desk.window.show_review()
    desk.window.show_operate()
    desk.settle()


def texts(desk: Desk) -> dict[str, str]:
    """Every text of the window by where it stands: labels, buttons, acts, titles, names for screen
    readers.
    """
    found: dict[str, str] = {"window": desk.window.windowTitle()}
    for number, widget in enumerate(desk.window.findChildren(QWidget)):
        if not widget.isVisible():
            continue
        where = f"{number} {type(widget).__name__} {widget.objectName()}"
        if isinstance(widget, QLabel | QAbstractButton):
            found[f"{where} text"] = widget.text()
        if isinstance(widget, QLineEdit):
            found[f"{where} placeholder"] = widget.placeholderText()
        found[f"{where} name"] = widget.accessibleName()
        found[f"{where} tooltip"] = widget.toolTip()
    for act in desk.window.findChildren(QAction):
        found[f"act {act.objectName()}"] = act.text()
    for act in desk.actions.help():
        found[f"act {act.id}"] = act.text
    return found


def same_in_both(desk: Desk) -> set[str]:
    """What the city itself calls alike in both languages, names of persons and keys, longest first."""
    profile = desk.profile
    words = {
        "P1",
        "P2",
        "P3",
        "P4",
        "F1",
        "ms",
        "cm",
        "mm",
        "km",
        "μg",
        "m³",
        "CSV",
        "PDF",
        "Bongsu",
        "UI",
        "id",
    }
    words |= {agency.number for agency in profile.agencies.values()}
    words |= {act.key for act in desk.actions.help()}
    words |= {
        name
        for one in profile.desks.values()
        for name in (one.person, one.person_name.en, one.person_name.ko)
    }
    return words | {"Kim", "INC", "km/h", "mm/h", "A", "m"}


@pytest.mark.parametrize("workspace", ["operate", "review"])
def test_after_a_switch_of_language_no_text_is_left_in_the_other(desk: Desk, workspace: str) -> None:
    busy(desk)
    desk.window.show_workspace(workspace)
    desk.settle()
    english = texts(desk)
    desk.actions.trigger("shell.language")
    desk.settle()
    korean = texts(desk)
    assert desk.catalogue.language == "ko"
    assert len(korean) > 100
    alike = sorted(same_in_both(desk), key=len, reverse=True)
    untranslated = []
    for where, text in korean.items():
        left = text if english.get(where) == text else ""
        for word in alike:
            left = left.replace(word, "")
        if not NEUTRAL.fullmatch(left):
            untranslated.append(f"{where}: {text!r}")
    assert not untranslated


def test_switching_there_and_back_leaves_every_text_as_it_was(desk: Desk) -> None:
    busy(desk)
    before = texts(desk)
    for _ in range(2):
        desk.actions.trigger("shell.language")
        desk.settle()
    after = texts(desk)
    assert {where: (text, after[where]) for where, text in before.items() if after.get(where) != text} == {}


def interactive(desk: Desk) -> list[QWidget]:
    """What a person can act on, as far as it is visible."""
    kinds = (QAbstractButton, QLineEdit, QComboBox, QAbstractItemView)
    return [
        widget
        for widget in desk.window.findChildren(QWidget)
        if widget.isVisible()
        and (isinstance(widget, kinds) or widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
        # Parts of a named whole (a field's clear button, a box's field); headers and pinned rows.
        and not isinstance(widget.parent(), QLineEdit | QComboBox)
        and not (isinstance(widget, QAbstractItemView) and widget.focusPolicy() == Qt.FocusPolicy.NoFocus)
    ]  # fmt: skip


@pytest.mark.parametrize("workspace", ["operate", "review"])
@pytest.mark.parametrize("language", ["en", "ko"])
def test_everything_that_can_be_acted_on_says_its_name_to_a_screen_reader(
    desk: Desk, workspace: str, language: str
) -> None:
    busy(desk)
    desk.window.show_workspace(workspace)
    desk.catalogue.switch(language)
    desk.settle()
    acting = interactive(desk)
    assert len(acting) > 8
    nameless = []
    for widget in acting:
        face = QAccessible.queryAccessibleInterface(widget)
        if face is None or not face.text(QAccessible.Text.Name).strip():
            nameless.append(f"{type(widget).__name__} {widget.objectName()!r}")
    assert not nameless


def tab_chain(desk: Desk) -> set[QWidget]:
    """Everything the Tab key comes to."""
    found: set[QWidget] = set()
    here = desk.window.nextInFocusChain()
    while here is not desk.window:
        if here.focusPolicy() & Qt.FocusPolicy.TabFocus and here.isVisible() and here.isEnabled():
            found.add(here)
        here = here.nextInFocusChain()
    return found


@pytest.mark.parametrize("workspace", ["operate", "review"])
def test_every_control_is_reached_by_tab_or_has_a_key_of_its_own(desk: Desk, workspace: str) -> None:
    busy(desk)
    desk.window.show_workspace(workspace)
    desk.settle()
    chain = tab_chain(desk)
    keyed = {f"button.{act.id}" for act in desk.actions.help()}
    out_of_reach = [
        f"{type(widget).__name__} {widget.objectName()!r}"
        for widget in interactive(desk)
        if widget.isEnabled() and widget not in chain and widget.objectName() not in keyed
        and (widget.focusProxy() or widget) not in chain
    ]  # fmt: skip
    assert not out_of_reach


def test_in_one_workspace_no_key_does_two_things(desk: Desk) -> None:
    busy(desk)
    for workspace in ("operate", "review"):
        desk.window.show_workspace(workspace)
        desk.settle()
        doing: dict[str, list[str]] = {}
        for line in desk.actions.help():
            if not desk.actions.has(line.id):
                continue  # keys that a widget hears itself, while it has the keyboard
            act = desk.actions.act(line.id)
            everywhere = act.shortcutContext() != Qt.ShortcutContext.WidgetWithChildrenShortcut
            owners = [one for one in act.associatedObjects() if isinstance(one, QWidget)]
            if everywhere and any(one.isVisible() for one in owners):
                doing.setdefault(line.key, []).append(line.id)
        assert {key: acts for key, acts in doing.items() if len(acts) > 1} == {}


def test_the_parts_are_gone_through_by_f6_and_back(desk: Desk, qtbot: QtBot) -> None:
    busy(desk)
    order = []
    for _ in range(5):
        qtbot.keyClick(desk.window, Qt.Key.Key_F6)
        focused = desk.app.focusWidget()
        assert focused is not None
        assert desk.window.operate is not None
        order.append(next((index for index, part in enumerate(desk.window.operate._parts)
                           if part is focused or part.isAncestorOf(focused)), -1))  # fmt: skip
    assert -1 not in order
    assert {(after - before) % 4 for before, after in itertools.pairwise(order)} == {1}
    qtbot.keyClick(desk.window, Qt.Key.Key_F6, Qt.KeyboardModifier.ShiftModifier)
    focused = desk.app.focusWidget()
    part = desk.window.operate._parts[order[-2]]
    assert part is focused or part.isAncestorOf(focused)


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("workspace", ["operate", "review"])
def test_no_text_is_cut_at_1920_by_1080(desk: Desk, language: str, workspace: str) -> None:
    busy(desk)
    desk.catalogue.switch(language)
    desk.window.show_workspace(workspace)
    desk.settle()
    assert (desk.window.width(), desk.window.height()) == (1920, 1080)
    cut = []
    for widget in desk.window.findChildren(QWidget):
        if not widget.isVisible() or isinstance(widget, ElidedLabel | StatusItem):
            continue
        if isinstance(widget, QLabel) and not widget.wordWrap() and widget.text():
            lines = widget.text().splitlines()
            needed = max(QFontMetrics(widget.font()).horizontalAdvance(line) for line in lines)
            if needed > widget.contentsRect().width() + 1:
                cut.append(
                    f"{type(widget).__name__} {widget.text()!r} {needed}>{widget.contentsRect().width()}"
                )
        elif isinstance(widget, QAbstractButton) and widget.text():
            needed = max(
                QFontMetrics(widget.font()).horizontalAdvance(line) for line in widget.text().splitlines()
            )
            if needed > widget.width():
                cut.append(f"{type(widget).__name__} {widget.text()!r} {needed}>{widget.width()}")
    assert not cut


def test_what_had_to_be_elided_has_the_whole_text_in_its_tooltip(desk: Desk) -> None:
    busy(desk)
    desk.lose_hub()
    desk.later(1.1)
    desk.window.resize(1000, 700)
    desk.settle()
    assert desk.window.width() <= 1100, "the window fits an old screen"
    elided = [one for one in desk.window.findChildren(ElidedLabel) if one.isVisible() and one.is_elided()]
    assert elided
    assert all(one.toolTip() == one.text() for one in elided)


def test_the_rail_has_no_button_for_what_does_not_exist(desk: Desk) -> None:
    names = {button.objectName() for button in desk.window.rail.findChildren(QAbstractButton)}
    assert names == {"button.shell.operate", "button.shell.review", "button.shell.keys", "button.shell.theme"}


def test_review_is_made_when_it_is_first_asked_for_and_once(desk: Desk) -> None:
    assert desk.window.stack.count() == 1
    review = desk.window.show_review()
    desk.window.show_operate()
    assert desk.window.show_review() is review
    assert desk.window.stack.count() == 2


def test_the_most_urgent_incident_opens_by_itself_until_a_hand_is_on_the_keyboard(
    desk: Desk, qtbot: QtBot
) -> None:
    desk.connect()
    detail, queue = desk.part("detail"), desk.part("queue")
    assert detail.incident_id == ""
    desk.tell(opened("INC-1", priority=3))
    assert detail.incident_id == "INC-1"
    desk.tell(opened("INC-2", priority=3))
    assert detail.incident_id == "INC-1", "what is no more urgent waits in the queue"
    desk.tell(opened("INC-3", priority=2))
    assert detail.incident_id == "INC-3"
    qtbot.keyClick(desk.window.windowHandle(), Qt.Key.Key_Shift)
    desk.tell(opened("INC-4", priority=1))
    assert detail.incident_id == "INC-3", "a hand is on the keyboard: news appear in the queue only"
    assert queue.current_incident() == "INC-3"


def test_the_history_of_an_incident_is_asked_for_in_review(desk: Desk) -> None:
    desk.connect()
    desk.tell(opened("INC-1"))
    desk.part("detail").history_wanted.emit("INC-1")
    assert desk.window.stack.currentWidget().objectName() == "review"
    assert [getattr(query, "incident_id", "") for query in desk.port.queries][-1] == "INC-1"


def test_the_key_overlay_lists_every_key_in_the_present_language(desk: Desk, qtbot: QtBot) -> None:
    desk.catalogue.switch("ko")
    qtbot.keyClick(desk.window, Qt.Key.Key_F1)
    overlay = desk.window.keys
    assert overlay.isVisible()
    shown = {label.text() for label in overlay.findChildren(QLabel)}
    for line in desk.actions.help():
        assert {line.key, line.text, line.group} <= shown
    desk.catalogue.switch("en")
    desk.settle()
    assert desk.actions.help()[0].text in {label.text() for label in overlay.findChildren(QLabel)}
    qtbot.keyClick(overlay, Qt.Key.Key_Escape)
    assert not overlay.isVisible()


def test_theme_and_full_screen_go_by_key(desk: Desk, qtbot: QtBot) -> None:
    qtbot.keyClick(desk.window, Qt.Key.Key_T, Qt.KeyboardModifier.ControlModifier)
    assert desk.tokens.theme == "light"
    ground = desk.window.grab().toImage().pixelColor(5, 600)
    assert ground == desk.tokens.ground("bg1"), "the rail is painted in the new theme"
    qtbot.keyClick(desk.window, Qt.Key.Key_F11)
    assert desk.window.isFullScreen()
    qtbot.keyClick(desk.window, Qt.Key.Key_F11)
    assert not desk.window.isFullScreen()


@pytest.fixture
def homes(tmp_path: Path) -> Path:
    return tmp_path / "remembered"


def test_sizes_language_and_theme_are_as_they_were_left(homes: Path, qapp: object) -> None:
    first = Desk(homes)
    first.open()
    assert first.window.operate is not None
    first.window.operate.halves.setSizes([900, 900])
    first.settle()
    left = first.window.operate.halves.sizes()
    first.catalogue.switch("ko")
    first.tokens.switch("light")
    first.leave()
    again = Desk(homes, language="")
    again.open()
    assert again.window.operate is not None
    assert again.window.operate.halves.sizes() == pytest.approx(left, abs=4)
    assert (again.catalogue.language, again.tokens.theme) == ("ko", "light")
    again.leave()


def test_what_was_left_by_another_version_or_damaged_is_passed_over(homes: Path, qapp: object) -> None:
    (homes / "desks").mkdir(parents=True)
    (homes / "desks" / "desk-1.ini").write_text(
        "[General]\nlanguage=tlh\ntheme=@Invalid()\nhalves=@ByteArray(nonsense)\ngeometry=17\n\x00\xff[",
        "latin-1",
    )
    desk = Desk(homes, language="")
    desk.open()
    assert desk.catalogue.language in desk.profile.languages
    assert desk.tokens.theme == "dark"
    desk.leave()


def test_a_closed_desk_leaves_nothing_behind(qapp: object, tmp_path: Path) -> None:
    desk = Desk(tmp_path / "home")
    desk.open()
    busy(desk)
    ghosts = {
        name: weakref.ref(one)
        for name, one in (
            ("seat", desk.seat), ("window", desk.window), ("wall", desk.part("wall")),
            ("queue", desk.part("queue")), ("detail", desk.part("detail")),
            ("review", desk.part("review")), ("keys", desk.window.keys),
        )
    }  # fmt: skip
    desk.leave()
    gc.collect()
    assert [name for name, ghost in ghosts.items() if ghost() is not None] == []
