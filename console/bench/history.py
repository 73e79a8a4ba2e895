"""bench history: what keeping a whole city at 1 Hz costs, how large it is, and how long reading takes."""

from __future__ import annotations

import argparse
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from console.bench.history_files import write_day, write_years
from console.clock import SECOND_NS, WALL_CLOCK, SteppedClock
from console.gateways.simulation import Simulation, load_patterns
from console.history.envelope import Wanted
from console.history.figures import load_figures
from console.history.layout import MINUTE, RAW, Tier, files_of
from console.history.reader import HistoryReader
from console.history.tidying import Tidying
from console.history.writer import HistoryWriter
from console.profile import load_profile
from console.telemetry.table import Columns

START_NS = 1_774_000_800 * SECOND_NS
HOUR_S, DAY_S = 3600, 86_400
MONTH_DAYS, YEAR_DAYS = 30, 365
PLENTY = 1 << 40


def run(argv: list[str]) -> dict[str, Any]:
    """Keys: points, writer_cpu_pct (of one core, all points once a second), longest_turn_ms,
    bytes_per_reading, bytes_per_point_day_raw, _minute, _hour (at 1 Hz), city_gib_kept (with the shipped
    retention, at 1 Hz), read_ms of an hour (readings), a day (minutes), a month and a year (hours).
    """
    parser = argparse.ArgumentParser(prog="bongsu bench history", description=__doc__)
    parser.add_argument("--seconds", type=int, default=130, help="of measurements, not of waiting")
    parser.add_argument("--series", type=int, default=24, help="read at once")
    parser.add_argument("--columns", type=int, default=1000)
    told = parser.parse_args(argv)
    with tempfile.TemporaryDirectory(prefix="bongsu-bench-") as folder:
        written = _write(Path(folder) / "city", told.seconds)
        read = _read(Path(folder) / "read", told.series, told.columns)
    return {**written, **read, "series": told.series, "columns": told.columns}


def _write(folder: Path, seconds: int) -> dict[str, Any]:
    profile = load_profile("suwon")
    count = len(profile.points)
    simulation = Simulation(profile, load_patterns(), START_NS)
    clock = SteppedClock(START_NS)
    ids = [point.id for point in profile.points]
    writer = HistoryWriter(folder, ids, load_figures(), clock, lambda _: PLENTY)
    writer.begin()
    every = np.arange(count, dtype=np.uint32)
    cpu = longest = 0.0
    for _ in range(seconds):
        made = simulation.batch(every, clock.now_ns())
        batch = Columns(made.points, np.round(made.values, 2), made.taken_at_ns, made.quality)
        began, cpu_began = time.monotonic(), time.process_time()
        writer.add(batch)
        clock.step(1)
        writer.turn()
        cpu += time.process_time() - cpu_began
        longest = max(longest, time.monotonic() - began)
    writer.close()
    minutes = seconds // 60
    raw = _size(folder, RAW) / (minutes * 60 * count)
    minute = _tidy_bytes(folder) * 24
    hour = minute / 60  # an hour's row is one of its minutes' rows
    figures = load_figures()
    kept = count * (
        raw * DAY_S * figures.keep.raw_h / 24 + minute * figures.keep.minute_d + hour * figures.keep.hour_d
    )
    return {
        "points": count, "seconds": seconds, "writer_cpu_pct": round(100 * cpu / seconds, 2),
        "longest_turn_ms": round(longest * 1000, 1), "bytes_per_reading": round(raw, 2),
        "bytes_per_point_day_raw": round(raw * DAY_S), "bytes_per_point_day_minute": round(minute),
        "bytes_per_point_day_hour": round(hour), "city_gib_kept": round(kept / (1 << 30), 1),
    }


def _tidy_bytes(folder: Path) -> float:
    """Bytes of a point's hour of minutes, once its file is tidy: worked out from an hour of one page."""
    place = folder / "tidy"
    write_day(place, [f"P-{number}/value" for number in range(64)], START_NS + HOUR_S * SECOND_NS, HOUR_S)
    tidying = Tidying(place)
    tidying.begin(START_NS + DAY_S * SECOND_NS)
    while not tidying.is_idle:
        tidying.step()
    return _size(place, MINUTE) / 64


def _size(folder: Path, tier: Tier) -> int:
    return sum(file.path.stat().st_size for file in files_of(folder, tier))


def _read(folder: Path, series: int, columns: int) -> dict[str, Any]:
    ids = [f"P-{number}/value" for number in range(64)]
    now_ns = WALL_CLOCK.now_ns()
    write_day(folder, ids, now_ns)
    write_years(folder, ids, now_ns - 2 * DAY_S * SECOND_NS, YEAR_DAYS)
    wanted = tuple(Wanted(one, 3 * SECOND_NS) for one in ids[:series])
    spans = {"hour": HOUR_S, "day": DAY_S, "month": MONTH_DAYS * DAY_S, "year": YEAR_DAYS * DAY_S}
    found: dict[str, Any] = {}
    for name, span_s in spans.items():
        reader = HistoryReader(folder)
        began = time.monotonic()
        reader.read(wanted, now_ns - span_s * SECOND_NS, now_ns, columns)
        found[f"read_{name}_ms"] = round((time.monotonic() - began) * 1000, 1)
        reader.close()
    return found
