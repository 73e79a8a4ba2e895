"""`bongsu systems`: the rows of the city's systems, and what the record says happened in each."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import msgspec

from console.cityname import city_named
from console.hub.systems import SystemCount, SystemCounter
from console.ledger import LedgerReader, LedgerUnavailable
from console.paths import home as default_home
from console.profile import ProfileError, load_profile

_FIGURES = (
    ("devices", "devices"), ("points", "points"), ("signals", "signals"), ("faults", "faults"),
    ("alarms_raised", "raised"), ("alarms_cleared", "cleared"), ("alarms_suppressed", "hidden"),
    ("incidents", "incid."), ("controls_ordered", "orders"), ("controls_answered", "answered"),
    ("facts", "facts"),
)  # fmt: skip


def run(argv: list[str]) -> int:
    """Print the rows; 1 with the reason where there is no record."""
    parser = argparse.ArgumentParser(prog="bongsu systems", description=__doc__)
    parser.add_argument("--home", type=Path, help="data folder (default: the last demo's, else the usual)")
    parser.add_argument("--city", default="", help="a profile or its file (default: the record's)")
    parser.add_argument("--json", action="store_true", help="one JSON object instead of the table")
    told = parser.parse_args(argv)
    home = told.home or last_demo() or default_home()
    try:
        with LedgerReader.open(home / "ledger" / "ledger.db") as reader:
            started = next(iter(reader.of_kinds(("hub.started",))), None)
            city = told.city or str(getattr(getattr(started, "event", None), "city", "")) or "suwon"
            counter = SystemCounter(load_profile(city_named(city)))
            counter.take(reader.entries())
    except LedgerUnavailable as problem:
        print(f"{home}: {problem.problem.en}", file=sys.stderr)
        return 1
    except ProfileError as problem:
        print(problem, file=sys.stderr)
        return 1
    rows = counter.rows()
    if told.json:
        print(msgspec.json.encode({"home": str(home), "city": city, "systems": rows}).decode())
    else:
        print(f"{home} ({city})")
        print(_table(rows))
    return 0


def last_demo() -> Path | None:
    """The data folder of the newest run of the demo, None where there was none."""
    folder = default_home() / "demo"
    runs = sorted(one for one in folder.iterdir() if one.is_dir()) if folder.is_dir() else []
    return runs[-1] if runs else None


def _table(rows: list[SystemCount]) -> str:
    wide = max(len(one.name.en) for one in rows)
    lines = [f"row  {'system':<{wide}}" + "".join(f"{title:>10}" for _, title in _FIGURES)]
    lines += [
        f"{one.row:>3}  {one.name.en:<{wide}}"
        + "".join(f"{getattr(one, name):>10,}" for name, _ in _FIGURES)
        for one in rows
    ]
    total = "".join(f"{sum(getattr(one, name) for one in rows):>10,}" for name, _ in _FIGURES)
    return "\n".join([*lines, f"{'':>3}  {'all':<{wide}}{total}"])
