"""Paints one pane: its picture, what hides parts of it, and what must be said over it."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QImage, QPainter, QPen

from console.language import Catalogue
from console.video.condition import PaneState
from widgets.kit.labels import elided
from widgets.kit.tokens import Tokens
from widgets.wall import words
from widgets.wall.layout import Place, fit
from widgets.wall.maskpaint import MaskPainter
from widgets.wall.masks import Hidden
from widgets.wall.pane import OverText, StripText
from widgets.wall.shapes import state_ink
from widgets.wall.stripline import PAD, StripLine
from widgets.wall.zoom import WHOLE, Zoom, seen_rect

#: How much of an old picture is left to see under its grey.
OLD_OPACITY = 0.35
#: A picture this much smaller than its room on all sides was made for another size.
STRETCH_OVER = 4
PLATE_OPACITY = 0.85
#: The small map of a zoomed picture, as a share of the pane's width, and its margins (px).
MAP_SHARE, MAP_LEAST_PX, MAP_MOST_PX, MAP_MARGIN_PX = 0.16, 36, 120, 8


class PanePainter:
    """Paints with the tokens and words in force. UI thread only."""

    def __init__(self, tokens: Tokens, catalogue: Catalogue) -> None:
        self._tokens, self._catalogue = tokens, catalogue
        self._line = StripLine(tokens)
        self._masks = MaskPainter(tokens)

    def strip(self, painter: QPainter, place: Place, said: StripText) -> bool:
        """Paint the strip. True when the name had to be elided."""
        return self._line.paint(painter, place, said)

    def picture(
        self, painter: QPainter, room: QRect, image: QImage, old: bool = False, zoom: Zoom = WHOLE,
        hidden: Hidden | None = None,
    ) -> QRect:  # fmt: skip
        """Paint the picture in the middle of its room, greyed when it is old, its hidden parts covered.
        Returns where the picture is."""
        target, own_size = self._target(room, image)
        if target != room:
            self._around(painter, room, target)
        if old:
            painter.fillRect(target, self._tokens.ground("bg0"))
            painter.setOpacity(OLD_OPACITY)
        if zoom.factor > 1.0:
            self._part(painter, target, image, zoom)
        elif own_size:
            painter.drawImage(target.topLeft(), image)
        else:
            painter.drawImage(target, image)
        if old:
            painter.setOpacity(1.0)
        if hidden is not None and hidden.zones:
            word = self._catalogue.say("wall.mask.word")
            try:
                self._masks.paint(painter, hidden.zones, target, zoom, word)
            except BaseException:
                # What cannot be hidden is not shown.
                painter.fillRect(target, self._tokens.ground("bg0"))
                raise
        return target

    def _part(self, painter: QPainter, target: QRect, image: QImage, zoom: Zoom) -> None:
        wide, high = image.width(), image.height()
        part = QRectF(zoom.left * wide, zoom.top * high, zoom.share * wide, zoom.share * high)
        # Decoded in just the size that is seen, this is a copy and nothing is smoothed.
        larger = part.width() + 1 < target.width() * image.devicePixelRatio()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, larger)
        painter.drawImage(QRectF(target), image, part)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)

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
            middle = room.center().x()
            plate = QRectF(
                QPointF(middle - width / 2 - 8, top - 4), QPointF(middle + width / 2 + 8, top + height + 4)
            )
            self._plate(painter, plate)
        painter.setFont(head_font)
        painter.setPen(state_ink(state.state, tokens))
        painter.drawText(QRect(inner.left(), top, inner.width(), head_box.height()), flags, head)
        if why:
            painter.setFont(why_font)
            painter.setPen(tokens.ink("text"))
            below = top + head_box.height() + PAD
            painter.drawText(QRect(inner.left(), below, inner.width(), why_box.height()), flags, why)

    def over(self, painter: QPainter, room: QRect, said: OverText) -> None:
        """Write what is asked for over the picture: lines from the top, as many as there is room for, and
        tags at the bottom."""
        font = self._tokens.font("small")
        metrics = QFontMetrics(font)
        painter.setFont(font)
        line = metrics.height() + 1
        tags_high = (line + PAD) if said.tags else 0
        most = max(0, (room.height() - tags_high - 2 * PAD) // line)
        widest = room.width() - 6 * PAD
        if said.info and most:
            shown = said.info[:most]
            texts = [elided(text, metrics, widest) for text in shown]
            wide = max(metrics.horizontalAdvance(text) for text in texts)
            plate = QRectF(room.left() + PAD, room.top() + PAD, wide + 2 * PAD, line * len(texts) + PAD)
            self._plate(painter, plate)
            for number, text in enumerate(texts):
                painter.setPen(self._tokens.ink("text" if number == 0 else "dim"))
                painter.drawText(
                    QPointF(plate.left() + PAD, plate.top() + PAD / 2 + number * line + metrics.ascent()),
                    text,
                )
        left = float(room.left() + PAD)
        for text in said.tags:
            shown_tag = elided(text, metrics, max(0, round(room.right() - left - 3 * PAD)))
            plate = QRectF(left, room.bottom() - line - PAD, metrics.horizontalAdvance(shown_tag) + 2 * PAD,
                           line)  # fmt: skip
            self._plate(painter, plate)
            painter.setPen(self._tokens.ink("text"))
            painter.drawText(plate, Qt.AlignmentFlag.AlignCenter, shown_tag)
            left = plate.right() + PAD

    def locator(self, painter: QPainter, target: QRect, zoom: Zoom) -> None:
        """A small map of the whole picture with the part that is seen."""
        wide = min(MAP_MOST_PX, max(MAP_LEAST_PX, round(target.width() * MAP_SHARE)))
        high = max(8, round(wide * target.height() / max(1, target.width())))
        x, y = target.right() - wide - MAP_MARGIN_PX, target.bottom() - high - MAP_MARGIN_PX
        if x <= target.left() or y <= target.top():
            return
        box = QRect(x, y, wide, high)
        self._plate(painter, QRectF(box))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(self._tokens.ink("dim"), 1))
        painter.drawRect(box)
        painter.setPen(QPen(self._tokens.mark("focus"), 2))
        painter.drawRect(QRect(*seen_rect(target.getRect(), zoom, box.getRect())))

    def _plate(self, painter: QPainter, plate: QRectF) -> None:
        ground = QColor(self._tokens.ground("bg0"))
        ground.setAlphaF(PLATE_OPACITY)
        painter.fillRect(plate, ground)

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
