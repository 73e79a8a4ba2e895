"""What a desk may ask the hub to look up, and the pages it gets back."""

from __future__ import annotations

from typing import Literal

import msgspec

from console.model.alarm import AlarmHealth
from console.model.base import Record, Words
from console.model.casework import RulePrecision
from console.model.events import Entry
from console.model.handoffdraft import Draft


class LogFilter(Record, frozen=True, kw_only=True):
    """Which entries of the record are wanted. Empty fields do not restrict.

    `text` is looked for in both languages, in persons' notes, places and types; every word must occur.
    `kinds` are event tags; `person`, `district` and `incident_type` match exactly.
    """

    since_ns: int = 0
    until_ns: int = 0
    kinds: tuple[str, ...] = ()
    person: str = ""
    district: str = ""
    incident_type: str = ""
    incident_id: str = ""
    text: str = ""


class Query(Record, frozen=True, kw_only=True, tag_field="ask"):
    """Base of all queries."""


class AskSnapshot(Query, frozen=True, kw_only=True, tag="snapshot"):
    """The whole folded state with the (run, seq) it stands at."""


class AskValues(Query, frozen=True, kw_only=True, tag="values"):
    """Every point's last value, as one columnar batch."""


class AskTrend(Query, frozen=True, kw_only=True, tag="trend"):
    """What the hub still holds of these trend points since `since_ns`, oldest first."""

    point_indexes: tuple[int, ...]
    since_ns: int = 0


class AskHealth(Query, frozen=True, kw_only=True, tag="health"):
    """The hub's counters."""


class AskHead(Query, frozen=True, kw_only=True, tag="head"):
    """Where the record stands: what an export is tied to."""


class LedgerHead(Record, frozen=True, kw_only=True):
    """The newest entry on disk: its number, the chain's hash there (hexadecimal) and the hub's run."""

    seq: int
    hash: str
    run: str


class AskLog(Query, frozen=True, kw_only=True, tag="log"):
    """One page of the record, newest first, older than `before_seq` (0: from the end)."""

    filter: LogFilter
    before_seq: int = 0
    limit: int = 200


class AskIncidents(Query, frozen=True, kw_only=True, tag="incidents"):
    """One page of incidents as they stand, newest first, by the same filter."""

    filter: LogFilter
    before_ns: int = 0
    limit: int = 200


class AskHistory(Query, frozen=True, kw_only=True, tag="history"):
    """Everything that belongs to one incident, oldest first."""

    incident_id: str


class AskAlarmFigures(Query, frozen=True, kw_only=True, tag="alarm_figures"):
    """How a desk fared between two times, in whole periods of the hub's run (0: as far as it goes)."""

    about_desk: str
    from_ns: int = 0
    to_ns: int = 0


class AlarmFiguresPage(Record, frozen=True, kw_only=True):
    """Alarms of one desk against EEMUA 191 and ISA-18.2; figures are no proof of conformance.

    Shares are 0 to 1. `periods` 0: no whole period has passed. `top`: the most frequent alarms and how often
    they came; `mix`: the share of each priority; `missed`: the figures of seeds/rules/alarm.toml that were
    not kept, by name; `chattering`, `stale`: alarms now; `fleeting`: how often each was over before anybody
    can have acted.
    """

    desk: str
    periods: int = 0
    alarms: int = 0
    mean_per_period: float = 0.0
    peak: int = 0
    peak_share: float = 0.0
    flood_share: float = 0.0
    top: tuple[tuple[str, int], ...] = ()
    top_share: float = 0.0
    mix: dict[int, float] = msgspec.field(default_factory=dict)
    missed: tuple[str, ...] = ()
    chattering: tuple[str, ...] = ()
    fleeting: dict[str, int] = msgspec.field(default_factory=dict)
    stale: tuple[str, ...] = ()


class AskPrecision(Query, frozen=True, kw_only=True, tag="precision"):
    """What rules on cameras were worth, by the verdicts; "" asks for all. `camera_id`: or the device that
    measures. Not logged: counts, no persons."""

    rule: str = ""
    camera_id: str = ""


class PrecisionPage(Record, frozen=True, kw_only=True):
    """Rules that had a verdict within the last `days`; under `least` verdicts there is no share. `part`:
    whether it is day or night now."""

    rows: tuple[RulePrecision, ...]
    days: int
    least: int
    part: Literal["day", "night"] = "day"


class AskAvailability(Query, frozen=True, kw_only=True, tag="availability"):
    """How much of [from, to) devices were down, degraded, out of service. No part of the record's persons."""

    from_ns: int
    to_ns: int


class AskReportContact(Query, frozen=True, kw_only=True, tag="report_contact"):
    """Who a citizen said to be, and why the person wants to know; that is on the record before it is read."""

    report_id: str
    purpose: str


class KeepCaller(Query, frozen=True, kw_only=True, tag="keep_caller"):
    """Keep who called, apart from the log. `call` is the uid of the call's clue (the request that opened the
    incident); the answer is a `ReportContact` of it without data, once it is on disk.
    """

    call: str
    name: str
    number: str


class AskDraft(Query, frozen=True, kw_only=True, tag="draft"):
    """All that a draft, or a hand-off that was sent, tells the partner, as it is now; with its pictures."""

    thread_id: str


class StillPicture(Record, frozen=True, kw_only=True):
    """A still of the draft, small, as JPEG."""

    camera_id: str
    at_ns: int
    jpeg: bytes


class ClipReference(Record, frozen=True, kw_only=True):
    """The clip of the draft: which camera's footage, between which times. `ready`: it can be fetched."""

    camera_id: str
    from_ns: int
    to_ns: int
    ready: bool


class DraftPage(Record, frozen=True, kw_only=True):
    """`draft` holds callers' numbers: it is for this desk, and never for the log. None where the thread, its
    incident or its type are not known (any more): then `problem` says so.

    `pictures`: "building" while stills and clip are looked for, "ready", or "none". Ask again after
    `handoff.evidence_added`.
    """

    thread_id: str
    key: str
    draft: Draft | None
    pictures: Literal["building", "ready", "none"] = "none"
    stills: tuple[StillPicture, ...] = ()
    clip: ClipReference | None = None
    problem: Words | None = None


class AskGoals(Query, frozen=True, kw_only=True, tag="goals"):
    """What the record says of the year's goals in [from, to), and in `parts` equal parts of it."""

    from_ns: int
    to_ns: int
    parts: int = 1


AnyQuery = (
    AskSnapshot | AskValues | AskTrend | AskHealth | AskHead | AskLog | AskIncidents | AskHistory
    | AskAvailability | AskGoals | AskPrecision
    | AskAlarmFigures
    | AskReportContact | KeepCaller
    | AskDraft
)


class QueryRequest(Record, frozen=True, kw_only=True):
    id: str
    desk: str
    person: str
    query: AnyQuery


class LogPage(Record, frozen=True, kw_only=True):
    """`entries` newest first (a history: oldest first); `more` says that older ones exist."""

    entries: tuple[Entry, ...]
    more: bool = False


class IncidentRow(Record, frozen=True, kw_only=True):
    """One incident as the record has it: first and last act, without the whole history."""

    incident_id: str
    type: str
    priority: int
    place: Words
    district: str
    opened_at_ns: int
    changed_at_ns: int
    stage: str
    owner: str
    agencies: tuple[str, ...] = ()


class IncidentPage(Record, frozen=True, kw_only=True):
    rows: tuple[IncidentRow, ...]
    more: bool = False


class DeviceTime(Record, frozen=True, kw_only=True):
    """One device that was not simply up: seconds of the period, and how often it went down."""

    device_id: str
    down_s: float
    degraded_s: float
    out_s: float
    failures: int


class AvailabilityPage(Record, frozen=True, kw_only=True):
    """`from_ns` is where the record begins, where that is later than was asked; what is not named was up."""

    from_ns: int
    to_ns: int
    devices: tuple[DeviceTime, ...]


class GoalFigure(Record, frozen=True, kw_only=True):
    """One goal: what the record says (None: nothing), of how many facts, whether it is kept; and the value of
    each part of the time, oldest first."""

    goal_id: str
    value: float | None
    facts: int
    met: bool | None
    parts: tuple[float | None, ...]


class GoalsPage(Record, frozen=True, kw_only=True):
    """`from_ns` is where the record begins, where that is later than was asked."""

    from_ns: int
    to_ns: int
    figures: tuple[GoalFigure, ...]


class HubHealth(Record, frozen=True, kw_only=True):
    """Counters since the hub's start; `drops` and `refused` by cause, in the hub's own words."""

    run: str
    seq: int
    head_hash: str
    started_at_ns: int
    entries: int
    readings: int
    batches: int
    lost_batches: int
    queue_depth: int
    drops: dict[str, int]
    refused: dict[str, int]
    recording: str
    recording_bytes: int
    recording_problem: Words | None = None
    free_bytes: int
    ledger_ok: bool
    ledger_problem: Words | None = None
    problems: dict[str, str] = msgspec.field(default_factory=dict)
    """The newest example of each cause of refusal."""
    alarms: AlarmHealth | None = None
    """None where the hub follows a recording."""
