"""What the agency's window shows and asks, as values that cross between its threads."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

import msgspec

from console.agency.case import Act
from console.agency.facts import CaseFacts
from console.agency.fleet import Duty
from console.agency.script import Script
from console.agency.still import Still
from console.agency.tongue import ReadBack
from console.model.base import Position, Record, Words


class Plan(Record, frozen=True, kw_only=True):
    """What the command line asked for."""

    number: str
    agency: str
    sender: str
    folder: Path
    keys: Path
    script: Script
    wait_s: float = 30.0
    host: str = "127.0.0.1"
    port: int = 0
    ready_file: Path | None = None
    register: Path | None = None
    console_url: str = ""
    run_file: Path | None = None
    shown: bool = False
    """Somebody looks at `Office.view`, so it is kept up to date."""
    knows_keys: bool = True
    """A test's switch: False makes a case of every delivery."""
    viewer: str = ""
    """Who sits at the window: laid over shared pictures, and written down with each look at them."""


class Decision(Record, frozen=True, kw_only=True):
    """An act of a person on a case."""

    number: str
    act: Act
    reason: str = ""
    unit: str = ""
    words: str = ""
    to_agency: str = ""
    read_back: ReadBack | None = None


AskedState = Literal["sent", "waiting", "granted", "refused", "withdrawn", "ended", "revoked"]
"""sent: no answer has come yet. The others as the console says it."""


class PictureForm(Record, frozen=True, kw_only=True):
    """A request for pictures as a person fills it in; `number` is our case it is for, or ""."""

    service: str
    purpose: str
    legal_basis: str
    position: Position
    radius_m: float
    minutes: float
    number: str = ""
    place: str = ""
    recorded_min: float = 0.0
    """Also what was recorded in the last minutes."""


class SharedLink(Record, frozen=True, kw_only=True):
    """A camera we may see. Links hold a secret: they are shown to nobody and written nowhere."""

    camera: str
    name: Words
    distance_m: float
    live: str
    recorded: str


class Asked(Record, frozen=True, kw_only=True):
    """A request for pictures, or an offer of the city (`offered`), and how it stands."""

    id: str
    number: str
    at_ns: int
    service: str
    state: AskedState
    words: Words | None = None
    until_ns: int = 0
    offered: bool = False
    viewer: str = ""
    purpose: str = ""
    links: tuple[SharedLink, ...] = ()


class Look(Record, frozen=True, kw_only=True):
    """A wish to look at a link of a request, or (clip) at the clip of the case with the number `asked`."""

    asked: str
    camera: str
    form: Literal["live", "recorded", "clip"]


class Looking(Record, frozen=True, kw_only=True):
    """A look that is on record, so pictures may be shown. `mark` is laid over them."""

    id: int
    url: str
    look: Look
    mark: str


class View(Record, frozen=True, kw_only=True):
    """What a window shows. Replaced whole, never changed.

    `console` is "waiting" (nothing said yet), "up" or "down"; `problem` is what a person must know;
    `ended` says that the office does not run (any more).
    """

    version: int
    cases: tuple[CaseFacts, ...] = ()
    duties: tuple[Duty, ...] = ()
    asked: tuple[Asked, ...] = ()
    looking: Looking | None = None
    stills: dict[str, Still] = msgspec.field(default_factory=dict)
    """Images of the packets by `Attached.name`, as far as they have come."""
    url: str = ""
    console: str = "waiting"
    problem: str = ""
    ended: bool = False
