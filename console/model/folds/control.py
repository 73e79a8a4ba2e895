"""How the state follows: orders to devices."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from console.model import events as ev
from console.model.base import Words
from console.model.citystate import KEEP_ORDERS, CityState
from console.model.control import (
    ControlOrder,
    ControlPart,
    ControlStanding,
    ControlWay,
    PartStage,
    standing_key,
)
from console.model.folds.base import Folds


def _ordered(state: CityState, entry: ev.Entry, event: ev.ControlOrdered) -> None:
    part = ControlPart(stage="unconfirmed", since_ns=entry.at_ns)
    for device_id in event.device_ids:
        before = state.controls.get(standing_key(device_id, event.control))
        if before is not None and before.part.stage == "done":
            _reach(state, before.order_id, (device_id,), "replaced", entry.at_ns)
    state.control_orders[event.order_id] = ControlOrder(
        id=event.order_id, control=event.control, value=event.value, value_words=event.value_words,
        summary=event.summary, desk=event.desk, person=event.person, ordered_at_ns=entry.at_ns,
        answer_s=event.answer_s, parts=dict.fromkeys(event.device_ids, part), token=event.token,
        confirm_by_ns=event.confirm_by_ns, incident_id=event.incident_id, effect=event.effect,
        warning=event.warning,
    )  # fmt: skip
    for device_id in event.device_ids:
        state.controls[standing_key(device_id, event.control)] = ControlStanding(
            order_id=event.order_id, value=event.value, person=event.person, part=part
        )
    _forget_old(state)


def _sent(state: CityState, entry: ev.Entry, event: ev.ControlSent) -> None:
    order = state.control_orders.get(event.order_id)
    if order is not None:
        state.control_orders[order.id] = msgspec.structs.replace(order, answer_by_ns=event.answer_by_ns)
        _reach(state, order.id, event.device_ids, "sent", entry.at_ns, gateway=event.gateway)


def _answered(state: CityState, entry: ev.Entry, event: ev.ControlAnswered) -> None:
    _reach(state, event.order_id, event.device_ids, event.outcome, entry.at_ns, event.words)


def _answered_late(state: CityState, entry: ev.Entry, event: ev.ControlAnsweredLate) -> None:
    _reach(state, event.order_id, event.device_ids, event.outcome, entry.at_ns, event.words, late=True)


def _timed_out(state: CityState, entry: ev.Entry, event: ev.ControlTimedOut) -> None:
    _reach(state, event.order_id, event.device_ids, "silent", entry.at_ns, event.words)


def _cancelled(state: CityState, entry: ev.Entry, event: ev.ControlCancelled) -> None:
    order = state.control_orders.get(event.order_id)
    if order is not None:
        _reach(state, order.id, order.parts, "cancelled", entry.at_ns)


def _took_effect(state: CityState, entry: ev.Entry, event: ev.ControlTookEffect) -> None:
    _reach(state, event.order_id, event.device_ids, "effective", entry.at_ns)


def _had_no_effect(state: CityState, entry: ev.Entry, event: ev.ControlHadNoEffect) -> None:
    _reach(state, event.order_id, event.device_ids, "ineffective", entry.at_ns, event.words)


def _way_changed(state: CityState, entry: ev.Entry, event: ev.ControlWayChanged) -> None:
    if event.up:
        state.control_ways[event.gateway] = ControlWay(
            kinds=event.kinds, devices=event.devices, since_ns=entry.at_ns
        )
    else:
        state.control_ways.pop(event.gateway, None)


def _reach(
    state: CityState, order_id: str, device_ids: Iterable[str], stage: PartStage, at_ns: int,
    words: Words | None = None, late: bool = False, gateway: str = "",
) -> None:  # fmt: skip
    """Take an order to a stage at some of its devices, and each device's last order with it."""
    order = state.control_orders.get(order_id)
    if order is None:
        return
    parts = dict(order.parts)
    for device_id in device_ids:
        before = parts.get(device_id)
        if before is None:
            continue
        part = ControlPart(
            stage=stage, since_ns=at_ns, words=words or before.words, late=late or before.late,
            gateway=gateway or before.gateway,
        )  # fmt: skip
        parts[device_id] = part
        key = standing_key(device_id, order.control)
        last = state.controls.get(key)
        if last is not None and last.order_id == order_id:
            state.controls[key] = msgspec.structs.replace(last, part=part)
    state.control_orders[order_id] = msgspec.structs.replace(order, parts=parts)


def _forget_old(state: CityState) -> None:
    """The oldest settled orders go first; one that still waits stays. The record has them all."""
    if len(state.control_orders) <= KEEP_ORDERS:
        return
    settled = [one.id for one in state.control_orders.values() if not one.unsettled]
    for order_id in settled[: len(state.control_orders) - KEEP_ORDERS]:
        del state.control_orders[order_id]


FOLDS: Folds = {
    ev.ControlOrdered: _ordered,
    ev.ControlSent: _sent,
    ev.ControlAnswered: _answered,
    ev.ControlAnsweredLate: _answered_late,
    ev.ControlTimedOut: _timed_out,
    ev.ControlCancelled: _cancelled,
    ev.ControlTookEffect: _took_effect,
    ev.ControlHadNoEffect: _had_no_effect,
    ev.ControlWayChanged: _way_changed,
}
