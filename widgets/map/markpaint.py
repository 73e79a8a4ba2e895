"""Paints marks of devices from kept pictures: a symbol by system, a pill with a number, and how many of them
stand otherwise, by shape, number and colour."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPixmap

from console.geo.clusters import ALARM, DEGRADED, DOWN, NORMAL
from console.profile.ground import Ints
from widgets.kit.marks import paint_condition, paint_priority
from widgets.kit.tokens import Tokens
from widgets.map.glyphs import glyph_of
from widgets.map.marks import PILL_PX, SYMBOL_PX, DeviceMarks, Seen
from widgets.map.standings import CALM, CONDITIONS, Standings

MOST_KEPT = 1500
RING_PX = 4
MARK_PX = 11
BADGE_PX = 12


class MarkPainter:
    """UI thread only."""

    def __init__(self, marks: DeviceMarks, standings: Standings, tokens: Tokens) -> None:
        self._marks, self._standings, self._tokens = marks, standings, tokens
        self._kept: dict[tuple[object, ...], QPixmap] = {}
        self._ratio = 1.0

    def forget(self) -> None:
        """Another theme."""
        self._kept.clear()

    def paint(self, painter: QPainter, seen: Seen, level: int) -> None:
        """All marks of a view: the calm ones first, the abnormal on top."""
        self._ratio = painter.device().devicePixelRatioF()
        tally, groups = self._marks.tally(level), self._marks.groups(level)
        codes, priorities = self._standings.codes, self._standings.priorities
        later: list[tuple[float, float, QPixmap]] = []
        draw = painter.drawPixmap
        for x, y, wide, high, group, row in zip(
            seen.x.tolist(), seen.y.tolist(), seen.width.tolist(), seen.height.tolist(), seen.group.tolist(),
            seen.row.tolist(), strict=True,
        ):  # fmt: skip
            if row >= 0:
                code = int(codes[row])
                pixmap = self._symbol(self._marks.system_of(row), code, int(priorities[row]))
                calm = code == NORMAL
                place = QPointF(round(x) - SYMBOL_PX / 2 - RING_PX, round(y) - SYMBOL_PX / 2 - RING_PX)
            else:
                numbers = tally[group]
                pixmap = self._pill(int(groups.count[group]), numbers, wide, high)
                calm = high == PILL_PX
                place = QPointF(round(x) - wide // 2, round(y) - high // 2)
            if calm:
                draw(place, pixmap)
            else:
                later.append((place.x(), place.y(), pixmap))
        for left, top, pixmap in later:
            draw(QPointF(left, top), pixmap)

    def ring(self, painter: QPainter, x: float, y: float, wide: int, high: int, dashed: bool = False) -> None:
        """Around a mark that is chosen, or dashed: under the hand."""
        pen = QPen(self._tokens.mark("focus"), 2)
        if dashed:
            pen.setStyle(Qt.PenStyle.DotLine)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(QRectF(x - wide / 2 - 3, y - high / 2 - 3, wide + 6, high + 6), 6, 6)

    def symbol(self, painter: QPainter, rect: QRectF, system: str, code: int = NORMAL) -> None:
        """One device's symbol, as in the legend."""
        self._paint_symbol(painter, rect, system, code, 1 if code == ALARM else CALM)

    def _symbol(self, system: str, code: int, priority: int) -> QPixmap:
        key = ("symbol", system, code, priority)
        found = self._kept.get(key)
        if found is None:
            side = SYMBOL_PX + 2 * RING_PX
            found = self._kept[key] = self._blank(side, side)
            with QPainter(found) as painter:
                box = QRectF(RING_PX, RING_PX, SYMBOL_PX, SYMBOL_PX)
                self._paint_symbol(painter, box, system, code, priority)
        return found

    def _paint_symbol(
        self, painter: QPainter, box: QRectF, system: str, code: int, priority: int
    ) -> None:
        tokens = self._tokens
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(tokens.ink("dim") if code == NORMAL else tokens.ink("text"), 1))
        painter.setBrush(tokens.ground("bg2"))
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 5, 5)
        glyph_of(system).paint(painter, box.adjusted(3.5, 3.5, -3.5, -3.5), tokens.ink("text"))
        if code != NORMAL:
            badge = QRectF(box.right() - BADGE_PX + 5, box.top() - 5, BADGE_PX, BADGE_PX)
            self._plate(painter, badge.adjusted(-1.5, -1.5, 1.5, 1.5))
            self._shape(painter, badge, code, priority)

    def _pill(self, count: int, numbers: Ints, wide: int, high: int) -> QPixmap:
        told = tuple(int(numbers[code]) for code in (ALARM, DOWN, DEGRADED))
        key = ("pill", count, told)
        found = self._kept.get(key)
        if found is None:
            if len(self._kept) > MOST_KEPT:
                self._kept.clear()
            found = self._kept[key] = self._blank(wide, high)
            with QPainter(found) as painter:
                self._paint_pill(painter, QRectF(0, 0, wide, high), count, told)
        return found

    def _paint_pill(self, painter: QPainter, box: QRectF, count: int, told: tuple[int, ...]) -> None:
        tokens = self._tokens
        abnormal = any(told)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(tokens.ink("text") if abnormal else tokens.ink("dim"), 1))
        painter.setBrush(tokens.ground("bg2"))
        radius = 8 if abnormal else PILL_PX / 2 - 1
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)
        painter.setPen(tokens.ink("text"))
        painter.setFont(tokens.font("small"))
        top = QRectF(box.left(), box.top(), box.width(), PILL_PX - (3 if abnormal else 0))
        painter.drawText(top, Qt.AlignmentFlag.AlignCenter, f"{count:,}")
        if not abnormal:
            return
        metrics = painter.fontMetrics()
        parts = [(code, n) for code, n in zip((ALARM, DOWN, DEGRADED), told, strict=True) if n]
        room = sum(MARK_PX + 2 + metrics.horizontalAdvance(str(n)) for _, n in parts) + 4 * (len(parts) - 1)
        x, y = box.center().x() - room / 2, box.top() + PILL_PX - 5
        for code, number in parts:
            self._shape(painter, QRectF(x, y + 1.5, MARK_PX, MARK_PX), code, 1)
            x += MARK_PX + 2
            text = str(number)
            painter.setPen(tokens.ink("text"))
            painter.drawText(QPointF(x, y + MARK_PX), text)
            x += metrics.horizontalAdvance(text) + 4

    def _shape(self, painter: QPainter, box: QRectF, code: int, priority: int) -> None:
        if code == ALARM:
            paint_priority(painter, box, min(priority, 4), self._tokens)
        else:
            paint_condition(painter, box, CONDITIONS[code], self._tokens)

    def _plate(self, painter: QPainter, box: QRectF) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._tokens.ground("bg0"))
        painter.drawEllipse(box)

    def _blank(self, wide: int, high: int) -> QPixmap:
        pixmap = QPixmap(round(wide * self._ratio), round(high * self._ratio))
        pixmap.setDevicePixelRatio(self._ratio)
        pixmap.fill(Qt.GlobalColor.transparent)
        return pixmap
