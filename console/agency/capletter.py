"""A CAP request as a person reads it."""

from __future__ import annotations

import math

from console.agency.captongue import TYPE_CODE
from console.agency.facts import Attached, Letter, Readings, Told
from console.handoff.cap import CapAlert, CapInfo, parse
from console.handoff.kinds import PartnerKind
from console.handoff.profile import handoff_profile
from console.model.base import Position


def read(body: bytes, kind: PartnerKind) -> Letter:
    """The letter of a message of the hand-off profile."""
    alert = parse(body)
    first = alert.info[0]
    priority = _parameter(first, "priority")
    codes = {one.value_name: one.value for one in first.event_code}
    point, radius_km = first.area[0].circle[0].split(" ")
    lat, lon = (float(one) for one in point.split(","))
    return Letter(
        type=codes.get(TYPE_CODE, ""), grade=_grade(codes, kind),
        priority=int(priority) if priority in ("1", "2", "3", "4") else _by_severity(first),
        clock=alert.sent[11:19], exercise=alert.status != "Actual", incident=alert.incidents,
        position=Position(lat=lat, lon=lon), radius_m=float(radius_km) * 1000,
        offset_min=_offset_min(alert.sent),
        ko=_told(_in(alert, "ko")), en=_told(_in(alert, "en")),
    )  # fmt: skip


def _offset_min(sent: str) -> int:
    """ "2026-03-20T18:46:40+09:00" is 540."""
    hours, minutes = sent[-5:].split(":")
    return (int(hours) * 60 + int(minutes)) * (-1 if sent[-6] == "-" else 1)


def _in(alert: CapAlert, language: str) -> CapInfo:
    """The part of the message in this language; its first part where there is none."""
    return next((one for one in alert.info if one.language.startswith(language)), alert.info[0])


def _told(info: CapInfo) -> Told:
    area = info.area[0]
    names = {one.value_name: one.value for one in info.parameter}
    cameras = [one.value for one in area.geocode if one.value_name == "CAMERA"]
    fields = [
        (names.get(f"label:{field}", field), value)
        for name, value in names.items()
        if name.startswith("field:") and (field := name.removeprefix("field:"))
    ]
    return Told(
        event=info.event, headline=info.headline or info.event, place=area.area_desc,
        description=info.description, from_whom=info.sender_name, contact=info.contact,
        cameras=tuple(f"{one} {names.get(f'camera-name:{one}', '')}".strip() for one in cameras),
        callers=tuple(one.value for one in info.parameter if one.value_name == "caller"),
        fields=tuple(fields),
        attached=tuple(
            Attached(
                description=one.resource_desc, mime_type=one.mime_type, url=one.uri,
                size=int(one.size) if one.size.isdigit() else 0, sha256=names.get(f"sha256:{one.uri}", ""),
            )
            for one in info.resource
        ),
        readings=tuple(
            _readings(one.value_name, one.value)
            for one in info.parameter
            if one.value_name.startswith("trend:")
        ),
        steps=tuple(
            (one.value_name == "step:done", one.value)
            for one in info.parameter
            if one.value_name in ("step:done", "step:open")
        ),
    )  # fmt: skip


def _readings(name: str, values: str) -> Readings:
    """ "trend:NAME:UNIT" with numbers and "-" for none."""
    told, _, unit = name.removeprefix("trend:").rpartition(":")
    return Readings(name=told, unit=unit, values=tuple(_number(one) for one in values.split()))


def _number(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        return math.nan
    return value if math.isfinite(value) else math.nan


def _grade(codes: dict[str, str], kind: PartnerKind) -> str:
    scales = [kind.priority, *(scale.name for scale in handoff_profile().priority.values())]
    return next((codes[scale] for scale in scales if scale in codes), "")


def _parameter(info: CapInfo, name: str) -> str:
    return next((one.value for one in info.parameter if one.value_name == name), "")


def _by_severity(info: CapInfo) -> int:
    """A console that says no priority still says how severe it is."""
    severities = handoff_profile().scales.severity
    return severities.index(info.severity) + 1 if info.severity in severities else 4
