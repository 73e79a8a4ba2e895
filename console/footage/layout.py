"""Where footage lies: ``FOLDER/CAMERA/YYYY-MM-DD/BEGIN.packets`` and beside it ``BEGIN.keys``.

The day is of UTC, BEGIN the wall time of the first picture in ns. One folder a day keeps every listing short.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote, unquote

from console.clock import SECOND_NS

FOLDER = "footage"
"""Below the console's home."""
PACKETS, KEYS = ".packets", ".keys"
GAP_NS = 2 * SECOND_NS
"""Pictures further apart than this are not one stretch: the wall calls a picture old after the same time."""
SEGMENT_NS = 300 * SECOND_NS
"""A segment begins anew after so long (at the next key picture)."""
LONGEST_SEGMENT_NS = 3600 * SECOND_NS
"""Whatever a camera sends (no key picture for an hour), a segment does not last longer."""


def camera_folder(folder: Path, camera_id: str) -> Path:
    """The folder of one camera. Raises ValueError for an empty id."""
    if not camera_id:
        raise ValueError("a camera has an id")
    # A name of dots only is a way out of the folder.
    name = quote(camera_id, safe="")
    return folder / (name.replace(".", "%2E") if not name.strip(".") else name)


def cameras_in(folder: Path) -> tuple[str, ...]:
    """All cameras that have a folder, sorted; empty where there is no footage at all."""
    try:
        with os.scandir(folder) as found:
            return tuple(sorted(unquote(one.name) for one in found if one.is_dir(follow_symlinks=False)))
    except OSError:
        return ()


def day_of(wall_ns: int) -> str:
    """The name of the folder a segment that begins at `wall_ns` lies in."""
    return datetime.fromtimestamp(wall_ns // SECOND_NS, UTC).strftime("%Y-%m-%d")


def days_in(folder: Path) -> tuple[str, ...]:
    """The days of one camera, oldest first."""
    try:
        with os.scandir(folder) as found:
            return tuple(sorted(one.name for one in found if _is_day(one.name)))
    except OSError:
        return ()


def _is_day(name: str) -> bool:
    return len(name) == 10 and name[4] == name[7] == "-" and name.replace("-", "").isdigit()


def begins_in(folder: Path) -> tuple[int, ...]:
    """When the segments of one day begin, oldest first."""
    found = []
    try:
        with os.scandir(folder) as entries:
            for one in entries:
                stem, dot, ending = one.name.partition(".")
                if dot + ending == PACKETS and stem.isdigit():
                    found.append(int(stem))
    except OSError:
        return ()
    return tuple(sorted(found))


def packets_path(folder: Path, camera_id: str, begin_ns: int) -> Path:
    return camera_folder(folder, camera_id) / day_of(begin_ns) / f"{begin_ns:019d}{PACKETS}"
