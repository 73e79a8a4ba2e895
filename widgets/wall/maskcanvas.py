"""The picture in which privacy zones are drawn: mouse and keys, outlines and handles over what is hidden."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import (
    QBrush,
    QColor,
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPolygonF,
)
from PySide6.QtWidgets import QWidget

from console.language import Catalogue
from widgets.kit.tokens import Tokens
from widgets.wall.maskdraft import MaskDraft
from widgets.wall.maskpaint import polygon

HANDLE_PX = 8
REACH_PX = 12
#: One key press moves by this share of the picture, with Shift by the other.
STEP, LARGE_STEP = 0.005, 0.05
NEW_OPACITY = 0.55
ARROWS = {
    Qt.Key.Key_Left: (-1, 0), Qt.Key.Key_Right: (1, 0), Qt.Key.Key_Up: (0, -1), Qt.Key.Key_Down: (0, 1),
}  # fmt: skip


class MaskCanvas(QWidget):
    """Paints the picture by `paint_picture(painter, room)`, which returns where it is and hides what is
    hidden, and the draft's zones over it. UI thread only.

    Signals:
        changed: the draft changed.
        save_wanted, leave_wanted: Enter or Esc with no zone being drawn.
        locked(): what was tried needs a supervisor's desk.
    """

    changed = Signal()
    save_wanted = Signal()
    leave_wanted = Signal()
    locked = Signal()

    def __init__(
        self, draft: MaskDraft, paint_picture: Callable[[QPainter, QRect], QRect], catalogue: Catalogue,
        tokens: Tokens, parent: QWidget,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self.draft = draft
        self._paint_picture, self._catalogue, self._tokens = paint_picture, catalogue, tokens
        self._target = QRect()
        self._cursor: QPointF | None = None
        self._held = False
        self._held_at = QPointF()
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setMinimumSize(240, 120)
        self.installEventFilter(self)

    # painting

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), self._tokens.ground("bg0"))
            self._target = self._paint_picture(painter, self.rect())
            if self._target.isEmpty():
                return
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            for number in range(len(self.draft.zones)):
                self._paint_zone(painter, number)
            for number, zone in enumerate(self.draft.zones):
                self._caption(painter, polygon(zone, self._target), self._name(number))
            self._paint_drawn(painter)
            if self.hasFocus():
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.setPen(QPen(self._tokens.mark("focus"), 1))
                painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

    def _paint_zone(self, painter: QPainter, number: int) -> None:
        draft, tokens = self.draft, self._tokens
        zone = draft.zones[number]
        outline = polygon(zone, self._target)
        is_new = zone not in draft.saved
        painter.setBrush(self._filling() if is_new else Qt.BrushStyle.NoBrush)
        chosen = number == draft.zone
        # Two lines of two inks: seen on any picture.
        painter.setPen(QPen(tokens.ground("bg0"), 4))
        painter.drawPolygon(outline, Qt.FillRule.WindingFill)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        style = Qt.PenStyle.DashLine if draft.is_locked(number) else Qt.PenStyle.SolidLine
        painter.setPen(QPen(tokens.mark("focus") if chosen else tokens.ink("text"), 2, style))
        painter.drawPolygon(outline)
        if chosen and not draft.is_locked(number):
            for corner, at in enumerate(outline.toList()[: len(zone.points)]):
                self._handle(painter, at, corner == draft.corner)

    def _name(self, number: int) -> str:
        zone = self.draft.zones[number]
        kind = "locked" if self.draft.is_locked(number) else "saved" if zone in self.draft.saved else "new"
        return self._catalogue.say(f"wall.mask.zone_{kind}", n=number + 1)

    def _caption(self, painter: QPainter, outline: QPolygonF, text: str) -> None:
        font = self._tokens.font("small")
        metrics = QFontMetrics(font)
        top = min(outline.toList(), key=lambda at: (at.y(), at.x()))
        wide = metrics.horizontalAdvance(text) + 8
        plate = QRectF(top.x(), top.y() - metrics.height() - 4, wide, metrics.height() + 2)
        area = QRectF(self.rect())
        plate.moveLeft(min(max(plate.left(), area.left()), area.right() - wide))
        plate.moveTop(max(plate.top(), area.top()))
        painter.fillRect(plate, self._tokens.ground("bg0"))
        painter.setFont(font)
        painter.setPen(self._tokens.ink("text"))
        painter.drawText(plate, Qt.AlignmentFlag.AlignCenter, text)

    def _paint_drawn(self, painter: QPainter) -> None:
        if not self.draft.drawn:
            return
        target = self._target
        corners = [
            QPointF(target.x() + x * target.width(), target.y() + y * target.height())
            for x, y in self.draft.drawn
        ]
        line = [*corners, self._cursor] if self._cursor is not None else corners
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for colour, thick in ((self._tokens.ground("bg0"), 4), (self._tokens.mark("focus"), 2)):
            painter.setPen(QPen(colour, thick))
            painter.drawPolyline(line)
        for number, at in enumerate(corners):
            self._handle(painter, at, number == 0)

    def _handle(self, painter: QPainter, at: QPointF, chosen: bool) -> None:
        half = HANDLE_PX / 2
        box = QRectF(at.x() - half, at.y() - half, HANDLE_PX, HANDLE_PX)
        painter.setPen(QPen(self._tokens.ground("bg0"), 1))
        painter.setBrush(self._tokens.mark("focus") if chosen else self._tokens.ink("text"))
        painter.drawRect(box)

    def _filling(self) -> QBrush:
        colour = QColor(self._tokens.ground("bg1"))
        colour.setAlphaF(NEW_OPACITY)
        return QBrush(colour)

    # mouse

    def _share(self, at: QPointF) -> tuple[float, float]:
        target = self._target
        return (at.x() - target.x()) / target.width(), (at.y() - target.y()) / target.height()

    def _corner_at(self, at: QPointF) -> tuple[int, int]:
        shape = self._target.height() / self._target.width()
        return self.draft.corner_near(*self._share(at), REACH_PX / self._target.width(), shape)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton or self._target.isEmpty():
            return
        at, draft = event.position(), self.draft
        if draft.drawn:
            if self._is_first(at):
                draft.close()
            else:
                draft.draw(*self._share(at))
        else:
            zone, corner = self._corner_at(at)
            if zone < 0:
                zone = draft.zone_at(*self._share(at))
            if zone >= 0:
                draft.choose(zone, corner)
                self._held, self._held_at = True, at
            else:
                draft.draw(*self._share(at))
        self._told()

    def _is_first(self, at: QPointF) -> bool:
        x, y = self.draft.drawn[0]
        first = QPointF(
            self._target.x() + x * self._target.width(), self._target.y() + y * self._target.height()
        )
        return len(self.draft.drawn) > 2 and (first - at).manhattanLength() <= REACH_PX

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.draft.close()
        self._told()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._cursor = event.position()
        if self._held and not self._target.isEmpty():
            way = event.position() - self._held_at
            self._held_at = event.position()
            if not self.draft.move(way.x() / self._target.width(), way.y() / self._target.height()):
                self._held = False
                self.locked.emit()
                return
            self._told()
        elif self.draft.drawn:
            self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._held = False

    # keys

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # While zones are drawn, letters and arrows are meant for them and not for the window's acts.
        if watched is self and event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            plain = not event.modifiers() & (
                Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
            )
            if plain and not Qt.Key.Key_F1 <= event.key() <= Qt.Key.Key_F35:
                event.accept()
                return True
        return super().eventFilter(watched, event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, draft = Qt.Key(event.key()), self.draft
        if key in ARROWS:
            step = LARGE_STEP if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else STEP
            right, down = ARROWS[key]
            if not self._tried(draft.move(right * step, down * step)):
                return
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if draft.drawn:
                draft.close()
            else:
                self.save_wanted.emit()
        elif key == Qt.Key.Key_Escape:
            if draft.drawn:
                draft.drop()
            else:
                self.leave_wanted.emit()
                return
        elif key == Qt.Key.Key_N:
            draft.add_rectangle()
        elif key == Qt.Key.Key_Z:
            draft.next_zone()
        elif key == Qt.Key.Key_C:
            draft.next_corner(-1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1)
        elif key == Qt.Key.Key_Backspace and draft.drawn:
            draft.undraw()
        elif key in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            if not self._tried(draft.delete()):
                return
        else:
            super().keyPressEvent(event)
            return
        self._told()

    def _tried(self, done: bool) -> bool:
        if not done and 0 <= self.draft.zone < len(self.draft.zones):
            self.locked.emit()
        return done

    def _told(self) -> None:
        self.changed.emit()
        self.update()

    def words(self) -> str:
        """What is chosen, for a screen reader."""
        draft = self.draft
        if draft.drawn:
            return self._catalogue.say("wall.mask.drawing", n=len(draft.drawn))
        if not 0 <= draft.zone < len(draft.zones):
            return self._catalogue.say("wall.mask.zones", n=len(draft.zones))
        text = self._name(draft.zone)
        if draft.corner >= 0:
            corner = self._catalogue.say("wall.mask.corner", n=draft.corner + 1)
            return f"{text}, {corner}"
        return text
