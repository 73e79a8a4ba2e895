"""What waits too long: levels of escalation, and holds whose time is over.

Waiting is counted by a clock that never jumps, from when a case is first followed; what it had waited by the
record before that (a restart) is added once. So an hour's step of the wall clock neither escalates everything
at once nor keeps anything silent.
"""

from __future__ import annotations

import heapq
from collections.abc import Collection, Iterable
from typing import NamedTuple

from console.clock import SECOND_NS
from console.model.casework import Case
from console.model.events import AnyEvent
from console.model.events.casework import IncidentEscalated, IncidentHoldEnded
from console.rules.casework.figures import CaseworkFigures


class _Follow(NamedTuple):
    """`key`: which waiting it is; `begun_mono_ns`: when it began, on the clock that never jumps."""

    key: tuple[str, int, int, int, int]
    begun_mono_ns: int


class Waiting:
    """Follows cases and says what is due. One thread.

    `follow` whenever a case changed, `look` once a second. What is due is said again until the case says that
    it was done (its `raised`, its hold): an entry that could not be committed is not lost.
    """

    def __init__(self, told: CaseworkFigures) -> None:
        self._told = told
        self._followed: dict[str, _Follow] = {}
        self._cases: dict[str, Case] = {}
        self._due: list[tuple[int, str, tuple[str, int, int, int, int]]] = []

    def follow(self, case: Case, now_ns: int, mono_ns: int) -> None:
        """`case` is so now. Times: the wall clock and the one that never jumps."""
        if not case.is_worked:
            self._followed.pop(case.id, None)
            self._cases.pop(case.id, None)
            return
        self._cases[case.id] = case
        until_ns = case.hold.until_ns if case.hold is not None else 0
        key = (case.stage, case.stage_since_ns, case.priority, case.raised, until_ns)
        before = self._followed.get(case.id)
        if before is not None and before.key == key:
            return
        same_waiting = before is not None and before.key[:2] == key[:2] and not until_ns
        if same_waiting and before is not None and not before.key[4]:
            begun = before.begun_mono_ns
        else:
            since_ns = case.hold.since_ns if case.hold is not None else case.stage_since_ns
            begun = mono_ns - max(0, now_ns - since_ns)
        self._followed[case.id] = _Follow(key, begun)
        due_ns = self._next(case, begun)
        if due_ns is not None:
            heapq.heappush(self._due, (due_ns, case.id, key))

    def _next(self, case: Case, begun_mono_ns: int) -> int | None:
        if case.hold is not None:
            return begun_mono_ns + max(0, case.hold.until_ns - case.hold.since_ns)
        wait = self._told.wait(case.stage, case.priority)
        if wait is None or case.raised >= len(wait.after_s):
            return None
        return begun_mono_ns + round(wait.after_s[case.raised] * SECOND_NS)

    def look(self, mono_ns: int) -> tuple[AnyEvent, ...]:
        """What is due: the next level of each case that waited long enough, holds that are over."""
        found: list[AnyEvent] = []
        again: list[tuple[int, str, tuple[str, int, int, int, int]]] = []
        told: set[str] = set()
        while self._due and self._due[0][0] <= mono_ns:
            item = heapq.heappop(self._due)
            _, case_id, key = item
            followed = self._followed.get(case_id)
            if followed is None or followed.key != key or case_id in told:
                continue  # over, or waited for twice: once before a commit failed, once after
            told.add(case_id)
            found.append(self._event(self._cases[case_id]))
            again.append(item)
        for item in again:
            heapq.heappush(self._due, item)
        return tuple(found)

    def _event(self, case: Case) -> AnyEvent:
        if case.hold is not None:
            return IncidentHoldEnded(incident_id=case.id)
        wait = self._told.wait(case.stage, case.priority)
        assert wait is not None
        return IncidentEscalated(
            incident_id=case.id, stage=case.stage, stage_since_ns=case.stage_since_ns,
            level=case.raised + 1, tell=wait.tell[case.raised],
        )  # fmt: skip

    def forget_others(self, case_ids: Collection[str]) -> None:
        """Only these are on the record: what was decided of others did not happen."""
        for case_id in [one for one in self._followed if one not in case_ids]:
            del self._followed[case_id]
            self._cases.pop(case_id, None)

    def restore(self, cases: Iterable[Case], now_ns: int, mono_ns: int) -> None:
        """At a start, and after a commit that failed: what the record says stands."""
        for case in cases:
            self.follow(case, now_ns, mono_ns)
