"""``seeds/history.toml``: how long each fineness of history is kept, and what it may take of the disk."""

from __future__ import annotations

from pathlib import Path

import msgspec

from console.model.base import Record
from console.paths import shipped

FILE = "history.toml"
GIB = 1 << 30


class Keep(Record, frozen=True, kw_only=True):
    """How old what is kept may be. The file explains each figure."""

    raw_h: float
    minute_d: float
    hour_d: float


class Disk(Record, frozen=True, kw_only=True):
    gib: float
    raw_free_gib: float
    free_gib: float
    sync_s: float
    retry_s: float


class Writing(Record, frozen=True, kw_only=True):
    flush_ms: int
    settle_s: float
    waiting_rows: int


class Figures(Record, frozen=True, kw_only=True):
    """All of the file."""

    keep: Keep
    disk: Disk
    write: Writing


class FiguresError(Exception):
    """The file of figures cannot be used; the text names the file and the field."""


def load_figures(path: Path | None = None) -> Figures:
    """The shipped figures, or those of `path`. Raises FiguresError."""
    path = path or shipped("seeds") / FILE
    try:
        figures = msgspec.toml.decode(path.read_bytes(), type=Figures)
    except OSError as error:
        raise FiguresError(f"{path.name}: cannot be read: {error.strerror}") from None
    except msgspec.DecodeError as error:
        raise FiguresError(f"{path.name}: {error}") from None
    for table in ("keep", "disk", "write"):
        for name, value in msgspec.structs.asdict(getattr(figures, table)).items():
            if not value >= 0:
                raise FiguresError(f"{path.name}: {table}.{name}: expected 0 or more, found {value}")
    return figures
