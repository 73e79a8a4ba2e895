"""What a CAP message must keep besides the schema: CAP's own written rules, and those of our hand-off
profile.

The public schema takes an Ack without references, a Private message without addresses, a circle that is
none. These rules do not. `check` is for any CAP 1.2 message, `check_handoff` for one of the profile
(docs/ref/handoff.md). Each answer is a list of sentences, empty when the message is good.
"""

from __future__ import annotations

import re

from console.handoff.cap import CapAlert, CapInfo, split_reference
from console.handoff.profile import handoff_profile

_NAME_CHARS = 256
_BESIDE = ("handoff:unit:", "handoff:to:")
"""Codes that stand beside a step: which unit goes, to whom a case was passed on."""
_NUMBER = r"[-+]?[0-9]{1,3}(?:\.[0-9]{1,12})?"
_POINT = re.compile(rf"({_NUMBER}),({_NUMBER})")
_RADIUS = re.compile(r"[0-9]{1,5}(?:\.[0-9]{1,12})?")


def check(alert: CapAlert) -> list[str]:
    """What breaks CAP 1.2's written rules (OASIS 3.2), by element."""
    found = [*_name("identifier", alert.identifier), *_name("sender", alert.sender)]
    if alert.msg_type != "Alert" and not alert.references:
        found.append(f"references: missing; {alert.msg_type} must say which message it is about")
    for text in alert.references.split():
        try:
            split_reference(text)
        except ValueError as error:
            found.append(f"references: {error}")
    if alert.msg_type == "Error" and not alert.note.strip():
        found.append("note: missing; an Error must say what was wrong")
    if alert.scope == "Private" and not alert.addresses.strip():
        found.append("addresses: missing; a Private message must name its receivers")
    if alert.scope == "Restricted" and not alert.restriction.strip():
        found.append("restriction: missing; a Restricted message must say how")
    for info in alert.info:
        for area in info.area:
            found += [problem for circle in area.circle if (problem := circle_problem(circle))]
            found += [problem for polygon in area.polygon if (problem := polygon_problem(polygon))]
    return found


def check_handoff(alert: CapAlert) -> list[str]:
    """What breaks the hand-off profile; includes `check`."""
    profile = handoff_profile()
    codes = profile.codes
    found = check(alert)
    if codes.profile not in alert.code:
        found.append(f"code: {codes.profile} is missing, so this is not a message of the hand-off profile")
    if alert.scope != "Private":
        found.append(f"scope: {alert.scope}; a hand-off is Private")
    elif len(alert.addresses.split()) != 1:
        found.append("addresses: a hand-off has exactly one receiver")
    status = [one for one in alert.code if one.startswith("handoff:") and one != codes.profile]
    cases = [one for one in status if one.startswith(codes.case)]
    status = [one for one in status if not one.startswith((codes.case, *_BESIDE))]
    if len(cases) > 1:
        found.append("code: more than one case number")
    if alert.msg_type == "Alert":
        found += [f"code: {one!r} does not belong on an Alert" for one in status[:3]]
        found += _check_request(alert)
    elif alert.msg_type in profile.types:
        allowed = [getattr(codes, name) for name in profile.types[alert.msg_type]]
        if len(status) != 1 or status[0] not in allowed:
            found.append(f"code: {alert.msg_type} carries exactly one of {', '.join(allowed)}")
        elif status[0] == codes.rejected:
            found += _check_reason(alert.note)
    elif alert.msg_type != "Error":
        found.append(f"msgType: {alert.msg_type} is not part of {codes.profile}")
    return found


def status_of(alert: CapAlert) -> str:
    """Which of the profile's steps an Ack or Update of the profile says ("received", "accepted", ...); else
    ""."""
    codes = handoff_profile().codes
    for name in ("received", "accepted", "rejected", "dispatched", "on_scene", "closed"):
        if getattr(codes, name) in alert.code:
            return name
    return ""


def case_of(alert: CapAlert) -> str:
    """The partner's own case number, or ""."""
    prefix = handoff_profile().codes.case
    return next((one.removeprefix(prefix) for one in alert.code if one.startswith(prefix)), "")


def split_reason(note: str) -> tuple[str, str]:
    """A refusal's note as (reason code, the person's words); ("", note) when it starts with no known
    reason."""
    reason, colon, words = note.partition(":")
    if reason.strip() in handoff_profile().reasons.known:
        return reason.strip(), words.strip() if colon else ""
    return "", note.strip()


def circle_problem(circle: str) -> str:
    """What is wrong with a CAP circle "lat,lon radius_km" (WGS84), or ""."""
    parts = circle.split(" ")
    if len(parts) != 2 or _point(parts[0]) is None:
        return f"circle: {circle[:60]!r} is not lat,lon radius"
    if not _RADIUS.fullmatch(parts[1]) or float(parts[1]) > 20_040:
        return f"circle: radius {parts[1][:60]!r} is not a number of kilometres on this planet"
    return ""


def polygon_problem(polygon: str) -> str:
    """What is wrong with a CAP polygon, or "": at least four points, the last one the first (OASIS 3.2.4)."""
    points = [_point(text) for text in polygon.split()]
    if len(points) < 4 or None in points:
        return f"polygon: {polygon[:60]!r} is not at least four lat,lon points"
    if points[0] != points[-1]:
        return "polygon: is not closed; the last point is not the first"
    return ""


def _check_request(alert: CapAlert) -> list[str]:
    profile = handoff_profile()
    found = []
    if len(alert.incidents.split()) != 1:
        found.append("incidents: a hand-off belongs to exactly one incident")
    if not alert.info:
        found.append("info: missing; a hand-off says what happened and where")
    for info in alert.info:
        if info.language not in profile.languages.values():
            found.append(f"language: {info.language[:20]!r} is not one of the profile")
        if not info.event.strip():
            found.append("event: is empty")
        if len(info.area) != 1 or not info.area[0].area_desc.strip() or len(info.area[0].circle) != 1:
            found.append("area: a hand-off has exactly one place, with areaDesc and one circle")
        found += _check_priority(alert.addresses, info)
    return found


def _check_priority(addresses: str, info: CapInfo) -> list[str]:
    scale = handoff_profile().priority.get(addresses.partition("-")[0])
    if scale is None:
        return []
    said = [one.value for one in info.event_code if one.value_name == scale.name]
    if len(said) > 1 or (said and said[0] not in scale.values):
        return [f"eventCode: {scale.name} may be said once, as one of {', '.join(scale.values)}"]
    return []


def _check_reason(note: str) -> list[str]:
    if split_reason(note)[0]:
        return []
    known = ", ".join(handoff_profile().reasons.known)
    return [f"note: a refusal starts with its reason, one of {known}"]


def _name(field: str, text: str) -> list[str]:
    if not text:
        return [f"{field}: is empty"]
    if len(text) > _NAME_CHARS:
        return [f"{field}: is longer than {_NAME_CHARS} characters"]
    if any(char in ",<&" or char.isspace() or not char.isprintable() for char in text):
        return [f"{field}: {text[:60]!r} holds a space, comma, < or &, which CAP forbids there"]
    return []


def _point(text: str) -> tuple[float, float] | None:
    matched = _POINT.fullmatch(text)
    if matched is None:
        return None
    lat, lon = float(matched[1]), float(matched[2])
    return (lat, lon) if abs(lat) <= 90 and abs(lon) <= 180 else None
