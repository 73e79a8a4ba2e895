"""``seeds/recorder.toml``: how long footage is kept, how it is written, what is locked by itself."""

from __future__ import annotations

from pathlib import Path

import msgspec

from console.model.base import Record
from console.paths import shipped

GIB = 1 << 30
FILE = "recorder.toml"


class Keep(Record, frozen=True, kw_only=True):
    """What may stay on disk. The file explains each figure."""

    days: float
    gib: float
    free_gib: float
    fresh_s: float
    locked_share: float


class Write(Record, frozen=True, kw_only=True):
    flush_ms: int
    sync_s: float
    waiting_mib: float
    retry_s: float
    rest_ms: int
    rest_kib: float


class CameraFigures(Record, frozen=True, kw_only=True):
    timeout_s: float
    missing_after_s: float
    back_after_s: float
    end_after_s: float
    openings: int


class LockFigures(Record, frozen=True, kw_only=True):
    before_s: float
    earlier_h: float
    after_s: float
    longest_h: float
    nearest: int
    within_m: float


class Figures(Record, frozen=True, kw_only=True):
    """All of the file."""

    keep: Keep
    write: Write
    camera: CameraFigures
    lock: LockFigures


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
    for table in ("keep", "write", "camera", "lock"):
        for name, value in msgspec.structs.asdict(getattr(figures, table)).items():
            if not value >= 0:
                raise FiguresError(f"{path.name}: {table}.{name}: expected 0 or more, found {value}")
    return figures


def with_bounds(
    figures: Figures, days: float | None, gib: float | None, free_gib: float | None
) -> Figures:
    """The same with what a person asked for instead of the file's bounds."""
    asked = {"days": days, "gib": gib, "free_gib": free_gib}
    given = {name: value for name, value in asked.items() if value is not None}
    return msgspec.structs.replace(figures, keep=msgspec.structs.replace(figures.keep, **given))
