"""A disaster message's whole way, and an area act's, with real processes: hub, simulated devices, two desks,
a real HTTPS end point and a folder."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from console.clock import SystemClock
from console.handoff.cap import parse
from console.ledger import Ledger
from console.model import commands as do
from console.model import events as ev
from console.model.areaact import AreaOrder
from console.model.base import Position, Words
from console.model.message import DisasterMessage, MessageArea, MessageContent
from tests.fakes.endpoint import EndPoint
from tests.journeys.conftest import Players, Watcher

pytestmark = pytest.mark.journey
FIRE = Words(en="[Suwon City] Fire at the market. Leave.", ko="[수원시] 시장 화재 발생. 대피하십시오.")
DONE = {"cbs": "received", "archive": "received"}
SPEAKERS = ("SPK-0001", "SPK-0002")


@pytest.fixture
def end(tmp_path: Path, players: Players) -> Iterator[EndPoint]:
    made = EndPoint(tmp_path / "end")
    players.home.mkdir(parents=True, exist_ok=True)
    (players.home / "outlets.toml").write_text(
        f'[outlets.cbs]\nurl = "{made.url}"\nca = "{made.certificate}"\n[outlets.archive]\nfolder = "cap"\n',
        "utf-8",
    )
    yield made
    made.close()


def draft(desk: Watcher, **changes: object) -> DisasterMessage:
    told = {"level": "emergency", "text": FIRE, "area": MessageArea(), "valid_min": 60, **changes}
    taken = desk.do(do.DraftMessage(content=MessageContent(**told)))  # type: ignore[arg-type]
    assert isinstance(taken, do.Accepted), taken
    desk.until(lambda: taken.id in desk.board.state.messages, "the draft")
    return desk.board.state.messages[taken.id]


def approve(desk: Watcher, message: DisasterMessage) -> do.Answer:
    desk.until(lambda: message.id in desk.board.state.messages, "the draft at this desk")
    return desk.do(do.ApproveMessage(message_id=message.id, digest=message.digest))


def stages(desk: Watcher, message: DisasterMessage) -> dict[str, str]:
    now = desk.board.state.messages.get(message.id)
    return {name: way.stage for name, way in now.ways.items()} if now is not None else {}


def test_two_persons_one_message_and_a_hub_killed_between(players: Players, end: EndPoint):
    hub = players.hub()
    desk, boss = players.watcher("desk-1", "Kim"), players.watcher("super-1", "Lee")
    boss.until(lambda: set(boss.board.state.outlets) == {"cbs", "archive"}, "the outlets")
    message = draft(desk)
    refused = approve(desk, message)
    assert isinstance(refused, do.Refused) and refused.code == "message_own"
    end.behave.extend(["busy", *["lose"] * 500])
    assert isinstance(approve(boss, message), do.Accepted)
    desk.until(lambda: end.taken, "the end point to have it, and its answer to be lost")
    os.kill(hub.pid, signal.SIGKILL)
    hub.wait()
    end.behave.clear()
    hub = players.hub()
    desk.until(lambda: stages(desk, message) == DONE, "both outlets")
    sent = desk.board.state.messages[message.id]
    assert len(end.taken) == 1, "one message for the people, however often it was given"
    assert len(set(end.bodies)) == 1
    assert (players.home / "cap" / f"{sent.identifier}.xml").read_bytes() == end.bodies[0]
    alert = parse(end.bodies[0])
    assert (alert.status, alert.identifier) == ("Exercise", sent.identifier)

    cancel = draft(desk, kind="cancel", replaces=message.id, level="advisory", template="all_clear")
    assert isinstance(approve(boss, cancel), do.Accepted)
    desk.until(lambda: stages(desk, cancel) == DONE, "the cancellation")
    assert parse(end.bodies[-1]).references == sent.reference
    assert players.end(hub) == 0
    ledger = Ledger.open(players.home / "ledger" / "ledger.db", SystemClock())
    try:
        events = [one.event for one in ledger.entries()]
    finally:
        ledger.close()
    received = [(one.message_id, one.outlet) for one in events if isinstance(one, ev.MessageReceived)]
    assert sorted(received) == sorted((one, outlet) for one in (message.id, cancel.id) for outlet in DONE)


def test_an_area_is_warned_as_one_and_given_back_as_one(players: Players):
    players.hub()
    desk = players.watcher("desk-1", "Kim")
    players.start("gateway", "scenario", "--home", str(players.home))
    desk.until(lambda: desk.board.state.control_ways, "the way to the field")
    places = [players.profile.devices[one].place.position for one in SPEAKERS]
    square = around(places)
    orders = (AreaOrder(control="announcement", value="대피하십시오", device_ids=SPEAKERS),)
    asked = desk.do(do.OrderArea(name="시장", polygon=square, orders=orders))
    assert isinstance(asked, do.Accepted), asked
    confirm(desk, asked.id)
    desk.until(lambda: settled(desk, asked.id), "the measured announcement of every loudspeaker")
    back = desk.do(do.TakeBackArea(act_id=asked.id))
    assert isinstance(back, do.Accepted), back
    confirm(desk, back.id)
    desk.until(lambda: settled(desk, back.id), "every loudspeaker back at its own programme")
    assert desk.board.state.area_acts[asked.id].taken_back_by == back.id


def around(places: list[Position]) -> tuple[Position, ...]:
    south, north = min(one.lat for one in places) - 0.001, max(one.lat for one in places) + 0.001
    west, east = min(one.lon for one in places) - 0.001, max(one.lon for one in places) + 0.001
    corners = ((south, west), (south, east), (north, east), (north, west))
    return tuple(Position(lat=lat, lon=lon) for lat, lon in corners)


def confirm(desk: Watcher, act_id: str) -> None:
    desk.until(lambda: act_id in desk.board.state.area_acts, "the second question")
    token = desk.board.state.area_acts[act_id].token
    taken = desk.do(do.ConfirmArea(act_id=act_id, token=token))
    assert isinstance(taken, do.Accepted), taken


def settled(desk: Watcher, act_id: str) -> bool:
    state = desk.board.state
    orders = [state.control_orders.get(one) for one in state.area_acts[act_id].order_ids]
    return bool(orders) and all(
        order is not None and part.stage in ("done", "effective") for order in orders
        for part in (order.parts.values() if order is not None else ())
    )  # fmt: skip
