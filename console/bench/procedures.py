"""bench procedures: many open incidents under procedures, and a flood of alarms that clear.

Each decision is folded and followed as the hub does it, without the disk and the bus: what procedures cost
the one thread that decides. Every incident has an alarm and a procedure of its own; then all alarms clear
one after the other, time passes until all first steps are overdue at once, and each incident is closed.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from typing import Any

import msgspec

from console.clock import SteppedClock
from console.hub.procedures import HubProcedures
from console.model import events as ev
from console.model.base import Place, same_words
from console.model.casework import Clue
from console.model.citystate import CityState
from console.model.state import apply
from console.profile import load_profile
from console.profile.procedures import load_procedures
from console.rules.draft import Decision, Draft

CAMERAS = 5


class _Loop:
    """Fold and follow, with the time each decision took."""

    def __init__(self, procedures: HubProcedures, state: CityState, clock: SteppedClock) -> None:
        self._procedures, self.state, self._clock = procedures, state, clock
        self.entries = 0

    def decide(self, event: ev.AnyEvent) -> int:
        """Returns how long it took, ns."""
        began = time.perf_counter_ns()
        self.take(Decision((Draft(event, ev.Cause(actor="hub")),)))
        return time.perf_counter_ns() - began

    def take(self, decision: Decision) -> None:
        """A decision and what follows from it."""
        waiting = [decision]
        for one in waiting:
            entries = tuple(self._fold(draft) for draft in one.drafts)
            waiting += self._procedures.follow(self.state, entries)

    def _fold(self, draft: Draft) -> ev.Entry:
        self.entries += 1
        entry = ev.Entry(
            run="bench", seq=self.state.seq + 1, at_ns=self._clock.now_ns(), cause=draft.cause,
            event=draft.event,
        )
        apply(self.state, entry)
        return entry


def run(argv: list[str]) -> dict[str, Any]:
    """Keys: incidents, procedures, entries, open_p95_us, clear_p95_us, clear_all_ms, look_idle_us,
    look_all_due_ms, close_p95_us, snapshot_bytes_per_incident (its procedure and what it is about)."""
    parser = argparse.ArgumentParser(prog="bongsu bench procedures", description=__doc__)
    parser.add_argument("--incidents", type=int, default=5_000)
    parser.add_argument("--city", default="suwon")
    told = parser.parse_args(argv)
    profile = load_profile(told.city)
    book = load_procedures(told.city, profile)
    clock, state = SteppedClock(), CityState()
    procedures = HubProcedures(book, state, clock)
    loop = _Loop(procedures, state, clock)
    kinds, cameras = list(book.by_type), [profile.devices[one] for one in profile.cameras]

    def opening(number: int) -> ev.AnyEvent:
        camera = cameras[number % len(cameras)]
        clue = Clue(
            uid=f"A-{number}@1", source="alarm", type=kinds[number % len(kinds)], at_ns=clock.now_ns(),
            lat=camera.place.position.lat, lon=camera.place.position.lon, device_id=f"D-{number}",
        )  # fmt: skip
        near = tuple(cameras[(number + place) % len(cameras)].id for place in range(CAMERAS))
        return ev.CaseOpened(
            incident_id=f"I-{number}", type=clue.type, priority=1, grade="1", place=camera.place, clue=clue,
            camera_ids=near,
        )  # fmt: skip

    numbers = range(told.incidents)
    for number in numbers:
        loop.decide(_alarm(number, cameras[number % len(cameras)].place, "A", "B", clock.now_ns()))
    opened = [loop.decide(opening(number)) for number in numbers]
    going = sum(one.going for one in state.procedures.values())
    size = len(msgspec.msgpack.encode((state.procedures, state.open_about)))
    # Normal and seen: the alarm is no longer kept, and its occurrence alone says whose it was.
    cleared = [
        loop.decide(_alarm(number, cameras[number % len(cameras)].place, "B", "A", clock.now_ns()))
        for number in numbers
    ]  # fmt: skip
    idle = [_timed(lambda: procedures.look(state)) for _ in range(100)]
    clock.step(3_600)

    def overdue() -> None:
        for decision in procedures.look(state):
            loop.take(decision)

    all_due = _timed(overdue)
    closed = [
        loop.decide(ev.IncidentClosed(incident_id=f"I-{number}", person="bench")) for number in numbers
    ]  # fmt: skip
    return {
        "incidents": told.incidents, "procedures": going, "entries": loop.entries,
        "open_p95_us": _p95(opened) / 1e3, "clear_p95_us": _p95(cleared) / 1e3,
        "clear_all_ms": sum(cleared) / 1e6, "look_idle_us": _p95(idle) / 1e3,
        "look_all_due_ms": all_due / 1e6, "close_p95_us": _p95(closed) / 1e3,
        "snapshot_bytes_per_incident": size / max(1, told.incidents),
    }  # fmt: skip


def _alarm(number: int, place: Place, before: str, after: str, at_ns: int) -> ev.AnyEvent:
    begins = after == "B"
    return ev.AlarmMoved(
        alarm_id=f"A-{number}", occurrence=f"A-{number}@1", at_ns=at_ns, before=before, after=after,
        stimulus="began" if begins else "ended", active=begins, who="rule:alarm", priority=1,
        limit_id=f"A-{number}", place=place, text=same_words("bench"),
    )  # fmt: skip


def _timed(what: Callable[[], object]) -> int:
    began = time.perf_counter_ns()
    what()
    return time.perf_counter_ns() - began


def _p95(times_ns: list[int]) -> float:
    return float(sorted(times_ns)[int(len(times_ns) * 0.95)])
