"""Area acts: one question for everything in an area, each device answered for, taken back as one."""

from __future__ import annotations

from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from console.clock import SECOND_NS
from console.language import load_catalogue
from console.model import commands as do
from console.model import events as ev
from console.model import state as fold
from console.model.areaact import AreaAct, AreaOrder
from console.model.base import Position, Words, same_words
from console.model.control import Control, ControlChoice, ControlRange, ControlText
from console.model.device import Device
from console.profile.areaacts import AreaFigures, area_figures, area_km2
from console.rules.areaacts import AreaActRules, decide_areas_due
from console.rules.city import phrase_of
from console.rules.draft import NOTHING, Decision, Drafting, Refusal
from tests.fakes.town import place

PHRASE = phrase_of(load_catalogue())
START_NS = 1_774_000_000 * SECOND_NS
SQUARE = (
    Position(lat=37.270, lon=127.000), Position(lat=37.270, lon=127.010), Position(lat=37.280, lon=127.010),
    Position(lat=37.280, lon=127.000),
)  # fmt: skip
TOLD = AreaFigures(confirm_s=45.0, most_devices=6, most_km2=6.0, offers=())


def control(name: str, kind: str, **changes: object) -> Control:
    return Control(
        id=name, system="test", name=same_words(name), kinds=(kind,), source="test", answer_s=10.0,
        **{"roles": ("operator", "supervisor"), "dangerous": False, "automatic": True, **changes},  # type: ignore[arg-type]
    )  # fmt: skip


CONTROLS = {
    one.id: one for one in (
        control("lamp", "lamp", range=ControlRange(low=0, high=100, step=10, unit="%")),
        control("voice", "speaker", dangerous=True, warning=Words(en="All hear it.", ko="모두 듣습니다."),
                text=ControlText(lines=3, columns=60, charset="euc_kr")),
        control("way", "sign", automatic=False, choices=(ControlChoice(id="left", name=same_words("left")),)),
        control("plan", "signal", roles=("supervisor",),
                choices=(ControlChoice(id="night", name=same_words("night")),)),
    )
}  # fmt: skip


def device(name: str, kind: str, lat: float = 37.275) -> Device:
    return Device(
        id=name, kind=kind, system="test", owner="us", name=same_words(name), place=place(lat, 127.005, name),
        circuit="",
    )


DEVICES = {
    one.id: one for one in (
        device("L1", "lamp"), device("L2", "lamp"), device("S1", "speaker"), device("S2", "speaker"),
        device("G1", "sign"), device("T1", "signal"), device("L9", "lamp", lat=37.295),
    )
}  # fmt: skip
CITY = SimpleNamespace(
    controls=CONTROLS, devices=DEVICES,
    desks={"desk-1": SimpleNamespace(role="operator"), "super-1": SimpleNamespace(role="supervisor")},
)  # fmt: skip
LAMPS = AreaOrder(control="lamp", value="100", device_ids=("L1", "L2"))
VOICES = AreaOrder(control="voice", value="Leave now", device_ids=("S1", "S2"))


class Room:
    def __init__(self) -> None:
        self.state = fold.CityState()
        self.rules = AreaActRules(CITY, PHRASE, TOLD)  # type: ignore[arg-type]
        self.now, self.asked = START_NS, 0
        self.events: list[ev.AnyEvent] = []
        self.way(("lamp", "speaker", "sign", "signal"))

    def way(self, kinds: tuple[str, ...]) -> None:
        self.fold(ev.ControlWayChanged(gateway="field", up=True, kinds=kinds, devices=("*",)))

    def fold(self, event: ev.AnyEvent) -> None:
        entry = ev.Entry(
            run="r", seq=self.state.seq + 1, at_ns=self.now, cause=ev.Cause(actor="hub"), event=event
        )
        fold.apply(self.state, entry)

    def ask(self, command: do.Command, desk: str = "desk-1", person: str = "kim") -> Decision | Refusal:
        self.asked += 1
        request = do.Request(id=f"q{self.asked}", desk=desk, person=person, sent_ns=self.now, command=command)  # type: ignore[arg-type]
        cause = ev.Cause(actor=f"person:{person}", command_id=request.id, desk=desk)
        decide = self.rules.decide[type(command)]
        decided = decide(self.state, request, command, Drafting(cause), self.now)
        if isinstance(decided, Decision):
            self.events = [one.event for one in decided.drafts]
            for event in self.events:
                self.fold(event)
        return decided

    def order(self, *orders: AreaOrder, **who: str) -> Decision | Refusal:
        return self.ask(do.OrderArea(name="market", polygon=SQUARE, orders=orders), **who)

    @property
    def act(self) -> AreaAct:
        return list(self.state.area_acts.values())[-1]

    def confirm(self, **who: str) -> Decision | Refusal:
        return self.ask(do.ConfirmArea(act_id=self.act.id, token=self.act.token), **who)


def code(decided: Decision | Refusal) -> str:
    return decided.code if isinstance(decided, Refusal) else ""


@pytest.fixture
def room() -> Room:
    return Room()


def test_nothing_leaves_before_the_second_yes_and_then_all_of_it(room: Room):
    room.order(LAMPS, VOICES)
    assert [type(one) for one in room.events] == [ev.AreaActProposed]
    assert room.act.stage == "proposed"
    assert "lamp (2): 100 %" in room.act.summary.en
    assert room.act.warning.en == "All hear it."
    assert not room.state.control_orders
    room.confirm()
    assert room.act.stage == "ordered"
    assert room.act.order_ids == ("q1.1", "q1.2")
    sent = [one for one in room.events if isinstance(one, ev.ControlSent)]
    assert {one for each in sent for one in each.device_ids} == {"L1", "L2", "S1", "S2"}
    assert all(room.state.control_orders[one].token == "" for one in room.act.order_ids)


def test_only_the_person_who_asked_confirms_and_only_in_time(room: Room):
    room.order(LAMPS)
    assert code(room.confirm(desk="super-1", person="lee")) == "order_not_yours"
    assert code(room.confirm(person="park")) == "order_not_yours"
    assert code(room.ask(do.ConfirmArea(act_id=room.act.id, token="0"))) == "order_not_yours"
    room.now += 46 * SECOND_NS
    assert code(room.confirm()) == "confirm_too_late"
    (told,) = decide_areas_due(room.state, room.now).drafts
    room.fold(told.event)
    assert room.act.stage == "unconfirmed"
    assert decide_areas_due(room.state, room.now) == NOTHING
    assert code(room.confirm()) == "order_not_open"


def test_a_no_sends_nothing(room: Room):
    room.order(LAMPS)
    assert code(room.ask(do.CancelArea(act_id=room.act.id), desk="super-1")) == "order_not_yours"
    room.ask(do.CancelArea(act_id=room.act.id))
    assert room.act.stage == "cancelled"
    assert room.ask(do.CancelArea(act_id=room.act.id)) == NOTHING
    assert code(room.confirm()) == "order_not_open"
    assert not room.state.control_orders


def test_one_device_that_cannot_be_ordered_holds_up_none_of_the_others(room: Room):
    room.fold(
        ev.DeviceConditionChanged(device_id="L2", condition="out_of_service", why=same_words("painted"))
    )
    room.order(LAMPS, VOICES)
    assert room.act.parts[0].device_ids == ("L1",)
    assert [one.device_id for one in room.act.left_out] == ["L2"]
    assert "Left out: 1." in room.act.summary.en
    room.way(("lamp",))
    room.confirm()
    assert [one.device_ids for one in room.act.parts] == [("L1",)]
    assert {one.device_id for one in room.act.left_out} == {"L2", "S1", "S2"}


def test_an_act_that_reaches_nothing_is_refused_in_words(room: Room):
    room.way(())
    decided = room.order(LAMPS)
    assert isinstance(decided, Refusal)
    assert decided.code == "area_none"
    assert "No gateway that is connected reaches L1" in decided.reason.en


@pytest.mark.parametrize(
    ("orders", "wanted"),
    [
        ((AreaOrder(control="lamp", value="101", device_ids=("L1",)),), "bad_control_value"),
        ((AreaOrder(control="lamp", value="100", device_ids=("L9",)),), "area_outside"),
        ((AreaOrder(control="lamp", value="100", device_ids=("X",)),), "unknown_device"),
        ((AreaOrder(control="lamp", value="100", device_ids=("S1",)),), "area_none"),
        ((AreaOrder(control="none", value="1", device_ids=("L1",)),), "unknown_control"),
        ((AreaOrder(control="plan", value="night", device_ids=("T1",)),), "control_role"),
        ((LAMPS, LAMPS), "order_twice"),
        ((), "area_devices"),
        ((AreaOrder(control="lamp", value="100", device_ids=("L1",) * 7),), "area_devices"),
    ],
)
def test_what_cannot_be_asked_is_refused_and_said(room: Room, orders, wanted):
    assert code(room.order(*orders)) == wanted
    assert not room.state.area_acts


def test_an_area_of_half_the_city_or_of_crossing_lines_is_none(room: Room):
    wide = tuple(Position(lat=37 + (one.lat - 37) * 1.5, lon=127 + (one.lon - 127) * 30) for one in SQUARE)
    assert area_km2(SQUARE) == pytest.approx(0.98, rel=0.02)
    assert code(room.ask(do.OrderArea(name="x", polygon=wide, orders=(LAMPS,)))) == "area_too_large"
    bow = (SQUARE[0], SQUARE[2], SQUARE[1], SQUARE[3])
    assert code(room.ask(do.OrderArea(name="x", polygon=bow, orders=(LAMPS,)))) == "message_polygon"
    assert code(room.ask(do.OrderArea(name=" ", polygon=SQUARE, orders=(LAMPS,)))) == "bad_text"
    nowhere = (*SQUARE[:3], Position(lat=float("nan"), lon=127.0))
    assert code(room.ask(do.OrderArea(name="x", polygon=nowhere, orders=(LAMPS,)))) == "message_polygon"


def answer(room: Room, order_id: str) -> None:
    order = room.state.control_orders[order_id]
    room.fold(
        ev.ControlAnswered(
            order_id=order_id, device_ids=tuple(order.parts), outcome="done", words=same_words("done")
        )
    )


def test_an_act_is_taken_back_as_one_and_only_once(room: Room):
    room.order(LAMPS, VOICES, AreaOrder(control="way", value="left", device_ids=("G1",)))
    assert code(room.ask(do.TakeBackArea(act_id=room.act.id))) == "area_not_ordered"
    room.confirm()
    act = room.act
    for order_id in act.order_ids:
        answer(room, order_id)
    room.ask(do.TakeBackArea(act_id=act.id))
    back = room.act
    assert (back.takes_back, back.stage) == (act.id, "proposed")
    assert {one.control: one.value for one in back.parts} == {"lamp": "auto", "voice": "auto"}
    assert [one.device_id for one in back.left_out] == ["G1"], "its control has no value that takes it back"
    assert not room.state.area_acts[act.id].taken_back_by
    room.confirm()
    assert room.state.area_acts[act.id].taken_back_by == back.id
    assert code(room.ask(do.TakeBackArea(act_id=act.id))) == "area_taken_back"


def test_a_device_that_has_not_answered_yet_is_not_ordered_again(room: Room):
    room.order(LAMPS)
    room.confirm()
    assert code(room.order(LAMPS)) == "area_none"
    assert code(room.ask(do.TakeBackArea(act_id=room.act.id))) == "area_none"


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.sampled_from(["order", "confirm", "wrong", "cancel", "back", "late", "answer"]), max_size=20
    )
)
def test_every_order_that_left_was_confirmed_by_who_asked(steps):
    room = Room()
    for step in steps:
        acts = list(room.state.area_acts.values())
        if step == "order" or not acts:
            room.order(LAMPS, VOICES)
        elif step == "confirm":
            room.confirm()
        elif step == "wrong":
            room.confirm(desk="super-1", person="lee")
        elif step == "cancel":
            room.ask(do.CancelArea(act_id=acts[-1].id))
        elif step == "back":
            room.ask(do.TakeBackArea(act_id=acts[0].id))
        elif step == "answer":
            for order_id in tuple(room.state.control_orders):
                answer(room, order_id)
        else:
            room.now += 50 * SECOND_NS
            for one in decide_areas_due(room.state, room.now).drafts:
                room.fold(one.event)
    left = set(room.state.control_orders)
    confirmed = {
        order for act in room.state.area_acts.values() if act.stage == "ordered" for order in act.order_ids
    }
    assert left == confirmed


def test_the_offers_of_the_data_are_controls_with_values_that_can_be_ordered():
    from console.profile import load_profile
    from console.rules.controlvalue import read_value

    told = area_figures()
    for city in ("suwon", "glasgow"):
        profile = load_profile(city_file(city))
        for offer in told.offers:
            made = profile.controls.get(offer.control)
            if made is None:
                continue  # a city without that system
            value = offer.first(profile.country)
            if value:
                assert not isinstance(read_value(made, value, PHRASE), Words), (city, offer.control)


def city_file(city: str):
    from console.cityname import city_named

    return city_named(city)
