"""Between a thread and CAP messages: what we ask as messages, what they answer as statements. Pure.

The request is a message of the hand-off profile as it is (`rules.check_handoff`); cancel, update and the
further answers are CAP 1.2 with codes that the partner's file gives a meaning.
"""

from __future__ import annotations

import math

from console.handoff import rules
from console.handoff.cap import (
    CapAlert,
    CapArea,
    CapError,
    CapInfo,
    CapPair,
    CapResource,
    Reference,
    build,
    read_time,
    write_time,
)
from console.handoff.draft import Draft, Evidence, PacketError, evidence_words, place_in
from console.handoff.drafttext import clock, step_words
from console.handoff.kinds import PartnerKind
from console.handoff.profile import handoff_profile
from console.handoff.texts import both
from console.model.base import Position, same_words
from console.model.ladder import CancelRequest, Essence, PartnerThread, Statement, Update

UNIT, TO_AGENCY, NOTE = "handoff:unit:", "handoff:to:", "handoff:note"
"""Codes beside a status: which unit goes (prefix), to whom it was passed on (prefix), only a note."""
TYPE_CODE = "BONGSU-TYPE"


class StatementError(ValueError):
    """A partner's message that says nothing about a case of ours; the text names the element."""


def request_of(
    draft: Draft, thread: PartnerThread, kind: PartnerKind, sender: str, now_ns: int, status: str = "Exercise"
) -> bytes:
    """The whole draft as CAP 1.2 of the hand-off profile. Its identifier is the key of the thread.

    Raises PacketError for a draft the profile cannot say.
    """
    alert = CapAlert(
        identifier=thread.key, sender=sender, sent=write_time(now_ns, draft.time_zone), status=status,
        msg_type="Alert", source=_clean(draft.person), scope="Private", addresses=thread.agency,
        code=(handoff_profile().codes.profile,), incidents=thread.incident_id,
        info=tuple(_info(draft, kind, language) for language in draft.languages),
    )  # fmt: skip
    problems = rules.check_handoff(alert)
    if problems:
        raise PacketError("; ".join(problems[:5]))
    return _built(alert)


def cancel_of(
    cancel: CancelRequest, thread: PartnerThread, sender: str, zone: str, status: str = "Exercise"
) -> bytes:
    """A Cancel: it asks, the partner decides. Raises PacketError."""
    return _after(cancel.message_id, cancel.at_ns, thread, sender, zone, status, "Cancel", (), cancel.reason)


def update_of(
    update: Update, thread: PartnerThread, sender: str, zone: str, status: str = "Exercise"
) -> bytes:
    """An Update with a note. Raises PacketError."""
    return _after(
        update.message_id, update.at_ns, thread, sender, zone, status, "Update", (NOTE,), update.text
    )


def statement_of(alert: CapAlert, kind: PartnerKind, heard_ns: int) -> Statement:
    """What a partner's Ack or Update says about a case of ours. Raises StatementError.

    CAP has whole seconds; statements of one second are put in order by what they say.
    """
    if alert.msg_type not in ("Ack", "Update"):
        raise StatementError(f"msgType: {alert.msg_type} says nothing about a case")
    problems = rules.check(alert)
    if problems:
        raise StatementError(problems[0])
    said = [kind.answers[code] for code in alert.code if code in kind.answers]
    if len(said) != 1:
        raise StatementError(f"code: exactly one that {kind.id} gives a meaning, not {len(said)}")
    reason, words = "", alert.note.strip()
    if said[0] == "refused":
        reason, words = rules.split_reason(alert.note)
        reason = reason or "other"
    to_agency = _marked(alert, TO_AGENCY)
    if said[0] == "transferred" and not to_agency:
        raise StatementError(f"code: {TO_AGENCY} is missing; who passes it on says to whom")
    return Statement(
        message_id=alert.identifier, said=said[0], said_at_ns=read_time(alert.sent), heard_ns=heard_ns,
        reason=reason, unit=_marked(alert, UNIT), to_agency=to_agency, case_ref=rules.case_of(alert),
        read_back=_read_back(alert, kind), words=same_words(words) if words else None,
    )  # fmt: skip


def key_of(alert: CapAlert, sender: str) -> str:
    """Which thread a partner's message is about: the first of its references that is a message of ours."""
    for text in alert.references.split():
        parts = text.split(",")
        if len(parts) == 3 and parts[0] == sender:
            return parts[1]
    return ""


def _after(
    message_id: str, at_ns: int, thread: PartnerThread, sender: str, zone: str, status: str, msg_type: str,
    codes: tuple[str, ...], note: str,
) -> bytes:  # fmt: skip
    """A message about the thread's first one, and about what came between."""
    earlier = [(thread.key, thread.queued_ns), *((one.message_id, one.at_ns) for one in thread.updates)]
    references = [
        str(Reference(sender=sender, identifier=name, sent=write_time(sent_ns, zone)))
        for name, sent_ns in earlier
        if name != message_id and sent_ns <= at_ns
    ]
    alert = CapAlert(
        identifier=message_id, sender=sender, sent=write_time(at_ns, zone), status=status, msg_type=msg_type,
        scope="Private", addresses=thread.agency, code=(handoff_profile().codes.profile, *codes),
        note=_clean(note), references=" ".join(references), incidents=thread.incident_id,
    )  # fmt: skip
    problems = rules.check(alert)
    if not note.strip():
        problems.append(f"note: is empty; a {msg_type} says what or why")
    if problems:
        raise PacketError("; ".join(problems[:5]))
    return _built(alert)


def _built(alert: CapAlert) -> bytes:
    try:
        return build(alert)
    except CapError as error:
        raise PacketError(str(error)) from None


def _info(draft: Draft, kind: PartnerKind, language: str) -> CapInfo:
    profile = handoff_profile()
    rank = min(max(draft.priority, 1), 4) - 1
    clips = () if draft.clip is None else (draft.clip,)
    what = f"{draft.type_name.in_language(language)}: {draft.place.name.in_language(language)}"
    return CapInfo(
        language=profile.languages.get(language, language), category=(draft.category,),
        event=_clean(draft.type_name.in_language(language)),
        urgency=profile.scales.urgency[rank], severity=profile.scales.severity[rank],
        certainty=profile.scales.certainty[rank], event_code=_event_codes(draft, kind),
        onset=write_time(draft.opened_at_ns, draft.time_zone),
        sender_name=_clean(draft.city.in_language(language)),
        headline=_clean(what[: profile.packet.headline_chars]),
        description=_clean(_description(draft, language)),
        contact=_clean(
            both(
                "ladder.draft.contact", city=draft.city.in_language(language), person=draft.person,
                number=draft.contact,
            ).in_language(language)
        ),
        parameter=_parameters(draft, language),
        resource=tuple(_resource(one, language) for one in (*draft.stills, *clips)),
        area=(_area(draft, language),),
    )  # fmt: skip


def _event_codes(draft: Draft, kind: PartnerKind) -> tuple[CapPair, ...]:
    codes = [CapPair(value_name=TYPE_CODE, value=draft.type_id)]
    if draft.code:
        codes.insert(0, CapPair(value_name=kind.priority, value=draft.code))
    return tuple(codes)


def _description(draft: Draft, language: str) -> str:
    """All that is seen and said, newest first; nothing is cut."""
    lines = [draft.text.strip()] if draft.text.strip() else []
    for one in reversed(draft.seen):
        source = f" ({one.source.in_language(language)})" if one.source is not None else ""
        lines.append(f"{clock(draft, one.at_ns)} {one.text.in_language(language)}{source}")
    for caller in draft.callers:
        said = f": {caller.said}" if caller.said else ""
        lines.append(f"{clock(draft, caller.at_ns)} {caller.name} {caller.number}{said}")
    if draft.stills or draft.clip is not None:
        lines.append(evidence_words(draft).in_language(language))
    return "\n".join(lines)


def _parameters(draft: Draft, language: str) -> tuple[CapPair, ...]:
    """The partner's card, field by field, and what a machine can draw."""
    pairs = [("priority", str(draft.priority)), ("person", draft.person)]
    for one in draft.fields:
        pairs.append((f"field:{one.id}", one.text.in_language(language)))
        pairs.append((f"label:{one.id}", one.label.in_language(language)))
    for caller in draft.callers:
        pairs.append(("caller", f"{caller.name} {caller.number}".strip()))
    for trend in draft.trends:
        values = " ".join(f"{one:g}" if math.isfinite(one) else "-" for one in trend.values)
        pairs.append((f"trend:{trend.name.in_language(language)}:{trend.unit}", values))
    for step in draft.steps:
        said = f"{clock(draft, step.at_ns)} {step_words(step, language)}"
        pairs.append(("step:done" if step.done else "step:open", said))
    clips = () if draft.clip is None else (draft.clip,)
    pairs += [(f"sha256:{one.uri}", one.sha256) for one in (*draft.stills, *clips)]
    return tuple(CapPair(value_name=_clean(name), value=_clean(value)) for name, value in pairs)


def _area(draft: Draft, language: str) -> CapArea:
    at = draft.place.position
    geocode = []
    if draft.place.address is not None and draft.place.address.in_language(language):
        geocode.append(CapPair(value_name="ADDRESS", value=_clean(draft.place.address.in_language(language))))
    return CapArea(
        area_desc=_clean(place_in(draft, language)),
        circle=(f"{at.lat:.6f},{at.lon:.6f} {handoff_profile().packet.circle_km:g}",), geocode=tuple(geocode),
    )  # fmt: skip


def _resource(evidence: Evidence, language: str) -> CapResource:
    return CapResource(
        resource_desc=_clean(evidence.description.in_language(language)), mime_type=evidence.mime_type,
        size=str(evidence.size), uri=evidence.uri, digest=evidence.sha1,
    )  # fmt: skip


def _read_back(alert: CapAlert, kind: PartnerKind) -> Essence | None:
    """What an answer's info repeats; None where it repeats no place. Its circles are checked before."""
    info = alert.info[0] if alert.info else None
    if info is None or not info.area or not info.area[0].circle:
        return None
    codes = {one.value_name: one.value for one in info.event_code}
    lat, lon = (float(one) for one in info.area[0].circle[0].split(" ")[0].split(","))
    return Essence(
        type=codes.get(TYPE_CODE, ""), code=codes.get(kind.priority, ""), position=Position(lat=lat, lon=lon),
        place=info.area[0].area_desc,
    )  # fmt: skip


def _marked(alert: CapAlert, prefix: str) -> str:
    return next((code.removeprefix(prefix) for code in alert.code if code.startswith(prefix)), "")


def _clean(text: str) -> str:
    """Without what XML cannot carry: such characters become U+FFFD, visibly."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(char if _carried(char) else "\ufffd" for char in lines)


def _carried(char: str) -> bool:
    half = 0xD800 <= ord(char) <= 0xDFFF
    return char in "\t\n" or (char >= " " and not half and char not in "\ufffe\uffff")
