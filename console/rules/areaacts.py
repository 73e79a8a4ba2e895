"""Area acts, decided: everything in a drawn area as one command, confirmed once, taken back as one.

The orders to devices it becomes are ordinary ones: committed before they leave, each answered or told as
unanswered. A device that cannot be ordered is left out and said, and holds up none of the others. Pure.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field

import msgspec
import numpy as np

from console.clock import SECOND_NS
from console.model import commands as do
from console.model import events as ev
from console.model.areaact import AreaAct, AreaOrder, AreaPart, LeftOut
from console.model.base import Position, Words
from console.model.control import Control
from console.model.device import Device
from console.model.message import MOST_CORNERS
from console.model.state import CityState
from console.profile.areaacts import AreaFigures, area_figures, area_km2, back_value, in_area
from console.rules.city import City, Phrase
from console.rules.controls import ControlRules
from console.rules.controlvalue import Ordered, read_value
from console.rules.draft import NOTHING, Decision, Drafting, Refusal
from console.rules.messages import crosses_itself
from console.rules.rights import refusal

LONGEST_NAME = 200
MOST_ORDERS = 12


@dataclass(slots=True)
class _Asked:
    """What an act would do: its parts, whom it leaves out, and what is said before it is confirmed."""

    parts: list[AreaPart] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    warnings: list[Words] = field(default_factory=list)


class AreaActRules:
    """Decides area acts. `decide` has one function for each command."""

    def __init__(self, city: City, phrase: Phrase, told: AreaFigures | None = None) -> None:
        self._city, self._phrase = city, phrase
        self._told = told if told is not None else area_figures()
        self._controls = ControlRules(city, phrase)
        self.decide: dict[type[do.Command], Callable[..., Decision | Refusal]] = {
            do.OrderArea: self._order, do.TakeBackArea: self._take_back, do.ConfirmArea: self._confirm,
            do.CancelArea: self._cancel,
        }

    def _refuse(self, code: str, **fields: str) -> Refusal:
        return refusal(self._phrase, code, **fields)

    def _order(
        self, state: CityState, request: do.Request, command: do.OrderArea, draft: Drafting, now: int
    ) -> Decision | Refusal:
        wrong = self._bad_frame(state, command)
        if wrong is not None:
            return wrong
        asked = self._asked(state, request, command.orders, command.polygon)
        if isinstance(asked, Refusal):
            return asked
        return self._propose(
            request, draft, now, asked, name=" ".join(command.name.split()), polygon=command.polygon,
            incident_id=command.incident_id, sketch_id=command.sketch_id, key="area.summary",
        )

    def _take_back(
        self, state: CityState, request: do.Request, command: do.TakeBackArea, draft: Drafting, now: int
    ) -> Decision | Refusal:
        act = state.area_acts.get(command.act_id)
        if act is None:
            return self._refuse("unknown_area_act", act=command.act_id[:80])
        if act.stage != "ordered":
            return self._refuse("area_not_ordered")
        if act.taken_back_by:
            return self._refuse("area_taken_back")
        orders, gone = [], []
        for part in act.parts:
            control = self._city.controls.get(part.control)
            value = back_value(control) if control is not None else ""
            if control is None or not value:
                why = self._phrase("area.no_way_back")
                gone += [LeftOut(device_id=one, why=why) for one in part.device_ids]
                continue
            orders.append(AreaOrder(control=part.control, value=value, device_ids=part.device_ids))
        asked = self._asked(state, request, tuple(orders), ())
        if isinstance(asked, Refusal):
            return asked
        asked.left_out += gone
        return self._propose(
            request, draft, now, asked, name=act.name, polygon=act.polygon, incident_id=act.incident_id,
            sketch_id=act.sketch_id, key="area.summary_back", takes_back=act.id,
        )

    def _confirm(
        self, state: CityState, request: do.Request, command: do.ConfirmArea, draft: Drafting, now: int
    ) -> Decision | Refusal:
        act = self._open_act(state, command.act_id)
        if isinstance(act, Refusal):
            return act
        if (act.desk, act.person) != (request.desk, request.person) or command.token != act.token:
            return self._refuse("order_not_yours", person=act.person)
        if now >= act.confirm_by_ns:
            return self._refuse("confirm_too_late", seconds=f"{self._told.confirm_s:g}")
        before = state.area_acts.get(act.takes_back)
        if before is not None and before.taken_back_by:
            return self._refuse("area_taken_back")
        orders = tuple(
            AreaOrder(control=one.control, value=one.value, device_ids=one.device_ids) for one in act.parts
        )
        # Somebody may have ordered one of them meanwhile, or a gateway may be gone: looked at again.
        asked = self._asked(state, request, orders, ())
        if isinstance(asked, Refusal):
            return asked
        parts: list[AreaPart] = []
        sending: list[tuple[str, Control, Ordered, list[Device]]] = []
        most = self._controls.figures.most_devices
        for part in asked.parts:
            control = self._city.controls[part.control]
            ordered = read_value(control, part.value, self._phrase)
            assert isinstance(ordered, Ordered), part
            names = []
            for first in range(0, len(part.device_ids), most):
                order_id = f"{act.id}.{len(sending) + 1}"
                names.append(order_id)
                devices = [self._city.devices[one] for one in part.device_ids[first : first + most]]
                sending.append((order_id, control, ordered, devices))
            parts.append(msgspec.structs.replace(part, order_ids=tuple(names)))
        known = {one.device_id: one for one in (*act.left_out, *asked.left_out)}
        draft.add(
            ev.AreaActConfirmed(
                act_id=act.id, desk=request.desk, person=request.person, parts=tuple(parts),
                left_out=tuple(known.values()), takes_back=act.takes_back, incident_id=act.incident_id,
            )
        )
        for order_id, control, ordered, devices in sending:
            self._controls.direct(
                state, draft, order_id, request, control, ordered, devices, act.incident_id, now
            )
        return Decision(tuple(draft.drafts))

    def _cancel(
        self, state: CityState, request: do.Request, command: do.CancelArea, draft: Drafting, now: int
    ) -> Decision | Refusal:
        known = state.area_acts.get(command.act_id)
        if known is not None and known.stage == "cancelled":
            return NOTHING
        act = self._open_act(state, command.act_id)
        if isinstance(act, Refusal):
            return act
        if act.desk != request.desk:
            return self._refuse("order_not_yours", person=act.person)
        draft.add(
            ev.AreaActCancelled(
                act_id=act.id, desk=request.desk, person=request.person, incident_id=act.incident_id
            )
        )
        return Decision(tuple(draft.drafts))

    def _open_act(self, state: CityState, act_id: str) -> AreaAct | Refusal:
        act = state.area_acts.get(act_id)
        if act is None:
            return self._refuse("unknown_area_act", act=act_id[:80])
        if act.stage != "proposed":
            return self._refuse("order_sent") if act.stage == "ordered" else self._refuse(
                "order_not_open", order=act.name
            )
        return act

    def _bad_frame(self, state: CityState, command: do.OrderArea) -> Refusal | None:
        if not 0 < len(command.name.strip()) <= LONGEST_NAME:
            return self._refuse("bad_text", limit=str(LONGEST_NAME))
        polygon = command.polygon
        if not 3 <= len(polygon) <= MOST_CORNERS or not all(map(_is_place, polygon)):
            return self._refuse("message_polygon")
        if crosses_itself(polygon):
            return self._refuse("message_polygon")
        size = area_km2(polygon)
        if size > self._told.most_km2:
            return self._refuse("area_too_large", size=f"{size:.1f}", most=f"{self._told.most_km2:g}")
        if command.incident_id and command.incident_id not in state.incidents:
            return self._refuse("unknown_incident", incident=command.incident_id[:80])
        return None

    def _asked(
        self, state: CityState, request: do.Request, orders: tuple[AreaOrder, ...],
        polygon: tuple[Position, ...],
    ) -> _Asked | Refusal:  # fmt: skip
        """What the orders would do now; a refusal where nothing could be sent or nothing may be asked."""
        names = [one for order in orders for one in order.device_ids]
        if not names or len(orders) > MOST_ORDERS or len(names) > self._told.most_devices:
            return self._refuse("area_devices", most=str(self._told.most_devices))
        keys = [(order.control, one) for order in orders for one in order.device_ids]
        if len(set(keys)) != len(keys):
            return self._refuse("order_twice")
        unknown = next((one for one in names if one not in self._city.devices), "")
        if unknown:
            return self._refuse("unknown_device", device=unknown[:80])
        if polygon:
            outside = self._outside(names, polygon)
            if outside:
                return self._refuse("area_outside", device=outside)
        asked = _Asked()
        for order in orders:
            control = self._city.controls.get(order.control)
            if control is None:
                return self._refuse("unknown_control", control=order.control[:80])
            wrong = self._controls.no_right(request.desk, control)
            if wrong is not None:
                return wrong
            value = read_value(control, order.value, self._phrase)
            if isinstance(value, Words):
                words = self._phrase("refused.bad_control_value", en=(value.en,), ko=(value.ko,))
                return Refusal("bad_control_value", words)
            able = []
            for device_id in order.device_ids:
                why = self._controls.why_not(state, control, self._city.devices[device_id])
                if why is None:
                    able.append(device_id)
                else:
                    asked.left_out.append(LeftOut(device_id=device_id, why=why.reason))
            if able:
                asked.parts.append(
                    AreaPart(
                        control=control.id, value=value.value, value_words=value.words, device_ids=tuple(able)
                    )
                )
                if control.dangerous and control.warning is not None:
                    asked.warnings.append(control.warning)
        if not asked.parts:
            return Refusal("area_none", self._none(asked.left_out))
        return asked

    def _none(self, left_out: list[LeftOut]) -> Words:
        """Nothing can be ordered: the first reason stands for all."""
        first = left_out[0].why
        return self._phrase("refused.area_none", en=(first.en,), ko=(first.ko,))

    def _outside(self, device_ids: list[str], polygon: tuple[Position, ...]) -> str:
        places = [self._city.devices[one].place.position for one in device_ids]
        lat, lon = np.array([one.lat for one in places]), np.array([one.lon for one in places])
        out = np.flatnonzero(~in_area(polygon, lat, lon))
        return device_ids[int(out[0])] if len(out) else ""

    def _propose(
        self, request: do.Request, draft: Drafting, now: int, asked: _Asked, *, name: str,
        polygon: tuple[Position, ...], incident_id: str, sketch_id: str, key: str, takes_back: str = "",
    ) -> Decision:  # fmt: skip
        said = [self._said(one) for one in asked.parts]
        summary = self._phrase(
            key, en=(name, "; ".join(one.en for one in said)), ko=(name, "; ".join(one.ko for one in said))
        )
        if asked.left_out:
            tail = self._phrase("area.left_out", count=str(len(asked.left_out)))
            summary = Words(en=f"{summary.en} {tail.en}", ko=f"{summary.ko} {tail.ko}")
        warning = Words(
            en=" ".join(dict.fromkeys(one.en for one in asked.warnings)),
            ko=" ".join(dict.fromkeys(one.ko for one in asked.warnings)),
        )
        parts = tuple(asked.parts)
        said_all = msgspec.json.encode((request.id, polygon, parts, summary, warning))
        draft.add(
            ev.AreaActProposed(
                act_id=request.id, desk=request.desk, person=request.person, name=name, polygon=polygon,
                parts=parts, summary=summary, warning=warning,
                token=hashlib.sha256(said_all).hexdigest()[:16],
                confirm_by_ns=now + int(self._told.confirm_s * SECOND_NS), left_out=tuple(asked.left_out),
                incident_id=incident_id, sketch_id=sketch_id, takes_back=takes_back,
            )
        )  # fmt: skip
        return Decision(tuple(draft.drafts))

    def _said(self, part: AreaPart) -> Words:
        control, count = self._city.controls[part.control], str(len(part.device_ids))
        value = part.value_words
        return self._phrase(
            "area.part", en=(control.name.en, value.en, count), ko=(control.name.ko, value.ko, count)
        )


def decide_areas_due(state: CityState, now_ns: int) -> Decision:
    """Acts that nobody confirmed in time: nothing was sent."""
    draft = Drafting(ev.Cause(actor="rule:area"))
    for act in state.area_acts.values():
        if act.stage == "proposed" and now_ns >= act.confirm_by_ns:
            draft.add(
                ev.AreaActCancelled(
                    act_id=act.id, desk=act.desk, person=act.person, timed_out=True,
                    incident_id=act.incident_id,
                )
            )
    return Decision(tuple(draft.drafts))


def _is_place(one: Position) -> bool:
    # Written so that a value that is not a number is none.
    return abs(one.lat) <= 90 and abs(one.lon) <= 180
