"""What a cell of a file says: a moment, a number, or nothing. Pure."""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

SECOND_NS = 1_000_000_000
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?")
_PLAIN = re.compile(r"(\d{4})(\d{2})(\d{2})(?:(\d{2})(?:(\d{2})(\d{2})?)?)?")
_WRITTEN = re.compile(
    r"(\d{4})[-/. ]\s?(\d{1,2})[-/. ]\s?(\d{1,2})\.?"
    r"(?:[T ]+(\d{1,2})(?::(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?)?(?:시)?)?\s*(Z|[+-]\d{2}:?\d{2})?"
)
_EPOCH = re.compile(r"\d{10}(\.\d+)?|\d{13}")


class CellError(ValueError):
    """A cell does not say what its column should; the text says what was expected."""


def number(text: str) -> float:
    """A number as people and programs write it: 1,234.5 too. Raises CellError; nothing endless is a
    number."""
    text = text.strip()
    if _THOUSANDS.fullmatch(text):
        text = text.replace(",", "")
    try:
        value = float(text)
    except ValueError:
        raise CellError("expected a number") from None
    if "_" in text or not math.isfinite(value):
        raise CellError("expected a number")
    return value


def moment_ns(text: str, form: str, zone: ZoneInfo) -> int:
    """A moment as ns since 1970, from the zone's clock where the text has no offset of its own.

    24:00 is the end of its day. Where clocks are set back, the first of the two times is meant. Raises
    CellError.
    """
    text = text.strip()
    if form != "auto":
        return _by_form(text, form, zone)
    found = _PLAIN.fullmatch(text) or _WRITTEN.fullmatch(text)
    if _EPOCH.fullmatch(text) and not _is_calendar(text):
        return int(text) * 1_000_000 if len(text) == 13 else round(float(text) * SECOND_NS)
    if found is None:
        raise CellError("expected a time, as 2021-03-31 24:00")
    said: list[str | None] = [*found.groups(), None, None]
    whole = [int(one or 0) for one in said[:6]]
    fraction, offset = (said[6], said[7]) if found.re is _WRITTEN else (None, None)
    at_ns = _moment(whole[0], whole[1], whole[2], whole[3], whole[4], whole[5], zone, offset)
    return at_ns + int((fraction or "").ljust(9, "0"))


def _is_calendar(text: str) -> bool:
    """Whether ten digits are a day and an hour of our time (2021033124) rather than seconds since 1970."""
    return len(text) == 10 and text.isdigit() and 1900 <= int(text[:4]) <= 2100 and (
        1 <= int(text[4:6]) <= 12 and 1 <= int(text[6:8]) <= 31 and int(text[8:]) <= 24
    )


def _by_form(text: str, form: str, zone: ZoneInfo) -> int:
    late = timedelta(0)
    if "%H" in form and "24:" in text:
        text, late = re.sub(r"\b24:", "00:", text, count=1), timedelta(days=1)
    try:
        read = datetime.strptime(text, form) + late  # noqa: DTZ007 - the zone is given below
    except (ValueError, OverflowError):
        raise CellError(f"expected a time like {form}") from None
    return _ns(read if read.tzinfo is not None else read.replace(tzinfo=zone))


def _moment(
    year: int, month: int, day: int, hour: int, minute: int, second: int, zone: ZoneInfo, offset: str | None
) -> int:
    late = timedelta(0)
    if hour == 24 and minute == 0 and second == 0:
        hour, late = 0, timedelta(days=1)
    try:
        read = datetime(year, month, day, hour, minute, second) + late  # noqa: DTZ001 - the zone is given below
    except (ValueError, OverflowError):
        raise CellError("expected a time that exists") from None
    if offset is None:
        return _ns(read.replace(tzinfo=zone))
    if offset == "Z":
        return _ns(read.replace(tzinfo=UTC))
    sign = -1 if offset[0] == "-" else 1
    minutes = int(offset[1:3]) * 60 + int(offset[-2:])
    return _ns(read.replace(tzinfo=UTC)) - sign * minutes * 60 * SECOND_NS


def _ns(moment: datetime) -> int:
    since = moment.astimezone(UTC) - datetime(1970, 1, 1, tzinfo=UTC)
    return (since.days * 86_400 + since.seconds) * SECOND_NS + since.microseconds * 1000
