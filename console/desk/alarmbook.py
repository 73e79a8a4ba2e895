"""What one desk shows of the city's alarms, kept up with the board. Qt-free, the UI thread only.

It holds no truth: every figure and mark is the hub's, or follows from the folded state.
"""

from __future__ import annotations

from collections.abc import Callable

from console.desk.alarmlines import VIEWS, AlarmLines, Lines, View, has_words, is_in
from console.desk.board import Board
from console.model.alarm import Alarm, AlarmHealth, DeskAlarms
from console.model.device import Limit
from console.profile import Profile
from console.rules.alarm.figures import AlarmFigures, Shelving


class AlarmBook:
    """Finds out which alarms changed, once for everybody who shows them."""

    def __init__(self, board: Board, figures: AlarmFigures) -> None:
        self.board, self.figures = board, figures
        self.alarms: dict[str, Alarm] = {}
        """As of the last `look`."""
        self.counts: dict[View, int] = dict.fromkeys(VIEWS, 0)
        self.waiting: dict[int, int] = {}
        """Unacknowledged ones that are in the list, by priority."""
        self.before: dict[str, Alarm] = {}
        """What the alarms were that changed at the last `look`."""
        self._limits: dict[str, Limit | None] = {}
        self._changes = -1
        self._snapshots = -1

    def look(self) -> dict[str, Alarm | None]:
        """What came, changed or went (None) since the last time."""
        if (self.board.incident_changes, self.board.snapshots) == (self._changes, self._snapshots):
            self.before = {}
            return {}
        self._changes, self._snapshots = self.board.incident_changes, self.board.snapshots
        now, before = self.board.state.alarms, self.alarms
        changed: dict[str, Alarm | None] = {
            alarm_id: alarm for alarm_id, alarm in now.items() if before.get(alarm_id) is not alarm
        }
        if len(before) + len(changed) != len(now):
            changed |= {alarm_id: None for alarm_id in before if alarm_id not in now}
        self.before = {}
        for alarm_id, alarm in changed.items():
            was = before.pop(alarm_id, None)
            if was is not None:
                self.before[alarm_id] = was
            self._count(was, -1)
            self._count(alarm, 1)
            if alarm is not None:
                before[alarm_id] = alarm
        return changed

    def _count(self, alarm: Alarm | None, by: int) -> None:
        if alarm is None:
            return
        for view in VIEWS:
            self.counts[view] += by * is_in(alarm, view)
        if alarm.shown and alarm.unseen:
            self.waiting[alarm.priority] = self.waiting.get(alarm.priority, 0) + by

    def limit(self, alarm: Alarm) -> Limit | None:
        """The limit an alarm is of; None for silence and dead lines. Found once, then known."""
        if not alarm.limit_id or alarm.point_index < 0:
            return None
        if alarm.limit_id not in self._limits:
            self._limits[alarm.limit_id] = _limit_of(self.board.profile, alarm.point_index, alarm.limit_id)
        return self._limits[alarm.limit_id]

    # what the hub says

    @property
    def flood_since_ns(self) -> int:
        """When the flood at this desk began; 0 where there is none."""
        return self.board.state.floods.get(self.board.desk, 0)

    @property
    def health(self) -> AlarmHealth | None:
        """What the hub said of alarms last; None before it did."""
        return self.board.health.alarms if self.board.health is not None else None

    @property
    def replaying(self) -> bool:
        """Whether the hub follows a recording: it then says nothing of alarms, and takes no orders."""
        return self.board.health is not None and self.board.health.alarms is None

    @property
    def load(self) -> DeskAlarms | None:
        """The load of this desk; None while the hub has not told it."""
        return self.health.desks.get(self.board.desk) if self.health is not None else None

    def first_out(self, alarm: Alarm) -> bool:
        """Whether it came first of several that stand together."""
        group = self.board.state.alarm_groups.get(alarm.group)
        return group is not None and group.standing > 1 and group.first == alarm.id

    def nuisance(self, alarm_id: str) -> tuple[str, ...]:
        """Which of chattering, fleeting, stale an alarm is, as the hub found."""
        health = self.health
        if health is None:
            return ()
        found = {"chattering": health.chattering, "fleeting": health.fleeting, "stale": health.stale}
        return tuple(name for name, ids in found.items() if alarm_id in ids)

    # who may do what

    @property
    def role(self) -> str:
        desk = self.board.profile.desks.get(self.board.desk)
        return desk.role if desk is not None else ""

    @property
    def shelving(self) -> Shelving | None:
        """What this desk may shelve and for how long; None: nothing."""
        return self.figures.shelving_of(self.role)

    @property
    def may_remove(self) -> bool:
        """Whether this desk takes alarms out of service."""
        return self.role in self.figures.out_of_service.roles


class ViewLines:
    """The lines of the view that is shown, narrowed by words."""

    def __init__(self, book: AlarmBook, extra: Callable[[Alarm], str]) -> None:
        """`extra`: what else of an alarm can be searched."""
        self._book, self._extra = book, extra
        self._lines = AlarmLines(book.board.profile, book.figures.flood)
        self.view: View = "active"
        self.words: tuple[str, ...] = ()

    @property
    def shown(self) -> int:
        """How many alarms the lines hold."""
        return len(self._lines)

    @property
    def grouped(self) -> bool:
        """Whether the lines are a flood's."""
        return self._lines.flooded

    def grouping(self) -> tuple[int, int]:
        """(groups, alarms in them)."""
        return self._lines.grouping()

    def begin(self, view: View, words: tuple[str, ...]) -> Lines:
        """Show another view, or the same with other words; returns every line."""
        self.view, self.words = view, words
        passing = (alarm for alarm in self._book.alarms.values() if self._passes(alarm))
        return self._lines.begin(passing, self._flooded())

    def must_begin(self) -> bool:
        """Whether a flood began or ended since the lines were made."""
        return self._lines.flooded != self._flooded()

    def take(self, changed: dict[str, Alarm | None]) -> Lines:
        """Lines that are other than before."""
        return self._lines.take(
            {
                key: alarm if alarm is not None and self._passes(alarm) else None
                for key, alarm in changed.items()
            }
        )

    def _passes(self, alarm: Alarm) -> bool:
        return is_in(alarm, self.view) and has_words(alarm, self.words, self._extra)

    def _flooded(self) -> bool:
        return self.view == "active" and self._book.flood_since_ns > 0


def _limit_of(profile: Profile, point_index: int, limit_id: str) -> Limit | None:
    """Among the limits of the point's device, which are few."""
    row, _ = profile.points.row_and_slot(point_index)
    found = (profile.limits[one] for one in profile.limits.of_device(row))
    return next((one for one in found if one.id == limit_id), None)
