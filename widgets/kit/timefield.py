"""A line in which a moment is typed, as people say it: 14:03:20, 3-20 14:03, 5m (ago)."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from console.clock import Clock
from console.report.period import PeriodError, read_time
from console.report.times import CityClock
from widgets.kit.labels import label
from widgets.kit.texts import Texts
from widgets.kit.tokens import Tokens

FIELD_PX = 260


class TimeField(QWidget):
    """Enter takes it, Esc leaves. What cannot be understood stays, with the reason beside it. UI thread.

    Signals:
        chosen(object): the moment, ns since 1970 (an int).
        left: closed without one.
    """

    chosen = Signal(object)
    left = Signal()

    def __init__(
        self, texts: Texts, tokens: Tokens, clock: Clock, time_zone: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setProperty("role", "header")
        self._texts, self._clock, self._zone = texts, clock, CityClock(time_zone)
        self.caption = label(self, ink="dim")
        texts.put(self.caption, "replay.time.label")
        self.field = QLineEdit(self)
        self.field.setMaxLength(40)
        self.field.setFixedWidth(FIELD_PX)
        texts.put(self.field, accessibleName="replay.time.label", placeholderText="replay.time.hint")
        self.problem = label(self, ink="p2")
        row = QHBoxLayout(self)
        row.setContentsMargins(tokens.space(2), tokens.space(1), tokens.space(2), tokens.space(1))
        row.setSpacing(tokens.space(2))
        for part in (self.caption, self.field, self.problem):
            row.addWidget(part)
        row.addStretch(1)
        self.setFocusProxy(self.field)
        self.field.returnPressed.connect(self.take)
        self.field.textEdited.connect(self._edited)

    def open(self) -> None:
        """Show it, empty, with the keyboard."""
        self.field.clear()
        self._say_problem("")
        self.show()
        self.raise_()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    @Slot()
    def take(self) -> None:
        """Use what was typed."""
        typed, now_ns = self.field.text(), self._clock.now_ns()
        if not typed.strip():
            self.left.emit()
            return
        say = self._texts.catalogue.say
        try:
            at_ns = read_time("since", typed, self._zone, now_ns)
        except PeriodError:
            self._say_problem(say("replay.time.wrong", typed=typed.strip()))
            return
        if at_ns > now_ns:
            self._say_problem(say("replay.time.later"))
            return
        self._say_problem("")
        self.chosen.emit(at_ns)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    @Slot()
    def _edited(self) -> None:
        self._say_problem("")

    def _say_problem(self, text: str) -> None:
        self.problem.setText(text)
        self.field.setAccessibleDescription(text)
