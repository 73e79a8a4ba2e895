"""Automatic answers, and the ways to fail that a test or a drill can ask for by name:
seeds/agencies/*.toml."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import msgspec

from console.handoff.profile import handoff_profile
from console.model.base import Record
from console.paths import shipped

Mode = Literal[
    "normal", "down", "slow", "silent_after_receipt", "refuses", "duplicate_answers", "out_of_order",
    "garbage", "ack_lost", "wrong_certificate",
]  # fmt: skip
"""normal: answers as the pace says · down: the door stays shut for `down_s` · slow: each receipt takes
`slow_s`, the case is on disk before · silent_after_receipt: a receipt and nothing more · refuses:
every case, for `reason` · duplicate_answers: each message comes twice · out_of_order: two messages
are held back and come the wrong way round · garbage: the first `times` receipts are no CAP at all ·
ack_lost: the first `times` receipts are lost on the way · wrong_certificate: a certificate of
another authority."""

Seconds = Annotated[float, msgspec.Meta(ge=0, le=86_400)]


class ScriptError(Exception):
    """An answers file is wrong or missing; the text names the file, the key and what was expected."""


class Pace(Record, frozen=True, kw_only=True):
    """Seconds from one step to the next; a step that is not named is never done."""

    accept_s: Seconds | None = None
    dispatch_s: Seconds | None = None
    arrive_s: Seconds | None = None
    close_s: Seconds | None = None


class Script(Record, frozen=True, kw_only=True):
    """One answers file. `times` 0 means always.

    `units` by agency id; `closing` and `words` (said when refusing) by the country its id begins with.
    """

    about: str
    mode: Mode = "normal"
    pace: Pace = Pace(accept_s=1.5, dispatch_s=3.0, arrive_s=8.0, close_s=12.0)
    units: dict[str, tuple[str, ...]] = msgspec.field(default_factory=dict)
    closing: dict[str, str] = msgspec.field(default_factory=dict)
    reason: str = "other"
    words: dict[str, str] = msgspec.field(default_factory=dict)
    slow_s: Seconds = 0.0
    down_s: Seconds = 0.0
    times: Annotated[int, msgspec.Meta(ge=0, le=1_000_000)] = 0

    def units_of(self, agency: str) -> tuple[str, ...]:
        """The units it can send; one without a name where the file knows none."""
        return self.units.get(agency) or ("1",)


def in_country(texts: dict[str, str], agency: str) -> str:
    """The text for the country of an agency id, or ""."""
    return texts.get(agency.partition("-")[0], "")


MANUAL = Script(about="People answer.", pace=Pace())


def load_script(name: str) -> Script:
    """`name` is a file, or the name of one in seeds/agencies ("auto", "refuses"). Raises ScriptError."""
    path = Path(name)
    if path.suffix != ".toml":
        path = shipped("seeds") / "agencies" / f"{Path(name).name}.toml"
    try:
        script = msgspec.toml.decode(path.read_bytes(), type=Script)
    except OSError as error:
        known = ", ".join(sorted(one.stem for one in (shipped("seeds") / "agencies").glob("*.toml")))
        raise ScriptError(f"{path.name}: {error.strerror}; there are {known}, or give a file") from None
    except msgspec.DecodeError as error:
        raise ScriptError(f"{path.name}: {error}") from None
    if script.reason not in handoff_profile().reasons.known:
        raise ScriptError(
            f"{path.name}: reason: expected one of {', '.join(handoff_profile().reasons.known)}"
        )
    return script
