"""`bongsu bench NAME`: measure this machine; the last line printed is one JSON object."""

from __future__ import annotations

import importlib
import sys

import msgspec

BENCHES = {
    "start": "console.bench.start",
    "telemetry": "console.bench.telemetry",
    "alarms": "console.bench.alarms",
    "whole": "console.bench.whole",
    "realday": "console.bench.realday",
    "flood": "console.bench.flood",
    "decisions": "console.bench.decisions",
    "disk": "console.bench.decisions_disk",
    "memory": "console.bench.memory",
    "charts": "console.bench.charts",
    "history": "console.bench.history",
    "timeline": "console.bench.timeline",
    "wall": "console.bench.wall",
    "map": "console.bench.map",
    "bar": "console.bench.bar",
    "queue": "console.bench.queue",
    "instep": "console.bench.instep",
    "export": "console.bench.export",
    "recorder": "console.bench.recorder",
    "footage": "console.bench.footage",
    "share": "console.bench.share",
    "handoff": "console.bench.handoff",
    "handoff-chaos": "console.bench.handoff_chaos",
    "badinput": "console.bench.badinput",
    "open": "console.bench.open",
    "recover": "console.bench.recover",
    "faults": "console.bench.faults",
    "correlate": "console.bench.correlate",
    "casework": "console.bench.casework",
    "procedures": "console.bench.procedures",
}
"""Name to the module whose `run(words) -> dict` measures it."""


def run(argv: list[str]) -> int:
    """Run one measurement. `--json` is accepted for scripts; the JSON line is printed either way."""
    words = [word for word in argv if word != "--json"]
    if not words or words[0] not in BENCHES:
        print(f"bongsu bench: which one? {', '.join(BENCHES)}", file=sys.stderr)
        return 2
    module = importlib.import_module(BENCHES[words[0]])
    figures = module.run(words[1:])
    print(msgspec.json.encode(figures).decode())
    return 0
