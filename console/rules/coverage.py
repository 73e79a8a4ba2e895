"""Whether the area of an official warning touches the city, and which districts. Pure.

By the standard an area is the union of its polygons, circles and codes; its name only describes it and is
used where nothing else can be. An area that reaches beyond the city must take a share of a district, because
a district's outline is drawn by hand and a neighbour's border is not ours.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal, Protocol

import numpy as np
import numpy.typing as npt

from console.model.base import Position
from console.model.warning import CoveredBy, WarningArea
from console.rules.city import EARTH_RADIUS_M

F64 = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
GRID = 24
MOST_NAME = 2000
"""Points of a district's rectangle, each way, by which a share of it is counted."""
EXCEPT = ("제외", "except", "excluding")
"""A list in brackets behind a region's name that ends or begins so says what the warning leaves out."""


class WarnedCity(Protocol):
    """The profile, as far as areas need it."""

    @property
    def name(self) -> Any: ...
    @property
    def bounds(self) -> Any: ...
    @property
    def districts(self) -> Any: ...
    @property
    def warned(self) -> Any: ...


@dataclass(frozen=True, slots=True)
class Covered:
    """How an area was found to touch the city, and the districts it touches (none named: the whole city)."""

    by: CoveredBy
    districts: tuple[str, ...] = ()


Answer = Covered | Literal["elsewhere", "area_unknown"]


class CityGround:
    """The city's ground, prepared once. Any thread."""

    def __init__(self, city: WarnedCity, least_share: float) -> None:
        self._least_share = least_share
        self._bounds = city.bounds
        self._outlines: dict[str, tuple[F64, F64]] = {}
        self._samples: dict[str, tuple[F64, F64]] = {}
        for district in city.districts.values():
            outline = [(one.lat, one.lon) for one in district.outline]
            lat, lon = (np.array(column) for column in zip(*outline, strict=True))
            self._outlines[district.id] = lat, lon
            self._samples[district.id] = _samples(lat, lon)
        parts = [*self._samples.values(), *self._outlines.values()]
        self._all = np.concatenate([one[0] for one in parts]), np.concatenate([one[1] for one in parts])
        self._of = np.repeat(
            np.arange(len(parts)) % len(self._outlines), [len(one[0]) for one in parts]
        )
        self._sampled = np.arange(len(self._of)) < sum(len(one[0]) for one in self._samples.values())
        self._counts = np.array([max(1, len(one[0])) for one in self._samples.values()])
        told = city.warned
        self._whole: set[str] = {_plain(one) for one in (city.name.en, city.name.ko, *told.names)}
        self._wider = {_plain(one) for one in told.wider}
        self._part: dict[str, str] = {
            _plain(name): one.id for one in city.districts.values() for name in (one.name.en, one.name.ko)
        }
        self._codes = {_kind(kind): set(codes) for kind, codes in told.codes.items()}
        self._district_codes = {_kind(kind): dict(codes) for kind, codes in told.district_codes.items()}

    def touched(self, areas: Iterable[WarningArea]) -> Answer:
        """What the areas of one block mean for the city. No area at all is `unsaid`, never elsewhere."""
        answers = [self.area(one) for one in areas]
        if not answers:
            return Covered("unsaid")
        found = [one for one in answers if isinstance(one, Covered)]
        if found:
            sure = [one for one in found if one.by != "unclear"] or found
            whole = any(not one.districts for one in sure)
            districts = () if whole else tuple(
                one for one in self._outlines if any(one in each.districts for each in sure)
            )
            return Covered(sure[0].by, districts)
        return "elsewhere" if "elsewhere" in answers else "area_unknown"

    def area(self, area: WarningArea) -> Answer:
        """One area. A faulty one that is not found here by what could be read of it is `unclear`."""
        answers: list[Answer] = [self._polygon(one) for one in area.polygons]
        answers += [self._circle(*one) for one in area.circles]
        answers += [self._code(_kind(kind), code) for kind, code in area.codes]
        found = [one for one in answers if isinstance(one, Covered)]
        if found:
            whole = any(not one.districts for one in found)
            named = {district for one in found for district in one.districts}
            return Covered(found[0].by, () if whole else tuple(one for one in self._outlines if one in named))
        if area.faulty:
            return Covered("unclear")
        if "elsewhere" in answers:
            return "elsewhere"
        return self._name(area.name)

    def _polygon(self, flat: tuple[float, ...]) -> Answer:
        lat, lon = np.array(flat[0::2]), np.array(flat[1::2])
        lon = _unrolled(lon)
        lon = lon + 360.0 * round((self._bounds.west - float(lon.mean())) / 360.0)
        if self._is_apart(lat.min(), lat.max(), lon.min(), lon.max()):
            return "elsewhere"
        inside = self._is_small(lat.min(), lat.max(), lon.min(), lon.max())
        touched = []
        for district, (of_lat, of_lon) in self._outlines.items():
            if inside:
                found = bool(
                    _within(lat, lon, of_lat, of_lon).any() or _within(of_lat, of_lon, lat, lon).any()
                    or _cross(lat, lon, of_lat, of_lon)
                )  # fmt: skip
            else:
                found = float(_within(*self._samples[district], lat, lon).mean()) >= self._least_share
            if found:
                touched.append(district)
        return self._told("polygon", touched)

    def _circle(self, lat: float, lon: float, radius_km: float) -> Answer:
        deg = radius_km * 1000.0 / EARTH_RADIUS_M * 180.0 / np.pi
        wide = deg / max(0.01, float(np.cos(np.radians(lat))))
        if self._bounds.south > lat + deg or lat - deg > self._bounds.north:
            return "elsewhere"
        inside = self._is_small(lat - deg, lat + deg, lon - wide, lon + wide)
        near = _distance_km(*self._all, lat, lon) <= radius_km
        share = np.bincount(self._of[self._sampled & near], minlength=len(self._outlines)) / self._counts
        corner = np.bincount(self._of[~self._sampled & near], minlength=len(self._outlines)) > 0
        touched = [
            district
            for number, (district, outline) in enumerate(self._outlines.items())
            if share[number] >= self._least_share or (inside and corner[number])
            or bool(_within(np.array([lat]), np.array([lon]), *outline)[0])
        ]  # fmt: skip
        return self._told("circle", touched)

    def _code(self, kind: str, code: str) -> Answer:
        whole, parts = self._codes.get(kind), self._district_codes.get(kind, {})
        if whole is None and not parts:
            return "area_unknown"
        if whole is not None and code in whole:
            return Covered("code")
        return Covered("code", (parts[code],)) if code in parts else "elsewhere"

    def _name(self, name: str) -> Answer:
        """By name: each part of a list, and what stands in brackets behind a region's name."""
        districts: list[str] = []
        for region, within, left_out in _named(name):
            if within and region in self._wider:
                ours = any(self._word(one) is not None for one in within)
                if ours is not left_out:
                    return Covered("name")
                continue
            found = self._word(region)
            if found == "" or region in self._wider:
                return Covered("name")
            if found is not None:
                districts.append(found)
        return Covered("name", tuple(dict.fromkeys(districts))) if districts else "area_unknown"

    def _word(self, text: str) -> str | None:
        """"" for the whole city, a district's id for a part of it, None for what is not ours."""
        if text in self._whole:
            return ""
        if text in self._part:
            return self._part[text]
        words = text.split()
        if len(words) > 1 and all(one in self._whole | self._wider | set(self._part) for one in words):
            return next((self._part[one] for one in words if one in self._part), "")
        return None

    def _told(self, by: CoveredBy, touched: list[str]) -> Answer:
        if not touched:
            return "elsewhere"
        return Covered(by, () if len(touched) == len(self._outlines) else tuple(touched))

    def _is_apart(self, south: float, north: float, west: float, east: float) -> bool:
        box = self._bounds
        return bool(south > box.north or north < box.south or west > box.east or east < box.west)

    def _is_small(self, south: float, north: float, west: float, east: float) -> bool:
        """Whether it lies within the city's rectangle: then any overlap counts."""
        box = self._bounds
        return bool(box.south <= south and north <= box.north and box.west <= west and east <= box.east)


def position_of(city: WarnedCity, districts: tuple[str, ...]) -> Position:
    """Where a warning stands on a map: the district's centre, or the middle of the city's."""
    named = [city.districts[one].centre for one in districts or tuple(city.districts)]
    return Position(
        lat=sum(one.lat for one in named) / len(named), lon=sum(one.lon for one in named) / len(named)
    )


_MARKS = re.compile(r"([,;·/()（）\n])")


def _named(name: str) -> list[tuple[str, tuple[str, ...], bool]]:
    """(region, what stands in brackets behind it, whether that is left out) of each part of a list."""
    found: list[tuple[str, tuple[str, ...], bool]] = []
    region, within, inside = "", [""], False
    for part in (*_MARKS.split(name[:MOST_NAME]), ","):
        if not inside and part in "(（" and part:
            inside, within = True, [""]
        elif inside and part in ")）" and part:
            found.append((_plain(region), *_listed(within)))
            region, inside = "", False
        elif inside:
            within = [*within, ""] if _MARKS.fullmatch(part) else [*within[:-1], within[-1] + part]
        elif _MARKS.fullmatch(part):
            if region.strip():
                found.append((_plain(region), (), False))
            region = ""
        else:
            region += part
    return found


def _listed(within: list[str]) -> tuple[tuple[str, ...], bool]:
    """The names in a bracket, and whether it says what is left out."""
    plain = [_plain(one) for one in within]
    left_out = any(plain[0].startswith(one) or plain[-1].endswith(one) for one in EXCEPT)
    for one in EXCEPT:
        plain[0], plain[-1] = plain[0].removeprefix(one).strip(), plain[-1].removesuffix(one).strip()
    return tuple(one for one in plain if one), left_out


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).casefold().split()).strip(" .")


def _kind(text: str) -> str:
    """The kind of a code, signs and letter case aside."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFC", text).casefold())


def _samples(lat: F64, lon: F64) -> tuple[F64, F64]:
    steps = (np.arange(GRID) + 0.5) / GRID
    across, along = np.meshgrid(
        lat.min() + steps * (lat.max() - lat.min()), lon.min() + steps * (lon.max() - lon.min())
    )
    points = across.ravel(), along.ravel()
    kept = _within(*points, lat, lon)
    return points[0][kept], points[1][kept]


def _within(lat: F64, lon: F64, of_lat: F64, of_lon: F64) -> Bools:
    """Which points lie in the polygon (even-odd), as it is drawn on degrees."""
    ends = np.stack([of_lat, of_lon, np.roll(of_lat, -1), np.roll(of_lon, -1)])
    if len(lat):  # edges north or south of all the points cross no line of theirs
        low, high = np.minimum(ends[0], ends[2]), np.maximum(ends[0], ends[2])
        ends = ends[:, (high >= lat.min()) & (low <= lat.max())]
    y0, x0, y1, x1 = ends[:, :, None]
    flat = y0 == y1
    slope = np.where(flat, 0.0, (x1 - x0) / np.where(flat, 1.0, y1 - y0))
    crosses = ((y0 > lat) != (y1 > lat)) & (lon < x0 + (lat - y0) * slope)
    odd: Bools = crosses.sum(axis=0) % 2 == 1
    return odd


def _cross(a_lat: F64, a_lon: F64, b_lat: F64, b_lon: F64) -> bool:
    """Whether an edge of one crosses an edge of the other."""
    ay, ax = a_lat[:, None], a_lon[:, None]
    ady, adx = np.roll(a_lat, -1)[:, None] - ay, np.roll(a_lon, -1)[:, None] - ax
    by, bx = b_lat[None, :], b_lon[None, :]
    bdy, bdx = np.roll(b_lat, -1)[None, :] - by, np.roll(b_lon, -1)[None, :] - bx
    cross = adx * bdy - ady * bdx
    with np.errstate(divide="ignore", invalid="ignore"):
        on_a = ((bx - ax) * bdy - (by - ay) * bdx) / cross
        on_b = ((bx - ax) * ady - (by - ay) * adx) / cross
        meets = (cross != 0) & (on_a >= 0) & (on_a <= 1) & (on_b >= 0) & (on_b <= 1)
    return bool(meets.any())


def _unrolled(lon: F64) -> F64:
    """Longitudes without the jump at 180 degrees."""
    steps = np.diff(lon)
    turned = np.cumsum(np.where(steps > 180.0, -360.0, np.where(steps < -180.0, 360.0, 0.0)))
    return np.concatenate([lon[:1], lon[1:] + turned])


def _distance_km(lat: F64, lon: F64, to_lat: float, to_lon: float) -> F64:
    half_lat, half_lon = np.radians(lat - to_lat) / 2, np.radians(lon - to_lon) / 2
    round_off = np.cos(np.radians(lat)) * np.cos(np.radians(to_lat))
    chord = np.sin(half_lat) ** 2 + round_off * np.sin(half_lon) ** 2
    found: F64 = 2 * EARTH_RADIUS_M / 1000.0 * np.arcsin(np.sqrt(np.minimum(1.0, chord)))
    return found
