"""What the link puts into the desk's inbox, for the board to take on the next pulse."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from console.model.base import Words
from console.model.citizenreport import ReportContact
from console.model.commands import Answer
from console.model.events import Entry
from console.model.query import (
    AlarmFiguresPage,
    AvailabilityPage,
    DraftPage,
    GoalsPage,
    HubHealth,
    IncidentPage,
    LedgerHead,
    LogPage,
    PrecisionPage,
)
from console.model.state import CityState
from console.telemetry.table import Columns

LinkState = Literal["connecting", "live", "stale"]


@dataclass(frozen=True, slots=True)
class SnapshotCame:
    state: CityState


@dataclass(frozen=True, slots=True)
class EntryCame:
    entry: Entry


@dataclass(frozen=True, slots=True)
class BatchCame:
    """`sent_ns` is when the gateway sent it, for the latency figure."""

    columns: Columns
    sent_ns: int


@dataclass(frozen=True, slots=True)
class TrendCame:
    """What the hub still held of trend points; replaces what the desk had of them."""

    point_indexes: tuple[int, ...]
    columns: Columns


@dataclass(frozen=True, slots=True)
class HealthCame:
    health: HubHealth


@dataclass(frozen=True, slots=True)
class AnswerCame:
    answer: Answer


@dataclass(frozen=True, slots=True)
class PageCame:
    """The answer to a query; `problem` says why there is none."""

    id: str
    page: (
        LogPage | IncidentPage | AvailabilityPage | GoalsPage | AlarmFiguresPage | LedgerHead
        | ReportContact | DraftPage | PrecisionPage | None
    )
    problem: Words | None = None


@dataclass(frozen=True, slots=True)
class LinkChanged:
    """`lost` counts batches of the telemetry lane that were dropped on the way to this desk."""

    state: LinkState
    why: str = ""
    lost: int = 0


Inbound = SnapshotCame | EntryCame | BatchCame | TrendCame | HealthCame | AnswerCame | PageCame | LinkChanged
