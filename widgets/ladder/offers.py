"""What may be done with the hand-offs of an incident now. Pure; no Qt. The hub decides; this only offers."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from console.handoff.thread.standing import standing
from console.model.incident import Incident
from console.model.ladder import PartnerThread
from console.model.threadstanding import is_live
from console.profile import Agency, IncidentType


def agency_digits(agencies: Iterable[tuple[str, str]]) -> dict[str, str]:
    """A digit for each (id, number): the last digit of its number that is free, else the next free one."""
    taken: dict[str, str] = {}
    for name, number in agencies:
        wanted = [one for one in number[::-1] if one in "123456789"]
        free = (one for one in [*wanted, *"2934567891"] if one not in taken.values())
        taken[name] = next(free, "")
    return taken


def free_agencies(threads: Sequence[PartnerThread], agencies: Sequence[str]) -> tuple[str, ...]:
    """Those a new hand-off of this incident may go to: none of theirs is on the way."""
    busy = {one.agency for one in threads if is_live(one)}
    return tuple(one for one in agencies if one not in busy)


def preferred(
    incident: Incident, threads: Sequence[PartnerThread], types: Mapping[str, IncidentType],
    agencies: Mapping[str, Agency],
) -> tuple[str, ...]:  # fmt: skip
    """The partners the incident's type prefers and that do not have it yet; after a refusal not the same."""
    kind = types.get(incident.type)
    advised = [one for one in (kind.agencies if kind is not None else ()) if one in agencies]
    refused = {one.agency for one in threads if standing(one).rung == "refused"}
    return tuple(one for one in free_agencies(threads, advised) if one not in refused)


def can_begin(incident: Incident | None) -> bool:
    """Whether the incident may be given to somebody at all."""
    return incident is not None and incident.stage != "closed"


def reroute_to(
    thread: PartnerThread, threads: Sequence[PartnerThread], advised: Sequence[str], agencies: Sequence[str]
) -> tuple[str, ...]:
    """Who may get it after this refusal, advised ones first; empty where nothing was refused, or somebody
    else has it already."""
    now = standing(thread)
    refused = now.rung == "refused" or (now.by_voice == "refused" and not now.taken)
    if not refused or thread.rerouted_to or any(one.follows == thread.id and not standing(one).end
                                                for one in threads):  # fmt: skip
        return ()
    order = dict.fromkeys((*(one for one in advised if one in agencies), *agencies))
    others = {one.agency for one in threads if standing(one).rung == "refused"}
    free = free_agencies(threads, tuple(order))
    return tuple(one for one in free if one != thread.agency and one not in others)


def transfer_to(
    thread: PartnerThread, threads: Sequence[PartnerThread], agencies: Sequence[str]
) -> tuple[str, ...]:
    """Who may go instead of this partner (이관)."""
    if not is_live(thread) or any(one.follows == thread.id and not standing(one).end for one in threads):
        return ()
    return tuple(one for one in free_agencies(threads, agencies) if one != thread.agency)


def acts_of(thread: PartnerThread) -> frozenset[str]:
    """Which of update, cancel, seen, give_up, phone may be asked for this thread."""
    now, found = standing(thread), {"phone"}
    if thread.flags:
        found.add("seen")
    if thread.queued_ns and not now.end and now.rung != "refused":
        found.add("update")
        if thread.cancel is None:
            found.add("cancel")
    if now.rung in ("drafted", "queued", "sent") and not now.end:
        found.add("give_up")
    return frozenset(found)
