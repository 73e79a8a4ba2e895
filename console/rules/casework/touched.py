"""Which incidents an entry is about."""

from __future__ import annotations

from console.model import events as ev


def cases_of(event: ev.AnyEvent) -> tuple[str, ...]:
    """The incidents whose case an entry may have changed."""
    if isinstance(event, ev.IncidentsMerged):
        return event.kept_id, event.other_id
    if isinstance(event, ev.IncidentSplit):
        return event.incident_id, event.new_id
    incident_id = getattr(event, "incident_id", "")
    return (incident_id,) if incident_id else ()
