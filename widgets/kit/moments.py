"""Times and numbers as people read them: ages, clocks in the city's zone, values with units. Qt-free."""

from __future__ import annotations

import math
import re
from datetime import datetime
from zoneinfo import ZoneInfo

from console.language import Catalogue

MINUTE_S = 60
HOUR_S = 3600
DAY_S = 86400


class Moments:
    """Formats by the catalogue's present language and the profile's time zone (an IANA name)."""

    def __init__(self, catalogue: Catalogue, time_zone: str) -> None:
        self.catalogue = catalogue
        self.zone = ZoneInfo(time_zone)

    def age(self, from_ns: int, now_ns: int) -> str:
        """How long ago: "3 s", "2 min", "1 h 05", "2 d". A moment in the future is 0 s."""
        return self.span(max(0, now_ns - from_ns) / 1e9)

    def span(self, seconds: float) -> str:
        """A duration in the largest fitting unit."""
        whole = int(seconds)
        if whole < MINUTE_S:
            return self.catalogue.say("kit.age.seconds", n=whole)
        if whole < HOUR_S:
            return self.catalogue.say("kit.age.minutes", n=whole // MINUTE_S)
        if whole < DAY_S:
            minutes = f"{whole % HOUR_S // MINUTE_S:02d}"
            return self.catalogue.say("kit.age.hours", n=whole // HOUR_S, minutes=minutes)
        return self.catalogue.say("kit.age.days", n=whole // DAY_S)

    def clock(self, at_ns: int) -> str:
        """Time of day in the city: "14:03:27"."""
        return self.local(at_ns).strftime("%H:%M:%S")

    def minute(self, at_ns: int) -> str:
        """Time of day in the city without seconds: "14:03"."""
        return self.local(at_ns).strftime("%H:%M")

    def day(self, at_ns: int) -> str:
        """The day in the city, without its weekday: "2026-03-24"."""
        return self.local(at_ns).strftime("%Y-%m-%d")

    def day_or_minute(self, at_ns: int) -> str:
        """Time of day without seconds; month and day where a day begins: "03-24"."""
        local = self.local(at_ns)
        return local.strftime("%m-%d" if (local.hour, local.minute) == (0, 0) else "%H:%M")

    def date(self, at_ns: int) -> str:
        """The day in the city, with the weekday's word: "Tue 2026-03-24"."""
        local = self.local(at_ns)
        weekday = self.catalogue.say(f"kit.weekday.{local.weekday()}")
        return self.catalogue.say("kit.date", date=local.strftime("%Y-%m-%d"), weekday=weekday)

    def moment(self, at_ns: int) -> str:
        """Date and time of day: "2026-03-24 14:03:27"."""
        return self.local(at_ns).strftime("%Y-%m-%d %H:%M:%S")

    def local(self, at_ns: int) -> datetime:
        """The moment in the city's zone; the earliest or latest that can be said where it lies outside."""
        try:
            return datetime.fromtimestamp(at_ns / 1e9, self.zone)
        except (OverflowError, OSError, ValueError):
            return datetime.fromtimestamp(0 if at_ns < 0 else 253_000_000_000, self.zone)


def number(value: float, step: float = 0.0) -> str:
    """A measured value with as many decimals as its size (or `step`) calls for; "–" where there is none."""
    if not math.isfinite(value):
        return "–"
    size = abs(step) if step else abs(value)
    decimals = 0 if size >= 100 else 1 if size >= 1 or size == 0 else 2
    text = f"{value:,.{decimals}f}"
    return text if float(text.replace(",", "")) != 0 or not text.startswith("-") else text[1:]


def unit(text: str, catalogue: Catalogue | None = None) -> str:
    """A unit as people read it: "ug/m3" as "μg/m³", and with a catalogue "persons" as "명".

    The micro sign becomes the Greek letter, which the shipped font has.
    """
    if catalogue is not None:
        try:
            return catalogue.say(f"kit.unit.{text}")
        except KeyError:
            pass  # most units are the same in every language
    return _POWER.sub(lambda found: found[1] + _RAISED[found[2]], _MICRO.sub("\u03bc", text))


_MICRO = re.compile("\u00b5|^u(?=[gS])")
_POWER = re.compile(r"\b(k?m|cm)([23])\b")
_RAISED = {"2": "\u00b2", "3": "\u00b3"}
