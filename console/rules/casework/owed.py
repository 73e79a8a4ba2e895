"""What of an incident is still owed to a partner, so that it is not over before everybody knows."""

from __future__ import annotations

from console.model.state import CityState

OVER = ("rejected", "closed")


def owed(state: CityState) -> dict[str, int]:
    """By incident, the hand-offs that no partner has refused or closed."""
    found: dict[str, int] = {}
    for handoff in state.handoffs.values():
        if handoff.stage not in OVER:
            found[handoff.incident_id] = found.get(handoff.incident_id, 0) + 1
    return found
