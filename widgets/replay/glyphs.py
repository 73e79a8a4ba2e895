"""Buttons of a transport bar: a painted sign, its words and key in the tooltip and for a screen reader."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Slot
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QStyle, QStyleOptionToolButton, QToolButton, QWidget

from widgets.kit.actions import Act
from widgets.kit.labels import style
from widgets.kit.tokens import Tokens

SIDE_PX = 28


class SignButton(QToolButton):
    """Does one act. `sign` names what is painted; `text` is written instead where there is no sign."""

    def __init__(
        self, act: Act, sign: str, tokens: Tokens, parent: QWidget | None = None, text: str = ""
    ) -> None:
        super().__init__(parent)
        self._act, self.sign, self._tokens, self._written = act, sign, tokens, text
        self.setObjectName(f"button.{act.act_id}")
        self.setCheckable(act.isCheckable())
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        style(self, role="quiet")
        self.setFixedSize(QSize(SIDE_PX if not text else SIDE_PX + 10, SIDE_PX))
        act.changed.connect(self._follow)
        self.clicked.connect(act.trigger)
        tokens.changed.connect(self.update)
        self._follow()

    def show_sign(self, sign: str) -> None:
        """Paint another sign (play becomes pause)."""
        if sign != self.sign:
            self.sign = sign
            self.update()

    @Slot()
    def _follow(self) -> None:
        self.setAccessibleName(self._act.text())
        self.setToolTip(self._act.toolTip())
        self.setEnabled(self._act.isEnabled())
        self.setChecked(self._act.isChecked())

    def event(self, event: QEvent) -> bool:
        override = event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent)
        if override and event.key() == Qt.Key.Key_Space:  # type: ignore[attr-defined]
            event.accept()  # Space presses the button that has the keyboard, whatever it does elsewhere
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        option = QStyleOptionToolButton()
        self.initStyleOption(option)
        option.text = ""
        with QPainter(self) as painter:
            self.style().drawComplexControl(QStyle.ComplexControl.CC_ToolButton, option, painter, self)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            ink = self._tokens.ink("text" if self.isEnabled() else "dim")
            painter.setPen(QPen(ink, 1.6))
            painter.setBrush(ink)
            if self._written:
                painter.setFont(self._tokens.font("small"))
                painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignCenter), self._written)
            else:
                paint_sign(painter, QRectF(self.rect()).adjusted(8, 8, -8, -8), self.sign)


def _triangle(box: QRectF, left: float, right: float, backwards: bool = False) -> QPolygonF:
    """A triangle between two shares of the box's width."""
    one, other = (right, left) if backwards else (left, right)
    base, tip = box.left() + one * box.width(), box.left() + other * box.width()
    return QPolygonF([QPointF(base, box.top()), QPointF(tip, box.center().y()), QPointF(base, box.bottom())])


def paint_sign(painter: QPainter, box: QRectF, sign: str) -> None:
    """One of: play, pause, step_back, step_forward, slower, faster, live, next, previous, begin, end, loop,
    lock, unlock, export, closer, farther, enlarge. Pen and brush are the painter's."""
    left, right, top, bottom, middle = box.left(), box.right(), box.top(), box.bottom(), box.center()

    def bar(share: float, width: float = 2.0) -> None:
        x = left + share * box.width() - width / 2
        painter.fillRect(QRectF(x, top, width, box.height()), painter.brush())

    if sign == "play":
        painter.drawPolygon(_triangle(box, 0.1, 0.95))
    elif sign == "pause":
        bar(0.28, 3.2)
        bar(0.72, 3.2)
    elif sign in ("step_back", "step_forward"):
        back = sign == "step_back"
        painter.drawPolygon(_triangle(box, 0.3, 1.0, back) if not back else _triangle(box, 0.0, 0.7, back))
        bar(0.95 if back else 0.05)
    elif sign in ("slower", "faster"):
        back = sign == "slower"
        painter.drawPolygon(_triangle(box, 0.0, 0.5, back))
        painter.drawPolygon(_triangle(box, 0.5, 1.0, back))
    elif sign == "live":
        painter.drawPolygon(_triangle(box, 0.0, 0.55))
        painter.drawEllipse(QPointF(right - 1, middle.y()), 2.6, 2.6)
    elif sign in ("next", "previous"):
        way = 1 if sign == "next" else -1
        painter.drawEllipse(QPointF(middle.x() + 4 * way, middle.y()), 2.6, 2.6)
        painter.drawPolyline(
            [QPointF(middle.x() - 5 * way, top + 2), QPointF(middle.x() - way, middle.y()),
             QPointF(middle.x() - 5 * way, bottom - 2)]
        )  # fmt: skip
    elif sign in ("begin", "end"):
        edge, way = (left + 2, 1) if sign == "begin" else (right - 2, -1)
        painter.drawPolyline(
            [QPointF(edge + 6 * way, top), QPointF(edge, top), QPointF(edge, bottom),
             QPointF(edge + 6 * way, bottom)]
        )  # fmt: skip
    elif sign == "loop":
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawArc(box.adjusted(0.5, 1, -0.5, -1), 40 * 16, 290 * 16)
        tip = QPointF(right - 1, top + 3)
        painter.drawPolyline([QPointF(tip.x() - 5, tip.y()), tip, QPointF(tip.x(), tip.y() - 5)])
    elif sign in ("lock", "unlock"):
        painter.drawRect(QRectF(left + 1, middle.y(), box.width() - 2, box.height() / 2))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        lift = -2.0 if sign == "unlock" else 0.0
        bow = QRectF(left + 3, top + lift, box.width() - 6, box.height() * 0.9)
        painter.drawArc(bow, 0 if sign == "lock" else 30 * 16, 180 * 16 if sign == "lock" else 150 * 16)
    elif sign == "export":
        painter.drawLine(QPointF(middle.x(), top), QPointF(middle.x(), bottom - 4))
        painter.drawPolyline(
            [QPointF(middle.x() - 4, top + 4), QPointF(middle.x(), top), QPointF(middle.x() + 4, top + 4)]
        )
        painter.drawPolyline(
            [QPointF(left, middle.y() + 1), QPointF(left, bottom), QPointF(right, bottom),
             QPointF(right, middle.y() + 1)]
        )  # fmt: skip
    elif sign in ("closer", "farther"):
        painter.drawLine(QPointF(left, middle.y()), QPointF(right, middle.y()))
        if sign == "closer":
            painter.drawLine(QPointF(middle.x(), top), QPointF(middle.x(), bottom))
    else:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(box)
        corner = QPointF(left + 3, top + 3)
        painter.drawPolyline([QPointF(left + 3, top + 7), corner, QPointF(left + 7, top + 3)])
