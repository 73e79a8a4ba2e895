"""The rows of the list in their order: lines, and the members of those that are open. Qt-free.

Order: priority, then what nobody acknowledged, then the newest. While a hand is on the list rows keep the
place that they have; what is new is put where it belongs: the most urgent must not wait for a mouse.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass, replace

from console.desk.alarmlines import Lines
from console.model.alarm import Alarm

Rank = tuple[int, bool, int, str, int, int, bool, int, str]
"""The line's head's place, then the row's own within the line; no two rows have the same."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row. `members` are the alarms of a group, the most urgent first; `inside`: the row is one of them;
    `opened`: they are shown below it. `line` is the key of the line that it belongs to."""

    key: str
    line: str
    rank: Rank
    alarm: Alarm
    members: tuple[str, ...] = ()
    first_out: str = ""
    inside: bool = False
    opened: bool = False


Telling = Callable[[int, int], None]


def _untold(first: int, last: int) -> None:
    """Nobody listens."""


def _done() -> None:
    """Nobody listens."""


def own_rank(alarm: Alarm) -> tuple[int, bool, int, str]:
    """The place of an alarm among others."""
    return (alarm.priority, alarm.state in "CF", -alarm.raised_at_ns, alarm.id)


class Rows:
    """Keeps the rows sorted. `alarms` gives the alarm of an id. One thread."""

    def __init__(self, alarm_of: Callable[[str], Alarm | None]) -> None:
        self._alarm_of = alarm_of
        self.rows: list[Row] = []
        self._ranks: list[Rank] = []
        self._row: dict[str, Row] = {}
        self._of_line: dict[str, tuple[str, ...]] = {}
        self._members: dict[str, tuple[tuple[str, ...], str]] = {}
        self._open: set[str] = set()
        self._moved: set[str] = set()

    def __len__(self) -> int:
        return len(self.rows)

    def place(self, key: str) -> int:
        """The row's number; -1 where it is not shown."""
        row = self._row.get(key)
        return bisect_left(self._ranks, row.rank) if row is not None else -1

    def row(self, key: str) -> Row | None:
        return self._row.get(key)

    def begin(self, lines: Lines) -> None:
        """All rows anew."""
        self._of_line.clear()
        self._members.clear()
        self._moved.clear()
        self._row.clear()
        for key, line in lines.items():
            if line is not None:
                self._members[key] = (line.alarm_ids, line.first_out)
                self._keep(key, self._made(key))
        self._open &= set(self._members)
        self.rows = sorted(self._row.values(), key=lambda row: row.rank)
        self._ranks = [row.rank for row in self.rows]

    def _keep(self, line: str, rows: list[Row]) -> None:
        self._of_line[line] = tuple(row.key for row in rows)
        for row in rows:
            self._row[row.key] = row

    def changes(self, lines: Lines, held: bool) -> tuple[list[str], list[Row], list[Row]]:
        """(keys of rows that go, rows that come, rows that stay where they are and say something else).

        A row that has to move goes and comes, unless the list is held.
        """
        gone: dict[str, None] = {}
        come: list[Row] = []
        stay: list[Row] = []
        self._keep_open(lines)
        for line, now in lines.items():
            before = self._of_line.pop(line, ())
            made: list[Row] = []
            if now is None:
                self._members.pop(line, None)
                self._open.discard(line)
            else:
                self._members[line] = (now.alarm_ids, now.first_out)
                made = self._made(line)
                self._of_line[line] = tuple(row.key for row in made)
            kept = {row.key for row in made}
            gone |= {key: None for key in before if key not in kept}
            if held and made:
                made = self._left_where_it_is(line, made)
            for row in made:
                known = self._row.get(row.key)
                if known is not None and known.rank == row.rank:
                    stay.append(row)
                    continue
                if known is not None:
                    gone[row.key] = None
                come.append(row)
        # A member of a group whose name changed stays; an alarm that left one goes there and comes here.
        staying = {row.key for row in stay}
        return [key for key in gone if key in self._row and key not in staying], come, stay

    def _keep_open(self, lines: Lines) -> None:
        """A group whose first alarm went has another key and stays open."""
        were_open = {
            alarm_id
            for line, now in lines.items() if now is None and line in self._open
            for alarm_id in self._members[line][0]
        }  # fmt: skip
        if were_open:
            self._open |= {
                line for line, now in lines.items()
                if now is not None and now.more and not were_open.isdisjoint(now.alarm_ids)
            }  # fmt: skip

    def _left_where_it_is(self, line: str, made: list[Row]) -> list[Row]:
        """The rows of a line with the ranks they had; what is new to it stands with it."""
        head = self._row.get(line)
        if head is None or head.line != line:
            return made  # it was a member of a group that is no more
        left = []
        for row in made:
            known = self._row.get(row.key)
            same = known is not None and known.line == line
            rank = known.rank if known is not None and same else head.rank[:4] + row.rank[4:]
            if rank != row.rank:
                self._moved.add(line)
            left.append(replace(row, rank=rank))
        return left

    def settled(self) -> tuple[list[str], list[Row]]:
        """The hand has left: the rows that kept their place meanwhile, and themselves where they belong."""
        come = []
        for line in self._moved & self._members.keys():
            for row in self._made(line):
                known = self._row.get(row.key)
                if known is not None and known.rank != row.rank:
                    come.append(row)
        self._moved.clear()
        return [row.key for row in come], come

    def take_out(self, keys: list[str], about: Telling = _untold, done: Callable[[], None] = _done) -> None:
        """Take rows out, from the bottom, run by run: `about(first, last)` before and `done()` after each."""
        places = sorted((self.place(key) for key in keys), reverse=True)
        for key in keys:
            self._row.pop(key, None)
        while places:
            last = first = places.pop(0)
            while places and places[0] == first - 1:
                first = places.pop(0)
            about(first, last)
            del self.rows[first : last + 1]
            del self._ranks[first : last + 1]
            done()

    def put_in(self, rows: list[Row], about: Telling = _untold, done: Callable[[], None] = _done) -> None:
        """Put rows where they belong, run by run: `about(first, last)` before and `done()` after each."""
        rows = sorted(rows, key=lambda row: row.rank)
        at = 0
        while at < len(rows):
            place = bisect_left(self._ranks, rows[at].rank)
            bound = self._ranks[place] if place < len(self._ranks) else None
            end = at + 1
            while end < len(rows) and (bound is None or rows[end].rank < bound):
                end += 1
            run = rows[at:end]
            about(place, place + len(run) - 1)
            self.rows[place:place] = run
            self._ranks[place:place] = [row.rank for row in run]
            self._row |= {row.key: row for row in run}
            done()
            at = end

    def say_anew(self, rows: list[Row]) -> list[int]:
        """Rows that stay where they are; returns their places."""
        places = []
        for row in rows:
            place = self.place(row.key)
            if place >= 0:
                self.rows[place] = self._row[row.key] = row
                places.append(place)
        return places

    def turn(self, line: str, opened: bool | None = None) -> tuple[list[str], list[Row], list[Row]]:
        """Open or close a group (None: the other way); what that changes."""
        known = self._row.get(line)
        if known is None or not known.members:
            return [], [], []
        opened = not known.opened if opened is None else opened
        if opened == known.opened:
            return [], [], []
        (self._open.add if opened else self._open.discard)(line)
        made = [replace(row, rank=known.rank[:4] + row.rank[4:]) for row in self._made(line)]
        before = self._of_line[line]
        self._of_line[line] = tuple(row.key for row in made)
        head, inside = made[0], made[1:]
        gone = [] if opened else [key for key in before if key != line and key in self._row]
        return gone, inside, [head]

    def _made(self, line: str) -> list[Row]:
        """The rows of a line."""
        ids, first_out = self._members[line]
        alarms = [alarm for alarm in map(self._alarm_of, ids) if alarm is not None]
        if not alarms:
            return []
        head = own_rank(alarms[0])
        if len(ids) == 1:
            return [Row(line, line, (*head, 0, 0, False, 0, ""), alarms[0])]
        opened = line in self._open
        rows = [Row(line, line, (*head, 0, 0, False, 0, ""), alarms[0], ids, first_out, opened=opened)]
        if opened:
            rows += [
                Row(alarm.id, line, (*head, 1, *own_rank(alarm)), alarm, first_out=first_out, inside=True)
                for alarm in alarms
            ]
        return rows
