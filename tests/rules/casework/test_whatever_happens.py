"""Whatever several people do, in whatever order, while time passes and clocks jump: the promises hold."""

from __future__ import annotations

from collections import Counter

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from console.clock import SECOND_NS
from console.model.casework import Case
from console.model.commands import casework as cd
from console.model.commands import incident as cmd
from console.model.events.casework import IncidentEscalated
from console.model.folds.casework import fold_case
from console.rules.casework.claims import standing
from console.rules.casework.orders import Refused
from console.rules.casework.precision import PrecisionBook
from console.rules.casework.queue import Ranking
from console.rules.casework.stages import ORDER, TABLE
from tests.rules.casework.room import FIGURES, Room

PEOPLE = st.sampled_from(["Kim", "Lee", "Park"])
REASONS = st.sampled_from(["", "ok", "the other left", "seen twice"])
VERDICTS = st.sampled_from(["real", "false", "test", ""])
FOR_ANYBODY = (1, 4, 11)
"""Orders for whoever comes: to take it over, to write into it, to close what is resolved."""
NEXT = {stage: {then for (at, _), then in TABLE.items() if at == stage} | {stage} for stage in ORDER}


class Shift(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.room = Room()
        self.book = PrecisionBook(FIGURES.precision, "Asia/Seoul")
        self.clues: Counter[str] = Counter()
        self.before: dict[str, Case] = {}
        self.waits: dict[str, tuple[object, int]] = {}

    # --- what happens -----------------------------------------------------------------------------------

    @rule(priority=st.integers(1, 4), rule_id=st.sampled_from(["fall", "smoke", ""]))
    def something_happens(self, priority: int, rule_id: str) -> None:
        case_id = self.room.opens(priority=priority, grade=str(priority), rule=rule_id)
        self.clues.update(one.uid for one in self.room.cases[case_id].clues)

    def some(self, data: st.DataObject) -> str:
        return data.draw(st.sampled_from(sorted(self.room.cases)))

    @precondition(lambda self: self.room.cases)
    @rule(data=st.data())
    def it_is_seen_again(self, data: st.DataObject) -> None:
        case = self.room.cases[self.some(data)]
        if case.is_open:
            self.clues[self.room.gathers(case.id, camera_id="CAM-2").uid] += 1

    @rule(seconds=st.integers(1, 400))
    def time_passes(self, seconds: int) -> None:
        self.room.clock.step(seconds)
        while due := self.room.waiting.look(self.room.clock.mono_ns()):
            self.room.commit(*due)
            self.note_what_waits()
        self.nobody_who_waits_is_forgotten()

    def note_what_waits(self) -> None:
        """By the clock that never jumps: since when each case has been as it is."""
        for case in self.room.cases.values():
            key = (case.stage, case.stage_since_ns, case.hold)
            if self.waits.get(case.id, (None, 0))[0] != key:
                self.waits[case.id] = (key, self.room.clock.mono_ns())

    def nobody_who_waits_is_forgotten(self) -> None:
        """Every level whose time is over was told, and none before its time; no hold outlasts its end."""
        for case in self.room.cases.values():
            if not case.is_worked:
                continue
            waited_s = (self.room.clock.mono_ns() - self.waits[case.id][1]) / SECOND_NS
            if case.hold is not None:
                assert waited_s < 200
            else:
                wait = FIGURES.wait(case.stage, case.priority)
                assert wait is not None
                assert case.raised == sum(after_s <= waited_s for after_s in wait.after_s)

    @rule(seconds=st.sampled_from([-3600, 3600]))
    def the_wall_clock_jumps(self, seconds: int) -> None:
        self.room.clock.jump(seconds)

    @precondition(lambda self: self.room.cases)
    @rule(data=st.data(), count=st.integers(0, 1))
    def a_partner_is_asked_or_done(self, data: st.DataObject, count: int) -> None:
        self.room.handoffs[self.some(data)] = count

    @precondition(lambda self: self.room.cases)
    @rule(data=st.data(), person=PEOPLE, supervisor=st.booleans(), reason=REASONS, verdict=VERDICTS,
          which=st.integers(0, 13))  # fmt: skip
    def a_person_acts(
        self, data: st.DataObject, person: str, supervisor: bool, reason: str, verdict: str, which: int
    ) -> None:
        one, other = self.some(data), self.some(data)
        uids = tuple(each.uid for each in self.room.cases[one].clues)
        order = (
            cd.ClaimIncident(incident_id=one), cd.TakeOverIncident(incident_id=one, reason=reason),
            cd.ReleaseIncident(incident_id=one), cmd.AcknowledgeIncident(incident_id=one),
            cmd.AddNote(incident_id=one, text=reason),
            cd.VerifyIncident(incident_id=one, verdict=verdict),  # type: ignore[arg-type]
            cd.RespondIncident(incident_id=one, by="KR-119"),
            cd.HoldIncident(incident_id=one, reason=reason, for_s=200.0), cd.EndHold(incident_id=one),
            cd.RegradeIncident(incident_id=one, grade=str(len(reason) % 5), reason=reason),
            cmd.ResolveIncident(incident_id=one, outcome=verdict), cmd.CloseIncident(incident_id=one),
            cd.MergeIncidents(kept_id=one, other_id=other, reason=reason),
            cd.SplitIncident(incident_id=one, uids=uids[:1], reason=reason),
        )[which]  # fmt: skip
        owner, state = self.room.cases[one].owner, dict(self.room.cases)
        decided = self.room.asks(order, person, supervisor)
        if isinstance(decided, Refused):
            assert self.room.cases == state, "what is refused changes nothing"
        elif owner not in ("", person) and which not in FOR_ANYBODY and decided and not supervisor:
            raise AssertionError(f"{person} worked on what {owner} has")

    @precondition(lambda self: len(self.room.cases) > 1)
    @rule(data=st.data())
    def one_is_put_under_another(self, data: st.DataObject) -> None:
        self.room.asks(cd.PutIncidentUnder(incident_id=self.some(data), parent=self.some(data)))

    # --- what holds -------------------------------------------------------------------------------------

    @invariant()
    def stages_follow_the_table_and_closed_stays_closed(self) -> None:
        for case in self.room.cases.values():
            old = self.before.get(case.id)
            if old is not None:
                assert case.stage in NEXT[old.stage] | {"acknowledged"}
                assert old.stage != "closed" or case == old
                assert not old.merged_into or case.merged_into == old.merged_into
        self.before = dict(self.room.cases)
        self.note_what_waits()

    @invariant()
    def what_is_over_was_judged_and_owes_nothing_at_that_time(self) -> None:
        for case in self.room.cases.values():
            if case.stage in ("resolved", "closed"):
                assert case.verdict
                assert case.hold is None
            if case.stage in ("acknowledged", "verified", "responding") and not case.owner:
                assert case.hold is None or case.merged_into or case.claimed_ns == 0

    @invariant()
    def every_clue_is_still_to_be_found(self) -> None:
        found = Counter(
            clue.uid for case in self.room.cases.values() if not case.merged_into for clue in case.clues
        )
        assert set(found) == set(self.clues)

    @invariant()
    def each_level_is_told_once_for_each_waiting(self) -> None:
        told = Counter(
            (one.incident_id, one.stage_since_ns, one.stage, one.level) for one in self.room.events
            if isinstance(one, IncidentEscalated)
        )  # fmt: skip
        regraded = any(type(one).__name__ == "IncidentRegraded" for one in self.room.events)
        assert regraded or not told or max(told.values()) == 1

    @invariant()
    def every_open_case_is_in_the_queue_once(self) -> None:
        now_ns = self.room.clock.now_ns()
        standings = {one: standing(each, now_ns, FIGURES.claim) for one, each in self.room.cases.items()}
        lines = Ranking(FIGURES, "KR").lines(self.room.cases.values(), standings)
        shown = [one for line in lines for one in (line.case_id, *line.parts)]
        assert sorted(shown) == sorted(one.id for one in self.room.cases.values() if one.is_open)
        for line in lines:
            assert line.points == sum(one.points for one in line.why)

    @invariant()
    def verdicts_counted_as_they_came_are_those_counted_afterwards(self) -> None:
        after = PrecisionBook(FIGURES.precision, "Asia/Seoul")
        for case in self.room.cases.values():
            self.book.heard(case)
            after.heard(case)
        now_ns = self.room.clock.now_ns() + 10**13
        for rule_id in ("fall", "smoke"):
            for camera in ("CAM-1", "CAM-2"):
                assert self.book.of(rule_id, camera, now_ns) == after.of(rule_id, camera, now_ns)

    def teardown(self) -> None:
        """The record alone makes the same cases, but for the times, which the entries carry."""
        cases: dict[str, Case] = {}
        for event in self.room.events:
            fold_case(cases, 0, event)
        assert set(cases) == set(self.room.cases)
        assert {one.id: (one.stage, one.verdict, one.owner, one.clues) for one in cases.values()} == {
            one.id: (one.stage, one.verdict, one.owner, one.clues) for one in self.room.cases.values()
        }


TestShift = Shift.TestCase
TestShift.settings = settings(
    max_examples=60, stateful_step_count=30, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
