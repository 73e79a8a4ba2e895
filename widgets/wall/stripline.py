"""Paints the line above a picture: number, name, badge and clock, as much of each as there is room for."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPolygonF

from widgets.kit.labels import elided
from widgets.kit.marks import paint_priority
from widgets.kit.tokens import Tokens
from widgets.wall.layout import Place
from widgets.wall.pane import StripText
from widgets.wall.shapes import paint_state, state_ink

PAD = 4
#: A name keeps this share of the line beside a badge that must be read.
NAME_SHARE = 0.38


class StripLine:
    """Paints with the tokens in force. UI thread only."""

    def __init__(self, tokens: Tokens) -> None:
        self._tokens = tokens

    def paint(self, painter: QPainter, place: Place, said: StripText) -> bool:
        """Paint the line. True when the name had to be elided."""
        tokens = self._tokens
        area = QRect(place.x, place.y, place.width, place.strip)
        painter.fillRect(area, tokens.ground("bg2"))
        font = tokens.font("small")
        painter.setFont(font)
        metrics = QFontMetrics(font)
        left, right = area.left() + PAD, area.right() - PAD
        side = place.strip - 6
        if said.priority:
            box = QRectF(left, area.top() + 3, side, side)
            paint_priority(painter, box, said.priority, tokens, said.lit)
            left += side + PAD
        if said.number:
            painter.setPen(tokens.ink("dim"))
            left = self._text(painter, area, left, said.number, metrics) + PAD
        badge, clock = self.chosen(said, metrics, right - left, place.strip)
        if clock:
            painter.setPen(tokens.ink("dim"))
            right -= metrics.horizontalAdvance(clock)
            self._text(painter, area, right, clock, metrics)
            right -= 2 * PAD
        if badge:
            painter.setPen(state_ink(said.state, tokens))
            right -= metrics.horizontalAdvance(badge)
            self._text(painter, area, right, badge, metrics)
            right -= PAD
        mark = place.strip - 8
        if said.reduced:
            right -= mark - 2
            self._reduced(painter, QRectF(right, area.top() + 5, mark - 2, mark - 2))
            right -= 2
        right -= mark
        paint_state(painter, QRectF(right, area.top() + 4, mark, mark), said.state, tokens)
        right -= PAD
        painter.setPen(tokens.ink("text"))
        room = max(0, right - left)
        name = elided(said.name, metrics, room)
        painter.drawText(QRect(left, area.top(), room, area.height()), Qt.AlignmentFlag.AlignVCenter, name)
        return name != said.name

    def chosen(self, said: StripText, metrics: QFontMetrics, room: int, strip: int) -> tuple[str, str]:
        """(badge, clock) as they fit into `room` pixels beside the name.

        While nothing is wrong the clock and the name come first, and the badge says as much as is left: at
        least its shape. Where something is wrong its word and figure are whole, and the name gives way, then
        the clock.
        """
        mark = strip - 8
        room -= mark + 2 * PAD + (mark if said.reduced else 0)
        name = metrics.horizontalAdvance(said.name)
        clock = metrics.horizontalAdvance(said.clock) + 2 * PAD if said.clock else 0
        if said.state == "live":
            shows_clock = bool(clock) and room - clock >= min(name, round(room * NAME_SHARE))
            left = room - (clock if shows_clock else 0) - name
            badge = next((one for one in said.badges if metrics.horizontalAdvance(one) + PAD <= left), "")
            if not badge and not said.clock:
                # Nothing else says what this pane is.
                badge = elided(said.badges[-1], metrics, max(0, room - round(room * NAME_SHARE)))
            return badge, said.clock if shows_clock else ""
        least = min(name, round(room * NAME_SHARE))
        for one in said.badges:
            if metrics.horizontalAdvance(one) + PAD + least <= room:
                badge = one
                break
        else:
            badge = elided(said.badges[-1], metrics, max(0, room - PAD))
        left = room - metrics.horizontalAdvance(badge) - PAD - name
        return badge, said.clock if clock and left >= clock else ""

    def _text(self, painter: QPainter, area: QRect, left: int, text: str, metrics: QFontMetrics) -> int:
        width = metrics.horizontalAdvance(text)
        painter.drawText(
            QRect(left, area.top(), width + 2, area.height()), Qt.AlignmentFlag.AlignVCenter, text
        )
        return left + width

    def _reduced(self, painter: QPainter, box: QRectF) -> None:
        """A small arrow that points down: less than the camera could give."""
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._tokens.ink("text"))
        middle = box.center().x()
        painter.drawPolygon(
            QPolygonF([QPointF(box.left(), box.top() + 2), QPointF(box.right(), box.top() + 2),
                       QPointF(middle, box.bottom() - 1)])
        )  # fmt: skip
        painter.restore()
