"""Where the sun stands: by date and place, good to a few hundredths of a degree from 1950 to 2050.

Low-precision formulas for the sun of the Astronomical Almanac (page C5); refraction only in the height that
counts as sunrise.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from console.clock import SECOND_NS

F64 = npt.NDArray[np.float64]
_DAY_NS = 86_400 * SECOND_NS
_J2000_DAYS = 10_957.5
"""Days from 1970-01-01 0 h to 2000-01-01 12 h, UTC."""


def height_deg(lat: Any, lon: Any, at_ns: Any) -> F64:
    """Height of the sun's centre above the horizon, degrees, without refraction.

    Places in WGS84 degrees and times in ns since 1970 (UTC) may be arrays that fit each other.
    """
    days = np.asarray(at_ns, np.float64) / _DAY_NS - _J2000_DAYS
    mean = np.radians((280.460 + 0.9856474 * days) % 360.0)
    anomaly = np.radians((357.528 + 0.9856003 * days) % 360.0)
    ecliptic = mean + np.radians(1.915) * np.sin(anomaly) + np.radians(0.020) * np.sin(2.0 * anomaly)
    tilt = np.radians(23.439 - 0.0000004 * days)
    ascension = np.arctan2(np.cos(tilt) * np.sin(ecliptic), np.cos(ecliptic))
    declination = np.arcsin(np.sin(tilt) * np.sin(ecliptic))
    sidereal_deg = (280.46061837 + 360.98564736629 * days) % 360.0
    hour_angle = np.radians(sidereal_deg + np.asarray(lon)) - ascension
    north = np.radians(np.asarray(lat))
    sine = np.sin(north) * np.sin(declination) + np.cos(north) * np.cos(declination) * np.cos(hour_angle)
    result: F64 = np.degrees(np.arcsin(np.clip(sine, -1.0, 1.0)))
    return result


def crossings(
    lat: float, lon: float, from_ns: int, to_ns: int, at_deg: float
) -> tuple[list[int], list[int]]:
    """When the sun rises above and sinks below a height between two times, ns; none where it never does."""
    at = np.append(np.arange(from_ns, to_ns, 60 * SECOND_NS, dtype=np.int64), to_ns)
    over = height_deg(lat, lon, at) - at_deg
    rises: list[int] = []
    sets: list[int] = []
    for row in np.flatnonzero((over[:-1] < 0.0) != (over[1:] < 0.0)):
        part = over[row] / (over[row] - over[row + 1])
        when = int(at[row] + part * (at[row + 1] - at[row]))
        (rises if over[row] < 0.0 else sets).append(when)
    return rises, sets
