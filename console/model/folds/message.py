"""How the state follows: disaster messages and their outlets."""

from __future__ import annotations

import msgspec

from console.model import events as ev
from console.model.citystate import CityState
from console.model.folds.base import Folds
from console.model.message import KEEP_MESSAGES, DisasterMessage, MessageWay, OutletStanding, WayStage

replace = msgspec.structs.replace


def _drafted(state: CityState, entry: ev.Entry, event: ev.MessageDrafted) -> None:
    before = state.messages.get(event.message_id)
    drafters, desks = (before.drafters, before.desks) if before is not None else ((), ())
    state.messages[event.message_id] = DisasterMessage(
        id=event.message_id, content=event.content, digest=event.digest, revision=event.revision,
        drafters=tuple(dict.fromkeys((*drafters, event.person))),
        desks=tuple(dict.fromkeys((*desks, event.desk))), drafted_at_ns=entry.at_ns,
    )  # fmt: skip
    if before is None:
        state.message_count += 1
    _forget_old(state)


def _discarded(state: CityState, entry: ev.Entry, event: ev.MessageDiscarded) -> None:
    message = state.messages.get(event.message_id)
    if message is not None:
        state.messages[message.id] = replace(
            message, discarded_by=event.person, discarded_why=event.reason
        )


def _approved(state: CityState, entry: ev.Entry, event: ev.MessageApproved) -> None:
    message = state.messages.get(event.message_id)
    if message is None:
        return
    way = MessageWay(stage="queued", since_ns=entry.at_ns)
    state.messages[message.id] = replace(
        message, approved_by=event.person, approved_desk=event.desk, approved_at_ns=entry.at_ns,
        identifier=event.identifier, sender=event.sender, sent=event.sent, cap=event.cap,
        expires_ns=event.expires_ns, ways=dict.fromkeys(event.outlets, way),
    )  # fmt: skip
    earlier = state.messages.get(message.content.replaces)
    if earlier is not None:
        state.messages[earlier.id] = replace(earlier, replaced_by=message.id)


def _sent(state: CityState, entry: ev.Entry, event: ev.MessageSent) -> None:
    _reach(state, entry, event.message_id, event.outlet, "sent", attempts=event.attempt)


def _received(state: CityState, entry: ev.Entry, event: ev.MessageReceived) -> None:
    _reach(state, entry, event.message_id, event.outlet, "received", receipt=event.receipt)


def _stalled(state: CityState, entry: ev.Entry, event: ev.MessageStalled) -> None:
    stage: WayStage = "refused" if event.refused else "stalled"
    _reach(state, entry, event.message_id, event.outlet, stage, words=event.reason)


def _lapsed(state: CityState, entry: ev.Entry, event: ev.MessageLapsed) -> None:
    _reach(state, entry, event.message_id, event.outlet, "lapsed", words=event.reason)


def _reach(
    state: CityState, entry: ev.Entry, message_id: str, outlet: str, stage: WayStage, **told: object
) -> None:
    """A way only goes on: what was received stays received."""
    message = state.messages.get(message_id)
    way = message.ways.get(outlet) if message is not None else None
    if message is None or way is None or way.stage in ("received", "lapsed"):
        return
    ways = {**message.ways, outlet: replace(way, stage=stage, since_ns=entry.at_ns, **told)}
    moved = replace(message, ways=ways)
    state.messages[message.id] = moved if moved.owed else replace(moved, cap="")


def _outlet(state: CityState, entry: ev.Entry, event: ev.OutletChanged) -> None:
    if event.sort == "":
        state.outlets.pop(event.outlet, None)
        return
    state.outlets[event.outlet] = OutletStanding(
        kind=event.sort, up=event.up, since_ns=entry.at_ns, why=event.why
    )


def _forget_old(state: CityState) -> None:
    """The oldest that nothing is owed of go first; a draft and an owed one stay."""
    if len(state.messages) <= KEEP_MESSAGES:
        return
    over = [one.id for one in state.messages.values() if not one.is_draft and not one.owed]
    for message_id in over[: len(state.messages) - KEEP_MESSAGES]:
        del state.messages[message_id]


FOLDS: Folds = {
    ev.MessageDrafted: _drafted,
    ev.MessageDiscarded: _discarded,
    ev.MessageApproved: _approved,
    ev.MessageApprovalFailed: lambda state, entry, event: None,
    ev.MessageSent: _sent,
    ev.MessageReceived: _received,
    ev.MessageStalled: _stalled,
    ev.MessageLapsed: _lapsed,
    ev.OutletChanged: _outlet,
}
