"""The record of a data folder and the city it is of, for programs that only read them."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from console.cityname import city_named
from console.ledger import LedgerReader, LedgerUnavailable
from console.paths import home as default_home
from console.profile import Profile, ProfileError, load_profile


class NoRecord(Exception):
    """There is no record to read, or its city cannot be loaded; the text is for a person."""


@dataclass(frozen=True, slots=True)
class OpenRecord:
    home: Path
    reader: LedgerReader
    profile: Profile


@contextmanager
def open_record(home: Path | None, city: str) -> Iterator[OpenRecord]:
    """The record in `home` (default: the last demo's, else the usual folder) with its own city unless told.
    Raises NoRecord."""
    home = home or last_demo() or default_home()
    try:
        with LedgerReader.open(home / "ledger" / "ledger.db") as reader:
            started = next(iter(reader.of_kinds(("hub.started",))), None)
            city = city or str(getattr(getattr(started, "event", None), "city", "")) or "suwon"
            yield OpenRecord(home, reader, load_profile(city_named(city)))
    except LedgerUnavailable as problem:
        raise NoRecord(f"{home}: {problem.problem.en}") from None
    except ProfileError as problem:
        raise NoRecord(str(problem)) from None


def last_demo() -> Path | None:
    """The data folder of the newest run of the demo, None where there was none."""
    folder = default_home() / "demo"
    runs = sorted(one for one in folder.iterdir() if one.is_dir()) if folder.is_dir() else []
    return runs[-1] if runs else None


def say_problem(problem: NoRecord) -> int:
    """Tell a person; the exit status."""
    sys.stderr.write(f"{problem}\n")
    return 1
