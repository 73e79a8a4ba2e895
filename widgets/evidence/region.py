"""A still of a camera on which a person draws what stays clear in the masked copy."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from console.evidence.running import Still
from console.model.footage import MOST_CORNERS
from widgets.kit.texts import Texts
from widgets.kit.tokens import Tokens

CORNER_PX = 4
STEP = 0.02
"""How far an arrow key moves the pen, as a part of the picture."""


class RegionCanvas(QWidget):
    """Corners by click, or by arrow keys and Space; Enter closes, Backspace takes one back, Esc leaves.

    Signals:
        drawn(object): the corners as fractions of the picture; empty: nothing stays clear.
        left: closed without a change.
    """

    drawn = Signal(object)
    left = Signal()

    def __init__(self, texts: Texts, tokens: Tokens, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("evidence.canvas")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self._texts, self._tokens = texts, tokens
        texts.put(self, accessibleName="evidence.region", accessibleDescription="evidence.region_hint")
        self._image: QImage | None = None
        self._data = b""
        self.corners: list[tuple[float, float]] = []
        self._pen = (0.5, 0.5)

    def show_still(self, still: Still | None, corners: tuple[tuple[float, float], ...] = ()) -> None:
        """Draw on this picture; None while it is on its way."""
        self.corners, self._pen = list(corners), (0.5, 0.5)
        if still is None:
            self._image, self._data = None, b""
        else:
            self._data = still.data
            self._image = QImage(
                self._data, still.width, still.height, 3 * still.width, QImage.Format.Format_BGR888
            )
        self.update()

    @property
    def picture_bytes(self) -> bytes:
        """The picture that is drawn on; empty while there is none."""
        return self._data

    def picture_rect(self) -> QRectF:
        """Where the picture is, in its own proportion."""
        if self._image is None:
            return QRectF()
        hint = self.fontMetrics().height() + 2 * self._tokens.space(1)
        room = QRectF(self.rect()).adjusted(0, hint, 0, 0)
        scale = min(room.width() / self._image.width(), room.height() / self._image.height())
        width, height = self._image.width() * scale, self._image.height() * scale
        return QRectF(room.center().x() - width / 2, room.top(), width, height)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        place = self.picture_rect()
        if place.contains(event.position()):
            self._pen = (
                (event.position().x() - place.left()) / place.width(),
                (event.position().y() - place.top()) / place.height(),
            )
            self._add()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        steps = {
            Qt.Key.Key_Left: (-STEP, 0), Qt.Key.Key_Right: (STEP, 0),
            Qt.Key.Key_Up: (0, -STEP), Qt.Key.Key_Down: (0, STEP),
        }  # fmt: skip
        if key in steps:
            across, down = steps[key]
            self._pen = _within(self._pen[0] + across), _within(self._pen[1] + down)
            self.update()
        elif key == Qt.Key.Key_Space:
            self._add()
        elif key == Qt.Key.Key_Backspace:
            if self.corners:
                self.corners.pop()
                self.update()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.drawn.emit(tuple(self.corners) if len(self.corners) >= 3 else ())
        elif key == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def _add(self) -> None:
        if self._image is not None and len(self.corners) < MOST_CORNERS:
            self.corners.append((round(self._pen[0], 4), round(self._pen[1], 4)))
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            say = self._texts.catalogue.say
            painter.fillRect(self.rect(), self._tokens.ground("bg1"))
            painter.setPen(self._tokens.ink("text"))
            painter.setFont(self._tokens.font("small"))
            head = QRectF(self.rect()).adjusted(self._tokens.space(1), self._tokens.space(1), 0, 0)
            if self._image is None:
                painter.drawText(head, say("evidence.region_waiting"))
                return
            painter.drawText(head, say("evidence.region_hint"))
            place = self.picture_rect()
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(place, self._image)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            points = [QPointF(place.left() + x * place.width(), place.top() + y * place.height())
                      for x, y in self.corners]  # fmt: skip
            for colour, width in ((self._tokens.ground("bg0"), 4), (self._tokens.ink("focus"), 2)):
                painter.setPen(QPen(colour, width))
                if len(points) > 2:
                    painter.drawPolygon(QPolygonF(points))
                else:
                    painter.drawPolyline(QPolygonF(points))
                for point in points:
                    painter.drawEllipse(point, CORNER_PX, CORNER_PX)
            if self.hasFocus():
                at = QPointF(
                    place.left() + self._pen[0] * place.width(), place.top() + self._pen[1] * place.height()
                )
                for colour, width in ((self._tokens.ground("bg0"), 3), (self._tokens.ink("text"), 1)):
                    painter.setPen(QPen(colour, width))
                    painter.drawLine(at - QPointF(8, 0), at + QPointF(8, 0))
                    painter.drawLine(at - QPointF(0, 8), at + QPointF(0, 8))


def _within(part: float) -> float:
    return min(1.0, max(0.0, part))
