"""Paints a queue row: the priority's shape and number, elided texts, dimmed what is leaving."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from widgets.incidents.lines import Column, Line
from widgets.incidents.model import QueueModel
from widgets.kit.labels import elided
from widgets.kit.marks import paint_priority
from widgets.kit.tokens import Tokens

MARK_PX = 14
TEXTS_KEPT = 4_000
_QUIET = (Column.AGE, Column.OWNER, Column.WHY)


class RowPainter(QStyledItemDelegate):
    """`lit` is the phase of the blink; only markers of lines that flash follow it."""

    def __init__(self, model: QueueModel, tokens: Tokens, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._model, self._tokens = model, tokens
        self._cut: dict[tuple[str, int, bool], str] = {}
        """Texts as they were elided; measuring them anew for each paint is what a paint costs most."""
        self._metrics: dict[bool, QFontMetrics] = {}
        self.lit = True

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(self._tokens.space(12), self._tokens.size("row"))

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        line = self._model.line(index.row())
        if line is None:
            return
        column = index.column()
        rect = option.rect
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        if chosen:
            painter.fillRect(rect, self._tokens.ground("select"))
            if column == Column.PRIORITY:
                painter.fillRect(QRect(rect.left(), rect.top(), 3, rect.height()), self._tokens.mark("focus"))
        pad = self._tokens.space(1)
        if column == Column.PRIORITY:
            self._paint_priority(painter, rect, line)
            return
        bold = line.case.stage == "new" and column in (Column.TYPE, Column.PLACE)
        area = rect.adjusted(pad, 0, -pad, 0)
        painter.setFont(self._tokens.font("body", bold))
        painter.setPen(self._ink(line, column))
        text = self._elided(line.texts[column], bold, area.width())
        side = Qt.AlignmentFlag.AlignRight if column == Column.AGE else Qt.AlignmentFlag.AlignLeft
        painter.drawText(area, int(side | Qt.AlignmentFlag.AlignVCenter), text)

    def cuts(self, line: Line, column: int, width_px: int) -> bool:
        """Whether a column of this width does not show the whole text."""
        if column == Column.PRIORITY:
            return False
        bold = line.case.stage == "new" and column in (Column.TYPE, Column.PLACE)
        return self._metric(bold).horizontalAdvance(line.whole(column)) > width_px - 2 * self._tokens.space(1)

    def _paint_priority(self, painter: QPainter, rect: QRect, line: Line) -> None:
        priority = line.case.priority
        top = rect.top() + (rect.height() - MARK_PX) / 2
        box = QRectF(rect.left() + self._tokens.space(2), top, MARK_PX, MARK_PX)
        paint_priority(painter, box, priority, self._tokens, lit=self.lit or not line.flashes)
        painter.setFont(self._tokens.font("body", bold=line.case.stage == "new"))
        painter.setPen(self._tokens.ink("dim") if line.leaving else self._tokens.priority_ink(priority))
        number = QRect(int(box.right()) + self._tokens.space(1), rect.top(), 16, rect.height())
        painter.drawText(number, int(Qt.AlignmentFlag.AlignVCenter), line.texts[Column.PRIORITY])

    def _elided(self, text: str, bold: bool, width_px: int) -> str:
        asked = (text, width_px, bold)
        known = self._cut.get(asked)
        if known is None:
            if len(self._cut) >= TEXTS_KEPT:
                self._cut.clear()
            known = self._cut[asked] = elided(text, self._metric(bold), width_px)
        return known

    def _ink(self, line: Line, column: int) -> QColor:
        if line.leaving:
            return self._tokens.ink("dim")
        if column == Column.STATE and (line.alarming or line.late):
            return self._tokens.ink("p1" if line.alarming else "p2")
        if column == Column.OWNER and line.idle:
            return self._tokens.ink("p2")
        return self._tokens.ink("dim" if column in _QUIET else "text")

    def _metric(self, bold: bool) -> QFontMetrics:
        if bold not in self._metrics:
            self._metrics[bold] = QFontMetrics(self._tokens.font("body", bold))
        return self._metrics[bold]
