"""How the state follows: what partners have taken of their hand-offs' pictures."""

from __future__ import annotations

from msgspec.structs import replace

from console.model import events as ev
from console.model.citystate import CityState
from console.model.folds.base import Folds
from console.model.ladder import FETCHED_MOST, Fetched


def _provided(state: CityState, entry: ev.Entry, event: ev.EvidenceProvided) -> None:
    """The incident is not touched: nobody worked on it."""
    thread, picture = state.threads.get(event.handoff_id), event.picture
    if thread is None:
        return
    name = (picture.name, picture.sha256)
    before = next((one for one in thread.fetched if (one.name, one.sha256) == name), None)
    fetched = Fetched(
        name=picture.name, sha256=picture.sha256, at_ns=picture.at_ns,
        times=(before.times if before is not None else 0) + 1 + picture.again,
    )  # fmt: skip
    others = tuple(one for one in thread.fetched if one is not before)
    state.threads[thread.id] = replace(thread, fetched=(*others, fetched)[-FETCHED_MOST:])


FOLDS: Folds = {ev.EvidenceProvided: _provided}
