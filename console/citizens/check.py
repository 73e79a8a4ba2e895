"""What `bongsu check` says of citizens' reports: what waits, what was refused, who may read contact data."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from console.clock import SECOND_NS, SystemClock

WAITS_TOO_LONG_S = 600.0
"""A hub that is restarted takes what waits within seconds."""


@dataclass(frozen=True, slots=True)
class CitizensFinding:
    """One thing that was looked at; `do` is empty where nothing has to be done."""

    what: str
    ok: bool
    detail: str
    do: str = ""


def check_citizens(home: Path) -> Iterator[CitizensFinding]:
    """Nothing for a folder where no reports were ever taken. Reads the folder only."""
    folder = home / "citizens"
    if not folder.is_dir():
        return
    waiting = sorted((folder / "waiting").glob("*.json"))
    now_s = SystemClock().now_ns() / SECOND_NS
    oldest_s = max((now_s - _written_s(one, now_s) for one in waiting), default=0.0)
    late = oldest_s > WAITS_TOO_LONG_S
    yield CitizensFinding(
        "citizens' reports", not late,
        f"{len(waiting)} wait for the hub" + (f", the oldest for {oldest_s / 60:.0f} min" if waiting else ""),
        "Start the hub and `bongsu gateway open311`: what waits is sent then." if late else "",
    )  # fmt: skip
    refused = len(list((folder / "refused").glob("*.json")))
    if refused:
        yield CitizensFinding(
            "citizens' reports", False, f"{refused} were refused by the hub or are damaged",
            "Read the files in citizens/refused, put them right, move them to citizens/waiting.",
        )  # fmt: skip
    open_to_others = [
        one.name
        for one in (folder, folder / "contacts", folder / "api_keys.json", folder / "digest.key")
        if one.exists() and one.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)
    ]
    if open_to_others:
        yield CitizensFinding(
            "contact data", False, f"others may read {', '.join(open_to_others)}",
            "chmod 700 for folders, 600 for files, and find out who could read them.",
        )  # fmt: skip


def _written_s(path: Path, now_s: float) -> float:
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return now_s  # it was taken this moment
