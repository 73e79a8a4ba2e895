"""bench start: from the start of `bongsu demo` to its window, its first picture, all its panes moving."""

from __future__ import annotations

import argparse
from typing import Any

from console.bench.stage_figures import demo_figures


def run(argv: list[str]) -> dict[str, Any]:
    """Keys: window_s, first_picture_s, all_panes_s (medians), runs."""
    parser = argparse.ArgumentParser(prog="bongsu bench start", description=__doc__)
    parser.add_argument("--runs", type=int, default=3)
    told = parser.parse_args(argv)
    found = [demo_figures(12.0) for _ in range(told.runs)]

    def median(name: str) -> float:
        return sorted(float(one[name]) for one in found)[len(found) // 2]

    names = ("window_s", "first_picture_s", "all_panes_s")
    return {**{name: round(median(name), 3) for name in names}, "runs": len(found)}
