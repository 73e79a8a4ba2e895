"""One band as a widget: prepares what is to be drawn at most twice a second and hands it to its plot."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QSize, Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from console.language import Catalogue
from widgets.charts import painting
from widgets.charts.content import (
    Band,
    Reading,
    active_limits,
    last_reading,
    reading,
    spoken,
    value_scale,
)
from widgets.charts.frame import PAD, ROW_H, Frame, frame_for
from widgets.charts.scale import Scale
from widgets.charts.series import F64, I64, Run, runs, value_at
from widgets.charts.view import View
from widgets.kit.moments import Moments
from widgets.kit.tokens import Tokens

if TYPE_CHECKING:
    from console.desk.board import Board
    from widgets.charts.plot import BandPlot

PLOT_NS = 1_000_000_000
KEYS = {
    Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_PageUp: -60, Qt.Key.Key_PageDown: 60,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Prepared:
    """A band worked out for one moment and one width. `scales` by unit; `series`, `runs` and readings by
    line.
    """

    scales: dict[str, Scale]
    series: tuple[tuple[I64, F64], ...]
    runs: tuple[list[Run], ...]
    readings: tuple[Reading, ...]
    at_cursor: tuple[Reading, ...]
    active: frozenset[str]
    """Ids of the limits that a value which holds is beyond, and beyond no worse one."""


class BandWidget(QWidget):
    """Title, plot and last values of one band. Focusable: Left and Right move the cursor, Page keys
    by a minute's worth, Escape ends it.

    Signals:
        cursor_wanted: the shared cursor was moved by key or mouse; all bands repaint.
    """

    cursor_wanted = Signal()

    def __init__(
        self, band: Band, board: Board, view: View, catalogue: Catalogue, tokens: Tokens, moments: Moments,
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self.band, self.board, self.view = band, board, view
        self.catalogue, self.tokens, self.moments = catalogue, tokens, moments
        self.prepared: Prepared | None = None
        self.plot: BandPlot | None = None
        self.plot_due = True
        """Draw the plot anew at the next look at the board, whatever has changed."""
        self._plotted: tuple[object, ...] = ()
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
        self._place()
        plot.show()
        if self.prepared is not None:
            self._draw(self.prepared)
        self.update()

    def prepare(self) -> None:
        """Look at the board and work out what to draw; what changed is drawn anew."""
        window, now_ns = self.view.window, self.board.clock.now_ns()
        # The reading before the window is needed too: the line enters from the left edge.
        since_ns = window.since_ns - max((line.silent_ns for line in self.band.lines), default=0)
        series = tuple(self.board.series(line.point.index, since_ns) for line in self.band.lines)
        readings = tuple(last_reading(self.board, line, now_ns) for line in self.band.lines)
        self._show(Prepared(
            scales={unit: value_scale(self.band, unit, series, window.since_ns) for unit in self.band.units},
            series=series,
            runs=tuple(
                runs(at, value, window, line.silent_ns)
                for line, (at, value) in zip(self.band.lines, series, strict=True)
            ),
            readings=readings,
            at_cursor=self._at_cursor(series),
            active=active_limits(self.band, readings),
        ))  # fmt: skip

    def look_at_cursor(self) -> None:
        """The cursor moved: work out its readings only."""
        if self.prepared is not None:
            self._show(replace(self.prepared, at_cursor=self._at_cursor(self.prepared.series)))

    def summary(self) -> str:
        """What the band says now, in a sentence."""
        if self.prepared is None:
            return ""
        return spoken(self.band, list(self.prepared.readings), self.catalogue, self.moments)

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
        column of pixels or after a second; until then it stands beside the plot in figures.
        """
        return self.view.window, prepared.active, tuple(now.holds for now in prepared.readings)

    def _is_old(self) -> bool:
        return self.board.clock.mono_ns() - self._plotted_ns >= PLOT_NS

    def _at_cursor(self, series: tuple[tuple[I64, F64], ...]) -> tuple[Reading, ...]:
        cursor_ns = self.view.cursor_ns
        if cursor_ns is None:
            return ()
        values = (
            value_at(at, value, cursor_ns, line.silent_ns)
            for line, (at, value) in zip(self.band.lines, series, strict=True)
        )
        return tuple(
            reading(line, value, 0 if value == value else None)
            for line, value in zip(self.band.lines, values, strict=True)
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painting.paint_band(painter, self, event.rect())
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.plot_due = True
        self.prepared = None  # the columns of the old width are of no use
        self._place()

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

    def _place(self) -> None:
        if self.plot is not None:
            self.plot.place(self._frame())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in KEYS:
            columns = KEYS[Qt.Key(event.key())]
            self.view.move_cursor(
                columns * (10 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1)
            )
        elif event.key() in (Qt.Key.Key_Home, Qt.Key.Key_End):
            self.view.put_cursor(0 if event.key() == Qt.Key.Key_Home else self.view.width_px)
        elif event.key() == Qt.Key.Key_Escape and self.view.cursor_ns is not None:
            self.view.cursor_ns = None
        else:
            super().keyPressEvent(event)
            return
        self.cursor_wanted.emit()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        plot = self.plot_rect()
        if plot.contains(event.position().toPoint()):
            self.view.put_cursor(event.position().x() - plot.left())
            self.cursor_wanted.emit()

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
    return repr((prepared.at_cursor, prepared.readings))
