"""Orders to devices in the hub: which gateways are there, what leaves for them, and what is due."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from console.clock import SECOND_NS
from console.model import events as ev
from console.model.control import ServesControls
from console.rules.controls import decide_due, decide_effects, device_order
from console.rules.draft import Decision, Drafting
from console.wire.codec import WireError, decode_serves, encode
from console.wire.keys import Peer

if TYPE_CHECKING:
    from console.hub.hub import Hub

WAY_GONE_AFTER_NS = 4 * SECOND_NS
"""A gateway says each second what it serves."""


class ControlDoor:
    """One thread: the hub's loop."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub
        self._ways: dict[str, tuple[bytes, int]] = {}
        """By gateway: the connection it was last heard on, and when."""

    def serves(self, peer: Peer, identity: bytes, data: bytes) -> None:
        """A gateway says what it carries orders to."""
        try:
            told = decode_serves(data)
        except WireError as error:
            self._hub.counters.refuse("malformed", f"{peer.name}: {error}")
            return
        if self._hub.following:
            return
        self._ways[peer.name] = (identity, self._hub.clock.mono_ns())
        if peer.devices != ("*",):  # it may not speak for others' devices, nor for their answers
            own = peer.devices if told.devices == ("*",) else tuple(filter(peer.speaks_for, told.devices))
            told = ServesControls(kinds=told.kinds, devices=own)
        way = self._hub.sequencer.state.control_ways.get(peer.name)
        if way is None or (way.kinds, way.devices) != (told.kinds, told.devices):
            self._changed(peer.name, told)

    def send(self, entry: ev.Entry, event: ev.ControlSent) -> None:
        """Let a committed order leave, once. What cannot leave is answered so at once."""
        order = self._hub.sequencer.state.control_orders.get(event.order_id)
        if order is None:
            return
        identity, _ = self._ways.get(event.gateway, (b"", 0))
        frames = [b"O", encode(device_order(order, event, entry.at_ns))]
        if identity and self._hub.doors.answer(self._hub.doors.ingest, identity, frames):
            return
        draft = Drafting(ev.Cause(actor="hub", parent=entry.seq))
        words = self._hub.triage.phrase("control.way_gone", gateway=event.gateway)
        draft.add(
            ev.ControlAnswered(
                order_id=event.order_id, device_ids=event.device_ids, outcome="failed", words=words
            )
        )
        self._hub.sequencer.propose(Decision(tuple(draft.drafts)))

    def look(self) -> None:
        """Once a second: gateways that fell silent, answers and confirmations that are due, effects."""
        hub = self._hub
        if hub.following:
            return
        now = hub.clock.mono_ns()
        for gateway in tuple(hub.sequencer.state.control_ways):
            if now - self._ways.get(gateway, (b"", 0))[1] > WAY_GONE_AFTER_NS:
                self._ways.pop(gateway, None)
                self._changed(gateway, None)
        wall = hub.clock.now_ns()
        self._propose(decide_due(hub.sequencer.state, hub.triage.phrase, wall))
        self._propose(decide_effects(hub.sequencer.state, hub.triage.phrase, wall, self._measured))

    def _measured(self, device_id: str, quantity: str) -> tuple[float, int]:
        index = self._hub.profile.points.index_of(f"{device_id}/{quantity}")
        if index is None:
            return math.nan, 0
        table = self._hub.readings.table
        return float(table.values[index]), int(table.taken_at_ns[index])

    def _changed(self, gateway: str, told: ServesControls | None) -> None:
        draft = Drafting(ev.Cause(actor=f"gateway:{gateway}"))
        draft.add(
            ev.ControlWayChanged(
                gateway=gateway, up=told is not None, kinds=told.kinds if told else (),
                devices=told.devices if told else (),
            )
        )  # fmt: skip
        self._propose(Decision(tuple(draft.drafts)))

    def _propose(self, decision: Decision) -> None:
        if decision.drafts:
            self._hub.sequencer.propose(decision)
