"""How long the room and its partners took: from one entry to the next, and between the steps that count.

The steps are those of the hand-off standards: opened, acknowledged, handed off, received, accepted, on scene.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from console.model import events as ev
from console.model.base import Record
from console.model.ladder import Said

Milestone = Literal[
    "opened", "acknowledged", "handed_off", "received", "accepted", "rejected", "dispatched", "on_scene",
    "resolved", "closed",
]  # fmt: skip

_OF_HANDOFF: dict[type[ev.Event], Milestone] = {
    ev.HandoffReceived: "received", ev.HandoffAccepted: "accepted", ev.HandoffRejected: "rejected",
    ev.HandoffDispatched: "dispatched", ev.HandoffArrived: "on_scene",
}  # fmt: skip
_TAKEN_ON = (ev.IncidentAcknowledged, ev.IncidentVerified, ev.IncidentResponding)
"""Somebody saw to it: who says at once what it is, or sends somebody, need not acknowledge it first."""
_OF_STATEMENT: dict[Said, Milestone] = {
    "received": "received", "accepted": "accepted", "refused": "rejected", "assigned": "dispatched",
    "on_scene": "on_scene",
}  # fmt: skip
_BEFORE: dict[Milestone, tuple[Milestone, ...]] = {
    "handed_off": ("acknowledged", "opened"),
    "received": ("handed_off",),
    "accepted": ("received", "handed_off"),
    "rejected": ("received", "handed_off"),
    "dispatched": ("accepted", "received", "handed_off"),
    "on_scene": ("dispatched", "accepted", "received", "handed_off"),
}


class Interval(Record, frozen=True, kw_only=True):
    """From one step to the next. `agency` is the partner whose ladder it belongs to, "" for the room's own.

    `duration_ns` is below zero where the clock was set back in between.
    """

    start: Milestone
    end: Milestone
    start_ns: int
    end_ns: int
    agency: str = ""

    @property
    def duration_ns(self) -> int:
        return self.end_ns - self.start_ns


def gaps_ns(entries: Sequence[ev.Entry]) -> tuple[int, ...]:
    """The time from each entry to the one before it, oldest first; 0 for the first."""
    return tuple(
        entry.at_ns - entries[place - 1].at_ns if place else 0 for place, entry in enumerate(entries)
    )


def response_intervals(entries: Sequence[ev.Entry]) -> tuple[Interval, ...]:
    """The response times of one incident's history (oldest first), only between steps that were reached.

    Each step counts the first time it is reached. A step is measured from the nearest step before it that
    stands earlier in the log: a hand-off before anybody acknowledged is measured from the opening. The last
    ones are the totals from the opening: to the first arrival, to the resolution.
    """
    opened: int | None = None
    acknowledged: int | None = None
    resolved: int | None = None
    first_arrival: tuple[int, str] | None = None
    ladders: dict[str, dict[Milestone, int]] = {}
    agencies: dict[str, str] = {}
    found: list[Interval] = []

    for entry in entries:
        event, at_ns = entry.event, entry.at_ns
        if isinstance(event, ev.OPENED) and opened is None:
            opened = at_ns
        elif isinstance(event, _TAKEN_ON) and acknowledged is None:
            acknowledged = at_ns
            if opened is not None:
                found.append(Interval(start="opened", end="acknowledged", start_ns=opened, end_ns=at_ns))
            if _is_over(event) and resolved is None:
                resolved = at_ns
        elif _is_over(event) and resolved is None and opened is not None:
            resolved = at_ns
        elif isinstance(event, ev.HandoffQueued):
            ladder = ladders.setdefault(event.handoff_id, {})
            agencies[event.handoff_id] = event.agency
            if opened is not None:
                ladder["opened"] = opened
            if acknowledged is not None:
                ladder["acknowledged"] = acknowledged
            _reach(found, ladder, "handed_off", at_ns, event.agency)
        elif isinstance(event, ev.HandoffSaid) or type(event) in _OF_HANDOFF:
            handoff_id = str(getattr(event, "handoff_id", ""))
            step = _step(event)
            if handoff_id not in ladders or step is None:
                continue
            _reach(found, ladders[handoff_id], step, at_ns, agencies[handoff_id])
            if step == "on_scene" and first_arrival is None and opened is not None:
                first_arrival = (at_ns, agencies[handoff_id])

    if opened is not None and first_arrival is not None:
        arrived_ns, agency = first_arrival
        found.append(
            Interval(start="opened", end="on_scene", start_ns=opened, end_ns=arrived_ns, agency=agency)
        )
    if opened is not None and resolved is not None:
        found.append(Interval(start="opened", end="resolved", start_ns=opened, end_ns=resolved))
    return tuple(found)


def _is_over(event: ev.AnyEvent) -> bool:
    return isinstance(event, ev.IncidentResolved) or (isinstance(event, ev.IncidentVerified) and event.over)


def _step(event: ev.AnyEvent) -> Milestone | None:
    if isinstance(event, ev.HandoffSaid):
        return _OF_STATEMENT.get(event.statement.said)
    return _OF_HANDOFF[type(event)]


def _reach(
    found: list[Interval], ladder: dict[Milestone, int], step: Milestone, at_ns: int, agency: str
) -> None:
    if step in ladder:
        return
    for before in _BEFORE[step]:
        if before in ladder:
            found.append(
                Interval(start=before, end=step, start_ns=ladder[before], end_ns=at_ns, agency=agency)
            )
            break
    ladder[step] = at_ns
