"""What alarms mean: the log's moves, the incidents they open, what silence says of a device, orders."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from console.clock import SECOND_NS
from console.model import commands as do
from console.model import events as ev
from console.model.state import CityState, apply, digest
from console.rules.alarm.city import Of
from console.rules.alarm.columns import Sort
from console.rules.alarm.decisions import AlarmDecisions
from console.rules.alarm.figures import load_alarm_figures
from console.rules.alarm.naming import About
from console.rules.alarm.transition import Moves, records
from console.rules.commands import CommandRules
from console.rules.draft import NOTHING, Decision, Draft, Refusal
from tests.fakes.messages import ToldMessages
from tests.fakes.town import DEVICES, Town, limit, triage
from tests.rules.alarm.town import at, bank, row, samples

LIMIT, SILENT, LINE = "GAUGE-1/depth_cm/close", "LAMP-1/silent", "LC-1/line"
TRIAGE, FIGURES = triage(), load_alarm_figures()
GAUGE, LAMP = DEVICES["GAUGE-1"], DEVICES["LAMP-1"]


class Alarms:
    """A limit, a device and its line."""

    def __init__(self) -> None:
        told = {"sort": Sort.TOLD, "point": -1}
        self.bank = bank(row(priority=2), row(**told), row(**told), plan={2: [1]})
        self.ids = [LIMIT, SILENT, LINE]

    def row(self, alarm_id: str) -> int | None:
        return self.ids.index(alarm_id) if alarm_id in self.ids else None

    def about(self, number: int) -> About:
        words = TRIAGE.phrase("reason.silent", en=("x",), ko=("x",))
        if number == 0:
            return About(
                of=Of.LIMIT, priority=2, place=GAUGE.place, text=limit().text, group="GAUGE-1",
                system="underpass", limit=limit(), point_index=0, device=GAUGE, device_ids=("GAUGE-1",),
                incident_type="flood",
            )  # fmt: skip
        if number == 1:
            return About(
                of=Of.DEVICE, priority=4, place=LAMP.place, text=words, group="LC-1", device=LAMP,
                device_ids=("LAMP-1",),
            )  # fmt: skip
        return About(
            of=Of.LINE, priority=3, place=LAMP.place, text=words, group="LC-1",
            device_ids=("LAMP-1", "LAMP-2"), incident_type="lamp_row",
        )  # fmt: skip


class Room:
    def __init__(self) -> None:
        self.state, self.alarms, self.now = CityState(run="r"), Alarms(), at(0)
        self.log: list[ev.Entry] = []
        self.rules = AlarmDecisions(TRIAGE, self.alarms, self.alarms, FIGURES)  # type: ignore[arg-type]
        self.commands = CommandRules(TRIAGE, ToldMessages(), alarms=self.rules)

    def fold(self, decision: Decision) -> list[str]:
        for draft in decision.drafts:
            entry = ev.Entry(
                run="r", seq=self.state.seq + 1, at_ns=self.now, cause=draft.cause, event=draft.event
            )
            self.log.append(entry)
            apply(self.state, entry)
        return [ev.kind_of(one.event) for one in decision.drafts]

    def settle(self, moves: list[Moves]) -> list[str]:
        """The kinds of entries, as the hub proposes them."""
        kinds = []
        for told in records(moves, self.alarms.ids.__getitem__):
            move = self.rules.said(self.state, told)
            kinds += self.fold(Decision((Draft(move, ev.Cause(actor="rule:x")),)))
            kinds += self.fold(self.rules.follows(self.state, move, self.now))
        return kinds

    def value(self, second: float, value: float) -> list[str]:
        self.now = at(second)
        return self.settle(self.alarms.bank.evaluate(samples((0, second, value))))

    def tell(self, number: int, present: bool, second: float) -> list[str]:
        self.now = at(second)
        return self.settle(self.alarms.bank.tell([number], present, self.now))

    def ask(self, command: do.Command, desk: str = "desk-1") -> list[str] | str:
        """The kinds of entries, or the code of the refusal."""
        request = do.Request(id="q", desk=desk, person="Kim", sent_ns=1, command=command)  # type: ignore[arg-type]
        decided = self.commands.decide(self.state, request, self.now)
        if isinstance(decided, Refusal):
            return decided.code
        kinds = self.fold(decided)
        for draft in decided.drafts:
            if isinstance(draft.event, ev.AlarmMoved):
                kinds += self.fold(self.rules.follows(self.state, draft.event, self.now))
        return kinds

    def letter(self, alarm_id: str) -> str:
        """The state the log amounts to, which is the bank's."""
        alarm = self.state.alarms.get(alarm_id)
        letter = alarm.state if alarm is not None else "A"
        assert letter == "ABCDEFGHI"[self.alarms.bank.state[self.alarms.ids.index(alarm_id)]]
        return letter


@pytest.fixture
def room() -> Room:
    return Room()


def test_a_limit_reached_is_an_alarm_and_its_incident_and_its_end_is_the_alarms_only(room):
    assert room.value(1, 17.2) == ["alarm.moved", "case.opened"]
    (incident,) = room.state.incidents.values()
    alarm = room.state.alarms[LIMIT]
    assert (alarm.incident_id, incident.alarm_ids) == (incident.id, (alarm.occurrence,))
    assert (alarm.text.ko, alarm.device_id, alarm.point_index) == ("즉시 통제", "GAUGE-1", 0)
    assert "17.2 cm" in incident.reasons[0].en and "≥ 15 cm" in incident.reasons[0].en
    assert room.value(2, 3.0) == ["alarm.moved"]
    assert room.letter(LIMIT) == "D"
    assert incident.stage == "new"


def test_an_alarm_that_chatters_makes_its_incident_no_longer(room):
    room.value(1, 17.0)
    first = room.state.alarms[LIMIT].occurrence
    for second in range(2, 20, 2):
        assert room.value(second, 3.0) == ["alarm.moved"]
        assert room.value(second + 1, 17.0) == ["alarm.moved"]
    (incident,) = room.state.incidents.values()
    assert (len(incident.reasons), room.state.alarms[LIMIT].occurrence) == (1, first)


def test_an_alarm_that_comes_again_after_its_incident_is_over_opens_another(room):
    room.value(1, 17.0)
    (incident,) = room.state.incidents
    resolve = do.ResolveIncident(incident_id=incident, outcome="real")
    assert room.ask(resolve) == ["incident.resolved", "alarm.moved"]
    room.value(2, 3.0)
    assert room.value(3, 18.0) == ["alarm.moved", "case.opened"]
    alarm = room.state.alarms[LIMIT]
    assert alarm.occurrence.endswith(f"@{at(3) // SECOND_NS}")
    assert alarm.incident_id != incident


def test_who_takes_an_incident_has_seen_its_alarms(room):
    room.value(1, 17.0)
    (incident,) = room.state.incidents
    assert room.ask(do.AcknowledgeIncident(incident_id=incident)) == ["incident.acknowledged", "alarm.moved"]
    assert room.letter(LIMIT) == "C"
    assert room.state.alarms[LIMIT].acknowledged_by == "Kim"
    assert room.value(2, 3.0) == ["alarm.moved"]
    assert room.letter(LIMIT) == "A"


def test_who_hands_an_incident_off_has_seen_its_alarms(room):
    room.value(1, 17.0)
    (incident,) = room.state.incidents
    kinds = room.ask(do.HandOffIncident(incident_id=incident, agency="KR-119"))
    assert kinds == ["handoff.drafted", "incident.acknowledged", "alarm.moved", "handoff.queued"]
    assert room.letter(LIMIT) == "C"


def test_a_shelved_alarm_comes_back_with_its_time_and_its_incident_only_then(room):
    shelve = do.ShelveAlarms(alarm_ids=(LIMIT,), for_s=600, reason="pump test")
    assert room.ask(shelve) == ["alarm.moved"]
    assert room.state.alarms[LIMIT].text.en == "Close at once", "the log says what was shelved"
    assert room.value(1, 17.0) == ["alarm.moved"]
    assert (room.letter(LIMIT), room.state.alarms[LIMIT].active) == ("G", True)
    assert not room.state.incidents
    room.now = at(601)
    assert room.settle(room.alarms.bank.look(room.now)) == ["alarm.moved", "case.opened"]
    assert room.letter(LIMIT) == "B"


def test_taking_it_off_the_shelf_shows_it_with_its_incident(room):
    room.ask(do.ShelveAlarms(alarm_ids=(LIMIT,), for_s=600, reason="pump test"))
    room.value(1, 17.0)
    assert room.ask(do.UnshelveAlarms(alarm_ids=(LIMIT,))) == ["alarm.moved", "case.opened"]


@pytest.mark.parametrize(
    ("command", "desk", "said"),
    [
        (do.ShelveAlarms(alarm_ids=(LIMIT,), for_s=7200, reason="r"), "desk-1", "alarm_shelf_time"),
        (do.ShelveAlarms(alarm_ids=(LIMIT,), for_s=7200, reason="r"), "desk-3", ["alarm.moved"]),
        (do.ShelveAlarms(alarm_ids=(LIMIT,), for_s=60, reason=" "), "desk-1", "alarm_reason"),
        (do.ShelveAlarms(alarm_ids=(LIMIT,), for_s=60, reason="r"), "nobody", "alarm_role"),
        (do.RemoveAlarms(alarm_ids=(LIMIT,), reason="exchange"), "desk-1", "alarm_role"),
        (do.RemoveAlarms(alarm_ids=(LIMIT,), reason="exchange"), "desk-3", ["alarm.moved"]),
        (do.ReturnAlarms(alarm_ids=(LIMIT,), reason="r"), "desk-3", "alarm_in_service"),
        (do.ResetAlarms(alarm_ids=(LIMIT,)), "desk-1", "alarm_not_latched"),
        (do.UnshelveAlarms(alarm_ids=(LIMIT, SILENT)), "desk-1", "alarm_not_shelved"),
        (do.AcknowledgeAlarms(alarm_ids=(LIMIT, "gone")), "desk-1", "unknown_alarm"),
        (do.AcknowledgeAlarms(alarm_ids=()), "desk-1", "alarm_rows"),
        (do.AcknowledgeAlarms(alarm_ids=(LIMIT,)), "desk-1", []),
        (do.AcknowledgeAlarm(alarm_id=LIMIT), "desk-1", "unknown_alarm"),
    ],
)  # fmt: skip
def test_orders_are_done_whole_or_refused_by_name(room, command, desk, said):
    assert room.ask(command, desk) == said


def test_one_order_acknowledges_many(room):
    room.value(1, 17.0)
    room.tell(1, True, 2)
    assert room.ask(do.AcknowledgeAlarms(alarm_ids=(LIMIT, SILENT))) == ["alarm.moved", "alarm.moved"]
    assert room.letter(LIMIT) + room.letter(SILENT) == "CC"
    assert room.ask(do.AcknowledgeAlarm(alarm_id=room.state.alarms[LIMIT].occurrence)) == []


def test_a_silent_device_is_down_and_up_again_when_it_speaks(room):
    assert room.tell(1, True, 1) == ["alarm.moved", "device.condition_changed"]
    assert room.state.devices["LAMP-1"].condition == "down"
    assert room.tell(1, False, 2) == ["alarm.moved", "device.condition_changed"]
    assert "LAMP-1" not in room.state.devices


def test_behind_a_dead_line_nobody_knows_how_a_device_is_and_the_line_is_the_incident(room):
    assert room.tell(2, True, 1) == ["alarm.moved", "case.opened", "alarm.moved"]
    (incident,) = room.state.incidents.values()
    assert (incident.type, incident.device_ids) == ("lamp_row", ("LAMP-1", "LAMP-2"))
    assert room.state.alarms[SILENT].cause_id == LINE
    assert room.tell(1, True, 2) == ["alarm.moved", "device.condition_changed"]
    assert (room.letter(SILENT), room.state.devices["LAMP-1"].condition) == ("H", "unknown")
    room.tell(2, False, 3)
    assert room.settle(room.alarms.bank.look(at(4))) == ["alarm.moved", "device.condition_changed"]
    assert (room.letter(SILENT), room.state.devices["LAMP-1"].condition) == ("B", "down")


def test_what_its_gateway_says_of_a_device_is_left_alone(room):
    told = ev.DeviceConditionChanged(device_id="LAMP-1", condition="degraded", why=limit().text)
    room.fold(Decision((Draft(told, ev.Cause(actor="gateway:x")),)))
    assert room.tell(1, True, 1) == ["alarm.moved"]
    assert room.tell(1, False, 2) == ["alarm.moved"]
    assert room.state.devices["LAMP-1"].condition == "degraded"


def test_what_is_decided_is_what_the_bank_holds(room):
    """The folded log and the bank say the same after anything at all."""
    room.value(1, 17.0)
    room.tell(2, True, 2)
    room.tell(1, True, 3)
    room.ask(do.ShelveAlarms(alarm_ids=(LIMIT,), for_s=60, reason="r"))
    room.ask(do.RemoveAlarms(alarm_ids=(LINE,), reason="r"), "desk-3")
    standing = {one.alarm_id: one for one in room.alarms.bank.standing(room.alarms.ids)}
    assert standing.keys() == room.state.alarms.keys()
    for name, one in standing.items():
        alarm = room.state.alarms[name]
        assert (alarm.state, alarm.active, alarm.holds, alarm.until_ns, alarm.raised_at_ns) == (
            one.state, one.active, one.holds, one.until_ns, one.raised_at_ns,
        )  # fmt: skip


ACTS = st.one_of(
    st.tuples(st.just("value"), st.sampled_from([3.0, 12.0, 17.0])),
    st.tuples(st.just("tell"), st.tuples(st.sampled_from([1, 2]), st.booleans())),
    st.tuples(st.just("wait"), st.sampled_from([1, 120, 4000])),
    st.tuples(
        st.just("ask"),
        st.builds(
            lambda kind, names: kind(tuple(names)),
            st.sampled_from(
                [
                    lambda ids: do.AcknowledgeAlarms(alarm_ids=ids),
                    lambda ids: do.ShelveAlarms(alarm_ids=ids, for_s=600, reason="r"),
                    lambda ids: do.UnshelveAlarms(alarm_ids=ids),
                    lambda ids: do.RemoveAlarms(alarm_ids=ids, reason="r"),
                    lambda ids: do.ReturnAlarms(alarm_ids=ids, reason="r"),
                    lambda ids: do.ResetAlarms(alarm_ids=ids),
                ]
            ),
            st.lists(st.sampled_from([LIMIT, SILENT, LINE]), min_size=1, max_size=3, unique=True),
        ),
    ),
)


@settings(max_examples=40, deadline=None)
@given(st.lists(ACTS, max_size=25))
def test_whatever_happens_the_log_amounts_to_what_the_bank_holds(acts):
    room, second = Room(), 0
    for what, told in acts:
        second += 1
        if what == "value":
            room.value(second, told)
        elif what == "tell":
            room.tell(*told, second)
        elif what == "wait":
            second += told
            room.now = at(second)
            room.settle(room.alarms.bank.look(room.now))
        else:
            room.now = at(second)
            room.ask(told, "desk-3")
        for name in room.alarms.ids:
            room.letter(name)
        for one in room.alarms.bank.standing(room.alarms.ids):
            alarm = room.state.alarms[one.alarm_id]
            assert (alarm.active, alarm.holds, alarm.until_ns, alarm.raised_at_ns) == (
                one.active, one.holds, one.until_ns, one.raised_at_ns,
            )  # fmt: skip
            assert alarm.state != "C" or alarm.acknowledged_by, "nobody is said to have seen what nobody saw"
            assert (alarm.shelf is not None) == bool(alarm.holds & 1)
    again = CityState(run="r")
    decoder = msgspec.msgpack.Decoder(ev.Entry)
    for entry in room.log:
        apply(again, decoder.decode(msgspec.msgpack.encode(entry)))
    assert digest(again) == digest(room.state), "the log alone says it all"


def test_an_order_that_changes_nothing_is_no_entry(room):
    assert room.rules.order(
        room.state,
        do.Request(
            id="q", desk="desk-1", person="Kim", sent_ns=1, command=do.AcknowledgeAlarms(alarm_ids=(LIMIT,))
        ),
        room.now,
    ) is NOTHING  # fmt: skip


def test_a_hub_without_alarms_refuses_orders_about_them():
    rules = CommandRules(triage(), ToldMessages())
    request = do.Request(
        id="q", desk="desk-1", person="Kim", sent_ns=1, command=do.AcknowledgeAlarms(alarm_ids=(LIMIT,))
    )
    refused = rules.decide(CityState(), request, 1)
    assert isinstance(refused, Refusal) and refused.code == "alarm_rows"


def test_the_town_has_what_these_tests_name():
    assert {"GAUGE-1", "LAMP-1"} <= set(Town.devices)
