"""What may be the same as an incident, or the larger one it belongs to: open, near, of about that time."""

from __future__ import annotations

import math

from console.clock import SECOND_NS
from console.desk.board import Board
from console.desk.casequeue import CaseQueue
from console.model.casework import Case

METRES_PER_DEGREE = 111_320.0
WITHIN_M = 500.0
WITHIN_NS = 2 * 3600 * SECOND_NS
"""For what the desk offers by itself; a person may name any other by its number."""


def metres_between(one: Case, other: Case, board: Board) -> float:
    """Between the places of two incidents; infinite where one has none."""
    here, there = board.state.incidents.get(one.id), board.state.incidents.get(other.id)
    if here is None or there is None:
        return math.inf
    a, b = here.place.position, there.place.position
    east = (b.lon - a.lon) * METRES_PER_DEGREE * math.cos(math.radians(a.lat))
    return math.hypot(east, (b.lat - a.lat) * METRES_PER_DEGREE)


def near(case: Case, board: Board, cases: CaseQueue, most: int = 9) -> list[tuple[Case, float]]:
    """(open incident, metres), of the same type first, then the nearest."""
    here = board.state.incidents.get(case.id)
    if here is None:
        return []
    at = here.place.position
    north = WITHIN_M / METRES_PER_DEGREE
    east = north / max(0.1, math.cos(math.radians(at.lat)))
    incidents = board.state.incidents
    found = []
    for case_id in cases.worked_ids():
        other = incidents.get(case_id)
        if other is None or case_id == case.id:
            continue
        place = other.place.position
        if abs(place.lat - at.lat) > north or abs(place.lon - at.lon) > east:
            continue
        its = board.state.cases[case_id]
        if abs(its.opened_at_ns - case.opened_at_ns) <= WITHIN_NS:
            found.append((its, metres_between(case, its, board)))
    found.sort(key=lambda pair: (pair[0].type != case.type, pair[1], pair[0].id))
    return [pair for pair in found if pair[1] <= WITHIN_M][:most]
