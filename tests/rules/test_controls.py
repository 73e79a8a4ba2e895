"""Orders to devices: who may, asked twice, sent once, and ended in every case."""

from __future__ import annotations

import math
from collections import Counter
from types import SimpleNamespace
from typing import ClassVar

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from console.clock import SECOND_NS
from console.language import load_catalogue
from console.model import commands as do
from console.model import events as ev
from console.model import state as fold
from console.model.base import Words, same_words
from console.model.control import (
    WAITING,
    Control,
    ControlChoice,
    ControlEffect,
    ControlRange,
    ControlText,
    standing_key,
)
from console.model.device import Device
from console.model.fact import ControlAnswerSeen
from console.rules.city import phrase_of
from console.rules.controls import (
    ControlFigures,
    ControlRules,
    decide_answer,
    decide_due,
    decide_effects,
    device_order,
)
from console.rules.controlvalue import Ordered, read_value
from console.rules.draft import NOTHING, Decision, Drafting, Refusal
from tests.fakes.town import place

PHRASE = phrase_of(load_catalogue())
START_NS = 1_774_000_000 * SECOND_NS
EVERYBODY = ("operator", "supervisor")


def control(name: str, kind: str, **changes: object) -> Control:
    told = Control(
        id=name, system="test", name=same_words(name), kinds=(kind,), roles=EVERYBODY, dangerous=False,
        answer_s=10.0, source="test",
    )
    return msgspec.structs.replace(told, **changes)


LAMP = control(
    "lamp", "street_lamp", automatic=True,
    range=ControlRange(low=0, high=100, step=10, unit="%", tolerance=5),
    effect=ControlEffect(quantity="dim", within_s=30.0),
)  # fmt: skip
BARRIER = control(
    "barrier", "barrier", dangerous=True, warning=Words(en="Cars stop.", ko="차량이 멈춥니다."),
    choices=(
        ControlChoice(id="close", name=Words(en="close", ko="닫기"), effect=(0.5, 1.0)),
        ControlChoice(id="open", name=Words(en="open", ko="열기"), effect=(0.0, 0.4)),
    ),
    effect=ControlEffect(quantity="closed", within_s=30.0),
)  # fmt: skip
PLAN = control(
    "plan", "signal", dangerous=True, roles=("supervisor",), warning=same_words("Queues move."),
    choices=(ControlChoice(id="night", name=same_words("night")),),
)  # fmt: skip
SIGN = control("sign", "sign", text=ControlText(lines=2, columns=10, charset="euc_kr"))
CONTROLS = {one.id: one for one in (LAMP, BARRIER, PLAN, SIGN)}


def device(name: str, kind: str) -> Device:
    return Device(
        id=name, kind=kind, system="test", owner="us", name=Words(en=f"The {name}", ko=name), place=place()
    )


class Town:
    controls = CONTROLS
    devices: ClassVar[dict[str, Device]] = {
        one.id: one
        for one in (
            *(device(f"LAMP-{n}", "street_lamp") for n in range(1, 7)), device("BAR-1", "barrier"),
            device("BAR-2", "barrier"), device("SIG-1", "signal"), device("VMS-1", "sign"),
        )
    }
    desks: ClassVar[dict[str, SimpleNamespace]] = {
        "desk-1": SimpleNamespace(role="operator"), "super-1": SimpleNamespace(role="supervisor"),
    }  # fmt: skip


KIND_DEVICES = {"lamp": "LAMP-1", "barrier": "BAR-1", "plan": "SIG-1", "sign": "VMS-1"}
VALUES = {"lamp": "70", "barrier": "close", "plan": "night", "sign": "우회"}


class Hub:
    """The rules with a log and a clock; what would leave is kept in `left`."""

    def __init__(self, ways: dict[str, tuple[str, ...]] | None = None) -> None:
        self.state = fold.CityState()
        self.now = START_NS
        self.log: list[ev.AnyEvent] = []
        self.left: list[tuple[str, str]] = []
        self.rules = ControlRules(Town(), PHRASE, ControlFigures(confirm_s=30.0, most_devices=6))  # type: ignore[arg-type]
        self.numbers = 0
        kinds = ("street_lamp", "barrier", "signal", "sign")
        for gateway, patterns in (ways if ways is not None else {"field": ("*",)}).items():
            self.commit(
                ev.ControlWayChanged(gateway=gateway, up=True, kinds=kinds, devices=patterns)
            )

    def commit(self, *events: ev.AnyEvent) -> None:
        for event in events:
            entry = ev.Entry(
                run="r", seq=self.state.seq + 1, at_ns=self.now, cause=ev.Cause(actor="test"), event=event
            )
            fold.apply(self.state, entry)
            self.log.append(event)
            if isinstance(event, ev.ControlSent):
                order = device_order(self.state.control_orders[event.order_id], event, entry.at_ns)
                self.left += [(order.id, one) for one in order.device_ids]

    def take(self, decision: Decision) -> None:
        self.commit(*(one.event for one in decision.drafts))

    def ask(self, command: do.AnyCommand, desk: str = "desk-1", person: str = "Kim") -> Refusal | str:
        """The order's id (the request's), or the refusal."""
        self.numbers += 1
        request = do.Request(
            id=f"R{self.numbers}", desk=desk, person=person, sent_ns=self.now, command=command
        )
        draft = Drafting(ev.Cause(actor=f"person:{person}"))
        decided = self.rules.decide[type(command)](self.state, request, command, draft, self.now)
        if isinstance(decided, Refusal):
            return decided
        self.take(decided)
        return request.id

    def order(self, name: str, *devices: str, value: str = "", desk: str = "desk-1") -> Refusal | str:
        return self.ask(
            do.OrderControl(
                control=name, device_ids=devices or (KIND_DEVICES[name],), value=value or VALUES[name]
            ),
            desk,
        )

    def answer(self, order_id: str, *devices: str, outcome: str = "done", gateway: str = "field") -> object:
        fact = ControlAnswerSeen(
            uid="u", order_id=order_id, device_ids=devices, outcome=outcome, words=same_words("said")  # type: ignore[arg-type]
        )
        decided = decide_answer(self.state, gateway, fact)
        if isinstance(decided, Decision):
            self.take(decided)
        return decided

    def due(self) -> None:
        self.take(decide_due(self.state, PHRASE, self.now))

    def stage(self, order_id: str, device_id: str) -> str:
        return self.state.control_orders[order_id].parts[device_id].stage


def refused(what: object) -> str:
    assert isinstance(what, Refusal), what
    assert what.reason.en and what.reason.ko and "{" not in what.reason.en + what.reason.ko
    return what.code


def test_a_harmless_order_leaves_at_once_and_ends_with_the_devices_own_answer():
    hub = Hub()
    order = hub.order("lamp", "LAMP-1", "LAMP-2")
    assert isinstance(order, str) and hub.left == [(order, "LAMP-1"), (order, "LAMP-2")]
    hub.answer(order, "LAMP-1")
    hub.answer(order, "LAMP-2", outcome="refused")
    assert (hub.stage(order, "LAMP-1"), hub.stage(order, "LAMP-2")) == ("done", "refused")
    assert hub.state.controls[standing_key("LAMP-2", "lamp")].part.words == same_words("said")


def test_a_dangerous_order_says_what_will_happen_and_leaves_only_after_a_second_yes():
    hub = Hub()
    order = hub.order("barrier", "BAR-1", "BAR-2")
    assert isinstance(order, str)
    asked = hub.state.control_orders[order]
    assert asked.summary.en == "barrier: close, at The BAR-1, The BAR-2."
    assert asked.warning == BARRIER.warning
    assert not hub.left and asked.confirm_by_ns == START_NS + 30 * SECOND_NS
    wrong = do.ConfirmControl(order_id=order, token="no")
    right = do.ConfirmControl(order_id=order, token=asked.token)
    assert refused(hub.ask(wrong)) == "order_not_yours"
    assert refused(hub.ask(right, person="Lee")) == "order_not_yours"
    assert refused(hub.ask(right, desk="super-1")) == "order_not_yours"
    assert isinstance(hub.ask(right), str) and len(hub.left) == 2
    assert refused(hub.ask(right)) == "order_not_open"
    assert len(hub.left) == 2


def test_a_second_yes_after_its_time_sends_nothing():
    hub = Hub()
    order = hub.order("barrier")
    assert isinstance(order, str)
    hub.now += 30 * SECOND_NS
    token = hub.state.control_orders[order].token
    assert refused(hub.ask(do.ConfirmControl(order_id=order, token=token))) == "confirm_too_late"
    hub.due()
    assert hub.stage(order, "BAR-1") == "silent" and not hub.left


def test_an_order_can_be_cancelled_until_it_is_confirmed():
    hub = Hub()
    order = hub.order("barrier")
    assert isinstance(order, str)
    assert refused(hub.ask(do.CancelControl(order_id=order), desk="super-1")) == "order_not_yours"
    assert isinstance(hub.ask(do.CancelControl(order_id=order)), str)
    assert isinstance(hub.ask(do.CancelControl(order_id=order)), str), "twice is once"
    assert hub.stage(order, "BAR-1") == "cancelled" and not hub.left
    sent = hub.order("lamp")
    assert isinstance(sent, str)
    assert refused(hub.ask(do.CancelControl(order_id=sent))) == "order_sent"


@pytest.mark.parametrize(
    ("command", "desk", "code"),
    [
        (do.OrderControl(control="none", device_ids=("LAMP-1",), value="70"), "desk-1", "unknown_control"),
        (do.OrderControl(control="plan", device_ids=("SIG-1",), value="night"), "desk-1", "control_role"),
        (do.OrderControl(control="lamp", device_ids=("LAMP-1",), value="70"), "nowhere", "control_role"),
        (do.OrderControl(control="lamp", device_ids=(), value="70"), "desk-1", "order_size"),
        (do.OrderControl(control="lamp", device_ids=("LAMP-1",) * 7, value="70"), "desk-1", "order_size"),
        (
            do.OrderControl(control="lamp", device_ids=("LAMP-1", "LAMP-1"), value="70"), "desk-1",
            "order_twice",
        ),
        (do.OrderControl(control="lamp", device_ids=("LAMP-9",), value="70"), "desk-1", "unknown_device"),
        (do.OrderControl(control="lamp", device_ids=("BAR-1",), value="70"), "desk-1", "control_kind"),
        (do.OrderControl(control="lamp", device_ids=("LAMP-1",), value="75"), "desk-1", "bad_control_value"),
        (
            do.OrderControl(control="lamp", device_ids=("LAMP-1",), value="70", incident_id="I-9"), "desk-1",
            "unknown_incident",
        ),
        (do.ConfirmControl(order_id="none", token=""), "desk-1", "unknown_order"),
        (do.CancelControl(order_id="none"), "desk-1", "unknown_order"),
    ],
)  # fmt: skip
def test_what_cannot_be_ordered_is_refused_in_words(command: do.AnyCommand, desk: str, code: str):
    hub = Hub()
    before = len(hub.log)
    assert refused(hub.ask(command, desk)) == code
    assert len(hub.log) == before and not hub.left


def test_nobody_serves_means_refused_at_once_and_a_gateway_that_left_serves_nothing():
    hub = Hub(ways={"lamps": ("LAMP-*",)})
    assert refused(hub.order("barrier")) == "control_no_way"
    assert isinstance(hub.order("lamp"), str)
    hub.commit(ev.ControlWayChanged(gateway="lamps", up=False))
    assert refused(hub.order("lamp", "LAMP-2")) == "control_no_way"


def test_a_way_that_is_gone_when_the_second_yes_comes_sends_nothing():
    hub = Hub()
    order = hub.order("barrier")
    assert isinstance(order, str)
    hub.commit(ev.ControlWayChanged(gateway="field", up=False))
    token = hub.state.control_orders[order].token
    assert refused(hub.ask(do.ConfirmControl(order_id=order, token=token))) == "control_no_way"


def test_one_order_goes_by_all_the_gateways_it_needs_to_each_for_its_own():
    hub = Hub(ways={"east": ("LAMP-1", "LAMP-2"), "west": ("LAMP-3",)})
    order = hub.order("lamp", "LAMP-1", "LAMP-2", "LAMP-3")
    assert isinstance(order, str)
    sent = {one.gateway: one.device_ids for one in hub.log if isinstance(one, ev.ControlSent)}
    assert sent == {"east": ("LAMP-1", "LAMP-2"), "west": ("LAMP-3",)}
    assert isinstance(hub.answer(order, "LAMP-1", gateway="west"), str), "not what it was sent to"
    assert isinstance(hub.answer(order, "LAMP-3", gateway="west"), Decision)


def test_a_device_that_waits_for_an_answer_takes_no_second_order():
    hub = Hub()
    assert isinstance(hub.order("lamp"), str)
    assert refused(hub.order("lamp", value="100")) == "control_busy"
    hub.now += 10 * SECOND_NS
    hub.due()
    assert isinstance(hub.order("lamp", value="100"), str)


def test_a_device_out_of_service_is_left_alone():
    hub = Hub()
    hub.commit(
        ev.DeviceConditionChanged(device_id="BAR-1", condition="out_of_service", why=same_words("repair"))
    )
    assert refused(hub.order("barrier")) == "control_out_of_service"


def test_no_answer_is_told_as_unknown_and_one_that_comes_later_changes_it():
    hub = Hub()
    order = hub.order("lamp")
    assert isinstance(order, str)
    hub.now += 10 * SECOND_NS - 1
    hub.due()
    assert hub.stage(order, "LAMP-1") == "sent"
    hub.now += 1
    hub.due()
    part = hub.state.control_orders[order].parts["LAMP-1"]
    assert part.stage == "silent" and part.words is not None and "not known" in part.words.en
    hub.answer(order, "LAMP-1")
    part = hub.state.control_orders[order].parts["LAMP-1"]
    assert part.stage == "done" and part.late
    assert isinstance(hub.log[-1], ev.ControlAnsweredLate)


def test_the_same_answer_twice_is_one_and_another_answer_is_on_the_record():
    hub = Hub()
    order = hub.order("lamp")
    assert isinstance(order, str)
    hub.answer(order, "LAMP-1")
    entries = len(hub.log)
    assert hub.answer(order, "LAMP-1") == NOTHING and len(hub.log) == entries
    hub.answer(order, "LAMP-1", outcome="failed")
    assert isinstance(hub.log[-1], ev.ControlAnsweredLate) and hub.stage(order, "LAMP-1") == "failed"


@pytest.mark.parametrize(
    ("value", "age_s", "after_s", "stage"),
    [
        (70.0, 1.0, 5.0, "effective"), (74.9, 1.0, 5.0, "effective"), (70.0, -60.0, 5.0, "done"),
        (70.0, -60.0, 31.0, "effective"), (20.0, 1.0, 5.0, "done"), (20.0, 1.0, 31.0, "ineffective"),
        (math.nan, 0.0, 5.0, "done"), (math.nan, 0.0, 31.0, "ineffective"),
    ],
)  # fmt: skip
def test_done_is_believed_when_it_is_measured(value: float, age_s: float, after_s: float, stage: str):
    """`age_s`: how long after the answer the value was taken (negative: before it)."""
    hub = Hub()
    order = hub.order("lamp")
    assert isinstance(order, str)
    hub.answer(order, "LAMP-1")
    taken_ns = hub.now + int(age_s * SECOND_NS)
    hub.now += int(after_s * SECOND_NS)
    hub.take(decide_effects(hub.state, PHRASE, hub.now, lambda device, quantity: (value, taken_ns)))
    assert hub.stage(order, "LAMP-1") == stage
    assert hub.state.control_orders[order].unsettled == (stage == "done")


def test_a_newer_order_ends_the_wait_for_an_effect_of_the_older():
    hub = Hub()
    first = hub.order("lamp")
    assert isinstance(first, str)
    hub.answer(first, "LAMP-1")
    second = hub.order("lamp", value="auto")
    assert isinstance(second, str)
    assert hub.stage(first, "LAMP-1") == "replaced"
    assert hub.state.control_orders[second].effect is None, "nobody knows what automatic makes of it"


@given(st.text(max_size=40))
def test_any_text_is_a_value_in_its_one_form_or_refused_in_words(text: str):
    for one in CONTROLS.values():
        read = read_value(one, text, PHRASE)
        if isinstance(read, Ordered):
            again = read_value(one, read.value, PHRASE)
            assert isinstance(again, Ordered) and again.value == read.value
        else:
            assert read.en and read.ko


@pytest.mark.parametrize(
    ("told", "value"),
    [("70", "70"), ("70.0", "70"), (" 70", "70"), ("1e2", "100"), ("0", "0"), ("auto", "auto")],
)
def test_a_number_has_one_form(told: str, value: str):
    read = read_value(LAMP, told, PHRASE)
    assert isinstance(read, Ordered) and read.value == value


@pytest.mark.parametrize("told", ["", "nan", "inf", "-10", "110", "75", "7O", "٧٠", "1" * 40])
def test_what_is_no_number_of_the_range_is_refused(told: str):
    assert isinstance(read_value(LAMP, told, PHRASE), Words)


@pytest.mark.parametrize(
    ("told", "fine"),
    [
        ("우회하세요\n침수", True), ("열한글자로된문구는길다", False), ("a\nb\nc", False), ("☃", False),
        ("a\tb", False),
    ],
)
def test_a_sign_shows_only_what_it_can(told: str, fine: bool):
    assert isinstance(read_value(SIGN, told, PHRASE), Ordered) == fine


class Orders(RuleBasedStateMachine):
    """Whatever persons, devices and time do: once, by right, asked twice, and ended."""

    @initialize()
    def begin(self) -> None:
        self.hub = Hub()
        self.confirmed: set[str] = set()
        self.orders: list[str] = []

    @rule(
        name=st.sampled_from(sorted(CONTROLS)), desk=st.sampled_from(["desk-1", "super-1", "nowhere"]),
        value=st.sampled_from(["70", "auto", "close", "open", "night", "우회", "x"]),
        devices=st.lists(st.sampled_from(sorted(Town.devices)), min_size=0, max_size=3).map(tuple),
    )
    def order(self, name: str, desk: str, value: str, devices: tuple[str, ...]) -> None:
        made = self.hub.ask(do.OrderControl(control=name, device_ids=devices, value=value), desk)
        if isinstance(made, str):
            self.orders.append(made)
            assert Town.desks[desk].role in CONTROLS[name].roles

    @precondition(lambda self: self.orders)
    @rule(data=st.data(), right=st.booleans(), desk=st.sampled_from(["desk-1", "super-1"]))
    def confirm(self, data: st.DataObject, right: bool, desk: str) -> None:
        order_id = data.draw(st.sampled_from(self.orders))
        token = self.hub.state.control_orders[order_id].token if right else "guess"
        if isinstance(self.hub.ask(do.ConfirmControl(order_id=order_id, token=token), desk), str):
            assert right and order_id not in self.confirmed
            self.confirmed.add(order_id)

    @precondition(lambda self: self.orders)
    @rule(data=st.data(), desk=st.sampled_from(["desk-1", "super-1"]))
    def cancel(self, data: st.DataObject, desk: str) -> None:
        self.hub.ask(do.CancelControl(order_id=data.draw(st.sampled_from(self.orders))), desk)

    @precondition(lambda self: self.orders)
    @rule(data=st.data(), outcome=st.sampled_from(["done", "refused", "failed", "unclear"]))
    def answer(self, data: st.DataObject, outcome: str) -> None:
        order_id = data.draw(st.sampled_from(self.orders))
        devices = data.draw(st.sampled_from(sorted(self.hub.state.control_orders[order_id].parts)))
        self.hub.answer(order_id, devices, outcome=outcome)

    @rule(seconds=st.sampled_from([1, 9, 31]))
    def wait(self, seconds: int) -> None:
        self.hub.now += seconds * SECOND_NS
        self.hub.due()
        self.hub.take(
            decide_effects(self.hub.state, PHRASE, self.hub.now, lambda *_: (70.0, self.hub.now))
        )

    @rule(up=st.booleans())
    def way(self, up: bool) -> None:
        kinds = ("street_lamp", "barrier", "signal", "sign")
        self.hub.commit(ev.ControlWayChanged(gateway="field", up=up, kinds=kinds, devices=("*",)))

    @invariant()
    def each_leaves_at_most_once(self) -> None:
        if hasattr(self, "hub"):
            assert max(Counter(self.hub.left).values(), default=0) <= 1

    @invariant()
    def nothing_dangerous_left_without_two_yes(self) -> None:
        if not hasattr(self, "hub"):
            return
        for order_id, _ in self.hub.left:
            order = self.hub.state.control_orders[order_id]
            assert Town.desks[order.desk].role in CONTROLS[order.control].roles
            assert not CONTROLS[order.control].dangerous or order_id in self.confirmed

    @invariant()
    def at_most_one_order_of_a_control_waits_at_a_device(self) -> None:
        if not hasattr(self, "hub"):
            return
        waiting = Counter(
            (order.control, device_id)
            for order in self.hub.state.control_orders.values()
            for device_id, part in order.parts.items()
            if part.stage in WAITING
        )
        assert max(waiting.values(), default=0) <= 1

    def teardown(self) -> None:
        if not hasattr(self, "hub"):
            return
        self.hub.now += 40 * SECOND_NS
        self.hub.due()
        self.hub.now += 40 * SECOND_NS
        self.hub.take(
            decide_effects(self.hub.state, PHRASE, self.hub.now, lambda *_: (math.nan, 0))
        )
        for order in self.hub.state.control_orders.values():
            assert not order.unsettled, "every order ends"
        replayed = fold.CityState()
        for number, event in enumerate(self.hub.log, 1):
            entry = ev.Entry(run="r", seq=number, at_ns=0, cause=ev.Cause(actor="t"), event=event)
            fold.apply(replayed, entry)
        assert {one: order.parts.keys() for one, order in replayed.control_orders.items()} == {
            one: order.parts.keys() for one, order in self.hub.state.control_orders.items()
        }


TestOrders = Orders.TestCase
TestOrders.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)
