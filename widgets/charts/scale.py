"""Value axes: round numbers. Qt-free."""

from __future__ import annotations

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scale:
    """A value axis from `low` (bottom) to `high` (top); `ticks` are round numbers within, `step` between
    them.
    """

    low: float
    high: float
    step: float
    ticks: tuple[float, ...]

    def y(self, value: float, height_px: float) -> float:
        """Pixels from the top."""
        return (self.high - value) / (self.high - self.low) * height_px


def scale_for(least: float, greatest: float, wanted_ticks: int = 6) -> Scale:
    """A scale with round ends that holds both values; never without height. NaN and infinity are taken as
    0..1.
    """
    if not (math.isfinite(least) and math.isfinite(greatest)):
        least, greatest = 0.0, 1.0
    if greatest - least < 1e-9 * max(1.0, abs(greatest)):
        margin = max(abs(greatest) * 0.05, 0.5)
        least, greatest = least - margin, greatest + margin
    step = round_step((greatest - least) / max(1, wanted_ticks - 1))
    low, high = math.floor(least / step + 1e-9) * step, math.ceil(greatest / step - 1e-9) * step
    count = round((high - low) / step)
    return Scale(low, high, step, tuple(low + index * step for index in range(count + 1)))


def round_step(rough: float) -> float:
    """The next 1, 2 or 5 times a power of ten that is not smaller."""
    power = 10.0 ** math.floor(math.log10(rough))
    for factor in (1.0, 2.0, 5.0, 10.0):
        if factor * power >= rough * (1 - 1e-9):
            return factor * power
    return 10.0 * power


def tick_text(value: float, step: float) -> str:
    """A round number of an axis with as many decimals as its step has."""
    decimals = next((places for places in range(4) if abs(round(step, places) - step) < 1e-9 * step), 4)
    text = f"{value:,.{decimals}f}"
    return text[1:] if text.startswith("-") and not text.strip("-0.,") else text


def level_text(value: float) -> str:
    """A limit's level as it was written: no decimals it does not have."""
    return f"{value:,.4f}".rstrip("0").rstrip(".")
