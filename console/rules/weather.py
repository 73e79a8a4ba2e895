"""A city's own gauges against the levels of the weather service: a local exceedance, never a warning.

The service warns by forecast. What is not measured is not "none": the answer for many gauges is a range, the
least level that is certain and the most that is possible; where they differ the level is not known.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Annotated

import msgspec
import numpy as np
import numpy.typing as npt

from console.profile.tables import Table, Text
from console.rules.figures import Positive, figures, refuse

F64 = npt.NDArray[np.float64]
I8 = npt.NDArray[np.int8]
Bools = npt.NDArray[np.bool_]
NONE, ADVISORY, WARNING, SEVERE = 0, 1, 2, 3
Celsius = Annotated[float, msgspec.Meta(ge=-60.0, le=60.0)]
Days = Annotated[int, msgspec.Meta(ge=1, le=14)]
Month = Annotated[int, msgspec.Meta(ge=1, le=12)]


class Rain(Table, frozen=True, kw_only=True):
    advisory_3h_mm: Positive
    advisory_12h_mm: Positive
    warning_3h_mm: Positive
    warning_12h_mm: Positive
    message_1h_mm: Positive
    message_3h_mm: Positive
    message_alone_1h_mm: Positive


class Wind(Table, frozen=True, kw_only=True):
    advisory_m_s: Positive
    advisory_gust_m_s: Positive
    warning_m_s: Positive
    warning_gust_m_s: Positive


class Snow(Table, frozen=True, kw_only=True):
    advisory_cm: Positive
    warning_cm: Positive
    mountain_warning_cm: Positive


class Heat(Table, frozen=True, kw_only=True):
    advisory_c: Celsius
    warning_c: Celsius
    days: Days
    severe_c: Celsius
    severe_days: Days
    night_c: Celsius
    mild_night_c: Celsius
    nights: Days


class Cold(Table, frozen=True, kw_only=True):
    advisory_drop_c: Positive
    warning_drop_c: Positive
    most_c: Celsius
    below_normal_c: Positive
    advisory_c: Celsius
    warning_c: Celsius
    days: Days
    from_month: Month
    to_month: Month


class WeatherFigures(Table, frozen=True, kw_only=True):
    source: Text
    rain: Rain
    wind: Wind
    mountain_wind: Wind
    snow: Snow
    heat: Heat
    cold: Cold


def weather_figures(path: Path | None = None) -> WeatherFigures:
    """Raises ProfileError naming file, table, key, expected and found."""
    found = figures(WeatherFigures, "weather", path)
    rain, heat, cold = found.rain, found.heat, found.cold
    for table, key, less, more in (
        ("rain", "warning_3h_mm", rain.advisory_3h_mm, rain.warning_3h_mm),
        ("rain", "warning_12h_mm", rain.advisory_12h_mm, rain.warning_12h_mm),
        ("rain", "message_alone_1h_mm", rain.message_1h_mm, rain.message_alone_1h_mm),
        ("wind", "warning_m_s", found.wind.advisory_m_s, found.wind.warning_m_s),
        ("wind", "warning_gust_m_s", found.wind.advisory_gust_m_s, found.wind.warning_gust_m_s),
        ("mountain_wind", "warning_m_s", found.mountain_wind.advisory_m_s, found.mountain_wind.warning_m_s),
        ("mountain_wind", "warning_gust_m_s", found.mountain_wind.advisory_gust_m_s,
         found.mountain_wind.warning_gust_m_s),
        ("snow", "warning_cm", found.snow.advisory_cm, found.snow.warning_cm),
        ("heat", "warning_c", heat.advisory_c, heat.warning_c),
        ("heat", "severe_c", heat.warning_c, heat.severe_c),
        ("cold", "warning_drop_c", cold.advisory_drop_c, cold.warning_drop_c),
    ):  # fmt: skip
        if not less < more:
            refuse("weather", table, key, f"more than {less}", more)
    if not cold.warning_c < cold.advisory_c:
        refuse("weather", "cold", "warning_c", f"less than {cold.advisory_c}", cold.warning_c)
    return found


def _either(*tests: tuple[F64, float]) -> tuple[Bools, Bools]:
    """Whether any value is certainly, and possibly, at its level or more."""
    sure = np.zeros(len(tests[0][0]), np.bool_)
    possible = sure.copy()
    for value, level in tests:
        with np.errstate(invalid="ignore"):
            reached = value >= level
        sure |= reached
        possible |= reached | np.isnan(value)
    return sure, possible


def _range(advisory: tuple[Bools, Bools], warning: tuple[Bools, Bools]) -> tuple[I8, I8]:
    least = np.where(warning[0], WARNING, np.where(advisory[0], ADVISORY, NONE))
    most = np.where(warning[1], WARNING, np.where(advisory[1], ADVISORY, NONE))
    return least.astype(np.int8), most.astype(np.int8)


def rain_range(rain: Rain, mm_3h: F64, mm_12h: F64) -> tuple[I8, I8]:
    """Least and most level of each gauge by its sums of three and of twelve hours; NaN is not known."""
    return _range(
        _either((mm_3h, rain.advisory_3h_mm), (mm_12h, rain.advisory_12h_mm)),
        _either((mm_3h, rain.warning_3h_mm), (mm_12h, rain.warning_12h_mm)),
    )


def rain_message_due(rain: Rain, mm_1h: F64, mm_3h: F64) -> tuple[Bools, Bools]:
    """Whether the level of the direct message to telephones is certainly, and possibly, reached."""
    alone = _either((mm_1h, rain.message_alone_1h_mm))
    hour, three = _either((mm_1h, rain.message_1h_mm)), _either((mm_3h, rain.message_3h_mm))
    return alone[0] | (hour[0] & three[0]), alone[1] | (hour[1] & three[1])


def sums_mm(hourly_mm: F64, hours: int) -> F64:
    """Sums of the last `hours` at each hour; NaN where one of them is missing or not all have passed."""
    total: F64 = np.full(len(hourly_mm), np.nan)
    if len(hourly_mm) >= hours:
        total[hours - 1 :] = np.lib.stride_tricks.sliding_window_view(hourly_mm, hours).sum(axis=1)
    return total


def wind_range(wind: Wind, mean_m_s: F64, gust_m_s: F64) -> tuple[I8, I8]:
    """Least and most level of each station by its mean of ten minutes and its gust; NaN is not known."""
    return _range(
        _either((mean_m_s, wind.advisory_m_s), (gust_m_s, wind.advisory_gust_m_s)),
        _either((mean_m_s, wind.warning_m_s), (gust_m_s, wind.warning_gust_m_s)),
    )


def snow_range(snow: Snow, fresh_cm: F64, mountain: Bools) -> tuple[I8, I8]:
    """Least and most level of each gauge by its fresh snow of 24 hours; NaN is not known."""
    plain = _either((fresh_cm, snow.warning_cm))
    high = _either((fresh_cm, snow.mountain_warning_cm))
    warning = (np.where(mountain, high[0], plain[0]), np.where(mountain, high[1], plain[1]))
    return _range(_either((fresh_cm, snow.advisory_cm)), warning)


def heat_level(heat: Heat, daily_max_felt_c: Sequence[float]) -> int | None:
    """Level by the days up to today, the last one today; None where a missing day decides (NaN)."""
    return _highest(
        (SEVERE, _run(daily_max_felt_c, heat.severe_days, heat.severe_c)),
        (WARNING, _run(daily_max_felt_c, heat.days, heat.warning_c)),
        (ADVISORY, _run(daily_max_felt_c, heat.days, heat.advisory_c)),
    )


def tropical_nights(heat: Heat, nightly_min_c: Sequence[float], mild: bool) -> bool | None:
    """Whether the nights up to the last are tropical ones; `mild`: a big city's or a coast's level."""
    return _run(nightly_min_c, heat.nights, heat.mild_night_c if mild else heat.night_c)


def cold_level(cold: Cold, morning_min_c: Sequence[float], normal_min_c: float, today: date) -> int | None:
    """Level by the mornings up to today, the last one today; None where a missing one decides (NaN).

    Out of the months of cold it is NONE, whatever the gauge says.
    """
    if cold.to_month < today.month < cold.from_month:
        return NONE
    below = [-one for one in morning_min_c]
    now = morning_min_c[-1] if morning_min_c else float("nan")
    before = morning_min_c[-2] if len(morning_min_c) > 1 else float("nan")
    cold_enough = _both(_least(-now, -cold.most_c), _least(normal_min_c - now, cold.below_normal_c))
    levels = []
    for level, drop_c, deep_c in (
        (WARNING, cold.warning_drop_c, cold.warning_c), (ADVISORY, cold.advisory_drop_c, cold.advisory_c),
    ):  # fmt: skip
        dropped = _both(_least(before - now, drop_c), cold_enough)
        levels.append((level, _any(dropped, _run(below, cold.days, -deep_c))))
    return _highest(*levels)


def _least(value: float, level: float) -> bool | None:
    return None if value != value else value >= level


def _both(one: bool | None, other: bool | None) -> bool | None:
    if one is False or other is False:
        return False
    return True if one and other else None


def _any(one: bool | None, other: bool | None) -> bool | None:
    if one or other:
        return True
    return False if one is False and other is False else None


def _run(values: Sequence[float], days: int, level: float) -> bool | None:
    """Whether the last `days` values are all at the level or more; a missing one leaves it open."""
    last = [_least(one, level) for one in values[-days:]]
    if any(one is False for one in last):
        return False
    return True if len(last) == days and all(last) else None


def _highest(*levels: tuple[int, bool | None]) -> int | None:
    """The highest level that holds; None where one above it is open."""
    for level, holds in levels:
        if holds is None:
            return None
        if holds:
            return level
    return NONE
