"""The chosen stretch of time: chosen by key, repeated, locked, exported."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from widgets.kit.moments import Moments
from widgets.kit.permits import Stretch
from widgets.kit.playback import Playback
from widgets.kit.replaydata import ns
from widgets.replay.locking import Locking
from widgets.replay.rows import Lock
from widgets.replay.timeline import Timeline

if TYPE_CHECKING:
    from console.clock import Clock

AROUND_S = 30.0
"""What is chosen around the cursor where nobody chose a stretch."""


class ChosenStretch(QObject):
    """What is done with the selection of a time line. UI thread only.

    Signals:
        changed: the selection, or whether it is repeated.
        reason_wanted(str): ask for a reason in these words; it goes to the locking.
        export_wanted(object, object, object): camera ids, from and to (ns).
    """

    changed = Signal()
    reason_wanted = Signal(str)
    export_wanted = Signal(object, object, object)

    def __init__(
        self, playback: Playback, timeline: Timeline, locking: Locking, moments: Moments, clock: Clock,
        parent: QObject,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._playback, self._timeline, self._locking = playback, timeline, locking
        self._moments, self._clock = moments, clock
        timeline.selection_changed.connect(self.selected)

    def _ask(self, key: str, **fields: object) -> None:
        self.reason_wanted.emit(self._moments.catalogue.say(key, **fields))

    def _words(self, stretch: Stretch) -> str:
        return f"{self._moments.moment(stretch.from_ns)} – {self._moments.clock(stretch.to_ns)}"

    @Slot()
    def begin_here(self) -> None:
        """The chosen stretch begins at the cursor."""
        self._choose(begin=True)

    @Slot()
    def end_here(self) -> None:
        """The chosen stretch ends at the cursor."""
        self._choose(begin=False)

    def _choose(self, begin: bool) -> None:
        at_ns, chosen = self._playback.target_ns, self._timeline.selection
        if not at_ns:
            return
        other = at_ns if chosen is None else chosen.to_ns if begin else chosen.from_ns
        if chosen is not None and (at_ns > other if begin else at_ns < other):
            other = at_ns
        self._timeline.select(Stretch(min(at_ns, other), max(at_ns, other)))

    def _stretch(self) -> Stretch | None:
        """What is chosen; half a minute around the cursor, shown as chosen, where nothing is."""
        at_ns = self._playback.target_ns
        if not self._playback.camera_ids or not at_ns:
            return None
        chosen = self._timeline.selection
        if chosen is None or chosen.from_ns == chosen.to_ns:
            latest = self._clock.now_ns()
            chosen = Stretch(max(1, at_ns - ns(AROUND_S)), min(at_ns + ns(AROUND_S), latest))
            self._timeline.select(chosen)
        return chosen

    @Slot()
    def toggle_loop(self) -> None:
        """Play the chosen stretch again and again, or no longer."""
        if self._playback.loop is not None:
            self._playback.loop = None
        else:
            chosen = self._stretch()
            self._playback.loop = chosen
            if chosen is not None:
                self._playback.seek(chosen.from_ns, self._playback.rate or 1.0)
        self.changed.emit()

    @Slot()
    def selected(self) -> None:
        """Another stretch was chosen: what is repeated is that."""
        if self._playback.loop is not None:
            self._playback.loop = self._timeline.selection
        self.changed.emit()

    @Slot()
    def ask_lock(self) -> None:
        """Ask why the chosen stretch of all cameras is to be kept."""
        chosen = self._stretch()
        if chosen is not None:
            self._locking.begin_lock(self._playback.camera_ids, chosen)
            self._ask("replay.lock.ask", cameras=len(self._playback.camera_ids), span=self._words(chosen))

    @Slot()
    def ask_unlock(self) -> None:
        """Ask why the lock at the cursor, on the chosen camera, is to be taken away."""
        lock = self.lock_here()
        if lock is not None:
            self._locking.begin_unlock(lock.id)
            span = self._words(Stretch(lock.from_ns, lock.to_ns))
            self._ask("replay.lock.ask_away", span=span, why=lock.why or lock.id)

    def lock_here(self) -> Lock | None:
        """The lock at the cursor on the chosen camera."""
        at_ns, chosen = self._playback.target_ns, self._timeline.chosen_camera
        for row in self._timeline.rows:
            if row.camera_id == chosen:
                return next((one for one in row.locks if one.from_ns <= at_ns <= one.to_ns), None)
        return None

    @Slot()
    def ask_export(self) -> None:
        """Open the export of the chosen stretch."""
        chosen = self._stretch()
        if chosen is not None:
            self.export_wanted.emit(self._playback.camera_ids, chosen.from_ns, chosen.to_ns)
