"""Orders to devices through a real hub: on disk before they leave, once, and heard from whoever is there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from console.gateways.link import GatewayLink
from console.gateways.orders import answer
from console.model import commands as do
from console.model import events as ev
from console.model.base import same_words
from console.model.control import DeviceOrder, ServesControls
from console.wire.keys import ensure_peer_key
from tests.guards.waiting import until
from tests.hub.conftest import Desk, HubRoom

LAMPS = ServesControls(kinds=("street_lamp", "underpass_barrier"))


class Field:
    """A gateway that keeps what it is ordered and answers when the test says so."""

    def __init__(self, room: HubRoom, name: str = "field", **key: Any) -> None:
        self.orders: list[DeviceOrder] = []
        pair = ensure_peer_key(room.home, name, "gateway", **key)
        self.link = GatewayLink(
            room.home, pair, "field", room.profile.digest, room.clock, serves=LAMPS,
            on_order=self.orders.append,
        )
        self.link.start()
        room._ends.append(self.link.close)

    def say(self, order: DeviceOrder, outcome: Any = "done", number: int = 0) -> None:
        self.link.report(answer(order, order.device_ids, outcome, same_words("contactor closed"), number))


def stage(desk: Desk, order_id: str, device_id: str) -> Callable[[], str]:
    def now() -> str:
        order = desk.board.state.control_orders.get(order_id)
        return order.parts[device_id].stage if order is not None else ""

    return now


def ordered(desk: Desk, control: str, value: str, *devices: str) -> str:
    taken = desk.do(do.OrderControl(control=control, device_ids=devices, value=value))
    assert isinstance(taken, do.Accepted), taken
    return taken.id


def test_an_order_goes_out_and_its_answer_comes_back(room: HubRoom):
    room.start()
    desk, field = room.desk(), Field(room)
    desk.until(lambda: "field" in desk.board.state.control_ways, "the way to the field")
    order_id = ordered(desk, "lamp_dim", "50", "LAMP-0001", "LAMP-0002")
    until(lambda: field.orders, "the order")
    (order,) = field.orders
    assert (order.id, order.value, order.device_ids) == (order_id, "50", ("LAMP-0001", "LAMP-0002"))
    field.say(order)
    desk.until(lambda: stage(desk, order_id, "LAMP-0002")() == "done", "the answer")
    field.say(order, number=1)
    field.say(order, "failed", number=2)
    desk.until(lambda: stage(desk, order_id, "LAMP-0001")() == "failed", "the other answer")
    kinds = [type(one.event).__name__ for one in desk.board.news if "Control" in type(one.event).__name__]
    assert kinds[-4:] == ["ControlOrdered", "ControlSent", "ControlAnswered", "ControlAnsweredLate"]


def test_the_second_yes_sends_a_barrier_order_and_a_repeated_request_does_not_send_it_again(room: HubRoom):
    room.start()
    desk, field = room.desk(), Field(room)
    desk.until(lambda: "field" in desk.board.state.control_ways, "the way to the field")
    order_id = ordered(desk, "barrier", "close", "BAR-0001")
    desk.until(lambda: order_id in desk.board.state.control_orders, "the question")
    assert not field.orders
    yes = do.ConfirmControl(order_id=order_id, token=desk.board.state.control_orders[order_id].token)
    assert isinstance(desk.do(yes), do.Accepted)
    until(lambda: field.orders, "the order")
    refused = desk.do(yes)
    assert isinstance(refused, do.Refused) and refused.code == "order_not_open"
    assert len(field.orders) == 1


def test_nobody_there_is_said_at_once_and_a_gateway_that_goes_takes_its_way_with_it(room: HubRoom):
    room.start()
    desk = room.desk()
    answered = desk.do(do.OrderControl(control="lamp_dim", device_ids=("LAMP-0001",), value="50"))
    assert isinstance(answered, do.Refused) and answered.code == "control_no_way"
    field = Field(room)
    desk.until(lambda: "field" in desk.board.state.control_ways, "the way to the field")
    field.link.close()
    desk.until(lambda: "field" not in desk.board.state.control_ways, "the way to be gone")
    answered = desk.do(do.OrderControl(control="lamp_dim", device_ids=("LAMP-0001",), value="50"))
    assert isinstance(answered, do.Refused) and answered.code == "control_no_way"


def test_a_key_serves_and_answers_only_for_its_own_devices(room: HubRoom, expected_logs: Any):
    expected_logs("may not speak for LAMP-0002", 1)
    room.start()
    desk, field = room.desk(), Field(room, devices=("LAMP-0001",))
    desk.until(lambda: "field" in desk.board.state.control_ways, "the way to the field")
    answered = desk.do(do.OrderControl(control="lamp_dim", device_ids=("LAMP-0002",), value="50"))
    assert isinstance(answered, do.Refused) and answered.code == "control_no_way"
    order_id = ordered(desk, "lamp_dim", "50", "LAMP-0001")
    until(lambda: field.orders, "the order")
    other = msgspec.structs.replace(field.orders[0], device_ids=("LAMP-0002",))
    field.say(other)
    until(lambda: room.refused("not_permitted"), "the refusal")
    assert stage(desk, order_id, "LAMP-0001")() == "sent"


def test_what_a_gateway_says_wrongly_is_counted_and_changes_nothing(room: HubRoom, expected_logs: Any):
    expected_logs(r"Refused \((malformed|bad_fact)\)", 2)
    room.start()
    desk, field = room.desk(), Field(room)
    desk.until(lambda: "field" in desk.board.state.control_ways, "the way to the field")
    raw = room.raw("raw", "gateway")
    raw.send_multipart([b"S", b"\xff garbage"])
    raw.send_multipart([b"S", b"\xc1"])
    until(lambda: room.refused("malformed") >= 2, "the refusals")
    field.say(
        DeviceOrder(id="none", control="barrier", value="close", device_ids=("BAR-0001",), issued_ns=0,
                    expires_ns=0)
    )  # fmt: skip
    until(lambda: room.refused("bad_fact"), "the refusal")
    assert not desk.board.state.control_orders


def test_orders_survive_a_restart_are_not_sent_again_and_take_their_answer(room: HubRoom):
    room.start()
    desk, field = room.desk(), Field(room)
    desk.until(lambda: "field" in desk.board.state.control_ways, "the way to the field")
    order_id = ordered(desk, "lamp_dim", "50", "LAMP-0001")
    until(lambda: field.orders, "the order")
    room.stop()
    field.say(field.orders[0])
    room.start()
    desk.until(lambda: stage(desk, order_id, "LAMP-0001")() in ("done", "effective"), "the answer")
    assert len(field.orders) == 1
    desk.until(lambda: "field" in desk.board.state.control_ways, "the way to be said again")
    events = [one.event for one in desk.board.news if isinstance(one.event, ev.ControlSent)]
    assert len(events) == 1
