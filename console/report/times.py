"""Times and durations as people read them: the city's clock, ages and the time between two acts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from console.clock import SECOND_NS
from console.language import Catalogue

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class CityClock:
    """Shows wall time (ns since 1970, UTC) in the city's time zone. Raises KeyError for an unknown zone."""

    def __init__(self, time_zone: str) -> None:
        self.zone = ZoneInfo(time_zone)

    def at(self, at_ns: int) -> datetime:
        """The moment in the city's zone, to the microsecond."""
        return (_EPOCH + timedelta(microseconds=at_ns // 1000)).astimezone(self.zone)

    def time(self, at_ns: int) -> str:
        """14:02:07"""
        return self.at(at_ns).strftime("%H:%M:%S")

    def short(self, at_ns: int) -> str:
        """14:02"""
        return self.at(at_ns).strftime("%H:%M")

    def stamp(self, at_ns: int) -> str:
        """2026-03-20 14:02:07"""
        return self.at(at_ns).strftime("%Y-%m-%d %H:%M:%S")

    def iso(self, at_ns: int) -> str:
        """2026-03-20T14:02:07.123+09:00, for tables that other programs read."""
        return self.at(at_ns).isoformat(timespec="milliseconds")

    def day(self, at_ns: int) -> str:
        """2026-03-20"""
        return self.at(at_ns).strftime("%Y-%m-%d")


def to_ns(moment: datetime) -> int:
    """An aware datetime as ns since 1970, UTC."""
    return (moment - _EPOCH) // timedelta(microseconds=1) * 1000


def duration_words(catalogue: Catalogue, duration_ns: int) -> str:
    """How long something took, two units at most: "0.4 s", "42 s", "3 min 05 s", "2 h 14 min", "3 d 4 h".

    A negative duration means that the clock was set back between the two; it is said, not hidden.
    """
    if duration_ns < 0:
        return catalogue.say("report.duration.clock_set_back")
    if duration_ns < 10 * SECOND_NS:
        # Rounded down, so that 9.99 s does not read as 10.0 s while 10 s reads as 10 s.
        return catalogue.say("report.duration.tenths", s=f"{duration_ns // (SECOND_NS // 10) / 10:.1f}")
    whole_s = duration_ns // SECOND_NS
    if whole_s < 60:
        return catalogue.say("report.duration.seconds", s=whole_s)
    if whole_s < 3600:
        return catalogue.say("report.duration.minutes", min=whole_s // 60, s=f"{whole_s % 60:02d}")
    if whole_s < 86_400:
        return catalogue.say("report.duration.hours", h=whole_s // 3600, min=f"{whole_s // 60 % 60:02d}")
    return catalogue.say("report.duration.days", d=whole_s // 86_400, h=whole_s // 3600 % 24)
