"""bench memory: what the whole demo and its desk hold (PSS), with 16 panes, after a while."""

from __future__ import annotations

import argparse
from typing import Any

from console.bench.stage_figures import demo_figures


def run(argv: list[str]) -> dict[str, Any]:
    """Keys: demo_pss_mb, desk_pss_mb (greatest of samples each second of the last half), seconds."""
    parser = argparse.ArgumentParser(prog="bongsu bench memory", description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0)
    told = parser.parse_args(argv)
    found = demo_figures(told.seconds, memory=True)
    return {
        "demo_pss_mb": found["demo_pss_mb"], "desk_pss_mb": found["desk_pss_mb"],
        "by_process_mb": found["by_process_mb"], "seconds": told.seconds,
    }
