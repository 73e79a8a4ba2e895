"""An order's whole way with real processes: hub, simulated devices, a desk without a window."""

from __future__ import annotations

import os
import signal

import pytest

from console.clock import SystemClock
from console.ledger import Ledger
from console.model import commands as do
from console.model import events as ev
from tests.journeys.conftest import Players, Watcher

pytestmark = pytest.mark.journey


def part(desk: Watcher, order_id: str, device_id: str) -> str:
    order = desk.board.state.control_orders.get(order_id)
    return order.parts[device_id].stage if order is not None else ""


def ordered(desk: Watcher, control: str, value: str, *devices: str) -> str:
    taken = desk.do(do.OrderControl(control=control, device_ids=devices, value=value))
    assert isinstance(taken, do.Accepted), taken
    return taken.id


def test_a_barrier_closes_and_a_hub_killed_before_the_answer_neither_forgets_nor_repeats(players: Players):
    hub = players.hub()
    desk = players.watcher("desk-1")
    players.start("gateway", "scenario", "--home", str(players.home))
    desk.until(lambda: desk.board.state.control_ways, "the way to the field")

    barrier = ordered(desk, "barrier", "close", "BAR-0001")
    desk.until(lambda: barrier in desk.board.state.control_orders, "the second question")
    token = desk.board.state.control_orders[barrier].token
    assert isinstance(desk.do(do.ConfirmControl(order_id=barrier, token=token)), do.Accepted)

    lamps = tuple(f"LAMP-{number:04d}" for number in range(1, 13))
    lit = ordered(desk, "lamp_dim", "100", *lamps)
    # Bytes that a killed hub had not yet given to the network are lost, and told as unanswered; that is not
    # this story. After the first answer both orders are with the gateway.
    desk.until(lambda: any(part(desk, lit, one) != "sent" for one in lamps), "the first answer of a lamp")
    os.kill(hub.pid, signal.SIGKILL)
    hub.wait()
    hub = players.hub()

    desk.until(lambda: part(desk, barrier, "BAR-0001") == "effective", "the barrier to be measured down")
    desk.until(
        lambda: all(part(desk, lit, one) == "effective" for one in lamps), "the lamps to be measured bright"
    )
    point = players.profile.point_by_id["BAR-0001/closed"].index
    desk.until(lambda: desk.board.values[point] == 1.0, "the barrier's point on the desk")
    assert players.end(hub) == 0

    ledger = Ledger.open(players.home / "ledger" / "ledger.db", SystemClock())
    try:
        events = [one.event for one in ledger.entries()]
    finally:
        ledger.close()
    sent = [one.order_id for one in events if isinstance(one, ev.ControlSent)]
    assert sorted(sent) == sorted({barrier, lit}), "an order was sent twice, or not at all"
    answered = [
        (one.order_id, device)
        for one in events if isinstance(one, ev.ControlAnswered | ev.ControlAnsweredLate)
        for device in one.device_ids
    ]  # fmt: skip
    assert sorted(answered) == sorted([(barrier, "BAR-0001"), *((lit, one) for one in lamps)])
