"""A small plot of one measurement: half an hour, its limits, its value now."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from console.language import Catalogue
from console.model.device import Limit
from widgets.kit.labels import elided
from widgets.kit.moments import number, unit
from widgets.kit.texts import follow
from widgets.kit.tokens import Tokens

if TYPE_CHECKING:
    from console.desk.board import Board

HEIGHT_PX, LEAST_PX = 66, 120
HEAD_PX = 16
MOST_POINTS = 400
ROOM = 0.12
"""So much of the height is left free above and below what is drawn."""


class SmallTrend(QWidget):
    """History first, then what comes in. Paints only; `measured` is told each second. UI thread only."""

    def __init__(
        self, board: Board, catalogue: Catalogue, tokens: Tokens, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._board, self._catalogue, self._tokens = board, catalogue, tokens
        self.point_index = -1
        self._limits: tuple[Limit, ...] = ()
        self._at = np.zeros(0, np.int64)
        self._value = np.zeros(0)
        self._span_ns = 1
        self.setFixedHeight(HEIGHT_PX)
        self.setMinimumWidth(LEAST_PX)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        tokens.changed.connect(self.update)
        follow(catalogue, self._tell)

    def show_point(self, point_index: int, limits: tuple[Limit, ...], minutes: float) -> None:
        """Begin anew with this point."""
        self.point_index, self._limits = point_index, limits
        self._at, self._value = np.zeros(0, np.int64), np.zeros(0)
        self._span_ns = int(minutes * 60e9)
        self.measured()

    def show_history(self, at_ns: np.ndarray, value: np.ndarray) -> None:  # type: ignore[type-arg]
        """What was measured before; what came in since stays behind it."""
        later = self._at > (at_ns[-1] if len(at_ns) else 0)
        self._at = np.concatenate([at_ns, self._at[later]])
        self._value = np.concatenate([value, self._value[later]])
        self.update()

    def measured(self) -> None:
        """Take the last value in, where it is a new one."""
        if self.point_index < 0:
            return
        taken_ns = int(self._board.taken_at_ns[self.point_index])
        value = float(self._board.values[self.point_index])
        if taken_ns and (not len(self._at) or taken_ns > self._at[-1]):
            keep = self._at >= taken_ns - self._span_ns
            self._at = np.append(self._at[keep], taken_ns)
            self._value = np.append(self._value[keep], value)
            if len(self._at) > MOST_POINTS:  # more than there are pixels: every other one of what is drawn
                self._at, self._value = self._at[::-2][::-1], self._value[::-2][::-1]
        self._tell()
        self.update()

    def limit_passed(self) -> Limit | None:
        """The most urgent limit that the last value is beyond."""
        if not len(self._value) or not np.isfinite(self._value[-1]):
            return None
        now = self._value[-1]
        beyond = [one for one in self._limits if (now >= one.set_at if one.above else now <= one.set_at)]
        return min(beyond, key=lambda one: one.priority, default=None)

    @property
    def words(self) -> tuple[str, str]:
        """What is measured, and the value with its unit."""
        if self.point_index < 0:
            return "", ""
        profile = self._board.profile
        point = profile.points[self.point_index]
        device = profile.devices.get(point.device_id)
        name = self._catalogue.words(profile.points.name(self.point_index))
        where = self._catalogue.words(device.name) if device is not None else point.device_id
        value = number(float(self._value[-1])) if len(self._value) else "–"
        return f"{where}, {name}", f"{value} {unit(point.unit, self._catalogue)}"

    def sizeHint(self) -> QSize:
        return QSize(220, HEIGHT_PX)

    def _tell(self) -> None:
        name, value = self.words
        limit = self.limit_passed()
        said = f"{name}: {value}" + (f". {self._catalogue.words(limit.text)}" if limit is not None else "")
        self.setAccessibleName(said)
        self.setToolTip(said)

    def paintEvent(self, event: QPaintEvent) -> None:
        tokens, name = self._tokens, self.words
        limit = self.limit_passed()
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), tokens.ground("bg2"))
            metrics = painter.fontMetrics()
            value_px = metrics.horizontalAdvance(name[1]) + 8
            ink = tokens.priority_ink(limit.priority) if limit is not None else tokens.ink("text")
            painter.setPen(tokens.ink("dim"))
            left = QRectF(4, 0, max(0, self.width() - value_px - 12), HEAD_PX)
            text = elided(name[0], metrics, int(left.width()))
            painter.drawText(left, int(Qt.AlignmentFlag.AlignVCenter), text)
            painter.setPen(ink)
            right = QRectF(self.width() - value_px - 4, 0, value_px, HEAD_PX)
            painter.drawText(right, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight), name[1])
            self._paint_line(painter, QRectF(4, HEAD_PX + 2, self.width() - 8, self.height() - HEAD_PX - 4))

    def _paint_line(self, painter: QPainter, room: QRectF) -> None:
        good = np.isfinite(self._value)
        levels = [one.set_at for one in self._limits]
        if not good.any():
            painter.setPen(self._tokens.ink("dim"))
            painter.drawText(room, int(Qt.AlignmentFlag.AlignCenter), self._catalogue.say("scene.no_values"))
            return
        low, high = float(self._value[good].min()), float(self._value[good].max())
        reach = max(high - low, abs(high) * 0.1, 1e-6)
        near = [one for one in levels if low - 2 * reach <= one <= high + 2 * reach]
        low, high = min([low, *near]), max([high, *near])
        span = max(high - low, 1e-9)
        now_ns = self._board.clock.now_ns()

        def y(value: float) -> float:
            share = (value - low) / span
            return room.bottom() - room.height() * (ROOM + share * (1 - 2 * ROOM))

        for one in self._limits:
            if one.set_at in near:
                painter.setPen(QPen(self._tokens.priority_mark(one.priority), 1, Qt.PenStyle.DashLine))
                painter.drawLine(QPointF(room.left(), y(one.set_at)), QPointF(room.right(), y(one.set_at)))
        shown = self._at >= now_ns - self._span_ns
        at, value = self._at[shown], self._value[shown]
        x = room.right() - (now_ns - at) / self._span_ns * room.width()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(self._tokens.ink("text"), 1.2))
        piece: list[QPointF] = []
        for one_x, one_value in zip(x.tolist(), value.tolist(), strict=True):
            if np.isfinite(one_value):
                piece.append(QPointF(one_x, y(one_value)))
            elif piece:
                painter.drawPolyline(QPolygonF(piece))
                piece = []
        if len(piece) == 1:
            painter.drawEllipse(piece[0], 1.5, 1.5)
        elif piece:
            painter.drawPolyline(QPolygonF(piece))
