"""Citizens' reports: what somebody told the city, and how far it has come."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from console.model.base import Place, Position, Record

ReportStage = Literal["received", "acknowledged", "in_progress", "rejected", "closed"]
OPEN_REPORT_STAGES: tuple[ReportStage, ...] = ("received", "acknowledged", "in_progress")

KEEP_REPORTS = 10_000
"""How many reports stay in memory; answered ones are forgotten first, the record has them all."""
KEEP_REPORT_BYTES = 16 << 20
"""And how much text: ten thousand of the longest texts would not pass the bus in one snapshot."""


class GivenAnswer(Record, frozen=True, kw_only=True):
    """What the citizen chose or wrote for one question of the service."""

    code: str
    values: tuple[str, ...]


class ReportTold(Record, frozen=True, kw_only=True):
    """What the citizen said, without who said it.

    `token` is the gateway's number for it. `citizen` is a keyed digest of the phone, e-mail or account, ""
    for none: equal for the same person, of no use to anybody else. `has_contact`: the gateway keeps contact
    data for it. `media_url` was never fetched. `language` is the citizen's, "en" or "ko".
    """

    token: str
    service: str
    place: Place
    text: str = ""
    address: str = ""
    media_url: str = ""
    answers: tuple[GivenAnswer, ...] = ()
    told_at_ns: int
    language: str = "en"
    citizen: str = ""
    has_contact: bool = False


class CitizenReport(Record, frozen=True, kw_only=True):
    """A report as it stands. `answer` is the newest words to the citizen; `agency` (a key of the city's
    owners) answers for it; `expected_at_ns` 0: no time was promised. `duplicate_of` names the report it
    repeats.
    """

    id: str
    told: ReportTold
    received_at_ns: int
    changed_at_ns: int
    stage: ReportStage = "received"
    agency: str = ""
    expected_at_ns: int = 0
    answer: str = ""
    person: str = ""
    incident_id: str = ""
    duplicate_of: str = ""
    repeated: int = 0
    """How many later reports repeat it."""

    @property
    def is_open(self) -> bool:
        """Whether the citizen still waits for an end."""
        return self.stage in OPEN_REPORT_STAGES

    @property
    def waits(self) -> bool:
        """Whether nobody has answered it yet."""
        return self.stage == "received"


class ReportContact(Record, frozen=True, kw_only=True):
    """Who a citizen said to be. Never on the log: the gateway keeps it apart and deletes it when due.

    `problem` says in which way there is none ("deleted", "none", "damaged"); "" where there is.
    """

    report_id: str
    name: str = ""
    phone: str = ""
    email: str = ""
    account_id: str = ""
    device_id: str = ""
    problem: str = ""


class ReportMark(Record, frozen=True, kw_only=True):
    """A report as a map shows it."""

    id: str
    position: Position
    stage: ReportStage
    service: str
    incident_id: str


def report_marks(
    reports: Mapping[str, CitizenReport], open_only: bool = True
) -> tuple[ReportMark, ...]:
    """Where reports are and how they stand, oldest first, for a layer of the map. Pure; any thread."""
    return tuple(
        ReportMark(
            id=one.id, position=one.told.place.position, stage=one.stage, service=one.told.service,
            incident_id=one.incident_id,
        )
        for one in reports.values()
        if one.is_open or not open_only
    )  # fmt: skip
