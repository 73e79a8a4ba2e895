"""What of an incident is still owed to a partner, so that it is not over before everybody knows."""

from __future__ import annotations

from console.model.state import CityState
from console.model.threadstanding import standing


def owed(state: CityState) -> dict[str, int]:
    """By incident, the hand-offs that were sent, that no partner has refused and that are not over."""
    found: dict[str, int] = {}
    for thread in state.threads.values():
        if not thread.queued_ns:
            continue
        now = standing(thread)
        if not now.end and now.rung != "refused":
            found[thread.incident_id] = found.get(thread.incident_id, 0) + 1
    return found

