"""From the unit a device speaks to the point's own: seeds/gateways/units.toml."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import msgspec

from console.model.base import Record
from console.paths import shipped


class UnitsError(Exception):
    """The units' file is wrong; the text names file and key."""


class Unit(Record, frozen=True, kw_only=True):
    factor: float
    shift: float = 0.0


@dataclass(frozen=True, slots=True)
class Conversion:
    """value * factor + shift."""

    factor: float = 1.0
    shift: float = 0.0

    def __call__(self, value: float) -> float:
        return value * self.factor + self.shift

    def after(self, factor: float, shift: float) -> Conversion:
        """This conversion of value * factor + shift."""
        return Conversion(self.factor * factor, self.factor * shift + self.shift)


def conversion(from_unit: str, to_unit: str) -> Conversion | None:
    """How to convert, or None where the two do not measure the same. Any unit converts to itself."""
    if from_unit == to_unit:
        return Conversion()
    for units in load_units().values():
        have, want = units.get(from_unit), units.get(to_unit)
        if have is not None and want is not None:
            return Conversion(have.factor / want.factor, (have.shift - want.shift) / want.factor)
    return None


def spoken(unit: str) -> tuple[str, ...]:
    """All units that convert to `unit`, for a message."""
    for units in load_units().values():
        if unit in units:
            return tuple(units)
    return (unit,)


@cache
def load_units(path: Path | None = None) -> dict[str, dict[str, Unit]]:
    """The units by what they measure. Raises UnitsError."""
    path = path or shipped("seeds") / "gateways" / "units.toml"
    try:
        return msgspec.toml.decode(path.read_bytes(), type=dict[str, dict[str, Unit]])
    except (OSError, msgspec.DecodeError) as error:
        raise UnitsError(f"{path.name}: {error}") from None
