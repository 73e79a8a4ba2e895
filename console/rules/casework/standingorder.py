"""The queue's order, kept: `Ranking.lines` made again only for what changed. The ranking is the truth; a test
compares the two whatever happens.
"""

from __future__ import annotations

import heapq
from bisect import bisect_left, insort
from typing import NamedTuple

from console.clock import SECOND_NS
from console.model.casework import Case
from console.rules.casework.claims import Standing, standing
from console.rules.casework.figures import CaseworkFigures
from console.rules.casework.queue import Line, Ranking, Why

Key = tuple[int, int, str, int, int, int, str]
"""Where a case stands, ascending: (points negative, opened, id) of its whole, then 0 for the whole and 1
for a part, then the same of its own."""
Place = tuple[int, int, str]


class Kept(NamedTuple):
    """What is known of one open case: its own reasons and points, without what its parts add."""

    case: Case
    how: Standing
    waits: bool
    why: tuple[Why, ...]
    points: int


class StandingOrder:
    """Told of each change by `take`, of time by `look`; `changed` names what stands elsewhere or says
    something else since it was asked last. One thread. `country` names the grades.
    """

    def __init__(self, told: CaseworkFigures, country: str) -> None:
        self._claim, self._ranking = told.claim, Ranking(told, country)
        self._kept: dict[str, Kept] = {}
        self._children: dict[str, set[str]] = {}
        self._top: dict[str, str] = {}
        self._parts: dict[str, list[Place]] = {}
        """By whole: its parts, the most urgent first."""
        self._due: list[tuple[int, str]] = []
        self._same: dict[tuple[object, ...], tuple[tuple[Why, ...], int]] = {}
        self._changed: set[str] = set()

    def __len__(self) -> int:
        return len(self._kept)

    def __contains__(self, case_id: str) -> bool:
        return case_id in self._kept

    def take(self, case: Case, now_ns: int, waits: bool = False) -> None:
        """The case is so now. `waits`: a partner does not answer."""
        before = self._kept.get(case.id)
        if not case.is_open:
            if before is not None:
                self._drop(before)
            return
        how = standing(case, now_ns, self._claim)
        why, points = self._of(case, how, waits)
        after = Kept(case, how, waits, why, points)
        if before is not None and before.case.parent == case.parent:
            self._kept[case.id] = after
            if before.points != points:
                self._moved(before, after)
            self._changed.add(case.id)
        else:
            if before is not None:
                self._children[before.case.parent].discard(case.id)
            self._children.setdefault(case.parent, set()).add(case.id)
            known = before is not None or case.id in self._children
            below = self._leave(case.id) if known else [case.id]
            self._kept[case.id] = after
            self._join(below)
            self._changed.add(case.id)
        self._remind(case, how)

    def forget(self, case_id: str) -> None:
        """The case is no longer held."""
        before = self._kept.get(case_id)
        if before is not None:
            self._drop(before)

    def look(self, now_ns: int) -> None:
        """Claims that went stale by now, or owners who fell silent."""
        while self._due and self._due[0][0] < now_ns:
            _, case_id = heapq.heappop(self._due)
            kept = self._kept.get(case_id)
            if kept is not None and standing(kept.case, now_ns, self._claim) != kept.how:
                self.take(kept.case, now_ns, kept.waits)

    def changed(self) -> set[str]:
        """Cases whose line or place changed since the last time this was asked; a whole stands for its parts
        where only its own place changed."""
        found, self._changed = self._changed, set()
        return found

    def case(self, case_id: str) -> Case | None:
        """As it was last told."""
        kept = self._kept.get(case_id)
        return kept.case if kept is not None else None

    def standing(self, case_id: str) -> Standing:
        """How its claim stands; nobody's where it is not known."""
        kept = self._kept.get(case_id)
        return kept.how if kept is not None else "nobody"

    def waits(self, case_id: str) -> bool:
        """Whether a partner does not answer."""
        kept = self._kept.get(case_id)
        return kept is not None and kept.waits

    def whole(self, case_id: str) -> str:
        """What it is a part of; itself where it is not a part. Raises KeyError for what is not open."""
        return self._top[case_id]

    def parts(self, case_id: str) -> tuple[str, ...]:
        """Its parts, the most urgent first."""
        return tuple(one[2] for one in self._parts.get(case_id, ()))

    def part_count(self, case_id: str) -> int:
        """How many parts it has."""
        return len(self._parts.get(case_id, ()))

    def children(self, case_id: str) -> tuple[str, ...]:
        """What names it as its parent."""
        return tuple(self._children.get(case_id, ()))

    def line(self, case_id: str) -> Line:
        """The line of a whole, or of a part by itself. Raises KeyError for what is not open."""
        kept, below = self._kept[case_id], self._parts.get(case_id, ())
        lift, why = self._lift(case_id), kept.why
        if lift:
            why = (Why("part", lift, len(below)), *why)
        return Line(case_id, kept.points + lift, why, tuple(one[2] for one in below))

    def key(self, case_id: str) -> Key:
        """Where it stands. Raises KeyError for what is not open."""
        top, kept = self._top[case_id], self._kept[case_id]
        whole = self._kept[top]
        total = whole.points + self._lift(top)
        if top == case_id:
            return (-total, kept.case.opened_at_ns, case_id, 0, 0, 0, case_id)
        return (-total, whole.case.opened_at_ns, top, 1, -kept.points, kept.case.opened_at_ns, case_id)

    def lines(self) -> tuple[Line, ...]:
        """All of them, as `Ranking.lines` says them: for tests, and where there are few."""
        tops = sorted((self.key(one), one) for one, top in self._top.items() if one == top)
        return tuple(self.line(one) for _, one in tops)

    # --- within -----------------------------------------------------------------------------------------

    def _of(self, case: Case, how: Standing, waits: bool) -> tuple[tuple[Why, ...], int]:
        """Many cases are alike; each kind is worked out once."""
        like = (
            case.priority, case.grade, case.stage, case.hold is None, case.raised, case.verdict, how, waits,
        )  # fmt: skip
        known = self._same.get(like)
        if known is None:
            why = self._ranking.why(case, how, waits)
            known = self._same[like] = (why, sum(one.points for one in why))
        return known

    def _remind(self, case: Case, how: Standing) -> None:
        """Look again when the claim may stand otherwise."""
        if how == "fresh":
            heapq.heappush(self._due, (case.claimed_ns + round(self._claim.grace_s * SECOND_NS), case.id))
        elif how == "working" and case.acted_ns:
            heapq.heappush(self._due, (case.acted_ns + round(self._claim.silent_s * SECOND_NS), case.id))

    def _place(self, kept: Kept) -> Place:
        return (-kept.points, kept.case.opened_at_ns, kept.case.id)

    def _lift(self, top: str) -> int:
        """What its most urgent part adds to a whole."""
        below = self._parts.get(top)
        return max(0, -below[0][0] - self._kept[top].points) if below else 0

    def _moved(self, before: Kept, after: Kept) -> None:
        """Only its points changed."""
        top = self._top[after.case.id]
        if top == after.case.id:
            return
        below = self._parts[top]
        del below[bisect_left(below, self._place(before))]
        insort(below, self._place(after))
        self._changed.add(top)

    def _leave(self, case_id: str) -> list[str]:
        """Take a case and all below it out of their wholes; returns them."""
        found, seen = [case_id], {case_id}
        for one in found:
            for child in self._children.get(one, ()):
                if child not in seen:
                    seen.add(child)
                    found.append(child)
        for one in found:
            top = self._top.pop(one, "")
            self._changed.add(one)
            if top and top != one:
                self._changed.add(top)
                below = self._parts[top]
                del below[bisect_left(below, self._place(self._kept[one]))]
                if not below:
                    del self._parts[top]
        return found

    def _join(self, found: list[str]) -> None:
        """Put these under the wholes they now belong to."""
        for one in found:
            kept = self._kept.get(one)
            if kept is None:
                continue
            top = self._top[one] = self._whole_of(kept.case)
            if top != one:
                insort(self._parts.setdefault(top, []), self._place(kept))
                self._changed.add(top)

    def _whole_of(self, case: Case) -> str:
        above, seen = case, {case.id}
        while above.parent in self._kept:
            above = self._kept[above.parent].case
            if above.id in seen:
                return case.id
            seen.add(above.id)
        return above.id

    def _drop(self, before: Kept) -> None:
        below = self._leave(before.case.id)
        del self._kept[before.case.id]
        self._children[before.case.parent].discard(before.case.id)
        self._join(below)
