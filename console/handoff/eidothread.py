"""Between a thread and EIDO messages: what we ask as messages, what they answer as statements. Pure."""

from __future__ import annotations

import math
from typing import Any

from console.handoff import eido
from console.handoff.draft import Draft, Evidence
from console.handoff.kinds import PartnerKind
from console.model.base import Position, Words, same_words
from console.model.ladder import CancelRequest, Essence, PartnerThread, Statement, Update


def request_of(
    draft: Draft, thread: PartnerThread, kind: PartnerKind, message_id: str, sender: str, now_ns: int,
    status: eido.Status = "Exercise",
) -> eido.EidoMessage:  # fmt: skip
    """requestForService: the whole draft. The key of the thread names the case. Raises EidoError."""
    request = eido.RequestForService(transaction_id=thread.key, incident=incident_of(draft, kind))
    return _message(thread, message_id, sender, now_ns, status, request_for_service=request)


def awareness_of(
    draft: Draft, thread: PartnerThread, kind: PartnerKind, message_id: str, sender: str, now_ns: int,
    status: eido.Status = "Exercise",
) -> eido.EidoMessage:  # fmt: skip
    """requestAwareness: the same facts, and nobody is asked to come."""
    request = eido.RequestAwareness(transaction_id=thread.key, incident=incident_of(draft, kind))
    return _message(thread, message_id, sender, now_ns, status, request_awareness=request)


def cancel_of(
    cancel: CancelRequest, thread: PartnerThread, sender: str, status: eido.Status = "Exercise"
) -> eido.EidoMessage:
    """cancelRequest: asks; the partner decides."""
    asked = eido.CancelRequest(transaction_id=thread.key, person=cancel.person, reason=cancel.reason)
    return _message(thread, cancel.message_id, sender, cancel.at_ns, status, cancel_request=asked)


def update_of(
    update: Update, thread: PartnerThread, sender: str, status: eido.Status = "Exercise"
) -> eido.EidoMessage:
    """A note after the first message."""
    note = eido.Notification(
        transaction_id=thread.key, incident_status="note", text=update.text, person=update.person
    )
    return _message(thread, update.message_id, sender, update.at_ns, status, notification=note)


def statement_of(message: eido.EidoMessage, kind: PartnerKind, heard_ns: int) -> Statement:
    """What a partner's message says about a case of ours. Raises EidoError where it says nothing of the sort.

    Codes and words mean what the partner's file says.
    """
    said_at_ns = eido.read_time(message.sent)
    response, note = message.response_to_request, message.notification
    if response is not None:
        code = str(response.status_code)
        answers = kind.cancel_answers if response.request_type == "cancelRequest" else kind.answers
        said = answers.get(code)
        if said is None:
            raise eido.EidoError("$.responseToRequest.statusCode", f"{kind.id} gives {code} no meaning")
        reason = ""
        if said == "refused":
            reason = kind.reasons.get(code, "other")
        return Statement(
            message_id=message.message_id, said=said, said_at_ns=said_at_ns, heard_ns=heard_ns, reason=reason,
            unit=response.unit, to_agency=response.redirect_to, case_ref=response.case_number,
            read_back=_essence(response.read_back), words=_words(response.status_text),
        )  # fmt: skip
    if note is not None:
        said = kind.answers.get(note.incident_status)
        if said is None:
            raise eido.EidoError(
                "$.notification.incidentStatus", f"{kind.id} gives {note.incident_status} no meaning"
            )
        return Statement(
            message_id=message.message_id, said=said, said_at_ns=said_at_ns, heard_ns=heard_ns,
            unit=note.unit, case_ref=note.case_number, words=_words(note.text),
        )  # fmt: skip
    raise eido.EidoError("$", f"{message.verb} says nothing about a case of ours")


def incident_of(draft: Draft, kind: PartnerKind) -> eido.Incident:
    """All of the draft; nothing is cut."""
    place = draft.place
    clips = () if draft.clip is None else (_attachment("clip", draft.clip, draft.clip_s),)
    return eido.Incident(
        tracking=draft.incident_id, type=draft.type_id, type_text=draft.type_name, category=draft.category,
        priority=eido.Priority(scale=kind.priority, value=draft.code or str(draft.priority)),
        opened=eido.write_time(draft.opened_at_ns),
        location=eido.Location(
            latitude=place.position.lat, longitude=place.position.lon, name=place.name, address=place.address,
            district=place.district,
        ),
        agency=draft.city.in_language(draft.languages[0]), person=draft.person, contact=draft.contact,
        caller=tuple(
            eido.CallerComponent(
                called_at=eido.write_time(one.at_ns), name=one.name, call_back=one.number, said=one.said
            )
            for one in draft.callers
        ),
        observation=tuple(
            eido.Observation(at=eido.write_time(one.at_ns), text=one.text, source=one.source)
            for one in draft.seen
        ),
        attachment=(*(_attachment("still", one) for one in draft.stills), *clips),
        reading=tuple(
            eido.Reading(
                name=one.name, unit=one.unit, begin=eido.write_time(one.from_ns),
                end=eido.write_time(one.until_ns), limit=one.limit,
                values=tuple(float(each) if math.isfinite(each) else None for each in one.values),
            )
            for one in draft.trends
        ),
        card=tuple(eido.CardEntry(id=one.id, label=one.label, text=one.text) for one in draft.fields),
        procedure=tuple(
            eido.ProcedureStep(
                at=eido.write_time(one.at_ns), state="done" if one.done else "open", text=one.text,
                answer=one.answer,
            )
            for one in draft.steps
        ),
        note=draft.text,
    )  # fmt: skip


def _attachment(kind: str, evidence: Evidence, seconds: float = 0.0) -> eido.Attachment:
    return eido.Attachment(
        kind="clip" if kind == "clip" else "still", mime_type=evidence.mime_type, url=evidence.uri,
        size=evidence.size, sha256=evidence.sha256, description=evidence.description, seconds=seconds,
    )  # fmt: skip


def _message(
    thread: PartnerThread, message_id: str, sender: str, now_ns: int, status: eido.Status, **verb: Any
) -> eido.EidoMessage:
    """Through the same door as a stranger's message, so that a bad field is named and not sent."""
    made = eido.EidoMessage(
        profile=eido.PROFILE, message_id=message_id, sender=sender, receiver=thread.agency,
        sent=eido.write_time(now_ns), status=status, **verb,
    )  # fmt: skip
    return eido.parse(eido.build(made))


def _essence(said: eido.ReadBack | None) -> Essence | None:
    if said is None:
        return None
    return Essence(
        type=said.type, code=said.code, position=Position(lat=said.latitude, lon=said.longitude),
        place=said.place,
    )  # fmt: skip


def _words(text: str) -> Words | None:
    return same_words(text) if text.strip() else None
