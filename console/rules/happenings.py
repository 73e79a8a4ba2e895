"""What gateways report, decided: signals and device conditions."""

from __future__ import annotations

from console.clock import SECOND_NS
from console.model import events as ev
from console.model.fact import ConditionSeen, SignalSeen
from console.model.incident import Signal
from console.model.state import CityState
from console.rules.draft import NOTHING, Decision, Drafting
from console.rules.triage import Triage


def decide_signal(
    triage: Triage, state: CityState, source: str, fact: SignalSeen, now_ns: int
) -> Decision | str:
    """The signal is recorded; if its type opens incidents, one is opened or extended.

    Returns the problem in words for a fact that names no known device and no place.
    """
    place = fact.place
    device = triage.city.devices.get(fact.device_id) if fact.device_id else None
    if fact.device_id and device is None:
        return f"device {fact.device_id!r} is not in the profile"
    if place is None:
        if device is None:
            return "neither device_id nor place is given"
        place = device.place
    signal = Signal(
        uid=fact.uid, source=source, type=fact.type, at_ns=fact.at_ns, place=place,
        device_id=fact.device_id, confidence=fact.confidence, detail=fact.detail,
    )
    drafting = Drafting(ev.Cause(actor=f"gateway:{source}"))
    drafting.add(ev.SignalReceived(signal=signal))
    type_id = triage.type_for_signal(fact.type)
    if type_id:
        reason = fact.detail
        if reason is None:
            name = device.name if device is not None else place.name
            kind = triage.city.incident_types[type_id].name
            reason = triage.phrase("reason.signal", en=(kind.en, name.en), ko=(kind.ko, name.ko))
        is_camera = fact.device_id in triage.city.cameras
        triage.raise_incident(
            state, drafting, type_id, place, reason, now_ns, signal_uid=fact.uid,
            device_ids=(fact.device_id,) if fact.device_id else (),
            camera_id=fact.device_id if is_camera else "",
        )
    return Decision(tuple(drafting.drafts))


def decide_condition(
    triage: Triage, state: CityState, actor: str, fact: ConditionSeen, now_ns: int, alarm_id: str = ""
) -> Decision | str:
    """A change of condition is recorded; several of one circuit become one incident (groups' data).

    `alarm_id`: the occurrence of the alarm that found it, which belongs to the incident then.
    """
    device = triage.city.devices.get(fact.device_id)
    if device is None:
        return f"device {fact.device_id!r} is not in the profile"
    before = state.devices.get(fact.device_id)
    if (before.condition if before else "up") == fact.condition:
        return NOTHING
    drafting = Drafting(ev.Cause(actor=actor))
    drafting.add(
        ev.DeviceConditionChanged(device_id=fact.device_id, condition=fact.condition, why=fact.why)
    )
    if fact.condition == "up":
        return Decision(tuple(drafting.drafts))
    type_id = triage.city.type_of_condition.get((device.kind, fact.condition), "")
    if type_id:
        reason = triage.phrase(
            "reason.condition", en=(device.name.en, fact.why.en), ko=(device.name.ko, fact.why.ko)
        )
        camera_id = device.id if device.id in triage.city.cameras else ""
        triage.raise_incident(
            state, drafting, type_id, device.place, reason, now_ns, device_ids=(device.id,),
            camera_id=camera_id, alarm_id=alarm_id,
        )
    for group in triage.city.groups:
        if group.device_kind != device.kind or group.condition != fact.condition or not device.circuit:
            continue
        since = now_ns - int(group.window_s * SECOND_NS)
        together = [device.id]
        for other_id, other in state.devices.items():
            if other.condition == group.condition and other.since_ns >= since and other_id != device.id:
                there = triage.city.devices.get(other_id)
                if there is not None and there.kind == device.kind and there.circuit == device.circuit:
                    together.append(other_id)
        if len(together) >= group.count:
            reason = triage.phrase(
                "reason.group",
                en=(len(together), device.circuit, fact.why.en),
                ko=(len(together), device.circuit, fact.why.ko),
            )
            triage.raise_incident(
                state, drafting, group.incident_type, device.place, reason, now_ns,
                device_ids=tuple(sorted(together)), alarm_id=alarm_id,
            )
    return Decision(tuple(drafting.drafts))
