"""Brings the events of the shown stretch from the record, a page at a time, and those that are news."""

from __future__ import annotations

from typing import TYPE_CHECKING

from console.desk.inbound import PageCame
from console.model.query import AskLog, LogFilter, LogPage
from widgets.kit.permits import Stretch
from widgets.kit.replaydata import TimelineBounds
from widgets.replay.events import KINDS, EventBook

if TYPE_CHECKING:
    from console.desk.board import Board
    from console.desk.port import DeskPort

SETTLE_NS = 400_000_000
"""Each look-up is an entry of the record: while the time line is being moved none is asked for."""


class EventLoader:
    """Knows which stretches of the record are loaded; one question is on its way at a time. UI thread only.

    `problem` says why the newest question had no answer; it is asked again when the stretch is moved.
    """

    def __init__(self, board: Board, port: DeskPort, book: EventBook, bounds: TimelineBounds) -> None:
        self._board, self._port, self._book, self._bounds = board, port, book, bounds
        self._loaded: list[Stretch] = []
        self._wanted: Stretch | None = None
        self._since_ns = 0
        self._query_id = ""
        self._asked: Stretch | None = None
        self._before_seq = 0
        self._snapshots = board.snapshots
        self._heard = board.news_count
        self._hears_since_ns = board.clock.now_ns()
        self.problem = ""

    @property
    def is_loading(self) -> bool:
        """Whether events of the shown stretch are still on their way."""
        return bool(self._query_id) or (self._wanted is not None and self._missing(self._wanted) is not None)

    def want(self, stretch: Stretch) -> None:
        """Load this stretch (and a half beside it on both sides), once it has stood still."""
        if stretch != self._wanted:
            self._wanted, self._since_ns = stretch, self._board.clock.mono_ns()
            self.problem = ""

    def tick(self) -> None:
        """Take news; ask for what is missing."""
        self._hear()
        wanted = self._wanted
        if wanted is None or self._query_id or self.problem or self._board.link != "live":
            return
        if self._board.clock.mono_ns() - self._since_ns < SETTLE_NS:
            return
        if len(self._book) > self._bounds.most_events:
            self._book.clear()
            self._loaded.clear()
        missing = self._missing(wanted)
        if missing is not None:
            half = (wanted.to_ns - wanted.from_ns) // 2
            self._asked = Stretch(max(1, missing.from_ns - half), missing.to_ns + half)
            self._before_seq = 0
            self._ask()

    def looked_up(self, query_ids: tuple[str, ...]) -> None:
        """Pages came; ours is taken from the board."""
        if self._query_id in query_ids:
            page = self._board.take_page(self._query_id)
            self._query_id = ""
            if page is not None:
                self._take(page)

    def _ask(self) -> None:
        assert self._asked is not None
        told = LogFilter(since_ns=self._asked.from_ns, until_ns=self._asked.to_ns, kinds=tuple(KINDS))
        self._query_id = self._port.ask(
            AskLog(filter=told, before_seq=self._before_seq, limit=self._bounds.event_page)
        )

    def _take(self, came: PageCame) -> None:
        page, asked = came.page, self._asked
        if not isinstance(page, LogPage) or asked is None:
            self.problem = "replay.events.failed"
            return
        self._book.add(page.entries)
        if page.more and page.entries and len(self._book) <= self._bounds.most_events:
            self._before_seq = page.entries[-1].seq
            self._ask()
            return
        # A flood is loaded as far back as the desk holds it; a closer look brings the rest.
        from_ns = page.entries[-1].at_ns if page.more and page.entries else asked.from_ns
        now_ns = self._board.clock.now_ns()
        self._note(Stretch(from_ns, min(asked.to_ns, now_ns)))
        self._asked = None

    def _hear(self) -> None:
        board = self._board
        fresh = board.news_count - self._heard
        if board.snapshots != self._snapshots or fresh > len(board.news):
            # What happened meanwhile was not heard one by one: the record has it.
            self._note(Stretch(self._hears_since_ns, board.health_at_ns or self._hears_since_ns))
            self._snapshots = board.snapshots
            self._hears_since_ns = board.clock.now_ns()
            fresh = min(fresh, len(board.news))
        if fresh:
            self._book.learn(board.state)
            self._book.add(list(board.news)[-fresh:])
        self._heard = board.news_count

    def _note(self, stretch: Stretch) -> None:
        if stretch.from_ns >= stretch.to_ns:
            return
        found: list[Stretch] = []
        for each in sorted([*self._loaded, stretch]):
            if found and each.from_ns <= found[-1].to_ns + 1:
                found[-1] = Stretch(found[-1].from_ns, max(found[-1].to_ns, each.to_ns))
            else:
                found.append(each)
        self._loaded = found

    def _missing(self, wanted: Stretch) -> Stretch | None:
        """The first part of a stretch that is not loaded; news need no loading."""
        at_ns = wanted.from_ns
        until_ns = min(wanted.to_ns, self._hears_since_ns)
        for each in self._loaded:
            if each.from_ns <= at_ns <= each.to_ns:
                at_ns = each.to_ns + 1
        if at_ns >= until_ns:
            return None
        later = [each.from_ns for each in self._loaded if each.from_ns > at_ns]
        return Stretch(at_ns, min([until_ns, *later]))
