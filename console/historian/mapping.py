"""What the columns of a file are: a map as TOML, or as words of the command line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from console.model.base import Record
from console.model.device import Point

BLANKS = (
    "", "-", "--", "NA", "N/A", "n/a", "NaN", "nan", "null", "None", "점검", "점검중", "통신장애", "미수신",
)  # fmt: skip


class FileTold(Record, frozen=True, kw_only=True):
    """`format`: csv, json (a list of objects, or one inside) or lines (an object a line); auto by its ending.
    `rows` is where the list stands in a JSON file, as "response.body.items". `encoding` auto is UTF-8, else
    CP949. `delimiter` auto is the one of comma, semicolon, tab that the heading has most of."""

    format: str = "auto"
    encoding: str = "auto"
    delimiter: str = "auto"
    rows: str = ""
    blanks: tuple[str, ...] = BLANKS


class TimeTold(Record, frozen=True, kw_only=True):
    """`column` holds the time, in `zone` where it does not say its own. `format` auto knows ISO 8601,
    20210331,
    2021033124, 2021.3.31 24:00 and seconds or milliseconds since 1970; else strptime's words. A file without
    times has `start` and `step_s` instead."""

    column: str = ""
    format: str = "auto"
    zone: str = ""
    start: str = ""
    step_s: float = 0.0


class KeyTold(Record, frozen=True, kw_only=True):
    """For files with a row for each station: which column names it, and which device it is."""

    column: str
    devices: dict[str, str]


class ColumnTold(Record, frozen=True, kw_only=True):
    """A column's values are those of `point`; with a key, of the `quantity` of the row's device."""

    name: str
    point: str = ""
    quantity: str = ""
    unit: str = ""


class ImportMap(Record, frozen=True, kw_only=True):
    """All of a map. Columns that are not named are left out."""

    file: FileTold = FileTold()
    time: TimeTold = TimeTold()
    key: KeyTold | None = None
    columns: tuple[ColumnTold, ...] = ()


class MapError(Exception):
    """A map cannot be used; the text names file and field."""


def load_map(path: Path) -> ImportMap:
    """Read a map. Raises MapError."""
    try:
        return msgspec.toml.decode(path.read_bytes(), type=ImportMap)
    except OSError as error:
        raise MapError(f"{path}: cannot be read: {error.strerror}") from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise MapError(f"{path.name}: {error}") from None


def map_of_words(columns: Sequence[str], time: str, zone: str) -> ImportMap:
    """A map of words like ``오존=AIR-0001/o3_ppm`` or ``speed=LOOP-0001/speed_km_h:mph``. Raises MapError."""
    told = []
    for word in columns:
        name, equals, rest = word.rpartition("=")
        if not equals or not name or not rest:
            raise MapError(f"--column {word!r}: expected NAME=POINT or NAME=POINT:UNIT")
        point, _, unit = rest.partition(":")
        told.append(ColumnTold(name=name, point=point, unit=unit))
    return ImportMap(time=TimeTold(column=time, zone=zone), columns=tuple(told))


def check_map(told: ImportMap, points: Mapping[str, Point]) -> None:
    """Whether it says enough, of points the city has. Raises MapError with all that is wrong."""
    wrong = []
    if not told.columns:
        wrong.append("columns: none is told; give --column NAME=POINT or --map FILE")
    if told.time.column and told.time.start:
        wrong.append("time: expected column or start, found both")
    if told.time.start and not told.time.step_s > 0:
        wrong.append("time.step_s: expected more than 0 beside start")
    for name, value, known in (("format", told.file.format, ("auto", "csv", "json", "lines")),):
        if value not in known:
            wrong.append(f"file.{name}: expected {', '.join(known)}, found {value!r}")
    if told.time.zone:
        try:
            ZoneInfo(told.time.zone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            wrong.append(f"time.zone: {told.time.zone!r} is not a time zone; as Asia/Seoul, Europe/London")
    for column in told.columns:
        if told.key is not None and column.quantity:
            found = [f"{device}/{column.quantity}" for device in told.key.devices.values()]
        else:
            found = [column.point]
        wrong += [
            f"column {column.name!r}: point {point!r} is not in the city's profile"
            for point in found if point not in points
        ]  # fmt: skip
    if wrong:
        raise MapError("; ".join(wrong))
