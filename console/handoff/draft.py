"""The draft of a hand-off: all a partner needs, so ordered that a person reads it in five seconds.

Pure. The same draft is shown to the operator, said on the telephone and written in the partner's format.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

from msgspec.structs import replace

from console.handoff.kinds import CardField, PartnerKind
from console.handoff.texts import both
from console.model.base import Words, same_words
from console.model.handoffdraft import Caller, Draft, DraftStep, Evidence, FilledField, SeenThing, Trend
from console.model.incident import Incident
from console.model.procedurerun import ProcedureRun

__all__ = [
    "Caller", "Draft", "DraftStep", "Evidence", "FilledField", "PacketError", "SeenThing", "Trend",
    "draft_of", "steps_of",
]  # fmt: skip
STEPS_DONE = 3
"""So many of the last steps are told: what somebody who takes over asks first (ours)."""


class PacketError(ValueError):
    """The hand-off cannot be said as asked; the text says what a person can change."""


class AgencyFacts(Protocol):
    """What a draft needs to know of the agency it goes to; console.profile's Agency has it."""

    @property
    def id(self) -> str: ...
    @property
    def short(self) -> Words: ...
    @property
    def number(self) -> str: ...


class TypeFacts(Protocol):
    """What a draft needs to know of the incident's type. `category` is CAP's."""

    @property
    def id(self) -> str: ...
    @property
    def name(self) -> Words: ...
    @property
    def category(self) -> str: ...
    @property
    def code(self) -> str: ...


class CityFacts(Protocol):
    """What a draft needs to know of the city; console.profile's Profile has it."""

    @property
    def name(self) -> Words: ...
    @property
    def time_zone(self) -> str: ...
    @property
    def languages(self) -> Sequence[str]: ...
    @property
    def agencies(self) -> Mapping[str, AgencyFacts]: ...
    @property
    def incident_types(self) -> Mapping[str, TypeFacts]: ...


def draft_of(
    incident: Incident, agency: str, profile: CityFacts, kind: PartnerKind, person: str, contact: str,
    now_ns: int, *, callers: Sequence[Caller] = (), seen: Sequence[SeenThing] = (),
    stills: Sequence[Evidence] = (), clip: Evidence | None = None, clip_s: float = 0.0,
    trends: Sequence[Trend] = (), text: str = "", said: Mapping[str, str] | None = None,
    steps: Sequence[DraftStep] = (),
) -> Draft:  # fmt: skip
    """The draft that gives `incident` to `agency`. `contact` is where the centre can be called back, `said`
    what a person wrote into fields of the card (by field id), which goes before what the rules propose;
    `steps` how far the procedure is (`steps_of`).

    Without `seen`, the incident's own reasons are what is seen. Raises PacketError for an agency or type the
    profile does not have, and for a field the card does not have.
    """
    if agency not in profile.agencies:
        raise PacketError(f"agency {agency!r} is not in this city's profile")
    of_type = profile.incident_types.get(incident.type)
    if of_type is None:
        raise PacketError(f"incident type {incident.type!r} is not in this city's profile")
    unknown = set(said or ()) - {one.id for one in kind.fields}
    if unknown:
        raise PacketError(f"{kind.id} has no field {sorted(unknown)[0]!r}")
    known = tuple(seen) or tuple(
        SeenThing(at_ns=incident.opened_at_ns, text=reason) for reason in incident.reasons
    )
    draft = Draft(
        incident_id=incident.id, agency=agency, agency_name=profile.agencies[agency].short,
        agency_number=profile.agencies[agency].number, kind=kind.id, type_id=of_type.id,
        type_name=of_type.name, category=of_type.category, code=of_type.code, priority=incident.priority,
        place=incident.place, opened_at_ns=incident.opened_at_ns, made_at_ns=now_ns,
        time_zone=profile.time_zone, languages=tuple(profile.languages), city=profile.name, person=person,
        contact=contact, callers=tuple(callers), seen=known, stills=tuple(stills),
        clip=clip, clip_s=clip_s, trends=tuple(trends), text=text, fields=(), gaps=(),
        steps=tuple(steps),
    )  # fmt: skip
    fields = tuple(_filled(one, draft, (said or {}).get(one.id, "")) for one in kind.fields)
    return _with(draft, fields)


def steps_of(run: ProcedureRun | None) -> tuple[DraftStep, ...]:
    """The last steps that were done, oldest first, and the one in hand, as the record words them.

    Comments and reasons stay in the room; what was skipped, or only carried over from an earlier procedure,
    is not told as done.
    """
    if run is None:
        return ()
    done = [
        one for one in run.steps
        if one.state in ("done", "answered") and one.text is not None and one.because != "earlier"
    ]  # fmt: skip
    told = [
        DraftStep(at_ns=one.closed_ns, done=True, text=one.text, answer=one.answer_words)
        for one in sorted(done, key=lambda one: one.closed_ns)[-STEPS_DONE:]
        if one.text is not None
    ]
    waits = [one for one in run.open_steps if one.text is not None] if run.going else []
    if waits and waits[-1].text is not None:
        told.append(DraftStep(at_ns=waits[-1].opened_ns, done=False, text=waits[-1].text))
    return tuple(told)


def _with(draft: Draft, fields: tuple[FilledField, ...]) -> Draft:
    gaps = [
        name
        for name, there in (
            ("address", draft.place.address is not None and bool(draft.place.address.en)),
            ("place", _on_the_map(draft)), ("code", bool(draft.code)), ("seen", bool(draft.seen)),
            ("stills", bool(draft.stills)), ("clip", draft.clip is not None),
        )
        if not there
    ]  # fmt: skip
    gaps += [f"field:{one.id}" for one in fields if one.needed and not (one.text.en and one.text.ko)]
    return replace(draft, fields=fields, gaps=tuple(gaps))


def _on_the_map(draft: Draft) -> bool:
    at = draft.place.position
    return -90 <= at.lat <= 90 and -180 <= at.lon <= 180 and (at.lat, at.lon) != (0, 0)


def _filled(field: CardField, draft: Draft, said: str) -> FilledField:
    proposed = not said.strip() and field.source == "by_category"
    text = same_words(said.strip()) if said.strip() else _text_of(field, draft)
    return FilledField(id=field.id, label=field.label, text=text, needed=field.needed, proposed=proposed)


def _text_of(field: CardField, draft: Draft) -> Words:
    match field.source:
        case "code":
            return urgency_words(draft)
        case "type":
            return draft.type_name
        case "place":
            return place_words(draft)
        case "type_and_place":
            return _joined(draft.type_name, place_words(draft))
        case "seen":
            return draft.seen[-1].text if draft.seen else both("ladder.draft.nothing_seen")
        case "callers":
            return callers_words(draft)
        case "evidence":
            return evidence_words(draft)
        case "trend":
            return _joined(*(one.name for one in draft.trends)) if draft.trends else same_words("")
        case "contact":
            return Words(
                en=_contact(draft, "en"),
                ko=_contact(draft, "ko"),
            )
        case "by_category":
            own = {str(name): text for name, text in field.by_category.items()}
            return own.get(draft.category) or own["Other"]
        case "operator":
            return same_words(draft.text.strip())


def urgency_words(draft: Draft) -> Words:
    """The partner's own code or grade; our priority where there is none. A grade is a word of its own."""
    if not draft.code:
        return both("ladder.draft.priority", priority=draft.priority)
    return both("ladder.draft.code", code=draft.code) if draft.code.isdigit() else same_words(draft.code)


def place_words(draft: Draft) -> Words:
    """Name, address and coordinates."""
    at = f"{draft.place.position.lat:.6f}, {draft.place.position.lon:.6f}"
    return Words(en=f"{place_in(draft, 'en')} [{at}]", ko=f"{place_in(draft, 'ko')} [{at}]")


def place_in(draft: Draft, language: str) -> str:
    """Name and address, for a message that has the coordinates in a field of their own."""
    name = draft.place.name.in_language(language)
    address = draft.place.address.in_language(language) if draft.place.address is not None else ""
    return name if not address or address == name else f"{name} ({address})"


def callers_words(draft: Draft) -> Words:
    """The first caller with their number, and how many more there are."""
    if not draft.callers:
        return both("ladder.draft.no_caller")
    first = draft.callers[0]
    text = same_words(" ".join(one for one in (first.name, first.number) if one))
    if len(draft.callers) == 1:
        return text
    return _joined(text, both("ladder.draft.more", count=len(draft.callers) - 1))


def evidence_words(draft: Draft) -> Words:
    """How many stills, how long a clip."""
    parts = []
    if draft.stills:
        parts.append(both("ladder.draft.stills", count=len(draft.stills)))
    if draft.clip is not None:
        parts.append(both("ladder.draft.clip", seconds=f"{draft.clip_s:g}"))
    return _joined(*parts) if parts else both("ladder.draft.no_pictures")


def _contact(draft: Draft, language: str) -> str:
    city = draft.city.in_language(language)
    said = both("ladder.draft.contact", city=city, person=draft.person, number=draft.contact)
    return said.in_language(language)


def _joined(*each: Words) -> Words:
    return Words(en=", ".join(one.en for one in each), ko=", ".join(one.ko or one.en for one in each))
