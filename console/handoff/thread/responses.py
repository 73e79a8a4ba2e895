"""The threads of one incident together: both at once, one instead of another, one after a refusal.

공동대응 (joint response): both go, and each answers with its result. 이관 (transfer): another agency goes
instead; the first stays responsible until the other has accepted, so that nobody is between the two.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from console.handoff.thread.inputs import Drafted
from console.handoff.thread.standing import standing
from console.handoff.thread.steps import thread_key
from console.model.ladder import Essence, PartnerThread

_GOING = ("accepted", "assigned", "on_scene")


class ResponseRefused(Exception):
    """A hand-off that may not be begun; `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def joint(
    threads: Sequence[PartnerThread], incident_id: str, agencies: Sequence[str], person: str,
    essence: Essence, at_ns: int,
) -> tuple[Drafted, ...]:
    """Drafts for several partners at once, a thread each; for one partner it is a plain hand-off.

    Raises ResponseRefused: `live` when one of them has a live thread of this incident already (an update
    is the way), `twice`, `nobody`.
    """
    if not agencies:
        raise ResponseRefused("nobody")
    if len(set(agencies)) != len(agencies):
        raise ResponseRefused("twice")
    several = len(agencies) > 1
    revisions = [_next_revision(threads, incident_id, agency) for agency in agencies]
    names = [
        thread_key(incident_id, agency, revision)
        for agency, revision in zip(agencies, revisions, strict=True)
    ]
    return tuple(
        Drafted(
            at_ns=at_ns, id=name, incident_id=incident_id, agency=agency, revision=revision, person=person,
            essence=essence, shape="joint" if several else "single", group=names[0] if several else "",
        )
        for name, agency, revision in zip(names, agencies, revisions, strict=True)
    )  # fmt: skip


def instead(
    threads: Sequence[PartnerThread], thread: PartnerThread, agency: str, person: str, at_ns: int
) -> Drafted:
    """A draft for `agency` in place of `thread`'s partner: a re-route after a refusal, else a transfer.

    Raises ResponseRefused: `same` for the partner that has it, `live`, `over` for a case that is closed.
    """
    if agency == thread.agency:
        raise ResponseRefused("same")
    now = standing(thread)
    if now.end in ("closed", "cancelled"):
        raise ResponseRefused("over")
    refused = now.rung == "refused" or (now.by_voice == "refused" and not now.taken)
    revision = _next_revision(threads, thread.incident_id, agency)
    return Drafted(
        at_ns=at_ns, id=thread_key(thread.incident_id, agency, revision), incident_id=thread.incident_id,
        agency=agency, revision=revision, person=person, essence=thread.essence,
        shape="reroute" if refused else "transfer", group=thread.group, follows=thread.id,
    )  # fmt: skip


def cancels_due(threads: Iterable[PartnerThread]) -> tuple[PartnerThread, ...]:
    """Threads whose transfer has been accepted elsewhere and that were not asked to be dropped yet."""
    by_id = {one.id: one for one in threads}
    due = []
    for one in by_id.values():
        before = by_id.get(one.follows)
        if one.shape != "transfer" or before is None or before.cancel is not None:
            continue
        if standing(one).rung in _GOING and not standing(before).end and before.queued_ns:
            due.append(before)
    return tuple(due)


def going(threads: Iterable[PartnerThread]) -> tuple[str, ...]:
    """Which agencies have it now, by their own word."""
    found = {one.agency for one in threads if standing(one).rung in _GOING and not standing(one).end}
    return tuple(sorted(found))


def nobody_has_it(threads: Sequence[PartnerThread]) -> bool:
    """Something was sent, and no partner has taken it, in writing or by voice."""
    return any(one.queued_ns for one in threads) and not any(
        standing(one).taken and standing(one).end in ("", "closed") for one in threads
    )


def both_going(threads: Iterable[PartnerThread]) -> tuple[tuple[str, str], ...]:
    """Pairs of threads where one was to go instead of the other and both go: a person must settle it.

    A transfer whose first partner is still to be asked, or was asked, to drop it is not among them.
    """
    by_id = {one.id: one for one in threads}
    found = []
    for one in by_id.values():
        before = by_id.get(one.follows)
        if before is None:
            continue
        each = (standing(before), standing(one))
        if any(now.rung not in _GOING or now.end for now in each):
            continue
        if one.shape == "reroute" or each[0].cancel == "refused":
            found.append((before.id, one.id))
    return tuple(found)


def to_flag(threads: Sequence[PartnerThread]) -> tuple[tuple[str, str, str], ...]:
    """(thread id, what, about) of each thing between threads that a person must see and has not been told.

    The hub gives each to its thread as `Flagged`; what was flagged or seen is not among them.
    """
    by_id = {one.id: one for one in threads}
    found = [(later, "two_going", before) for before, later in both_going(threads)]
    found += [(one, "no_result", one) for one in without_result(threads)]
    return tuple(
        (thread_id, what, about)
        for thread_id, what, about in found
        if f"{what}:{about}" not in by_id[thread_id].seen_flags
        and not any((flag.what, flag.message_id) == (what, about) for flag in by_id[thread_id].flags)
    )


def without_result(threads: Iterable[PartnerThread]) -> tuple[str, ...]:
    """Threads of a joint response that were closed without a result; the asked agency owes one
    (119긴급신고법 시행령)."""
    found = []
    for one in threads:
        now = standing(one)
        if one.shape == "joint" and now.end == "closed" and now.words is None and not now.reason:
            found.append(one.id)
    return tuple(found)


def _next_revision(threads: Sequence[PartnerThread], incident_id: str, agency: str) -> int:
    own = [one for one in threads if (one.incident_id, one.agency) == (incident_id, agency)]
    for one in own:
        now = standing(one)
        if not now.end and now.rung != "refused":
            raise ResponseRefused("live")
    return max((one.revision for one in own), default=0) + 1
