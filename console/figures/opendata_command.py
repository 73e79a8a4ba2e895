"""`bongsu opendata FOLDER`: write the open data sets, none of them personal, with a catalogue."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from console.clock import SECOND_NS, SystemClock
from console.figures.conditions import ConditionBook
from console.figures.goalbook import GoalBook
from console.figures.open_record import NoRecord, OpenRecord, open_record, say_problem
from console.figures.opendata import Sources, files_of
from console.history.layout import FOLDER
from console.history.reader import HistoryReader
from console.model.state import CityState, apply

DAY_NS = 86_400 * SECOND_NS


def run(argv: list[str]) -> int:
    """Write the files; 1 with the reason where it cannot be done."""
    parser = argparse.ArgumentParser(prog="bongsu opendata", description=__doc__)
    parser.add_argument("folder", type=Path, help="where to; made when it is not there")
    parser.add_argument("--home", type=Path, help="data folder (default: the last demo's, else the usual)")
    parser.add_argument("--city", default="", help="a profile or its file (default: the record's)")
    parser.add_argument("--set", dest="sets", action="append", default=[], help="only this one; repeatable")
    parser.add_argument("--days", type=float, default=30.0, help="of availability (default %(default)g)")
    told = parser.parse_args(argv)
    try:
        with open_record(told.home, told.city) as record:
            return _write(record, told.folder, told.sets, told.days)
    except NoRecord as problem:
        return say_problem(problem)


def _write(record: OpenRecord, folder: Path, sets: list[str], days: float) -> int:
    profile, now_ns = record.profile, SystemClock().now_ns()
    unknown = [one for one in sets if one not in profile.datasets]
    if unknown:
        known = ", ".join(profile.datasets) or "none"
        sys.stderr.write(f"--set {unknown[0]}: not a data set of this city. Known: {known}.\n")
        return 1
    conditions = ConditionBook()
    book = GoalBook(profile, conditions)
    book.read(record.reader)
    state = CityState()
    for entry in record.reader.entries():
        apply(state, entry)
    from_ns = max(now_ns - int(days * DAY_NS), conditions.began_ns)
    history = HistoryReader(record.home / FOLDER) if (record.home / FOLDER).is_dir() else None
    sources = Sources(
        profile=profile, state=state, spent=conditions.spent(from_ns, now_ns, profile.columns.row_of),
        goals=book.page(now_ns - 365 * DAY_NS, now_ns), history=history, now_ns=now_ns,
    )  # fmt: skip
    wanted = [one for name, one in profile.datasets.items() if not sets or name in sets]
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for file in files_of(sources, wanted):
            part = folder / f"{file.name}.part"
            part.write_bytes(file.data)
            os.replace(part, folder / file.name)
            print(f"{folder / file.name}  {len(file.data):,} bytes")
    except OSError as problem:
        sys.stderr.write(f"{folder}: cannot be written ({problem.strerror}). The other files are whole.\n")
        return 1
    finally:
        if history is not None:
            history.close()
    return 0
