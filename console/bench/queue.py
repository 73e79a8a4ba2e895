"""`bongsu bench queue`: the incident queue and the detail of one, over very many incidents that change."""

from __future__ import annotations

import argparse
import os
from typing import Any

from console.profile import load_profile


def run(argv: list[str]) -> dict[str, Any]:
    """Keys: incidents, changes (entries that came meanwhile), changes_per_s, searches, p50_ms, p95_ms, max_ms
    (from a letter or a filter's key to the filtered rows in order on the screen), sort_p95_ms (from an entry
    to its row in its new place), ui_gap_p99_ms, ui_gap_max_ms (between two turns of the window's loop),
    read_s (the snapshot read into the queue, in shares of the loop), read_gap_p99_ms (the gap meanwhile),
    cpu_p95_ms (the window's processor time during a search, which other work on the machine does not
    lengthen).
    """
    parser = argparse.ArgumentParser(prog="bongsu bench queue", description=__doc__)
    parser.add_argument("--city", default="suwon")
    parser.add_argument("--incidents", type=int, default=100_000)
    parser.add_argument("--rate", type=float, default=200.0, help="changes a second")
    parser.add_argument("--seconds", type=float, default=20.0)
    told = parser.parse_args(argv)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from widgets.incidents.measure import measure  # Qt, and only after the display is known

    return measure(load_profile(told.city), told.incidents, told.rate, told.seconds)
