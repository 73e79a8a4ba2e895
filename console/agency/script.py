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
    "garbage", "ack_lost", "wrong_certificate", "expired_certificate", "late_answers",
    "answers_after_closing", "read_back_differs", "replayed", "wrong_signature", "disk_full",
]  # fmt: skip
"""normal: answers as the pace says · down: the door stays shut for `down_s` · slow: each receipt takes
`slow_s`, the case is on disk before · silent_after_receipt: a receipt and nothing more · refuses:
every case, for `reason` · duplicate_answers: each message comes twice · out_of_order: two messages
are held back and come the wrong way round · garbage: the first `times` receipts are no CAP at all ·
ack_lost: the first `times` receipts are lost on the way · wrong_certificate: a certificate of
another authority · expired_certificate: of the right one, and over · late_answers: each answer leaves
`late_s` after it was given · answers_after_closing: goes on speaking of a closed case ·
read_back_differs: another place and code is read back than was sent · replayed: each message is
followed by a copy, signature and all · wrong_signature: the first `times` messages are signed by
another key · disk_full: nothing can be kept for the first `full_s` from the first message on."""

Seconds = Annotated[float, msgspec.Meta(ge=0, le=86_400)]


class ScriptError(Exception):
    """An answers file is wrong or missing; the text names the file, the key and what was expected."""


class Pace(Record, frozen=True, kw_only=True):
    """Seconds from one step to the next; a step that is not named is never done. `cancel_s` is from the
    console's wish to its answer. Without `arrive_s` a unit arrives by its way."""

    open_s: Seconds | None = None
    accept_s: Seconds | None = None
    dispatch_s: Seconds | None = None
    arrive_s: Seconds | None = None
    close_s: Seconds | None = None
    cancel_s: Seconds | None = None


class AskedPictures(Record, frozen=True, kw_only=True):
    """Pictures a room asks the city for when it sends a unit: a linked service of the city's (its file in
    seeds/services says what purposes and legal bases there are). `types`: of these incidents only; none: of
    all. The first that fits a case is asked.
    """

    agency: str
    service: str
    purpose: str
    legal_basis: str
    radius_m: Annotated[float, msgspec.Meta(gt=0, le=5_000)] = 300.0
    minutes: Annotated[float, msgspec.Meta(gt=0, le=720)] = 15.0
    recorded_min: Annotated[float, msgspec.Meta(ge=0, le=120)] = 0.0
    types: tuple[str, ...] = ()


class Script(Record, frozen=True, kw_only=True):
    """One answers file. `times` 0 means always; `cancels` is what a request to cancel is answered with.

    `units` by agency id, instead of those of its fleet; `closing`, `words` (said when refusing) and
    `further` (a note, also the one after the closing) by the country its id begins with.
    """

    about: str
    mode: Mode = "normal"
    pace: Pace = Pace(accept_s=1.5, dispatch_s=3.0, arrive_s=8.0, close_s=12.0, cancel_s=2.0)
    cancels: Literal["accept", "refuse"] = "accept"
    units: dict[str, tuple[str, ...]] = msgspec.field(default_factory=dict)
    closing: dict[str, str] = msgspec.field(default_factory=dict)
    reason: str = "other"
    words: dict[str, str] = msgspec.field(default_factory=dict)
    further: dict[str, str] = msgspec.field(default_factory=dict)
    slow_s: Seconds = 0.0
    late_s: Seconds = 0.0
    full_s: Seconds = 0.0
    down_s: Seconds = 0.0
    times: Annotated[int, msgspec.Meta(ge=0, le=1_000_000)] = 0
    pictures: tuple[AskedPictures, ...] = ()

    def pictures_for(self, agency: str, type_id: str) -> AskedPictures | None:
        """What is asked for with a unit sent to such an incident."""
        fits = (one for one in self.pictures if one.agency == agency)
        return next((one for one in fits if not one.types or type_id in one.types), None)

    def units_of(self, agency: str) -> tuple[str, ...]:
        """The units it sends by turns; none: the nearest of its fleet."""
        return self.units.get(agency, ())


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
