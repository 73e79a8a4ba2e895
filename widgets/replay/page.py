"""The replay page: up to nine cameras in step, their transport bar and their time line."""

from __future__ import annotations

import weakref
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QSize, Qt, Signal, Slot
from PySide6.QtGui import QHideEvent, QPainter, QPaintEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from console.footage.watch import FootageWatch
from console.report.describe import Teller
from widgets.kit.actions import Actions
from widgets.kit.moments import Moments
from widgets.kit.permits import Stretch
from widgets.kit.playback import FootageEngine, Playback
from widgets.kit.pulse import Pulse
from widgets.kit.replaydata import ns, replay_bounds
from widgets.kit.texts import Texts, follow
from widgets.kit.timefield import TimeField
from widgets.kit.tokens import Tokens
from widgets.replay.acts import add_acts
from widgets.replay.asking import ReasonLine
from widgets.replay.bar import ROW_PX, StretchBar, TransportBar
from widgets.replay.choosing import ChosenStretch
from widgets.replay.events import EventBook
from widgets.replay.footage import FootageRows
from widgets.replay.hand import BEFORE_S, ClockHand
from widgets.replay.loading import EventLoader
from widgets.replay.locking import Locking
from widgets.replay.pictures import Pictures
from widgets.replay.rows import least_height
from widgets.replay.timeline import Timeline

if TYPE_CHECKING:
    from console.desk.board import Board
    from console.desk.port import DeskPort

MOST = 9
GROUP = "replay"
TALL_PX = 460
"""From here on the pictures stand above the time line, below it beside it."""
PICTURES_SHARE = 0.44
SPEAK_NS = 5_000_000_000


class ReplayPage(QWidget):
    """Owns the clock of its cameras; the surface of the panes is given to it. UI thread only.

    Signals:
        position_changed(object): the wall time (an int of ns) that is shown; for charts and map.
        export_wanted(object, object, object): camera ids, from and to (ns).
    """

    position_changed = Signal(object)
    export_wanted = Signal(object, object, object)

    def __init__(
        self, engine: FootageEngine, folder: Path, watch: FootageWatch, surface: QWidget, board: Board,
        pulse: Pulse, port: DeskPort, actions: Actions, tokens: Tokens, moments: Moments,
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self.setObjectName("replay")
        self._board, self._tokens, self._moments = board, tokens, moments
        self._actions, self._catalogue = actions, moments.catalogue
        bounds = replay_bounds()
        self.purpose = GROUP
        """Said on the record with each look."""
        self.playback = Playback(
            GROUP, folder, engine, board, port, pulse, self._catalogue, bounds.permit,
            _purpose_of(self), self,
        )  # fmt: skip
        self.surface = surface
        self._pictures: Pictures = surface  # type: ignore[assignment]
        surface.setParent(self)
        self._pictures.use(self.playback)
        self.book = EventBook(frozenset(board.profile.cameras))
        self.book.learn(board.state)
        self.loader = EventLoader(board, port, self.book, bounds.timeline)
        self._rows = FootageRows(watch, board, self._catalogue)
        teller = Teller(self._catalogue, board.profile)
        teller.learn_state(board.state)
        self.timeline = Timeline(
            self.book, teller, board.clock, self._catalogue, tokens, moments, bounds.timeline, self
        )
        self._texts = Texts(self._catalogue)
        self.reason = ReasonLine(self._texts, tokens, self)
        self.time_field = TimeField(self._texts, tokens, board.clock, board.profile.time_zone, self)
        self.locking = Locking(board, port, pulse, self._catalogue, self)
        self.hand = ClockHand(
            self.playback, self._pictures, self.timeline, self.book, self._rows, board.clock, self
        )
        self.stretch = ChosenStretch(
            self.playback, self.timeline, self.locking, moments, board.clock, self
        )
        add_acts(self, actions)
        self.bar = TransportBar(actions, tokens, moments, self)
        self.stretch_bar = StretchBar(actions, tokens, self)
        self._notice = ""
        self._spoken_ns = 0
        for line in (self.reason, self.time_field):
            line.hide()
        self._join(pulse)
        follow(self._catalogue, self._retext)
        self._look()

    def _join(self, pulse: Pulse) -> None:
        self.playback.changed.connect(self._look)
        self.playback.position_changed.connect(self._moved)
        self.playback.stepped_to_nothing.connect(self.hand.no_further)
        self.timeline.seek_wanted.connect(self.hand.seek)
        self.timeline.scrubbing.connect(self.hand.scrub)
        self.timeline.edge_wanted.connect(self.hand.to_edge)
        self.hand.said.connect(self._say)
        self.stretch.changed.connect(self._look)
        self.stretch.reason_wanted.connect(self._ask_reason)
        self.stretch.export_wanted.connect(self.export_wanted)
        self.timeline.shown_changed.connect(self._shown_changed)
        self.timeline.row_chosen.connect(self._row_chosen)
        self._pictures.selected_camera_changed.connect(self.timeline.choose_row)
        self._pictures.cameras_dropped.connect(self.add_cameras)
        self.time_field.chosen.connect(self._time_chosen)
        self.time_field.left.connect(self._lines_left)
        self.reason.given.connect(self._reason_given)
        self.reason.left.connect(self._lines_left)
        self.locking.changed.connect(self._look)
        pulse.ticked.connect(self._tick)
        pulse.looked_up.connect(self._looked_up)
        pulse.second_passed.connect(self._each_second)

    # which cameras

    @property
    def camera_ids(self) -> tuple[str, ...]:
        return self.playback.camera_ids

    def show_cameras(
        self, camera_ids: tuple[str, ...], at_ns: int = 0, rate: float = 1.0, purpose: str = GROUP
    ) -> None:
        """Show these (the first nine) instead, from a moment on; left out: ten seconds ago."""
        self.purpose = purpose
        self._take(camera_ids)
        if self.camera_ids:
            self.playback.seek(at_ns or self._board.clock.now_ns() - ns(BEFORE_S), rate)

    @Slot(object)
    def add_cameras(self, camera_ids: tuple[str, ...]) -> None:
        """Show these too, where the clock stands; ten seconds ago where it stands nowhere."""
        if not self.camera_ids:
            self.show_cameras(camera_ids)
        else:
            self._take((*self.camera_ids, *camera_ids))

    @Slot()
    def remove_camera(self) -> None:
        """The selected camera leaves."""
        gone = self._pictures.selected_camera
        self._take(tuple(one for one in self.camera_ids if one != gone))

    @Slot()
    def clear(self) -> None:
        """All cameras leave."""
        self._take(())

    def _take(self, camera_ids: tuple[str, ...]) -> None:
        known = self._board.profile.cameras
        wanted = tuple(one for one in dict.fromkeys(camera_ids) if one in known)
        self._notice = self._catalogue.say("replay.too_many", most=MOST) if len(wanted) > MOST else ""
        self.playback.set_cameras(wanted[:MOST])
        self._pictures.set_layout(wanted[:MOST])
        self._want_footage()
        self._look()

    @Slot(str)
    def _row_chosen(self, camera_id: str) -> None:
        self._pictures.select(camera_id)
        self._look()

    # lines that ask

    @Slot()
    def ask_time(self) -> None:
        """Ask for the time to go to."""
        if self.camera_ids:
            self.reason.hide()
            self.time_field.open()
            self._place()

    @Slot(object)
    def _time_chosen(self, at_ns: int) -> None:
        self._lines_left()
        self.hand.seek(at_ns)

    @Slot(str)
    def _ask_reason(self, caption: str) -> None:
        self.time_field.hide()
        self.reason.open(caption)
        self._place()

    @Slot(str)
    def _reason_given(self, text: str) -> None:
        self.locking.send(text)
        self._lines_left()

    @Slot()
    def _lines_left(self) -> None:
        had_focus = self.isAncestorOf(self.window().focusWidget() or self.window())
        for line in (self.reason, self.time_field):
            line.hide()
        self._place()
        if had_focus:
            self.timeline.setFocus(Qt.FocusReason.OtherFocusReason)

    # the tick

    @Slot()
    def _tick(self) -> None:
        if not self.isVisible():
            return
        self.loader.tick()
        self.timeline.set_rows(self._rows.rows(self.camera_ids))
        self.timeline.set_notice(self._events_notice())
        self.timeline.set_position(self.playback.target_ns, self.playback.is_waiting)

    @Slot(object)
    def _looked_up(self, query_ids: tuple[str, ...]) -> None:
        self.loader.looked_up(query_ids)
        self.timeline.update()

    @Slot()
    def _each_second(self) -> None:
        if self.isVisible():
            self.timeline.note_present()
            self._look()
            mono_ns = self._board.clock.mono_ns()
            if mono_ns - self._spoken_ns >= SPEAK_NS:
                self._spoken_ns = mono_ns
                self.timeline.tell()

    @Slot(object)
    def _moved(self, at_ns: int) -> None:
        self.bar.show_state(self.playback, *self._said())
        self.position_changed.emit(at_ns)

    @Slot(object)
    def _shown_changed(self, shown: Stretch) -> None:
        self._want_footage()
        self.loader.want(shown)

    def _want_footage(self) -> None:
        shown = self.timeline.shown
        self._rows.want(self.camera_ids, Stretch(shown.from_ns, shown.to_ns))

    def _events_notice(self) -> str:
        if self.loader.problem:
            return self._catalogue.say(self.loader.problem)
        return self._catalogue.say("replay.events.loading") if self.loader.is_loading else ""

    # what is said

    @Slot(str)
    def _say(self, key: str) -> None:
        self._notice = self._catalogue.say(key) if key else ""
        self._look()

    def _said(self) -> tuple[str, bool]:
        """The notice and whether something is wrong."""
        say, locking = self._catalogue.say, self.locking
        if not self.camera_ids:
            return say("replay.empty"), False
        if locking.said:
            return locking.said, locking.refused
        if self._notice:
            return self._notice, False
        denied = [why for state, why in map(self.playback.permit_of, self.camera_ids) if state == "denied"]
        if denied:
            return denied[0], True
        if self.playback.is_waiting:
            return (say("replay.waiting") if self._board.link == "live" else say("replay.hub_away")), True
        problem = self._rows.problem(self.camera_ids)
        return (say("replay.damaged", what=problem), True) if problem else ("", False)

    @Slot()
    def _look(self) -> None:
        """Say and enable what is so now."""
        self.bar.show_state(self.playback, *self._said())
        chosen = self.timeline.selection
        text = self.timeline.words_of_selection() if chosen is not None else ""
        self.stretch_bar.text.setText(text)
        some = bool(self.camera_ids)
        for name in (
            "back_10", "forward_10", "play", "step_back", "step_forward", "slower", "faster", "live", "time",
            "next_event", "previous_event", "next_gap", "previous_gap", "begin", "end", "loop", "lock",
            "export", "remove", "clear",
        ):  # fmt: skip
            self._actions.enable(f"timeline.{name}", some)
        self._actions.act("timeline.loop").setChecked(self.playback.loop is not None)
        info = self._board.profile.desks.get(self._board.desk)
        supervisor = info is not None and info.role == "supervisor"
        self._actions.enable("timeline.unlock", supervisor and self.stretch.lock_here() is not None)
        self.update()

    def _retext(self) -> None:
        self.setAccessibleName(self._catalogue.say("replay.title"))
        self._look()

    # where things are

    def sizeHint(self) -> QSize:
        return QSize(1100, 280)

    def _place(self) -> None:
        width, height = self.width(), self.height()
        line = self.time_field if not self.time_field.isHidden() else self.reason
        bars = 2 * ROW_PX
        if height >= TALL_PX:
            low = max(least_height(max(1, len(self.camera_ids))), min(height // 4, 40 + 30 * MOST))
            left, top = 0, height - low - bars
            self.surface.setGeometry(0, 0, width, top)
        else:
            left, top, low = round(width * PICTURES_SHARE) + 2, 0, height - bars
            self.surface.setGeometry(0, 0, left - 2, height)
        self.bar.setGeometry(left, top, width - left, ROW_PX)
        second = QRect(left, top + ROW_PX, width - left, ROW_PX)
        self.timeline.setGeometry(left, top + bars, width - left, low)
        self.stretch_bar.setGeometry(second)
        line.setGeometry(second)
        self.stretch_bar.setVisible(line.isHidden())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        shown = self.timeline.shown
        self._shown_changed(Stretch(shown.from_ns, shown.to_ns))
        self.timeline.note_present()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        # What nobody looks at is not put on the record as looked at.
        self.playback.pause()

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), self._tokens.ground("bg1"))

    def release(self) -> None:
        """Before the window goes."""
        self.timeline.release()


def _purpose_of(page: ReplayPage) -> Callable[[], str]:
    """Held weakly: the clock keeps no page alive."""
    known = weakref.ref(page)

    def purpose() -> str:
        found = known()
        return found.purpose if found is not None else GROUP

    return purpose
