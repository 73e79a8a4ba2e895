"""An EIDO request as a person reads it."""

from __future__ import annotations

import math
from datetime import UTC, datetime

from console.agency.eidotongue import incident_of
from console.agency.facts import Attached, Letter, Readings, Told
from console.handoff import eido
from console.handoff.kinds import PartnerKind
from console.model.base import Position, Words

_RADIUS_M = 100.0
"""EIDO's location is a point; the circle on the map is as large as CAP's."""


def read(body: bytes, kind: PartnerKind) -> Letter:
    """The letter of a requestForService or requestAwareness."""
    message = eido.parse(body)
    incident = incident_of(message)
    value = incident.priority.value
    return Letter(
        type=incident.type, grade=value if incident.priority.scale == kind.priority else "",
        priority=min(max(int(value), 1), 4) if value.isascii() and value.isdigit() else 4,
        clock=_clock(message.sent), exercise=message.status != "Actual", incident=incident.tracking,
        position=Position(lat=incident.location.latitude, lon=incident.location.longitude),
        radius_m=_RADIUS_M, offset_min=None, ko=_told(incident, "ko"), en=_told(incident, "en"),
    )  # fmt: skip


def _told(incident: eido.Incident, language: str) -> Told:
    place = incident.location
    name = place.name.in_language(language)
    address = place.address.in_language(language) if place.address is not None else ""
    where = f"{name} ({address})" if address and address != name else name
    event = incident.type_text.in_language(language)
    lines = [incident.note.strip()] if incident.note.strip() else []
    for one in reversed(incident.observation):
        source = f" ({_words(one.source, language)})" if one.source is not None else ""
        lines.append(f"{_clock(one.at)} {one.text.in_language(language)}{source}")
    return Told(
        event=event, headline=f"{event}: {name}", place=where, description="\n".join(lines),
        from_whom=incident.agency, contact=f"{incident.agency}, {incident.person}, {incident.contact}",
        callers=tuple(
            " ".join(part for part in (_clock(one.called_at), one.name, one.call_back, one.said) if part)
            for one in incident.caller
        ),
        fields=tuple((one.label.in_language(language), one.text.in_language(language))
                     for one in incident.card),
        attached=tuple(
            Attached(
                description=one.description.in_language(language), mime_type=one.mime_type, url=one.url,
                size=one.size, sha256=one.sha256,
            )
            for one in incident.attachment
        ),
        readings=tuple(
            Readings(
                name=one.name.in_language(language), unit=one.unit,
                values=tuple(math.nan if each is None else each for each in one.values),
            )
            for one in incident.reading
        ),
        steps=tuple((one.state == "done", _step(one, language)) for one in incident.procedure),
    )  # fmt: skip


def _step(step: eido.ProcedureStep, language: str) -> str:
    answer = _words(step.answer, language)
    return f"{_clock(step.at)} {step.text.in_language(language)}" + (f" → {answer}" if answer else "")


def _clock(time: str) -> str:
    """HH:MM:SS here: the format's own times say nothing of a city's clock."""
    at = datetime.fromtimestamp(eido.read_time(time) // 1_000_000_000, UTC)
    return at.astimezone().strftime("%H:%M:%S")


def _words(words: Words | None, language: str) -> str:
    return words.in_language(language) if words is not None else ""
