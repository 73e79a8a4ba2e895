"""``seeds/import_units.toml``: how the units of files become those of points."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import msgspec

from console.model.base import Record
from console.paths import shipped

FILE = "import_units.toml"


class Convert(Record, frozen=True, kw_only=True, rename={"from_": "from"}):
    """A value v in `from` is (v + shift) * factor in `to`."""

    from_: str
    to: str
    factor: float
    shift: float = 0.0


class ImportUnits(Record, frozen=True, kw_only=True):
    spelled: dict[str, str]
    convert: tuple[Convert, ...]


class Change(NamedTuple):
    """What is done to a value: (value + shift) * factor."""

    shift: float
    factor: float

    def of(self, value: float) -> float:
        return value if self == SAME else (value + self.shift) * self.factor


SAME = Change(0.0, 1.0)


class UnitError(Exception):
    """A unit cannot become that of the point; the text names both, and what is known."""


def load_units(path: Path | None = None) -> ImportUnits:
    """The shipped conversions. Raises UnitError."""
    path = path or shipped("seeds") / FILE
    try:
        return msgspec.toml.decode(path.read_bytes(), type=ImportUnits)
    except (OSError, msgspec.DecodeError) as error:
        raise UnitError(f"{path.name}: {error}") from None


def change_for(units: ImportUnits, unit: str, point_unit: str) -> Change:
    """How values in `unit` become values in the point's; an empty unit is the point's own. Raises
    UnitError."""
    spelled = units.spelled.get(unit.strip(), unit.strip())
    if spelled in ("", point_unit):
        return SAME
    for one in units.convert:
        if (one.from_, one.to) == (spelled, point_unit):
            return Change(one.shift, one.factor)
    known = ", ".join(sorted(one.from_ for one in units.convert if one.to == point_unit))
    raise UnitError(f"unit {unit!r} cannot become {point_unit!r}; known: {known or 'none but itself'}")
