"""A thread's rungs in one line: a shape, a word and a time each. Painted; no colour stands alone."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QPen, QPolygonF, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from console.model.ladder import RUNGS
from widgets.kit.labels import elided
from widgets.kit.marks import paint_priority
from widgets.kit.tokens import Tokens
from widgets.ladder.lines import ThreadWords
from widgets.ladder.rungs import COLUMNS, REFUSED_COLUMN, RungShown

MARK, GAP, APART = 10, 4, 8
_INK = {"now": "focus", "open": "dim", "skipped": "dim", "bad": "p1", "red": "p1", "amber": "p2"}


class RungStrip(QWidget):
    """Rungs of all threads stand in the same columns, so that partners are compared at a glance. Where the
    width is too small, columns go to a second line. The whole is said to a screen reader by the row.
    """

    def __init__(self, words: ThreadWords, tokens: Tokens, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words, self._tokens = words, tokens
        self.rungs: tuple[RungShown, ...] = ()
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._widths: list[int] = []
        self._lines = 1
        self.retext()
        tokens.changed.connect(self.update)

    def show_rungs(self, rungs: tuple[RungShown, ...]) -> None:
        """Show these."""
        if rungs != self.rungs:
            self.rungs = rungs
            self.update()

    def retext(self) -> None:
        """Measure the words of the present language."""
        say = self._words.catalogue.say
        metric = QFontMetrics(self._tokens.font("small", bold=True))
        clock = metric.horizontalAdvance("00:00:00")
        self._widths = []
        for column, rung in enumerate(RUNGS):
            names = [say(f"ladder.rung.{rung}")]
            if column == REFUSED_COLUMN:
                names.append(say("ladder.rung.refused"))
            wide = max(metric.horizontalAdvance(name) for name in names) + MARK + GAP
            self._widths.append(max(wide, clock) + APART)
        self.updateGeometry()
        self.update()

    def texts(self) -> list[tuple[str, str]]:
        """(word, what stands under it) of each rung, from left to right."""
        return [(self._words.catalogue.say(one.word), self.under(one)) for one in self.rungs]

    def under(self, rung: RungShown) -> str:
        """A rung's time; how long it is waited for; that it was not said."""
        say = self._words.catalogue.say
        if rung.state in ("amber", "red"):
            return say("ladder.view.waiting", waited=self._words.span(rung.waited_s))
        if rung.state == "skipped":
            return "–"
        if rung.late and rung.at_ns:
            return say("ladder.view.late_clock", clock=self._words.minute(rung.at_ns))
        return self._words.clock(rung.at_ns) if rung.at_ns else ""

    def spoken(self) -> str:
        """All of it in one sentence."""
        say = self._words.catalogue.say
        parts = []
        for one in self.rungs:
            if one.state != "open":
                parts.append(f"{say(one.word)} {self.under(one)}".strip())
        return ", ".join(parts)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._line_px() * len(self._split(width))

    def sizeHint(self) -> QSize:
        return QSize(sum(self._widths), self._line_px() * self._lines)

    def minimumSizeHint(self) -> QSize:
        return QSize(max(self._widths) * 3, self._line_px())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        lines = len(self._split(self.width()))
        if lines != self._lines:
            self._lines = lines
            self.updateGeometry()

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            for rung in self.rungs:
                self._paint(painter, rung, self._box(rung.column))

    def _line_px(self) -> int:
        return QFontMetrics(self._tokens.font("small")).height() * 2 + 4

    def _split(self, width: int) -> list[list[int]]:
        """Columns by line."""
        lines: list[list[int]] = [[]]
        used = 0
        for column, wide in enumerate(self._widths):
            if lines[-1] and used + wide - APART > width:
                lines.append([])
                used = 0
            lines[-1].append(column)
            used += wide
        return lines

    def _box(self, column: int) -> QRectF:
        for number, line in enumerate(self._split(self.width())):
            if column in line:
                whole = len(line) == COLUMNS
                spare = max(0, self.width() - sum(self._widths)) // COLUMNS if whole else 0
                left = sum(self._widths[one] + spare for one in line if one < column)
                return QRectF(left, number * self._line_px(), self._widths[column] + spare, self._line_px())
        return QRectF()

    def _paint(self, painter: QPainter, rung: RungShown, box: QRectF) -> None:
        tokens = self._tokens
        strong = rung.state in ("now", "bad", "red", "amber", "end")
        ink = tokens.ink(_INK.get(rung.state, "text"))
        font = tokens.font("small", bold=strong)
        metric = QFontMetrics(font)
        high = box.height() / 2
        self._mark(painter, rung, QRectF(box.left() + 0.5, box.top() + (high - MARK) / 2, MARK, MARK))
        painter.setFont(font)
        painter.setPen(ink)
        left = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        room = QRectF(box.left() + MARK + GAP, box.top(), box.width() - MARK - GAP, high)
        word = self._words.catalogue.say(rung.word)
        painter.drawText(room, left, elided(word, metric, int(room.width())))
        painter.setFont(tokens.font("small"))
        loud = rung.state in ("amber", "red", "bad")
        painter.setPen(ink if loud else tokens.ink("p2" if rung.late else "dim"))
        under = QRectF(box.left(), box.top() + high, box.width(), high)
        small = QFontMetrics(painter.font())
        painter.drawText(under, left, elided(self.under(rung), small, int(under.width())))

    def _mark(self, painter: QPainter, rung: RungShown, box: QRectF) -> None:
        """Reached a disc, here an arrow, to come a ring, left out a dash, amber a triangle, red a diamond,
        refused a cross, over a square."""
        tokens = self._tokens
        if rung.state in ("amber", "red"):
            paint_priority(painter, box, 2 if rung.state == "amber" else 1, tokens)
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colour = tokens.ink(_INK.get(rung.state, "text"))
        pen = QPen(colour, 1.6)
        painter.setPen(pen)
        middle = box.center()
        if rung.state == "reached":
            painter.setBrush(colour)
            painter.drawEllipse(middle, 3.0, 3.0)
        elif rung.state == "now":
            painter.setBrush(colour)
            pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
            painter.drawPolygon(QPolygonF([
                QPointF(box.left() + 1.5, box.top() + 1), QPointF(box.right() - 0.5, middle.y()),
                QPointF(box.left() + 1.5, box.bottom() - 1),
            ]))  # fmt: skip
        elif rung.state == "open":
            painter.drawEllipse(middle, 3.0, 3.0)
        elif rung.state == "skipped":
            painter.drawLine(QPointF(box.left() + 2, middle.y()), QPointF(box.right() - 2, middle.y()))
        elif rung.state == "bad":
            inner = box.adjusted(1.5, 1.5, -1.5, -1.5)
            painter.drawLine(inner.topLeft(), inner.bottomRight())
            painter.drawLine(inner.topRight(), inner.bottomLeft())
        else:
            painter.setBrush(colour)
            painter.drawRect(box.adjusted(2, 2, -2, -2))
        painter.restore()
