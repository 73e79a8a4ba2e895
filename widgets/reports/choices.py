"""What can be chosen for a report: incident types, the service's own first; incidents, nearest first."""

from __future__ import annotations

import numpy as np

from console.desk.board import Board
from console.language import Catalogue
from console.model.citizenreport import CitizenReport
from console.profile.ground import Plane
from console.report.names import type_name
from widgets.kit.choosing import Choice

NONE = "-"
"""The choice that takes the link away."""


def type_choices(report: CitizenReport, board: Board, catalogue: Catalogue) -> list[Choice]:
    """Every type of incident."""
    profile, book = board.profile, board.profile.reports
    service = book.services.get(report.told.service) if book is not None else None
    first = service.incident_types if service is not None else ()
    ids = [*first, *(one for one in profile.incident_types if one not in first)]
    return [
        Choice(one, number, type_name(profile, catalogue, one), current=one in first)
        for number, one in enumerate(ids, 1)
    ]


def incident_choices(report: CitizenReport, board: Board, catalogue: Catalogue) -> list[Choice]:
    """Incidents that are not closed, with their distance; last, to take the link away where there is one."""
    say, here = catalogue.say, report.told.place.position
    plane = Plane(here.lat, here.lon)
    apart = {
        one.id: float(np.hypot(*plane.to_xy(one.place.position.lat, one.place.position.lon)))
        for one in board.state.incidents.values() if one.stage != "closed"
    }  # fmt: skip
    known = sorted((board.state.incidents[one] for one in apart), key=lambda one: apart[one.id])
    choices = [
        Choice(
            one.id, number, f"{type_name(board.profile, catalogue, one.type)} · {one.id}",
            say("reports.apart", metres=f"{apart[one.id]:,.0f}", place=catalogue.words(one.place.name)),
            current=one.id == report.incident_id,
        )
        for number, one in enumerate(known, 1)
    ]  # fmt: skip
    if report.incident_id:
        choices.append(Choice(NONE, len(known) + 1, say("reports.unlink", incident=report.incident_id)))
    return choices
