"""What the courier and the partners report about hand-offs, and what time alone brings, decided.

A late, double or out-of-order message is never an error: what is news becomes an entry, what is not is
answered again. How a statement fits is judged by `console.handoff.thread.steps`.
"""

from __future__ import annotations

from collections.abc import Iterable

from console.handoff.thread.figures import LadderFigures, ladder
from console.handoff.thread.inputs import PartnerSaid, Receipt
from console.handoff.thread.responses import cancels_due, to_flag
from console.handoff.thread.steps import step
from console.handoff.thread.waits import Attention
from console.model import events as ev
from console.model.fact import (
    CourierReport,
    DeliveryReport,
    PartnerLinkSeen,
    PartnerMessageBad,
    PartnerReport,
)
from console.model.ladder import Flag, PartnerThread
from console.model.state import CityState
from console.rules.draft import NOTHING, Decision, Draft, Drafting, Refusal
from console.rules.ladder import LadderRules, is_draft, threads_of

HUB = ev.Cause(actor="rule:ladder")


def decide_report(
    state: CityState, report: CourierReport, figures: LadderFigures | None = None
) -> Decision:
    """Events for one report; NOTHING where it says what is already known or names no hand-off of ours."""
    match report:
        case DeliveryReport():
            return _delivery(state, report, figures or ladder())
        case PartnerReport():
            return _partner(state, report, figures or ladder())
        case PartnerLinkSeen():
            link = state.partners.get(report.agency)
            if link is not None and (link.up, link.why) == (report.up, report.why):
                return NOTHING
            return _one(
                ev.PartnerLinkChanged(agency=report.agency, up=report.up, why=report.why), report.agency
            )
        case PartnerMessageBad():
            return _one(
                ev.PartnerMessageRefused(agency=report.agency, problem=report.problem), report.agency
            )
        case _:
            return NOTHING


def _delivery(state: CityState, report: DeliveryReport, figures: LadderFigures) -> Decision:
    """A row without its thread (forgotten long ago) has nothing more to do either."""
    thread = state.threads.get(report.handoff_id)
    received = report.outcome == "received"
    if thread is None:
        return Decision(settled=(report.message_id,)) if received else NOTHING
    first = report.message_id == thread.message_id
    if not received:
        if not first or report.attempt <= thread.attempts:
            return NOTHING
        return _one(ev.HandoffSent(handoff_id=thread.id, attempt=report.attempt), thread.agency)
    taken = step(
        thread, Receipt(at_ns=report.at_ns, message_id=report.message_id, case_ref=report.agency_ref), figures
    )
    settled = (report.message_id,)
    if taken.code or taken.verdict == "repeated":
        return Decision(settled=settled)
    flags = _news(thread, taken.thread)
    event: ev.AnyEvent
    if not first:
        event = ev.HandoffConfirmed(handoff_id=thread.id, message_id=report.message_id)
    elif taken.verdict == "changed":
        if not flags:
            return Decision(settled=settled)
        event = ev.HandoffFlagged(handoff_id=thread.id, flags=flags)
    else:
        event = ev.HandoffReceived(handoff_id=thread.id, agency_ref=report.agency_ref, flags=flags)
    return Decision(_one(event, thread.agency).drafts, settled=settled)


def _partner(state: CityState, report: PartnerReport, figures: LadderFigures) -> Decision:
    thread = state.threads.get(report.key) or next(
        (one for one in state.threads.values() if one.key == report.key), None
    )
    if thread is None or thread.agency != report.agency:
        problem = f"case {report.key!r} is not one of ours with {report.agency}"
        return _one(ev.PartnerMessageRefused(agency=report.agency, problem=problem), report.agency)
    taken = step(thread, PartnerSaid(statement=report.statement), figures)
    if taken.code:
        problem = f"case {report.key!r} was not given to {report.agency} yet"
        return _one(ev.PartnerMessageRefused(agency=report.agency, problem=problem), report.agency)
    if taken.verdict == "repeated":
        return NOTHING
    flags = _news(thread, taken.thread)
    if taken.verdict == "left_out":
        return _one(ev.HandoffFlagged(handoff_id=thread.id, flags=flags, left_out=1), report.agency)
    said = ev.HandoffSaid(
        handoff_id=thread.id, statement=report.statement, verdict=taken.verdict, flags=flags
    )
    return _one(said, report.agency)


def _news(before: PartnerThread, after: PartnerThread) -> tuple[Flag, ...]:
    return tuple(one for one in after.flags if one not in before.flags)


def decide_between(
    state: CityState, rules: LadderRules, incident_ids: Iterable[str], words: str, now: int
) -> list[Decision]:
    """What follows between the threads of incidents that changed: whom to ask to cancel, what to flag.

    `words` is the reason that the partner reads.
    """
    found: list[Decision] = []
    for incident_id in incident_ids:
        threads = threads_of(state, incident_id)
        if len(threads) < 2:
            continue
        for due in cancels_due(threads):
            asked = rules.cancel(due, _who(threads, due), words, Drafting(HUB), now)
            if not isinstance(asked, Refusal):
                found.append(asked)
        for thread_id, what, about in to_flag(threads):
            flag = Flag(what=what, at_ns=now, message_id=about)
            found.append(Decision((Draft(ev.HandoffFlagged(handoff_id=thread_id, flags=(flag,)), HUB),)))
    return found


def _who(threads: Iterable[PartnerThread], due: PartnerThread) -> str:
    """Who transferred it."""
    return next((one.person for one in threads if one.follows == due.id), due.person)


def decide_expired(drafts: Iterable[PartnerThread]) -> Decision:
    """Drafts nobody sent end, each said so."""
    expired = [ev.HandoffExpired(handoff_id=one.id) for one in drafts if is_draft(one)]
    return Decision(tuple(Draft(one, HUB) for one in expired))


def decide_told(state: CityState, attentions: Iterable[Attention]) -> Decision:
    """What the room has not been told yet: each level of each wait once. A draft that lies there is shown by
    the desk only."""
    drafts = []
    for one in attentions:
        thread = state.threads.get(one.thread_id)
        if thread is None or one.what == "send":
            continue
        told = (one.what, one.name, one.since_ns, one.level)
        if any((each.what, each.name, each.since_ns, each.level) == told for each in thread.told):
            continue
        event = ev.HandoffTold(
            handoff_id=thread.id, what=one.what, name=one.name, level=one.level, since_ns=one.since_ns,
            waited_s=round(one.waited_s, 3),
        )
        drafts.append(Draft(event, HUB))
    return Decision(tuple(drafts))


def _one(event: ev.Event, agency: str) -> Decision:
    return Decision((Draft(event, ev.Cause(actor=f"agency:{agency}")),))  # type: ignore[arg-type]
