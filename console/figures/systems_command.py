"""`bongsu systems`: the rows of the city's systems, and what the record says happened in each."""

from __future__ import annotations

import argparse
from pathlib import Path

import msgspec

from console.figures.open_record import NoRecord, open_record, say_problem
from console.figures.systems import SystemCount, SystemCounter

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
    try:
        with open_record(told.home, told.city) as record:
            counter = SystemCounter(record.profile)
            counter.take(record.reader.entries())
            home, city = record.home, record.profile.city
    except NoRecord as problem:
        return say_problem(problem)
    rows = counter.rows()
    if told.json:
        print(msgspec.json.encode({"home": str(home), "city": city, "systems": rows}).decode())
    else:
        print(f"{home} ({city})")
        print(_table(rows))
    return 0


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
