"""The order that is kept is the order that the ranking says, whatever happens."""

from __future__ import annotations

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from console.model.casework import Case
from console.model.commands import casework as cd
from console.model.commands import incident as cmd
from console.model.events.casework import IncidentPutUnder
from console.rules.casework.claims import standing
from console.rules.casework.queue import Ranking
from console.rules.casework.standingorder import StandingOrder
from tests.rules.casework.room import FIGURES, Room

PEOPLE = st.sampled_from(["Kim", "Lee"])


class Kept(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.room = Room()
        self.order = StandingOrder(FIGURES, "KR")
        self.told: dict[str, Case] = {}
        self.waiting: set[str] = set()

    def some(self, data: st.DataObject) -> str:
        return data.draw(st.sampled_from(sorted(self.room.cases)))

    def tell(self) -> None:
        """What changed, in any order, as a desk hears of it."""
        for case_id, case in self.room.cases.items():
            if case is not self.told.get(case_id):
                self.order.take(case, self.room.clock.now_ns(), case_id in self.waiting)
                self.told[case_id] = case

    @rule(priority=st.integers(1, 4))
    def something_happens(self, priority: int) -> None:
        self.room.opens(priority=priority, grade=str(priority))
        self.tell()

    @rule(seconds=st.integers(1, 400))
    def time_passes(self, seconds: int) -> None:
        self.room.clock.step(seconds)
        while due := self.room.waiting.look(self.room.clock.mono_ns()):
            self.room.commit(*due)
        self.tell()

    @precondition(lambda self: self.room.cases)
    @rule(data=st.data())
    def a_partner_does_not_answer_or_does(self, data: st.DataObject) -> None:
        case = self.room.cases[self.some(data)]
        self.waiting ^= {case.id}
        self.order.take(case, self.room.clock.now_ns(), case.id in self.waiting)

    @precondition(lambda self: self.room.cases)
    @rule(data=st.data(), person=PEOPLE, which=st.integers(0, 9))
    def a_person_acts(self, data: st.DataObject, person: str, which: int) -> None:
        one, other = self.some(data), self.some(data)
        order = (
            cd.ClaimIncident(incident_id=one), cd.ReleaseIncident(incident_id=one),
            cmd.AcknowledgeIncident(incident_id=one), cd.VerifyIncident(incident_id=one, verdict="real"),
            cd.VerifyIncident(incident_id=one, verdict="false"),
            cd.HoldIncident(incident_id=one, reason="later", for_s=200.0),
            cmd.ResolveIncident(incident_id=one, outcome="real"), cmd.CloseIncident(incident_id=one),
            cd.MergeIncidents(kept_id=one, other_id=other, reason="same"),
            cd.RegradeIncident(incident_id=one, grade="0", reason="worse now"),
        )[which]  # fmt: skip
        self.room.asks(order, person, True)
        self.tell()

    @precondition(lambda self: len(self.room.cases) > 1)
    @rule(data=st.data())
    def one_is_put_under_another_even_in_a_circle(self, data: st.DataObject) -> None:
        self.room.commit(IncidentPutUnder(incident_id=self.some(data), parent=self.some(data)))
        self.tell()

    @precondition(lambda self: self.room.cases)
    @rule(data=st.data())
    def one_is_forgotten(self, data: st.DataObject) -> None:
        case_id = self.some(data)
        if not self.room.cases[case_id].is_open:
            del self.room.cases[case_id]
            self.order.forget(case_id)

    @invariant()
    def it_is_what_the_ranking_says(self) -> None:
        now_ns = self.room.clock.now_ns()
        self.order.look(now_ns)
        standings = {one.id: standing(one, now_ns, FIGURES.claim) for one in self.room.cases.values()}
        said = Ranking(FIGURES, "KR").lines(self.room.cases.values(), standings, self.waiting)
        assert self.order.lines() == said
        keys = [(self.order.key(one), one) for line in said for one in (line.case_id, *line.parts)]
        assert [one for _, one in sorted(keys)] == [one for _, one in keys]


TestWhateverHappens = Kept.TestCase
TestWhateverHappens.settings = settings(
    max_examples=40, stateful_step_count=30, deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)  # fmt: skip


def test_what_changed_is_named_once_and_a_part_that_rises_names_its_whole() -> None:
    room, order = Room(), StandingOrder(FIGURES, "KR")
    whole = room.opens(priority=3)
    part = room.opens(priority=4, parent=whole)
    for case in room.cases.values():
        order.take(case, room.clock.now_ns())
    order.changed()
    room.asks(cd.RegradeIncident(incident_id=part, grade="0", reason="worse now"))
    order.take(room.cases[part], room.clock.now_ns())
    assert order.changed() == {part, whole}
    assert order.changed() == set()
    assert order.line(whole).why[0].code == "part"


def test_a_claim_goes_stale_by_time_alone() -> None:
    room, order = Room(), StandingOrder(FIGURES, "KR")
    case = room.opens()
    room.asks(cd.ClaimIncident(incident_id=case))
    order.take(room.cases[case], room.clock.now_ns())
    order.changed()
    room.clock.step(FIGURES.claim.grace_s + 1)
    order.look(room.clock.now_ns())
    assert order.standing(case) == "stale"
    assert order.changed() == {case}
