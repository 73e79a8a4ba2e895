"""One band as a widget: prepares what is to be drawn at most twice a second and hands it to its plot."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QRect, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from console.language import Catalogue
from widgets.charts import painting
from widgets.charts.content import (
    Band,
    Reading,
    active_limits,
    last_reading,
    reading_of_column,
    spoken,
    value_scale,
)
from widgets.charts.frame import PAD, ROW_H, Frame, frame_for
from widgets.charts.marks import AlarmMark, AlarmMarks
from widgets.charts.scale import Scale
from widgets.charts.series import F64, I64, Run, runs
from widgets.charts.sources import Sources
from widgets.charts.track import Track, at_moment, extent
from widgets.charts.view import View
from widgets.kit.moments import Moments
from widgets.kit.tokens import Tokens

if TYPE_CHECKING:
    from console.desk.board import Board
    from widgets.charts.plot import BandPlot

PLOT_NS = 1_000_000_000
LATEST_NS = 30_000_000_000
ROWS = 120
"""A plot has about so many rows of pixels."""
LEFT = Qt.MouseButton.LeftButton
PULL_PX = 4
PAN_SHARE, ZOOM_STEP = 0.1, 1.3
KEYS = {
    Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_PageUp: -60, Qt.Key.Key_PageDown: 60,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Prepared:
    """A band worked out for one moment and one width. `scales` by unit; the others by line.

    `tops` and `bottoms` are the runs of the greatest and least values where there are columns of history,
    else
    those of the readings; `under` are those of the day laid under.
    """

    scales: dict[str, Scale]
    tracks: tuple[Track, ...]
    runs: tuple[list[Run], ...]
    tops: tuple[list[Run], ...]
    bottoms: tuple[list[Run], ...]
    under: tuple[list[Run], ...]
    readings: tuple[Reading, ...]
    at_cursor: tuple[Reading, ...]
    active: frozenset[str]
    """Ids of the limits that a value which holds is beyond, and beyond no worse one."""
    ranges: tuple[tuple[float, float], ...]
    """Least and greatest of the shown time, NaN where there is nothing."""
    marks: tuple[AlarmMark, ...]


class BandWidget(QWidget):
    """Title, plot and last values of one band. Focusable: Left and Right move the cursor, Page keys
    by a minute's worth, Escape ends it.

    Signals:
        cursor_wanted: the shared cursor was moved by key or mouse; all bands repaint.
        cursor_put: it was put there by key or click: others look at that moment too.
        panned(object): the time was pulled by so many ns (an int).
        zoomed(float, object): show so many times as long, this moment (an int of ns) staying where it is.
    """

    cursor_wanted = Signal()
    cursor_put = Signal()
    panned = Signal(object)
    zoomed = Signal(float, object)

    def __init__(
        self, band: Band, board: Board, view: View, sources: Sources, marks: AlarmMarks,
        catalogue: Catalogue, tokens: Tokens, moments: Moments, parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self.band, self.board, self.view, self.sources, self.marks = band, board, view, sources, marks
        self.catalogue, self.tokens, self.moments = catalogue, tokens, moments
        self.prepared: Prepared | None = None
        self.plot: BandPlot | None = None
        self.plot_due = True
        """Draw the plot anew at the next look at the board, whatever has changed."""
        self._plotted: tuple[object, ...] = ()
        self._pulled_at: float | None = None
        self._pulled = False
        self._plotted_ns = 0
        self.broken = False
        """There will be no plot: what draws it could not be loaded."""
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(ROW_H * 2 + 8)
        tokens.changed.connect(self._dress)

    def sizeHint(self) -> QSize:
        return QSize(900, max(3, len(self.band.lines)) * ROW_H + 12)

    def plot_rect(self) -> QRect:
        """Where the lines are drawn."""
        return self._frame().plot

    def take_plot(self, plot: BandPlot) -> None:
        """Show this plot (a child of this band) from now on."""
        self.plot = plot
        self.place()
        plot.show()
        if self.prepared is not None:
            self._draw(self.prepared)
        self.update()

    def prepare(self) -> None:
        """Look at board and history and work out what to draw; what changed is drawn anew."""
        window, now_ns, lines = self.view.window, self.board.clock.now_ns(), self.band.lines
        tracks = tuple(self.sources.track(line) for line in lines)
        under = tuple(self.sources.under(line) for line in lines)
        extents = tuple(
            _with(extent(track), extent(other)) for track, other in zip(tracks, under, strict=True)
        )
        readings = tuple(last_reading(self.board, line, now_ns) for line in lines)
        shaped = tuple(runs(one.at_ns, one.value, window, one.silent_ns) for one in tracks)
        self._show(Prepared(
            scales={
                unit: value_scale(self.band, unit, extents, window.since_ns) for unit in self.band.units
            },
            tracks=tracks, runs=shaped,
            tops=tuple(
                found if track.high is None else runs(track.at_ns, track.high, window, track.silent_ns)
                for track, found in zip(tracks, shaped, strict=True)
            ),
            bottoms=tuple(
                found if track.low is None else runs(track.at_ns, track.low, window, track.silent_ns)
                for track, found in zip(tracks, shaped, strict=True)
            ),
            under=tuple(runs(one.at_ns, one.value, window, one.silent_ns) for one in under),
            readings=readings,
            at_cursor=self._at_cursor(tracks),
            active=active_limits(self.band, readings) if self.view.live else frozenset(),
            ranges=tuple(_range(one, window.since_ns, window.until_ns) for one in tracks),
            marks=tuple(self.marks.between(
                window.since_ns, window.until_ns, frozenset(line.point.index for line in lines)
            )),
        ))  # fmt: skip

    def look_at_cursor(self) -> None:
        """The cursor moved: work out its readings only."""
        if self.prepared is not None:
            self._show(replace(self.prepared, at_cursor=self._at_cursor(self.prepared.tracks)))

    def summary(self) -> str:
        """What the band says now, in a sentence."""
        if self.prepared is None:
            return ""
        return spoken(self.band, list(self.prepared.readings), self.catalogue, self.moments)

    def under_words(self) -> str:
        """What the dotted line is; empty while nothing is laid under."""
        if not self.view.compare:
            return ""
        return self.catalogue.say(f"charts.compare.{self.view.compare}")

    def _show(self, prepared: Prepared) -> None:
        old, self.prepared = self.prepared, prepared
        if old is None or _said(old) != _said(prepared):
            self.update(self._frame().readings.adjusted(0, 0, PAD, 0))
        if self.plot is None:
            return
        if old is not None and old.runs is prepared.runs:
            self.plot.show_cursor()
        elif self.plot_due or self._plotted != self._plotting(prepared) or self._is_old():
            self._draw(prepared)
        self.plot.look_at_words()

    def _draw(self, prepared: Prepared) -> None:
        if self.plot is not None:
            self.plot.take(prepared)
            self.plot_due = False
            self._plotted, self._plotted_ns = self._plotting(prepared), self.board.clock.mono_ns()

    def _plotting(self, prepared: Prepared) -> tuple[object, ...]:
        """What must be seen in the plot at once. A new value that changes none of it is drawn with the next
        column of pixels or after a second; until then it stands beside the plot in figures. Where a column
        is longer than that, one that becomes higher or lower by a row of pixels is drawn at once.
        """
        holds = tuple(now.holds for now in prepared.readings)
        edges = self._edges(prepared) if self._column_ns() > PLOT_NS else ()
        under = tuple((len(one), float(one[0].x[0]) if one else 0.0) for one in prepared.under)
        return self.view.window, prepared.active, holds, edges, prepared.marks, under

    def _edges(self, prepared: Prepared) -> tuple[object, ...]:
        """The newest column of each line, in rows of pixels; and where lines begin, which more history
        moves."""
        found: list[object] = []
        for line, track, tops, bottoms in zip(
            self.band.lines, prepared.tracks, prepared.tops, prepared.bottoms, strict=True
        ):
            scale = prepared.scales[line.point.unit]
            high = float(tops[-1].y[-2:].max()) if tops else 0.0
            low = float(bottoms[-1].y[-2:].min()) if bottoms else 0.0
            found += [round(scale.y(high, ROWS)), round(scale.y(low, ROWS)), track.has_columns, len(tops)]
            found.append(int(track.at_ns[0]) if len(track.at_ns) else 0)
        return tuple(found)

    def _column_ns(self) -> int:
        window = self.view.window
        return window.span_ns // window.width_px

    def _is_old(self) -> bool:
        since_ns = self.board.clock.mono_ns() - self._plotted_ns
        return since_ns >= min(max(PLOT_NS, self._column_ns()), LATEST_NS)

    def _at_cursor(self, tracks: tuple[Track, ...]) -> tuple[Reading, ...]:
        cursor_ns = self.view.cursor_ns
        if cursor_ns is None or not self.view.holds(cursor_ns):
            return ()
        return tuple(
            reading_of_column(line, *at_moment(track, cursor_ns))
            for line, track in zip(self.band.lines, tracks, strict=True)
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painting.paint_band(painter, self, event.rect())
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.plot_due = True
        self.prepared = None  # the columns of the old width are of no use
        self.place()

    def retext(self) -> None:
        """The language changed."""
        self.update()
        if self.plot is not None:
            self.plot.look_at_words()

    @Slot()
    def _dress(self) -> None:
        if self.plot is not None:
            self.plot.dress()
        self.update()

    def _frame(self) -> Frame:
        return frame_for(self.width(), self.height(), self.view.second_axis)

    def place(self) -> None:
        """Put the plot where it belongs."""
        if self.plot is not None:
            self.plot.place(self._frame())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        control = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if event.key() in KEYS and not control:
            columns = KEYS[Qt.Key(event.key())]
            self.view.move_cursor(
                columns * (10 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1)
            )
        elif event.key() in (Qt.Key.Key_Home, Qt.Key.Key_End) and not control:
            self.view.put_cursor(0 if event.key() == Qt.Key.Key_Home else self.view.width_px)
        elif event.key() == Qt.Key.Key_Escape and self.view.cursor_ns is not None:
            self.view.cursor_ns = None
        else:
            super().keyPressEvent(event)
            return
        self.cursor_wanted.emit()
        self.cursor_put.emit()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        plot = self.plot_rect()
        inside = plot.contains(event.position().toPoint())
        self._pulled_at = event.position().x() if inside and event.button() == LEFT else None
        self._pulled = False
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        plot, x = self.plot_rect(), event.position().x()
        if self._pulled_at is not None and (self._pulled or abs(x - self._pulled_at) >= PULL_PX):
            self._pulled = True
            self.panned.emit(int((self._pulled_at - x) * self._column_ns()))
            self._pulled_at = x
        elif plot.contains(event.position().toPoint()):
            self.view.put_cursor(x - plot.left())
            self.cursor_wanted.emit()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._pulled_at is not None and not self._pulled:
            self.view.put_cursor(event.position().x() - self.plot_rect().left())
            self.cursor_wanted.emit()
            self.cursor_put.emit()
        self._pulled_at = None

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Up shows less time around the pointer, down more; with Shift, or sideways, earlier and later."""
        turned, shift = event.angleDelta(), event.modifiers() & Qt.KeyboardModifier.ShiftModifier
        window, steps = self.view.window, turned.y() / 120
        if turned.x() or shift:
            self.panned.emit(int(-(turned.x() / 120 or steps) * window.span_ns * PAN_SHARE))
        elif steps:
            x = min(max(event.position().x() - self.plot_rect().left(), 0), window.width_px)
            self.zoomed.emit(ZOOM_STEP**-steps, window.at_ns(x))
        event.accept()

    def leaveEvent(self, event: object) -> None:
        if self.view.cursor_ns is not None and not self.hasFocus():
            self.view.cursor_ns = None
            self.cursor_wanted.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if self.view.cursor_ns is not None:
            self.view.cursor_ns = None
            self.cursor_wanted.emit()
        self.update()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()


def _said(prepared: Prepared) -> str:
    """What the readings' part of a band says, to be compared: NaN equals NaN here."""
    return repr((prepared.at_cursor, prepared.readings, prepared.ranges))


def _with(series: tuple[I64, F64], other: tuple[I64, F64]) -> tuple[I64, F64]:
    """Both as one, in the order of time."""
    if not len(other[0]):
        return series
    at, value = np.concatenate([series[0], other[0]]), np.concatenate([series[1], other[1]])
    order = np.argsort(at, kind="stable")
    return at[order], value[order]


def _range(track: Track, since_ns: int, until_ns: int) -> tuple[float, float]:
    """Least and greatest of what is shown."""
    inside = (track.at_ns >= since_ns) & (track.at_ns <= until_ns)
    low = track.value if track.low is None else track.low
    high = track.value if track.high is None else track.high
    low, high = low[inside], high[inside]
    low, high = low[np.isfinite(low)], high[np.isfinite(high)]
    return (float(low.min()), float(high.max())) if len(low) else (float("nan"), float("nan"))
