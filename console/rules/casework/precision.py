"""What each rule on each camera is worth: real and false, counted from the verdicts of persons.

A limit or a bell is a rule too; where no camera saw it, it is counted on the device that said so.

Of one incident, a rule on a camera counts once, however often it repeated itself. Day and night are counted
apart: what sees well by day may see nothing but headlights at night. A changed verdict is counted anew.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

from console.clock import SECOND_NS
from console.model.casework import Case, Verdict
from console.rules.casework.figures import PrecisionFigures

Part = Literal["day", "night"]
DAY_NS = 86_400 * SECOND_NS


class Precision(NamedTuple):
    """Verdicts of the last `days`. `share` is real of real and false, None where there are too few to say;
    tests are no one's fault and count for neither."""

    real: int
    false: int
    test: int
    days: int
    share: float | None


class _Counted(NamedTuple):
    verdict: Verdict
    opened_ns: int
    part: Part
    whose: frozenset[tuple[str, str]]


class PrecisionBook:
    """Counts. One thread; rebuilt at a start by being told every case of the last days again."""

    def __init__(self, told: PrecisionFigures, time_zone: str) -> None:
        self._told, self._zone = told, ZoneInfo(time_zone)
        self._cases: dict[str, _Counted] = {}
        self._by: dict[tuple[str, str], set[str]] = defaultdict(set)

    def heard(self, case: Case) -> None:
        """The case is so now; the same told twice counts once. One merged into another is counted there."""
        whose = frozenset(key for one in case.clues if all(key := one.counted_on))
        new = None
        if case.verdict and whose and not case.merged_into:
            new = _Counted(case.verdict, case.opened_at_ns, self.part(case.opened_at_ns), whose)
        old = self._cases.get(case.id)
        if new == old:
            return
        self.forget(case.id)
        if new is not None:
            self._cases[case.id] = new
            for key in whose:
                self._by[key].add(case.id)

    def forget(self, case_id: str) -> None:
        """The case did not happen: its commit failed."""
        old = self._cases.pop(case_id, None)
        for key in old.whose if old is not None else ():
            self._by[key].discard(case_id)

    def of(self, rule: str, camera_id: str, now_ns: int, part: Part | None = None) -> Precision:
        """Of one rule on one camera, by day, by night, or (None) both."""
        oldest = now_ns - self._told.days * DAY_NS
        counts = {"real": 0, "false": 0, "test": 0}
        for case_id in self._by.get((rule, camera_id), ()):
            one = self._cases[case_id]
            if oldest <= one.opened_ns <= now_ns and part in (None, one.part):
                counts[one.verdict] += 1
        judged = counts["real"] + counts["false"]
        share = counts["real"] / judged if judged >= self._told.least else None
        return Precision(counts["real"], counts["false"], counts["test"], self._told.days, share)

    def known(self) -> tuple[tuple[str, str], ...]:
        """Every (rule, camera) that has had a verdict."""
        return tuple(sorted(key for key, cases in self._by.items() if cases))

    def part(self, at_ns: int) -> Part:
        """By the city's own hours; a night may go over midnight."""
        moment = datetime.fromtimestamp(at_ns / SECOND_NS, self._zone)
        hour = moment.hour + moment.minute / 60
        begins, ends = self._told.night_from_h, self._told.night_to_h
        night = begins <= hour < ends if begins <= ends else hour >= begins or hour < ends
        return "night" if night else "day"

    def tidy(self, now_ns: int) -> None:
        """Forget what is older than is counted."""
        oldest = now_ns - self._told.days * DAY_NS
        for case_id in [one for one, each in self._cases.items() if each.opened_ns < oldest]:
            for key in self._cases.pop(case_id).whose:
                self._by[key].discard(case_id)
                if not self._by[key]:
                    del self._by[key]
