"""What gateways report, decided: signals and device conditions."""

from __future__ import annotations

from console.clock import SECOND_NS
from console.model import events as ev
from console.model.casework import Clue, ClueSource
from console.model.device import Device
from console.model.fact import ConditionSeen, SignalSeen
from console.model.incident import Signal
from console.model.state import CityState
from console.rules.casework.opening import OnTheLog, on_earth
from console.rules.draft import NOTHING, Decision, Drafting
from console.rules.triage import Triage

BELL = "bell"
"""The kind of incident types (`seeds/rules/correlate.toml`) that a pressed bell opens."""


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
    if not on_earth(place.position):
        return f"place {place.position.lat:g}, {place.position.lon:g} is not on the earth"
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
        clue = Clue(
            uid=f"{source}/{fact.uid}", source=_source(triage, device, type_id), type=type_id,
            at_ns=min(fact.at_ns, now_ns), lat=place.position.lat, lon=place.position.lon,
            device_id=fact.device_id, camera_id=fact.device_id if is_camera else "", rule=fact.type,
        )  # fmt: skip
        of = OnTheLog(fact.uid, "", (fact.device_id,) if fact.device_id else ())
        triage.raise_incident(state, drafting, clue, place, reason, now_ns, of)
    return Decision(tuple(drafting.drafts))


def _source(triage: Triage, device: Device | None, type_id: str) -> ClueSource:
    """Who says so: a camera or what looks at its pictures, a bell, or another device."""
    if triage.placing.kind_of(type_id) == BELL:
        return "bell"
    return "detection" if device is None or device.id in triage.city.cameras else "alarm"


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
        clue = _condition_clue(triage, device, type_id, fact, now_ns, alarm_id)
        of = OnTheLog("", alarm_id, (device.id,))
        triage.raise_incident(state, drafting, clue, device.place, reason, now_ns, of)
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
            clue = _condition_clue(triage, device, group.incident_type, fact, now_ns, alarm_id, group.id)
            of = OnTheLog("", alarm_id, tuple(sorted(together)))
            triage.raise_incident(state, drafting, clue, device.place, reason, now_ns, of)
    return Decision(tuple(drafting.drafts))


def _condition_clue(
    triage: Triage, device: Device, type_id: str, fact: ConditionSeen, now_ns: int, alarm_id: str,
    group: str = "",
) -> Clue:  # fmt: skip
    """One device can be a fault of its own and one of many: each is a clue by itself."""
    uid = alarm_id or f"{device.id}={fact.condition}@{now_ns}"
    return Clue(
        uid=f"{uid}#{group}" if group else uid, source="alarm", type=type_id, at_ns=now_ns,
        lat=device.place.position.lat, lon=device.place.position.lon, device_id=device.id,
        camera_id=device.id if device.id in triage.city.cameras else "", rule=fact.condition,
    )  # fmt: skip
