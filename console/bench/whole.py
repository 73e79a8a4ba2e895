"""bench whole: the city once a second, a wall of 16 moving panes and the map open, and what that costs."""

from __future__ import annotations

import argparse
import time
from typing import Any

import msgspec
import numpy as np

from console.bench.room import Room, cpu_s, room, wait
from console.cityname import city_named
from console.clock import SystemClock
from console.demo.feeds import FeedPlan, plan_sources
from console.gateways.link import GatewayLink
from console.gateways.simulation import Simulation, load_patterns
from console.gateways.story import load_story
from console.profile import load_profile
from console.wire.keys import ensure_peer_key

SETTLE_S = 8.0


def run(argv: list[str]) -> dict[str, Any]:
    """Keys: ui_gap_p99_ms, ui_gap_max_ms, hub_cpu_percent, desk_cpu_percent (with its decoding processes),
    panes_moving, lost, readings_per_s."""
    parser = argparse.ArgumentParser(prog="bongsu bench whole", description=__doc__)
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--page", default="map", help="page under the wall (default %(default)s)")
    told = parser.parse_args(argv)
    with room() as place:
        profile = load_profile(city_named("suwon"))
        wall = profile.desks["desk-1"].wall
        clock = SystemClock()
        plan_sources(profile, load_story("suwon_dusk"), clock.now_ns(), wall, FeedPlan()).save(place.home)
        for name, role in (("bench-gateway", "gateway"), ("desk-1", "desk")):
            ensure_peer_key(place.home, name, role)
        hub = place.hub("--city", "suwon")
        desk = place.start(
            "desk", "--home", str(place.home), "--city", "suwon", "--desk", "desk-1", "--page", told.page,
            environment={"QT_QPA_PLATFORM": "offscreen"},
        )
        wait("the desk", lambda: _figures(place).get("link") == "live", desk)
        key = ensure_peer_key(place.home, "bench-gateway", "gateway")
        link = GatewayLink(place.home, key, "bench", profile.digest, clock)
        link.start()
        try:
            link.connected.wait(10)
            simulation = Simulation(profile, load_patterns(), 0)
            points = np.arange(len(profile.points))
            _publish(link, simulation, points, clock, SETTLE_S)
            before, hub_before, desk_before = _figures(place), cpu_s(hub.pid), cpu_s(desk.pid)
            (place.home / "run" / "desk-desk-1.reset").touch()
            began = time.monotonic()
            sent = _publish(link, simulation, points, clock, told.seconds)
            seconds = time.monotonic() - began
            hub_s, desk_s = cpu_s(hub.pid) - hub_before, cpu_s(desk.pid) - desk_before
            time.sleep(1.5)
            after = _figures(place)
        finally:
            link.close()
    shown = after["readings"] - before["readings"]
    return {
        "points": len(points), "page": told.page, "readings_per_s": round(sent / seconds, 1),
        "lost": max(0, sent - shown) + after["lost_batches"] + link.dropped_readings,
        "panes_moving": after.get("panes_moving", 0), "ui_gap_p99_ms": after["ui_gap_p99_ms"],
        "ui_gap_max_ms": after["ui_gap_max_ms"], "hub_cpu_percent": round(100 * hub_s / seconds, 2),
        "desk_cpu_percent": round(100 * desk_s / seconds, 2),
    }


def _publish(
    link: GatewayLink, simulation: Simulation, points: np.ndarray, clock: SystemClock, seconds: float
) -> int:
    """Every point once a second; how many readings went out."""
    sent = 0
    due = began = time.monotonic()
    while due < began + seconds:
        link.publish(simulation.batch(points, clock.now_ns()))
        sent += len(points)
        due += 1.0
        time.sleep(max(0.0, due - time.monotonic()))
    return sent


def _figures(place: Room) -> dict[str, Any]:
    try:
        found = msgspec.json.decode((place.home / "run" / "desk-desk-1.json").read_bytes())
    except (OSError, msgspec.DecodeError):
        return {}
    return found if isinstance(found, dict) else {}
