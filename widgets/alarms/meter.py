"""The alarm load of this desk in the status bar: bars, a number, a word; more when pointed at or pressed."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Slot
from PySide6.QtGui import QEnterEvent, QFontMetrics, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QFrame, QSizePolicy, QVBoxLayout, QWidget

from console.desk.alarmbook import AlarmBook
from widgets.alarms.load import LoadFigures, LoadPanel
from widgets.alarms.words import RowWords
from widgets.kit.actions import Actions
from widgets.kit.labels import elided, style
from widgets.kit.moments import Moments
from widgets.kit.pulse import Pulse
from widgets.kit.texts import follow
from widgets.kit.tokens import Tokens

GRADES = ("on_target", "manageable", "too_many", "flood")
"""Grades in EEMUA 191's order; so many bars are lit."""
INK = {"too_many": "p2", "flood": "p1"}
BARS_PX, HIGH_PX, GAP = 18, 14, 5


class LoadMeter(QAbstractButton):
    """Bars (shape), the number of alarms in ten minutes, the grade in a word. Pressing it opens the figures.

    Act: alarms.load (Shift+F9).
    """

    def __init__(
        self, book: AlarmBook, figures: LoadFigures, words: RowWords, pulse: Pulse, actions: Actions,
        moments: Moments, tokens: Tokens, over: QWidget, parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        """`over`: the part of the window that the opened figures lie on."""
        super().__init__(parent)
        self._book, self._figures, self._words, self._tokens = book, figures, words, tokens
        self._catalogue = moments.catalogue
        self._grade, self._number, self._word, self._caption = "", "", "", ""
        self.setObjectName("alarms-meter")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        self.popup = _Popup(over)
        self.popup.setObjectName("alarms-load")
        self.popup.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        style(self.popup, role="overlay")
        self.panel = LoadPanel(figures, words, moments, tokens, self.popup)
        column = QVBoxLayout(self.popup)
        column.setContentsMargins(1, 1, 1, 1)
        column.addWidget(self.panel)
        self.popup.hide()
        actions.add("alarms.load", "alarms.act.load", "Shift+F9", self.turn, group="alarms.title")
        self.clicked.connect(self.turn)
        figures.changed.connect(self._came)
        pulse.health_changed.connect(self.refresh)
        pulse.incidents_changed.connect(self.refresh)
        tokens.changed.connect(self.update)
        follow(self._catalogue, self.refresh)

    @property
    def grade(self) -> str:
        """What the load is for one person; empty while the hub has not said."""
        return self._grade

    @Slot()
    def refresh(self) -> None:
        """Look again."""
        say, load = self._catalogue.say, self._book.load
        self._caption = say("alarms.load.name")
        live = self._book.board.link == "live"
        self._grade = load.grade if load is not None and live else ""
        self._number = say("alarms.load.number", n=load.per_period) if load is not None and live else "–"
        self._word = say(f"alarms.load.grade.{self._grade}") if self._grade else say("kit.unknown")
        self._tell()
        self.updateGeometry()
        self.update()

    @Slot()
    def turn(self) -> None:
        """Show the figures below the meter, or hide them."""
        if self.popup.isVisible():
            self.popup.hide()
            return
        self._figures.want()
        self.panel.tell()
        self._place_popup()
        self.popup.show()
        self.popup.raise_()
        self.popup.setFocus(Qt.FocusReason.PopupFocusReason)

    def _place_popup(self) -> None:
        over = self.popup.parentWidget()
        wide = min(620, over.width() - 40)
        high = min(460 if self.panel.table.rowCount() else 220, over.height() - 80)
        corner = over.mapFromGlobal(self.mapToGlobal(QPoint(0, self.height())))
        left = max(0, min(corner.x(), over.width() - wide))
        self.popup.setGeometry(left, max(0, corner.y() + 2), wide, high)

    @Slot()
    def _came(self) -> None:
        """Figures came: an open list needs the room."""
        self._tell()
        if self.popup.isVisible():
            self._place_popup()

    @Slot()
    def _tell(self) -> None:
        self.setAccessibleName(self._caption)
        self.setAccessibleDescription(f"{self._number}, {self._word}")
        lines = [f"{self._caption}: {self._number} · {self._word}"]
        if self._figures.page is not None or self._figures.problem:
            lines += self._figures.sentences()
            page = self._figures.page
            lines += [f"{count:,} × {self._words.name(alarm)}" for alarm, count in (page.top if page else ())]
        self.setToolTip("\n".join(lines))

    def enterEvent(self, event: QEnterEvent) -> None:
        self._figures.want()
        super().enterEvent(event)

    def _metrics(self) -> tuple[QFontMetrics, QFontMetrics]:
        return QFontMetrics(self._tokens.font("small")), QFontMetrics(self._tokens.font("body", True))

    def sizeHint(self) -> QSize:
        small, body = self._metrics()
        wide = small.horizontalAdvance(self._caption) + small.horizontalAdvance(self._word)
        return QSize(BARS_PX + wide + body.horizontalAdvance(self._number) + 4 * GAP + 2, 28)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            tokens, area = self._tokens, self.rect()
            ink = tokens.ink(INK.get(self._grade, "text"))
            colour = tokens.mark(INK[self._grade]) if self._grade in INK else tokens.ink("dim")
            lit = GRADES.index(self._grade) + 1 if self._grade else 0
            for bar in range(len(GRADES)):
                high = HIGH_PX * (bar + 2) / (len(GRADES) + 1)
                top, step = (area.height() + HIGH_PX) / 2 - high, BARS_PX / len(GRADES)
                box = QRectF(1 + bar * step, top, step - 1.5, high)
                painter.fillRect(box, colour if bar < lit else tokens.mark("line"))
            small, body = self._metrics()
            left = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
            at = BARS_PX + GAP
            for text, font, metric, pen in (
                (self._caption, tokens.font("small"), small, tokens.ink("dim")),
                (self._number, tokens.font("body", True), body, ink),
                (self._word, tokens.font("small"), small, ink),
            ):
                painter.setFont(font)
                painter.setPen(pen)
                rest = area.adjusted(at, 0, 0, 0)
                painter.drawText(rest, left, elided(text, metric, rest.width()))
                at += metric.horizontalAdvance(text) + GAP
            if self.hasFocus():
                painter.setPen(tokens.mark("focus"))
                painter.drawRect(area.adjusted(0, 0, -1, -1))


class _Popup(QFrame):
    """Hides at Esc."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.hide()
        else:
            super().keyPressEvent(event)
