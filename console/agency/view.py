"""What the agency's window shows and asks, as values that cross between its threads."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from console.agency.case import Act
from console.agency.facts import CaseFacts
from console.agency.fleet import Duty
from console.agency.script import Script
from console.agency.tongue import ReadBack
from console.model.base import Position, Record


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


AskedState = Literal["sent", "received", "waiting", "granted", "refused", "revoked"]


class Wish(Record, frozen=True, kw_only=True):
    """A request for pictures as a person fills it in."""

    service: str
    position: Position
    radius_m: float
    purpose: str
    legal_basis: str
    minutes: int
    number: str = ""
    """Our case it is for, or ""."""


class Asked(Record, frozen=True, kw_only=True):
    """A request for pictures and what came of it."""

    id: str
    number: str
    at_ns: int
    purpose: str
    state: AskedState
    words: str
    url: str
    until_ns: int


class View(Record, frozen=True, kw_only=True):
    """What a window shows. Replaced whole, never changed.

    `console` is "waiting" (nothing said yet), "up" or "down"; `problem` is what a person must know;
    `ended` says that the office does not run (any more).
    """

    version: int
    cases: tuple[CaseFacts, ...] = ()
    duties: tuple[Duty, ...] = ()
    asked: tuple[Asked, ...] = ()
    url: str = ""
    console: str = "waiting"
    problem: str = ""
    ended: bool = False
