"""Is the footage what was recorded? Looks at the newest segments of each camera and at the locks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from console.footage.layout import FOLDER, begins_in, camera_folder, cameras_in, days_in, packets_path
from console.footage.locks import LocksError, read_locks
from console.footage.segment import Segment, SegmentError

LOOKED_AT = 3
"""Newest segments of a camera whose index and packets are held against each other."""
NAMED = 3


class FootageFinding(NamedTuple):
    what: str
    ok: bool
    detail: str
    do: str = ""


def check_footage(home: Path) -> Iterator[FootageFinding]:
    """What is to be said of the footage of a data folder; nothing where there is none. Never raises for what
    is on the disk. May be used while a recorder writes.
    """
    folder = home / FOLDER
    cameras = cameras_in(folder)
    if not cameras:
        return
    yield _locks(folder)
    segments = 0
    bad: list[str] = []
    for camera_id in cameras:
        place = camera_folder(folder, camera_id)
        begins = [begin for day in days_in(place) for begin in begins_in(place / day)]
        segments += len(begins)
        for begin_ns in begins[-LOOKED_AT:]:
            problem = _problem(packets_path(folder, camera_id, begin_ns), begin_ns)
            if problem:
                bad.append(f"{camera_id}/{begin_ns}: {problem}")
    named = "; ".join(bad[:NAMED]) + (f"; {len(bad) - NAMED} more" if len(bad) > NAMED else "")
    yield FootageFinding(
        "footage", not bad,
        named or f"{len(cameras)} cameras, {segments} segments, the newest are readable",
        "What is whole of them is shown all the same. Keep the files; check the disk." if bad else "",
    )  # fmt: skip


def _locks(folder: Path) -> FootageFinding:
    try:
        locks = read_locks(folder).locks
    except LocksError as problem:
        return FootageFinding(
            "footage locks", False, str(problem),
            "Start the recorder while a hub runs: it asks what is locked, and frees nothing before.",
        )
    return FootageFinding("footage locks", True, f"{len(locks)} locks")


def _problem(path: Path, begin_ns: int) -> str:
    """Why a segment, or a part of it, cannot be used; its last packets are read with their checksums."""
    segment = Segment(path, begin_ns)
    try:
        segment.look()
        segment.end_of_whole()
    except FileNotFoundError:
        return ""  # freed meanwhile
    except SegmentError as problem:
        return str(problem)
    except OSError as error:
        return f"cannot be read: {error.strerror}"
    return segment.problem
