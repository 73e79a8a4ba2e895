"""How the state follows: official warnings."""

from __future__ import annotations

import msgspec

from console.model import events as ev
from console.model.citystate import KEEP_ENDED_WARNINGS, KEEP_HEARD_WARNINGS, CityState
from console.model.folds.base import Folds
from console.model.warning import EndedWhy, SeenBy, StandingWarning


def _issued(state: CityState, entry: ev.Entry, event: ev.WarningIssued | ev.WarningUpdated) -> None:
    replaces = event.replaces if isinstance(event, ev.WarningUpdated) else ()
    before = [state.warnings[one] for one in replaces if one in state.warnings]
    first_ns = min((one.first_ns for one in before), default=entry.at_ns)
    for one in replaces:
        _hear(state, one, event.message.sent_ns)
        _end(state, entry, one, "replaced")
    state.warnings.pop(event.warning_id, None)  # the newest stands last
    state.warnings[event.warning_id] = StandingWarning(
        id=event.warning_id, message=event.message, judged=event.judged, first_ns=first_ns,
        changed_ns=entry.at_ns, incident_id=event.incident_id, replaces=replaces,
    )
    _hear(state, event.warning_id, event.message.sent_ns)
    _forget_old(state)


def _ended(state: CityState, entry: ev.Entry, event: ev.WarningEnded) -> None:
    if event.by:
        _hear(state, event.by, event.sent_ns)
        _hear(state, event.warning_id, event.sent_ns)
    _end(state, entry, event.warning_id, event.why)
    _forget_old(state)


def _set_aside(state: CityState, entry: ev.Entry, event: ev.WarningSetAside) -> None:
    state.warnings_aside[event.why] = state.warnings_aside.get(event.why, 0) + 1
    _hear(state, event.warning_id, event.sent_ns)
    for one in event.references:
        _hear(state, one, event.sent_ns)


def _acknowledged(state: CityState, entry: ev.Entry, event: ev.WarningAcknowledged) -> None:
    standing = state.warnings.get(event.warning_id)
    if standing is not None:
        seen = SeenBy(person=event.person, at_ns=entry.at_ns)
        state.warnings[standing.id] = msgspec.structs.replace(
            standing, acknowledged=(*standing.acknowledged, seen)
        )


def _end(state: CityState, entry: ev.Entry, warning_id: str, why: EndedWhy) -> None:
    standing = state.warnings.get(warning_id)
    if standing is not None and not standing.ended_ns:
        state.warnings[warning_id] = msgspec.structs.replace(
            standing, ended_ns=entry.at_ns, ended_why=why, changed_ns=entry.at_ns
        )


def _hear(state: CityState, warning_id: str, sent_ns: int) -> None:
    """A message that was heard, or spoken of by one that was, is not news again."""
    sent_ns = max(sent_ns, state.warnings_heard.pop(warning_id, 0))
    state.warnings_heard[warning_id] = sent_ns
    while len(state.warnings_heard) > KEEP_HEARD_WARNINGS:
        del state.warnings_heard[next(iter(state.warnings_heard))]


def _forget_old(state: CityState) -> None:
    ended = sorted((one for one in state.warnings.values() if one.ended_ns), key=lambda one: one.ended_ns)
    for one in ended[: max(0, len(ended) - KEEP_ENDED_WARNINGS)]:
        del state.warnings[one.id]


FOLDS: Folds = {
    ev.WarningIssued: _issued,
    ev.WarningUpdated: _issued,
    ev.WarningEnded: _ended,
    ev.WarningSetAside: _set_aside,
    ev.WarningAcknowledged: _acknowledged,
}
