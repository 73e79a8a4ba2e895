"""Which reports of citizens and which incidents belong to each other: near in place and in time. Pure."""

from __future__ import annotations

from typing import Any

from console.clock import SECOND_NS
from console.model.base import Position
from console.model.citizenreport import CitizenReport
from console.model.incident import OPEN_STAGES, Incident
from console.model.state import CityState
from console.rules.city import distance_m

LOOKED_BACK = 2_000
"""Reports that are looked at, newest first: far more than any window brings."""


def incident_near(service: Any, state: CityState, position: Position, now_ns: int) -> Incident | None:
    """The nearest open incident of the service's types within its radius that changed within its window."""
    best, apart = None, float(service.radius_m)
    for incident in state.incidents.values():
        if (
            incident.type in service.incident_types
            and incident.stage in OPEN_STAGES
            and now_ns - incident.changed_at_ns <= service.window_s * SECOND_NS
        ):
            far = distance_m(incident.place.position, position)
            if far <= apart:
                best, apart = incident, far
    return best


def reports_near(
    book: Any, state: CityState, type_id: str, position: Position, now_ns: int
) -> tuple[CitizenReport, ...]:
    """Open reports in no incident, whose service belongs to this type and that came near and shortly before,
    oldest first. A citizen is often quicker than a detector.
    """
    fitting = {one.code: one for one in book.services.values() if type_id in one.incident_types}
    if not fitting:
        return ()
    found = []
    for count, report in enumerate(reversed(state.reports.values())):
        if count >= LOOKED_BACK:
            break
        service = fitting.get(report.told.service)
        if (
            service is not None
            and report.is_open
            and not report.incident_id
            and now_ns - report.received_at_ns <= service.window_s * SECOND_NS
            and distance_m(report.told.place.position, position) <= service.radius_m
        ):
            found.append(report)
    return tuple(reversed(found))
