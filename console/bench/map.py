"""bench map: all devices of a city on the map at 1920x1080, panned and zoomed; hits and searches."""

from __future__ import annotations

import argparse
import os
from typing import Any

from console.profile import load_profile


def run(argv: list[str]) -> dict[str, Any]:
    """Keys: devices, frames, frame_p50_ms, frame_p95_ms, frame_p99_ms, frame_max_ms (painting one whole frame
    of 1920x1080 in software, while panned and zoomed), frame_cpu_p95_ms, frame_cpu_max_ms (the same in
    processor time of the window's thread, which other work on the machine does not lengthen), complete_ms
    (the longest until all of a new zoom was sharp), hit_p99_ms, searches, search_p50_ms, search_p95_ms,
    search_max_ms, search_cpu_p95_ms (in processor time), names_s (building the index of names). Raises
    SystemExit for a size that is not there.
    """
    parser = argparse.ArgumentParser(prog="bongsu bench map", description=__doc__)
    parser.add_argument("--devices", type=int, default=22783)
    parser.add_argument("--seconds", type=float, default=10.0)
    told = parser.parse_args(argv)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    profile = load_profile("suwon")
    if told.devices != len(profile.devices):
        parser.error(f"--devices: the shipped city has {len(profile.devices)}")
    from widgets.map.measure import measure  # Qt, and only after the display is known

    return {"devices": len(profile.devices), **measure(profile, told.seconds)}
