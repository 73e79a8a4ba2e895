"""Paints a row: shape, word and colour of its priority, shape and word of its state, elided texts."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from widgets.alarms.marks import paint_state
from widgets.alarms.model import AlarmModel
from widgets.alarms.rows import Row
from widgets.alarms.words import Column
from widgets.kit.labels import elided
from widgets.kit.marks import paint_hatch, paint_priority
from widgets.kit.tokens import Tokens

MARK_PX = 13
INDENT_PX = 18
HATCH_PX = 5
FLASHING = (1, 2)
_RIGHT = (Column.AGE, Column.VALUE)
_QUIET = (Column.AGE, Column.NOTE)


def flashes(row: Row) -> bool:
    """Whether its marker flashes: only priorities 1 and 2, and only while nobody has acknowledged it."""
    return row.alarm.shown and row.alarm.unseen and row.alarm.priority in FLASHING


class RowPainter(QStyledItemDelegate):
    """`lit` is the phase of the blink. Asks the model itself: through Qt each cell costs three questions."""

    def __init__(self, model: AlarmModel, tokens: Tokens, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._tokens = tokens
        self._metrics = {bold: QFontMetrics(tokens.font("body", bold)) for bold in (False, True)}
        self.lit = True

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(self._tokens.space(12), self._tokens.size("row") - 4)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        row = self._model.row(index.row())
        if row is None:
            return
        column, rect, tokens = index.column(), option.rect, self._tokens
        if option.state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, tokens.ground("select"))
            if column == Column.PRIORITY:
                painter.fillRect(QRect(rect.left(), rect.top(), 3, rect.height()), tokens.mark("focus"))
        if column == Column.PRIORITY and not row.alarm.shown:
            strip = QRectF(rect.left() + 1, rect.top() + 3, HATCH_PX, rect.height() - 6)
            paint_hatch(painter, strip, tokens.ink("dim"))
        pad = tokens.space(1)
        area = rect.adjusted(pad, 0, -pad, 0)
        ink = self._ink(row, column)
        if column == Column.PRIORITY:
            indent = (0 if row.alarm.shown else HATCH_PX) + (INDENT_PX if row.inside else 0)
            area.adjust(pad + indent, 0, 0, 0)
            box = self._box(area)
            paint_priority(painter, box, row.alarm.priority, tokens, lit=self.lit or not flashes(row))
            area.setLeft(int(box.right()) + pad + 1)
        elif column == Column.STATE and not row.members:
            box = self._box(area)
            paint_state(painter, box, row.alarm.state, ink)
            area.setLeft(int(box.right()) + pad + 2)
        bold = self._bold(row, column)
        painter.setFont(tokens.font("body", bold))
        painter.setPen(ink)
        side = Qt.AlignmentFlag.AlignRight if column in _RIGHT else Qt.AlignmentFlag.AlignLeft
        text = elided(self._model.text(row, column), self._metrics[bold], area.width())
        painter.drawText(area, int(side | Qt.AlignmentFlag.AlignVCenter), text)

    def cuts(self, row: Row, column: int, text: str, width_px: int) -> bool:
        """Whether a column of this width does not show the whole text."""
        used = 2 * self._tokens.space(1)
        if column in (Column.PRIORITY, Column.STATE):
            used += MARK_PX + 2 * self._tokens.space(1) + (INDENT_PX if row.inside else 0)
        return self._metrics[self._bold(row, column)].horizontalAdvance(text) > width_px - used

    def _box(self, area: QRect) -> QRectF:
        return QRectF(area.left(), area.top() + (area.height() - MARK_PX) / 2, MARK_PX, MARK_PX)

    def _bold(self, row: Row, column: int) -> bool:
        unseen = row.alarm.shown and row.alarm.unseen
        return unseen and column in (Column.PRIORITY, Column.WHAT, Column.WHERE)

    def _ink(self, row: Row, column: int) -> QColor:
        if column == Column.PRIORITY:
            shown = row.alarm.shown
            return self._tokens.priority_ink(row.alarm.priority) if shown else self._tokens.ink("dim")
        if column == Column.INCIDENT:
            return self._tokens.ink("focus")
        quiet = column in _QUIET or not row.alarm.shown or (column == Column.STATE and not row.alarm.unseen)
        return self._tokens.ink("dim" if quiet else "text")
