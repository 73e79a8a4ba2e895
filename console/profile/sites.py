"""Sites: the named places of a city's file, and schools, parks and car parks made up for its quarters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from console.model.base import Words
from console.profile.chance import Chance
from console.profile.ground import Bools
from console.profile.tables import CityFile
from console.profile.wording import filled

if TYPE_CHECKING:
    from console.profile.town import Spots, Town

CLEAR_M = 60.0
"""A made-up site keeps this distance from a named one."""
TRIES = 16
"""So many spots are drawn for a made-up site; where none is clear, the quarter goes without."""


@dataclass(frozen=True, slots=True)
class Site:
    kind: str
    name: Words
    x: float
    y: float
    radius_m: float
    district: int
    quarter: int


def find_sites(town: Town, spots: Spots, side: Bools, city: CityFile) -> tuple[Site, ...]:
    """Named sites in the order of the file, then the made-up ones by series and quarter.

    `side` says which of the spots are in side streets; `spots` are ordered by quarter.
    """
    x, y = town.plane.to_xy([one.position[0] for one in city.sites], [one.position[1] for one in city.sites])
    district, quarter = town.district_of(x, y), town.quarter_of(x, y)
    found = [
        Site(
            kind=site.kind,
            name=site.name,
            x=float(x[row]),
            y=float(y[row]),
            radius_m=site.radius_m,
            district=int(district[row]),
            quarter=int(quarter[row]),
        )
        for row, site in enumerate(city.sites)
    ]
    radius = np.array([site.radius_m for site in city.sites])
    rows = np.flatnonzero(side)
    edges = np.searchsorted(spots.quarter[rows], np.arange(len(city.quarters) + 1))
    for series in city.site_series:
        chance = Chance(city.city.seed, f"sites/{series.kind}")
        away = (radius + series.radius_m + CLEAR_M) ** 2
        for index, told in enumerate(city.quarters):
            draws = chance.even(len(series.names) * TRIES).reshape(-1, TRIES)
            here = rows[edges[index] : edges[index + 1]]
            if len(here) == 0:
                continue
            tried = here[np.minimum((draws * len(here)).astype(np.int64), len(here) - 1)]
            apart = (spots.x[tried][:, :, None] - x) ** 2 + (spots.y[tried][:, :, None] - y) ** 2
            clear: Bools = np.all(apart > away, axis=2)
            for row, name in enumerate(series.names):
                if not clear[row].any():
                    continue  # the named sites leave no room in this quarter
                spot = int(tried[row][np.argmax(clear[row])])
                found.append(
                    Site(
                        kind=series.kind,
                        name=filled(name, quarter=told.short),
                        x=float(spots.x[spot]),
                        y=float(spots.y[spot]),
                        radius_m=series.radius_m,
                        district=int(spots.district[spot]),
                        quarter=index,
                    )
                )
    return tuple(found)
