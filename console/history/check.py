"""Is the history what was written? Looks at the newest file of each fineness, at imported sets, at its
process."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import msgspec

from console.clock import SECOND_NS, WALL_CLOCK
from console.history.layout import FOLDER, TIERS, files_of, imported_files
from console.history.roster import RosterError, load_roster
from console.history.segment import Segment, SegmentError

LATE_NS = 180 * SECOND_NS
"""A minute is closed within seconds; one that is three minutes late is not being closed."""
_WORDS = {
    "full": "the disk is full", "refused": "the disk refuses to write", "low": "the disk is nearly full",
    "raw_low": "the disk is nearly full: only minutes and hours are kept",
}  # fmt: skip


class HistoryFinding(NamedTuple):
    what: str
    ok: bool
    detail: str
    do: str = ""


def check_history(home: Path) -> Iterator[HistoryFinding]:
    """What is to be said of the history of a data folder; nothing where there is none. Never raises for
    what is
    on the disk. May be used while it is being written.
    """
    folder = home / FOLDER
    files = [(tier, file) for tier in TIERS for file in files_of(folder, tier)]
    imported = [(tier, file) for tier in TIERS for file in imported_files(folder, tier)]
    if not files and not imported:
        return
    bad = []
    newest = [files_of(folder, tier)[-1:] for tier in TIERS]
    looked = [file for each in newest for file in each] + [file for _, file in imported]
    for file in looked:
        segment = Segment(file.path)
        try:
            segment.look()
            load_roster(folder, file.roster)
        except (SegmentError, RosterError, OSError) as error:
            bad.append(str(error))
        else:
            bad += [segment.problem] if segment.problem else []
        finally:
            segment.close()
    size = sum(file.path.stat().st_size for _, file in files if file.path.exists())
    yield HistoryFinding(
        "history", not bad, bad[0] if bad else f"{len(files)} files, {size / 1e6:,.0f} MB, newest are whole",
        "Keep the file; what comes later is written behind its last whole block." if bad else "",
    )
    yield from _process(home)


def _process(home: Path) -> Iterator[HistoryFinding]:
    try:
        said = msgspec.json.decode((home / "run" / "history.json").read_bytes(), type=dict[str, object])
    except (OSError, msgspec.DecodeError):
        return
    problem = str(said.get("problem", ""))
    age_ns = WALL_CLOCK.now_ns() - int(str(said.get("at_ns", 0)))
    if said.get("ended") or age_ns > LATE_NS:
        yield HistoryFinding("history process", True, "none runs on this data folder now")
    elif problem:
        yield HistoryFinding(
            "history process", False, _WORDS.get(problem, problem),
            "Free space on the disk; what waits is written then.",
        )  # fmt: skip
    else:
        lost = int(str(said.get("lost_rows", 0)))
        yield HistoryFinding("history process", not lost, f"writes; {lost} readings lost since its start")
