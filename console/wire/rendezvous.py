"""Where the hub's doors are: `DIR/run/hub.json`, written when all of them are open."""

from __future__ import annotations

from pathlib import Path

import msgspec

from console.model.base import Record
from console.paths import write_private


class Doors(Record, frozen=True, kw_only=True):
    """The endpoints of one running hub. `run` tells one start from the next; `pid` is the hub's process."""

    run: str
    pid: int
    ingest: str
    decisions: str
    telemetry: str
    desk: str
    partner_door: str = ""
    city: str = ""
    profile_digest: str = ""


def write_doors(home: Path, doors: Doors) -> None:
    """Tell everyone on this machine where the hub is."""
    write_private(home / "run" / "hub.json", msgspec.json.encode(doors))


def read_doors(home: Path) -> Doors | None:
    """The doors of the hub of this data folder; None while there is none."""
    try:
        return msgspec.json.decode((home / "run" / "hub.json").read_bytes(), type=Doors)
    except (OSError, msgspec.DecodeError):
        return None
