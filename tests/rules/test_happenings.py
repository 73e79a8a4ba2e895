"""Signals and conditions become incidents, and what belongs together becomes one."""

from __future__ import annotations

from console.clock import SECOND_NS
from console.model import events as ev
from console.model.base import same_words
from console.model.fact import ConditionSeen, SignalSeen
from console.model.state import CityState, apply
from console.rules.draft import NOTHING, Decision
from console.rules.happenings import decide_condition, decide_signal
from tests.fakes.town import place, triage

NOW = 1_774_000_000 * SECOND_NS


class Room:
    """A state that decisions are folded into, as the hub does."""

    def __init__(self) -> None:
        self.state = CityState(run="r")
        self.triage = triage()
        self.now = NOW

    def fold(self, decision: Decision | str) -> list[ev.Event]:
        assert isinstance(decision, Decision)
        for draft in decision.drafts:
            entry = ev.Entry(
                run="r", seq=self.state.seq + 1, at_ns=self.now, cause=draft.cause, event=draft.event
            )
            apply(self.state, entry)
        return [draft.event for draft in decision.drafts]

    def signal(self, uid: str, device: str = "CAM-1", type_: str = "fall") -> list[ev.Event]:
        fact = SignalSeen(uid=uid, type=type_, at_ns=self.now, device_id=device)
        return self.fold(decide_signal(self.triage, self.state, "eyes", fact, self.now))

    def condition(self, device: str, condition: str) -> list[ev.Event]:
        fact = ConditionSeen(
            uid=f"{device}{condition}{self.now}", device_id=device, condition=condition, at_ns=self.now,
            why=same_words("no current"),
        )
        return self.fold(decide_condition(self.triage, self.state, "gateway:x", fact, self.now))


def kinds(events: list[ev.Event]) -> list[str]:
    return [ev.kind_of(one) for one in events]


def test_a_fall_opens_an_incident_with_its_own_camera_first():
    room = Room()
    assert kinds(room.signal("1")) == ["signal.received", "case.opened"]
    (incident,) = room.state.incidents.values()
    assert incident.type == "person_down"
    assert incident.camera_ids[0] == "CAM-1"
    assert incident.id == "SU-260320-0001"
    assert incident.reasons[0].ko and incident.reasons[0].en


def test_the_same_thing_seen_again_is_counted_and_gives_no_further_reason():
    room = Room()
    room.signal("1")
    _, again = room.signal("2")
    assert isinstance(again, ev.ClueGathered) and again.repeated
    (incident,) = room.state.incidents.values()
    assert len(incident.reasons) == 1
    assert [one.uid for one in room.state.cases[incident.id].clues] == ["eyes/1", "eyes/2"]


def test_two_sources_may_use_the_same_number_and_nothing_is_lost():
    room = Room()
    room.signal("1")
    fact = SignalSeen(uid="1", type="fall", at_ns=room.now, device_id="CAM-3")
    room.fold(decide_signal(room.triage, room.state, "other eyes", fact, room.now))
    assert len(room.state.incidents) == 2


def test_another_camera_beside_it_adds_its_reason_to_the_same_incident():
    room = Room()
    room.signal("1")
    assert kinds(room.signal("2", device="CAM-2")) == ["signal.received", "clue.gathered"]
    (incident,) = room.state.incidents.values()
    assert incident.device_ids == ("CAM-1", "CAM-2")


def test_the_same_type_far_away_is_another_incident():
    room = Room()
    room.signal("1")
    room.signal("2", device="CAM-3")
    assert len(room.state.incidents) == 2


def test_the_same_place_much_later_is_another_incident():
    room = Room()
    room.signal("1")
    room.now += 301 * SECOND_NS
    room.signal("2")
    assert len(room.state.incidents) == 2


def test_a_resolved_incident_counts_the_rest_of_the_burst_and_swallows_nothing_that_happens_next():
    room = Room()
    room.signal("1")
    (incident,) = room.state.incidents
    cause = ev.Cause(actor="person:x")
    resolved = ev.IncidentResolved(incident_id=incident, person="x", outcome="real")
    apply(room.state, ev.Entry(run="r", seq=room.state.seq + 1, at_ns=room.now, cause=cause, event=resolved))
    room.signal("2")
    assert len(room.state.incidents) == 1
    room.now += 20 * SECOND_NS
    room.signal("3", device="CAM-2")
    assert [one.reopens for one in room.state.cases.values()] == ["", incident]
    room.now += 20 * SECOND_NS
    room.signal("4")
    assert len(room.state.cases[incident].clues) == 2


def test_a_signal_that_opens_nothing_is_still_on_the_log():
    assert kinds(Room().signal("1", type_="birdsong")) == ["signal.received"]


def test_a_signal_from_nowhere_is_refused_with_the_field():
    room = Room()
    fact = SignalSeen(uid="1", type="fall", at_ns=NOW, device_id="CAM-99")
    assert "CAM-99" in str(decide_signal(room.triage, room.state, "eyes", fact, NOW))
    fact = SignalSeen(uid="1", type="fall", at_ns=NOW)
    assert "place" in str(decide_signal(room.triage, room.state, "eyes", fact, NOW))


def test_a_place_that_is_not_on_the_earth_is_refused_and_opens_nothing():
    room = Room()
    for lat, lon in ((91.0, 127.0), (37.0, float("nan"))):
        fact = SignalSeen(uid="1", type="fall", at_ns=NOW, place=place(lat, lon))
        assert "earth" in str(decide_signal(room.triage, room.state, "eyes", fact, NOW))


def test_a_signal_with_only_a_place_is_enough():
    room = Room()
    fact = SignalSeen(uid="1", type="fall", at_ns=NOW, place=place())
    decided = room.fold(decide_signal(room.triage, room.state, "phone", fact, NOW))
    assert kinds(decided)[1] == "case.opened"


def test_one_dark_lamp_is_a_fault_and_four_of_a_circuit_are_one_incident():
    room = Room()
    for number in (1, 2, 3):
        assert kinds(room.condition(f"LAMP-{number}", "down")) == ["device.condition_changed"]
        room.now += 2 * SECOND_NS
    assert kinds(room.condition("LAMP-4", "down"))[-1] == "case.opened"
    assert kinds(room.condition("LAMP-5", "down"))[-1] == "clue.gathered"
    (incident,) = room.state.incidents.values()
    assert incident.device_ids == ("LAMP-1", "LAMP-2", "LAMP-3", "LAMP-4", "LAMP-5")


def test_lamps_of_another_circuit_or_too_long_ago_do_not_count():
    room = Room()
    for number in (1, 2, 3):
        room.condition(f"LAMP-{number}", "down")
    room.condition("LAMP-9", "down")
    assert not room.state.incidents
    room.now += 61 * SECOND_NS
    room.condition("LAMP-4", "down")
    assert not room.state.incidents


def test_the_same_condition_again_is_no_news():
    room = Room()
    room.condition("LAMP-1", "down")
    fact = ConditionSeen(
        uid="again", device_id="LAMP-1", condition="down", at_ns=NOW, why=same_words("no current")
    )
    assert decide_condition(room.triage, room.state, "gateway:x", fact, NOW) is NOTHING


def test_a_stuck_camera_is_an_incident_that_does_not_offer_its_own_neighbours_away():
    room = Room()
    room.condition("CAM-2", "degraded")
    (incident,) = room.state.incidents.values()
    assert (incident.type, incident.camera_ids[0]) == ("camera_fault", "CAM-2")
    room.signal("1")
    assert "CAM-2" not in list(room.state.incidents.values())[-1].camera_ids
