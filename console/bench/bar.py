"""`bongsu bench bar`: from a key in the command bar to the painted list, over a whole city."""

from __future__ import annotations

import argparse
import os
from typing import Any

from console.profile import load_profile


def run(argv: list[str]) -> dict[str, Any]:
    """Keys: devices, incidents, alarms, keys (how many were typed), key_p50_ms, key_p95_ms, key_max_ms (from
    a letter to its painted list), key_cpu_p95_ms, answer_cpu_p95_ms (the same, and finding the answers
    alone, in processor time, which other work on the machine does not lengthen), names_s (reading the
    names, in a thread at the first opening).
    """
    parser = argparse.ArgumentParser(prog="bongsu bench bar", description=__doc__)
    parser.add_argument("--city", default="suwon")
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("--incidents", type=int, default=5_000)
    parser.add_argument("--alarms", type=int, default=2_000)
    told = parser.parse_args(argv)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from widgets.bar.measure import measure  # Qt, and only after the display is known

    return measure(load_profile(told.city), told.turns, told.incidents, told.alarms)
