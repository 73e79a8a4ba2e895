"""`bongsu gateway mqtt`: measurements, conditions and signals from an MQTT broker."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from pathlib import Path

from console.cityname import city_named
from console.clock import SystemClock
from console.gateways.health import GatewayHealth
from console.gateways.link import GatewayLink
from console.gateways.mqtt.commanding import Commanding
from console.gateways.mqtt.gateway import MqttGateway
from console.gateways.mqtt.settings import FILE, FOLDER, Settings, load_settings
from console.gateways.mqtt.units import UnitsError
from console.language import CatalogueError, load_catalogue
from console.logs import log_to
from console.model.fact import AnyFact
from console.paths import home as default_home
from console.profile import ProfileError, load_profile
from console.stopping import Stopping
from console.wire.keys import KeyFileError, ensure_peer_key

KEY = "gateway-mqtt"


def run(argv: list[str]) -> int:
    """Run until SIGTERM or SIGINT; with --check only read the file. Exit status 1 with every problem."""
    parser = argparse.ArgumentParser(prog="bongsu gateway mqtt", description=__doc__)
    parser.add_argument("--home", type=Path, default=default_home(), help="the hub's data folder")
    parser.add_argument("--city", default="suwon")
    parser.add_argument("--config", type=Path, help=f"default: {FOLDER}/{FILE} in the data folder")
    parser.add_argument("--name", default=KEY, help="the name of its key, where there are several")
    parser.add_argument("--check", action="store_true", help="read the file, say what is in it, and end")
    told = parser.parse_args(argv)
    file = told.config or told.home / FOLDER / FILE
    try:
        profile = load_profile(city_named(told.city))
        settings = load_settings(file, profile)
        catalogue = load_catalogue()
    except ProfileError as error:
        for problem in error.problems:
            print(problem, file=sys.stderr)
        print(f"{len(error.problems)} problem(s): the gateway does not start.", file=sys.stderr)
        return 1
    except (UnitsError, CatalogueError) as error:
        print(f"The gateway does not start. {error}", file=sys.stderr)
        return 1
    if told.check:
        print("\n".join(_summary(settings)))
        return 0
    log_to(told.home, told.name)
    clock = SystemClock()
    stopping = Stopping()
    stopping.on_signals()
    try:
        key = ensure_peer_key(told.home, told.name, "gateway")
    except KeyFileError as error:
        print(f"The gateway does not start. {error}", file=sys.stderr)
        return 1
    refused: list[Callable[[str, str], None]] = []

    def taken(uid: str, problem: str) -> None:
        if problem:
            for refuse in refused:
                refuse("hub_refused", problem)

    reports: list[Callable[[AnyFact], None]] = []
    commanding = Commanding(
        settings.commands, clock, catalogue, lambda fact: reports[0](fact),
        lambda cause, example: refused[0](cause, example),
    )
    serves = commanding.serves() if settings.commands else None
    link = GatewayLink(
        told.home, key, "mqtt", profile.digest, clock, taken, serves,
        commanding.begin if settings.commands else None,
    )
    reports.append(link.report)
    health = GatewayHealth(link, "mqtt", clock)
    refused.append(health.refuse)
    gateway = MqttGateway(
        settings, profile, link, health, clock, catalogue, commanding if settings.commands else None
    )
    link.start()
    gateway.start()
    try:
        while not stopping.wait(1.0):
            pass
    finally:
        gateway.close()
        link.close(wait_s=1.0)
    return 0


def _summary(settings: Settings) -> list[str]:
    user = f" as {settings.broker.user}" if settings.broker.user else ""
    lines = [f"{settings.peer}{user}, protocol {settings.broker.protocol}"]
    for rule in settings.rules:
        table = rule.table
        parts = [f"{one.quantity} ({one.unit})" for one in table.readings]
        parts += ["condition"] * bool(table.conditions) + [one.type for one in table.signals]
        lines.append(f"  {rule.pattern.filter}  qos {rule.qos}: {', '.join(parts)}")
    for one in settings.commands:
        lines.append(f"  {one.table.topic}  {one.table.control}, answers on {one.pattern.filter}")
    return lines
