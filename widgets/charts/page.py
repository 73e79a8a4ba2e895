"""The page of the charts: a line that says what is shown and how to change it, over the bands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QBuffer, QIODevice, Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from widgets.charts.arrangement import kept_text, read_pinned
from widgets.charts.bands import ChartBands
from widgets.charts.dashboards import bands_for
from widgets.charts.keeping import PinnedFile
from widgets.charts.leaving import Shown, csv_pieces
from widgets.charts.pointchooser import PointChooser
from widgets.charts.view import COMPARES, View
from widgets.kit.actions import Act, Actions
from widgets.kit.choosing import Choice, Chooser
from widgets.kit.exportstrip import ExportStrip
from widgets.kit.labels import ElidedLabel, style
from widgets.kit.moments import Moments
from widgets.kit.pulse import Pulse
from widgets.kit.sharedclock import SharedClock
from widgets.kit.texts import Texts, follow
from widgets.kit.timefield import TimeField
from widgets.kit.tokens import Tokens

if TYPE_CHECKING:
    from console.desk.board import Board
    from console.desk.port import DeskPort

GROUP = "charts.group"
NAME = "charts"
HALF = 0.5
SECONDS_NS = 3600 * 1_000_000_000
"""A shorter time is told with its seconds."""
HEAD_PX = 26
#: Act, key, whether it repeats while the key is held; all while something of the page has the keyboard.
ACTS = (
    ("live", "Ctrl+Home", False), ("back", "Ctrl+Left", True), ("forward", "Ctrl+Right", True),
    ("goto", "Ctrl+G", False), ("compare", "Ctrl+U", False), ("add", "Ins", False),
    ("add_here", "Shift+Ins", False), ("remove", "Del", False), ("split", "Ctrl+J", False),
    ("pin", "Ctrl+Shift+F", False), ("restore", "Ctrl+Shift+R", False), ("csv", "Ctrl+Shift+C", False),
    ("png", "Ctrl+Shift+G", False), ("dashboard", "Ctrl+Shift+B", False),
)  # fmt: skip
BUTTONS = ("live", "back", "forward", "goto", "compare", "add", "split", "pin", "restore", "csv", "png")
#: Which of them stay where there is little room, the most needed first.
FIRST = ("live", "back", "forward", "compare", "add", "goto", "csv", "png", "pin", "restore", "split")
WORDS_PX = 220


class ChartPage(QWidget):
    """Owns its bands. UI thread only.

    Signals:
        left: a line that asked for something was closed.
    """

    left = Signal()

    def __init__(
        self, bands: ChartBands, board: Board, pulse: Pulse, port: DeskPort, actions: Actions, tokens: Tokens,
        moments: Moments, pinned: PinnedFile | None = None, clock: SharedClock | None = None,
        folder: Path | None = None, parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self.setObjectName(NAME)
        self.bands, self._board, self._moments, self._actions = bands, board, moments, actions
        self._catalogue, self._pinned, self._clock = moments.catalogue, pinned, clock
        self._pinned_read = pinned is None
        self._texts = Texts(self._catalogue)
        self._into: int | None = None
        for name, key, repeat in ACTS:
            actions.add(
                f"charts.{name}", f"charts.act.{name}", key, getattr(self, f"_{name}"), owner=self,
                group=GROUP, only_focused=True, repeat=repeat,
            )  # fmt: skip
        self.head = QWidget(self)
        self.head.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.head.setFixedHeight(HEAD_PX)
        style(self.head, role="header")
        self.says = ElidedLabel(self.head, size="small")
        row = QHBoxLayout(self.head)
        row.setContentsMargins(tokens.space(2), 0, tokens.space(1), 0)
        row.setSpacing(tokens.space(1))
        row.addWidget(self.says, 1)
        self._buttons = {
            name: _Button(actions.act(f"charts.{name}"), name, self._texts, self.head) for name in BUTTONS
        }
        for button in self._buttons.values():
            row.addWidget(button)
        self.time_field = TimeField(self._texts, tokens, board.clock, board.profile.time_zone, self)
        self.time_field.hide()
        self.strip = ExportStrip(
            NAME, GROUP, board, pulse, port, actions, self._catalogue, tokens,
            folder or Path.home(), self,
        )  # fmt: skip
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        for part in (self.head, self.time_field, self.strip):
            layout.addWidget(part)
        layout.addWidget(bands, 1)
        self.points = PointChooser(board.profile, self._catalogue, tokens, self)
        self.dashboards = Chooser(tokens, self, "dashboard-chooser")
        self._join(pulse)
        self._forget_words = follow(self._catalogue, self._look)

    def _join(self, pulse: Pulse) -> None:
        self.bands.changed.connect(self._look)
        self.bands.put.connect(self._put)
        self.points.chosen.connect(self._chosen)
        self.dashboards.chosen.connect(self.show_dashboard)
        self.time_field.chosen.connect(self._time_chosen)
        self.time_field.left.connect(self._lines_left)
        self.strip.left.connect(self._lines_left)
        pulse.second_passed.connect(self._each_second)
        if self._clock is not None:
            self._clock.moved.connect(self._clock_moved)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """As many buttons as there is room for beside the words, the first named first; keys work anyhow."""
        room = self.width() - WORDS_PX
        for name in FIRST:
            button = self._buttons[name]
            room -= button.sizeHint().width() + self.head.layout().spacing()
            button.setVisible(room >= 0)

    @property
    def view(self) -> View:
        """The stretch of time and the cursor."""
        return self.bands.view

    def add_acts(self, actions: Actions, owner: QWidget) -> None:
        """Add the acts that work everywhere on the desk."""
        self.bands.add_acts(actions, owner)

    def show_points(self, point_ids: Sequence[str], at_ns: int | None = None) -> bool:
        """Show these points (of an alarm, of a device on the map) until others are asked for or the pinned
        ones
        are called back; around a moment where one is told. False where the city has none of them."""
        if not self.bands.arrangement.ask(point_ids):
            return False
        self.bands.rearrange()
        if at_ns is not None:
            half = self.view.window.span_ns // 2
            self.view.show(at_ns - half, at_ns + half, self._board.clock.now_ns())
            self.view.cursor_ns = at_ns
            self.bands.time_changed()
        self._look()
        return True

    @Slot(str)
    def show_dashboard(self, dashboard_id: str) -> bool:
        """Show a dashboard of the city; False for one it has not got, or whose devices it has not got."""
        dashboard = self._board.profile.dashboards.get(dashboard_id)
        bands = bands_for(self._board.profile, self._board.state, dashboard) if dashboard is not None else ()
        if not bands:
            return False
        self.bands.arrangement.show(bands)
        self.bands.rearrange()
        self._look()
        return True

    def release(self) -> None:
        """Before the window goes: ends its threads."""
        self._forget_words()
        self.strip.release()
        self.points.close_finder()
        if self._pinned is not None:
            self._pinned.close()

    # what the acts do

    def _live(self) -> None:
        self.view.go_live()
        self.view.cursor_ns = None
        self.view.follow(self._board.clock.now_ns())
        self.bands.time_changed()
        if self._clock is not None:
            self._clock.put(None, NAME)

    def _back(self) -> None:
        self.bands.pan(-int(self.view.window.span_ns * HALF))

    def _forward(self) -> None:
        self.bands.pan(int(self.view.window.span_ns * HALF))

    def _goto(self) -> None:
        self.time_field.open()

    def _compare(self) -> None:
        place = COMPARES.index(self.view.compare) if self.view.compare in COMPARES else 0
        self.view.compare = COMPARES[(place + 1) % len(COMPARES)]
        self.bands.time_changed()

    def _dashboard(self) -> None:
        say, profile = self._catalogue.say, self._board.profile
        words = self._catalogue.words
        choices = [
            Choice(one.id, number, words(one.name), words(profile.systems[one.system].name))
            for number, one in enumerate(profile.dashboards.values(), 1)
            if one.kind in profile.columns.kinds and len(profile.columns.of_kind(one.kind))
        ]
        self.dashboards.offer(
            say("charts.dashboard.title"), say("charts.dashboard.find"), say("charts.dashboard.hint"), choices
        )

    def _add(self) -> None:
        self._into = None
        self.points.open(self._catalogue.say("charts.find.title"))

    def _add_here(self) -> None:
        focused = self.bands.focused
        self._into = 0 if focused is None else focused
        title = self._catalogue.words(self.bands.bands[self._into].band.title) if self.bands.bands else ""
        self.points.open(self._catalogue.say("charts.find.title_here", band=title))

    def _remove(self) -> None:
        focused = self.bands.focused
        if focused is not None and self.bands.arrangement.remove(focused):
            self.bands.rearrange()

    def _split(self) -> None:
        focused = self.bands.focused
        if self.bands.bands and self.bands.arrangement.split(focused or 0):
            self.bands.rearrange()

    def _pin(self) -> None:
        kept = self.bands.arrangement.pinned(self.view.span_s, self.view.compare)
        if self._pinned is not None:
            self._pinned.put(kept_text(kept))
            self._pinned.text = kept_text(kept)
        if self.bands.arrangement.shows == "asked":
            self.bands.arrangement.shows = "pinned"
        self._look()

    def _restore(self) -> None:
        kept = read_pinned((self._pinned.text or "") if self._pinned is not None else "")
        if self.bands.arrangement.shows == "pinned":
            kept = read_pinned("")  # once more: the profile's
        self.bands.arrangement.restore(kept)
        self.bands.rearrange()
        self._look()

    def _csv(self) -> None:
        window = self.view.window
        self.strip.ask(
            self._words_of_export(), "charts", "csv",
            lambda: csv_pieces(self._shown(), window.since_ns, window.until_ns, self._moments),
        )  # fmt: skip

    def _png(self) -> None:
        picture = self.bands.grab().toImage()  # as it is now: what is asked for is what was seen

        def pieces() -> Iterator[bytes]:
            buffer = QBuffer()
            buffer.open(QIODevice.OpenModeFlag.WriteOnly)
            picture.save(buffer, "PNG")
            yield bytes(buffer.data().data())

        self.strip.ask(self._words_of_export(), "charts", "png", pieces)

    def _shown(self) -> list[Shown]:
        words = self._catalogue.words
        return [
            Shown(line, f"{words(band.band.title)}: {words(line.name)}", self.bands.sources.track(line))
            for band in self.bands.bands for line in band.band.lines
        ]  # fmt: skip

    def _words_of_export(self) -> str:
        window = self.view.window
        points = [line.point.id for band in self.bands.bands for line in band.band.lines]
        told = ", ".join(points[:8]) + (f" +{len(points) - 8}" if len(points) > 8 else "")
        since, until = self._moments.moment(window.since_ns), self._moments.moment(window.until_ns)
        return self._catalogue.say("charts.export.what", points=told, since=since, until=until)

    def _stretch(self, since_ns: int, until_ns: int) -> str:
        """The shown time, no longer than it has to be said."""
        since, until = self._moments.local(since_ns), self._moments.local(until_ns)
        clock = "%H:%M:%S" if until_ns - since_ns < SECONDS_NS else "%H:%M"
        begin = since.strftime(f"%Y-%m-%d {clock}")
        day = "" if since.date() == until.date() else "%m-%d " if since.year == until.year else "%Y-%m-%d "
        return self._catalogue.say("charts.head.past", since=begin, until=until.strftime(f"{day}{clock}"))

    # what others do

    @Slot(str)
    def _chosen(self, point_id: str) -> None:
        if self.bands.arrangement.add(point_id, self._into):
            self.bands.rearrange()
            place = self._into if self._into is not None else len(self.bands.bands) - 1
            self.bands.bands[place].setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot(object)
    def _time_chosen(self, at_ns: int) -> None:
        self._lines_left()
        half = self.view.window.span_ns // 2
        self.view.show(at_ns - half, at_ns + half, self._board.clock.now_ns())
        self.view.cursor_ns = at_ns
        self.bands.time_changed()
        self._put(at_ns)

    @Slot()
    def _lines_left(self) -> None:
        self.time_field.hide()
        if self.bands.bands and self.isAncestorOf(self.window().focusWidget() or self.window()):
            self.bands.bands[0].setFocus(Qt.FocusReason.OtherFocusReason)
        self.left.emit()

    @Slot(object)
    def _put(self, at_ns: int | None) -> None:
        if self._clock is not None:
            self._clock.put(at_ns, NAME)

    @Slot(object, str)
    def _clock_moved(self, at_ns: int | None, by: str) -> None:
        if by != NAME:
            self.bands.show_moment(at_ns)

    @Slot()
    def _each_second(self) -> None:
        if not self._pinned_read and self._pinned is not None and self._pinned.text is not None:
            self._pinned_read = True
            kept = read_pinned(self._pinned.text)
            if kept.bands and self.bands.arrangement.shows == "profile":
                self.bands.arrangement.restore(kept)
                self.view.span_s, self.view.compare = kept.span_s, kept.compare
                self.bands.rearrange()
        self._look()

    @Slot()
    def _look(self) -> None:
        """Say what is shown."""
        self._fit()
        say, view, sources = self._catalogue.say, self.view, self.bands.sources
        window, parts = view.window, []
        if view.live:
            parts.append(say("charts.head.live", span=self._moments.span(view.span_s)))
        else:
            parts.append(self._stretch(window.since_ns, window.until_ns))
        bucket_ns = sources.bucket_ns()
        if bucket_ns:
            parts.append(say("charts.head.columns", span=self._moments.span(bucket_ns / 1e9)))
        if view.compare:
            parts.append(say(f"charts.compare.{view.compare}"))
        if self.bands.arrangement.shows != "profile":
            parts.append(say(f"charts.head.{self.bands.arrangement.shows}"))
        if sources.is_loading():
            parts.append(say("charts.reading"))
        if self.bands.marks.left_out:
            parts.append(say("charts.head.marks_left_out"))
        problem = sources.history.writer_problem
        if problem:
            parts.append(say(f"charts.history.{problem}"))
        self.says.setText(" · ".join(parts))
        style(self.says, ink="p2" if problem else "", weight="bold" if problem or not view.live else "")
        self._actions.enable("charts.live", not view.live or view.cursor_ns is not None)
        self._actions.enable("charts.forward", not view.live)


class _Button(QToolButton):
    """An act of the page by a short word; its key stands in the tooltip and in the list of keys."""

    def __init__(self, act: Act, name: str, texts: Texts, parent: QWidget) -> None:
        super().__init__(parent)
        self._act = act
        self.setObjectName(f"button.{act.act_id}")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMinimumWidth(1)  # the page hides those there is no room for
        style(self, role="tab")
        texts.put(self, text=f"charts.button.{name}")
        self.clicked.connect(act.trigger)
        act.changed.connect(self._follow)
        self._follow()

    @Slot()
    def _follow(self) -> None:
        self.setAccessibleName(self._act.text())
        self.setToolTip(self._act.toolTip())
        self.setEnabled(self._act.isEnabled())
