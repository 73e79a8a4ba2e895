"""The chart area: all bands of a desk over one time axis, redrawn a band at a time and at most twice a
second.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from console.language import Catalogue
from widgets.charts.band import BandWidget
from widgets.charts.content import bands_of
from widgets.charts.loading import DrawingLoader
from widgets.charts.timeaxis import TimeAxis
from widgets.charts.view import View
from widgets.kit.actions import Actions
from widgets.kit.moments import Moments
from widgets.kit.pulse import Pulse
from widgets.kit.texts import follow
from widgets.kit.tokens import Tokens

if TYPE_CHECKING:
    from console.desk.board import Board

REDRAW_NS = 500_000_000
SPEAK_NS = 5_000_000_000


class ChartBands(QWidget):
    """Live series of `board.profile.desks[board.desk].charts`. Pulls from the board; holds no values of its
    own.

    One band is worked out and painted a tick, so that no tick carries the work of all. What draws the plots
    is loaded from the first tick on; until it is there the bands show their values and say that they wait.
    """

    def __init__(
        self, board: Board, pulse: Pulse, catalogue: Catalogue, tokens: Tokens, moments: Moments,
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._board, self._catalogue, self._tokens, self._moments = board, catalogue, tokens, moments
        now_ns = board.clock.now_ns()
        self.view = View(until_ns=now_ns, origin_ns=now_ns)
        self.bands = [
            BandWidget(band, board, self.view, catalogue, tokens, moments, self)
            for band in bands_of(board.profile, board.desk)
        ]
        self.view.second_axis = any(len(band.band.units) > 1 for band in self.bands)
        self.axis = TimeAxis(self.view, catalogue, tokens, moments, self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        for band in self.bands:
            layout.addWidget(band, 1)
            band.cursor_wanted.connect(self._cursor_moved)
        layout.addWidget(self.axis)
        self.axis.setVisible(bool(self.bands))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._loader = DrawingLoader()
        self._bare = list(self.bands)
        """Bands whose plot is still to be made."""
        self._due: list[BandWidget] = []
        self._drawn_ns = self._spoken_ns = -REDRAW_NS
        self._news = True
        pulse.telemetry_changed.connect(self._told)
        pulse.health_changed.connect(self._told)
        pulse.second_passed.connect(self._told)
        pulse.ticked.connect(self._tick)
        follow(catalogue, self._retext)

    def add_acts(self, actions: Actions, owner: QWidget) -> None:
        """Add the acts of the chart area; their keys work while `owner` is visible."""
        actions.add(
            "charts.longer", "charts.act.longer", "]", self._longer, owner=owner, group="charts.group"
        )
        actions.add(
            "charts.shorter", "charts.act.shorter", "[", self._shorter, owner=owner, group="charts.group"
        )
        actions.add("charts.focus", "charts.act.focus", "G", self._focus, owner=owner, group="charts.group")

    @property
    def ready(self) -> bool:
        """Whether every band has its plot."""
        return not self._bare

    def redraw(self) -> None:
        """Work out and paint everything at once, as the ticks would do one after another."""
        for band in self.bands:
            band.plot_due = True
        self._begin()
        while self._due:
            self._next()

    @Slot()
    def _told(self) -> None:
        self._news = True

    @Slot()
    def _tick(self) -> None:
        if not self.isVisible():
            self._due.clear()
            return
        if self._bare:
            self._make_next()
        if self._due:
            self._next()
            return
        mono_ns = self._board.clock.mono_ns()
        if self._news and mono_ns - self._drawn_ns >= REDRAW_NS:
            self._drawn_ns = mono_ns
            self._begin()
        if mono_ns - self._spoken_ns >= SPEAK_NS:
            self._spoken_ns = mono_ns
            for band in self.bands:
                band.setAccessibleDescription(band.summary())

    def _make_next(self) -> None:
        """One plot a tick, once what draws them is loaded."""
        modules = self._loader.look()
        if self._loader.failed:
            for band in self._bare:
                band.broken = True
                band.update()
            self._bare.clear()
        elif modules:
            plot, clock = modules
            if self.axis.strip is None:
                self.axis.take_strip(clock.ClockStrip(self.axis))
            band = self._bare.pop(0)
            band.take_plot(plot.BandPlot(band))

    def _begin(self) -> None:
        self._news = False
        if self.bands:
            self.view.width_px = self.bands[0].plot_rect().width()
        self.view.follow(self._board.clock.now_ns())
        self._due = [band for band in self.bands if band.isVisible() or not self.isVisible()]
        self.axis.take()

    def _next(self) -> None:
        self._due.pop(0).prepare()

    @Slot()
    def _cursor_moved(self) -> None:
        for band in self.bands:
            band.look_at_cursor()
        self.axis.take()

    @Slot(object)
    def show_moment(self, at_ns: int) -> None:
        """Put the cursor at a moment that is looked at elsewhere (replay); not where it is not shown."""
        window = self.view.window
        if window.since_ns <= at_ns <= window.until_ns:
            self.view.cursor_ns = at_ns
            self._cursor_moved()

    @Slot()
    def _longer(self) -> None:
        if self.view.longer():
            self.axis.retext()
            self.redraw()

    @Slot()
    def _shorter(self) -> None:
        if self.view.shorter():
            self.axis.retext()
            self.redraw()

    @Slot()
    def _focus(self) -> None:
        if self.bands:
            self.bands[0].setFocus(Qt.FocusReason.ShortcutFocusReason)

    @Slot()
    def _retext(self) -> None:
        self.setAccessibleName(self._catalogue.say("charts.name"))
        for band in self.bands:
            band.setAccessibleName(self._catalogue.words(band.band.title))
            band.setAccessibleDescription(band.summary())
            band.retext()
        self.axis.retext()

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self.bands:
            painter = QPainter(self)
            painter.fillRect(self.rect(), self._tokens.ground("bg1"))
            painter.setPen(self._tokens.ink("dim"))
            painter.drawText(
                self.rect(), int(Qt.AlignmentFlag.AlignCenter), self._catalogue.say("charts.none")
            )
            painter.end()
