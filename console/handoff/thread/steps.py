"""What happens to a thread, one input at a time. Pure: no clock, no I/O.

What we do ourselves can be refused (a code says why). What a partner says about a case we gave it never
is: it is kept, and the verdict says how it fits. What a person must see of it is flagged until it was seen.
"""

from __future__ import annotations

from typing import Literal

from msgspec.structs import replace

from console.handoff.thread.figures import LadderFigures
from console.handoff.thread.inputs import (
    AnyInput,
    BytesLeft,
    Called,
    CancelAsked,
    Drafted,
    Expired,
    Flagged,
    GivenUp,
    PartnerSaid,
    Queued,
    Receipt,
    Rerouted,
    Seen,
    UpdateQueued,
)  # fmt: skip
from console.handoff.thread.readback import differs
from console.handoff.thread.standing import Standing, order_of, standing
from console.model.base import Record
from console.model.ladder import RUNGS, CancelRequest, Flag, PartnerThread, Statement

Verdict = Literal[
    "advanced", "jumped", "late", "reversed", "crossed", "repeated", "after_end", "changed", "left_out",
    "noted", "done", "refused",
]
"""advanced: further up the ladder, or an answer · jumped: a rung was left out, it may still come · late:
about something that is past · reversed: refused after accepting, or the other way · crossed: it goes on
while we ask to cancel · repeated: a message that came before, nothing to write down · after_end: the thread
was over · changed: a message that came before, now with other content · left_out: too many, counted only ·
noted: kept beside the ladder · done, refused: our own act."""

FLAGGED: frozenset[Verdict] = frozenset({"reversed", "crossed", "after_end", "changed", "left_out"})
"""Verdicts a person must have seen."""

_OPTIONAL = ("sent", "received", "opened")
"""Rungs an answer implies; a partner need not say them."""
_FLAGS_MOST = 32
_SEEN_MOST = 256


class Step(Record, frozen=True, kw_only=True):
    """The thread after an input. `code` says why an act of ours was refused."""

    thread: PartnerThread
    verdict: Verdict
    code: str = ""


def thread_key(incident_id: str, agency: str, revision: int) -> str:
    """What names the case at the partner."""
    return f"{incident_id}:{agency}:{revision}"


def begin(drafted: Drafted) -> PartnerThread:
    """A thread with nothing sent."""
    return PartnerThread(
        id=drafted.id, key=thread_key(drafted.incident_id, drafted.agency, drafted.revision),
        incident_id=drafted.incident_id, agency=drafted.agency, revision=drafted.revision,
        person=drafted.person, essence=drafted.essence, drafted_ns=drafted.at_ns, shape=drafted.shape,
        group=drafted.group, follows=drafted.follows,
    )  # fmt: skip


def step(thread: PartnerThread, said: AnyInput, figures: LadderFigures) -> Step:
    """Take one input. Never raises for what a partner says."""
    match said:
        case PartnerSaid(statement=statement):
            return _heard(thread, statement, figures)
        case Receipt():
            return _receipt(thread, said)
        case BytesLeft():
            return _bytes_left(thread, said)
        case Seen():
            names = (f"{one.what}:{one.message_id}" for one in thread.flags)
            return _done(
                replace(thread, flags=(), seen_flags=(*thread.seen_flags, *names)[-_SEEN_MOST:])
            )
        case Flagged():
            flagged = _raise(thread, said.what, said.at_ns, said.about)
            return Step(thread=flagged, verdict="repeated" if flagged is thread else "done")
        case _:
            return _ours(thread, said, figures)


def _ours(thread: PartnerThread, said: AnyInput, figures: LadderFigures) -> Step:
    now = standing(thread)
    match said:
        case Queued():
            if thread.queued_ns:
                same = thread.message_id == said.message_id
                return Step(thread=thread, verdict="repeated" if same else "refused",
                            code="" if same else "already_sent")  # fmt: skip
            if now.end:
                return _refused(thread, "over")
            return _done(replace(thread, queued_ns=said.at_ns, message_id=said.message_id))
        case Expired():
            if thread.queued_ns or now.end:
                return _refused(thread, "not_a_draft")
            return _done(replace(thread, expired_ns=said.at_ns))
        case CancelAsked():
            return _cancel(thread, said, now)
        case UpdateQueued(update=update):
            if any(one.message_id == update.message_id for one in thread.updates):
                return Step(thread=thread, verdict="repeated")
            if not thread.queued_ns:
                return _refused(thread, "not_sent")
            if now.end:
                return _refused(thread, "over")  # a closed case is never opened again: a linked incident is
            if len(thread.updates) >= figures.thread.updates_most:
                return _refused(thread, "too_many")
            if not 0 < len(update.text.strip()) <= figures.thread.text_chars:
                return _refused(thread, "text")
            flags = tuple(one for one in thread.flags if one.what != "read_back")
            return _done(replace(thread, updates=(*thread.updates, update), flags=flags))
        case Called(call=call):
            if call in thread.calls:
                return Step(thread=thread, verdict="repeated")
            if len(thread.calls) >= figures.thread.calls_most:
                return _refused(thread, "too_many")
            return _done(replace(thread, calls=(*thread.calls, call)))
        case Rerouted():
            if thread.rerouted_to:
                same = thread.rerouted_to == said.to_thread
                return Step(thread=thread, verdict="repeated" if same else "refused",
                            code="" if same else "already_rerouted")  # fmt: skip
            if now.rung != "refused" and now.by_voice != "refused":
                return _refused(thread, "not_refused")
            return _done(replace(thread, rerouted_to=said.to_thread))
        case GivenUp():
            if now.rung not in ("queued", "sent") or now.end:
                return _refused(thread, "partner_has_it")
            if not said.reason.strip():
                return _refused(thread, "reason")
            return _done(replace(thread, given_up_ns=said.at_ns, given_up_why=said.reason))
    raise AssertionError(said)


def _cancel(thread: PartnerThread, said: CancelAsked, now: Standing) -> Step:
    if thread.cancel is not None and now.cancel in ("requested", "accepted"):
        same = thread.cancel.message_id == said.message_id
        code = "" if same else "already_asked"
        return Step(thread=thread, verdict="repeated" if same else "refused", code=code)
    if not thread.queued_ns:
        return _refused(thread, "not_sent")
    if now.end:
        return _refused(thread, "over")
    if thread.cancel is not None:
        return _refused(thread, "cancel_refused")  # asked once and refused: by voice from here on
    if not said.reason.strip():
        return _refused(thread, "reason")
    asked = CancelRequest(
        message_id=said.message_id, at_ns=said.at_ns, person=said.person, reason=said.reason
    )
    return _done(replace(thread, cancel=asked))


def _bytes_left(thread: PartnerThread, said: BytesLeft) -> Step:
    if not thread.queued_ns:
        return _refused(thread, "not_queued")
    first = not thread.sent_ns
    thread = replace(
        thread, sent_ns=thread.sent_ns or said.at_ns, attempts=max(thread.attempts, said.attempt)
    )
    return Step(thread=thread, verdict="advanced" if first else "noted")


def _receipt(thread: PartnerThread, said: Receipt) -> Step:
    """A receipt of any of our messages; one of a message we never sent changes nothing."""
    if said.message_id and said.message_id == thread.message_id:
        known = standing(thread)
        if thread.receipt_ns:
            other = bool(said.case_ref) and known.case_ref not in ("", said.case_ref)
            flagged = _raise(thread, "two_cases", said.at_ns, said.case_ref) if other else thread
            return Step(thread=flagged, verdict="changed" if other else "repeated")
        ended = known.end
        moved = replace(
            thread, receipt_ns=said.at_ns, sent_ns=thread.sent_ns or said.at_ns,
            case_ref=said.case_ref,
        )  # fmt: skip
        verdict: Verdict = "late" if _moved(thread, moved) is None else "advanced"
        if ended:
            verdict = "after_end"
        return Step(thread=_flag(moved, verdict, said.at_ns, said.message_id), verdict=verdict)
    if thread.cancel is not None and said.message_id == thread.cancel.message_id:
        if thread.cancel.receipt_ns:
            return Step(thread=thread, verdict="repeated")
        return Step(
            thread=replace(thread, cancel=replace(thread.cancel, receipt_ns=said.at_ns)), verdict="noted"
        )
    for row, update in enumerate(thread.updates):
        if update.message_id == said.message_id:
            if update.receipt_ns:
                return Step(thread=thread, verdict="repeated")
            kept = (*thread.updates[:row], replace(update, receipt_ns=said.at_ns), *thread.updates[row + 1 :])
            return Step(thread=replace(thread, updates=kept), verdict="noted")
    return _refused(thread, "unknown_message")


def _heard(thread: PartnerThread, said: Statement, figures: LadderFigures) -> Step:
    if not thread.queued_ns:
        return _refused(thread, "not_queued")
    for one in thread.statements:
        if one.message_id == said.message_id:
            if replace(one, heard_ns=0) == replace(said, heard_ns=0):
                return Step(thread=thread, verdict="repeated")
            return Step(thread=_flag(thread, "changed", said.heard_ns, said.message_id), verdict="changed")
    most = figures.thread.statements_most
    if len(thread.statements) >= (most // 2 if said.said == "note" else most):  # notes keep nothing else out
        counted = replace(thread, statements_left_out=thread.statements_left_out + 1)
        return Step(thread=_flag(counted, "left_out", said.heard_ns), verdict="left_out")
    before = standing(thread)
    kept = replace(thread, statements=tuple(sorted((*thread.statements, said), key=order_of)))
    verdict = _verdict(kept, before, said)
    kept = _flag(kept, verdict, said.heard_ns, said.message_id)
    if said.said == "closed" and _spoke_after(kept, said):
        kept = _raise(kept, "after_end", said.heard_ns, said.message_id)
    if said.case_ref and before.case_ref not in ("", said.case_ref):
        kept = _raise(kept, "two_cases", said.heard_ns, said.message_id)
    if said.read_back is not None and differs(
        thread.essence, said.read_back, figures.thread.read_back_within_m
    ):
        kept = _raise(kept, "read_back", said.heard_ns, said.message_id)
    return Step(thread=kept, verdict=verdict)


def _verdict(after: PartnerThread, was: Standing, said: Statement) -> Verdict:
    now = standing(after)
    if was.end:
        return "after_end"
    if said.said == "note":
        return "noted"
    if _opposed(was, now):
        return "reversed"
    if was.cancel == "requested" and said.said in ("accepted", "assigned", "on_scene") and now != was:
        return "crossed"
    if (now.rung, now.end, now.cancel, now.reason) == (was.rung, was.end, was.cancel, was.reason):
        return "noted" if said.said == was.rung else "late"
    if now.rung in RUNGS and was.rung in RUNGS:
        between = RUNGS[RUNGS.index(was.rung) + 1 : RUNGS.index(now.rung)]
        if any(one not in _OPTIONAL for one in between) and now.rung != "closed":
            return "jumped"
    return "advanced"


def _spoke_after(thread: PartnerThread, closed: Statement) -> bool:
    """Whether the partner had said more, by its own clock, than that it was over; heard before that."""
    later = thread.statements[thread.statements.index(closed) + 1 :]
    return any(one.said not in ("note", "closed") for one in later)


def _opposed(was: Standing, now: Standing) -> bool:
    """The last word is the opposite of what stood."""
    for one, other in ((was, now), (now, was)):
        if one.rung == "refused" and other.rung in ("accepted", "assigned", "on_scene"):
            return True
    return {was.cancel, now.cancel} == {"accepted", "refused"}


def _moved(before: PartnerThread, after: PartnerThread) -> Standing | None:
    was, now = standing(before), standing(after)
    return None if (was.rung, was.end) == (now.rung, now.end) else now


def _flag(thread: PartnerThread, verdict: Verdict, at_ns: int, message_id: str = "") -> PartnerThread:
    """At most one flag of a kind for a message: a storm of doubles is one thing to see."""
    return _raise(thread, verdict, at_ns, message_id) if verdict in FLAGGED else thread


def _raise(thread: PartnerThread, what: str, at_ns: int, message_id: str) -> PartnerThread:
    if f"{what}:{message_id}" in thread.seen_flags:
        return thread
    if any((one.what, one.message_id) == (what, message_id) for one in thread.flags):
        return thread
    flag = Flag(what=what, at_ns=at_ns, message_id=message_id)
    return replace(thread, flags=(*thread.flags, flag)[-_FLAGS_MOST:])


def _done(thread: PartnerThread) -> Step:
    return Step(thread=thread, verdict="done")


def _refused(thread: PartnerThread, code: str) -> Step:
    return Step(thread=thread, verdict="refused", code=code)
