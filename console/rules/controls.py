"""Orders to devices, decided: who may, asked twice where it is dangerous, sent once, ended in every case.

An order ends in the device's answer, a time-out, or a person's cancel before it was sent. Pure: the gateways
that are there are in the state, the time and the measurements are given.
"""

from __future__ import annotations

import fnmatch
import hashlib
from collections.abc import Callable

import msgspec

from console.clock import SECOND_NS
from console.model import commands as do
from console.model import events as ev
from console.model.base import Words
from console.model.control import WAITING, Control, ControlOrder, ControlPart, DeviceOrder, standing_key
from console.model.device import Device
from console.model.fact import ControlAnswerSeen
from console.model.state import CityState
from console.profile.tables import Table
from console.rules.city import City, Phrase
from console.rules.controlvalue import Ordered, read_value
from console.rules.draft import NOTHING, Decision, Drafting, Refusal
from console.rules.figures import Positive, Several, figures
from console.rules.rights import refusal

NAMED_DEVICES = 3
"""How many devices a summary names before it says how many more."""


class ControlFigures(Table, frozen=True, kw_only=True):
    """The keys of seeds/rules/controls.toml."""

    confirm_s: Positive
    most_devices: Several


class ControlRules:
    """Decides orders. `decide` has one function for each command."""

    def __init__(self, city: City, phrase: Phrase, told: ControlFigures | None = None) -> None:
        self._city, self._phrase = city, phrase
        self._told = told if told is not None else figures(ControlFigures, "controls")
        self.decide: dict[type[do.Command], Callable[..., Decision | Refusal]] = {
            do.OrderControl: self._order, do.ConfirmControl: self._confirm, do.CancelControl: self._cancel,
        }

    def _refuse(self, code: str, **fields: str) -> Refusal:
        return refusal(self._phrase, code, **fields)

    def _order(
        self, state: CityState, request: do.Request, command: do.OrderControl, draft: Drafting, now: int
    ) -> Decision | Refusal:
        control = self._city.controls.get(command.control)
        if control is None:
            return self._refuse("unknown_control", control=command.control[:80])
        wrong = self.no_right(request.desk, control)
        if wrong is not None:
            return wrong
        devices = self._devices(state, control, command.device_ids, now)
        if isinstance(devices, Refusal):
            return devices
        if command.incident_id and command.incident_id not in state.incidents:
            return self._refuse("unknown_incident", incident=command.incident_id[:80])
        ordered = read_value(control, command.value, self._phrase)
        if isinstance(ordered, Words):
            words = self._phrase("refused.bad_control_value", en=(ordered.en,), ko=(ordered.ko,))
            return Refusal("bad_control_value", words)
        summary = self._summary(control, ordered, devices)
        warning = control.warning if control.dangerous else None
        token = _token(request.id, command, summary, warning) if control.dangerous else ""
        draft.add(
            ev.ControlOrdered(
                order_id=request.id, desk=request.desk, person=request.person, control=control.id,
                device_ids=tuple(one.id for one in devices), value=ordered.value, value_words=ordered.words,
                summary=summary, answer_s=control.answer_s, incident_id=command.incident_id, token=token,
                confirm_by_ns=now + int(self._told.confirm_s * SECOND_NS) if control.dangerous else 0,
                effect=ordered.effect, warning=warning,
            )
        )  # fmt: skip
        if not control.dangerous:
            self._send(state, draft, request.id, devices, now, control.answer_s)
        return Decision(tuple(draft.drafts))

    def _confirm(
        self, state: CityState, request: do.Request, command: do.ConfirmControl, draft: Drafting, now: int
    ) -> Decision | Refusal:
        order = state.control_orders.get(command.order_id)
        if order is None:
            return self._refuse("unknown_order", order=command.order_id[:80])
        if not _unconfirmed(order):
            return self._refuse("order_not_open", order=order.id)
        if (order.desk, order.person) != (request.desk, request.person) or command.token != order.token:
            return self._refuse("order_not_yours", person=order.person)
        if now >= order.confirm_by_ns:
            return self._refuse("confirm_too_late", seconds=f"{self._told.confirm_s:g}")
        control = self._city.controls.get(order.control)
        if control is None:
            return self._refuse("unknown_control", control=order.control)
        wrong = self.no_right(request.desk, control)
        if wrong is not None:
            return wrong
        devices = [self._city.devices[one] for one in order.parts]
        for device in devices:
            if not gateway_of(state, device):
                return self._no_way(device)
        draft.add(ev.ControlConfirmed(order_id=order.id, desk=request.desk, person=request.person))
        self._send(state, draft, order.id, devices, now, order.answer_s)
        return Decision(tuple(draft.drafts))

    def _cancel(
        self, state: CityState, request: do.Request, command: do.CancelControl, draft: Drafting, now: int
    ) -> Decision | Refusal:
        order = state.control_orders.get(command.order_id)
        if order is None:
            return self._refuse("unknown_order", order=command.order_id[:80])
        if all(one.stage == "cancelled" for one in order.parts.values()):
            return NOTHING
        if not _unconfirmed(order):
            return self._refuse("order_sent")
        if order.desk != request.desk:
            return self._refuse("order_not_yours", person=order.person)
        draft.add(ev.ControlCancelled(order_id=order.id, desk=request.desk, person=request.person))
        return Decision(tuple(draft.drafts))

    def no_right(self, desk: str, control: Control) -> Refusal | None:
        """Why this desk may not order it; None where it may."""
        info = self._city.desks.get(desk)
        if info is not None and info.role in control.roles:
            return None
        roles = [self._phrase(f"control.role.{role}") for role in control.roles]
        words = self._phrase(
            "refused.control_role",
            en=(control.name.en, ", ".join(one.en for one in roles)),
            ko=(control.name.ko, ", ".join(one.ko for one in roles)),
        )
        return Refusal("control_role", words)

    def _devices(
        self, state: CityState, control: Control, device_ids: tuple[str, ...], now: int
    ) -> list[Device] | Refusal:
        if not device_ids or len(device_ids) > self._told.most_devices:
            return self._refuse("order_size", most=str(self._told.most_devices))
        if len(set(device_ids)) != len(device_ids):
            return self._refuse("order_twice")
        found = []
        for device_id in device_ids:
            device = self._city.devices.get(device_id)
            if device is None:
                return self._refuse("unknown_device", device=device_id[:80])
            wrong = self.why_not(state, control, device)
            if wrong is not None:
                return wrong
            found.append(device)
        return found

    def why_not(self, state: CityState, control: Control, device: Device) -> Refusal | None:
        """Why this device cannot be ordered now; None where it can."""
        if device.kind not in control.kinds:
            return self._named("control_kind", device, control.name)
        standing = state.devices.get(device.id)
        if standing is not None and standing.condition == "out_of_service":
            return self._named("control_out_of_service", device)
        last = state.controls.get(standing_key(device.id, control.id))
        if last is not None and last.part.stage in WAITING:
            return self._named("control_busy", device, Words(en=last.person, ko=last.person))
        return None if gateway_of(state, device) else self._no_way(device)

    def direct(
        self, state: CityState, draft: Drafting, order_id: str, request: do.Request, control: Control,
        ordered: Ordered, devices: list[Device], incident_id: str, now: int,
    ) -> None:  # fmt: skip
        """Order and send at once what was asked twice already, as a part of something larger."""
        draft.add(
            ev.ControlOrdered(
                order_id=order_id, desk=request.desk, person=request.person, control=control.id,
                device_ids=tuple(one.id for one in devices), value=ordered.value, value_words=ordered.words,
                summary=self._summary(control, ordered, devices), answer_s=control.answer_s,
                incident_id=incident_id, effect=ordered.effect,
                warning=control.warning if control.dangerous else None,
            )
        )  # fmt: skip
        self._send(state, draft, order_id, devices, now, control.answer_s)

    @property
    def figures(self) -> ControlFigures:
        """What holds for all orders."""
        return self._told

    def _no_way(self, device: Device) -> Refusal:
        return self._named("control_no_way", device)

    def _named(self, code: str, device: Device, other: Words | None = None) -> Refusal:
        names = (device.name,) if other is None else (device.name, other)
        words = self._phrase(
            f"refused.{code}", en=tuple(one.en for one in names), ko=tuple(one.ko for one in names)
        )
        return Refusal(code, words)

    def _summary(self, control: Control, ordered: Ordered, devices: list[Device]) -> Words:
        more = len(devices) - NAMED_DEVICES
        tail = self._phrase("control.more", count=str(more)) if more > 0 else Words(en="", ko="")
        said = Words(
            en=", ".join(one.name.en for one in devices[:NAMED_DEVICES]) + tail.en,
            ko=", ".join(one.name.ko for one in devices[:NAMED_DEVICES]) + tail.ko,
        )
        return self._phrase(
            "control.summary",
            en=(control.name.en, ordered.words.en, said.en), ko=(control.name.ko, ordered.words.ko, said.ko),
        )  # fmt: skip

    def _send(
        self, state: CityState, draft: Drafting, order_id: str, devices: list[Device], now: int,
        answer_s: float,
    ) -> None:  # fmt: skip
        by_gateway: dict[str, list[str]] = {}
        for device in devices:
            by_gateway.setdefault(gateway_of(state, device), []).append(device.id)
        for gateway, device_ids in by_gateway.items():
            draft.add(
                ev.ControlSent(
                    order_id=order_id, gateway=gateway, device_ids=tuple(device_ids),
                    answer_by_ns=now + int(answer_s * SECOND_NS),
                )
            )  # fmt: skip


def gateway_of(state: CityState, device: Device) -> str:
    """The gateway that carries orders to the device now; empty when none does."""
    for name, way in sorted(state.control_ways.items()):
        if device.kind in way.kinds and any(fnmatch.fnmatchcase(device.id, one) for one in way.devices):
            return name
    return ""


def device_order(order: ControlOrder, sent: ev.ControlSent, sent_ns: int) -> DeviceOrder:
    """What leaves the hub for one gateway."""
    return DeviceOrder(
        id=order.id, control=order.control, value=order.value, device_ids=sent.device_ids, issued_ns=sent_ns,
        expires_ns=sent.answer_by_ns,
    )


def decide_answer(state: CityState, gateway: str, fact: ControlAnswerSeen) -> Decision | str:
    """What devices said. The same said twice is one answer; in words why a fact cannot be used."""
    order = state.control_orders.get(fact.order_id)
    if order is None:
        return f"order {fact.order_id[:80]!r} is not known"
    first: list[str] = []
    late: list[str] = []
    if not fact.device_ids:
        return f"order {order.id}: an answer that names no device"
    for device_id in dict.fromkeys(fact.device_ids):
        part = order.parts.get(device_id)
        if part is None or part.gateway != gateway:
            return f"order {order.id}: it was not sent to {device_id[:80]!r} by this gateway"
        if part.stage == "sent":
            first.append(device_id)
        elif part.stage != fact.outcome and not (fact.outcome == "done" and _was_done(part)):
            late.append(device_id)
    draft = Drafting(ev.Cause(actor=f"gateway:{gateway}"))
    if first:
        draft.add(
            ev.ControlAnswered(
                order_id=order.id, device_ids=tuple(first), outcome=fact.outcome, words=fact.words
            )
        )
    if late:
        draft.add(
            ev.ControlAnsweredLate(
                order_id=order.id, device_ids=tuple(late), outcome=fact.outcome, words=fact.words
            )
        )
    return Decision(tuple(draft.drafts))


def _was_done(part: ControlPart) -> bool:
    """Said done before, and what followed is more than that."""
    return part.stage in ("effective", "ineffective", "replaced")


def decide_due(state: CityState, phrase: Phrase, now_ns: int) -> Decision:
    """Time-outs: of the second question, and of answers."""
    draft = Drafting(ev.Cause(actor="rule:control"))
    for order in state.control_orders.values():
        unconfirmed = _of(order, "unconfirmed")
        if unconfirmed and order.confirm_by_ns and now_ns >= order.confirm_by_ns:
            draft.add(
                ev.ControlTimedOut(
                    order_id=order.id, device_ids=unconfirmed, sent=False, words=phrase("control.unconfirmed")
                )
            )
        silent = _of(order, "sent")
        if silent and now_ns >= order.answer_by_ns:
            words = phrase("control.unanswered", seconds=f"{order.answer_s:g}")
            draft.add(ev.ControlTimedOut(order_id=order.id, device_ids=silent, sent=True, words=words))
    return Decision(tuple(draft.drafts))


Measured = Callable[[str, str], tuple[float, int]]
"""(device, quantity) to its last value (NaN when there is none) and when it was taken."""


def decide_effects(state: CityState, phrase: Phrase, now_ns: int, measured: Measured) -> Decision:
    """Whether what was ordered shows where it must.

    A value taken after the answer and within the range proves it. At the end of the time the last value
    counts however old it is: what was so before, and was not said to have changed, is so.
    """
    draft = Drafting(ev.Cause(actor="rule:control"))
    for order in state.control_orders.values():
        effect = order.effect
        if effect is None:
            continue
        seen: list[str] = []
        missing: list[str] = []
        unmeasured: list[str] = []
        for device_id in _of(order, "done"):
            part = order.parts[device_id]
            value, taken_ns = measured(device_id, effect.quantity)
            over = now_ns >= part.since_ns + int(effect.within_s * SECOND_NS)
            if effect.low <= value <= effect.high:
                if over or taken_ns >= part.since_ns:
                    seen.append(device_id)
            elif over:
                (missing if value == value else unmeasured).append(device_id)
        if seen:
            draft.add(ev.ControlTookEffect(order_id=order.id, device_ids=tuple(seen)))
        for device_ids, key in ((missing, "control.no_effect"), (unmeasured, "control.not_measured")):
            if device_ids:
                words = phrase(key, seconds=f"{effect.within_s:g}")
                draft.add(
                    ev.ControlHadNoEffect(order_id=order.id, device_ids=tuple(device_ids), words=words)
                )
    return Decision(tuple(draft.drafts))


def _of(order: ControlOrder, stage: str) -> tuple[str, ...]:
    return tuple(device_id for device_id, part in order.parts.items() if part.stage == stage)


def _unconfirmed(order: ControlOrder) -> bool:
    return any(part.stage == "unconfirmed" for part in order.parts.values())


def _token(order_id: str, command: do.OrderControl, summary: Words, warning: Words | None) -> str:
    """Says that whoever confirms has seen this order and no other."""
    said = msgspec.json.encode((order_id, command, summary, warning))
    return hashlib.sha256(said).hexdigest()[:16]
