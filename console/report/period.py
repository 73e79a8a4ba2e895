"""Times as people type them into a filter, and the filter that comes of it.

    14:30          today at 14:30 in the city's time
    3-20 14:30     that day of this year; with the year 2026-03-20 14:30
    2026-03-20     that whole day
    2h, 30m, 3d, 90s    that long ago
    today, yesterday, now (오늘, 어제, 지금)
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Literal

from console.clock import SECOND_NS
from console.model.base import Record
from console.model.query import LogFilter
from console.report.times import CityClock, to_ns

_AGO = re.compile(r"-?(\d{1,5})\s*(s|m|min|h|d|초|분|시간|일)(?:\s*(?:ago|전))?")
_AGO_S = {"s": 1, "초": 1, "m": 60, "min": 60, "분": 60, "h": 3600, "시간": 3600, "d": 86_400, "일": 86_400}
_TIME = re.compile(r"(\d{1,2}):(\d{2})(?::(\d{2}))?")
_DATE = re.compile(r"(?:(\d{4})[-./])?(\d{1,2})[-./](\d{1,2})")
_YEARS = range(1971, 2200)
"""What fits the record's 64-bit nanoseconds, with room for every time zone."""
_DAYS_BACK = {"today": 0, "오늘": 0, "yesterday": 1, "어제": 1}

Field = Literal["since", "until"]


class PeriodError(ValueError):
    """A time could not be understood. `field` says which; `typed` what was typed."""

    def __init__(self, field: Field, typed: str, problem: Literal["unknown", "order"] = "unknown") -> None:
        super().__init__(f"{field}: {typed!r}: {problem}")
        self.field = field
        self.typed = typed
        self.problem = problem


class FilterText(Record, frozen=True, kw_only=True):
    """What stands in the fields of a filter bar; every field may be empty."""

    since: str = ""
    until: str = ""
    kinds: tuple[str, ...] = ()
    incident_type: str = ""
    person: str = ""
    district: str = ""
    text: str = ""


def read_filter(typed: FilterText, clock: CityClock, now_ns: int) -> LogFilter:
    """The query's filter for what was typed. Raises PeriodError: no time, or from after to."""
    since_ns = read_time("since", typed.since, clock, now_ns)
    until_ns = read_time("until", typed.until, clock, now_ns)
    if since_ns and until_ns and since_ns > until_ns:
        raise PeriodError("until", typed.until, "order")
    return LogFilter(
        since_ns=since_ns, until_ns=until_ns, kinds=typed.kinds, person=typed.person.strip(),
        district=typed.district, incident_type=typed.incident_type, text=" ".join(typed.text.split()),
    )  # fmt: skip


def read_time(field: Field, typed: str, clock: CityClock, now_ns: int) -> int:
    """The moment meant, in ns since 1970 UTC; 0 for an empty field, which does not restrict.

    A day alone means its first moment as `since` and its last as `until`; a minute alone likewise.
    Raises PeriodError.
    """
    said = " ".join(typed.lower().split())
    if not said:
        return 0
    if said in ("now", "지금"):
        return now_ns
    ago = _AGO.fullmatch(said)
    if ago is not None:
        # At least 1: zero would mean "no restriction", and nothing was recorded before 1970 either way.
        return max(1, now_ns - int(ago[1]) * _AGO_S[ago[2]] * SECOND_NS)
    day_text, _, time_text = said.partition(" ")
    if _TIME.fullmatch(day_text):
        day_text, time_text = "today", said
    day = _day(day_text, clock.at(now_ns))
    if day is None:
        raise PeriodError(field, typed)
    if not time_text:
        start, length = day, timedelta(days=1)
    else:
        time = _TIME.fullmatch(time_text)
        if time is None:
            raise PeriodError(field, typed)
        hour, minute, second = int(time[1]), int(time[2]), int(time[3] or 0)
        try:
            start = day.replace(hour=hour, minute=minute, second=second)
        except ValueError:
            raise PeriodError(field, typed) from None
        length = timedelta(seconds=1) if time[3] else timedelta(minutes=1)
    return to_ns(start) if field == "since" else to_ns(start + length) - 1


def _day(text: str, now: datetime) -> datetime | None:
    """Midnight of the day meant, in the zone of `now`; None when it is no day."""
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    if text in _DAYS_BACK:
        return midnight - timedelta(days=_DAYS_BACK[text])
    date = _DATE.fullmatch(text)
    if date is None:
        return None
    year = int(date[1] or now.year)
    if year not in _YEARS:
        return None
    try:
        return midnight.replace(year=year, month=int(date[2]), day=int(date[3]), fold=0)
    except ValueError:
        return None


def period_words(filtered: LogFilter, clock: CityClock) -> tuple[str, str]:
    """(from, to) as stamps in the city's time, "" where open."""
    return (
        clock.stamp(filtered.since_ns) if filtered.since_ns else "",
        clock.stamp(filtered.until_ns) if filtered.until_ns else "",
    )
