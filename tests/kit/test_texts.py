"""Words: they follow the language, are never cut without saying so, and name times as people do."""

from __future__ import annotations

import gc
import weakref

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtWidgets import QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from console.language import LANGUAGES, load_catalogue
from tests.kit.sitting import Sitting
from widgets.kit.labels import ElidedLabel, style
from widgets.kit.moments import Moments, number, unit
from widgets.kit.texts import Texts, follow

SECOND_NS = 1_000_000_000
NOON_UTC_NS = 1_774_267_200 * SECOND_NS
"""2026-03-23 12:00 UTC, 21:00 in Seoul, a Monday."""


class Panel(QWidget):
    """A widget with words."""

    def __init__(self, sitting: Sitting) -> None:
        super().__init__()
        self.texts = Texts(sitting.catalogue)
        self.name = QLabel(self)
        self.field = QLineEdit(self)
        self.texts.put(self.name, "kit.unknown")
        self.texts.put(self.field, accessibleName="kit.none", placeholderText="kit.unknown")
        self.retexted = 0
        follow(sitting.catalogue, self.retext)

    def retext(self) -> None:
        self.retexted += 1


def test_words_and_accessible_names_follow_the_language(sitting: Sitting, qtbot: QtBot) -> None:
    panel = Panel(sitting)
    qtbot.addWidget(panel)
    assert (panel.name.text(), panel.field.placeholderText()) == ("unknown", "unknown")
    sitting.catalogue.switch("ko")
    assert (panel.name.text(), panel.name.accessibleName()) == ("알 수 없음", "알 수 없음")
    assert (panel.field.placeholderText(), panel.field.accessibleName()) == ("알 수 없음", "없음")
    assert panel.retexted == 2


def test_the_catalogue_keeps_no_widget_alive_and_forgets_who_is_gone(sitting: Sitting) -> None:
    listeners = len(sitting.catalogue._listeners)
    panel = Panel(sitting)
    assert len(sitting.catalogue._listeners) == listeners + 2
    ghosts = [weakref.ref(one) for one in (panel, panel.name, panel.texts)]
    panel.deleteLater()
    sitting.settle()
    del panel
    gc.collect()
    assert [ghost() for ghost in ghosts] == [None, None, None]
    sitting.catalogue.switch("ko")
    assert len(sitting.catalogue._listeners) == listeners


def test_a_part_deleted_by_qt_is_passed_over(sitting: Sitting, qtbot: QtBot) -> None:
    panel = Panel(sitting)
    qtbot.addWidget(panel)
    panel.name.deleteLater()
    sitting.settle()
    sitting.catalogue.switch("ko")
    assert panel.field.accessibleName() == "없음"


def test_an_elided_label_shows_start_and_end_and_tells_the_whole(sitting: Sitting, qtbot: QtBot) -> None:
    text = "Hwaseong, Paldalmun gate, north side, second lamp post behind the pharmacy"
    label = ElidedLabel()
    qtbot.addWidget(label)
    label.setText(text)
    label.resize(label.sizeHint())
    label.show()
    assert not label.is_elided()
    assert label.toolTip() == ""
    label.resize(120, 20)
    assert label.is_elided()
    assert label.toolTip() == text
    assert label.text() == text, "what a screen reader gets is never cut"
    shown = label.fontMetrics().elidedText(text, _middle(), 120)
    assert shown.startswith("Hwa")
    assert shown.endswith("acy")
    assert label.fontMetrics().horizontalAdvance(shown) <= 120


def _middle() -> object:
    from PySide6.QtCore import Qt

    return Qt.TextElideMode.ElideMiddle


def test_an_ink_by_role_is_the_themes_ink(sitting: Sitting, qtbot: QtBot) -> None:
    label = QLabel("x")
    qtbot.addWidget(label)
    style(label, ink="p1")
    label.ensurePolished()
    assert label.palette().windowText().color() == sitting.tokens.ink("p1")
    sitting.tokens.switch("light")
    label.ensurePolished()
    assert label.palette().windowText().color() == sitting.tokens.ink("p1")


@pytest.mark.parametrize(
    ("seconds", "english", "korean"),
    [(0, "0 s", "0초"), (59.9, "59 s", "59초"), (60, "1 min", "1분"), (3599, "59 min", "59분"),
     (3600, "1 h 00", "1시간 00분"), (3900, "1 h 05", "1시간 05분"), (86400, "1 d", "1일"),
     (-5, "0 s", "0초")],
)  # fmt: skip
def test_an_age_is_said_in_the_largest_fitting_unit(seconds: float, english: str, korean: str) -> None:
    for language, expected in (("en", english), ("ko", korean)):
        moments = Moments(load_catalogue(language), "Asia/Seoul")
        assert moments.age(NOON_UTC_NS, NOON_UTC_NS + int(seconds * SECOND_NS)) == expected


def test_clocks_are_those_of_the_city_not_of_the_machine() -> None:
    moments = Moments(load_catalogue("en"), "Asia/Seoul")
    assert moments.clock(NOON_UTC_NS) == "21:00:00"
    assert moments.minute(NOON_UTC_NS) == "21:00"
    assert moments.moment(NOON_UTC_NS) == "2026-03-23 21:00:00"
    assert moments.date(NOON_UTC_NS) == "Mon 2026-03-23"
    moments.catalogue.switch("ko")
    assert moments.date(NOON_UTC_NS) == "2026-03-23 (월)"
    assert Moments(moments.catalogue, "Europe/London").clock(NOON_UTC_NS) == "12:00:00"


@given(st.integers(min_value=-(2**63), max_value=2**63 - 1))
def test_no_moment_a_source_may_send_breaks_the_clock(at_ns: int) -> None:
    moments = Moments(load_catalogue("en"), "Asia/Seoul")
    assert len(moments.clock(at_ns)) == 8
    assert moments.moment(at_ns)


@given(st.floats(allow_nan=True, allow_infinity=True), st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_is_always_said_and_never_as_minus_zero(value: float, step: float) -> None:
    text = number(value, step)
    assert text
    if text.strip("-0.,") == "":
        assert not text.startswith("-")


@pytest.mark.parametrize(
    ("value", "text"),
    [(float("nan"), "–"), (float("inf"), "–"), (0.0, "0.0"), (0.234, "0.23"), (12.34, "12.3"),
     (1234.5, "1,234"),
     (-0.001, "0.00"), (-3.21, "-3.2")],
)  # fmt: skip
def test_values_are_said_without_false_precision(value: float, text: str) -> None:
    assert number(value) == text


def test_units_are_written_as_people_read_them() -> None:
    words = load_catalogue("ko")
    assert unit("ug/m3") == "μg/m³"
    assert unit("\u00b5g/m3") == "μg/m³"
    assert (unit("m3/s"), unit("cm"), unit("uS/cm")) == ("m³/s", "cm", "μS/cm")
    assert (unit("persons", words), unit("degC", words), unit("furlong", words)) == ("명", "°C", "furlong")


def test_both_languages_have_every_text_with_the_same_fields() -> None:
    import re

    english, korean = (load_catalogue(language) for language in LANGUAGES)
    field = re.compile(r"{(\w+)")
    different = [
        key for key in sorted(english.keys())
        if set(field.findall(english.say(key))) != set(field.findall(korean.say(key)))
    ]  # fmt: skip
    assert not different
