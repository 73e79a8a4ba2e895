"""The heat of alarms: asks the record for a span of time, page by page, and keeps the picture of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, QRectF, Signal, Slot
from PySide6.QtGui import QImage, QPainter

from console.geo.heat import heat
from console.model import events as ev
from console.model.query import AskLog, LogFilter, LogPage
from console.profile.ground import Plane
from widgets.kit.pulse import Pulse
from widgets.kit.tokens import Tokens
from widgets.map.figures import map_figures
from widgets.map.view import Extent, View

if TYPE_CHECKING:
    from console.desk.board import Board
    from console.desk.port import DeskPort

KINDS = ("alarm.moved", "alarm.raised", "incident.opened", "case.opened")
CELLS = 180
"""Cells along the longer side of the city."""
PAGE = 1000
WEIGHT = {1: 4.0, 2: 3.0, 3: 2.0, 4: 1.0}
"""An urgent alarm counts more: by priority. Ours."""
STRONGEST_ALPHA = 170


class HeatLayer(QObject):
    """One picture for the span that is chosen, made anew when it is chosen or asked for again. UI thread.

    Signals:
        changed: the picture, or how it is coming along, is another.
    """

    changed = Signal()

    def __init__(
        self, board: Board, port: DeskPort | None, pulse: Pulse, plane: Plane, extent: Extent, tokens: Tokens,
        parent: QObject,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._board, self._port, self._plane, self._extent = board, port, plane, extent
        self._tokens = tokens
        self.window_s = 0
        """The span that is shown, seconds; 0: no heat."""
        self.events = 0
        self.complete = True
        self.problem = ""
        self._asked = ""
        self._since_ns = self._until_ns = 0
        self._points: list[tuple[float, float, float]] = []
        self._image: QImage | None = None
        pulse.looked_up.connect(self._looked_up)
        tokens.changed.connect(self._draw)

    def choose(self, window_s: int) -> None:
        """Show the heat of the last `window_s` seconds; 0 shows none."""
        self.window_s = window_s
        self._points.clear()
        self._image, self.events, self.complete, self.problem = None, 0, True, ""
        self._asked = ""
        if window_s and self._port is not None:
            self._until_ns = self._board.clock.now_ns()
            self._since_ns = self._until_ns - window_s * 1_000_000_000
            self.complete = False
            self._ask(0)
        self.changed.emit()

    def next_window(self) -> None:
        """The next longer span, then none."""
        spans = (0, *map_figures().heat.windows_s)
        self.choose(spans[(spans.index(self.window_s) + 1) % len(spans)])

    def paint(self, painter: QPainter, view: View, width: int, height: int) -> None:
        """The picture over the ground; nothing while there is none."""
        if self._image is None:
            return
        left, top = view.to_px(self._extent.west, self._extent.north, width, height)
        right, bottom = view.to_px(self._extent.east, self._extent.south, width, height)
        target = QRectF(left, top, right - left, bottom - top)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(target, self._image)
        painter.restore()

    def _ask(self, before_seq: int) -> None:
        assert self._port is not None
        told = LogFilter(since_ns=self._since_ns, until_ns=self._until_ns, kinds=KINDS)
        self._asked = self._port.ask(AskLog(filter=told, before_seq=before_seq, limit=PAGE))

    @Slot(object)
    def _looked_up(self, ids: tuple[str, ...]) -> None:
        if not self._asked or self._asked not in ids:
            return
        came = self._board.take_page(self._asked)
        self._asked = ""
        page = came.page if came is not None else None
        if not isinstance(page, LogPage):
            self.complete, self.problem = True, "refused"
            self.changed.emit()
            return
        for entry in page.entries:
            self._take(entry.event)
        self.events = len(self._points)
        more = page.more and page.entries and self.events < map_figures().heat.most_entries
        if more:
            self._ask(page.entries[-1].seq)
        else:
            self.complete = True
            self.problem = "more" if page.more else ""
        self._draw()

    def _take(self, event: ev.AnyEvent) -> None:
        if isinstance(event, ev.AlarmMoved) and event.stimulus != "began":
            return
        place = getattr(event, "place", None)
        position = place.position if place is not None else None
        if position is None:
            row = self._board.profile.columns.row_of.get(getattr(event, "device_id", ""))
            if row is None:
                return
            columns = self._board.profile.columns
            lat, lon = float(columns.lat[row]), float(columns.lon[row])
        else:
            lat, lon = position.lat, position.lon
        x, y = self._plane.to_xy(lat, lon)
        self._points.append((float(x), float(y), WEIGHT.get(getattr(event, "priority", 4), 1.0)))

    @Slot()
    def _draw(self) -> None:
        """A picture of the field: the hotter, the less one sees through. One colour, so that it reads as more
        and less, never as priorities."""
        if self.window_s and self._points:
            extent = self._extent
            wide, high = extent.east - extent.west, extent.north - extent.south
            cell = max(wide, high) / CELLS
            columns, lines = int(np.ceil(wide / cell)), int(np.ceil(high / cell))
            table = np.array(self._points)
            field = heat(
                table[:, 0], table[:, 1], table[:, 2], extent.west, extent.north, cell, columns, lines,
                map_figures().heat.spread_m,
            )  # fmt: skip
            share = np.sqrt(field / max(float(field.max()), 1e-12))
            colour = self._tokens.mark("p2")
            pixels = np.zeros((lines, columns, 4), np.uint8)
            alpha = (share * STRONGEST_ALPHA).astype(np.uint8)
            # Premultiplied, as Qt wants it: blue, green, red, alpha.
            for channel, value in enumerate((colour.blue(), colour.green(), colour.red())):
                pixels[..., channel] = (alpha.astype(np.uint16) * value // 255).astype(np.uint8)
            pixels[..., 3] = alpha
            form = QImage.Format.Format_ARGB32_Premultiplied
            self._image = QImage(pixels.tobytes(), columns, lines, columns * 4, form).copy()
        self.changed.emit()
