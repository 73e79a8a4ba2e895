"""bench charts: live charts of a day at 1 Hz, as the desk draws them, and what that costs its window."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from console.bench.history_files import write_day
from console.bench.wall import display
from console.clock import SystemClock
from console.history.layout import FOLDER
from console.profile import load_profile


def run(argv: list[str]) -> dict[str, Any]:
    """Keys: series, points, ui_gap_p99_ms, ui_gap_max_ms, ui_work_p99_ms and ui_work_max_ms (processor time
    of
    the UI thread between two turns of its loop, whatever else the machine does), cpu_pct (of one core, all of
    the process), drawn_s (until all of the day is drawn), columns, platform.
    """
    parser = argparse.ArgumentParser(prog="bongsu bench charts", description=__doc__)
    parser.add_argument("--series", type=int, default=24)
    parser.add_argument("--points", type=int, default=86_400, help="readings of each, one a second")
    parser.add_argument("--seconds", type=float, default=20.0)
    told = parser.parse_args(argv)
    if not 1 <= told.series <= 24:
        parser.error("--series: expected 1 to 24")
    with tempfile.TemporaryDirectory(prefix="bongsu-bench-") as folder, display() as platform:
        home = Path(folder)
        profile = load_profile("suwon")
        trended = [profile.points[index] for index in profile.trend_points]
        points = list({one.device_id: one for one in trended}.values())[: told.series]
        ids = [one.id for one in points]
        clock = SystemClock()
        write_day(home / FOLDER, ids, clock.now_ns(), told.points)
        from widgets.charts.measure import measure  # Qt, and only after the display is known

        indexes = np.array([one.index for one in points], np.uint32)
        figures = measure(home, profile, ids, indexes, told.points, told.seconds, clock)
    return {"series": len(ids), "points": told.points, **figures, "platform": platform}


