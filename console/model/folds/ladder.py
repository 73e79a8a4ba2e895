"""How the threads of hand-offs follow from the events. What was judged is in the event, so a changed figure
never rewrites the past."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from msgspec.structs import replace

from console.model import events as ev
from console.model.base import Position, Words
from console.model.citystate import CityState
from console.model.folds.base import Folds
from console.model.folds.incident import change, with_one
from console.model.ladder import (
    TOLD_MOST,
    CancelRequest,
    Essence,
    Flag,
    PartnerThread,
    Said,
    Statement,
    Told,
    Update,
)
from console.model.threadstanding import order_of

SEEN_MOST = 256
FLAGS_MOST = 32

_NOT_KEPT = ("changed", "left_out")
"""Verdicts after which a statement is not one of the thread's."""


def begin(state: CityState, entry: ev.Entry, event: ev.HandoffDrafted) -> None:
    state.threads[event.handoff_id] = PartnerThread(
        id=event.handoff_id, key=event.key, incident_id=event.incident_id, agency=event.agency,
        revision=event.revision, person=event.person, essence=event.essence, drafted_ns=entry.at_ns,
        shape=event.shape, group=event.group, follows=event.follows, text=event.text,
    )  # fmt: skip
    incident = state.incidents.get(event.incident_id)
    if incident is not None:
        change(
            state, entry, incident.id, handoff_ids=with_one(incident.handoff_ids, event.handoff_id)
        )  # fmt: skip


def queued(state: CityState, entry: ev.Entry, event: ev.HandoffQueued) -> None:
    """Also for logs that had no drafts: there a thread begins here, and is about what the incident was."""
    thread = state.threads.get(event.handoff_id)
    same = thread is not None and (thread.key, thread.incident_id) == (event.key, event.incident_id)
    if thread is None or not same or thread.queued_ns:
        incident = state.incidents.get(event.incident_id)
        essence = Essence(type="", code="", position=Position(lat=0.0, lon=0.0))
        if incident is not None:
            essence = Essence(
                type=incident.type, code="", position=incident.place.position, place=incident.place.name.en
            )
        thread = PartnerThread(
            id=event.handoff_id, key=event.key, incident_id=event.incident_id, agency=event.agency,
            revision=event.revision, person=event.person, essence=essence, drafted_ns=entry.at_ns,
        )  # fmt: skip
    state.threads[thread.id] = replace(
        thread, queued_ns=entry.at_ns, message_id=event.message_id or event.key, person=event.person,
        essence=event.essence or thread.essence, shape=event.shape or thread.shape,
        group=event.group or thread.group,
    )  # fmt: skip


def sent(thread: PartnerThread, entry: ev.Entry, event: ev.HandoffSent) -> PartnerThread:
    if not thread.queued_ns:
        return thread
    return replace(
        thread, sent_ns=thread.sent_ns or entry.at_ns, attempts=max(thread.attempts, event.attempt)
    )


def received(thread: PartnerThread, entry: ev.Entry, event: ev.HandoffReceived) -> PartnerThread:
    if not thread.queued_ns or thread.receipt_ns:
        return _flagged(thread, event.flags)
    thread = replace(
        thread, receipt_ns=entry.at_ns, sent_ns=thread.sent_ns or entry.at_ns, case_ref=event.agency_ref
    )
    return _flagged(thread, event.flags)


def said_before(said: Said) -> Callable[[PartnerThread, ev.Entry, Any], PartnerThread]:
    """For logs whose partners' answers were events of their own."""

    def fold(thread: PartnerThread, entry: ev.Entry, event: Any) -> PartnerThread:
        words: Words | None = event.words
        statement = Statement(
            message_id=f"{said}:{len(thread.statements)}", said=said, said_at_ns=entry.at_ns,
            heard_ns=entry.at_ns, reason=getattr(event, "reason", ""), words=words,
        )  # fmt: skip
        return _with_statement(thread, statement) if thread.queued_ns else thread

    return fold


def in_thread(
    fold: Callable[[PartnerThread, ev.Entry, Any], PartnerThread],
) -> Callable[[CityState, ev.Entry, Any], None]:
    """A fold of one thread; its incident has changed with it."""

    def apply(state: CityState, entry: ev.Entry, event: Any) -> None:
        thread = state.threads.get(event.handoff_id)
        if thread is not None:
            state.threads[thread.id] = fold(thread, entry, event)
            change(state, entry, thread.incident_id)

    return apply


def _edited(thread: PartnerThread, entry: ev.Entry, event: ev.HandoffEdited) -> PartnerThread:
    return replace(thread, text=event.text)


def _evidence(thread: PartnerThread, entry: ev.Entry, event: ev.HandoffEvidenceAdded) -> PartnerThread:
    return replace(thread, stills=event.stills, clip_s=event.clip_s, evidence_ns=entry.at_ns)


def said(thread: PartnerThread, entry: ev.Entry, event: ev.HandoffSaid) -> PartnerThread:
    if event.verdict not in _NOT_KEPT:
        thread = _with_statement(thread, event.statement)
    elif event.verdict == "left_out":
        thread = replace(thread, statements_left_out=thread.statements_left_out + 1)
    return _flagged(thread, event.flags)


def _with_statement(thread: PartnerThread, statement: Statement) -> PartnerThread:
    return replace(thread, statements=tuple(sorted((*thread.statements, statement), key=order_of)))


def _cancel(thread: PartnerThread, entry: ev.Entry, event: ev.HandoffCancelAsked) -> PartnerThread:
    asked = CancelRequest(
        message_id=event.message_id, at_ns=entry.at_ns, person=event.person, reason=event.reason
    )
    return replace(thread, cancel=asked)


def _update(thread: PartnerThread, entry: ev.Entry, event: ev.HandoffUpdateQueued) -> PartnerThread:
    """Who is told again has been told what was read back otherwise."""
    update = Update(message_id=event.message_id, at_ns=entry.at_ns, person=event.person, text=event.text)
    flags = tuple(one for one in thread.flags if one.what != "read_back")
    return replace(thread, updates=(*thread.updates, update), flags=flags)


def _confirmed(thread: PartnerThread, entry: ev.Entry, event: ev.HandoffConfirmed) -> PartnerThread:
    cancel = thread.cancel
    if cancel is not None and cancel.message_id == event.message_id:
        receipt_ns = cancel.receipt_ns or entry.at_ns
        return replace(thread, cancel=replace(cancel, receipt_ns=receipt_ns))
    updates = tuple(
        replace(one, receipt_ns=one.receipt_ns or entry.at_ns) if one.message_id == event.message_id else one
        for one in thread.updates
    )
    return replace(thread, updates=updates)


def _called(thread: PartnerThread, entry: ev.Entry, event: ev.HandoffCalled) -> PartnerThread:
    return replace(thread, calls=(*thread.calls, event.call))


def _rerouted(thread: PartnerThread, entry: ev.Entry, event: ev.HandoffRerouted) -> PartnerThread:
    return replace(thread, rerouted_to=event.to_thread)


def given_up(thread: PartnerThread, entry: ev.Entry, event: ev.HandoffGivenUp) -> PartnerThread:
    return replace(thread, given_up_ns=entry.at_ns, given_up_why=event.reason)


def _expired(thread: PartnerThread, entry: ev.Entry, event: ev.HandoffExpired) -> PartnerThread:
    return replace(thread, expired_ns=entry.at_ns)


def _raised(thread: PartnerThread, entry: ev.Entry, event: ev.HandoffFlagged) -> PartnerThread:
    more = thread.statements_left_out + event.left_out
    return _flagged(replace(thread, statements_left_out=more), event.flags)


def _flagged(thread: PartnerThread, flags: tuple[Flag, ...]) -> PartnerThread:
    return replace(thread, flags=(*thread.flags, *flags)[-FLAGS_MOST:]) if flags else thread


def _seen(thread: PartnerThread, entry: ev.Entry, event: ev.HandoffFlagsSeen) -> PartnerThread:
    names = (f"{one.what}:{one.message_id}" for one in thread.flags)
    return replace(thread, flags=(), seen_flags=(*thread.seen_flags, *names)[-SEEN_MOST:])


def told(thread: PartnerThread, entry: ev.Entry, event: ev.HandoffTold) -> PartnerThread:
    told = Told(
        what=event.what, name=event.name, since_ns=event.since_ns, level=event.level, at_ns=entry.at_ns
    )
    return replace(thread, told=(*thread.told, told)[-TOLD_MOST:])


FOLDS: Folds = {
    ev.HandoffDrafted: begin,
    ev.HandoffEdited: in_thread(_edited),
    ev.HandoffEvidenceAdded: in_thread(_evidence),
    ev.HandoffCancelAsked: in_thread(_cancel),
    ev.HandoffUpdateQueued: in_thread(_update),
    ev.HandoffConfirmed: in_thread(_confirmed),
    ev.HandoffCalled: in_thread(_called),
    ev.HandoffRerouted: in_thread(_rerouted),
    ev.HandoffExpired: in_thread(_expired),
    ev.HandoffFlagged: in_thread(_raised),
    ev.HandoffFlagsSeen: in_thread(_seen),
}
