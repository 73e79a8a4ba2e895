"""bench timeline: what a day of nine cameras and thousands of events costs the window to paint."""

from __future__ import annotations

import argparse
import os
from typing import Any


def run(argv: list[str]) -> dict[str, Any]:
    """Keys: paint_all_ms (all but the cursor, afresh: median and worst), paint_cursor_ms (as on each tick
    while
    it plays), add_event_ms (one that is news), load_page_ms (a thousand of the record); with events, spans
    (of each camera), width_px.
    """
    parser = argparse.ArgumentParser(prog="bongsu bench timeline", description=__doc__)
    parser.add_argument("--events", type=int, default=5000)
    parser.add_argument("--spans", type=int, default=500, help="recorded stretches of each camera")
    parser.add_argument("--width", type=int, default=1900)
    told = parser.parse_args(argv)
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from widgets.replay.measure import measure

    return measure(told.events, told.spans, told.width)
