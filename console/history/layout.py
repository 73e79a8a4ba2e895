"""Where history lies: ``FOLDER/TIER/BEGIN-ROSTER.hist``, journals beside, imported sets in a folder of
their own.

BEGIN is when the file's stretch of time begins (UTC ns since 1970, of arrival), ROSTER the short name of
the list
of points it counts by.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, NamedTuple

from console.clock import SECOND_NS

FOLDER = "history"
"""Below the console's home."""
ENDING = ".hist"
JOURNAL_ENDING = ".journal"
ROSTERS, JOURNALS, IMPORTED, STATE = "rosters", "journal", "imported", "rollups.state"
MINUTE_NS, HOUR_NS = 60 * SECOND_NS, 3600 * SECOND_NS
DAY_NS = 24 * HOUR_NS

TierName = Literal["raw", "minute", "hour"]


@dataclass(frozen=True, slots=True)
class Tier:
    """One fineness of history: buckets of `bucket_ns` (0: the readings themselves), files of `file_ns`."""

    name: TierName
    bucket_ns: int
    file_ns: int


RAW = Tier("raw", 0, HOUR_NS)
MINUTE = Tier("minute", MINUTE_NS, HOUR_NS)
HOUR = Tier("hour", HOUR_NS, DAY_NS)
TIERS = (RAW, MINUTE, HOUR)


class HistoryFile(NamedTuple):
    """One file of a tier, by its name."""

    path: Path
    begin_ns: int
    roster: str


def file_path(folder: Path, tier: Tier, at_ns: int, roster: str) -> Path:
    """The file that takes what arrives at `at_ns`."""
    begin_ns = at_ns - at_ns % tier.file_ns
    return folder / tier.name / f"{begin_ns:019d}-{roster}{ENDING}"


def files_of(folder: Path, tier: Tier) -> tuple[HistoryFile, ...]:
    """The files of a tier, oldest first; empty where there are none."""
    return _files(folder / tier.name)


def imported_files(folder: Path, tier: Tier) -> tuple[HistoryFile, ...]:
    """The files of one tier of all imported sets, in the order they were taken in."""
    return _files(folder / IMPORTED / tier.name)


def _files(folder: Path) -> tuple[HistoryFile, ...]:
    found = []
    try:
        with os.scandir(folder) as entries:
            for one in entries:
                stem, dot, ending = one.name.partition(".")
                begin, dash, roster = stem.partition("-")
                if dot + ending == ENDING and dash and begin.isdigit():
                    found.append(HistoryFile(Path(one.path), int(begin), roster))
    except OSError:
        return ()
    return tuple(sorted(found, key=lambda one: (one.begin_ns, one.roster)))


def journals_in(folder: Path) -> tuple[tuple[int, Path], ...]:
    """The journals that are there: number and path, oldest first."""
    found = []
    try:
        with os.scandir(folder / JOURNALS) as entries:
            for one in entries:
                stem, dot, ending = one.name.partition(".")
                if dot + ending == JOURNAL_ENDING and stem.isdigit():
                    found.append((int(stem), Path(one.path)))
    except OSError:
        return ()
    return tuple(sorted(found))


def journal_path(folder: Path, number: int) -> Path:
    return folder / JOURNALS / f"{number:012d}{JOURNAL_ENDING}"
