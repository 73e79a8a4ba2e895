"""Where a thread stands, worked out from all that is known of it.

Statements are taken in the order of the partner's own clock, so it makes no difference in what order, how
late or how often they came. What a partner says last counts, except that a closed case stays closed.
"""

from __future__ import annotations

from console.model.base import Record, Words
from console.model.ladder import RUNGS, Cancel, End, PartnerThread, Rung, Said, Statement

_GOES_ON: dict[Said, Rung] = {"accepted": "accepted", "assigned": "assigned", "on_scene": "on_scene"}
_SEES: dict[Said, Rung] = {"received": "received", "opened": "opened"}
_LAST_WORD: tuple[Said, ...] = (
    "received", "opened", "accepted", "assigned", "on_scene", "note", "refused", "cancel_refused",
    "transferred", "cancel_accepted", "closed",
)  # fmt: skip
_RANK: dict[Said, int] = {said: rank for rank, said in enumerate(_LAST_WORD)}
"""Which of two statements of one second (CAP has whole seconds) comes first; of an acceptance and a refusal
the refusal is last, because that makes a person look."""


_NO_END: End = ""
_NO_CANCEL: Cancel = ""


class Standing(Record, frozen=True, kw_only=True):
    """`rung` is the last one that counts, `end` why the thread is over ("" while it lives).

    `by_voice` is how the last telephone call ended that reached somebody ("" without one).
    """

    rung: Rung
    end: End = ""
    cancel: Cancel = ""
    case_ref: str = ""
    unit: str = ""
    reason: str = ""
    words: Words | None = None
    to_agency: str = ""
    by_voice: str = ""

    @property
    def taken(self) -> bool:
        """Whether somebody of the partner has said, in writing or by voice, that they have it."""
        return self.rung in _GOES_ON or self.rung == "closed" or (
            self.by_voice in ("accepted", "noted") and self.rung != "refused"
        )  # fmt: skip


def order_of(statement: Statement) -> tuple[int, int, str]:
    """What statements of one partner are sorted by."""
    return (statement.said_at_ns, _RANK[statement.said], statement.message_id)


def standing(thread: PartnerThread) -> Standing:
    """Where the thread stands. Pure; the same for every order in which its statements came."""
    rung, end, cancel = _ours(thread), _NO_END, _NO_CANCEL
    to_agency, reason, unit = "", "", ""
    words: Words | None = None
    case_ref = thread.case_ref
    for one in sorted(thread.statements, key=order_of):
        case_ref, unit = case_ref or one.case_ref, one.unit or unit
        if end == "closed" or one.said == "note":
            continue
        words = one.words or words
        if one.said in _GOES_ON:
            rung = _GOES_ON[one.said] if rung == "refused" else _further(rung, _GOES_ON[one.said])
            end, reason = "", ""
        elif one.said in _SEES:
            rung = rung if rung == "refused" else _further(rung, _SEES[one.said])
        elif one.said == "refused":
            rung, reason = "refused", one.reason
        elif one.said == "closed":
            rung, end, reason = "closed", "closed", one.reason
        elif one.said == "transferred":
            rung = rung if rung == "refused" else _further(rung, "received")
            end, to_agency = "transferred", one.to_agency
        elif one.said == "cancel_accepted":
            end, cancel = "cancelled", "accepted"
        else:
            end, cancel = ("" if end == "cancelled" else end), "refused"
    if not cancel and thread.cancel is not None:
        cancel = "requested"
    return Standing(
        rung=rung, end=end or _ended_here(thread, rung), cancel=cancel, case_ref=case_ref, unit=unit,
        reason=reason, words=words, to_agency=to_agency, by_voice=_by_voice(thread),
    )  # fmt: skip


def is_unanswered(thread: PartnerThread) -> bool:
    """Whether somebody must act: refused and nobody else asked, or the room was told, with sound, that nobody
    of the partner has it."""
    now = standing(thread)
    if now.end or now.taken:
        return False
    if now.rung == "refused":
        return not thread.rerouted_to
    return any(one.what == "answer" and one.level in ("red", "card") for one in thread.told)


def rung_times(thread: PartnerThread) -> tuple[tuple[Rung, int, int], ...]:
    """(rung, when by whose act it was, when we knew), each rung once, in the order we knew them."""
    found: list[tuple[Rung, int, int]] = [("drafted", thread.drafted_ns, thread.drafted_ns)]
    for rung, at_ns in (
        ("queued", thread.queued_ns), ("sent", thread.sent_ns), ("received", thread.receipt_ns)
    ):  # fmt: skip
        if at_ns:
            found.append((rung, at_ns, at_ns))  # type: ignore[arg-type]
    for one in sorted(thread.statements, key=lambda said: said.heard_ns):
        known = {rung for rung, _, _ in found}
        if one.said in (*_GOES_ON, *_SEES, "refused", "closed") and one.said not in known:
            found.append((one.said, one.said_at_ns, one.heard_ns))  # type: ignore[arg-type]
    return tuple(sorted(found, key=lambda each: each[2]))


def is_draft(thread: PartnerThread) -> bool:
    """Whether nothing of it was sent, and it may still be."""
    now = standing(thread)
    return now.rung == "drafted" and not now.end


def is_live(thread: PartnerThread) -> bool:
    """Whether it was sent and is neither over nor refused."""
    now = standing(thread)
    return bool(thread.queued_ns) and not now.end and now.rung != "refused"


def _ours(thread: PartnerThread) -> Rung:
    if thread.receipt_ns:
        return "received"
    if thread.sent_ns:
        return "sent"
    return "queued" if thread.queued_ns else "drafted"


def _ended_here(thread: PartnerThread, rung: Rung) -> End:
    """How we ended it ourselves. What the partner says later brings the thread back to life: it acts."""
    if thread.rerouted_to and rung not in _GOES_ON and rung != "closed":
        return "rerouted"
    if rung in ("drafted", "queued", "sent") and thread.given_up_ns:
        return "given_up"
    return "expired" if rung == "drafted" and thread.expired_ns else ""


def _by_voice(thread: PartnerThread) -> str:
    return next((one.outcome for one in reversed(thread.calls) if one.outcome != "no_answer"), "")


def _further(rung: Rung, other: Rung) -> Rung:
    return rung if RUNGS.index(rung) >= RUNGS.index(other) else other
