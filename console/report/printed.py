"""What stands on a printed record: its head, its table and its foot, as text. The drawing is elsewhere."""

from __future__ import annotations

from collections.abc import Sequence

from console.model import events as ev
from console.model.base import Record
from console.model.query import IncidentRow, LogFilter
from console.report.describe import Teller
from console.report.intervals import gaps_ns, response_intervals
from console.report.names import agency_name, district_name, type_name
from console.report.period import period_words
from console.report.tables import interval_words, stage_words
from console.report.times import CityClock, duration_words


class Column(Record, frozen=True, kw_only=True):
    """One column of the table: its title and its share of the width (all shares of a table add up to 1)."""

    title: str
    share: float


class Printed(Record, frozen=True, kw_only=True):
    """One printable document.

    `facts` stand under the title as label and value, `summary` below them (response times), before it
    `times` (of each incident of a shift); every row of
    `rows` has as many cells as there are `columns`. `foot` is on every page beside "page x of y", whose
    words are `page` with {page} and {pages}.
    """

    title: str
    facts: tuple[tuple[str, str], ...]
    columns: tuple[Column, ...]
    rows: tuple[tuple[str, ...], ...]
    foot: str
    page: str
    summary_title: str = ""
    summary: tuple[tuple[str, str], ...] = ()
    times_title: str = ""
    times: tuple[tuple[str, str], ...] = ()
    nothing: str = ""
    """What is printed instead of a table without rows."""


class Leave(Record, frozen=True, kw_only=True):
    """The accepted permission to print: who, why, when, and the record's head at that moment."""

    person: str
    desk: str
    reason: str
    at_ns: int
    entry_seq: int
    head_seq: int
    head_hash: str


def log_lines(teller: Teller, clock: CityClock, entries: Sequence[ev.Entry]) -> list[tuple[str, ...]]:
    """The rows of a printed ledger for these entries; shaped page by page as they come in."""
    return [
        (
            str(entry.seq), clock.stamp(entry.at_ns), teller.kind(ev.kind_of(entry.event)),
            teller.sentence(entry), teller.who(entry),
        )
        for entry in entries
    ]  # fmt: skip


MOST_TOLD = 12
"""So many stand above the lines, which have them all: a head has to fit its page."""
TOLD = ("skipped", "escalated", "stopped")
"""Moves of procedures that supervisors are told; a check that was answered by hand is another."""


def procedure_pairs(
    teller: Teller, clock: CityClock, entries: Sequence[ev.Entry]
) -> list[tuple[str, str]]:
    """What was left out, waited too long, was said by hand or was open at an end, with its reason, as a
    printed summary has it: (time, incident, what and why), in the entries' order."""
    return [
        (clock.time(entry.at_ns), f"{entry.event.incident_id}: {teller.sentence(entry)}")
        for entry in entries
        if isinstance(entry.event, ev.ProcedureMoved)
        and (entry.event.move in TOLD or entry.event.by_hand)
    ]  # fmt: skip


def _first_told(teller: Teller, pairs: Sequence[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    more = len(pairs) - MOST_TOLD
    if more <= 0:
        return tuple(pairs)
    return (*pairs[:MOST_TOLD], ("…", teller.catalogue.say("report.print.more_told", n=more)))


def incident_lines(
    teller: Teller, clock: CityClock, incidents: Sequence[IncidentRow]
) -> list[tuple[str, ...]]:
    """The rows of a printed incident log."""
    profile, say = teller.profile, teller.catalogue
    return [
        (
            f"P{row.priority}", type_name(profile, say, row.type), say.words(row.place),
            district_name(profile, say, row.district), clock.stamp(row.opened_at_ns),
            stage_words(say, row.stage), row.owner,
            " ".join(agency_name(profile, say, one) for one in row.agencies),
        )
        for row in incidents
    ]  # fmt: skip


def history_lines(teller: Teller, clock: CityClock, entries: Sequence[ev.Entry]) -> list[tuple[str, ...]]:
    """The rows of one incident's printed history: each with the time since the one before."""
    return [
        (clock.stamp(entry.at_ns), gap_words(teller, gap_ns), teller.kind(ev.kind_of(entry.event)),
         teller.sentence(entry), teller.who(entry))
        for entry, gap_ns in zip(entries, gaps_ns(entries), strict=True)
    ]  # fmt: skip


def gap_words(teller: Teller, gap_ns: int) -> str:
    """The time since the line before: "+2.1 s"; that the clock was set back where it was."""
    words = duration_words(teller.catalogue, gap_ns)
    return f"+{words}" if gap_ns >= 0 else words


def print_log(
    teller: Teller, clock: CityClock, leave: Leave, filtered: LogFilter, rows: Sequence[tuple[str, ...]],
    procedures: Sequence[tuple[str, str]] = (), times: Sequence[tuple[str, str]] = (),
) -> Printed:  # fmt: skip
    """The ledger as a document, from `log_lines` in the order given; a shift's is its report. `procedures` as
    `procedure_pairs` has them: what was left out stands above the lines; `times` as `time_pairs` has
    them, before that."""
    columns = _columns(teller, ("seq", 0.07), ("time", 0.15), ("kind", 0.15), ("what", 0.49), ("who", 0.14))
    return _document(
        teller, clock, leave, title=teller.catalogue.say("report.print.log"), rows=rows, columns=columns,
        about=_about_filter(teller, clock, filtered), summary=_first_told(teller, procedures),
        summary_title="report.print.procedures", times=tuple(times),
    )  # fmt: skip


def print_incidents(
    teller: Teller, clock: CityClock, leave: Leave, filtered: LogFilter, rows: Sequence[tuple[str, ...]]
) -> Printed:
    """The incident log as a document, from `incident_lines` in the order given."""
    columns = _columns(
        teller, ("priority", 0.05), ("type", 0.15), ("place", 0.27), ("district", 0.11), ("opened", 0.15),
        ("stage", 0.09), ("owner", 0.10), ("agencies", 0.08),
    )  # fmt: skip
    return _document(
        teller, clock, leave, title=teller.catalogue.say("report.print.incidents"), rows=rows,
        columns=columns, about=_about_filter(teller, clock, filtered),
    )  # fmt: skip


def print_history(
    teller: Teller, clock: CityClock, leave: Leave, incident_id: str, entries: Sequence[ev.Entry]
) -> Printed:
    """One incident's whole history, oldest first, with the time between the lines and the response times."""
    say = teller.catalogue
    rows = history_lines(teller, clock, entries)
    columns = _columns(teller, ("time", 0.15), ("gap", 0.10), ("kind", 0.15), ("what", 0.46), ("who", 0.14))
    found = teller.known.incident(incident_id)
    about = [(say.say("report.print.incident"), incident_id)]
    if found is not None:
        about.append((say.say("report.column.type"), teller.type(found[0])))
        about.append((say.say("report.column.place"), say.words(found[1].name)))
    if entries:
        first, last = clock.stamp(entries[0].at_ns), clock.stamp(entries[-1].at_ns)
        about.append((say.say("report.print.period"), f"{first} – {last}"))
    return _document(
        teller, clock, leave, title=say.say("report.print.history"), rows=rows, columns=columns, about=about,
        summary=(
            *(interval_words(teller, one) for one in response_intervals(entries)),
            *_first_told(teller, procedure_pairs(teller, clock, entries)),
        ),
    )  # fmt: skip


def _document(
    teller: Teller,
    clock: CityClock,
    leave: Leave,
    *,
    title: str,
    rows: Sequence[tuple[str, ...]],
    columns: tuple[Column, ...],
    about: Sequence[tuple[str, str]],
    summary: tuple[tuple[str, str], ...] = (),
    summary_title: str = "report.print.summary",
    times: tuple[tuple[str, str], ...] = (),
) -> Printed:
    say = teller.catalogue.say
    city = teller.catalogue.words(teller.profile.name)
    facts = (
        (say("report.print.city"), city),
        *about,
        (say("report.print.lines"), str(len(rows))),
        (say("report.print.person"), f"{leave.person} ({leave.desk})" if leave.desk else leave.person),
        (say("report.print.reason"), leave.reason),
        (say("report.print.printed"), f"{clock.stamp(leave.at_ns)} ({clock.zone.key})"),
        (say("report.print.recorded"), say("report.print.recorded_as", seq=leave.entry_seq)),
        (say("report.print.head"), f"{leave.head_seq} · {leave.head_hash or say('report.print.no_head')}"),
    )
    return Printed(
        title=title, facts=facts, columns=columns, rows=tuple(rows), summary=summary,
        summary_title=say(summary_title), times=times, times_title=say("report.print.times"),
        nothing=say("report.print.nothing"),
        foot=f"{city} · {title} · {leave.person} · {clock.stamp(leave.at_ns)}",
        page=say("report.print.page"),  # without fields, so that {page} and {pages} stay open
    )  # fmt: skip


def _columns(teller: Teller, *columns: tuple[str, float]) -> tuple[Column, ...]:
    return tuple(
        Column(title=teller.catalogue.say(f"report.column.{key}"), share=share) for key, share in columns
    )


def _about_filter(teller: Teller, clock: CityClock, filtered: LogFilter) -> list[tuple[str, str]]:
    """The restrictions of a filter as facts; the period always, also when it is open."""
    say = teller.catalogue.say
    since, until = period_words(filtered, clock)
    period = say("report.print.all") if not since and not until else f"{since or '…'} – {until or '…'}"
    about = [(say("report.print.period"), period)]
    if filtered.kinds:
        about.append((say("report.column.kind"), ", ".join(teller.kind(one) for one in filtered.kinds)))
    if filtered.incident_type:
        about.append((say("report.column.type"), teller.type(filtered.incident_type)))
    if filtered.person:
        about.append((say("report.column.who"), filtered.person))
    if filtered.district:
        name = district_name(teller.profile, teller.catalogue, filtered.district)
        about.append((say("report.column.district"), name))
    if filtered.text:
        about.append((say("report.print.text"), filtered.text))
    return about
