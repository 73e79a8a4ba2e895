"""The clues of an incident in words: what each says, and the same said again counted. Qt-free."""

from __future__ import annotations

from dataclasses import dataclass

from console.language import Catalogue
from console.model.casework import Case, Clue, ClueSource
from console.profile import Profile
from console.report.names import device_name, type_name
from widgets.kit.moments import Moments

SOURCES: tuple[ClueSource, ...] = (
    "detection", "alarm", "bell", "call", "report", "request", "warning", "person",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class ClueLine:
    """One thing said, `count` times. `clue` is the first, `newest` the last of them."""

    clue: Clue
    newest: Clue
    count: int


def grouped(case: Case) -> list[tuple[ClueSource, list[ClueLine]]]:
    """By source; of each, what one device says of one type and rule is a line, however often it was said.
    Reports, calls and requests are lines of their own: each is somebody.
    """
    found: dict[tuple[str, ...], list[Clue]] = {}
    for one in case.clues:
        alone = one.uid if one.source in ("report", "call", "request", "person") else ""
        key = (one.source, one.camera_id or one.device_id, one.type, one.rule, alone)
        found.setdefault(key, []).append(one)
    lines: dict[ClueSource, list[ClueLine]] = {}
    for same in found.values():
        lines.setdefault(same[0].source, []).append(ClueLine(same[0], same[-1], len(same)))
    return [(source, lines[source]) for source in SOURCES if source in lines]


class ClueWords:
    """In the catalogue's present language."""

    def __init__(self, profile: Profile, catalogue: Catalogue, moments: Moments) -> None:
        self._profile, self._catalogue, self._moments = profile, catalogue, moments

    def line(self, clue: Clue, count: int = 1) -> str:
        """When, from what, what: "14:03:20 · CAM-0001 Hwaseong · Person down (fall) ×3"."""
        say = self._catalogue
        device = clue.camera_id or clue.device_id
        what = type_name(self._profile, say, clue.type)
        if clue.rule:
            what = f"{what} ({clue.rule})"
        name = ""
        if device:
            name = device_name(self._profile, say, device) if device in self._profile.devices else device
        parts = (self._moments.clock(clue.at_ns), name, what)
        times = say.say("incidents.clue.times", count=count) if count > 1 else ""
        return " · ".join(one for one in parts if one) + (f" {times}" if times else "")

    def why(self, clue: Clue) -> str:
        """Why it is in its incident."""
        return " ".join(self._catalogue.words(one) for one in clue.reasons)
