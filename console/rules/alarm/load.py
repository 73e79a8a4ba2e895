"""How many alarms one desk gets, held against EEMUA 191 and ISA-18.2.

The figures say how a desk fared. They are no proof that a room conforms to a standard: ISA-18.2-2016 itself
dropped some of the numbers, among them alarms per day.
"""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass
from typing import Literal

from console.clock import SECOND_NS
from console.rules.alarm.figures import Load

Grade = Literal["on_target", "manageable", "too_many", "flood"]
DAY_NS = 86_400 * SECOND_NS


@dataclass(slots=True)
class _Period:
    """One period of the clock: alarms by priority and by row, and how long of it was flood."""

    priorities: Counter[int]
    alarms: Counter[str]
    flood_ns: int = 0


@dataclass(frozen=True, slots=True)
class LoadReport:
    """How a desk fared between two times, in whole periods. Shares are 0 to 1."""

    periods: int
    alarms: int
    mean_per_period: float
    peak: int
    peak_share: float
    """Of periods with more alarms than the peak allows."""
    flood_share: float
    """Of the time."""
    top: tuple[tuple[str, int], ...]
    """The most frequent alarms and how often they came."""
    top_share: float
    mix: dict[int, float]
    """Share of all alarms by priority."""
    missed: tuple[str, ...]
    """The figures of the file that were not kept, by their names in it."""


class DeskLoad:
    """The alarms that sounded at one desk. One thread; times never go back."""

    def __init__(self, figures: Load, since_ns: int) -> None:
        self._figures = figures
        self._period_ns = int(figures.period_s * SECOND_NS)
        self._recent: deque[int] = deque()
        self._periods: dict[int, _Period] = {}
        self._looked_ns = self._since_ns = since_ns
        self.flooded = False
        self.flood_since_ns = 0

    def sounded(self, alarm_id: str, priority: int, now_ns: int) -> None:
        """An alarm was put before this desk as new."""
        self.look(now_ns)
        self._recent.append(self._looked_ns)
        period = self._at(self._looked_ns)
        period.priorities[priority] += 1
        period.alarms[alarm_id] += 1
        if not self.flooded and len(self._recent) > self._figures.flood_begins_above:
            self.flooded, self.flood_since_ns = True, self._looked_ns

    def look(self, now_ns: int) -> None:
        """Let time pass: what is older than a period no longer counts, and a flood may be over."""
        now_ns = max(now_ns, self._looked_ns)
        while self._recent and self._recent[0] <= now_ns - self._period_ns:
            left_ns = self._recent.popleft() + self._period_ns
            if self.flooded and len(self._recent) < self._figures.flood_ends_below:
                self._flood_until(left_ns)
                self.flooded = False
        if self.flooded:
            self._flood_until(now_ns)
        self._looked_ns = now_ns
        oldest = (now_ns - self._figures.days_kept * DAY_NS) // self._period_ns
        for number in [one for one in self._periods if one < oldest]:
            del self._periods[number]

    @property
    def per_period(self) -> int:
        """Alarms within the period that ends now."""
        return len(self._recent)

    def grade(self) -> Grade:
        """What the alarms of the period that ends now are for one person."""
        if self.flooded:
            return "flood"
        if self.per_period <= self._figures.target:
            return "on_target"
        return "manageable" if self.per_period <= self._figures.manageable else "too_many"

    def report(self, from_ns: int, to_ns: int) -> LoadReport:
        """Whole periods of the clock that lie within the time asked for and this desk's own.

        Raises ValueError where there is none.
        """
        figures = self._figures
        first = -(-max(from_ns, self._since_ns) // self._period_ns)
        last = min(to_ns, self._looked_ns) // self._period_ns
        if last <= first:
            raise ValueError("no whole period lies between the two times")
        kept = [self._periods[one] for one in range(first, last) if one in self._periods]
        counts = [one.priorities.total() for one in kept]
        total, periods = sum(counts), last - first
        alarms: Counter[str] = sum((one.alarms for one in kept), Counter())
        priorities: Counter[int] = sum((one.priorities for one in kept), Counter())
        top = tuple(sorted(alarms.items(), key=lambda one: (-one[1], one[0]))[: figures.top_count])
        mix = {one: count / total for one, count in sorted(priorities.items())}
        shares = {
            "peak_share": sum(count > figures.peak for count in counts) / periods,
            "flood_share": sum(one.flood_ns for one in kept) / (periods * self._period_ns),
            "top_share": sum(count for _, count in top) / total if total else 0.0,
        }
        mean = total / periods
        missed = ["target"] if mean > figures.target else []
        missed += ["manageable"] if mean > figures.manageable else []
        missed += ["peak"] if max(counts, default=0) > figures.peak else []
        missed += [name for name, share in shares.items() if share > getattr(figures, name)]
        missed += [f"mix.{one}" for one, share in mix.items() if share > figures.mix.get(str(one), 1.0)]
        return LoadReport(
            periods=periods, alarms=total, mean_per_period=mean, peak=max(counts, default=0),
            peak_share=shares["peak_share"], flood_share=shares["flood_share"], top=top,
            top_share=shares["top_share"], mix=mix, missed=tuple(missed),
        )  # fmt: skip

    def _at(self, at_ns: int) -> _Period:
        return self._periods.setdefault(at_ns // self._period_ns, _Period(Counter(), Counter()))

    def _flood_until(self, until_ns: int) -> None:
        """Account flood time up to `until_ns`, period by period."""
        at_ns = max(self._looked_ns, self.flood_since_ns)
        while at_ns < until_ns:
            end_ns = min(until_ns, (at_ns // self._period_ns + 1) * self._period_ns)
            self._at(at_ns).flood_ns += end_ns - at_ns
            at_ns = end_ns
        self._looked_ns = max(self._looked_ns, until_ns)
