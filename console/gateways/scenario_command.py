"""`bongsu gateway scenario`: a story instead of an outside world."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np

from console.cityname import city_named
from console.clock import SystemClock
from console.gateways.behaviour import BehaviourError, load_behaviours
from console.gateways.devices import SimulatedDevices
from console.gateways.link import GatewayLink
from console.gateways.scenario import ScenarioGateway, utc_offset_s
from console.gateways.simulation import PatternError, Simulation, load_patterns
from console.gateways.story import StoryError, check_story, load_story
from console.logs import log_to
from console.paths import home as default_home
from console.profile import Profile, ProfileError, load_profile
from console.stopping import Stopping
from console.wire.keys import KeyFileError, ensure_peer_key

STEP_S = 0.25


def run(argv: list[str]) -> int:
    """Run until SIGTERM or SIGINT."""
    parser = argparse.ArgumentParser(prog="bongsu gateway scenario", description=__doc__)
    parser.add_argument("--home", type=Path, default=default_home(), help="the hub's data folder")
    parser.add_argument("--city", default="suwon")
    parser.add_argument("--scenario", default="suwon_dusk")
    parser.add_argument("--speed", type=float, default=1.0)
    parser.add_argument(
        "--leave", action="append", default=[], metavar="KIND",
        help="measure nothing of this kind of device: another gateway does",
    )
    told = parser.parse_args(argv)
    log_to(told.home, "gateway-scenario")
    clock = SystemClock()
    stopping = Stopping()
    stopping.on_signals()
    try:
        profile = load_profile(city_named(told.city))
        story = load_story(told.scenario)
        check_story(story, profile.devices, profile.point_by_id, profile.controls)
        simulation = Simulation(profile, load_patterns(), utc_offset_s(profile, clock.now_ns()))
        for kind in told.leave:
            simulation.leave(_points_of(profile, kind))
        behaviours = load_behaviours(profile.controls)
        key = ensure_peer_key(told.home, "gateway-scenario", "gateway")
    except (ProfileError, StoryError, PatternError, BehaviourError, KeyFileError) as problem:
        print(f"The scenario did not start. {problem}", file=sys.stderr)
        return 1
    devices = SimulatedDevices(
        profile, behaviours, lambda fact: link.report(fact), clock, lambda points: gateway.free(points)
    )
    link = GatewayLink(
        told.home, key, "scenario", profile.digest, clock, serves=devices.serves(), on_order=devices.begin
    )
    link.start()
    try:
        while not link.connected.wait(STEP_S) and not stopping.asked:
            pass
        gateway = ScenarioGateway(profile, story, simulation, link, clock, told.speed, devices=devices)
        gateway.backfill()
        while not stopping.wait(STEP_S):
            gateway.step()
    finally:
        link.close(wait_s=1.0)
    return 0


def _points_of(profile: Profile, kind: str) -> np.ndarray:
    """The indexes of all points of devices of a kind; none for a kind the city has not."""
    columns = profile.columns
    rows = columns.of_kind(kind) if kind in columns.kinds else np.zeros(0, np.int64)
    return np.array([point for row in rows for point in profile.points.of_device(int(row))], np.int64)
