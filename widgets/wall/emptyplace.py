"""A place without a camera: its number, what can be done, a dashed outline. Calm: nothing is wrong."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPen

from widgets.kit.tokens import Tokens
from widgets.wall.layout import Place

PAD_PX = 8


def paint_empty(painter: QPainter, place: Place, number: str, words: str, tokens: Tokens) -> None:
    """Paint it, whole. The words are left out where they have no room; the screen reader has them."""
    area = QRect(place.x, place.y, place.width, place.height)
    painter.fillRect(area, tokens.ground("bg1"))
    painter.setPen(QPen(tokens.mark("line"), 1, Qt.PenStyle.DashLine))
    painter.drawRect(area.adjusted(0, 0, -1, -1))
    inner = area.adjusted(PAD_PX, PAD_PX, -PAD_PX, -PAD_PX)
    flags = int(Qt.AlignmentFlag.AlignHCenter | Qt.TextFlag.TextWordWrap)
    large, small = tokens.font("large", bold=True), tokens.font("small")
    head_px = QFontMetrics(large).height()
    box = QFontMetrics(small).boundingRect(inner, flags, words)
    fits = head_px + box.height() + PAD_PX <= inner.height() and box.width() <= inner.width()
    whole = head_px + (box.height() + PAD_PX if fits else 0)
    top = inner.top() + max(0, (inner.height() - whole) // 2)
    painter.setPen(tokens.ink("dim"))
    painter.setFont(large)
    painter.drawText(QRect(inner.left(), top, inner.width(), head_px), flags, number)
    if fits:
        painter.setFont(small)
        below = QRect(inner.left(), top + head_px + PAD_PX, inner.width(), box.height())
        painter.drawText(below, flags, words)
