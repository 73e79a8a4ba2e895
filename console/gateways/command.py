"""`bongsu gateway KIND`: one kind of outside world, each a program with options of its own."""

from __future__ import annotations

import argparse
import importlib

KINDS = {
    "scenario": "console.gateways.scenario_command",
    "cap": "console.gateways.cap.command",
    "mqtt": "console.gateways.mqtt.command",
    "open311": "console.gateways.open311.command",
}
"""Each module has `run(argv)`."""


def run(argv: list[str]) -> int:
    """Run until SIGTERM or SIGINT."""
    parser = argparse.ArgumentParser(prog="bongsu gateway", description=__doc__, add_help=False)
    parser.add_argument("kind", nargs="?", choices=tuple(KINDS), help="which; KIND --help says what it takes")
    parser.add_argument("-h", "--help", action="store_true", help="show this, or the help of the kind")
    told, rest = parser.parse_known_args(argv[:1])
    if told.help or told.kind is None:
        parser.print_help()
        return 0
    return int(importlib.import_module(KINDS[told.kind]).run([*rest, *argv[1:]]))
