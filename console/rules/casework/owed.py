"""What of an incident is still owed to a partner, so that it is not over before everybody knows."""

from __future__ import annotations

from collections.abc import Iterable

from console.model.state import CityState
from console.model.threadstanding import standing


def owed(state: CityState, incident_ids: Iterable[str]) -> dict[str, int]:
    """Of these incidents, the hand-offs that were sent, that no partner has refused and that are not over;
    also those that came with an incident that was merged into one of them."""
    found: dict[str, int] = {}
    for incident_id in incident_ids:
        incident = state.incidents.get(incident_id)
        for thread_id in incident.handoff_ids if incident is not None else ():
            thread = state.threads.get(thread_id)
            if thread is None or not thread.queued_ns:
                continue
            now = standing(thread)
            if not now.end and now.rung != "refused":
                found[incident_id] = found.get(incident_id, 0) + 1
    return found
