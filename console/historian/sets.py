"""Imported sets: what one file brought, beside what was measured here; each can be taken out again."""

from __future__ import annotations

import hashlib
from pathlib import Path

import msgspec
import numpy as np

from console.clock import Clock
from console.historian.taking import Taken
from console.history.envelope import Wanted
from console.history.layout import ENDING, HOUR, IMPORTED, RAW, imported_files
from console.history.reader import HistoryReader
from console.history.rollup import buckets_of
from console.history.roster import keep_roster
from console.history.rows import Readings, in_order, join_readings
from console.history.segment import append, block_bytes
from console.model.base import Record
from console.paths import one_at_a_time, private_folder, write_private

SETS = "sets"
BLOCK_ROWS = 2_000_000


class ImportedSet(Record, frozen=True, kw_only=True):
    """One set, as its manifest says. `new`, `corrected`, `already_there` count readings."""

    id: str
    file: str
    sha256: str
    taken_in_ns: int
    points: tuple[str, ...]
    from_ns: int
    to_ns: int
    new: int
    corrected: int
    already_there: int
    refused: int


def sets_of(folder: Path) -> tuple[ImportedSet, ...]:
    """The sets that are in, oldest first; a manifest that cannot be read is left out."""
    found = []
    for path in sorted((folder / IMPORTED / SETS).glob("*.json")):
        try:
            found.append(msgspec.json.decode(path.read_bytes(), type=ImportedSet))
        except (OSError, msgspec.DecodeError):
            continue
    return tuple(found)


def take_in(folder: Path, path: Path, taken: Taken, clock: Clock) -> ImportedSet:
    """Put what is new of a file into history. Taken in twice, nothing is new. Raises OSError: nothing is in
    then.

    A reading that is there with another value is corrected: the newer set counts. Only one set comes in at
    a time.
    """
    private_folder(folder)
    private_folder(folder / IMPORTED)
    with one_at_a_time(folder / IMPORTED / SETS):
        _clear_unfinished(folder)
        now_ns = clock.now_ns()
        new, corrected, already = _compared(folder, taken)
        set_id = f"{now_ns:019d}"
        made = ImportedSet(
            id=set_id, file=path.name, sha256=_sha256(path), taken_in_ns=now_ns,
            points=tuple(taken.point_ids), new=len(new) - corrected, corrected=corrected,
            already_there=already, refused=sum(taken.refused.values()),
            from_ns=int(new.at_ns.min()) if len(new) else 0, to_ns=int(new.at_ns.max()) if len(new) else 0,
        )  # fmt: skip
        if not len(new):
            return made
        roster = keep_roster(folder, taken.point_ids)
        name = f"{set_id}-{roster}{ENDING}"
        private_folder(folder / IMPORTED / RAW.name)
        private_folder(folder / IMPORTED / HOUR.name)
        try:
            whole = _with_neighbours(folder, taken.point_ids, new)
            append(folder / IMPORTED / RAW.name / name, _blocks(new))
            append(folder / IMPORTED / HOUR.name / name, [block_bytes(buckets_of(whole, HOUR.bucket_ns), 0)])
            write_private(folder / IMPORTED / SETS / f"{set_id}.json", msgspec.json.encode(made))
        except OSError:
            for tier in (RAW, HOUR):
                (folder / IMPORTED / tier.name / name).unlink(missing_ok=True)
            raise
        return made


def forget(folder: Path, set_id: str) -> bool:
    """Take a set out again; False where there is none. Raises OSError."""
    manifest = folder / IMPORTED / SETS / f"{set_id}.json"
    if not set_id.isdigit() or not manifest.exists():
        return False
    with one_at_a_time(folder / IMPORTED / SETS):
        manifest.unlink(missing_ok=True)
        _clear_unfinished(folder)
    return True


def _clear_unfinished(folder: Path) -> None:
    """Files without a manifest are from an import that was killed."""
    known = {one.id for one in sets_of(folder)}
    for tier in (RAW, HOUR):
        for file in imported_files(folder, tier):
            if f"{file.begin_ns:019d}" not in known:
                file.path.unlink(missing_ok=True)


def _blocks(rows: Readings) -> list[bytes]:
    """In stretches of time, so that one is read without the others; each sorted by point."""
    by_time = rows.where(np.argsort(rows.at_ns, kind="stable"))
    made = []
    for begin in range(0, len(rows), BLOCK_ROWS):
        part = by_time.where(np.arange(begin, min(len(rows), begin + BLOCK_ROWS)))
        made.append(block_bytes(part.where(in_order(part.points, part.at_ns)), 0))
    return made


def _compared(folder: Path, taken: Taken) -> tuple[Readings, int, int]:
    """What is not there yet, how many of those correct what is, how many are there already."""
    rows = taken.readings
    keep = np.ones(len(rows), dtype=bool)
    corrected = 0
    reader = HistoryReader(folder)
    try:
        for index, point_id in enumerate(taken.point_ids):
            begin = int(np.searchsorted(rows.points, index))
            end = int(np.searchsorted(rows.points, index, side="right"))
            if begin == end:
                continue
            at, value = rows.at_ns[begin:end], rows.value[begin:end]
            (known,) = reader.imported_readings(
                (Wanted(point_id, 0),), int(at[0]), int(at[-1])
            )  # fmt: skip
            if not len(known):
                continue
            place = np.minimum(np.searchsorted(known.at_ns, at), len(known) - 1)
            there = known.at_ns[place] == at
            same = there & (known.last[place] == value)
            keep[begin:end] = ~same
            corrected += int(np.count_nonzero(there & ~same))
    finally:
        reader.close()
    return rows.where(keep), corrected, int(np.count_nonzero(~keep))


def _with_neighbours(folder: Path, point_ids: tuple[str, ...], new: Readings) -> Readings:
    """The new readings and all others of the hours they fall into: an hour is worked out from all of it."""
    parts = [new]
    reader = HistoryReader(folder)
    try:
        for index, point_id in enumerate(point_ids):
            own = new.at_ns[new.points == index]
            if not len(own):
                continue
            hours = np.unique(own // HOUR.bucket_ns)
            (known,) = reader.imported_readings(
                (Wanted(point_id, 0),), int(hours[0]) * HOUR.bucket_ns, (int(hours[-1]) + 1) * HOUR.bucket_ns
            )
            wanted = np.isin(known.at_ns // HOUR.bucket_ns, hours) & ~np.isin(known.at_ns, own)
            count = int(wanted.sum())
            parts.append(Readings(
                np.full(count, index, np.uint32), known.at_ns[wanted], known.last[wanted],
                np.zeros(count, np.uint8),
            ))  # fmt: skip
    finally:
        reader.close()
    whole = join_readings(parts)
    return whole.where(in_order(whole.points, whole.at_ns))


def _sha256(path: Path) -> str:
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


