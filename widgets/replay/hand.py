"""The operator's hand on the clock: play, step, jump to events and gaps, scrub."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from widgets.kit.playback import Playback
from widgets.kit.replaydata import ns
from widgets.replay.events import EventBook, at_of
from widgets.replay.footage import FootageRows
from widgets.replay.pictures import Pictures
from widgets.replay.timeline import Timeline

if TYPE_CHECKING:
    from console.clock import Clock

BEFORE_S = 10.0
"""How long before an event it is looked at: what led to it is the question."""


class ClockHand(QObject):
    """Moves the clock of the replay page. UI thread only.

    Signals:
        said(str): the key of what must be said now; empty for nothing any more.
    """

    said = Signal(str)

    def __init__(
        self, playback: Playback, pictures: Pictures, timeline: Timeline, book: EventBook, rows: FootageRows,
        clock: Clock, parent: QObject,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._playback, self._pictures, self._timeline = playback, pictures, timeline
        self._book, self._rows, self._clock = book, rows, clock
        self._scrub_rate = 0.0

    @Slot()
    def back_10(self) -> None:
        self._playback.move(-BEFORE_S)

    @Slot()
    def forward_10(self) -> None:
        self._playback.move(BEFORE_S)

    @Slot()
    def toggle(self) -> None:
        self._playback.toggle()

    @Slot()
    def step_back(self) -> None:
        self._step(-1)

    @Slot()
    def step_forward(self) -> None:
        self._step(1)

    def _step(self, count: int) -> None:
        camera_id = self._pictures.selected_camera
        if camera_id:
            self.said.emit("")
            shown_ns = self._pictures.shown_ns(camera_id)
            self._playback.step(self._pictures.pane_key(camera_id), shown_ns, count)

    @Slot()
    def no_further(self) -> None:
        self.said.emit("replay.no_further")

    @Slot()
    def to_live_edge(self) -> None:
        """The newest pictures, running on with the present."""
        if self._playback.camera_ids:
            self._playback.seek(self._clock.now_ns(), 1.0)

    @Slot(int)
    def to_edge(self, which: int) -> None:
        edges = self._rows.edges(self._playback.camera_ids)
        if edges is not None:
            self._playback.seek(edges[0] if which < 0 else edges[1])

    @Slot(object)
    def seek(self, at_ns: int) -> None:
        self.said.emit("")
        if self._playback.camera_ids:
            self._playback.seek(at_ns)

    @Slot(bool)
    def scrub(self, held: bool) -> None:
        """While the cursor is in the hand the clock stands; then it goes on as before."""
        if held:
            self._scrub_rate = self._playback.rate
            self._playback.pause()
        elif self._scrub_rate:
            self._playback.play(self._scrub_rate)

    @Slot()
    def next_event(self) -> None:
        self._to_event(1)

    @Slot()
    def previous_event(self) -> None:
        self._to_event(-1)

    def _to_event(self, way: int) -> None:
        # A moment further, so that the one the clock stands at is passed.
        at_ns = self._playback.target_ns + way * ns(0.5)
        entry = self._book.after(at_ns) if way > 0 else self._book.before(at_ns)
        if entry is None:
            self.said.emit("replay.events.no_more")
        else:
            self.seek(at_of(entry))
            self._timeline.tell()

    @Slot()
    def next_gap(self) -> None:
        self._to_gap(1)

    @Slot()
    def previous_gap(self) -> None:
        self._to_gap(-1)

    def _to_gap(self, way: int) -> None:
        chosen = self._timeline.chosen_camera
        row = next((one for one in self._timeline.rows if one.camera_id == chosen), None)
        if row is None:
            return
        at_ns = self._playback.target_ns + way * ns(0.5)
        found = row.coverage.gap_after(at_ns) if way > 0 else row.coverage.gap_before(at_ns)
        if found is None or found >= self._clock.now_ns() - ns(BEFORE_S):
            self.said.emit("replay.footage.no_gap")
        else:
            self.seek(found)
