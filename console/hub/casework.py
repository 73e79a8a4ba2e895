"""The work on incidents inside the hub: what waits too long, what rules are worth."""

from __future__ import annotations

from collections import deque

from console.clock import SECOND_NS, Clock
from console.model import events as ev
from console.model.casework import RulePrecision
from console.model.query import AskPrecision, PrecisionPage
from console.model.state import CityState
from console.rules.casework.figures import CaseworkFigures
from console.rules.casework.precision import Part, PrecisionBook
from console.rules.casework.touched import cases_of
from console.rules.casework.waiting import Waiting
from console.rules.draft import Decision, Draft, Drafting
from console.rules.triage import Triage

NEWEST = 1_000
"""Cases that are new enough to be taken back by a commit that fails."""
TIDY_EVERY_NS = 60 * SECOND_NS
PARTS: tuple[Part, ...] = ("day", "night")
CAUSE = ev.Cause(actor="rule:waiting")
REQUESTS = ev.Cause(actor="rule:correlate")


class HubCasework:
    """Follows every entry that is folded, whoever proposed it. One thread: the hub's loop."""

    def __init__(
        self, state: CityState, triage: Triage, told: CaseworkFigures, book: PrecisionBook, clock: Clock
    ) -> None:
        """`book`: filled from the record at the start."""
        self._triage, self._book, self._clock = triage, book, clock
        self._told = told
        self._waiting = Waiting(told)
        self._opened: deque[str] = deque(maxlen=NEWEST)
        self._tidy_due_ns = clock.mono_ns() + TIDY_EVERY_NS
        self.restore(state)

    def restore(self, state: CityState) -> None:
        """Take all from the record: at the start, and after a commit that failed."""
        for case_id in self._opened:
            if case_id not in state.cases:
                self._book.forget(case_id)
        self._waiting.forget_others(state.cases.keys())
        self._waiting.restore(state.cases.values(), self._clock.now_ns(), self._clock.mono_ns())
        for case in state.cases.values():
            self._book.heard(case)

    def follow(self, state: CityState, entries: tuple[ev.Entry, ...]) -> tuple[Decision, ...]:
        """These were folded. A partner's request may belong to something that is open."""
        now_ns, mono_ns = self._clock.now_ns(), self._clock.mono_ns()
        for case_id in {one for entry in entries for one in cases_of(entry.event)}:
            case = state.cases.get(case_id)
            if case is not None and case.opened_at_ns == case.changed_at_ns:
                self._opened.append(case_id)
            if case is not None:
                self._waiting.follow(case, now_ns, mono_ns)
                self._book.heard(case)
        drafting = Drafting(REQUESTS)
        for entry in entries:
            if isinstance(entry.event, ev.RequestReceived) and entry.event.request.direction == "inbound":
                request = state.requests.get(entry.event.request.id)
                if request is not None and request.stage != "refused":
                    self._triage.match_request(state, drafting, request, now_ns)
        return (Decision(tuple(drafting.drafts)),) if drafting.drafts else ()

    def look(self) -> Decision:
        """What is due; about once a second. It is due again until it is on the record."""
        mono_ns = self._clock.mono_ns()
        if mono_ns >= self._tidy_due_ns:
            self._tidy_due_ns = mono_ns + TIDY_EVERY_NS
            self._triage.placing.tidy(self._clock.now_ns())
            self._book.tidy(self._clock.now_ns())
        return Decision(tuple(Draft(one, CAUSE) for one in self._waiting.look(mono_ns)))

    def precision(self, asked: AskPrecision) -> PrecisionPage:
        """What rules on cameras were worth; of those that have had a verdict."""
        now_ns = self._clock.now_ns()
        wanted = [
            (rule, camera_id) for rule, camera_id in self._book.known()
            if asked.rule in ("", rule) and asked.camera_id in ("", camera_id)
        ]  # fmt: skip
        rows: list[RulePrecision] = []
        for rule, camera_id in wanted:
            for part in PARTS:
                one = self._book.of(rule, camera_id, now_ns, part)
                if one.real or one.false or one.test:
                    rows.append(
                        RulePrecision(
                            rule=rule, camera_id=camera_id, part=part, real=one.real, false=one.false,
                            test=one.test, share=one.share,
                        )
                    )
        told = self._told.precision
        return PrecisionPage(rows=tuple(rows), days=told.days, least=told.least, part=self._book.part(now_ns))
