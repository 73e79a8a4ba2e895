"""The order of the queue, and why each line is where it is: points that are added, each with its name."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from console.model.casework import Case
from console.rules.casework.claims import AMBER, Standing
from console.rules.casework.figures import CaseworkFigures


class Why(NamedTuple):
    """One reason: `code` has its words at `casework.why.CODE`, `number` stands in them where it has one."""

    code: str
    points: int
    number: int = 0


class Line(NamedTuple):
    """A line of the queue. `points` order it, `why` adds up to them; `parts` are below it, one key away."""

    case_id: str
    points: int
    why: tuple[Why, ...]
    parts: tuple[str, ...] = ()


class Ranking:
    """Pure: the same cases are in the same order. `country` names the grades."""

    def __init__(self, told: CaseworkFigures, country: str) -> None:
        self._told = told.queue
        self._priority = {int(one): points for one, points in told.queue.priority.items()}
        self._rank = {one.code: one.rank for one in told.grades if one.country == country}

    def why(self, case: Case, how: Standing, handoff_waits: bool = False) -> tuple[Why, ...]:
        """What puts it where it is, the most telling first. `handoff_waits`: no answer from a partner."""
        told = self._told
        found = [Why(f"priority_{case.priority}", self._priority[case.priority])]
        rank = self._rank.get(case.grade, 0)
        if rank:
            found.append(Why("grade", -rank * told.grade_step, rank))
        if case.stage == "resolved":
            found.append(Why("resolved", told.resolved))
        elif case.hold is not None:
            found.append(Why("held", told.held))
        else:
            if how == "nobody":
                found.append(Why("nobody", told.nobody))
            elif how in AMBER:
                found.append(Why("stale", told.stale))
            if case.raised:
                found.append(Why("escalated", told.escalated * case.raised, case.raised))
            if case.verdict == "real" and case.stage == "verified":
                found.append(Why("real", told.real))
        if case.verdict in ("false", "test"):
            found.append(Why("unreal", told.unreal))
        if handoff_waits:
            found.append(Why("handoff_waits", told.handoff_waits))
        found.sort(key=lambda one: -abs(one.points))
        return tuple(found)

    def lines(
        self, cases: Iterable[Case], standings: Mapping[str, Standing],
        handoffs_waiting: Collection[str] = (),
    ) -> tuple[Line, ...]:  # fmt: skip
        """Every open case once, as a line or as a part of one; the most urgent first, then the oldest.

        A part that is more urgent than the whole lifts it: nothing urgent is hidden below.
        """
        by_id = {one.id: one for one in cases if one.is_open}
        parts: dict[str, list[str]] = {}
        tops: list[Case] = []
        for case in by_id.values():
            top = self._top(case, by_id)
            if top is case:
                tops.append(case)
            else:
                parts.setdefault(top.id, []).append(case.id)
        why = {
            one.id: self.why(one, standings.get(one.id, "nobody"), one.id in handoffs_waiting)
            for one in by_id.values()
        }
        points = {one: sum(each.points for each in reasons) for one, reasons in why.items()}
        def place(case_id: str) -> tuple[int, int, str]:
            return -points[case_id], by_id[case_id].opened_at_ns, case_id

        found = []
        for case in tops:
            below = sorted(parts.get(case.id, ()), key=place)
            reasons = why[case.id]
            if below and points[below[0]] > points[case.id]:
                reasons = (Why("part", points[below[0]] - points[case.id], len(below)), *reasons)
            total = sum(each.points for each in reasons)
            found.append(Line(case.id, total, reasons, tuple(below)))
        found.sort(key=lambda one: (-one.points, by_id[one.case_id].opened_at_ns, one.case_id))
        return tuple(found)

    @staticmethod
    def _top(case: Case, by_id: Mapping[str, Case]) -> Case:
        """The whole it is a part of; itself where there is none, or where the record goes in a circle."""
        above, seen = case, {case.id}
        while above.parent in by_id:
            above = by_id[above.parent]
            if above.id in seen:
                return case
            seen.add(above.id)
        return above
