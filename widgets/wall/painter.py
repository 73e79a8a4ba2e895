"""Paints one pane: strip, picture, and what must be said over a picture that is not the present."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QFontMetrics, QImage, QPainter, QPen

from console.language import Catalogue
from console.video.condition import PaneState
from widgets.kit.labels import elided
from widgets.kit.marks import paint_priority
from widgets.kit.tokens import Tokens
from widgets.wall import words
from widgets.wall.layout import Place, fit
from widgets.wall.pane import StripText
from widgets.wall.shapes import paint_state, state_ink

#: How much of an old picture is left to see under its grey.
OLD_OPACITY = 0.35
PAD = 4
#: A picture this much smaller than its room on all sides was made for another size.
STRETCH_OVER = 4


class PanePainter:
    """Paints with the tokens and words in force. UI thread only."""

    def __init__(self, tokens: Tokens, catalogue: Catalogue) -> None:
        self._tokens, self._catalogue = tokens, catalogue

    def strip(self, painter: QPainter, place: Place, said: StripText) -> bool:
        """Paint the strip. True when the name had to be elided."""
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
        right = self._right(painter, area, right, metrics, said)
        if said.number:
            painter.setPen(tokens.ink("dim"))
            left = self._text(painter, area, left, right, said.number, metrics)
        painter.setPen(tokens.ink("text"))
        room = max(0, right - left)
        name = elided(said.name, metrics, room)
        painter.drawText(QRect(left, area.top(), room, area.height()), Qt.AlignmentFlag.AlignVCenter, name)
        return name != said.name

    def _right(
        self, painter: QPainter, area: QRect, right: int, metrics: QFontMetrics, said: StripText
    ) -> int:
        """Badge and clock, from the right. The badge's word goes first to where room is scarce, but only when
        nothing is wrong."""
        side = area.height() - 8
        clock_width = metrics.horizontalAdvance(said.clock) if said.clock else 0
        badge_width = metrics.horizontalAdvance(said.badge)
        calm = said.state == "live"
        roomy = area.width() - clock_width - badge_width - side > 90
        if said.clock and (roomy or calm):
            painter.setPen(self._tokens.ink("dim"))
            painter.drawText(
                QRect(right - clock_width, area.top(), clock_width, area.height()),
                Qt.AlignmentFlag.AlignVCenter, said.clock,
            )  # fmt: skip
            right -= clock_width + 2 * PAD
        if roomy or not calm:
            painter.setPen(state_ink(said.state, self._tokens))
            shown = elided(said.badge, metrics, max(0, right - area.left() - side - 2 * PAD))
            width = metrics.horizontalAdvance(shown)
            painter.drawText(
                QRect(right - width, area.top(), width, area.height()), Qt.AlignmentFlag.AlignVCenter, shown
            )
            right -= width + PAD
        paint_state(painter, QRectF(right - side, area.top() + 4, side, side), said.state, self._tokens)
        return right - side - PAD

    def _text(
        self, painter: QPainter, area: QRect, left: int, right: int, text: str, metrics: QFontMetrics
    ) -> int:
        width = min(metrics.horizontalAdvance(text), max(0, right - left))
        painter.drawText(QRect(left, area.top(), width, area.height()), Qt.AlignmentFlag.AlignVCenter, text)
        return left + width + PAD

    def picture(self, painter: QPainter, room: QRect, image: QImage, old: bool = False) -> None:
        """Paint the picture in the middle of its room, greyed when it is old."""
        target, own_size = self._target(room, image)
        if target != room:
            self._around(painter, room, target)
        if old:
            painter.fillRect(target, self._tokens.ground("bg0"))
            painter.setOpacity(OLD_OPACITY)
        if own_size:
            painter.drawImage(target.topLeft(), image)
        else:
            painter.drawImage(target, image)
        if old:
            painter.setOpacity(1.0)

    def _target(self, room: QRect, image: QImage) -> tuple[QRect, bool]:
        """Where the picture goes, and whether in its own size: then it is only copied. While a new size is on
        its way it is stretched."""
        ratio = image.devicePixelRatio()
        wide, high = round(image.width() / ratio), round(image.height() / ratio)
        free_x, free_y = room.width() - wide, room.height() - high
        if free_x < 0 or free_y < 0 or (free_x > STRETCH_OVER and free_y > STRETCH_OVER):
            return QRect(*fit(image.width(), image.height(), room.getRect())), False
        return QRect(room.x() + free_x // 2, room.y() + free_y // 2, wide, high), True

    def _around(self, painter: QPainter, room: QRect, inner: QRect) -> None:
        """Only the bars beside the picture: what the picture covers is not painted twice."""
        ground = self._tokens.ground("bg0")
        for bar in (
            QRect(room.left(), room.top(), room.width(), inner.top() - room.top()),
            QRect(room.left(), inner.bottom() + 1, room.width(), room.bottom() - inner.bottom()),
            QRect(room.left(), inner.top(), inner.left() - room.left(), inner.height()),
            QRect(inner.right() + 1, inner.top(), room.right() - inner.right(), inner.height()),
        ):
            if bar.width() > 0 and bar.height() > 0:
                painter.fillRect(bar, ground)

    def empty(self, painter: QPainter, place: Place) -> None:
        painter.fillRect(QRect(*place.picture), self._tokens.ground("bg0"))

    def say(self, painter: QPainter, place: Place, state: PaneState, head: str, why: str) -> None:
        """Write over the picture's room what is the matter: a word, and the reason where there is room. A
        dashed outline where nothing comes."""
        tokens = self._tokens
        room = QRect(*place.picture)
        if state.state not in ("frozen", "damaged"):
            painter.setPen(QPen(tokens.ink("dim"), 1, Qt.PenStyle.DashLine))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(room.adjusted(1, 1, -2, -2))
        large = room.height() >= 160 and room.width() >= 240
        head_font = tokens.font("large" if large else "body")
        why_font = tokens.font("body" if large else "small")
        flags = int(Qt.AlignmentFlag.AlignHCenter) | int(Qt.TextFlag.TextWordWrap)
        inner = room.adjusted(8, 4, -8, -4)
        head_box = QFontMetrics(head_font).boundingRect(inner, flags, head)
        why_box = QFontMetrics(why_font).boundingRect(inner, flags, why) if why else QRect()
        if why and head_box.height() + why_box.height() + PAD > inner.height():
            why = ""  # the tooltip and the screen reader have it
        height = head_box.height() + (why_box.height() + PAD if why else 0)
        top = inner.top() + max(0, (inner.height() - height) // 2)
        width = max(head_box.width(), why_box.width() if why else 0)
        if words.is_old(state) and state.pictures:
            # Contrast does not depend on the picture behind.
            painter.setOpacity(0.85)
            painter.fillRect(
                QRectF(QPointF(room.center().x() - width / 2 - 8, top - 4), QPointF(
                    room.center().x() + width / 2 + 8, top + height + 4)), tokens.ground("bg0"),
            )  # fmt: skip
            painter.setOpacity(1.0)
        painter.setFont(head_font)
        painter.setPen(state_ink(state.state, tokens))
        painter.drawText(QRect(inner.left(), top, inner.width(), head_box.height()), flags, head)
        if why:
            painter.setFont(why_font)
            painter.setPen(tokens.ink("text"))
            below = top + head_box.height() + PAD
            painter.drawText(QRect(inner.left(), below, inner.width(), why_box.height()), flags, why)

    def frame(self, painter: QPainter, place: Place, focused: bool) -> None:
        """The selected pane's frame: thick with keyboard focus, thin without."""
        colour, thick = self._tokens.mark("focus"), 2 if focused else 1
        x, y, wide, high = place.x, place.y, place.width, place.height
        for bar in (
            QRect(x, y, wide, thick), QRect(x, y + high - thick, wide, thick),
            QRect(x, y, thick, high), QRect(x + wide - thick, y, thick, high),
        ):  # fmt: skip
            painter.fillRect(bar, colour)

    def incident_frame(self, painter: QPainter, place: Place, priority: int) -> None:
        """A camera of an open incident: a line in the priority's colour under the strip."""
        line = QRect(place.x, place.y + place.strip - 2, place.width, 2)
        painter.fillRect(line, self._tokens.priority_mark(priority))
