"""The chart area: all bands of a desk over one time axis, redrawn a band at a time and at most twice a
second.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from console.language import Catalogue
from widgets.charts.arrangement import Arrangement
from widgets.charts.band import BandWidget
from widgets.charts.content import Band
from widgets.charts.loading import DrawingLoader
from widgets.charts.marks import AlarmMarks
from widgets.charts.sources import History, Sources
from widgets.charts.timeaxis import TimeAxis
from widgets.charts.view import View
from widgets.kit.actions import Actions
from widgets.kit.moments import Moments
from widgets.kit.pulse import Pulse
from widgets.kit.texts import follow
from widgets.kit.tokens import Tokens

if TYPE_CHECKING:
    from console.desk.board import Board
    from console.desk.port import DeskPort

REDRAW_NS = 500_000_000
SPEAK_NS = 5_000_000_000


class ChartBands(QWidget):
    """Series of the arrangement's bands, at first those of the desk's profile. Pulls from the board and from
    history.

    Signals:
        changed: another time or other bands are shown, or more of them has been read.
        put(object): the cursor was put at a moment (an int of ns, or None) by hand.

    One band is worked out and painted a tick, so that no tick carries the work of all. What draws the plots
    is loaded from the first tick on; until it is there the bands show their values and say that they wait.
    """

    changed = Signal()
    put = Signal(object)

    def __init__(
        self, board: Board, pulse: Pulse, catalogue: Catalogue, tokens: Tokens, moments: Moments,
        parent: QWidget | None = None, *, history: History | None = None, port: DeskPort | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._board, self._catalogue, self._tokens, self._moments = board, catalogue, tokens, moments
        now_ns = board.clock.now_ns()
        self.view = View(until_ns=now_ns, origin_ns=now_ns)
        self.sources = Sources(board, self.view, moments, history)
        self.marks = AlarmMarks(board, port)
        self.arrangement = Arrangement(board.profile, board.desk)
        self.bands: list[BandWidget] = []
        self.axis = TimeAxis(self.view, catalogue, tokens, moments, self)
        self._bands_box = QVBoxLayout()
        self._bands_box.setSpacing(0)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(self._bands_box, 1)
        layout.addWidget(self.axis)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._loader = DrawingLoader()
        self._charted = frozenset(charted_points(board))
        self._bare: list[BandWidget] = []
        """Bands whose plot is still to be made."""
        self._due: list[BandWidget] = []
        self._version = (-1, -1)
        self.rearrange()
        self._drawn_ns = self._spoken_ns = -REDRAW_NS
        self._news = True
        pulse.telemetry_changed.connect(self._told)
        pulse.health_changed.connect(self._told)
        pulse.second_passed.connect(self._told)
        pulse.ticked.connect(self._tick)
        pulse.looked_up.connect(self.looked_up)
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

    def rearrange(self) -> None:
        """Show the bands of the arrangement; those that stay keep their plots."""
        kept = {band.band: band for band in self.bands}
        made: list[BandWidget] = []
        for band in self.arrangement.made():
            made.append(kept.pop(band) if band in kept else self._made(band))
        had_focus = any(band.hasFocus() for band in kept.values())
        for gone in kept.values():
            self._bands_box.removeWidget(gone)
            gone.hide()
            gone.deleteLater()
        for band in made:
            self._bands_box.removeWidget(band)
            self._bands_box.addWidget(band, 1)
        self.bands = made
        self._bare = [band for band in made if band.plot is None and not band.broken]
        self._due = [band for band in self._due if band in made]
        self.view.second_axis = any(len(band.band.units) > 1 for band in made)
        for band in made:
            band.plot_due, band.prepared = True, None
            band.place()
        self.axis.setVisible(bool(made))
        self.axis.place()
        self.sources.show([line for band in made for line in band.band.lines], self._charted)
        self._drawn_ns, self._news = -REDRAW_NS, True
        if had_focus and made:
            made[0].setFocus(Qt.FocusReason.OtherFocusReason)
        self.changed.emit()

    def _made(self, band: Band) -> BandWidget:
        made = BandWidget(
            band, self._board, self.view, self.sources, self.marks, self._catalogue, self._tokens,
            self._moments, self,
        )  # fmt: skip
        made.setAccessibleName(self._catalogue.words(band.title))
        made.cursor_wanted.connect(self._cursor_moved)
        made.cursor_put.connect(self._cursor_put)
        made.panned.connect(self.pan)
        made.zoomed.connect(self.zoom)
        made.show()
        return made

    @property
    def focused(self) -> int | None:
        """The number of the band with the keyboard."""
        return next((place for place, band in enumerate(self.bands) if band.hasFocus()), None)

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
        self.sources.hear()

    @Slot(object)
    def pan(self, by_ns: int) -> None:
        """Move in time."""
        self.view.pan(by_ns, self._board.clock.now_ns())
        self.time_changed()

    @Slot(float, object)
    def zoom(self, factor: float, at_ns: int) -> None:
        """Show so many times as long, a moment staying where it is."""
        self.view.zoom(factor, at_ns, self._board.clock.now_ns())
        self.time_changed()

    def time_changed(self) -> None:
        """Another time is shown: drawn band by band from the next tick on."""
        self.axis.retext()
        self._drawn_ns, self._news = -REDRAW_NS, True
        self.changed.emit()

    @Slot(object)
    def looked_up(self, query_ids: tuple[str, ...]) -> None:
        """Pages of the record came."""
        self.marks.looked_up(query_ids)

    @Slot()
    def _tick(self) -> None:
        if not self.isVisible():
            self._due.clear()
            return
        if self._bare:
            self._make_next()
        self.marks.tick()
        version = (self.sources.history.version, self.marks.version)
        if version != self._version:
            self._version = version
            self._drawn_ns, self._news = -REDRAW_NS, True
            for band in self.bands:
                band.plot_due = True
            self.changed.emit()
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
        self.sources.ask()
        self.marks.want(self.view.window.since_ns, self.view.window.until_ns)
        self._due = [band for band in self.bands if band.isVisible() or not self.isVisible()]
        self.axis.take()

    def _next(self) -> None:
        self._due.pop(0).prepare()

    @Slot()
    def _cursor_moved(self) -> None:
        for band in self.bands:
            band.look_at_cursor()
        self.axis.take()

    @Slot()
    def _cursor_put(self) -> None:
        self.put.emit(self.view.cursor_ns)

    @Slot(object)
    def show_moment(self, at_ns: int | None) -> None:
        """Put the cursor at a moment that is looked at elsewhere. A live view shows it where it can; one that
        looks back goes there."""
        if at_ns is None:
            self.view.cursor_ns = None
        elif self.view.holds(at_ns):
            self.view.cursor_ns = at_ns
        elif not self.view.live:
            half = self.view.window.span_ns // 2
            self.view.show(at_ns - half, at_ns + half, self._board.clock.now_ns())
            self.view.cursor_ns = at_ns
            self.time_changed()
        else:
            return
        self._cursor_moved()

    @Slot()
    def _longer(self) -> None:
        if self.view.longer():
            self._stepped()

    @Slot()
    def _shorter(self) -> None:
        if self.view.shorter():
            self._stepped()

    def _stepped(self) -> None:
        if not self.view.live:
            self.view.pan(0, self._board.clock.now_ns())
        self.axis.retext()
        self.redraw()
        self.changed.emit()

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


def charted_points(board: Board) -> tuple[int, ...]:
    """Points the board keeps a ring of: those of the desk's own charts."""
    desk = board.profile.desks.get(board.desk)
    if desk is None:
        return tuple(board.profile.trend_points)
    known = board.profile.point_by_id
    return tuple(
        sorted({known[one].index for band in desk.charts for one in band.point_ids if one in known})
    )
