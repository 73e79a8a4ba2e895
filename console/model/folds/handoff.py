"""How the state follows: hand-offs and the lines to partners."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from console.model import events as ev
from console.model.base import Words
from console.model.citystate import CityState, PartnerLink
from console.model.folds import ladder
from console.model.folds.base import Folds
from console.model.folds.incident import change, fold_work, with_one
from console.model.handoff import LADDER, Handoff, HandoffStage, HandoffStep
from console.model.ladder import Said


def _queued(state: CityState, entry: ev.Entry, event: ev.HandoffQueued) -> None:
    ladder.queued(state, entry, event)
    state.handoffs[event.handoff_id] = Handoff(
        id=event.handoff_id, key=event.key, incident_id=event.incident_id, agency=event.agency,
        revision=event.revision, person=event.person, message_sha256=event.message_sha256, stage="queued",
        steps=(HandoffStep(stage="queued", at_ns=entry.at_ns),),
    )
    incident = state.incidents.get(event.incident_id)
    if incident is not None:
        change(
            state, entry, incident.id, handoff_ids=with_one(incident.handoff_ids, event.handoff_id)
        )
        fold_work(state, entry, event, incident.id)


def _sent(state: CityState, entry: ev.Entry, event: ev.HandoffSent) -> None:
    _thread_sent(state, entry, event)
    handoff = state.handoffs.get(event.handoff_id)
    if handoff is not None:
        state.handoffs[handoff.id] = msgspec.structs.replace(handoff, attempts=event.attempt)
        _reach(state, entry, event.handoff_id, "sent", None)


def _received(state: CityState, entry: ev.Entry, event: ev.HandoffReceived) -> None:
    _thread_received(state, entry, event)
    handoff = state.handoffs.get(event.handoff_id)
    if handoff is not None:
        state.handoffs[handoff.id] = msgspec.structs.replace(handoff, agency_ref=event.agency_ref)
        _reach(state, entry, event.handoff_id, "received", None)


_STAGES: dict[Said, HandoffStage] = {
    "received": "received", "accepted": "accepted", "refused": "rejected", "assigned": "dispatched",
    "on_scene": "on_scene", "closed": "closed", "cancel_accepted": "closed", "transferred": "closed",
}  # fmt: skip


def _said(state: CityState, entry: ev.Entry, event: ev.HandoffSaid) -> None:
    _thread_said(state, entry, event)
    stage, statement = _STAGES.get(event.statement.said), event.statement
    if stage is not None and event.verdict not in ("changed", "left_out"):
        _reach(state, entry, event.handoff_id, stage, statement.words or _reason(statement.reason))


def _told(state: CityState, entry: ev.Entry, event: ev.HandoffTold) -> None:
    """Nobody of the partner has it, and the room was told with sound."""
    _thread_told(state, entry, event)
    handoff = state.handoffs.get(event.handoff_id)
    waits = handoff is not None and handoff.stage in ("queued", "sent", "received")
    if handoff is not None and waits and event.what == "answer" and event.level in ("red", "card"):
        step = HandoffStep(stage="stalled", at_ns=entry.at_ns)
        state.handoffs[handoff.id] = msgspec.structs.replace(
            handoff, stage="stalled", steps=(*handoff.steps, step)
        )


def _given_up(state: CityState, entry: ev.Entry, event: ev.HandoffGivenUp) -> None:
    _thread_given_up(state, entry, event)
    _reach(state, entry, event.handoff_id, "closed", _reason(event.reason))


def _reason(reason: str) -> Words | None:
    return Words(en=reason, ko=reason) if reason else None


def _partner_step(said: Said) -> Callable[[CityState, ev.Entry, Any], None]:
    stage = _STAGES[said]
    to_thread = ladder.in_thread(ladder.said_before(said))

    def fold(state: CityState, entry: ev.Entry, event: Any) -> None:
        to_thread(state, entry, event)
        words = event.words
        if isinstance(event, ev.HandoffRejected) and words is None:
            words = Words(en=event.reason, ko=event.reason)
        _reach(state, entry, event.handoff_id, stage, words)

    return fold


def _stalled(state: CityState, entry: ev.Entry, event: ev.HandoffStalled) -> None:
    _reach(state, entry, event.handoff_id, "stalled", event.reason)


def _partner_message(state: CityState, entry: ev.Entry, event: ev.PartnerMessageRefused) -> None:
    link = state.partners.get(event.agency)
    if link is not None:
        state.partners[event.agency] = msgspec.structs.replace(
            link, refused_messages=link.refused_messages + 1
        )


def _link_changed(state: CityState, entry: ev.Entry, event: ev.PartnerLinkChanged) -> None:
    before = state.partners.get(event.agency)
    state.partners[event.agency] = PartnerLink(
        up=event.up, since_ns=entry.at_ns, why=event.why,
        refused_messages=before.refused_messages if before else 0,
    )


def _reach(
    state: CityState, entry: ev.Entry, handoff_id: str, stage: HandoffStage, words: Words | None
) -> None:
    """Add a rung. The ladder never goes down: a late "received" after "accepted" is kept as a step only."""
    handoff = state.handoffs.get(handoff_id)
    if handoff is None:
        return
    step = HandoffStep(stage=stage, at_ns=entry.at_ns, words=words)
    if not _moves(handoff.stage, stage):
        stage = handoff.stage
    state.handoffs[handoff_id] = msgspec.structs.replace(handoff, stage=stage, steps=(*handoff.steps, step))
    if handoff.incident_id in state.incidents:
        change(state, entry, handoff.incident_id)


def _moves(now: HandoffStage, said: HandoffStage) -> bool:
    """Whether `said` takes a hand-off at `now` further. The partner's last word wins over the line's."""
    if now == "closed":
        return False  # what is said after the end is kept as a step; a closed case is not opened again
    if now == "rejected":
        return said not in ("sent", "received", "stalled")
    if now not in LADDER:
        return True
    if said == "stalled":
        return LADDER.index(now) < LADDER.index("received")
    return said not in LADDER or LADDER.index(said) > LADDER.index(now)


_thread_sent = ladder.in_thread(ladder.sent)
_thread_received = ladder.in_thread(ladder.received)
_thread_said = ladder.in_thread(ladder.said)
_thread_told = ladder.in_thread(ladder.told)
_thread_given_up = ladder.in_thread(ladder.given_up)

FOLDS: Folds = {
    ev.HandoffSaid: _said,
    ev.HandoffTold: _told,
    ev.HandoffGivenUp: _given_up,
    ev.HandoffQueued: _queued,
    ev.HandoffSent: _sent,
    ev.HandoffReceived: _received,
    ev.HandoffAccepted: _partner_step("accepted"),
    ev.HandoffRejected: _partner_step("refused"),
    ev.HandoffDispatched: _partner_step("assigned"),
    ev.HandoffArrived: _partner_step("on_scene"),
    ev.HandoffClosed: _partner_step("closed"),
    ev.HandoffStalled: _stalled,
    ev.PartnerMessageRefused: _partner_message,
    ev.PartnerLinkChanged: _link_changed,
}
