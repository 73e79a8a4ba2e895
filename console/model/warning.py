"""Official warnings: what an authority said (CAP), and what of it stands for this city.

Sources: OASIS Common Alerting Protocol 1.1 and 1.2. A message is named by its sender and identifier.
Times are nanoseconds since 1970, and 0 where the message does not say one.
"""

from __future__ import annotations

from typing import Literal

from console.model.base import Record

SignatureState = Literal["trusted", "unknown", "none"]
"""trusted: signed with a certificate the city trusts for this source; unknown: signed, and not to be judged
here; none: not signed. What was changed after it was signed is no warning and never gets so far."""
Severity = Literal["Extreme", "Severe", "Moderate", "Minor", "Unknown"]
CoveredBy = Literal["polygon", "circle", "code", "name", "unsaid", "unclear"]
"""By what a warning's area was found to touch the city. unsaid: the message names no area; unclear: its area
could not be read. Both stand for this city until a person has read them, and open no incident."""
EndedWhy = Literal["cancelled", "expired", "replaced", "all_clear", "moved_away"]
AsideWhy = Literal[
    "elsewhere", "area_unknown", "expired", "old", "test", "ack", "error", "unknown_reference",
    "weaker_signature", "all_clear",
]  # fmt: skip
"""Why a message was kept on the record and changes nothing else."""


class WarningArea(Record, frozen=True, kw_only=True):
    """One area. `polygons`: each closed, as lat, lon, lat, lon ...; `circles`: lat, lon, radius in km;
    `codes`: what kind of code, and the code. `faulty`: a polygon or circle of it could not be
    read and is not here.
    """

    name: str
    polygons: tuple[tuple[float, ...], ...] = ()
    circles: tuple[tuple[float, float, float], ...] = ()
    codes: tuple[tuple[str, str], ...] = ()
    faulty: bool = False


class WarningInfo(Record, frozen=True, kw_only=True):
    """One block of a message: what is expected, where and until when, in one language (en-US unless said)."""

    language: str
    event: str
    urgency: str
    severity: Severity
    certainty: str
    categories: tuple[str, ...] = ()
    responses: tuple[str, ...] = ()
    codes: tuple[tuple[str, str], ...] = ()
    headline: str = ""
    description: str = ""
    instruction: str = ""
    sender_name: str = ""
    web: str = ""
    contact: str = ""
    effective_ns: int = 0
    onset_ns: int = 0
    expires_ns: int = 0
    areas: tuple[WarningArea, ...] = ()


class WarningReference(Record, frozen=True, kw_only=True):
    """An earlier message that this one speaks of."""

    sender: str
    identifier: str
    sent_ns: int


class WarningMessage(Record, frozen=True, kw_only=True):
    """A whole message as it was read. `source` is the city's own name for where it came from, `where` the
    file or address."""

    sender: str
    identifier: str
    sent_ns: int
    status: Literal["Actual", "Exercise", "System", "Test", "Draft"]
    kind: Literal["Alert", "Update", "Cancel", "Ack", "Error"]
    scope: Literal["Public", "Restricted", "Private"]
    source: str
    where: str
    note: str = ""
    references: tuple[WarningReference, ...] = ()
    infos: tuple[WarningInfo, ...] = ()
    signature: SignatureState = "none"
    signed_by: str = ""

    @property
    def id(self) -> str:
        """What names the warning in the state and on the record."""
        return warning_id(self.sender, self.identifier)


class WarningJudgement(Record, frozen=True, kw_only=True):
    """What a message means for this city. `level`: 1 advisory, 2 warning, 3 the severest, as in
    `console.rules.weather`, 0 none of them. `hazard` is an id of the rule's data. `infos`: the blocks that
    concern the city, by index.
    """

    hazard: str
    level: int
    severity: Severity
    covered_by: CoveredBy
    districts: tuple[str, ...]
    infos: tuple[int, ...]
    from_ns: int
    until_ns: int


class SeenBy(Record, frozen=True, kw_only=True):
    """Who acknowledged, and when."""

    person: str
    at_ns: int


class StandingWarning(Record, frozen=True, kw_only=True):
    """A warning in force here, or one that was. `first_ns` is when the first message of its line came;
    `replaces` the message it took the place of."""

    id: str
    message: WarningMessage
    judged: WarningJudgement
    first_ns: int
    changed_ns: int
    incident_id: str = ""
    replaces: tuple[str, ...] = ()
    acknowledged: tuple[SeenBy, ...] = ()
    ended_ns: int = 0
    ended_why: EndedWhy | Literal[""] = ""

    @property
    def exercise(self) -> bool:
        """Whether it is only a drill: listed as one, never shown as real."""
        return self.message.status == "Exercise"

    @property
    def in_force(self) -> bool:
        """Whether it stands and is real."""
        return not self.ended_ns and not self.exercise


def info_for(message: WarningMessage, judged: WarningJudgement, language: str) -> WarningInfo:
    """The block that concerns the city in `language` ("en", "ko"); the first one where none is in it."""
    infos = [message.infos[index] for index in judged.infos]
    return next((one for one in infos if one.language.lower().startswith(language)), infos[0])


def warning_id(sender: str, identifier: str) -> str:
    """Sender and identifier have no comma and no blank by the standard, so the two stay apart."""
    return f"{sender},{identifier}"


class WarnedArea(Record, frozen=True, kw_only=True):
    """A polygon or circle of a warning in force, for a map. `polygon` as in WarningArea; a circle has
    `radius_km` and its centre in `polygon`."""

    warning_id: str
    level: int
    severity: Severity
    name: str
    polygon: tuple[float, ...]
    radius_km: float = 0.0


def areas(standing: dict[str, StandingWarning]) -> tuple[WarnedArea, ...]:
    """Every polygon and circle of the warnings in force, the least severe first: the worst lies on top.

    The blocks of one message in several languages draw the same area once.
    """
    found: dict[tuple[str, tuple[float, ...], float], WarnedArea] = {}
    for one in sorted(standing.values(), key=lambda each: each.judged.level):
        if not one.in_force:
            continue
        for index in one.judged.infos:
            for area in one.message.infos[index].areas:
                shapes = [(polygon, 0.0) for polygon in area.polygons]
                shapes += [((lat, lon), radius_km) for lat, lon, radius_km in area.circles]
                for polygon, radius_km in shapes:
                    found[one.id, polygon, radius_km] = WarnedArea(
                        warning_id=one.id, level=one.judged.level, severity=one.judged.severity,
                        name=area.name, polygon=polygon, radius_km=radius_km,
                    )
    return tuple(found.values())
