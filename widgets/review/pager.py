"""Asks the hub for one page after another and knows which answer belongs to which question. Qt-free."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from console.desk.inbound import PageCame
from console.desk.port import DeskPort
from console.model.base import Words
from console.model.query import AskIncidents, AskLog, IncidentPage, LogFilter, LogPage, Query

PAGE = 200
"""Rows asked for at a time; the hub's own most is 1000."""

PagerState = Literal["idle", "asking", "more", "end", "problem"]


class Pager:
    """One look-up, page by page. `begin` forgets the one before: a late answer to it is dropped.

    `state`: nothing asked; waiting for a page; older rows exist; all is here; the hub said why not.
    """

    def __init__(self, port: DeskPort, limit: int = PAGE) -> None:
        self._port, self._limit = port, limit
        self._make: Callable[[int], Query] | None = None
        self._waiting = ""
        self._before = 0
        self.state: PagerState = "idle"
        self.problem: Words | None = None

    def begin_log(self, wanted: LogFilter) -> None:
        """Look up entries of the ledger, newest first."""
        self._begin(lambda before: AskLog(filter=wanted, before_seq=before, limit=self._limit))

    def begin_incidents(self, wanted: LogFilter) -> None:
        """Look up incidents, those opened last first."""
        self._begin(lambda before: AskIncidents(filter=wanted, before_ns=before, limit=self._limit))

    def begin(self, query: Query) -> None:
        """Look up what is one page (a history)."""
        self._begin(lambda before: query)

    def more(self) -> None:
        """Ask for the next page, if there is one and none is on its way."""
        if self.state == "more":
            self._ask()

    def again(self) -> None:
        """Ask for the page again that could not be brought."""
        if self.state == "problem":
            self._ask()

    def stop(self) -> None:
        """Forget the look-up; its answers are dropped."""
        self._waiting, self._make, self.state = "", None, "idle"

    def waits_for(self, query_id: str) -> bool:
        return bool(self._waiting) and query_id == self._waiting

    def take(self, came: PageCame) -> LogPage | IncidentPage | None:
        """The page of an answer this pager waits for; None where the hub could not bring it."""
        self._waiting = ""
        if came.page is None:
            self.state, self.problem = "problem", came.problem
            return None
        page = came.page
        self.state = "more" if page.more else "end"
        if isinstance(page, LogPage) and page.entries:
            self._before = page.entries[-1].seq
        elif isinstance(page, IncidentPage) and page.rows:
            self._before = page.rows[-1].opened_at_ns
        return page

    def _begin(self, make: Callable[[int], Query]) -> None:
        self._make, self._before, self.problem = make, 0, None
        self._ask()

    def _ask(self) -> None:
        if self._make is not None:
            self.state, self.problem = "asking", None
            self._waiting = self._port.ask(self._make(self._before))
