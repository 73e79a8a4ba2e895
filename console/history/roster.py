"""Lists of points that files of history count by: a profile may change, what was written keeps its
meaning."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Sequence
from pathlib import Path

from console.history.layout import ROSTERS
from console.paths import write_private

NAME_CHARS = 16
_ENDING = ".points"


class RosterError(Exception):
    """A list of points is missing or damaged; the text names it."""


def keep_roster(folder: Path, point_ids: Sequence[str]) -> str:
    """Write the list where it is not there yet; its name. Raises OSError."""
    text = "\n".join(point_ids).encode()
    name = hashlib.sha256(text).hexdigest()[:NAME_CHARS]
    path = folder / ROSTERS / f"{name}{_ENDING}"
    if not path.exists():
        write_private(path, zlib.compress(text))
    return name


def load_roster(folder: Path, name: str) -> tuple[str, ...]:
    """The point ids of a list, by index. Raises RosterError."""
    path = folder / ROSTERS / f"{name}{_ENDING}"
    try:
        text = zlib.decompress(path.read_bytes())
    except (OSError, zlib.error) as error:
        raise RosterError(f"{path.name}: {error}") from None
    if hashlib.sha256(text).hexdigest()[:NAME_CHARS] != name:
        raise RosterError(f"{path.name}: is not the list it is named for")
    return tuple(text.decode().split("\n")) if text else ()
