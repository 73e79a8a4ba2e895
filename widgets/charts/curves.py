"""What one line of a band puts into its plot: the curve, lone readings, abnormal parts, the last level."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPolygonF

from widgets.charts.content import Line
from widgets.charts.series import Run, beyond, joined
from widgets.charts.strokes import ink_of, pen, stroke
from widgets.charts.track import Track
from widgets.charts.view import View
from widgets.kit.tokens import Tokens

DOT_PX = 3
LEVEL_DASHES = (1.0, 5.0)
UNDER_DASHES = (1.0, 2.0)
AREA_ALPHA = 70
NOTHING = Run(np.zeros(0), np.zeros(0))


class Trace(pg.PlotCurveItem):
    """A curve that counts as being wherever its view is.

    The shaping before it leaves at most two corners a pixel column and knows the gaps, which pyqtgraph's own
    thinning would swallow; so the bare curve, not PlotDataItem around it. And no range follows the data, so
    its true bounds would be worked out at every move of the window for nobody.
    """

    def __init__(self, box: pg.ViewBox) -> None:
        super().__init__(connect="finite", antialias=False)
        self._box = box

    def boundingRect(self) -> QRectF:
        return self._box.viewRect()  # viewRect() of the curve itself keeps its first answer


class Area(pg.GraphicsObject):
    """Between the least and the greatest value of each column of history, filled."""

    def __init__(self, box: pg.ViewBox) -> None:
        super().__init__()
        self._box = box
        self._polygons: list[QPolygonF] = []
        self._brush = QBrush()

    def dress(self, ink: QColor) -> None:
        colour = QColor(ink)
        colour.setAlpha(AREA_ALPHA)
        self._brush = QBrush(colour)
        self.update()

    def take(self, track: Track, view: View) -> None:
        """Show the columns of this track; nothing where it has none."""
        self._polygons = _polygons(track, view)
        self.setVisible(bool(self._polygons))
        self.update()

    def boundingRect(self) -> QRectF:
        return self._box.viewRect()

    def paint(self, painter: QPainter, *_: object) -> None:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._brush)
        for polygon in self._polygons:
            painter.drawPolygon(polygon)


def _polygons(track: Track, view: View) -> list[QPolygonF]:
    """One for each stretch without a break: along the greatest values, and back along the least."""
    if track.low is None or track.high is None or track.begin_ns is None or track.width_ns is None:
        return []
    begin = np.asarray(view.seconds(track.begin_ns))
    end = begin + track.width_ns / 1e9
    x = np.stack((begin, end), axis=1)
    found = []
    good = np.isfinite(track.low)
    edges = np.flatnonzero(np.diff(np.concatenate([[False], good, [False]]).astype(np.int8)))
    for first, last in zip(edges[::2], edges[1::2], strict=True):
        along, size = x[first:last].ravel(), 2 * int(last - first)
        polygon = pg.functions.create_qpolygonf(2 * size)
        corners = pg.functions.ndarray_from_qpolygonf(polygon)
        corners[:size, 0], corners[size:, 0] = along, along[::-1]
        corners[:size, 1] = np.repeat(track.high[first:last], 2)
        corners[size:, 1] = np.repeat(track.low[first:last], 2)[::-1]
        found.append(polygon)
    return found


def _curve(box: pg.ViewBox, z: int) -> Trace:
    made = Trace(box)
    made.setZValue(z)
    box.addItem(made, ignoreBounds=True)
    return made


class LineItems:
    """The items of one line in one view. Each is given data only when that changed."""

    def __init__(self, box: pg.ViewBox, line: Line, index: int, tokens: Tokens) -> None:
        self._box, self._line, self._index, self._tokens = box, line, index, tokens
        self._curve = _curve(box, 10 + index)
        self._dots = _curve(box, 10 + index)
        self._dots.opts["connect"] = "pairs"
        self._under = _curve(box, 3)
        self._area = Area(box)
        self._area.setZValue(4)
        self._area.setVisible(False)
        box.addItem(self._area, ignoreBounds=True)
        self._abnormal: dict[str, Trace] = {}
        self._level: Trace | None = None
        self._ring: pg.ScatterPlotItem | None = None
        self._drawn: tuple[Track, int, int, int] | None = None
        self.dress()

    def dress(self) -> None:
        """Take pens from the theme in force."""
        tokens = self._tokens
        self._curve.setPen(stroke(tokens, self._index))
        self._dots.setPen(pen(ink_of(tokens, self._index), DOT_PX))
        self._under.setPen(pen(ink_of(tokens, self._index), dashes=UNDER_DASHES))
        self._area.dress(ink_of(tokens, self._index))
        for limit in self._line.limits:
            if limit.id in self._abnormal:
                self._abnormal[limit.id].setPen(pen(tokens.priority_mark(limit.priority), 2))
        if self._level is not None and self._ring is not None:
            self._level.setPen(pen(tokens.ink("dim"), dashes=LEVEL_DASHES))
            self._ring.setPen(pen(tokens.ink("dim")))

    def take(
        self, track: Track, found: list[Run], tops: list[Run], bottoms: list[Run], view: View
    ) -> None:  # fmt: skip
        """Show this track, as these stretches (pixels of the view's window as it is now). What is abnormal is
        told by its greatest and least values: a peak that a mean hides is seen.
        """
        window = view.window
        drawn = self._drawn
        seen = (window.span_ns, window.width_px, 0 if view.live else window.until_ns)
        if drawn is not None and drawn[1:] == seen and _same(drawn[0], track):
            return
        self._drawn = (track, *seen)
        self._area.take(track, view)
        lone = [run for run in found if len(run.x) == 1]
        _set(self._curve, joined([run for run in found if len(run.x) > 1]), view)
        # A lone reading between two gaps is a dot, not nothing.
        _set(self._dots, joined_pairs(lone), view)
        for rank, limit in enumerate(sorted(self._line.limits, key=lambda one: -one.priority)):
            # The line again in the limit's colour, only on the abnormal side of it; the most urgent last.
            wide = [
                run if len(run.x) > 1 else joined_pairs([run]) for run in (tops if limit.above else bottoms)
            ]
            parts = [part for run in wide if (part := beyond(run, limit.set_at, limit.above)) is not None]
            if parts and limit.id not in self._abnormal:
                made = self._abnormal[limit.id] = _curve(self._box, 20 + 4 * self._index + rank)
                made.setPen(pen(self._tokens.priority_mark(limit.priority), 2))
            if limit.id in self._abnormal:
                _set(self._abnormal[limit.id], joined(parts), view)

    def under(self, found: list[Run], view: View) -> None:
        """Show the other day laid under."""
        wide = [run if len(run.x) > 1 else joined_pairs([run]) for run in found]
        _set(self._under, joined(wide) if wide else NOTHING, view)

    def last_known(self, run: Run | None, view: View) -> None:
        """From the last reading to now: a dotted level that begins in a hollow dot, so that it is not taken
        for a value. None: the line goes on, or never began.
        """
        if run is None:
            if self._level is not None and self._ring is not None:
                self._level.setVisible(False)
                self._ring.setVisible(False)
            return
        if self._level is None or self._ring is None:
            self._level = _curve(self._box, 5)
            self._ring = pg.ScatterPlotItem(size=7, symbol="o", brush=None, antialias=True)
            self._box.addItem(self._ring, ignoreBounds=True)
            self.dress()
        x, y = float(run.x[-1]), float(run.y[-1])
        _set(self._level, Run(np.array([x, float(view.width_px)]), np.array([y, y])), view)
        self._ring.setData([float(view.seconds_at(x))], [y])
        self._level.setVisible(True)
        self._ring.setVisible(True)


def _same(one: Track, other: Track) -> bool:
    return one is other or (
        len(one.at_ns) == len(other.at_ns) and one.has_columns == other.has_columns
        and np.array_equal(one.at_ns, other.at_ns) and np.array_equal(one.value, other.value, equal_nan=True)
        and (one.high is None or np.array_equal(one.high, other.high, equal_nan=True))
        and (one.low is None or np.array_equal(one.low, other.low, equal_nan=True))
    )


def joined_pairs(lone: list[Run]) -> Run:
    """Lone readings as strokes one dot long, two corners each."""
    if not lone:
        return NOTHING
    x, y = np.concatenate([run.x for run in lone]), np.concatenate([run.y for run in lone])
    half = DOT_PX / 2
    return Run(np.stack((x - half, x + half), axis=1).ravel(), np.repeat(y, 2))


def _set(curve: Trace, run: Run, view: View) -> None:
    """Give a curve its data; one that is empty and stays so is left alone."""
    if not len(run.x):
        if curve.isVisible():
            curve.setVisible(False)
        return
    curve.setData(view.seconds_at(run.x), run.y, skipFiniteCheck=bool(np.isfinite(run.y).all()))
    if not curve.isVisible():
        curve.setVisible(True)
