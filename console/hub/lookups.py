"""The hub's reading thread: pages of the record for desks, on a connection that cannot write."""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable, Mapping
from pathlib import Path

from msgspec.structs import replace

from console.citizens.contacts import ContactBook, call_token
from console.figures.conditions import ConditionBook
from console.figures.goalbook import GoalBook
from console.ledger import LedgerReader, LedgerUnavailable
from console.model.base import Words
from console.model.citizenreport import ReportContact
from console.model.query import (
    AskAvailability,
    AskGoals,
    AskHistory,
    AskIncidents,
    AskLog,
    AvailabilityPage,
    GoalsPage,
    IncidentPage,
    LogPage,
    Query,
)
from console.profile import Profile

MAX_PAGE = 500
"""Entries of a page; with the longest notes such a page still passes the bus."""
MAX_WAITING = 256

_log = logging.getLogger("bongsu.hub.lookups")

Page = LogPage | IncidentPage | AvailabilityPage | ReportContact | GoalsPage
Found = Callable[[Page | None, Words | None], None]
"""(page, None) or (None, problem); called in the reading thread."""

BUSY = Words(
    en="The hub has too many look-ups waiting. Nothing was looked up. Try again in a moment.",
    ko="허브에 대기 중인 조회가 너무 많아 조회하지 않았습니다. 잠시 후 다시 시도하십시오.",
)
BROKEN = Words(
    en="The look-up failed by an error of the console. The record itself is not affected. See the hub's log.",
    ko="콘솔 오류로 조회하지 못했습니다. 기록 자체는 영향이 없습니다. 허브 로그를 확인하십시오.",
)


Job = Query | str | tuple[str, ReportContact]
"""What is asked: a page, the contact data of a report's token, or a caller to keep by the call."""


class Lookups:
    """`ask` and `close` from any thread."""

    def __init__(
        self, path: Path, names: Mapping[str, Words] | None = None, contacts: ContactBook | None = None,
        profile: Profile | None = None,
    ) -> None:
        """`names`: what ids of the record are called in both languages; `contacts`: who reported;
        `profile`: whose goals are figured."""
        self._path, self._profile = path, profile
        self._contacts = contacts
        self._names = names or {}
        self._queue: queue.Queue[tuple[Job, Found] | None] = queue.Queue(MAX_WAITING)
        self._thread = threading.Thread(target=self._run, name="ledger-reader")
        self._thread.start()

    def ask(self, query: Query, found: Found) -> None:
        """Queue a query; `found` is called once, at once when too many wait."""
        try:
            self._queue.put_nowait((query, found))
        except queue.Full:
            found(None, BUSY)

    def contact(self, token: str, found: Found) -> None:
        """Read the contact data of the report with this token; `found` as with `ask`."""
        try:
            self._queue.put_nowait((token, found))
        except queue.Full:
            found(None, BUSY)

    def keep_caller(self, call: str, contact: ReportContact, found: Found) -> None:
        """Keep who called; `found` gets a contact without data once it is on disk."""
        try:
            self._queue.put_nowait(((call, contact), found))
        except queue.Full:
            found(None, BUSY)

    def close(self) -> None:
        self._queue.put(None)
        self._thread.join()

    def _run(self) -> None:
        reader: LedgerReader | None = None
        conditions = ConditionBook()
        goals = GoalBook(self._profile, conditions) if self._profile is not None else None
        try:
            while (job := self._queue.get()) is not None:
                query, found = job
                try:
                    if isinstance(query, str):
                        found(self._contact(query), None)
                        continue
                    if isinstance(query, tuple):
                        found(self._keep(*query), None)
                        continue
                    if reader is None:
                        reader = LedgerReader.open(self._path, self._names)
                    found(_page(reader, conditions, goals, query), None)
                except LedgerUnavailable as unavailable:
                    found(None, unavailable.problem)
                except Exception:
                    _log.exception("A look-up failed.")
                    found(None, BROKEN)
        finally:
            if reader is not None:
                reader.close()

    def _contact(self, token: str) -> ReportContact:
        if self._contacts is None:
            return ReportContact(report_id="", problem="none")
        return self._contacts.read(token)

    def _keep(self, call: str, contact: ReportContact) -> ReportContact:
        if self._contacts is None:
            return ReportContact(report_id=call, problem="none")
        self._contacts.keep(call_token(call), contact)
        return ReportContact(report_id=call)


def _page(reader: LedgerReader, conditions: ConditionBook, goals: GoalBook | None, query: Query) -> Page:
    match query:
        case AskGoals(from_ns=from_ns, to_ns=to_ns, parts=parts) if goals is not None:
            goals.read(reader)
            return goals.page(from_ns, to_ns, parts)
        case AskAvailability(from_ns=from_ns, to_ns=to_ns):
            conditions.read(reader)
            return conditions.availability(from_ns, to_ns)
        case AskHistory(incident_id=incident_id):
            return reader.history(incident_id)
        case AskIncidents():
            return reader.incidents(replace(query, limit=min(query.limit, MAX_PAGE)))
        case AskLog():
            return reader.log(replace(query, limit=min(query.limit, MAX_PAGE)))
    raise TypeError(f"{type(query).__name__} is not a look-up of the record")
