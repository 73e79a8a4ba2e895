"""`bongsu footage`: what is recorded, in words. Reads the data folder; needs neither hub nor recorder."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import msgspec

from console.clock import SECOND_NS
from console.footage.layout import FOLDER, begins_in, camera_folder, days_in, packets_path
from console.footage.locks import LocksError, read_locks
from console.footage.store import FootageStore
from console.paths import home as default_home

_DAY_NS = 24 * 3600 * SECOND_NS


def run(argv: list[str]) -> int:
    """`list`, `spans CAMERA` or `locks`. 1 where nothing is found, or what is there cannot be read."""
    parser = argparse.ArgumentParser(prog="bongsu footage", description=__doc__)
    parser.add_argument("--home", type=Path, default=default_home(), help="data folder")
    parser.add_argument("--json", action="store_true", help="one JSON list instead of text; times in ns")
    words = parser.add_subparsers(dest="what", required=True)
    words.add_parser("list", help="cameras with footage: from, to, size")
    spans = words.add_parser("spans", help="when there are pictures of a camera, and the gaps between")
    spans.add_argument("camera")
    spans.add_argument("--days", type=float, default=1.0, help="back from the newest picture (default 1)")
    words.add_parser("locks", help="what is kept whatever its age, and why")
    told = parser.parse_args(argv)
    find: dict[str, Callable[[Path, argparse.Namespace], list[dict[str, Any]]]] = {
        "list": _list, "spans": _spans, "locks": _locks,
    }  # fmt: skip
    try:
        rows = find[told.what](told.home / FOLDER, told)
    except LocksError as problem:
        print(f"bongsu footage: {problem}", file=sys.stderr)
        return 1
    if told.json:
        print(msgspec.json.encode(rows).decode())
    else:
        for row in rows:
            print(_line(told.what, row))
        if not rows:
            print("Nothing is recorded." if told.what != "locks" else "Nothing is locked.")
    return 0 if rows or told.what == "locks" else 1


def _list(folder: Path, told: argparse.Namespace) -> list[dict[str, Any]]:
    store = FootageStore(folder)
    rows = []
    for camera_id in store.cameras():
        edges = store.edges(camera_id)
        if edges is not None:
            size = _bytes_of(folder, camera_id)
            rows.append({"camera": camera_id, "from_ns": edges[0], "to_ns": edges[1], "bytes": size})
    return rows


def _bytes_of(folder: Path, camera_id: str) -> int:
    place, total = camera_folder(folder, camera_id), 0
    for day in days_in(place):
        for begin_ns in begins_in(place / day):
            try:
                total += packets_path(folder, camera_id, begin_ns).stat().st_size
            except OSError:
                continue  # freed meanwhile
    return total


def _spans(folder: Path, told: argparse.Namespace) -> list[dict[str, Any]]:
    store = FootageStore(folder)
    edges = store.edges(told.camera)
    if edges is None:
        return []
    from_ns = max(edges[0], edges[1] - int(told.days * _DAY_NS))
    rows: list[dict[str, Any]] = []
    for span in store.spans(told.camera, from_ns, edges[1]):
        gap_ns = span.from_ns - rows[-1]["to_ns"] if rows else 0
        rows.append({"from_ns": span.from_ns, "to_ns": span.to_ns, "gap_before_s": gap_ns / SECOND_NS})
    return rows


def _locks(folder: Path, told: argparse.Namespace) -> list[dict[str, Any]]:
    return [msgspec.to_builtins(lock) for lock in read_locks(folder).locks]


def _line(what: str, row: dict[str, Any]) -> str:
    between = f"{_clock(row['from_ns'])} to {_clock(row['to_ns'])}"
    if what == "list":
        return f"{row['camera']}  {between}  {row['bytes'] / 1e6:,.1f} MB"
    if what == "spans":
        gap = f"  (nothing for {row['gap_before_s']:,.1f} s before)" if row["gap_before_s"] else ""
        return f"{between}{gap}"
    who = f"{row['person']}: " if row["person"] else ""
    return f"{row['id']}  {between}  {', '.join(row['camera_ids'])}  {who}{row['reason']}"


def _clock(at_ns: int) -> str:
    """In this machine's time, with its offset: two machines may stand in two time zones."""
    local = datetime.fromtimestamp(at_ns // SECOND_NS, timezone.utc).astimezone()  # noqa: UP017
    return local.strftime("%Y-%m-%d %H:%M:%S%z")
