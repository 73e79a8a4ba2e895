"""Paints a queue row: the priority's shape and number, elided texts, dimmed what is leaving."""

from __future__ import annotations

from PySide6.QtCore import (
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
    Slot,
)
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPixmap, QStaticText, QTransform
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from widgets.incidents.lines import Column, Line
from widgets.incidents.model import QueueModel
from widgets.kit.labels import elided
from widgets.kit.marks import paint_priority
from widgets.kit.tokens import Tokens

MARK_PX = 14
MARGIN_PX = 4
"""Round a mark: its pointed corners reach beyond it."""
NUMBER_PX = 64
TEXTS_KEPT = 4_000
_SELECTED = QStyle.StateFlag.State_Selected.value
_QUIET = (Column.AGE, Column.OWNER, Column.WHY)


class RowPainter(QStyledItemDelegate):
    """`lit` is the phase of the blink; only markers of lines that flash follow it."""

    def __init__(self, model: QueueModel, tokens: Tokens, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._model, self._tokens = model, tokens
        self._cut: dict[tuple[str, int, bool], QStaticText] = {}
        """Texts as they were elided and laid out, which is what a paint costs most."""
        self._marks: dict[tuple[int, bool, float], QPixmap] = {}
        tokens.changed.connect(self._forget_marks)
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
        chosen = bool(option.state.value & _SELECTED)  # of the numbers: some hundred cells are asked
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
        text = self._laid_out(line.texts[column], bold, area.width())
        size = text.size()
        left = area.right() + 1 - round(size.width()) if column == Column.AGE else area.left()
        top = area.top() + (area.height() - round(size.height())) // 2
        painter.drawStaticText(left, top, text)

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
        mark = self._mark(priority, self.lit or not line.flashes, painter.device().devicePixelRatioF())
        painter.drawPixmap(QPointF(box.left() - MARGIN_PX, box.top() - MARGIN_PX), mark)
        bold = line.case.stage == "new"
        painter.setFont(self._tokens.font("body", bold))
        painter.setPen(self._tokens.ink("dim") if line.leaving else self._tokens.priority_ink(priority))
        number = self._laid_out(line.texts[Column.PRIORITY], bold, NUMBER_PX)
        left, high = int(box.right()) + self._tokens.space(1), round(number.size().height())
        painter.drawStaticText(left, rect.top() + (rect.height() - high) // 2, number)

    @Slot()
    def _forget_marks(self) -> None:
        self._marks.clear()

    def _mark(self, priority: int, lit: bool, ratio: float) -> QPixmap:
        """A priority's shape with a margin, as the screen has it: painted once."""
        asked = (priority, lit, ratio)
        known = self._marks.get(asked)
        if known is None:
            side = round((MARK_PX + 2 * MARGIN_PX) * ratio)
            known = QPixmap(side, side)
            known.setDevicePixelRatio(ratio)
            known.fill(Qt.GlobalColor.transparent)
            with QPainter(known) as painter:
                box = QRectF(MARGIN_PX, MARGIN_PX, MARK_PX, MARK_PX)
                paint_priority(painter, box, priority, self._tokens, lit)
            self._marks[asked] = known
        return known

    def _laid_out(self, text: str, bold: bool, width_px: int) -> QStaticText:
        asked = (text, width_px, bold)
        known = self._cut.get(asked)
        if known is None:
            if len(self._cut) >= TEXTS_KEPT:
                self._cut.clear()
            known = QStaticText(elided(text, self._metric(bold), width_px))
            known.setTextFormat(Qt.TextFormat.PlainText)
            known.prepare(QTransform(), self._tokens.font("body", bold))
            self._cut[asked] = known
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
