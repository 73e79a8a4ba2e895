"""bench casework: many incidents open at once: how long the hub takes for a signal and for an order.

The hub's own parts without sockets and disk: incidents of all types are opened over the whole city, then
further signals come and a person acts. Time is what deciding, folding and all that follows takes; committing
is measured by `bench decisions`.
"""

from __future__ import annotations

import argparse
import random
import time
from typing import Any

import numpy as np

from console.clock import SECOND_NS, SteppedClock
from console.hub.casework import HubCasework
from console.hub.sequencer import Sequencer
from console.language import load_catalogue
from console.ledger import Batch, Head
from console.model import commands as do
from console.model import events as ev
from console.model.base import Position
from console.model.fact import SignalSeen
from console.model.state import CityState
from console.profile import load_profile, nearest_cameras
from console.rules.cases import CaseRules
from console.rules.casework.figures import casework_figures
from console.rules.casework.precision import PrecisionBook
from console.rules.city import phrase_of
from console.rules.correlate.placing import city_placing
from console.rules.draft import Decision, Drafting, Refusal
from console.rules.happenings import decide_signal
from console.rules.triage import Triage
from console.wire.codec import encode

START_NS = 1_774_000_000 * SECOND_NS


def run(argv: list[str]) -> dict[str, Any]:
    """Keys: open, signal_p50_ms, signal_p99_ms, order_p50_ms, order_p99_ms, look_ms (what waits, once a
    second), restore_ms (after a failed commit, and at a start), snapshot_ms and snapshot_mb, escalated."""
    parser = argparse.ArgumentParser(prog="bongsu bench casework", description=__doc__)
    parser.add_argument("--open", type=int, default=5_000, help="incidents that are open")
    parser.add_argument("--signals", type=int, default=2_000, help="signals and orders that are measured")
    told = parser.parse_args(argv)
    if told.open < 1 or told.signals < 1:
        parser.error("--open, --signals: expected at least 1")
    room = _Room()
    chance = random.Random(7)  # noqa: S311  what is measured must be the same each time
    cameras = sorted(room.profile.cameras)
    types = [one for one in room.profile.incident_types.values() if one.signals]
    number = 0
    while sum(one.is_worked for one in room.state.cases.values()) < told.open:
        for _ in range(200):
            number += 1
            kind = types[number % len(types)]
            room.signal(number, kind.signals[0], chance.choice(cameras))
            room.clock.step(0.5)
        room.sequencer.flush()
    signals, orders = [], []
    ids = [one.id for one in room.state.cases.values() if one.is_worked]
    for turn in range(told.signals):
        kind, camera = types[turn % len(types)], chance.choice(cameras)
        begun = time.perf_counter()
        room.signal(number + turn + 1, kind.signals[0], camera)
        signals.append(time.perf_counter() - begun)
        command = do.VerifyIncident(incident_id=chance.choice(ids), verdict=chance.choice(["real", "false"]))
        begun = time.perf_counter()
        room.order(turn, command)
        orders.append(time.perf_counter() - begun)
        room.sequencer.flush()
    is_open = sum(one.is_worked for one in room.state.cases.values())
    room.clock.step(120.0)
    begun = time.perf_counter()
    due = room.casework.look()
    look_s = time.perf_counter() - begun
    begun = time.perf_counter()
    room.triage.placing.restore(room.state)
    room.casework.restore(room.state)
    restore_s = time.perf_counter() - begun
    begun = time.perf_counter()
    snapshot = encode(room.state)
    snapshot_s = time.perf_counter() - begun
    return {
        "open": is_open, "escalated": len(due.drafts),
        **_spread("signal", signals), **_spread("order", orders),
        "look_ms": round(look_s * 1e3, 2), "restore_ms": round(restore_s * 1e3, 1),
        "snapshot_ms": round(snapshot_s * 1e3, 1), "snapshot_mb": round(len(snapshot) / 1e6, 2),
    }


def _spread(what: str, seconds: list[float]) -> dict[str, float]:
    p50, p99 = np.percentile(np.array(seconds) * 1e3, (50, 99))
    return {f"{what}_p50_ms": round(float(p50), 3), f"{what}_p99_ms": round(float(p99), 3)}


class _Room:
    """What is decided is at once what was kept."""

    def __init__(self) -> None:
        self.profile, self.clock = load_profile("suwon"), SteppedClock(START_NS)
        profile = self.profile

        def nearest(position: Position, count: int, without: object) -> tuple[str, ...]:
            unusable = without if isinstance(without, set | frozenset) else set()
            return nearest_cameras(profile, position, count, lambda one: one not in unusable)

        self.triage = Triage(profile, nearest, phrase_of(load_catalogue()), city_placing(profile))
        self.sequencer = Sequencer("bench", CityState(), self.clock, self._kept, lambda *_: None)
        told = casework_figures()
        book = PrecisionBook(told.precision, profile.time_zone)
        self.casework = HubCasework(self.state, self.triage, told, book, self.clock)
        self.sequencer.followers += [self.triage.placing, self.casework]
        self.rules = CaseRules(self.triage)

    @property
    def state(self) -> CityState:
        return self.sequencer.state

    def _kept(self, batch: Batch) -> None:
        self.sequencer.committed(Head(seq=batch.entries[-1].seq, hash="", run="bench"))

    def signal(self, number: int, type_: str, camera_id: str) -> None:
        now = self.clock.now_ns()
        fact = SignalSeen(uid=str(number), type=type_, at_ns=now, device_id=camera_id)
        decided = decide_signal(self.triage, self.state, "bench", fact, now)
        if isinstance(decided, Decision):
            self.sequencer.propose(decided)

    def order(self, number: int, command: do.VerifyIncident) -> None:
        request = do.Request(id=f"q{number}", desk="desk-1", person="Kim", sent_ns=1, command=command)
        cause = ev.Cause(actor="person:Kim", command_id=request.id, desk="desk-1")
        decide = self.rules.decide[do.VerifyIncident]
        decided = decide(self.state, request, command, Drafting(cause), self.clock.now_ns())
        if not isinstance(decided, Refusal):
            self.sequencer.propose(decided)
