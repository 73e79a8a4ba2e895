"""The folded state: what all entries so far amount to.

`apply` is the only way the state changes, in the hub, on a desk and in a replay alike. It is a pure
function of the entries: two readers that saw the same entries have equal `digest`.
"""

from __future__ import annotations

import hashlib

import msgspec

from console.model import events as ev
from console.model.citystate import KEEP_CLOSED, CityState, DeskPresence, DeviceState, PartnerLink, lift_key
from console.model.folds import FOLDS
from console.model.openabout import note_about
from console.model.procedurefacts import hear

__all__ = [
    "KEEP_CLOSED", "CityState", "DeskPresence", "DeviceState", "GapError", "PartnerLink", "apply", "digest",
    "follows", "lift_key",
]


class GapError(Exception):
    """An entry did not follow the one before it; the reader must take a snapshot."""


def follows(state: CityState, entry: ev.Entry) -> bool:
    """Whether `entry` is the next one of the log this state was folded from."""
    return entry.run == state.run and entry.seq == state.seq + 1


def apply(state: CityState, entry: ev.Entry) -> None:
    """Fold one entry into the state.

    Events about things the state does not know (an incident long forgotten) change nothing but the
    position: the fold never fails on a committed fact.
    """
    state.run, state.seq = entry.run, entry.seq
    fold = FOLDS.get(type(entry.event))
    if fold is not None:
        fold(state, entry, entry.event)
    note_about(state, entry.event)
    state.procedures.update(hear(state.procedures, state, entry))


def digest(state: CityState) -> str:
    """SHA-256 of what the state says, without where in which log it was learnt and who is sitting there."""
    said = msgspec.to_builtins(state)
    for key in ("run", "seq", "desks"):
        del said[key]
    return hashlib.sha256(msgspec.json.encode(said, order="deterministic")).hexdigest()
