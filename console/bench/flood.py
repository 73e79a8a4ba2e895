"""bench flood: hundreds of alarms in a second, with the whole city running, until a desk shows each."""

from __future__ import annotations

import argparse
import time
from typing import Any

import numpy as np

from console.bench.room import Room, cpu_s, room, wait
from console.bench.telemetry import figures_of, one_each
from console.bench.wall import display
from console.clock import SECOND_NS, SystemClock
from console.demo.feeds import FeedPlan, plan_sources
from console.gateways.link import GatewayLink
from console.gateways.simulation import Simulation, load_patterns
from console.gateways.story import load_story
from console.profile import Profile, load_profile
from console.telemetry.table import GOOD, Columns
from console.wire.keys import ensure_peer_key

DESK = "super-1"
SETTLE_S, BURSTS, SHOWN_WITHIN_S = 8.0, 10, 20.0


def run(argv: list[str]) -> dict[str, Any]:
    """Keys: p50_ms, p99_ms (from the reading to its row painted), lost, raised, shown, first_priority (what
    stands first in the list), ui_gap_p99_ms, panes_moving, hub_cpu_percent (of the second and the one after).
    """
    parser = argparse.ArgumentParser(prog="bongsu bench flood", description=__doc__)
    parser.add_argument("--alarms", type=int, default=500)
    parser.add_argument("--no-video", action="store_true", help="without the wall")
    told = parser.parse_args(argv)
    profile = load_profile("suwon")
    points, values, delays_s, alarms = _beyond(profile, told.alarms)
    if alarms < told.alarms:
        parser.error(f"--alarms: Suwon's limits give at most {alarms}")
    with display(), room() as place:
        clock = SystemClock()
        book = plan_sources(
            profile, load_story("suwon_dusk"), clock.now_ns(), profile.desks[DESK].wall, FeedPlan()
        )
        book.save(place.home)
        for name, role in (("bench-gateway", "gateway"), (DESK, "desk")):
            ensure_peer_key(place.home, name, role)
        hub = place.hub()
        words = ["--no-video"] if told.no_video else []
        desk = place.start(
            "desk", "--home", str(place.home), "--desk", DESK, "--page", "alarms", *words
        )
        wait("the desk", lambda: _desk(place).get("link") == "live", desk)
        key = ensure_peer_key(place.home, "bench-gateway", "gateway")
        link = GatewayLink(place.home, key, "bench", profile.digest, clock)
        link.start()
        try:
            link.connected.wait(10)
            city = City(profile, link, clock, points)
            city.run(SETTLE_S)
            (place.home / "run" / f"desk-{DESK}.reset").touch()
            city.run(2.0)
            hub_before, began = cpu_s(hub.pid), time.monotonic()
            city.flood(points, values, delays_s)
            until = time.monotonic() + SHOWN_WITHIN_S
            while time.monotonic() < until and _desk(place).get("alarms_shown", 0) < alarms:
                city.run(1.0)
            hub_s, seconds = cpu_s(hub.pid) - hub_before, time.monotonic() - began
            city.run(1.0)
            after = _desk(place)
        finally:
            link.close()
    shown = int(after.get("alarms_shown", 0))
    return {
        "alarms": told.alarms, "raised": alarms, "shown": shown,
        "lost": alarms - int(after.get("alarms_listed", 0)),
        "p50_ms": after.get("alarm_shown_p50_ms"), "p99_ms": after.get("alarm_shown_p99_ms"),
        "first_priority": after.get("alarm_first_priority"), "ui_gap_p99_ms": after["ui_gap_p99_ms"],
        "ui_gap_max_ms": after["ui_gap_max_ms"], "panes_moving": after["panes_moving"],
        "hub_cpu_percent": round(100 * hub_s / seconds, 1), "incidents": after["incidents"],
        "readings_lost": after["lost_batches"] + link.dropped_readings,
    }  # fmt: skip


class City:
    """One reading of every device a second, but of the points that are kept for the flood."""

    def __init__(self, profile: Profile, link: GatewayLink, clock: SystemClock, kept: np.ndarray) -> None:
        self._link, self._clock = link, clock
        self._points = np.setdiff1d(one_each(profile), kept)
        self._simulation = Simulation(profile, load_patterns(), 0)
        self._due = time.monotonic()

    def run(self, seconds: float) -> None:
        """Let the city go on for so long."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            self._second()
            time.sleep(max(0.0, min(self._due, until) - time.monotonic()))

    def _second(self) -> None:
        if time.monotonic() >= self._due:
            self._link.publish(self._simulation.batch(self._points, self._clock.now_ns()))
            self._due += 1.0

    def flood(self, points: np.ndarray, values: np.ndarray, delays_s: np.ndarray) -> None:
        """All of them beyond their limits, in bursts over a second. Each limit's delay has passed before, by
        the readings' own time."""
        now_ns = self._clock.now_ns()
        before_ns = now_ns - ((delays_s + 1) * SECOND_NS).astype(np.int64)
        self._send(points, values, before_ns)
        began = time.monotonic()
        for burst in range(BURSTS):
            mine = slice(burst * len(points) // BURSTS, (burst + 1) * len(points) // BURSTS)
            at = np.full(len(points[mine]), self._clock.now_ns())
            self._send(points[mine], values[mine], at)
            self._second()
            time.sleep(max(0.0, began + (burst + 1) / BURSTS - time.monotonic()))

    def _send(self, points: np.ndarray, values: np.ndarray, at_ns: np.ndarray) -> None:
        quality = np.full(len(points), GOOD, np.uint8)
        self._link.publish(Columns(points.astype(np.uint32), values, at_ns, quality))


def _beyond(profile: Profile, wanted: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, int]:
    """Points, a value of each that is beyond limits, the longest delay of these, and how many alarms they are
    together: `wanted`, where the city has so many. Spread over the city, every priority among them. The
    delay is above 0, or the reading before would raise the alarm already."""
    limits = profile.limits.columns()
    usable = np.flatnonzero((limits.hours == 0) & (limits.count == 1) & (limits.on_delay_s > 0))
    by_point: dict[int, list[int]] = {}
    for row in usable.tolist():
        by_point.setdefault(int(limits.point_index[row]), []).append(row)
    every = np.bincount(limits.point_index, minlength=len(profile.points))
    whole = [one for one, rows in by_point.items() if len(rows) == every[one]]
    single = [one for one in whole if len(by_point[one]) == 1]
    urgent = sorted(single, key=lambda one: (int(limits.priority[by_point[one][0]]), one))
    first = urgent[: wanted // 10]
    rest = [one for one in single if one not in set(first)]
    step = max(1, len(rest) // max(1, wanted - len(first)))
    chosen = np.array((first + rest[::step])[:wanted], np.int64)
    rows = np.array([by_point[int(one)][0] for one in chosen], np.int64)
    order = np.random.default_rng(1).permutation(len(chosen))
    chosen, rows = chosen[order], rows[order]
    return chosen, limits.set_at[rows], limits.on_delay_s[rows], len(chosen)


def _desk(place: Room) -> dict[str, Any]:
    return figures_of(place, DESK)
