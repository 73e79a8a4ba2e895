"""Axes: round numbers for values, round times for the clock. Qt-free."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

STEPS_S = (5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 21600, 43200, 86400)


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


def time_ticks(since_ns: int, until_ns: int, zone: ZoneInfo, most: int) -> list[int]:
    """Round moments of the city's clock between the two, at most about `most` of them, in ns since 1970."""
    span_s = (until_ns - since_ns) / 1e9
    step_s = next((step for step in STEPS_S if span_s / step <= most), STEPS_S[-1])
    # Aligned to the city's clock, counted in UTC: a change of the clocks neither repeats nor skips a tick.
    offset = datetime.fromtimestamp(since_ns / 1e9, zone).utcoffset() or timedelta(0)
    offset_s = int(offset.total_seconds())
    first_s = -((-since_ns // 1_000_000_000 - offset_s) // step_s) * step_s - offset_s
    last_s = until_ns // 1_000_000_000
    return [at_s * 1_000_000_000 for at_s in range(first_s, last_s + 1, step_s)]
