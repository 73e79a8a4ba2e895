"""What entries of the log mean for procedures."""

from __future__ import annotations

import msgspec
import pytest

from console.model import events as ev
from console.model.base import Place, Position, same_words
from console.model.citystate import KEEP_CLOSED, CityState
from console.model.control import ExpectedEffect
from console.model.ladder import PhoneCall
from console.model.procedurefacts import facts_of, hear
from console.model.procedurerun import ProcedureRun
from console.model.state import apply

S = 1_000_000_000
PLACE = Place(name=same_words("gate"), position=Position(lat=37.28, lon=127.01))
WHY = same_words("why")


class Town:
    """A state, the runs of its incidents, and the log that feeds both."""

    def __init__(self) -> None:
        self.state, self.seq = CityState(), 0
        self.runs: dict[str, ProcedureRun] = {}
        for incident_id, camera, device in (("I-1", "CAM-1", "LAMP-1"), ("I-2", "CAM-2", "LAMP-2")):
            self.happens(ev.IncidentOpened(
                incident_id=incident_id, type="fall", priority=1, place=PLACE, reason=WHY,
                camera_ids=(camera,), device_ids=(device, device + "b"),
            ))  # fmt: skip
            self.runs[incident_id] = ProcedureRun(incident_id=incident_id, procedure="fall@1.x")

    def happens(self, event: ev.AnyEvent) -> ev.Entry:
        self.seq += 1
        entry = ev.Entry(run="r", seq=self.seq, at_ns=self.seq * S, cause=ev.Cause(actor="hub"), event=event)
        apply(self.state, entry)
        self.runs.update(hear(self.runs, self.state, entry))
        return entry

    def heard(self, incident_id: str = "I-1") -> set[str]:
        return set(self.runs[incident_id].heard)


@pytest.fixture
def town() -> Town:
    return Town()


def moved(alarm_id: str, occurrence: str, before: str, after: str, active: bool) -> ev.AlarmMoved:
    return ev.AlarmMoved(
        alarm_id=alarm_id, occurrence=occurrence, at_ns=S, before=before, after=after,
        stimulus="began" if active else "ended", active=active, who="rule:alarm", priority=1,
        limit_id=alarm_id, place=PLACE, text=WHY,
    )  # fmt: skip


def test_what_people_do_with_an_incident_is_heard_of_that_incident_only(town: Town) -> None:
    town.happens(ev.IncidentAcknowledged(incident_id="I-1", person="kim"))
    town.happens(ev.IncidentNoted(incident_id="I-1", person="kim", text="x"))
    town.happens(ev.IncidentResolved(incident_id="I-1", person="kim", outcome="real"))
    assert town.heard() == {"acknowledged", "noted", "resolved"}
    assert town.heard("I-2") == set()


def test_pictures_count_where_their_camera_sees_the_incident(town: Town) -> None:
    town.happens(ev.ViewingStarted(desk="d", person="kim", camera_ids=("CAM-9", "CAM-1"), purpose="p"))
    town.happens(ev.FootageViewed(
        desk="d", person="kim", camera_ids=("CAM-2",), from_ns=0, to_ns=S, purpose="p"
    ))  # fmt: skip
    town.happens(ev.FootageLocked(
        lock_id="l", desk="d", person="kim", camera_ids=("CAM-1",), from_ns=0, to_ns=S, reason="r"
    ))  # fmt: skip
    assert town.heard() == {"cameras_opened", "footage_locked"}
    assert town.heard("I-2") == {"footage_seen"}


def test_pictures_of_before_that_the_window_shows_by_itself_are_not_looking_back(town: Town) -> None:
    town.happens(ev.FootageViewed(
        desk="d", person="kim", camera_ids=("CAM-1",), from_ns=0, to_ns=S, purpose="scene: incident I-1"
    ))  # fmt: skip
    assert town.heard() == set()


def test_the_rungs_of_a_handoff_are_heard_by_their_agency(town: Town) -> None:
    town.happens(ev.HandoffQueued(
        handoff_id="H", key="k", incident_id="I-1", agency="KR-119", revision=1, person="kim",
        message_sha256="0",
    ))  # fmt: skip
    assert town.heard() == set()
    town.happens(ev.HandoffSent(handoff_id="H", attempt=1))
    town.happens(ev.HandoffReceived(handoff_id="H", agency_ref="7"))
    town.happens(ev.HandoffArrived(handoff_id="H"))
    town.happens(ev.HandoffReceived(handoff_id="unknown", agency_ref="8"))
    assert town.heard() == {
        "handoff_sent", "handoff_sent/KR-119", "handoff_received", "handoff_received/KR-119",
        "handoff_arrived", "handoff_arrived/KR-119",
    }  # fmt: skip
    assert town.runs["I-1"].heard["handoff_received/KR-119"] == town.runs["I-1"].heard["handoff_received"]


def queued(handoff_id: str, agency: str = "KR-112", revision: int = 1) -> ev.HandoffQueued:
    return ev.HandoffQueued(
        handoff_id=handoff_id, key=f"k{revision}", incident_id="I-1", agency=agency, revision=revision,
        person="kim", message_sha256="0",
    )  # fmt: skip


def test_a_refusal_counts_no_more_when_the_partner_is_told_again(town: Town) -> None:
    town.happens(queued("H1"))
    town.happens(queued("H2", agency="KR-119"))
    for handoff_id in ("H1", "H2"):
        town.happens(ev.HandoffReceived(handoff_id=handoff_id, agency_ref="7"))
        town.happens(ev.HandoffRejected(handoff_id=handoff_id, reason="not_ours"))
    town.happens(queued("H3", revision=2))
    assert town.heard() == {
        "handoff_received", "handoff_received/KR-119", "handoff_rejected", "handoff_rejected/KR-119",
    }, "112 has to answer anew, what 119 said stays"  # fmt: skip
    town.happens(ev.HandoffReceived(handoff_id="H3", agency_ref="8"))
    town.happens(ev.HandoffAccepted(handoff_id="H2"))
    assert "handoff_rejected" not in town.heard(), "119 takes it after all"


def test_an_update_to_a_case_that_goes_on_takes_nothing_back(town: Town) -> None:
    town.happens(queued("H1"))
    town.happens(ev.HandoffReceived(handoff_id="H1", agency_ref="7"))
    town.happens(ev.HandoffArrived(handoff_id="H1"))
    before = town.heard()
    town.happens(queued("H2", revision=2))
    assert town.heard() == before


def ordered(incident_id: str = "I-1") -> ev.ControlOrdered:
    return ev.ControlOrdered(
        order_id="O", desk="d", person="kim", control="barrier", device_ids=("BAR-1", "BAR-2"), value="close",
        value_words=WHY, summary=WHY, answer_s=20.0, incident_id=incident_id,
        effect=ExpectedEffect(quantity="closed", low=0.5, high=1.0, within_s=30.0),
    )  # fmt: skip


def test_an_order_is_done_and_effective_when_all_its_devices_are(town: Town) -> None:
    town.happens(ordered())
    town.happens(ev.ControlSent(
        order_id="O", gateway="g", device_ids=("BAR-1", "BAR-2"), answer_by_ns=99 * S
    ))  # fmt: skip
    sent = {"control_sent/barrier", "control_sent/barrier/close"}
    assert town.heard() == sent
    town.happens(ev.ControlAnswered(order_id="O", device_ids=("BAR-1",), outcome="done", words=WHY))
    assert town.heard() == sent
    town.happens(ev.ControlAnswered(order_id="O", device_ids=("BAR-2",), outcome="done", words=WHY))
    done = sent | {"control_done/barrier", "control_done/barrier/close"}
    assert town.heard() == done
    town.happens(ev.ControlTookEffect(order_id="O", device_ids=("BAR-1",)))
    assert town.heard() == done
    town.happens(ev.ControlTookEffect(order_id="O", device_ids=("BAR-2",)))
    assert town.heard() == done | {"control_effective/barrier", "control_effective/barrier/close"}


@pytest.mark.parametrize(
    "event",
    [
        ev.ControlAnswered(order_id="O", device_ids=("BAR-1",), outcome="refused", words=WHY),
        ev.ControlTimedOut(order_id="O", device_ids=("BAR-1",), sent=True, words=WHY),
        ev.ControlHadNoEffect(order_id="O", device_ids=("BAR-1",), words=WHY),
    ],
)
def test_one_device_that_does_not_follow_is_a_failure(town: Town, event: ev.AnyEvent) -> None:
    town.happens(ordered())
    town.happens(event)
    assert town.heard() == {"control_failed/barrier", "control_failed/barrier/close"}


def test_an_order_of_no_incident_is_nobodys_fact(town: Town) -> None:
    town.happens(ordered(incident_id=""))
    town.happens(ev.ControlTimedOut(order_id="O", device_ids=("BAR-1",), sent=True, words=WHY))
    assert town.heard() == town.heard("I-2") == set()


def test_alarms_are_over_when_the_last_of_the_incident_is_and_not_over_when_one_comes_back(
    town: Town,
) -> None:
    for alarm_id in ("a/close", "b/close"):
        town.happens(moved(alarm_id, f"{alarm_id}@1", "A", "B", True))
        town.happens(ev.IncidentExtended(incident_id="I-1", reason=WHY, alarm_id=f"{alarm_id}@1"))
    town.happens(moved("a/close", "a/close@1", "B", "D", False))
    assert "alarms_over" not in town.heard()
    town.happens(moved("b/close", "b/close@1", "C", "A", False))
    assert "alarms_over" in town.heard(), "one is normal, one only has to be acknowledged"
    assert "alarms_over" not in town.heard("I-2")
    town.happens(moved("a/close", "a/close@1", "D", "B", True))
    assert "alarms_over" not in town.heard()


def test_devices_are_up_when_none_of_the_incident_is_down(town: Town) -> None:
    def says(device: str, condition: str) -> None:
        town.happens(ev.DeviceConditionChanged(device_id=device, condition=condition, why=WHY))  # type: ignore[arg-type]

    says("LAMP-1", "down")
    says("LAMP-1b", "down")
    says("LAMP-1", "up")
    assert "devices_up" not in town.heard()
    says("LAMP-1b", "up")
    assert "devices_up" in town.heard()
    says("LAMP-1b", "down")
    assert "devices_up" not in town.heard()


def test_repairs_are_heard_of_by_the_devices_they_are_for(town: Town) -> None:
    town.happens(ev.TicketOpened(
        ticket_id="T", desk="d", person="kim", device_ids=("LAMP-2",), contractor="c", text="x"
    ))  # fmt: skip
    assert town.heard() == set() and town.heard("I-2") == {"repair_ordered"}
    town.happens(ev.TicketChanged(ticket_id="T", desk="d", person="kim", stage="working", text=""))
    town.happens(ev.TicketChanged(ticket_id="T", desk="d", person="kim", stage="repaired", text=""))
    assert town.heard("I-2") == {"repair_ordered", "repair_done"}


def test_incidents_without_a_run_and_ended_runs_hear_nothing(town: Town) -> None:
    town.runs["I-1"] = msgspec.structs.replace(town.runs["I-1"], ended_ns=5)
    del town.runs["I-2"]
    for incident_id in ("I-1", "I-2", "I-77"):
        town.happens(ev.IncidentNoted(incident_id=incident_id, person="kim", text="x"))
    assert town.runs == {"I-1": town.runs["I-1"]} and not town.heard()


def test_most_entries_are_no_facts_at_all(town: Town) -> None:
    entry = town.happens(ev.DeskConnected(desk="d", person="kim"))
    assert facts_of(town.state, entry) == ()


def test_an_incident_begins_with_an_empty_run_that_hears_and_is_forgotten_with_it(town: Town) -> None:
    assert town.state.procedures["I-1"] == ProcedureRun(incident_id="I-1")
    entry = town.happens(ev.IncidentNoted(incident_id="I-1", person="kim", text="x"))
    assert town.state.procedures["I-1"].heard == {"noted": entry.at_ns}
    town.happens(ev.ProcedureMoved(
        incident_id="I-1", procedure="fall@1.x", move="started", at_ns=entry.at_ns, who="rule:procedure"
    ))  # fmt: skip
    town.happens(ev.ProcedureMoved(
        incident_id="I-1", procedure="fall@1.x", move="stopped", at_ns=entry.at_ns, who="person:kim",
        answer="real", comment="a",
    ))  # fmt: skip
    town.happens(ev.IncidentClosed(incident_id="I-1", person="kim"))
    assert town.state.procedures["I-1"].heard == {"noted": entry.at_ns}  # it had ended
    seen = town.happens(
        ev.ProcedureNoticed(incident_id="I-1", desk="d", person="oh", until_ns=entry.at_ns)
    )  # fmt: skip
    assert [(one.seen_by, one.seen_ns) for one in town.state.procedures["I-1"].notices] == [
        ("oh", seen.at_ns)
    ]  # fmt: skip
    for number in range(KEEP_CLOSED):
        town.happens(ev.IncidentOpened(
            incident_id=f"J-{number}", type="fall", priority=4, place=PLACE, reason=WHY
        ))  # fmt: skip
    assert "I-1" not in town.state.procedures
    assert "I-2" in town.state.procedures


def called(outcome: str) -> ev.HandoffCalled:
    return ev.HandoffCalled(handoff_id="H1", call=PhoneCall(
        at_ns=S, called_at_ns=S, person="kim", name="desk", channel="phone", outcome=outcome
    ))  # fmt: skip


def test_what_a_partner_said_by_voice_counts_as_what_it_writes(town: Town) -> None:
    town.happens(queued("H1"))
    town.happens(called("no_answer"))
    assert town.heard() == set()
    town.happens(called("noted"))
    assert town.heard() == {"handoff_received", "handoff_received/KR-112"}
    town.happens(called("refused"))
    assert "handoff_rejected/KR-112" in town.heard()


def test_a_verdict_counts_until_it_is_taken_back(town: Town) -> None:
    town.happens(ev.IncidentVerified(incident_id="I-1", person="kim", verdict="false"))
    assert town.heard() == {"verified_false"}
    town.happens(ev.IncidentVerified(incident_id="I-1", person="kim", verdict="real", before="false"))
    assert town.heard() == {"verified_real"}
