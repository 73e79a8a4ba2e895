"""What of all hand-offs has to be looked at, once a second, on the clock that cannot be set. UI thread."""

from __future__ import annotations

from itertools import islice

from PySide6.QtCore import QObject, Signal, Slot

from console.desk.board import Board
from console.handoff.thread.figures import LadderFigures
from console.handoff.thread.responses import nobody_has_it
from console.handoff.thread.standing import standing
from console.handoff.thread.waits import Attention, Watch
from console.model.ladder import PartnerThread
from widgets.kit.pulse import Pulse

Red = tuple[str, str, int, str]
"""(thread, what is waited for, since when, level): one thing that is heard."""


class LadderWatch(QObject):
    """Counts by itself, so that it goes on telling when the hub is silent. Threads are the board's.

    Signals:
        changed: other threads, another level of something, or a second more of what waits.
    """

    changed = Signal()

    def __init__(
        self, board: Board, pulse: Pulse, figures: LadderFigures, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.board, self.figures = board, figures
        self._watch = Watch(figures)
        self._news = self._snapshots = -1
        self._sorted_at = -1
        self._by_incident: dict[str, list[PartnerThread]] = {}
        self._by_thread: dict[str, list[Attention]] = {}
        self._all: tuple[Attention, ...] = ()
        self._looked_at: set[Red] = set()
        pulse.incidents_changed.connect(self._entries)
        pulse.second_passed.connect(self.look)

    def threads_of(self, incident_id: str) -> tuple[PartnerThread, ...]:
        """The incident's threads as they were drafted; drafts that were thrown away are left out."""
        return tuple(self._by_incident.get(incident_id, ()))

    def thread(self, thread_id: str) -> PartnerThread | None:
        return self.board.state.threads.get(thread_id)

    def of(self, thread_id: str) -> tuple[Attention, ...]:
        """What has to be looked at in this thread."""
        return tuple(self._by_thread.get(thread_id, ()))

    def worst(self) -> Attention | None:
        """The most urgent of all, of those the longest waited for."""
        return self._all[0] if self._all else None

    def worst_of(self, incident_id: str) -> Attention | None:
        """The most urgent of one incident."""
        mine = {one.id for one in self.threads_of(incident_id)}
        return next((one for one in self._all if one.thread_id in mine), None)

    def count(self) -> int:
        """How many threads have something to be looked at."""
        return len(self._by_thread)

    def reds(self) -> frozenset[Red]:
        """What is to be heard."""
        return frozenset(
            (one.thread_id, one.what, one.since_ns, one.level) for one in self._all if one.sound
        )

    def seen_reds(self) -> frozenset[Red]:
        """Those of `reds` that a person at this desk has looked at."""
        return self.reds() & frozenset(self._looked_at)

    def unseen_reds(self) -> frozenset[Red]:
        """Those nobody at this desk has looked at."""
        return self.reds() - frozenset(self._looked_at)

    def look_at(self, incident_id: str) -> None:
        """A person looks at this incident: what is red there now is known; what gets worse is new."""
        mine = {one.id for one in self.threads_of(incident_id)}
        reds = self.reds()
        self._looked_at = {one for one in self._looked_at if one in reds}
        self._looked_at |= {one for one in reds if one[0] in mine}
        self.changed.emit()

    def cards(self) -> tuple[str, ...]:
        """Threads that have to be telephoned about, the longest waiting first."""
        return tuple(dict.fromkeys(one.thread_id for one in self._all if one.level == "card"))

    def nobody_has(self, incident_id: str) -> bool:
        """Whether something was sent for this incident and no partner has taken it."""
        return nobody_has_it(self.threads_of(incident_id))

    @Slot()
    def look(self) -> None:
        """Look at all of them."""
        board = self.board
        threads = board.state.threads
        if self._sorted_at != board.incident_changes:
            self._sorted_at = board.incident_changes
            self._sort(threads)
        if not threads and not self._all:
            return
        self._all = self._watch.look(threads.values(), board.clock.now_ns(), board.clock.mono_ns())
        self._by_thread = {}
        for one in self._all:
            self._by_thread.setdefault(one.thread_id, []).append(one)
        self.changed.emit()

    @Slot()
    def _entries(self) -> None:
        """Look at once where a hand-off changed; the rest has time until the next second."""
        board = self.board
        fresh = board.news_count - self._news
        news = islice(reversed(board.news), max(0, fresh))
        other = board.snapshots != self._snapshots
        self._news, self._snapshots = board.news_count, board.snapshots
        if other or any(hasattr(entry.event, "handoff_id") for entry in news):
            self.look()

    def _sort(self, threads: dict[str, PartnerThread]) -> None:
        self._by_incident = {}
        for one in threads.values():
            if not one.queued_ns and standing(one).end == "given_up":
                continue
            self._by_incident.setdefault(one.incident_id, []).append(one)
        for each in self._by_incident.values():
            each.sort(key=lambda one: (one.drafted_ns, one.id))
