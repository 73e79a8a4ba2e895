"""The board: everything one desk knows, without Qt.

The link's thread puts `Inbound` records into `inbox`; the UI thread calls `drain` on each pulse and widgets
then read. Only the UI thread touches anything but `inbox`.
"""

from __future__ import annotations

from collections import deque
from typing import Literal

import numpy as np

from console.clock import Clock
from console.desk.inbound import (
    AnswerCame,
    BatchCame,
    EntryCame,
    HealthCame,
    Inbound,
    LinkChanged,
    LinkState,
    PageCame,
    SnapshotCame,
    TrendCame,
)
from console.model import state as fold
from console.model.commands import Accepted, Answer, Command
from console.model.events import Entry
from console.model.query import HubHealth
from console.profile import Profile
from console.telemetry.table import PointTable
from console.telemetry.trend import TrendBook

NEWS_KEPT = 2_000
"""A time line that was not open, or a second of a flood, catches up from these."""

Changed = Literal["incidents", "telemetry", "health", "presence", "answers", "pages"]

_PRESENCE = {"viewing.started", "viewing.ended", "desk.connected", "desk.left"}


def charted_points(profile: Profile, desk: str) -> tuple[int, ...]:
    """Indexes of the points this desk's charts show; all trend points for an unknown desk."""
    if desk not in profile.desks:
        return tuple(profile.trend_points)
    shown = {point for band in profile.desks[desk].charts for point in band.point_ids}
    return tuple(sorted(profile.point_by_id[point].index for point in shown))


class Board:
    """What the desk shows. `incident_changes` counts folded entries: news, told cheaply."""

    def __init__(self, profile: Profile, clock: Clock, desk: str = "", person: str = "") -> None:
        self.profile = profile
        self.clock = clock
        self.desk = desk
        self.person = person
        self.inbox: deque[Inbound] = deque()
        self.state = fold.CityState()
        self.table = PointTable(len(profile.points))
        self.trends = TrendBook(len(profile.points), charted_points(profile, desk))
        self.health: HubHealth | None = None
        self.health_at_ns = 0
        self.link: LinkState = "connecting"
        self.link_why = ""
        self.link_since_ns = clock.now_ns()
        self.lost_batches = 0
        self.pending: dict[str, Command] = {}
        self.answers: deque[tuple[Command | None, Answer]] = deque(maxlen=64)
        self.pages: dict[str, PageCame] = {}
        self.incident_changes = 0
        self.news: deque[Entry] = deque(maxlen=NEWS_KEPT)
        """The newest entries that were heard one by one, oldest first."""
        self.news_count = self.snapshots = 0
        self.readings = 0
        self.latency_ms: deque[float] = deque(maxlen=4096)

    @property
    def values(self) -> np.ndarray:
        """Last value of each point (float64, NaN where there is none), by point index."""
        return self.table.values

    @property
    def taken_at_ns(self) -> np.ndarray:
        """When each point's last value was taken (int64 ns), by point index."""
        return self.table.taken_at_ns

    @property
    def quality(self) -> np.ndarray:
        """Quality of each point's last value (uint8), by point index."""
        return self.table.quality

    def series(self, point_index: int, since_ns: int = 0) -> tuple[np.ndarray, np.ndarray]:
        """(taken_at_ns, value) of a trend point, oldest first."""
        return self.trends.series(point_index, since_ns)

    def asked(self, request_id: str, command: Command) -> None:
        """Remember a command as pending until its answer comes."""
        self.pending[request_id] = command

    def take_page(self, query_id: str) -> PageCame | None:
        """The page that came for a query, once."""
        return self.pages.pop(query_id, None)

    def drain(self, budget_ms: float = 8.0) -> set[Changed]:
        """Take what has come in, for at most `budget_ms`; the rest waits for the next pulse.

        Returns what kinds of things changed.
        """
        changed: set[Changed] = set()
        until = self.clock.mono_ns() + int(budget_ms * 1e6)
        while self.inbox:
            self._take(self.inbox.popleft(), changed)
            if self.clock.mono_ns() > until:
                break
        return changed

    def _take(self, record: Inbound, changed: set[Changed]) -> None:
        match record:
            case BatchCame(columns, sent_ns):
                self.table.update(columns)
                self.trends.add(columns)
                self.readings += len(columns)
                self.latency_ms.append((self.clock.now_ns() - sent_ns) / 1e6)
                changed.add("telemetry")
            case EntryCame(entry):
                fold.apply(self.state, entry)
                self.news.append(entry)
                self.news_count += 1
                kind = type(entry.event).__struct_config__.tag
                if kind in _PRESENCE:
                    changed.add("presence")
                else:
                    self.incident_changes += 1
                    changed.add("incidents")
            case SnapshotCame(state):
                self.state = state
                self.snapshots += 1
                self.incident_changes += 1
                changed.update(("incidents", "presence"))
            case TrendCame(indexes, columns):
                for index in indexes:
                    self.trends.clear(index)
                self.trends.add(columns)
                changed.add("telemetry")
            case HealthCame(health):
                self.health, self.health_at_ns = health, self.clock.now_ns()
                changed.add("health")
            case AnswerCame(answer):
                self.answers.append((self.pending.pop(answer.id, None), answer))
                changed.add("answers")
            case PageCame():
                self.pages[record.id] = record
                changed.add("pages")
            case LinkChanged(link, why, lost):
                if link != self.link:
                    self.link_since_ns = self.clock.now_ns()
                self.link, self.link_why, self.lost_batches = link, why, lost
                changed.add("health")

    def last_answer(self) -> Answer | None:
        """The newest answer to a command of this desk."""
        return self.answers[-1][1] if self.answers else None

    def was_accepted(self, request_id: str) -> bool | None:
        """Whether a command was accepted; None while it is pending or unknown."""
        for _, answer in reversed(self.answers):
            if answer.id == request_id:
                return isinstance(answer, Accepted)
        return None
