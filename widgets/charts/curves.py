"""What one line of a band puts into its plot: the curve, lone readings, abnormal parts, the last level."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QRectF

from widgets.charts.content import Line
from widgets.charts.series import F64, I64, Run, beyond, joined
from widgets.charts.strokes import ink_of, pen, stroke
from widgets.charts.view import View
from widgets.kit.tokens import Tokens

DOT_PX = 3
LEVEL_DASHES = (1.0, 5.0)
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
        self._abnormal: dict[str, Trace] = {}
        self._level: Trace | None = None
        self._ring: pg.ScatterPlotItem | None = None
        self._drawn: tuple[I64, F64, int, int] | None = None
        self.dress()

    def dress(self) -> None:
        """Take pens from the theme in force."""
        tokens = self._tokens
        self._curve.setPen(stroke(tokens, self._index))
        self._dots.setPen(pen(ink_of(tokens, self._index), DOT_PX))
        for limit in self._line.limits:
            if limit.id in self._abnormal:
                self._abnormal[limit.id].setPen(pen(tokens.priority_mark(limit.priority), 2))
        if self._level is not None and self._ring is not None:
            self._level.setPen(pen(tokens.ink("dim"), dashes=LEVEL_DASHES))
            self._ring.setPen(pen(tokens.ink("dim")))

    def take(self, found: list[Run], series: tuple[I64, F64], view: View) -> None:
        """Show these stretches of the series (pixels of the view's window as it is now)."""
        window, (at_ns, value) = view.window, series
        if self._drawn is not None and self._drawn[2:] == (window.span_ns, window.width_px):
            same = np.array_equal(at_ns, self._drawn[0])
            if same and np.array_equal(value, self._drawn[1], equal_nan=True):
                return
        self._drawn = (at_ns, value, window.span_ns, window.width_px)
        lone = [run for run in found if len(run.x) == 1]
        _set(self._curve, joined([run for run in found if len(run.x) > 1]), view)
        # A lone reading between two gaps is a dot, not nothing.
        _set(self._dots, joined_pairs(lone), view)
        for rank, limit in enumerate(sorted(self._line.limits, key=lambda one: -one.priority)):
            # The line again in the limit's colour, only on the abnormal side of it; the most urgent last.
            wide = [run if len(run.x) > 1 else joined_pairs([run]) for run in found]
            parts = [part for run in wide if (part := beyond(run, limit.set_at, limit.above)) is not None]
            if parts and limit.id not in self._abnormal:
                made = self._abnormal[limit.id] = _curve(self._box, 20 + 4 * self._index + rank)
                made.setPen(pen(self._tokens.priority_mark(limit.priority), 2))
            if limit.id in self._abnormal:
                _set(self._abnormal[limit.id], joined(parts), view)

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
