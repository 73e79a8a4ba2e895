"""When alarms of the shown points began and ended: from the log's news, and from the record for earlier.
Qt-free."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from console.model import events as ev
from console.model.events import Entry
from console.model.query import AskLog, LogFilter, LogPage

if TYPE_CHECKING:
    from console.desk.board import Board
    from console.desk.port import DeskPort

KINDS = ("alarm.moved", "alarm.raised", "alarm.cleared")
PAGE, MOST_PAGES = 500, 6
SETTLE_NS = 400_000_000
"""Each look-up is an entry of the record: while the time is being moved none is asked for."""


class AlarmMark(NamedTuple):
    """One beginning (`began`) or end of an alarm of a point."""

    at_ns: int
    point_index: int
    priority: int
    began: bool
    alarm_id: str


class AlarmMarks:
    """Knows the marks of a stretch of time; asks for them once it has stood still. UI thread.

    `left_out` says that the record holds more of the stretch than is shown.
    """

    def __init__(self, board: Board, port: DeskPort | None) -> None:
        self._board, self._port = board, port
        self._marks: dict[tuple[str, int, bool], AlarmMark] = {}
        self._of_older: dict[str, AlarmMark] = {}
        self._heard = board.news_count
        self._hears_since_ns = board.clock.now_ns()
        self._loaded: tuple[int, int] | None = None
        self._wanted = (0, 0)
        self._wanted_at_ns = 0
        self._query_id = ""
        self._asked = (0, 0)
        self._pages = 0
        self.left_out = False
        self.version = 0

    def want(self, from_ns: int, to_ns: int) -> None:
        """This stretch is shown."""
        known = self._wanted
        if from_ns < known[0] or to_ns > max(known[1], self._hears_since_ns) or not known[1]:
            self._wanted, self._wanted_at_ns = (from_ns, to_ns), self._board.clock.mono_ns()

    def tick(self) -> None:
        """Take news; ask for what is missing."""
        self._hear()
        if self._port is None or self._query_id or self._board.link != "live" or not self._wanted[1]:
            return
        if self._board.clock.mono_ns() - self._wanted_at_ns < SETTLE_NS:
            return
        from_ns, to_ns = self._wanted
        if self._loaded is not None and self._loaded[0] <= from_ns and to_ns <= self._covered():
            return
        half = (to_ns - from_ns) // 2
        self._asked = (max(1, from_ns - half), to_ns)
        self._pages, self.left_out = 0, False
        self._ask(0)

    def looked_up(self, query_ids: tuple[str, ...]) -> None:
        """Pages came; ours is taken from the board."""
        if not self._query_id or self._query_id not in query_ids:
            return
        came = self._board.take_page(self._query_id)
        self._query_id = ""
        page = came.page if came is not None else None
        if not isinstance(page, LogPage):
            self._loaded = self._asked  # asked again when the time is moved
            return
        for entry in page.entries:
            self._take(entry)
        self._pages += 1
        self.version += 1
        if page.more and page.entries and self._pages < MOST_PAGES:
            self._ask(page.entries[-1].seq)
            return
        self.left_out = page.more
        self._loaded = self._asked

    def between(self, from_ns: int, to_ns: int, points: frozenset[int]) -> list[AlarmMark]:
        """The marks of these points in a stretch, oldest first."""
        found = [
            mark for mark in self._marks.values()
            if from_ns <= mark.at_ns <= to_ns and mark.point_index in points
        ]  # fmt: skip
        return sorted(found)

    def _covered(self) -> int:
        """Until when nothing is missing: what came since this began was heard."""
        assert self._loaded is not None
        return 1 << 62 if self._loaded[1] >= self._hears_since_ns else self._loaded[1]

    def _ask(self, before_seq: int) -> None:
        assert self._port is not None
        told = LogFilter(since_ns=self._asked[0], until_ns=self._asked[1], kinds=KINDS)
        self._query_id = self._port.ask(AskLog(filter=told, before_seq=before_seq, limit=PAGE))

    def _hear(self) -> None:
        board = self._board
        fresh = min(board.news_count - self._heard, len(board.news))
        if fresh > 0:
            for entry in list(board.news)[-fresh:]:
                self._take(entry)
            self.version += 1
        self._heard = board.news_count

    def _take(self, entry: Entry) -> None:
        event = entry.event
        if isinstance(event, ev.AlarmMoved) and event.point_index >= 0:
            if event.stimulus in ("began", "ended"):
                self._put(AlarmMark(
                    event.at_ns or entry.at_ns, event.point_index, event.priority,
                    event.stimulus == "began", event.alarm_id,
                ))  # fmt: skip
        elif isinstance(event, ev.AlarmRaised):
            mark = AlarmMark(entry.at_ns, event.point_index, event.priority, True, event.alarm_id)
            self._of_older[event.alarm_id] = mark
            self._put(mark)
        elif isinstance(event, ev.AlarmCleared) and event.alarm_id in self._of_older:
            self._put(self._of_older[event.alarm_id]._replace(at_ns=entry.at_ns, began=False))

    def _put(self, mark: AlarmMark) -> None:
        self._marks[mark.alarm_id, mark.at_ns, mark.began] = mark
