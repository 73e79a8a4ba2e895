"""bench telemetry: publisher to hub to a desk's board, every device once a period, and what that costs."""

from __future__ import annotations

import argparse
import time
from typing import Any

import msgspec
import numpy as np

from console.bench.city import SUWON_DEVICES, scaled_city
from console.bench.room import Room, cpu_s, room, wait
from console.cityname import city_named
from console.clock import SystemClock
from console.gateways.link import GatewayLink
from console.gateways.simulation import Simulation, load_patterns
from console.profile import Profile, load_profile
from console.wire.keys import ensure_peer_key

SETTLE_S = 3.0


def run(argv: list[str]) -> dict[str, Any]:
    """Keys: lost, p50_ms, p99_ms, hub_cpu_percent, desk_cpu_percent, ui_gap_p99_ms, readings_per_s."""
    parser = argparse.ArgumentParser(prog="bongsu bench telemetry", description=__doc__)
    parser.add_argument("--devices", type=int, default=SUWON_DEVICES)
    parser.add_argument("--hz", type=float, default=1.0)
    parser.add_argument("--seconds", type=float, default=20.0)
    told = parser.parse_args(argv)
    with room() as place:
        city = scaled_city(told.devices, place.home)
        profile = load_profile(city_named(city))
        for name, role in (("bench-gateway", "gateway"), ("desk-1", "desk")):
            ensure_peer_key(place.home, name, role)
        hub = place.hub("--city", city)
        desk = place.start(
            "desk", "--home", str(place.home), "--city", city, "--desk", "desk-1", "--no-video",
            environment={"QT_QPA_PLATFORM": "offscreen"},
        )
        wait("the desk", lambda: figures_of(place).get("link") == "live", desk)
        clock = SystemClock()
        key = ensure_peer_key(place.home, "bench-gateway", "gateway")
        link = GatewayLink(place.home, key, "bench", profile.digest, clock)
        link.start()
        try:
            link.connected.wait(10)
            points = one_each(profile)
            simulation = Simulation(profile, load_patterns(), 0)
            period_s = 1.0 / told.hz
            _publish(link, simulation, points, clock, period_s, SETTLE_S)
            before, hub_before, desk_before = figures_of(place), cpu_s(hub.pid), cpu_s(desk.pid)
            (place.home / "run" / "desk-desk-1.reset").touch()
            began = time.monotonic()
            sent = _publish(link, simulation, points, clock, period_s, told.seconds)
            seconds = time.monotonic() - began
            hub_s, desk_s = cpu_s(hub.pid) - hub_before, cpu_s(desk.pid) - desk_before
            time.sleep(1.5)
            after = figures_of(place)
        finally:
            link.close()
    shown = after["readings"] - before["readings"]
    return {
        "devices": told.devices, "readings_per_s": round(sent / seconds, 1),
        "lost": max(0, sent - shown) + after["lost_batches"] + link.dropped_readings,
        "p50_ms": after["latency_p50_ms"], "p99_ms": after["latency_p99_ms"],
        "hub_cpu_percent": round(100 * hub_s / seconds, 2),
        "desk_cpu_percent": round(100 * desk_s / seconds, 2),
        "ui_gap_p99_ms": after["ui_gap_p99_ms"], "ui_gap_max_ms": after["ui_gap_max_ms"],
    }


def one_each(profile: Profile) -> np.ndarray:
    """One point index for each device: its first point, or any further one where it measures nothing."""
    rows = profile.points.device_rows()
    _, first = np.unique(rows, return_index=True)
    spare = np.setdiff1d(np.arange(len(rows)), first)[: len(profile.devices) - len(first)]
    return np.sort(np.concatenate([first, spare]))


def _publish(
    link: GatewayLink, simulation: Simulation, points: np.ndarray, clock: SystemClock, period_s: float,
    seconds: float,
) -> int:
    """Every point once a period for some seconds; how many readings went out."""
    sent = 0
    began = time.monotonic()
    due = began
    while due < began + seconds:
        link.publish(simulation.batch(points, clock.now_ns()))
        sent += len(points)
        due += period_s
        time.sleep(max(0.0, due - time.monotonic()))
    return sent


def figures_of(place: Room, desk: str = "desk-1") -> dict[str, Any]:
    """What a desk wrote of itself last; nothing before it did."""
    try:
        found = msgspec.json.decode((place.home / "run" / f"desk-{desk}.json").read_bytes())
    except (OSError, msgspec.DecodeError):
        return {}
    return found if isinstance(found, dict) else {}
