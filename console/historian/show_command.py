"""`bongsu history show POINT`: what is kept of a point, in words or as JSON."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from console.clock import SECOND_NS, SystemClock
from console.history.envelope import Envelope, Wanted
from console.history.layout import FOLDER, HOUR, MINUTE, RAW
from console.history.reader import HistoryReader
from console.paths import home as default_home

DEFAULT_SILENT_S = 180.0
TIERS = {"raw": RAW, "minute": MINUTE, "hour": HOUR}


def run_show(argv: list[str]) -> int:
    """0 where something is found, 1 where nothing is."""
    parser = argparse.ArgumentParser(prog="bongsu history show", description=__doc__)
    parser.add_argument("point", nargs="+", help="point ids, as UND-0003/water_depth_cm")
    parser.add_argument("--home", type=Path, default=default_home(), help="data folder")
    parser.add_argument("--hours", type=float, default=1.0, help="back from now (default %(default)g)")
    parser.add_argument("--from", dest="since", metavar="T", help="instead: from this time on (ISO 8601)")
    parser.add_argument("--columns", type=int, default=60, help="at most (default %(default)s; 0: all)")
    parser.add_argument("--tier", choices=tuple(TIERS), help="default: what fits the columns")
    parser.add_argument("--silent", type=float, default=DEFAULT_SILENT_S, help="seconds that are a gap")
    parser.add_argument("--json", action="store_true", help="times in ns since 1970")
    told = parser.parse_args(argv)
    now_ns = SystemClock().now_ns()
    try:
        since = datetime.fromisoformat(told.since).astimezone(UTC) if told.since else None
    except ValueError:
        print(f"bongsu history show: --from {told.since!r}: expected ISO 8601", file=sys.stderr)
        return 2
    span_ns = int(told.hours * 3600 * SECOND_NS)
    from_ns = now_ns - span_ns if since is None else int(since.timestamp() * SECOND_NS)
    reader = HistoryReader(told.home / FOLDER)
    wanted = tuple(Wanted(point, int(told.silent * SECOND_NS)) for point in told.point)
    tier = TIERS[told.tier] if told.tier else None
    found = reader.read(wanted, from_ns, from_ns + span_ns, told.columns, tier=tier)
    reader.close()
    for problem in reader.problems.values():
        print(f"bongsu history show: {problem}", file=sys.stderr)
    for one in found:
        _print(one, told.json)
    return 0 if any(len(one) for one in found) else 1


def _print(found: Envelope, as_json: bool) -> None:
    if as_json:
        columns = {
            name: getattr(found, name).tolist()
            for name in ("at_ns", "width_ns", "low", "high", "mean", "first", "last", "count", "broken")
        }
        print(msgspec.json.encode({"point": found.point_id, **columns}).decode())
        return
    print(f"{found.point_id}: {len(found)} rows, {int(found.count.sum())} readings")
    for row in range(len(found)):
        local = datetime.fromtimestamp(int(found.at_ns[row]) / SECOND_NS, UTC).astimezone()
        gap = "  (gap before)" if found.broken[row] and row else ""
        print(
            f"  {local.isoformat(timespec='seconds')}  {found.low[row]:g} .. {found.high[row]:g}"
            f"  mean {found.mean[row]:.4g}  n {found.count[row]}{gap}"
        )
