"""A coordinate as people write it: decimal degrees, degrees and minutes and seconds, and the national grids.

Pure; any thread.
"""

from __future__ import annotations

import re

from console.geo.tm import grid_letters, point_number, to_grid_letters, to_point_number
from console.model.base import Position

_WORDS = (
    ("위도", ""), ("경도", ""), ("북위", "N"), ("남위", "S"), ("동경", "E"), ("서경", "W"), ("도", "°"),
    ("분", "'"), ("초", '"'), ("latitude", ""), ("longitude", ""), ("lat", ""), ("lon", ""),
)  # fmt: skip
_SIGNS = str.maketrans({
    "º": "°", "˚": "°", "′": "'", "’": "'", "‘": "'", "ʹ": "'", "″": '"', "”": '"', "“": '"', "ʺ": '"',
    "−": "-", "，": ",", "：": ":", "\u00a0": " ", "(": " ", ")": " ", "=": " ", ":": " ",
})  # fmt: skip
_NUMBER = r"[-+]?\d{1,3}(?:\.\d+)?"
_PART = re.compile(
    rf"\s*(?P<before>[NSEW])?\s*(?P<deg>{_NUMBER})\s*°?\s*"
    r"(?:(?P<min>\d{1,2}(?:\.\d+)?)\s*'?\s*(?:(?P<sec>\d{1,2}(?:\.\d+)?)\s*(?:\"|'')?\s*)?)?"
    r"(?P<after>[NSEW])?\s*",
    re.IGNORECASE,
)
_DECIMAL_COMMA = re.compile(r"\s*([-+]?\d{1,3}),(\d{3,})\s*[; ]\s*([-+]?\d{1,3}),(\d{3,})\s*")
_MARKS = re.compile(r"[.°'\"NSEW]", re.IGNORECASE)
FAR_DEG = 2.0
"""Two bare whole numbers are a coordinate only so near to the city; else they are just numbers."""
LONGEST = 120


def parse_coordinate(text: str, near: Position) -> Position | None:
    """The position somebody typed, or None for what is no coordinate.

    Taken are "37.2636, 127.0286", hemispheres before or after (N, S, E, W, 북위, 동경), degrees with minutes
    and seconds by sign, word or blank, "geo:" links, national point numbers (다사 5384 5189) and British grid
    references (NS 590 655). Latitude comes first unless letters or sizes say otherwise; where both orders are
    possible, the one nearer to `near` (the city) is meant.
    """
    if not text.strip() or len(text) > LONGEST:
        return None
    for of_grid in (point_number, grid_letters):
        found = of_grid(text)
        if found is not None:
            return Position(lat=round(found[0], 7), lon=round(found[1], 7))
    plain = text.strip().removeprefix("geo:")
    comma = _DECIMAL_COMMA.fullmatch(plain)
    if comma is not None:
        plain = f"{comma[1]}.{comma[2]}, {comma[3]}.{comma[4]}"
    plain = plain.translate(_SIGNS)
    for word, sign in _WORDS:
        plain = re.sub(re.escape(word), sign, plain, flags=re.IGNORECASE)
    for one, other in _halves(plain.strip()):
        position = _both(one, other, near)
        if position is not None and (_MARKS.search(plain) or _is_near(position, near)):
            return position
    return None


def _is_near(one: Position, other: Position) -> bool:
    return abs(one.lat - other.lat) <= FAR_DEG and abs(one.lon - other.lon) <= FAR_DEG


def decimal(position: Position) -> str:
    """As most programs take it: "37.26360, 127.02860"."""
    return f"{position.lat:.5f}, {position.lon:.5f}"


def degrees_minutes_seconds(position: Position) -> str:
    """As on a chart: 37°15'49.0"N 127°01'43.0"E."""
    parts = []
    for value, letters in ((position.lat, "NS"), (position.lon, "EW")):
        tenths = round(abs(value) * 36_000)
        degrees, rest = divmod(tenths, 36_000)
        minutes, tenths = divmod(rest, 600)
        parts.append(f"{degrees}°{minutes:02d}'{tenths / 10:04.1f}\"{letters[value < 0]}")
    return " ".join(parts)


def grid_reference(position: Position, country: str) -> str:
    """In the grid of the country ("KR", "GB"); empty where it does not reach."""
    if country == "KR":
        return to_point_number(position.lat, position.lon)
    return to_grid_letters(position.lat, position.lon) if country == "GB" else ""


def _halves(text: str) -> list[tuple[str, str]]:
    """Ways to cut a text into two coordinates: at a sign that parts them, after a letter, at any blank."""
    for sign in (",", ";", "/"):
        if text.count(sign) == 1:
            one, other = text.split(sign)
            return [(one, other)]
    cuts = [match.end() for match in re.finditer(r"[NSEWnsew]", text)][:1]
    cuts += [match.start() for match in re.finditer(r"[NSEWnsew]", text)][1:]
    blanks = [match.start() for match in re.finditer(r"\s+", text)]
    # The middle first: both halves are written alike.
    middle = sorted(blanks, key=lambda at: abs(at - len(text) / 2))
    return [(text[:at], text[at:]) for at in dict.fromkeys((*cuts, *middle)) if 0 < at < len(text)]


def _both(one: str, other: str, near: Position) -> Position | None:
    first, second = _value(one), _value(other)
    if first is None or second is None:
        return None
    (a, a_axis), (b, b_axis) = first, second
    if a_axis and a_axis == b_axis:
        return None
    orders = []
    if a_axis != "lon" and b_axis != "lat":
        orders.append((a, b))
    if a_axis != "lat" and b_axis != "lon":
        orders.append((b, a))
    fitting = [(lat, lon) for lat, lon in orders if abs(lat) <= 90 and abs(lon) <= 180]
    if not fitting:
        return None
    lat, lon = min(fitting, key=lambda each: abs(each[0] - near.lat) + abs(each[1] - near.lon))
    return Position(lat=round(lat, 7), lon=round(lon, 7))


def _value(text: str) -> tuple[float, str] | None:
    """Degrees with sign, and which axis the letter names ("" for none)."""
    found = _PART.fullmatch(text)
    if found is None:
        return None
    before, after = found["before"], found["after"]
    if before and after:
        return None
    minutes, seconds = float(found["min"] or 0), float(found["sec"] or 0)
    degrees = float(found["deg"])
    if minutes >= 60 or seconds >= 60 or (found["min"] and degrees != int(degrees)):
        return None
    if found["sec"] and minutes != int(minutes):
        return None
    value = abs(degrees) + minutes / 60 + seconds / 3600
    letter = (before or after or "").upper()
    negative = found["deg"].startswith("-")
    if letter and negative:
        return None
    if negative or letter in ("S", "W"):
        value = -value
    return value, {"N": "lat", "S": "lat", "E": "lon", "W": "lon"}.get(letter, "")
