"""Pictures that left with a hand-off, for the ledger of what was provided."""

from __future__ import annotations

from console.model.events.base import Event
from console.model.share import ProvidedPicture


class EvidenceProvided(Event, frozen=True, kw_only=True, tag="evidence.provided"):
    """A partner is about to be given a still or the clip of its hand-off at our door.

    On disk before the first byte of it leaves.
    """

    handoff_id: str
    incident_id: str
    picture: ProvidedPicture
