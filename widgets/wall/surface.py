"""A widget that paints panes: the common part of the wall and of the strip beside an incident.

It holds no truth about cameras: names come from the profile, incidents and conditions from the board,
pictures and their states from the engine, all of it read when it is painted.
"""

from __future__ import annotations

import time
from collections.abc import Hashable

from PySide6.QtCore import QRect, Qt, Signal, Slot
from PySide6.QtGui import QRegion, QResizeEvent
from PySide6.QtWidgets import QWidget

from console.desk.board import Board
from console.language import Catalogue
from console.model.base import Words
from console.video.condition import PaneState, judged
from console.video.source import Source
from widgets.kit.playback import Playback
from widgets.kit.pulse import Pulse
from widgets.kit.texts import follow
from widgets.kit.tokens import Tokens
from widgets.wall import accessible, words
from widgets.wall.asking import AskedPanes
from widgets.wall.captions import Captions, IncidentMarks
from widgets.wall.layout import Place
from widgets.wall.masks import Masks
from widgets.wall.outside import OutsideViews
from widgets.wall.painter import PanePainter
from widgets.wall.painting import Meter
from widgets.wall.pane import CONNECTING, NO_SOURCE, NOTHING_OVER, SEEKING, WAITING, Engine, Pane, StripText

#: While a window is being resized, pictures are stretched; so long after the last change the engine is asked.
RESIZED_AFTER_NS = 150_000_000
#: A pane that cannot be seen is decoded so long: a look at one large pane and back costs no new connection.
UNSEEN_FOR_NS = 10_000_000_000
#: The state of every pane is looked up once in so many ticks (5 times a second), in turn.
STATE_EVERY_TICKS = 6


class PaneSurface(AskedPanes):
    """Shows cameras. A picture is painted only after `allow` named its camera. UI thread only.

    Signals:
        viewing_wanted(tuple): camera ids that are now asked for; their pictures wait for `allow`.
        viewing_ended(tuple): camera ids that are no longer on this surface.
        camera_condition(str, str, object): camera id, condition ("degraded", "down", "up") and `Words`: this
            desk's decoder found the picture frozen, gone, or good again.
        selected_camera_changed(str): another camera is selected; empty for none.
    """

    viewing_wanted = Signal(object)
    viewing_ended = Signal(object)
    camera_condition = Signal(str, str, object)
    selected_camera_changed = Signal(str)

    def __init__(
        self, name: str, engine: Engine, catalogue: Catalogue, board: Board, tokens: Tokens,
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        accessible.install()  # before anything asks what this is
        super().__init__(parent)
        self.setObjectName(name)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(False)
        self.meter: Meter | None = None
        self._engine, self._catalogue, self._board, self._tokens = engine, catalogue, board, tokens
        self._captions = Captions(catalogue, board)
        self._incidents = IncidentMarks(board)
        self._outside = OutsideViews(board)
        self._painter = PanePainter(tokens, catalogue)
        self._masks = Masks(board)
        self._panes: list[Pane] = []
        self._of_camera: dict[str, Pane] = {}
        self._selected = 0
        self.accessible_parts: list[int] = []
        self._lit = True
        self._tick = 0
        self._resized_ns = 0
        self._gaps: list[QRect] = []
        self._gathered: QRect | None = None
        tokens.changed.connect(self.update)
        self._forget_words = follow(catalogue, self._reword)

    # what is shown

    @property
    def camera_ids(self) -> tuple[str, ...]:
        """The cameras of this surface, in order."""
        return tuple(pane.camera_id for pane in self._panes)

    @property
    def selected_camera(self) -> str:
        """The selected camera's id; empty when there is none."""
        pane = self._selected_pane()
        return pane.camera_id if pane is not None else ""

    def set_layout(self, camera_ids: tuple[str, ...]) -> None:
        """Show these cameras. New ones wait for `allow`; asks for them with `viewing_wanted`."""
        ids = tuple(dict.fromkeys(camera_ids))
        selected = self.selected_camera
        gone = [pane for pane in self._panes if pane.camera_id not in ids]
        for pane in gone:
            self._engine.hide(pane.key)
            pane.forget_images()
            del self._of_camera[pane.camera_id]
        new = tuple(camera_id for camera_id in ids if camera_id not in self._of_camera)
        for camera_id in new:
            self._of_camera[camera_id] = Pane(self.objectName(), camera_id)
        self._panes = [self._of_camera[camera_id] for camera_id in ids]
        self._selected = self._keep_selected(ids, selected)
        self.arrange()
        if gone:
            self.viewing_ended.emit(tuple(pane.camera_id for pane in gone))
        if new:
            self.viewing_wanted.emit(new)
        if self.selected_camera != selected:
            self._tell_selected()

    def _keep_selected(self, camera_ids: tuple[str, ...], selected: str) -> int:
        """The number of the pane that is selected once these cameras are shown; -1 for none."""
        return camera_ids.index(selected) if selected in camera_ids else 0

    def ask_again(self) -> None:
        """Ask once more for every camera that still waits (after the hub was away)."""
        waiting = tuple(pane.camera_id for pane in self._panes if pane.permit != "allowed")
        if waiting:
            self.viewing_wanted.emit(waiting)

    def allow(self, camera_ids: tuple[str, ...]) -> None:
        """The views are on the record: these pictures may be shown."""
        self._permit(camera_ids, "allowed", "")

    def deny(self, camera_ids: tuple[str, ...], why: str) -> None:
        """The hub refused: say so instead of a picture."""
        self._permit(camera_ids, "denied", why)

    def _permit(self, camera_ids: tuple[str, ...], permit: str, why: str) -> None:
        for camera_id in camera_ids:
            pane = self._of_camera.get(camera_id)
            if pane is not None:
                pane.permit, pane.denied_why = permit, why
                self._look(pane)
                self._update_pane(pane)
        self._tell_selected_words()

    # recorded pictures

    def show_recorded(self, camera_id: str, playback: Playback | None) -> None:
        """Show what this playback permits of a camera instead of its live picture; None: live again."""
        pane = self._of_camera.get(camera_id)
        if pane is None or pane.playback is playback:
            return
        self._park(pane)
        pane.playback = playback
        pane.taken_at_ns = 0
        self._ask(pane)
        self._look(pane)
        self._update_pane(pane)
        self._tell_selected_words()

    def playback_of(self, camera_id: str) -> Playback | None:
        """Whose recorded pictures are shown of a camera; None while it is live."""
        pane = self._of_camera.get(camera_id)
        return pane.playback if pane is not None else None

    def is_seen(self, camera_id: str) -> bool:
        """Whether a pane of this camera is on the screen now."""
        pane = self._of_camera.get(camera_id)
        return pane is not None and pane.place is not None and self.isVisible()

    def pane_key(self, camera_id: str) -> Hashable:
        """The engine's name for the pane of a camera."""
        return self.objectName(), camera_id

    def shown_ns(self, camera_id: str) -> int:
        """When the picture was taken that is painted of a camera; 0 where there is none."""
        pane = self._of_camera.get(camera_id)
        return pane.taken_at_ns if pane is not None else 0

    def _permit_of(self, pane: Pane) -> tuple[str, str]:
        """Whether its pictures may be seen now, and why not."""
        if pane.playback is not None:
            return pane.playback.permit_of(pane.camera_id)
        return pane.permit, pane.denied_why

    def _source_of(self, pane: Pane) -> Source | None:
        """What the engine is to show; None where there is nothing, or nothing yet that may be decoded."""
        if pane.playback is None:
            return self._engine.book.source(pane.camera_id)
        return pane.playback.source(pane.camera_id) if pane.playback.may_decode(pane.camera_id) else None

    # geometry

    def places(self) -> list[Place | None]:
        """A place for each pane, None for one that is not to be seen now. Subclasses say it."""
        raise NotImplementedError

    def arrange(self) -> None:
        """Give every pane its place, and tell the engine at once what is new to it."""
        now_ns = time.monotonic_ns()
        for pane, place in zip(self._panes, self.places(), strict=True):
            if place is None and pane.place is not None:
                pane.unseen_since_ns = now_ns
            pane.put(place)
        covered = QRegion()
        for pane in self._panes:
            if pane.place is not None:
                covered += pane.rect
        self._gaps = [QRect(gap) for gap in QRegion(self.rect()) - covered]
        self._resized_ns = now_ns
        for pane in self._panes:
            if pane.shown_size is None:
                self._ask(pane)
            self._look(pane)
        self.update()

    def _ask(self, pane: Pane) -> None:
        """Ask the engine for this pane in its present size. Decoding may begin while the record is waited
        for; the picture is not painted before."""
        source = self._source_of(pane)
        if source is None:  # none yet, or no longer
            if pane.shown_size is not None:
                self._park(pane)
            return
        if pane.place is None and pane.ahead is None:
            return
        size = self._wanted_size(pane)
        if (size != pane.shown_size or source != pane.source) and min(size) > 0:
            pane.shown_size, pane.source = size, source
            self._engine.show(pane.key, pane.camera_id, source, *size)
            pane.importance = None
            self._tell_importance(pane)

    def _park(self, pane: Pane) -> None:
        self._engine.hide(pane.key)
        pane.forget_images()
        pane.shown_size = pane.source = pane.importance = None

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.arrange()

    # the pulse

    def follow(self, pulse: Pulse) -> None:
        """Live on this pulse from now on."""
        pulse.ticked.connect(self.tick)
        pulse.blinked.connect(self.blink)
        pulse.incidents_changed.connect(self.read_incidents)
        self.read_incidents()

    @Slot()
    def tick(self) -> None:
        """Repaint the panes with a new picture, and look up the state of some of them.

        One rectangle around all that changed: painting into many rectangles makes each picture's copy up to
        ten times slower than copying some more of them.
        """
        now_ns = time.monotonic_ns()
        self._tick += 1
        self._gathered = QRect()
        self._settle(now_ns)
        seen = self.isVisible()
        for number, pane in enumerate(self._panes):
            if (number + self._tick) % STATE_EVERY_TICKS == 0:
                self._look(pane)
                self._report(pane, now_ns)
                self._park_unseen(pane, seen, now_ns)
            if pane.playback is not None and pane.source is None:
                self._ask(pane)  # as soon as it is permitted: an instant replay does not wait its turn
            if seen and pane.place is not None and self._may_paint(pane):
                if pane.zoom.factor > 1.0 and not self._resized_ns:
                    self._ask(pane)  # what the camera can give may have become known
                counter = self._engine.counter(pane.key)
                if counter[1] and counter != pane.painted:
                    self._repaint(pane.picture_rect)
        gathered, self._gathered = self._gathered, None
        if not gathered.isEmpty():
            self.update(gathered)

    def _settle(self, now_ns: int) -> None:
        """Once resizing has ended, ask the engine for pictures of the new size."""
        if self._resized_ns and now_ns - self._resized_ns > RESIZED_AFTER_NS:
            self._resized_ns = 0
            for pane in self._panes:
                self._ask(pane)

    def _park_unseen(self, pane: Pane, seen: bool, now_ns: int) -> None:
        if seen and pane.place is not None:
            pane.unseen_since_ns = 0
            if pane.shown_size is None or self._source_of(pane) != pane.source:
                self._ask(pane)
        elif not pane.unseen_since_ns:
            pane.unseen_since_ns = now_ns
        elif pane.shown_size is not None and now_ns - pane.unseen_since_ns > UNSEEN_FOR_NS:
            self._park(pane)

    @Slot(bool)
    def blink(self, lit: bool) -> None:
        """The other half of the blink of unacknowledged incidents."""
        self._lit = lit
        for pane in self._panes:
            if self._incidents.of(pane.camera_id)[1]:
                self._look(pane)

    @Slot()
    def read_incidents(self) -> None:
        """Find out which cameras belong to an open incident, and how urgent it is."""
        changed = self._incidents.read() | self._outside.read()
        for pane in self._panes:
            if pane.camera_id in changed or self._masks.of(pane.camera_id) != pane.hidden:
                self._look(pane)

    def _look(self, pane: Pane) -> None:
        """Look up the pane's state; repaint what it changes."""
        state = self._state_of(pane)
        before, pane.state = pane.state, state
        hidden_before, pane.hidden = pane.hidden, self._masks.of(pane.camera_id)
        pane.outside = self._outside.of(pane.camera_id)
        if pane.hidden.zones != hidden_before.zones:
            self._update_pane(pane)
        self._tell_importance(pane)
        self._look_over(pane)
        said = self._strip_text(pane)
        if said != pane.strip_said:
            pane.strip_said = said
            self._update_strip(pane)
            overlaid = words.is_old(state) or words.is_old(before) or not state.pictures
            if overlaid or state.state != before.state:
                self._update_pane(pane)
            if state.state != before.state:
                self._tell_state(pane)

    def _look_over(self, pane: Pane) -> None:
        """What is written over the picture. Figures are read once a second: nobody can read faster."""
        plain = not (pane.info or pane.zoom.factor > 1.0 or pane.hidden.lifted_s or pane.outside)
        if plain and pane.over_said is NOTHING_OVER:
            return
        second = time.monotonic_ns() // 1_000_000_000
        if pane.info and pane.info_second == second and pane.over_said.info:
            return
        pane.info_second = second
        over = self._captions.over(pane)
        if over != pane.over_said:
            pane.over_said = over if over.info or over.tags else NOTHING_OVER
            self._update_pane(pane)

    def _state_of(self, pane: Pane) -> PaneState:
        permit, why = self._permit_of(pane)
        if permit == "denied":
            return PaneState("denied", detail=why)
        if permit != "allowed" or not self._masks.known:
            return WAITING._replace(detail=why)
        if pane.playback is not None:
            state = self._engine.pane_state(pane.key) or SEEKING
            return state._replace(state="seeking") if state.state == "connecting" else state
        if self._engine.book.source(pane.camera_id) is None:
            refused = self._engine.book.refused.get(pane.camera_id)
            return PaneState("no_signal", "not_allowed", detail=refused) if refused else NO_SOURCE
        state = self._engine.pane_state(pane.key) or CONNECTING
        # Whoever says it: a picture of 2 s ago is not live.
        word, reason = judged(state.state, state.reason, state.age_ms * 1_000_000)
        return state if word == state.state else state._replace(state=word, reason=reason)

    def _report(self, pane: Pane, now_ns: int) -> None:
        if pane.permit != "allowed" or pane.shown_size is None or pane.playback is not None:
            return
        known = self._board.state.devices.get(pane.camera_id)
        told = pane.watch.see(pane.state, now_ns, known.condition if known is not None else "up")
        if told is not None:
            why: Words = words.for_the_record(pane.state, self._catalogue)
            self.camera_condition.emit(pane.camera_id, told, why)

    # painting

    def _repaint(self, rect: QRect) -> None:
        if self._gathered is None:
            self.update(rect)
        else:
            self._gathered = self._gathered.united(rect)

    def _update_strip(self, pane: Pane) -> None:
        if pane.place is not None:
            self._repaint(pane.strip_rect)

    def _update_pane(self, pane: Pane) -> None:
        if pane.place is not None:
            self._repaint(pane.rect)

    def _strip_text(self, pane: Pane) -> StripText:
        priority, blinks = self._incidents.of(pane.camera_id)
        return self._captions.strip(pane, self._number(pane), priority, self._lit or not blinks)

    _numbers = True

    def _number(self, pane: Pane) -> str:
        """What stands before the name in the strip; nothing where panes have no numbers."""
        return str(self._panes.index(pane) + 1) if self._numbers else ""

    # words

    def words_of(self, camera_id: str) -> str:
        """All there is to say about a camera of this surface; empty for another."""
        pane = self._of_camera.get(camera_id)
        return self._captions.whole(pane) if pane is not None else ""

    def _reword(self) -> None:
        for pane in self._panes:
            pane.info_second = 0
            self._look(pane)
        self.update()
        self._tell_selected_words()

    def _tell_selected(self) -> None:
        """Another pane is selected (`widgets.wall.selecting`)."""

    def _tell_state(self, pane: Pane) -> None:
        """A pane's state changed (`widgets.wall.selecting`)."""
        if pane is self._selected_pane():
            self._tell_selected_words()

    def _tell_selected_words(self) -> None:
        """What there is to say about the selected pane changed (`widgets.wall.selecting`)."""

    def release(self) -> None:
        """Give all pictures back to the engine, before the window goes."""
        for pane in self._panes:
            self._park(pane)
        self._forget_words()
