"""Disaster messages and area acts through a real hub: two desks, a real end point, a real gateway."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from console.broadcast.approvers import set_code
from console.handoff.cap import parse
from console.model import commands as do
from console.model import events as ev
from console.model.areaact import AreaOrder
from console.model.base import Position, Words
from console.model.message import DisasterMessage, MessageArea, MessageContent
from tests.fakes.endpoint import EndPoint
from tests.hub.conftest import Desk, HubRoom
from tests.hub.test_controls import Field

FIRE = Words(en="[Suwon City] Fire at the market. Leave.", ko="[수원시] 시장 화재 발생. 대피하십시오.")


@pytest.fixture
def end(tmp_path: Path, room: HubRoom) -> Iterator[EndPoint]:
    made = EndPoint(tmp_path / "end")
    room.home.mkdir(exist_ok=True)
    (room.home / "outlets.toml").write_text(
        f'[outlets.cbs]\nurl = "{made.url}"\nca = "{made.certificate}"\n[outlets.archive]\nfolder = "cap"\n',
        "utf-8",
    )
    yield made
    made.close()


def draft(desk: Desk, **changes: object) -> DisasterMessage:
    told = {"level": "emergency", "text": FIRE, "area": MessageArea(), "valid_min": 60, **changes}
    taken = desk.do(do.DraftMessage(content=MessageContent(**told)))  # type: ignore[arg-type]
    assert isinstance(taken, do.Accepted), taken
    desk.until(lambda: taken.id in desk.board.state.messages, "the draft")
    return desk.board.state.messages[taken.id]


def approve(desk: Desk, message: DisasterMessage, **more: str) -> do.Answer:
    return desk.do(do.ApproveMessage(message_id=message.id, digest=message.digest, **more))


def stages(desk: Desk, message: DisasterMessage) -> dict[str, str]:
    now = desk.board.state.messages.get(message.id)
    return {name: way.stage for name, way in now.ways.items()} if now is not None else {}


DONE = {"cbs": "received", "archive": "received"}


def test_a_message_of_two_persons_is_received_everywhere_once_and_cancelled_after(
    room: HubRoom, end: EndPoint
):
    room.start()
    desk, boss = room.desk("desk-1", "Kim"), room.desk("super-1", "Lee")
    desk.until(lambda: set(desk.board.state.outlets) == {"cbs", "archive"}, "the outlets")
    message = draft(desk)
    assert isinstance(approve(desk, message), do.Refused)
    boss.until(lambda: message.id in boss.board.state.messages, "the draft at the other desk")
    end.behave.extend(["busy", "lose"])
    assert isinstance(approve(boss, message), do.Accepted)
    desk.until(lambda: stages(desk, message) == DONE, "both outlets", 20)
    sent = desk.board.state.messages[message.id]
    assert len(end.taken) == 1
    assert parse(end.bodies[-1]).identifier == sent.identifier
    assert (room.home / "cap" / f"{sent.identifier}.xml").read_bytes() == end.bodies[-1]
    cancel = draft(desk, kind="cancel", replaces=message.id, level="advisory")
    assert isinstance(approve(boss, cancel), do.Accepted)
    desk.until(lambda: stages(desk, cancel) == DONE, "the cancellation", 20)
    assert parse(end.bodies[-1]).references == sent.reference


def test_at_one_desk_a_code_makes_the_second_person_and_a_wrong_one_is_on_the_record(
    room: HubRoom, end: EndPoint
):
    set_code(room.home, "Lee Yuna", "402711")
    room.start()
    desk = room.desk("desk-1", "Kim")
    desk.until(lambda: len(desk.board.state.outlets) == 2, "the outlets")
    message = draft(desk)
    wrong = approve(desk, message, approver="Lee Yuna", code="111222")
    assert isinstance(wrong, do.Refused)
    assert wrong.code == "message_code"
    failed = ev.MessageApprovalFailed
    desk.until(lambda: any(isinstance(one.event, failed) for one in desk.board.news), "the entry")
    assert isinstance(approve(desk, message, approver="Lee Yuna", code="402711"), do.Accepted)
    desk.until(lambda: stages(desk, message) == DONE, "both outlets", 20)
    assert b"402711" not in b"".join(one.read_bytes() for one in (room.home / "ledger").iterdir())


def test_what_was_owed_when_the_hub_died_is_given_by_the_next_one(room: HubRoom, end: EndPoint):
    end.behave.extend(["busy"] * 200)
    room.start()
    desk, boss = room.desk("desk-1", "Kim"), room.desk("super-1", "Lee")
    boss.until(lambda: len(boss.board.state.outlets) == 2, "the outlets")
    message = draft(desk)
    boss.until(lambda: message.id in boss.board.state.messages, "the draft at the other desk")
    assert isinstance(approve(boss, message), do.Accepted)
    desk.until(lambda: stages(desk, message).get("archive") == "received", "the file")
    room.stop()
    first = end.bodies[0]
    end.behave.clear()
    room.start()
    desk.until(lambda: stages(desk, message) == DONE, "the rest", 20)
    assert end.bodies[-1] == first, "the same bytes"
    assert len(end.taken) == 1


def test_an_area_act_goes_to_every_device_and_comes_back_as_one(room: HubRoom):
    room.start()
    desk, field = room.desk(), Field(room)
    desk.until(lambda: "field" in desk.board.state.control_ways, "the way to the field")
    lamps = ("LAMP-0001", "LAMP-0002")
    places = [room.profile.devices[one].place.position for one in lamps]
    around = 0.002
    south, north = min(one.lat for one in places) - around, max(one.lat for one in places) + around
    west, east = min(one.lon for one in places) - around, max(one.lon for one in places) + around
    corners = ((south, west), (south, east), (north, east), (north, west))
    square = tuple(Position(lat=lat, lon=lon) for lat, lon in corners)
    order = AreaOrder(control="lamp_dim", value="100", device_ids=lamps)
    asked = desk.do(do.OrderArea(name="the lane", polygon=square, orders=(order,)))
    assert isinstance(asked, do.Accepted), asked
    desk.until(lambda: asked.id in desk.board.state.area_acts, "the act")
    assert not field.orders
    act = desk.board.state.area_acts[asked.id]
    assert isinstance(desk.do(do.ConfirmArea(act_id=act.id, token=act.token)), do.Accepted)
    desk.until(lambda: field.orders, "the order")
    field.say(field.orders[0])

    def done(act_id: str) -> bool:
        now = desk.board.state.area_acts[act_id]
        orders = [desk.board.state.control_orders[one] for one in now.order_ids]
        return bool(orders) and all(part.stage == "done" for one in orders for part in one.parts.values())

    desk.until(lambda: done(act.id), "the answers")
    back = desk.do(do.TakeBackArea(act_id=act.id))
    assert isinstance(back, do.Accepted), back
    desk.until(lambda: back.id in desk.board.state.area_acts, "the way back")
    token = desk.board.state.area_acts[back.id].token
    assert isinstance(desk.do(do.ConfirmArea(act_id=back.id, token=token)), do.Accepted)
    desk.until(lambda: len(field.orders) == 2, "the order back")
    assert field.orders[1].value == "auto"
    desk.until(lambda: desk.board.state.area_acts[act.id].taken_back_by == back.id, "taken back")
