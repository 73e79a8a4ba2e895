"""Which incidents are in the queue and in which order. Pure; no Qt.

What nobody has acknowledged comes first, then the more urgent, then the one that has waited longest.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from console.model.incident import Incident

Rank = tuple[bool, int, int, str]

LEFT = ("resolved", "closed")
"""Stages in which an incident is no longer in the queue."""


def in_queue(incident: Incident) -> bool:
    """Whether it still needs somebody."""
    return incident.stage not in LEFT


def rank(incident: Incident) -> Rank:
    """The place in the queue: sort ascending. No two incidents have the same rank."""
    return (incident.stage != "new", incident.priority, incident.opened_at_ns, incident.id)


def flashes(incident: Incident) -> bool:
    """Whether its marker flashes: only P1 and P2, and only while nobody has acknowledged."""
    return incident.stage == "new" and incident.priority <= 2


def moves(present: Sequence[str], wanted: Sequence[str]) -> list[tuple[int, int]]:
    """The fewest moves (from row, to row), one after the other, that make `present` into `wanted`.

    Both hold the same ids, each once. A move takes the row out and puts it back so that it then stands at
    `to row`. What is already in order among itself (its longest increasing run) is not touched.
    """
    target = {name: place for place, name in enumerate(wanted)}
    stays = _longest_run([target[name] for name in present])
    rows = list(present)
    found: list[tuple[int, int]] = []
    for place, name in enumerate(wanted):
        if place in stays:
            continue
        row = rows.index(name)
        after = wanted[place - 1] if place else None
        del rows[row]
        to = rows.index(after) + 1 if after is not None else 0
        rows.insert(to, name)
        if to != row:
            found.append((row, to))
    return found


def _longest_run(numbers: Sequence[int]) -> set[int]:
    """The members of a longest increasing subsequence (patience sorting, n log n)."""
    tails: list[int] = []
    ends: list[int] = []
    before: list[int] = []
    for place, number in enumerate(numbers):
        pile = bisect_left(tails, number)
        before.append(ends[pile - 1] if pile else -1)
        if pile == len(tails):
            tails.append(number)
            ends.append(place)
        else:
            tails[pile], ends[pile] = number, place
    run: set[int] = set()
    place = ends[-1] if ends else -1
    while place >= 0:
        run.add(numbers[place])
        place = before[place]
    return run
