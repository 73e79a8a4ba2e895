"""What is larger than one place: a warning or a rising river has what it brings under it."""

from __future__ import annotations

import pytest

from console.clock import SECOND_NS, SteppedClock
from console.hub.casework import HubCasework
from console.hub.sequencer import Sequencer
from console.language import load_catalogue
from console.ledger import Batch, Head
from console.model import commands as do
from console.model import events as ev
from console.model import state as fold
from console.model.casework import Case
from console.model.fact import SignalSeen, WarningHeard
from console.profile import Profile, nearest_cameras
from console.rules.casework.figures import casework_figures
from console.rules.casework.precision import PrecisionBook
from console.rules.city import phrase_of
from console.rules.commands import CommandRules
from console.rules.correlate.placing import city_placing
from console.rules.draft import Decision, Refusal
from console.rules.happenings import decide_signal
from console.rules.triage import Triage
from console.rules.warnings import WarningRules, warning_figures
from tests.fakes.messages import ToldMessages
from tests.rules.test_warnings import NOW, message

UNDERPASS, RIVER, RIVERSIDE = "UND-0001", "RIV-0009", "CAM-RIV-0001"


class City:
    """The hub's own parts over Suwon; the disk keeps every batch at once."""

    def __init__(self, suwon: Profile) -> None:
        self.clock = SteppedClock(NOW)
        self.triage = Triage(
            suwon, lambda where, count, _: nearest_cameras(suwon, where, count), phrase_of(load_catalogue()),
            city_placing(suwon),
        )
        figures = casework_figures()
        self.sequencer = Sequencer("r", fold.CityState(), self.clock, self._write, self._published)
        book = PrecisionBook(figures.precision, suwon.time_zone)
        self.casework = HubCasework(self.sequencer.state, self.triage, figures, book, self.clock)
        self.sequencer.followers += [self.triage.placing, self.casework]
        self.warnings = WarningRules(
            self.triage, suwon, warning_figures(incident_types=suwon.incident_types)
        )
        self.rules = CommandRules(self.triage, ToldMessages())
        self.said: list[ev.AnyEvent] = []

    def _write(self, batch: Batch) -> None:
        self.sequencer.committed(Head(seq=1, hash="", run="r"))

    def _published(self, entries: list[ev.Entry], outbox: object) -> None:
        self.said += [one.event for one in entries]

    def propose(self, decision: Decision | Refusal | str) -> None:
        assert isinstance(decision, Decision), decision
        self.sequencer.propose(decision)
        self.sequencer.flush()

    def signal(self, type_: str, device_id: str) -> str:
        now_ns = self.clock.now_ns()
        fact = SignalSeen(uid=f"s{len(self.said)}", type=type_, at_ns=now_ns, device_id=device_id)
        self.propose(decide_signal(self.triage, self.sequencer.state, "eyes", fact, now_ns))
        return self.newest()

    def warning(self) -> str:
        told = message(sent_h=(self.clock.now_ns() - NOW) / (3600 * SECOND_NS))
        fact = WarningHeard(uid="w1", message=told)
        self.propose(self.warnings.heard(self.sequencer.state, "gateway-cap", fact, self.clock.now_ns()))
        return next(one.id for one in self.sequencer.state.cases.values() if one.type == "weather_warning")

    def newest(self) -> str:
        return next(reversed(self.sequencer.state.cases))

    def case(self, incident_id: str) -> Case:
        return self.sequencer.state.cases[incident_id]

    def ask(self, command: do.Command) -> str:
        """ "" when it was done, else the code of the refusal."""
        request = do.Request(
            id=f"q{len(self.said)}", desk="desk-1", person="Kim", sent_ns=1, command=command
        )
        decided = self.rules.decide(self.sequencer.state, request, self.clock.now_ns())
        if isinstance(decided, Refusal):
            return decided.code
        self.propose(decided)
        return ""

    def resolve(self, incident_id: str) -> str:
        self.ask(do.VerifyIncident(incident_id=incident_id, verdict="real"))
        return self.ask(do.ResolveIncident(incident_id=incident_id, outcome="real"))


@pytest.fixture
def city(suwon: Profile) -> City:
    return City(suwon)


def test_a_weather_warning_takes_the_flooded_underpass_that_came_before_it_and_the_one_after(city):
    before = city.signal("flood", UNDERPASS)
    assert city.case(before).parent == ""
    city.clock.step(1_800)
    warning = city.warning()
    assert city.case(before).parent == warning
    put = [one for one in city.said if isinstance(one, ev.IncidentPutUnder)]
    assert [(one.incident_id, one.parent, one.person) for one in put] == [(before, warning, "")]
    city.clock.step(1_800)
    after = city.signal("flood", "UND-0002")
    assert after != before and city.case(after).parent == warning
    assert [one.source for one in city.case(warning).clues] == ["warning"], "what it brings is not in it"


def test_a_rising_river_takes_the_water_beside_it_whichever_comes_first(suwon: Profile, city):
    river = city.signal("river_stage", RIVER)
    city.clock.step(600)
    water = city.signal("river_overflow_feared", RIVERSIDE)
    assert (city.case(water).type, city.case(water).parent) == ("underpass_flood", river)

    other = City(suwon)
    water = other.signal("river_overflow_feared", RIVERSIDE)
    other.clock.step(600)
    river = other.signal("river_stage", RIVER)
    assert other.case(river).type == "river_stage"
    assert other.case(water).parent == river


def test_a_parent_waits_for_the_work_under_it_and_closing_it_leaves_what_is_under_it_as_it_is(city):
    flood = city.signal("flood", UNDERPASS)
    warning = city.warning()
    assert city.resolve(warning) == "parts_open"
    assert city.resolve(flood) == ""
    assert city.resolve(warning) == "" and city.ask(do.CloseIncident(incident_id=warning)) == ""
    assert city.case(warning).stage == "closed"
    child = city.case(flood)
    assert (child.stage, child.parent, child.is_open) == ("resolved", warning, True)
    assert city.ask(do.CloseIncident(incident_id=flood)) == ""


def test_a_child_that_a_person_takes_out_goes_on_alone_after_the_parent_is_closed(city):
    flood = city.signal("flood", UNDERPASS)
    warning = city.warning()
    assert city.ask(do.PutIncidentUnder(incident_id=flood, parent="")) == ""
    assert city.resolve(warning) == "" and city.ask(do.CloseIncident(incident_id=warning)) == ""
    child = city.case(flood)
    assert child.parent == "" and child.is_worked
    city.clock.step(60)
    city.signal("flood", UNDERPASS)
    assert len(city.case(flood).clues) == 2 and len(city.sequencer.state.cases) == 2
