"""`bongsu history import FILE`: earlier measurements, from a CSV or JSON file, into history."""

from __future__ import annotations

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path

import msgspec

from console.cityname import city_named
from console.clock import SECOND_NS, SystemClock
from console.historian.mapping import MapError, check_map, load_map, map_of_words
from console.historian.sets import ImportedSet, forget, sets_of, take_in
from console.historian.tabular import TableError
from console.historian.taking import FileReader, Stopped, Taken
from console.historian.units import UnitError, load_units
from console.history.layout import FOLDER
from console.paths import home as default_home
from console.profile import ProfileError, load_profile
from console.stopping import Stopping

SHOWN_PROBLEMS = 10
CANCELLED = 130


def run_import(argv: list[str]) -> int:
    """0 when it was taken in (also where all was there already), 1 when not all could be used, 2 for a map
    that
    does not fit, 130 when cancelled."""
    told = _arguments(argv)
    stopping = Stopping()
    stopping.on_signals()
    try:
        profile = load_profile(city_named(told.city))
        if told.map is not None:
            mapped = load_map(told.map)
        else:
            mapped = map_of_words(told.column, told.time, told.zone)
        check_map(mapped, profile.point_by_id)
        progress = _Progress(told.file.name, told.json)
        reader = FileReader(
            told.file, mapped, profile.point_by_id, profile.time_zone, load_units(), progress.tell,
            lambda: not stopping.asked,
        )  # fmt: skip
    except (ProfileError, MapError, UnitError, TableError, OSError) as problem:
        print(f"bongsu history import: {problem}", file=sys.stderr)
        return 2
    try:
        taken = reader.read()
        if stopping.asked:
            raise Stopped
        made = take_in(told.home / FOLDER, told.file, taken, SystemClock())
    except Stopped:
        progress.end()
        print("Cancelled: nothing was taken in.", file=sys.stderr)
        return CANCELLED
    except (TableError, OSError) as problem:
        progress.end()
        print(f"bongsu history import: {problem}. Nothing was taken in.", file=sys.stderr)
        return 1
    progress.end()
    if told.json:
        print(msgspec.json.encode(_figures(made, taken)).decode())
    else:
        _print(made, taken)
    return 1 if taken.refused else 0


def run_sets(argv: list[str]) -> int:
    """What was taken in, oldest first."""
    parser = argparse.ArgumentParser(prog="bongsu history sets", description=run_sets.__doc__)
    parser.add_argument("--home", type=Path, default=default_home(), help="data folder")
    parser.add_argument("--json", action="store_true", help="one JSON list")
    told = parser.parse_args(argv)
    found = sets_of(told.home / FOLDER)
    if told.json:
        print(msgspec.json.encode(found).decode())
        return 0
    for one in found:
        print(
            f"{one.id}  {one.file}: {one.new} readings of {len(one.points)} points,"
            f" {_day(one.from_ns)} to {_day(one.to_ns)}"
            + (f", {one.corrected} corrected" if one.corrected else "")
        )
    if not found:
        print("Nothing was taken in.")
    return 0


def run_forget(argv: list[str]) -> int:
    """Take a set out of history again."""
    parser = argparse.ArgumentParser(prog="bongsu history forget", description=run_forget.__doc__)
    parser.add_argument("set", help="its number, as `bongsu history sets` says it")
    parser.add_argument("--home", type=Path, default=default_home(), help="data folder")
    told = parser.parse_args(argv)
    if not forget(told.home / FOLDER, told.set):
        print(f"bongsu history forget: there is no set {told.set!r}", file=sys.stderr)
        return 1
    print("Taken out.")
    return 0


class _Progress:
    """A line that is written over on a terminal; a line for each tenth elsewhere."""

    def __init__(self, name: str, quiet: bool) -> None:
        self._name, self._quiet = name, quiet
        self._said = -1
        self._terminal = sys.stderr.isatty()

    def tell(self, share: float, rows: int) -> None:
        percent = int(share * 100)
        step = percent if self._terminal else percent // 10
        if self._quiet or step == self._said:
            return
        self._said = step
        end = "" if self._terminal else "\n"
        begin = "\r" if self._terminal else ""
        print(f"{begin}{self._name}: {percent} %, {rows} rows", end=end, file=sys.stderr, flush=True)

    def end(self) -> None:
        if self._terminal and not self._quiet and self._said >= 0:
            print(file=sys.stderr)


def _arguments(argv: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="bongsu history import", description=__doc__,
        epilog="Ctrl-C cancels: nothing is taken in then. The same file twice changes nothing.",
    )  # fmt: skip
    parser.add_argument("file", type=Path)
    parser.add_argument("--home", type=Path, default=default_home(), help="data folder; history/ is below it")
    parser.add_argument("--city", default="suwon", help="profile of seeds/cities, or a file")
    parser.add_argument("--map", type=Path, metavar="FILE", help="what the columns are, as TOML")
    parser.add_argument("--column", action="append", default=[], metavar="NAME=POINT[:UNIT]",
                        help="instead of a map; repeatable")  # fmt: skip
    parser.add_argument("--time", default="time", metavar="NAME", help="the column of the time (%(default)s)")
    parser.add_argument("--zone", default="", help="whose clock that is (default: the city's)")
    parser.add_argument("--json", action="store_true", help="what happened, as one JSON object")
    return parser.parse_args(argv)


def _figures(made: ImportedSet, taken: Taken) -> dict[str, object]:
    return {
        "set": made.id if made.new + made.corrected else "", "rows": taken.rows, "new": made.new,
        "corrected": made.corrected, "already_there": made.already_there, "blanks": taken.blanks,
        "duplicates": taken.duplicates, "conflicts": taken.conflicts, "out_of_order": taken.out_of_order,
        "skipped_keys": taken.skipped_keys, "refused": dict(taken.refused), "notes": taken.notes,
        "problems": [one._asdict() for one in taken.problems],
    }  # fmt: skip


def _print(made: ImportedSet, taken: Taken) -> None:
    print(f"{taken.rows} rows: {made.new} readings taken in, {made.already_there} were there already.")
    if made.new:
        print(f"From {_day(made.from_ns)} to {_day(made.to_ns)}; set {made.id}.")
    told = (
        (made.corrected, "corrected (another value was there)"), (taken.blanks, "blank cells, kept as gaps"),
        (taken.duplicates, "said twice"), (taken.conflicts, "said twice with different values"),
        (taken.out_of_order, "out of order"),
        (sum(taken.skipped_keys.values()), f"rows of {len(taken.skipped_keys)} keys not in the map"),
    )  # fmt: skip
    for count, words in told:
        if count:
            print(f"  {count} {words}")
    for note in taken.notes:
        print(f"  {note}")
    if taken.refused:
        causes = ", ".join(f"{cause} {count}" for cause, count in taken.refused.most_common())
        print(f"  {sum(taken.refused.values())} could not be used ({causes}):")
    for one in taken.problems[:SHOWN_PROBLEMS]:
        where = f"row {one.row}" + (f", column {one.column}" if one.column else "")
        found = f": {one.found!r}" if one.found else ""
        print(f"    {where}{found}: {one.what}")
    if len(taken.problems) > SHOWN_PROBLEMS:
        print("    ... (--json tells more)")


def _day(at_ns: int) -> str:
    return datetime.fromtimestamp(at_ns // SECOND_NS, UTC).astimezone().strftime("%Y-%m-%d %H:%M%z")
