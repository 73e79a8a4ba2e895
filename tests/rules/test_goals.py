"""The year's goals: what the record says of each measure, and whether it is kept."""

from __future__ import annotations

import msgspec
import pytest

from console.clock import SECOND_NS
from console.model import events as ev
from console.model.base import Place, Position, same_words
from console.profile import Profile, load_profile
from console.profile.goals import Goal
from console.rules.goals import GoalFacts, is_met
from console.telemetry.availability import DOWN, UP, spent

WORDS = same_words("x")
PLACE = Place(name=WORDS, position=Position(lat=37.27, lon=127.0))
DAY_NS = 86_400 * SECOND_NS
GOAL = Goal(
    id="g", name=WORDS, measure="acknowledge_s", system="", incident_type="", at_least=False, target=30.0,
    year=2026, source="test",
)  # fmt: skip


@pytest.fixture(scope="module")
def suwon() -> Profile:
    return load_profile("suwon")


def figure(
    suwon: Profile, told: list[tuple[float, ev.AnyEvent]], measure: str, **other: object
) -> tuple[float | None, int]:
    facts = GoalFacts(suwon)
    for seq, (at_s, event) in enumerate(told, 1):
        facts.take(
            ev.Entry(
                run="r", seq=seq, at_ns=int(at_s * SECOND_NS), cause=ev.Cause(actor="hub"), event=event
            )
        )
    nothing = spent(len(suwon.columns.ids), (), (), (), 0, DAY_NS)
    goal = msgspec.structs.replace(GOAL, measure=measure, **other)
    return facts.figure(goal, nothing, 0, DAY_NS)


def incident(name: str, type_id: str = "emergency_bell", device: str = "BELL-0001") -> ev.IncidentOpened:
    return ev.IncidentOpened(
        incident_id=name, type=type_id, priority=1, place=PLACE, reason=WORDS, device_ids=(device,)
    )


def acknowledged(name: str) -> ev.IncidentAcknowledged:
    return ev.IncidentAcknowledged(incident_id=name, person="Kim")


def test_the_median_of_the_first_acknowledgements_counts(suwon: Profile) -> None:
    told = [
        (0.0, incident("A")), (1.0, incident("B")), (2.0, incident("C")), (4.0, acknowledged("A")),
        (9.0, acknowledged("B")), (50.0, acknowledged("A")), (100.0, acknowledged("C")),
    ]  # fmt: skip
    assert figure(suwon, told, "acknowledge_s") == (8.0, 3)
    assert figure(suwon, told, "acknowledge_s", incident_type="market_fire") == (None, 0)
    assert figure(suwon, told, "acknowledge_s", system="bells") == (8.0, 3)
    assert figure(suwon, told, "acknowledge_s", system="lighting") == (None, 0)


def test_the_share_of_incidents_that_were_none(suwon: Profile) -> None:
    told: list[tuple[float, ev.AnyEvent]] = []
    for name, outcome in (("A", "real"), ("B", "false"), ("C", "test"), ("D", "false")):
        told += [
            (1.0, incident(name)), (2.0, ev.IncidentResolved(incident_id=name, person="K", outcome=outcome))
        ]  # fmt: skip
    assert figure(suwon, told, "false_percent") == (50.0, 4)


def test_orders_count_by_device_and_a_silent_one_is_not_carried_out(suwon: Profile) -> None:
    order = ev.ControlOrdered(
        order_id="O", desk="d", person="K", control="lamp_dim", device_ids=("LAMP-0001", "LAMP-0002"),
        value="50", value_words=WORDS, summary=WORDS, answer_s=5.0,
    )  # fmt: skip
    told = [
        (0.0, order),
        (1.0, ev.ControlAnswered(order_id="O", device_ids=("LAMP-0001",), outcome="done", words=WORDS)),
        (9.0, ev.ControlTimedOut(order_id="O", device_ids=("LAMP-0002",), sent=True, words=WORDS)),
    ]  # fmt: skip
    assert figure(suwon, told, "controls_percent") == (50.0, 2)


def test_alarms_are_counted_by_the_day(suwon: Profile) -> None:
    moved = ev.AlarmMoved(
        alarm_id="LOT-0001/x", occurrence="LOT-0001/x@1", at_ns=1, before="A", after="B", stimulus="began",
        active=True, who="rule:x", priority=3, device_id="LOT-0001",
    )  # fmt: skip
    back = msgspec.structs.replace(moved, before="B", after="C", stimulus="acknowledge")
    assert figure(suwon, [(1.0, moved), (2.0, back), (3.0, moved)], "alarms_day") == (2.0, 2)


def test_a_receipt_counts_once_from_the_queueing(suwon: Profile) -> None:
    queued = ev.HandoffQueued(
        handoff_id="H", key="k", incident_id="A", agency="KR-112", revision=1, person="K", message_sha256="0"
    )
    received = ev.HandoffReceived(handoff_id="H", agency_ref="7")
    assert figure(suwon, [(1.0, queued), (1.5, received), (9.0, received)], "receipt_s") == (0.5, 1)


def test_availability_and_repair_are_those_of_the_system(suwon: Profile) -> None:
    facts, row = GoalFacts(suwon), suwon.columns.row_of["LAMP-0001"]
    worked = spent(len(suwon.columns.ids), (row, row), (0, DAY_NS // 4), (DOWN, UP), 0, DAY_NS)
    lamps = sum(one == "lighting" for one in (suwon.columns.kind_system[k] for k in suwon.columns.kind))
    goal = msgspec.structs.replace(GOAL, measure="availability_percent", system="lighting")
    value, devices = facts.figure(goal, worked, 0, DAY_NS)
    assert value == pytest.approx(100 * (1 - 0.25 / lamps)) and devices == lamps
    goal = msgspec.structs.replace(GOAL, measure="repair_h", system="lighting")
    assert facts.figure(goal, worked, 0, DAY_NS) == (6.0, 1)
    goal = msgspec.structs.replace(GOAL, measure="availability_percent", system="nothing")
    assert facts.figure(goal, worked, 0, DAY_NS) == (None, 0)


def test_a_floor_and_a_ceiling() -> None:
    assert is_met(GOAL, 30.0) is True and is_met(GOAL, 30.1) is False
    floor = msgspec.structs.replace(GOAL, at_least=True)
    assert is_met(floor, 30.0) is True and is_met(floor, 29.9) is False
    assert is_met(GOAL, None) is None
