"""The record as rows of text, one shape for the screen, the spreadsheet and the print.

Spreadsheet columns keep their names in both languages and carry stable tags beside the words, so that a
program that reads the file does not depend on who exported it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from console.clock import SECOND_NS
from console.language import Catalogue
from console.model import events as ev
from console.model.query import IncidentRow
from console.report.describe import Teller
from console.report.intervals import Interval, gaps_ns
from console.report.names import agency_name, district_name, type_name
from console.report.sheet import Cell
from console.report.times import CityClock, duration_words

LOG_COLUMNS = (
    "run", "seq", "time", "kind", "kind_words", "what", "who", "desk", "incident", "place", "district",
    "follows_seq", "command_id",
)  # fmt: skip
INCIDENT_COLUMNS = (
    "incident", "type", "type_words", "priority", "place", "district", "opened", "changed", "stage",
    "stage_words", "owner", "agencies",
)  # fmt: skip
HISTORY_COLUMNS = (*LOG_COLUMNS[:3], "since_previous_s", *LOG_COLUMNS[3:])
INTERVAL_COLUMNS = ("from", "to", "agency", "from_time", "to_time", "duration_s")


def log_rows(teller: Teller, clock: CityClock, entries: Iterable[ev.Entry]) -> Iterator[tuple[Cell, ...]]:
    """One row of LOG_COLUMNS for each entry."""
    for entry in entries:
        kind = ev.kind_of(entry.event)
        yield (
            entry.run, entry.seq, clock.iso(entry.at_ns), kind, teller.kind(kind), teller.sentence(entry),
            teller.who(entry), entry.cause.desk or str(getattr(entry.event, "desk", "")),
            teller.incident(entry), teller.place(entry), teller.district(entry), entry.cause.parent,
            entry.cause.command_id,
        )  # fmt: skip


def history_rows(teller: Teller, clock: CityClock, entries: Sequence[ev.Entry]) -> Iterator[tuple[Cell, ...]]:
    """One row of HISTORY_COLUMNS for each entry of one incident, oldest first."""
    for row, gap_ns in zip(log_rows(teller, clock, entries), gaps_ns(entries), strict=True):
        yield (*row[:3], round(gap_ns / SECOND_NS, 3), *row[3:])


def incident_rows(
    teller: Teller, clock: CityClock, incidents: Iterable[IncidentRow]
) -> Iterator[tuple[Cell, ...]]:
    """One row of INCIDENT_COLUMNS for each incident."""
    profile, say = teller.profile, teller.catalogue
    for row in incidents:
        yield (
            row.incident_id, row.type, type_name(profile, say, row.type), row.priority, say.words(row.place),
            district_name(profile, say, row.district), clock.iso(row.opened_at_ns),
            clock.iso(row.changed_at_ns), row.stage, stage_words(say, row.stage), row.owner,
            " ".join(agency_name(profile, say, one) for one in row.agencies),
        )  # fmt: skip


def interval_rows(clock: CityClock, intervals: Iterable[Interval]) -> Iterator[tuple[Cell, ...]]:
    """One row of INTERVAL_COLUMNS for each response time."""
    for one in intervals:
        yield (
            one.start, one.end, one.agency, clock.iso(one.start_ns), clock.iso(one.end_ns),
            round(one.duration_ns / SECOND_NS, 3),
        )  # fmt: skip


def interval_words(teller: Teller, interval: Interval) -> tuple[str, str]:
    """("112: handed off → received", "2.1 s")."""
    say = teller.catalogue
    path = say.say(
        "report.interval", start=say.say(f"report.milestone.{interval.start}"),
        end=say.say(f"report.milestone.{interval.end}"),
    )  # fmt: skip
    agency = teller.agency(interval.agency) if interval.agency else ""
    return f"{agency}: {path}" if agency else path, duration_words(say, interval.duration_ns)


def stage_words(catalogue: Catalogue, stage: str) -> str:
    """An incident's stage in words; the stage itself where the catalogue has none of it."""
    key = f"report.stage.{stage}"
    return catalogue.say(key) if key in catalogue.keys() else stage  # noqa: SIM118  not a mapping
