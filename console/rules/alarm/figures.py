"""`seeds/rules/alarm.toml`: how long alarms may be hidden, what is a nuisance, what one desk can bear."""

from __future__ import annotations

from pathlib import Path

import msgspec

from console.model.base import Record
from console.paths import shipped

FILE = "rules/alarm.toml"


class Delays(Record, frozen=True, kw_only=True):
    """By sort of quantity; the deadband is a share of the point's range, the delay counts on and off."""

    deadband_percent: dict[str, float]
    delay_s: dict[str, float]


class Staleness(Record, frozen=True, kw_only=True):
    """How urgent silence is, and how many devices make a line."""

    device_priority: int
    line_priority: int
    gateway_priority: int
    line_least: int


class Suppression(Record, frozen=True, kw_only=True):
    release_after_s: float


class Shelving(Record, frozen=True, kw_only=True):
    """What one role may shelve, and for how long at most."""

    role: str
    longest_s: float
    priorities: tuple[int, ...]


class OutOfService(Record, frozen=True, kw_only=True):
    roles: tuple[str, ...]


class Nuisance(Record, frozen=True, kw_only=True):
    chattering_count: int
    chattering_window_s: float
    fleeting_s: float
    stale_s: float


class Load(Record, frozen=True, kw_only=True):
    """Alarms of one operator. The file explains each figure."""

    period_s: float
    target: float
    manageable: float
    peak: int
    flood_begins_above: int
    flood_ends_below: int
    peak_share: float
    flood_share: float
    top_count: int
    top_share: float
    standing_stale: int
    days_kept: int
    mix: dict[str, float]


class Flood(Record, frozen=True, kw_only=True):
    alone: tuple[int, ...]
    least: int
    gap_s: float


class AlarmFigures(Record, frozen=True, kw_only=True):
    """All of the file."""

    delays: Delays
    staleness: Staleness
    suppression: Suppression
    shelving: tuple[Shelving, ...]
    out_of_service: OutOfService
    nuisance: Nuisance
    load: Load
    flood: Flood

    def shelving_of(self, role: str) -> Shelving | None:
        """What `role` may shelve; None where it may shelve nothing."""
        return next((one for one in self.shelving if one.role == role), None)


class AlarmFiguresError(Exception):
    """The file of figures cannot be used; the text names the file and the field."""


def load_alarm_figures(path: Path | None = None) -> AlarmFigures:
    """The shipped figures, or those of `path`. Raises AlarmFiguresError."""
    name = FILE if path is None else path.name
    path = path or shipped("seeds") / FILE
    try:
        figures = msgspec.toml.decode(path.read_bytes(), type=AlarmFigures)
    except OSError as error:
        raise AlarmFiguresError(f"{name}: cannot be read: {error.strerror}") from None
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise AlarmFiguresError(f"{name}: {error}") from None
    for field, expected, good, found in _demands(figures):
        if not good:
            raise AlarmFiguresError(f"{name}: {field}: expected {expected}, found {found}")
    return figures


def _demands(figures: AlarmFigures) -> list[tuple[str, str, bool, object]]:
    """(field, what is expected, whether it is so, what was found)."""
    load, nuisance, flood = figures.load, figures.nuisance, figures.flood
    silence = figures.staleness
    positive = {
        "staleness.device_priority": silence.device_priority,
        "staleness.line_priority": silence.line_priority,
        "staleness.gateway_priority": silence.gateway_priority,
        "nuisance.fleeting_s": nuisance.fleeting_s,
        "nuisance.chattering_window_s": nuisance.chattering_window_s, "nuisance.stale_s": nuisance.stale_s,
        "load.period_s": load.period_s, "load.target": load.target, "load.top_count": load.top_count,
        "load.days_kept": load.days_kept, "flood.gap_s": flood.gap_s,
        **{f"shelving ({one.role}).longest_s": one.longest_s for one in figures.shelving},
    }  # fmt: skip
    shares = {
        "load.peak_share": load.peak_share, "load.flood_share": load.flood_share,
        "load.top_share": load.top_share, **{f"load.mix.{key}": one for key, one in load.mix.items()},
    }
    not_negative = {
        "suppression.release_after_s": figures.suppression.release_after_s,
        **{f"delays.deadband_percent.{key}": one for key, one in figures.delays.deadband_percent.items()},
        **{f"delays.delay_s.{key}": one for key, one in figures.delays.delay_s.items()},
    }
    roles = [one.role for one in figures.shelving]
    return [
        *((field, "more than 0", one > 0, one) for field, one in positive.items()),
        *((field, "0 or more", one >= 0, one) for field, one in not_negative.items()),
        *((field, "0 to 1", 0 <= one <= 1, one) for field, one in shares.items()),
        ("shelving", "each role once", len(set(roles)) == len(roles), roles),
        ("staleness.line_least", "2 or more", silence.line_least >= 2, silence.line_least),
        ("nuisance.chattering_count", "2 or more", nuisance.chattering_count >= 2, nuisance.chattering_count),
        ("load.manageable", "not below load.target", load.manageable >= load.target, load.manageable),
        (
            "load.flood_ends_below", "1 to load.flood_begins_above",
            1 <= load.flood_ends_below <= load.flood_begins_above, load.flood_ends_below,
        ),
        ("load.mix", "priorities as whole numbers", all(one.isdigit() for one in load.mix), list(load.mix)),
        ("flood.alone", "at least the most urgent priority, 1", 1 in flood.alone, flood.alone),
        ("flood.least", "2 or more", flood.least >= 2, flood.least),
    ]  # fmt: skip
