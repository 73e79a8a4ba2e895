"""Whether what a city's file draws lies in its bounds, and is not more than a console can work out."""

from __future__ import annotations

from console.profile.problems import Problems
from console.profile.tables import CityFile, LatLon

WIDEST_DEG = 2.0
MOST_CORNERS = 4_000
MOST_QUARTERS = 300
MOST_DEVICES = 500_000


def check_extents(city: CityFile, file: str, problems: Problems) -> None:
    """Positions within the bounds, the bounds of the size of a city, nothing by the million."""
    bounds = city.bounds
    if not (
        0.0 < bounds.north - bounds.south <= WIDEST_DEG and 0.0 < bounds.east - bounds.west <= WIDEST_DEG
    ):
        wanted = f"south < north and west < east, at most {WIDEST_DEG} degrees apart"
        found = [bounds.south, bounds.north, bounds.west, bounds.east]
        problems.add(file, "bounds", "south, north, west, east", wanted, found)
        return
    for number, district in enumerate(city.districts):
        table = f"districts[{number}] ({district.id})"
        _within(city, district.outline, file, table, "outline", problems)
        if not 3 <= len(district.outline) <= MOST_CORNERS:
            problems.add(file, table, "outline", f"3 to {MOST_CORNERS} corners", district.outline)
    for number, quarter in enumerate(city.quarters):
        _within(city, (quarter.position,), file, f"quarters[{number}] ({quarter.id})", "position", problems)
    for number, site in enumerate(city.sites):
        _within(city, (site.position,), file, f"sites[{number}] ({site.id})", "position", problems)
    for name, streets in (("streets", city.streets), ("rivers", city.rivers)):
        for number, street in enumerate(streets):
            table = f"{name}[{number}] ({street.name.en})"
            _within(city, street.path, file, table, "path", problems)
            if len(street.path) < 2:
                problems.add(file, table, "path", "two corners or more", street.path)
    _check_amounts(city, file, problems)


def _within(
    city: CityFile, corners: tuple[LatLon, ...], file: str, table: str, key: str, problems: Problems
) -> None:
    bounds = city.bounds
    for lat, lon in corners:
        if not (bounds.south <= lat <= bounds.north and bounds.west <= lon <= bounds.east):
            problems.add(file, table, key, "[lat, lon] within the city's bounds", [lat, lon])


def _check_amounts(city: CityFile, file: str, problems: Problems) -> None:
    corners = sum(len(street.path) for street in (*city.streets, *city.rivers))
    amounts = (
        ("streets", "path", "corners", corners, MOST_CORNERS),
        ("quarters", "", "quarters", len(city.quarters), MOST_QUARTERS),
        ("fleets", "count", "devices", sum(fleet.count for fleet in city.fleets), MOST_DEVICES),
        ("lines", "count", "devices", sum(line.count for line in city.lines), MOST_DEVICES),
    )
    for table, key, what, amount, most in amounts:
        if amount > most:
            problems.add(file, table, key, f"at most {most} {what} in all", amount)
