"""How much the command bar offers: `seeds/bar.toml`, where each figure has its reason."""

from __future__ import annotations

from functools import cache

import msgspec

from console.model.base import Record
from console.paths import shipped


class BarFiguresError(Exception):
    """The figures cannot be used; the text names the file and what is wrong."""


class Answers(Record, frozen=True, kw_only=True):
    """`lines` in all, `of_a_kind` of each kind while nothing says which is meant, `numbers` of cameras,
    `lines_at_once` made of incidents and of alarms that were not seen before."""

    lines_at_once: int
    lines: int
    of_a_kind: int
    numbers: int


class NewIncident(Record, frozen=True, kw_only=True):
    """How many places are offered."""

    places: int


class Kept(Record, frozen=True, kw_only=True):
    """How many earlier lines are kept, and how many shown at once."""

    kept: int
    shown: int


class BarFigures(Record, frozen=True, kw_only=True):
    answers: Answers
    new: NewIncident
    history: Kept


@cache
def bar_figures() -> BarFigures:
    """The shipped figures. Raises BarFiguresError."""
    path = shipped("seeds") / "bar.toml"
    try:
        return msgspec.toml.decode(path.read_bytes(), type=BarFigures)
    except (OSError, msgspec.DecodeError) as problem:
        raise BarFiguresError(f"{path.name}: {problem}") from None
