"""From an incident to the message of a hand-off. Pure: same arguments, same bytes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from console.handoff import rules
from console.handoff.cap import CapAlert, CapArea, CapError, CapInfo, CapPair, CapResource, write_time
from console.handoff.cap import build as build_cap
from console.handoff.draft import Evidence, PacketError
from console.handoff.profile import handoff_profile
from console.handoff.texts import both
from console.model.base import Place, Words
from console.model.device import Device
from console.model.incident import Incident


class AgencyFacts(Protocol):
    """What a message needs to know of the agency it goes to. `id` as in "KR-112"."""

    @property
    def id(self) -> str: ...


class TypeFacts(Protocol):
    """What a message needs to know of the incident's type. `category` is CAP's, `code` the partner's
    priority."""

    @property
    def id(self) -> str: ...
    @property
    def name(self) -> Words: ...
    @property
    def category(self) -> str: ...
    @property
    def code(self) -> str: ...


class CityFacts(Protocol):
    """What a message needs to know of the city; console.profile's Profile has it."""

    @property
    def name(self) -> Words: ...
    @property
    def languages(self) -> Sequence[str]: ...
    @property
    def time_zone(self) -> str: ...
    @property
    def agencies(self) -> Mapping[str, AgencyFacts]: ...
    @property
    def incident_types(self) -> Mapping[str, TypeFacts]: ...
    @property
    def devices(self) -> Mapping[str, Device]: ...


def build(
    incident: Incident,
    handoff_id: str,
    key: str,
    revision: int,
    agency: str,
    profile: CityFacts,
    person: str,
    text: str,
    now_ns: int,
    status: str = "Exercise",
    sender: str = "console",
    evidence: Sequence[Evidence] = (),
) -> bytes:
    """The message that gives `incident` to `agency`: CAP 1.2, UTF-8, valid against the schema and our rules.

    `key` is the message's identifier and names the case at the partner. Raises PacketError for an agency or
    type the profile does not have, and for a text that is too long.
    """
    limits = handoff_profile().packet
    if agency not in profile.agencies:
        raise PacketError(f"agency {agency!r} is not in this city's profile")
    kind = profile.incident_types.get(incident.type)
    if kind is None:
        raise PacketError(f"incident type {incident.type!r} is not in this city's profile")
    if len(text) > limits.text_chars:
        raise PacketError(f"the text has {len(text)} characters; at most {limits.text_chars} can be sent")
    about = _About(incident, handoff_id, revision, agency, profile, kind, person, text, tuple(evidence))
    alert = CapAlert(
        identifier=key, sender=sender, sent=write_time(now_ns, profile.time_zone), status=status,
        msg_type="Alert",
        source=_clean(person), scope="Private", addresses=agency, code=(handoff_profile().codes.profile,),
        incidents=incident.id, info=tuple(_info(about, language) for language in profile.languages),
    )  # fmt: skip
    problems = rules.check_handoff(alert)
    if problems:
        raise PacketError("; ".join(problems[:5]))
    try:
        return build_cap(alert)
    except CapError as error:
        raise PacketError(str(error)) from None


class _About:
    """The arguments of one message, so that the parts below can share them."""

    def __init__(
        self, incident: Incident, handoff_id: str, revision: int, agency: str, profile: CityFacts,
        kind: TypeFacts, person: str, text: str, evidence: tuple[Evidence, ...],
    ) -> None:  # fmt: skip
        self.incident = incident
        self.handoff_id = handoff_id
        self.revision = revision
        self.agency = agency
        self.profile = profile
        self.kind = kind
        self.person = person
        self.text = text
        self.evidence = evidence

    def at(self, at_ns: int) -> str:
        """A CAP time of the city."""
        return write_time(at_ns, self.profile.time_zone)

    def clock(self, at_ns: int) -> str:
        """The same for a reader."""
        return self.at(at_ns)[:19].replace("T", " ")


def _info(about: _About, language: str) -> CapInfo:
    profile, limits = handoff_profile(), handoff_profile().packet
    incident = about.incident
    rank = min(max(incident.priority, 1), 4) - 1
    type_name = about.kind.name.in_language(language)
    place = incident.place.name.in_language(language)
    headline = both("handoff.packet.headline", type=type_name, place=place).in_language(language)
    contact = both(
        "handoff.packet.contact", city=about.profile.name.in_language(language), person=about.person
    )
    return CapInfo(
        language=profile.languages.get(language, language), category=(about.kind.category,),
        event=_clean(type_name),
        urgency=profile.scales.urgency[rank], severity=profile.scales.severity[rank],
        certainty=profile.scales.certainty[rank], event_code=_event_codes(about),
        onset=about.at(incident.opened_at_ns), sender_name=_clean(about.profile.name.in_language(language)),
        headline=_clean(_cut(headline, limits.headline_chars)),
        description=_clean(_description(about, language)),
        contact=_clean(contact.in_language(language)), parameter=_parameters(about, language),
        resource=tuple(_resource(one, language) for one in about.evidence), area=(_area(about, language),),
    )  # fmt: skip


def _event_codes(about: _About) -> tuple[CapPair, ...]:
    scale = handoff_profile().priority.get(about.agency.partition("-")[0])
    codes = [CapPair(value_name="BONGSU-TYPE", value=about.kind.id)]
    if scale is not None and about.kind.code:
        codes.insert(0, CapPair(value_name=scale.name, value=str(about.kind.code)))
    return tuple(codes)


def _description(about: _About, language: str) -> str:
    """The operator's words first, then what the console knows, then the notes, newest kept when it is too
    much."""
    parts = []
    if about.text.strip():
        title = both("handoff.packet.operator", person=about.person).in_language(language)
        parts.append(f"{title}:\n{about.text}")
    limits = handoff_profile().packet
    reasons = [one.in_language(language) for one in about.incident.reasons[: limits.facts]]
    if reasons:
        title = both("handoff.packet.reported").in_language(language)
        parts.append(f"{title}:\n" + "\n".join(reasons))
    notes: list[str] = []
    room = limits.note_chars
    for note in reversed(about.incident.notes):
        title = both("handoff.packet.note", time=about.clock(note.at_ns), person=note.person).in_language(
            language
        )
        written = f"{title}:\n{note.text}"
        if len(written) > room:
            break
        room -= len(written)
        notes.insert(0, written)
    missing = len(about.incident.notes) - len(notes)
    if missing:
        notes.insert(0, both("handoff.packet.left_out", count=missing).in_language(language))
    return "\n\n".join(parts + notes)


def _parameters(about: _About, language: str) -> tuple[CapPair, ...]:
    """Facts for a machine: whose hand-off this is, and what it came from."""
    incident, most = about.incident, handoff_profile().packet.facts
    pairs = [
        ("handoff-id", about.handoff_id),
        ("handoff-revision", str(about.revision)),
        ("priority", str(incident.priority)),
        ("stage", incident.stage),
        ("person", about.person),
    ]
    if incident.place.district:
        pairs.append(("district", incident.place.district))
    for name, values in (
        ("signal", incident.signal_uids), ("alarm", incident.alarm_ids), ("device", incident.device_ids),
        ("fact", tuple(one.in_language(language) for one in incident.reasons)),
    ):  # fmt: skip
        pairs += [(name, value) for value in values[:most]]
        if len(values) > most:
            pairs.append((f"{name}-count", str(len(values))))
    for camera_id in incident.camera_ids[: handoff_profile().packet.cameras]:
        camera = about.profile.devices.get(camera_id)
        if camera is not None:
            pairs.append((f"camera-name:{camera_id}", camera.name.in_language(language)))
    pairs += [(f"sha256:{one.uri}", one.sha256) for one in about.evidence]
    return tuple(CapPair(value_name=_clean(name), value=_clean(value)) for name, value in pairs)


def _area(about: _About, language: str) -> CapArea:
    place, limits = about.incident.place, handoff_profile().packet
    codes = [("CAMERA", camera_id) for camera_id in about.incident.camera_ids[: limits.cameras]]
    if place.address is not None and place.address.in_language(language):
        codes.append(("ADDRESS", place.address.in_language(language)))
    circle = f"{place.position.lat:.6f},{place.position.lon:.6f} {limits.circle_km:g}"
    return CapArea(
        area_desc=_clean(_place_in_words(place, language)), circle=(circle,),
        geocode=tuple(CapPair(value_name=name, value=_clean(value)) for name, value in codes),
    )  # fmt: skip


def _place_in_words(place: Place, language: str) -> str:
    name = place.name.in_language(language)
    address = place.address.in_language(language) if place.address is not None else ""
    if not address or address == name:
        return name
    return both("handoff.packet.place", name=name, address=address).in_language(language)


def _resource(evidence: Evidence, language: str) -> CapResource:
    return CapResource(
        resource_desc=_clean(evidence.description.in_language(language)), mime_type=evidence.mime_type,
        size=str(evidence.size), uri=evidence.uri, digest=evidence.sha1,
    )  # fmt: skip


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


def _clean(text: str) -> str:
    """`text` without what XML cannot carry: control characters and half characters become U+FFFD, visibly."""
    return "".join(char if _carried(char) else "�" for char in text.replace("\r\n", "\n").replace("\r", "\n"))


def _carried(char: str) -> bool:
    code = ord(char)
    return char in "\t\n" or 0x20 <= code <= 0xD7FF or 0xE000 <= code <= 0xFFFD or code >= 0x10000
