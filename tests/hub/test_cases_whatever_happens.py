"""Whatever is told, ordered, waited for, in whatever order, with a disk that fails at times: nothing is lost.

The hub's own parts decide, without sockets and disk: what a batch holds is kept, or all of it is taken back.
"""

from __future__ import annotations

from collections import Counter

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from console.clock import SECOND_NS, SteppedClock
from console.hub.casework import HubCasework
from console.hub.sequencer import Sequencer
from console.ledger import Batch, Head
from console.ledger.problems import LedgerUnavailable
from console.model import commands as do
from console.model import events as ev
from console.model import state as fold
from console.model.base import same_words
from console.model.citizenreport import ReportTold
from console.model.fact import ConditionSeen, ReportSent, SignalSeen
from console.rules.casework.figures import casework_figures
from console.rules.casework.precision import PrecisionBook
from console.rules.commands import CommandRules
from console.rules.draft import Decision, Refusal
from console.rules.happenings import decide_condition, decide_signal
from console.rules.reports import decide_report
from tests.fakes.messages import ToldMessages
from tests.fakes.town import place, triage

START_NS = 1_774_000_000 * SECOND_NS
CAMERAS = st.sampled_from(["CAM-1", "CAM-2", "CAM-3"])
PEOPLE = st.sampled_from([("Kim", "desk-1"), ("Lee", "desk-1"), ("Park", "desk-3")])
FIGURES = casework_figures()
TRIAGE, AGAIN = triage(), triage().placing
RULES = CommandRules(TRIAGE, ToldMessages())
"""One for all runs: it looks at the state it is given."""
FULL = LedgerUnavailable("full", same_words("The disk is full."))


class Room(RuleBasedStateMachine):
    """One hub: its sequencer, what follows it, and the rules that decide."""

    def __init__(self) -> None:
        super().__init__()
        self.clock = SteppedClock(START_NS)
        self.committed: list[ev.Entry] = []
        self.disk_full = False
        self.waits: list[Batch] = []
        self.sequencer = Sequencer("r", fold.CityState(), self.clock, self.waits.append, self._published)
        self.book = PrecisionBook(FIGURES.precision, "Asia/Seoul")
        TRIAGE.placing.restore(self.state)
        self.casework = HubCasework(self.state, TRIAGE, FIGURES, self.book, self.clock)
        self.sequencer.followers += [TRIAGE.placing, self.casework]
        self.number = 0
        self.confirmed: list[tuple[str, str]] = []

    @property
    def state(self) -> fold.CityState:
        return self.sequencer.state

    def _published(self, entries: list[ev.Entry], outbox: object) -> None:
        self.committed += entries

    def propose(self, decision: Decision, clue: tuple[str, str] | None = None) -> None:
        def then(seq: int, problem: LedgerUnavailable | None) -> None:
            if problem is None and clue is not None:
                self.confirmed.append(clue)

        self.sequencer.propose(decision, then)

    @rule()
    def write(self) -> None:
        """The disk takes what gathered, or refuses it."""
        self.sequencer.flush()
        while self.waits:
            batch = self.waits.pop(0)
            if self.disk_full:
                self.sequencer.committed(FULL)
            else:
                newest = batch.entries[-1].seq if batch.entries else 0
                self.sequencer.committed(Head(seq=newest, hash="", run="r"))
            self.sequencer.flush()

    @rule(full=st.sampled_from([False, False, False, True]))
    def fill_or_clear_the_disk(self, full: bool) -> None:
        self.disk_full = full

    # --- what is told -----------------------------------------------------------------------------------

    @rule(device=CAMERAS, after=st.integers(0, 60))
    def see(self, device: str, after: int) -> None:
        self.clock.step(after)
        self.number += 1
        fact = SignalSeen(
            uid=f"s{self.number}", type="fall", at_ns=self.clock.now_ns(), device_id=device
        )
        decided = decide_signal(TRIAGE, self.state, "eyes", fact, self.clock.now_ns())
        assert isinstance(decided, Decision)
        self.propose(decided, ("detection", f"eyes/s{self.number}"))

    @rule(lamp=st.integers(1, 7), condition=st.sampled_from(["down", "up"]))
    def a_lamp_says(self, lamp: int, condition: str) -> None:
        fact = ConditionSeen(
            uid="", device_id=f"LAMP-{lamp}", condition=condition, at_ns=self.clock.now_ns(),  # type: ignore[arg-type]
            why=same_words("no current"),
        )  # fmt: skip
        decided = decide_condition(TRIAGE, self.state, "gateway:x", fact, self.clock.now_ns())
        assert isinstance(decided, Decision)
        self.propose(decided)

    @rule(lat=st.sampled_from([37.27, 37.2702, 37.2903]), after=st.integers(0, 200),
          citizen=st.sampled_from(["", "a"]))  # fmt: skip
    def a_citizen_reports(self, lat: float, after: int, citizen: str) -> None:
        self.clock.step(after)
        self.number += 1
        now = self.clock.now_ns()
        told = ReportTold(
            token=f"token-{self.number}", service="water", place=place(lat), text="물", told_at_ns=now,
            citizen=citizen,
        )  # fmt: skip
        decided = decide_report(TRIAGE, self.state, "intake", ReportSent(uid=told.token, told=told), now)
        assert isinstance(decided, Decision)
        self.propose(decided)

    # --- what persons do --------------------------------------------------------------------------------

    @precondition(lambda self: self.state.cases)
    @rule(data=st.data(), who=PEOPLE)
    def order(self, data: st.DataObject, who: tuple[str, str]) -> None:
        ids = st.sampled_from([*self.state.cases, "gone"])
        first, other = data.draw(ids), data.draw(ids)
        clues = self.state.cases[first].clues if first in self.state.cases else ()
        uids = data.draw(st.lists(st.sampled_from([one.uid for one in clues] or ["x"]), max_size=2))
        command: do.Command = data.draw(
            st.sampled_from(
                [
                    do.AcknowledgeIncident(incident_id=first), do.ClaimIncident(incident_id=first),
                    do.AddNote(incident_id=first, text="seen"),
                    do.TakeOverIncident(incident_id=first, reason="end of shift"),
                    do.ReleaseIncident(incident_id=first),
                    do.VerifyIncident(incident_id=first, verdict="real"),
                    do.VerifyIncident(incident_id=first, verdict="false"),
                    do.RespondIncident(incident_id=first, by="patrol"),
                    do.HoldIncident(incident_id=first, reason="wait for light", for_s=60.0),
                    do.EndHold(incident_id=first),
                    do.RegradeIncident(incident_id=first, grade="0", reason="a child"),
                    do.ReclassifyIncident(incident_id=first, type="flood", reason="it is water"),
                    do.ResolveIncident(incident_id=first, outcome="real"),
                    do.CloseIncident(incident_id=first),
                    do.MergeIncidents(kept_id=first, other_id=other, reason="the same"),
                    do.SplitIncident(incident_id=first, uids=tuple(uids), reason="two"),
                    do.PutIncidentUnder(incident_id=first, parent=other),
                    do.OpenCase(type="person_down", opened_from="map", place=place(), text="a man"),
                    do.LinkReport(report_id=next(iter(self.state.reports), "R"), incident_id=first),
                    do.LinkReport(report_id=next(iter(self.state.reports), "R"), incident_id=""),
                    do.OpenReportIncident(
                        report_id=next(iter(self.state.reports), "R"), type="person_down"
                    ),
                ]
            )
        )
        self.number += 1
        request = do.Request(
            id=f"q{self.number}", desk=who[1], person=who[0], sent_ns=1, command=command
        )
        before = fold.digest(self.state)
        decided = RULES.decide(self.state, request, self.clock.now_ns())
        if isinstance(decided, Refusal):
            assert fold.digest(self.state) == before
            assert decided.reason.en and decided.reason.ko and decided.reason.en != decided.reason.ko
            assert "{" not in decided.reason.en + decided.reason.ko
            return
        self.propose(decided)

    @rule(after=st.sampled_from([1, 31, 61, 400, 4_000]))
    def time_goes_by(self, after: int) -> None:
        self.clock.step(after)
        self.sequencer.propose(self.casework.look())

    # --- what must hold ---------------------------------------------------------------------------------

    @invariant()
    def every_confirmed_clue_is_in_exactly_one_incident(self) -> None:
        found = Counter(
            (clue.source, clue.uid) for case in self.state.cases.values() if not case.merged_into
            for clue in case.clues
        )  # fmt: skip
        assert all(found[one] == 1 for one in self.confirmed)
        assert max(found.values(), default=1) == 1
        for report in self.state.reports.values():
            if report.incident_id:
                assert ("report", report.id) in {
                    (one.source, one.uid) for one in self.state.cases[report.incident_id].clues
                }

    @invariant()
    def the_correlation_is_what_the_state_says(self) -> None:
        live = TRIAGE.placing
        again = AGAIN
        again.restore(self.state)
        assert set(live.correlator.open_ids) == set(again.correlator.open_ids)
        for id_ in live.correlator.open_ids:
            for look in ("gathered", "children_of", "parent_of", "rests"):
                mine, other = getattr(live.correlator, look)(id_), getattr(again.correlator, look)(id_)
                if look == "gathered":
                    mine, other = ({(one.source, one.uid) for one in each} for each in (mine, other))
                assert mine == other, look

    @invariant()
    def incident_and_case_agree(self) -> None:
        assert self.state.cases.keys() == self.state.incidents.keys()
        for case in self.state.cases.values():
            incident = self.state.incidents[case.id]
            assert incident.stage == ("closed" if case.merged_into else case.stage)
            assert (incident.owner, incident.type, incident.priority, incident.merged_into) == (
                case.owner, case.type, case.priority, case.merged_into,
            )  # fmt: skip

    @invariant()
    def what_is_settled_is_what_is_on_the_disk(self) -> None:
        if self.sequencer.settled:
            state = fold.CityState()
            for entry in self.committed:
                fold.apply(state, entry)
            assert fold.digest(state) == fold.digest(self.state)

    @invariant()
    def the_book_counts_as_if_it_had_read_everything_again(self) -> None:
        again = PrecisionBook(FIGURES.precision, "Asia/Seoul")
        for case in self.state.cases.values():
            again.heard(case)
        assert again.known() == self.book.known()
        now = self.clock.now_ns()
        assert all(again.of(*one, now) == self.book.of(*one, now) for one in again.known())


Room.TestCase.settings = settings(
    max_examples=25, stateful_step_count=40, deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)  # fmt: skip
TestWhateverHappens = Room.TestCase

