"""A case as a person reads it: taken from its message once, outside the UI thread, in both languages."""

from __future__ import annotations

from collections.abc import Iterable

from console.agency.case import ENDED, Act, Case, CaseStage, may
from console.agency.store import Talk
from console.handoff.kinds import PartnerKind
from console.model.base import Position, Record

OPEN: frozenset[CaseStage] = frozenset({"received", "opened", "accepted", "dispatched", "on_scene"})
assert not OPEN & ENDED


class Attached(Record, frozen=True, kw_only=True):
    """A still or clip of the packet: described, to be fetched, to be held against its digest."""

    description: str
    mime_type: str
    url: str
    size: int
    sha256: str

    @property
    def is_clip(self) -> bool:
        return self.mime_type.startswith("video/")

    @property
    def name(self) -> str:
        """What it is known by: its digest, or where the message gives none, its address."""
        return self.sha256 or self.url


class Readings(Record, frozen=True, kw_only=True):
    """A sensor's values at equal intervals, oldest first; NaN where there was none."""

    name: str
    unit: str
    values: tuple[float, ...]


class Told(Record, frozen=True, kw_only=True):
    """What the message says in one language. `cameras` are "id name", nearest first; `fields` are the
    card's (label, text); `steps` say how far the city's procedure is: whether done, and its words."""

    event: str
    headline: str
    place: str
    description: str
    from_whom: str
    contact: str
    cameras: tuple[str, ...] = ()
    callers: tuple[str, ...] = ()
    fields: tuple[tuple[str, str], ...] = ()
    attached: tuple[Attached, ...] = ()
    readings: tuple[Readings, ...] = ()
    steps: tuple[tuple[bool, str], ...] = ()


class Letter(Record, frozen=True, kw_only=True):
    """The message that opened a case, read: what never changes of it. `priority` is 1 (most urgent) to 4;
    `grade` the code of our own scale, or ""; `clock` is HH:MM:SS of the sender, whose clock is `offset_min`
    ahead of UTC (None: the format does not say)."""

    type: str
    priority: int
    grade: str
    clock: str
    exercise: bool
    incident: str
    position: Position
    radius_m: float
    offset_min: int | None
    ko: Told
    en: Told


class CaseFacts(Record, frozen=True, kw_only=True):
    """A case as the window shows it; `may` are the acts that can follow."""

    key: str
    number: str
    stage: CaseStage
    came_ns: int
    changed_ns: int
    reason: str
    unit: str
    cancel: str
    passed_to: str
    may: tuple[Act, ...]
    letter: Letter
    talk: tuple[Talk, ...] = ()

    def told(self, language: str) -> Told:
        return self.letter.ko if language == "ko" else self.letter.en

    def attached(self, language: str) -> tuple[Attached, ...]:
        """Pictures of the packet, and those the city sent after it."""
        later = [sent for one in self.talk if one.what == "update" for sent in sent_later(one.words)]
        known = self.told(language).attached
        urls = {one.url for one in known}
        return (*known, *(one for one in later if one.url not in urls))


_KINDS = {".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".png": "image/png", ".mp4": "video/mp4"}


def sent_later(words: str) -> list[Attached]:
    """Pictures that an update names, an address a line."""
    found = []
    for line in words.splitlines():
        kind = _KINDS.get(line[line.rfind(".") :].lower())
        if line.startswith("https://") and kind is not None and " " not in line:
            found.append(Attached(description="", mime_type=kind, url=line, size=0, sha256=""))
    return found


def without_addresses(words: str) -> str:
    """An update's words without the addresses of pictures, which are shown and not read."""
    return " ".join(line for line in words.splitlines() if not line.startswith("https://"))


class FactsBook:
    """Keeps what was read of each message, because a message does not change. One thread."""

    def __init__(self, kind: PartnerKind, most: int = 1000) -> None:
        self._kind = kind
        self._read: dict[str, Letter] = {}
        self._most = most

    def of(self, case: Case, talk: Iterable[Talk] = ()) -> CaseFacts:
        """The case as it stands, with what its message says."""
        letter = self._read.get(case.number)
        if letter is None:
            while len(self._read) >= self._most:
                del self._read[next(iter(self._read))]
            letter = self._read[case.number] = read_letter(case.body, self._kind)
        return CaseFacts(
            key=case.key, number=case.number, stage=case.stage, came_ns=case.came_ns,
            changed_ns=case.changed_ns, reason=case.reason, unit=case.unit, cancel=case.cancel,
            passed_to=case.passed_to, may=may(case), letter=letter, talk=tuple(talk),
        )  # fmt: skip


def read_letter(body: bytes, kind: PartnerKind) -> Letter:
    """The message that opened a case; it was checked when it came."""
    from console.agency import capletter, eidoletter

    return eidoletter.read(body, kind) if kind.format == "eido" else capletter.read(body, kind)
