"""What the courier and the partners report about hand-offs, decided.

A late, double or out-of-order message is never an error: what is news becomes an entry, what is not is
answered again. The ladder itself only goes up (see the fold).
"""

from __future__ import annotations

from console.model import events as ev
from console.model.fact import (
    CourierReport,
    DeliveryReport,
    PartnerLinkSeen,
    PartnerMessageBad,
    PartnerReport,
    PicturesAsked,
    PicturesGivenBack,
)
from console.model.handoff import Handoff
from console.model.state import CityState
from console.rules.draft import NOTHING, Decision, Draft

_SAID: dict[str, type[ev.Event]] = {
    "accepted": ev.HandoffAccepted, "dispatched": ev.HandoffDispatched, "on_scene": ev.HandoffArrived,
    "closed": ev.HandoffClosed,
}


def decide_report(state: CityState, report: CourierReport) -> Decision:
    """Events for one report; NOTHING where it says what is already known or names no hand-off of ours."""
    match report:
        case DeliveryReport():
            return _delivery(state, report)
        case PartnerReport():
            return _partner(state, report)
        case PartnerLinkSeen():
            link = state.partners.get(report.agency)
            if link is not None and link.up == report.up:
                return NOTHING
            return _one(
                ev.PartnerLinkChanged(agency=report.agency, up=report.up, why=report.why), report.agency
            )
        case PicturesAsked() | PicturesGivenBack():
            return NOTHING  # the hub decides them by the shares' rules
        case PartnerMessageBad():
            return _one(
                ev.PartnerMessageRefused(agency=report.agency, problem=report.problem), report.agency
            )


def _delivery(state: CityState, report: DeliveryReport) -> Decision:
    handoff = state.handoffs.get(report.handoff_id)
    if handoff is None:
        return NOTHING
    if report.outcome == "sent":
        if report.attempt <= handoff.attempts:
            return NOTHING
        return _one(ev.HandoffSent(handoff_id=handoff.id, attempt=report.attempt), handoff.agency)
    if report.outcome == "received":
        if _has(handoff, "received"):
            return Decision(settled=(handoff.id,))
        event = ev.HandoffReceived(handoff_id=handoff.id, agency_ref=report.agency_ref)
        return Decision(_one(event, handoff.agency).drafts, settled=(handoff.id,))
    if report.reason is None:
        return NOTHING
    return _one(ev.HandoffStalled(handoff_id=handoff.id, reason=report.reason), handoff.agency)


def _partner(state: CityState, report: PartnerReport) -> Decision:
    handoff = next((one for one in state.handoffs.values() if one.key == report.key), None)
    if handoff is None or handoff.agency != report.agency:
        problem = f"case {report.key!r} is not one of ours with {report.agency}"
        return _one(ev.PartnerMessageRefused(agency=report.agency, problem=problem), report.agency)
    if _is_known(handoff, report.said):
        return NOTHING
    if report.said == "rejected":
        return _one(
            ev.HandoffRejected(
                handoff_id=handoff.id, reason=report.reason or "other", words=report.words
            ),
            report.agency,
        )
    return _one(_SAID[report.said](handoff_id=handoff.id, words=report.words), report.agency)


def _is_known(handoff: Handoff, said: str) -> bool:
    """Whether the partner said that already and has not gone back on it since."""
    before = [step.stage for step in handoff.steps if step.stage in ("rejected", *_SAID)]
    if not before or said not in before:
        return False
    return before[-1] == said or "rejected" not in before


def _has(handoff: Handoff, stage: str) -> bool:
    return any(step.stage == stage for step in handoff.steps)


def _one(event: ev.Event, agency: str) -> Decision:
    return Decision((Draft(event, ev.Cause(actor=f"agency:{agency}")),))  # type: ignore[arg-type]
