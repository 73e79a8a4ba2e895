"""`seeds/rules/casework.toml`: grades, waiting, claims, hold, queue and precision, checked at the door."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import msgspec

from console.model.base import Words
from console.model.casework import CaseStage
from console.profile.tables import Count, Country, Priority, Table, Text
from console.rules.figures import HourOfDay, NotNegative, Positive, figures, refuse

NAME = "casework"
STAGES_THAT_WAIT = ("new", "acknowledged", "verified", "responding")
Points = Annotated[int, msgspec.Meta(ge=-100_000, le=100_000)]
Rank = Annotated[int, msgspec.Meta(ge=0, le=20)]


class Grade(Table, frozen=True, kw_only=True):
    """A grade of urgency of one country; `rank` 0 is the most urgent."""

    country: Country
    code: Text
    rank: Rank
    priority: Priority
    says: Words
    source: Text


class Wait(Table, frozen=True, kw_only=True):
    """How long a stage may last at these priorities before each level, and who is told then."""

    stage: Literal["new", "acknowledged", "verified", "responding"]
    priorities: tuple[Priority, ...]
    after_s: tuple[Positive, ...]
    tell: tuple[Literal["desk", "supervisor", "everybody"], ...]
    source: Text


class Claiming(Table, frozen=True, kw_only=True):
    grace_s: NotNegative
    silent_s: Positive
    reason_least: Count


class LongestHold(Table, frozen=True, kw_only=True):
    priorities: tuple[Priority, ...]
    longest_s: Positive


class QueuePoints(Table, frozen=True, kw_only=True):
    """What each fact adds to a line's place; the file explains each."""

    priority: dict[Literal["1", "2", "3", "4"], Points]
    grade_step: Points
    nobody: Points
    stale: Points
    escalated: Points
    real: Points
    handoff_waits: Points
    held: Points
    resolved: Points
    unreal: Points


class PrecisionFigures(Table, frozen=True, kw_only=True):
    days: Count
    least: Count
    night_from_h: HourOfDay
    night_to_h: HourOfDay


class CaseworkFigures(Table, frozen=True, kw_only=True):
    """All of the file."""

    grades: tuple[Grade, ...]
    waits: tuple[Wait, ...]
    claim: Claiming
    hold: tuple[LongestHold, ...]
    queue: QueuePoints
    precision: PrecisionFigures

    def grade(self, country: str, code: str) -> Grade | None:
        """None for one that the country has not."""
        return next((one for one in self.grades if one.country == country and one.code == code), None)

    def wait(self, stage: CaseStage, priority: int) -> Wait | None:
        """How long this may wait; None for what has no timer."""
        return next((one for one in self.waits if one.stage == stage and priority in one.priorities), None)

    def longest_hold_s(self, priority: int) -> float:
        """0 where it may not rest."""
        return next((one.longest_s for one in self.hold if priority in one.priorities), 0.0)


def casework_figures(path: Path | None = None) -> CaseworkFigures:
    """The shipped figures, or those of `path`. Raises ProfileError with what is wrong, by table and key."""
    found = figures(CaseworkFigures, NAME, path)
    ranks: dict[str, list[int]] = {}
    for row, grade in enumerate(found.grades):
        mine = ranks.setdefault(grade.country, [])
        if grade.rank != len(mine):
            refuse(NAME, f"grades[{row}]", "rank", f"{len(mine)}, the next of {grade.country}", grade.rank)
        if found.grade(grade.country, grade.code) is not grade:
            refuse(NAME, f"grades[{row}]", "code", f"each code of {grade.country} once", grade.code)
        mine.append(grade.rank)
    seen: set[tuple[str, int]] = set()
    for row, wait in enumerate(found.waits):
        table = f"waits[{row}]"
        if not wait.after_s or any(b <= a for a, b in zip(wait.after_s, wait.after_s[1:], strict=False)):
            refuse(NAME, table, "after_s", "times that rise", list(wait.after_s))
        if len(wait.tell) != len(wait.after_s):
            refuse(NAME, table, "tell", f"{len(wait.after_s)}, one for each level", list(wait.tell))
        for priority in wait.priorities:
            if (wait.stage, priority) in seen:
                refuse(NAME, table, "priorities", f"each of {wait.stage} once", priority)
            seen.add((wait.stage, priority))
    for stage in STAGES_THAT_WAIT:
        for priority in (1, 2, 3, 4):
            if (stage, priority) not in seen:
                refuse(NAME, "waits", "stage", f"a row for {stage}, priority {priority}", "nothing")
    if set(found.queue.priority) != {"1", "2", "3", "4"}:
        refuse(NAME, "queue", "priority", "points for 1, 2, 3 and 4", sorted(found.queue.priority))
    return found
