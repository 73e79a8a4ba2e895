"""Takes a part of the record out of the console: permission first, then page by page into a file.

Fails closed: nothing is created before the hub has put the export on record. The UI thread shapes a few rows
a tick; files are written in a thread (CSV) or a process (PDF).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from PySide6.QtCore import QCoreApplication, QObject, Signal, Slot

from console.desk.board import Board
from console.desk.port import DeskPort
from console.model.base import Words
from console.model.commands import Accepted, LogExport, Refused
from console.model.events import Entry
from console.model.query import AskHistory, IncidentPage, LogFilter, LogPage
from console.report.describe import Teller
from console.report.handofftimes import HandoffTimes, time_pairs
from console.report.printed import (
    Leave,
    Printed,
    incident_lines,
    log_lines,
    print_history,
    print_incidents,
    print_log,
    procedure_pairs,
)
from console.report.sheet import csv_head, csv_lines
from console.report.tables import (
    HISTORY_COLUMNS,
    INCIDENT_COLUMNS,
    LOG_COLUMNS,
    history_rows,
    incident_rows,
    log_rows,
)
from console.report.times import CityClock
from widgets.kit.filewriting import FileWriter
from widgets.kit.pulse import Pulse
from widgets.review.pager import Pager
from widgets.review.printing import Printing

PRINT_MOST = 20_000
"""Lines a PDF may have: about 600 pages. CSV has no such end."""
BIG_PAGE = 1000
SLICE = 40
"""Rows shaped between two looks at the time."""
BUDGET_NS = 5_000_000
"""How much of a tick shaping may take."""

ENDING_S = 2.0

Form = Literal["csv", "pdf"]
JobState = Literal[
    "checking", "asked", "gathering", "writing", "printing", "cancelling",
    "done", "refused", "failed", "cancelled",
]  # fmt: skip
OVER = ("done", "refused", "failed", "cancelled")


@dataclass(frozen=True, slots=True)
class Scope:
    """What is exported. `words` says it for the record and the screen."""

    kind: Literal["log", "incidents", "history"]
    words: str
    wanted: LogFilter
    incident_id: str = ""


class ExportJob(QObject):
    """One export from the wish to the file. UI thread.

    Signals:
        changed: look at `state`, `count`, `page` again.
    """

    changed = Signal()

    def __init__(
        self, board: Board, pulse: Pulse, port: DeskPort, teller: Teller, scope: Scope, form: Form,
        reason: str, path: Path, parent: QObject | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._board, self._port, self._teller = board, port, teller
        self._clock = CityClock(board.profile.time_zone)
        self.scope, self.form, self.reason, self.path = scope, form, reason, path
        self.state: JobState = "checking"
        self.count = 0
        self.page: tuple[int, int] = (0, 0)
        self.seq = 0
        self.asked_ns = 0
        self.refusal: Words | None = None
        self.problem: tuple[str, dict[str, str]] | None = None
        """(catalogue key, fields) of what failed."""
        self._request = ""
        self._pager = Pager(port, BIG_PAGE)
        self._work: deque[Sequence[Any]] = deque()
        self._lines: list[tuple[str, ...]] = []
        self._entries: tuple[Entry, ...] = ()
        self._procedures: list[tuple[str, str]] = []
        self._times = HandoffTimes()
        self._writer = FileWriter(path)
        self._printing: Printing | None = None
        pulse.ticked.connect(self._tick)
        pulse.answered.connect(self._answered)
        pulse.looked_up.connect(self._looked_up)
        application = QCoreApplication.instance()
        if application is not None:
            application.aboutToQuit.connect(self.abandon)

    def start(self) -> None:
        """Look whether the file can be written there; the permission is asked for after that."""
        self._writer.start()

    def over(self) -> bool:
        return self.state in OVER

    @Slot()
    def cancel(self) -> None:
        """Stop; over as soon as thread and process have ended and nothing is left behind."""
        if self.over() or self.state == "cancelling":
            return
        self._pager.stop()
        self._writer.cancel()
        self._go("cancelling")
        if self._printing is not None:
            self._printing.cancel()

    @Slot()
    def abandon(self) -> None:
        """The console ends: leave no unfinished file. Waits a moment for the thread."""
        self._writer.cancel()
        self._writer.join(ENDING_S)

    def _cancelled(self) -> None:
        ended = self._writer.ended() and (self._printing is None or self._printing.is_gone())
        if ended:
            self._go("done" if self._writer.state == "done" else "cancelled")

    @Slot()
    def _tick(self) -> None:
        if self.state == "checking":
            self._checked()
        elif self.state == "gathering":
            self._shape()
        elif self.state == "writing":
            self._written()
        elif self.state == "cancelling":
            self._cancelled()

    def _checked(self) -> None:
        if self._writer.state == "failed":
            self._fail(*self._place_problem())
        elif self._writer.state == "ready":
            self.asked_ns = self._board.clock.mono_ns()
            command = LogExport(what=self.scope.words, format=self.form, reason=self.reason)
            self._request = self._port.request(command)
            self._go("asked")

    @Slot(object)
    def _answered(self, pairs: Any) -> None:
        for _, answer in pairs:
            if answer.id != self._request or self.state != "asked":
                continue
            if isinstance(answer, Refused):
                self.refusal = answer.reason
                self._writer.cancel()
                self._go("refused")
            elif isinstance(answer, Accepted):
                self.seq = answer.seq
                self._gather()

    def _gather(self) -> None:
        if self.form == "csv":
            self._writer.begin()
            columns = {"log": LOG_COLUMNS, "incidents": INCIDENT_COLUMNS, "history": HISTORY_COLUMNS}
            self._writer.put(csv_head(columns[self.scope.kind]))
        if self.scope.kind == "log":
            self._pager.begin_log(self.scope.wanted)
        elif self.scope.kind == "incidents":
            self._pager.begin_incidents(self.scope.wanted)
        else:
            self._pager.begin(AskHistory(incident_id=self.scope.incident_id))
        self._go("gathering")

    @Slot(object)
    def _looked_up(self, query_ids: Any) -> None:
        for query_id in query_ids:
            if self._pager.waits_for(query_id):
                came = self._board.take_page(query_id)
                page = self._pager.take(came) if came is not None else None
                if page is None:
                    self._lookup_failed()
                else:
                    self._take(page)

    def _take(self, page: LogPage | IncidentPage) -> None:
        rows: Sequence[Any] = page.entries if isinstance(page, LogPage) else page.rows
        if isinstance(page, LogPage):
            self._teller.learn(page.entries)
        if self.scope.kind == "history":
            # The time between two lines needs both: a history is shaped as one.
            self._entries = tuple(rows)
            self._work.append(rows)
        else:
            self._work.extend(rows[start : start + SLICE] for start in range(0, len(rows), SLICE))

    def _shape(self) -> None:
        """Shape rows for as long as this tick allows, then ask for more or go on."""
        until_ns = self._board.clock.mono_ns() + BUDGET_NS
        while self._work:
            rows = self._work.popleft()
            self.count += len(rows)
            if self.form == "csv":
                self._writer.put(csv_lines(self._csv_rows(rows)))
            elif self.scope.kind == "log":
                self._lines += log_lines(self._teller, self._clock, rows)
                self._times.learn(rows)
                self._procedures += procedure_pairs(self._teller, self._clock, rows)
            elif self.scope.kind == "incidents":
                self._lines += incident_lines(self._teller, self._clock, rows)
            if self._board.clock.mono_ns() > until_ns:
                break
        if self.form == "pdf" and self.count > PRINT_MOST:
            self._writer.cancel()
            self._fail("review.export.too_many", {"most": f"{PRINT_MOST:,}"})
            return
        if self._writer.state == "failed":
            self._fail(*self._place_problem())
            return
        self.changed.emit()
        if self._work:
            return
        # A history is one page: where it says "more", older entries were left out, and the screen says so.
        if self._pager.state == "end" or (self._pager.state == "more" and self.scope.kind == "history"):
            self._finish()
        elif self._pager.state == "more" and not self._writer.busy():
            self._pager.more()

    def _csv_rows(self, rows: Sequence[Any]) -> Any:
        if self.scope.kind == "log":
            return log_rows(self._teller, self._clock, rows)
        if self.scope.kind == "incidents":
            return incident_rows(self._teller, self._clock, rows)
        return history_rows(self._teller, self._clock, rows)

    def _finish(self) -> None:
        if self.form == "csv":
            self._writer.finish()
            self._go("writing")
            return
        self._writer.cancel()  # it has only looked at the place; the printing process writes
        self._printing = Printing(self._document(), self.path, self)
        self._printing.drew.connect(self._drew)
        self._printing.ended.connect(self._printed)
        self._printing.start()
        self._go("printing")

    def _document(self) -> Printed:
        health = self._board.health
        leave = Leave(
            person=self._board.person, desk=self._board.desk, reason=self.reason,
            at_ns=self._board.clock.now_ns(), entry_seq=self.seq,
            head_seq=health.seq if health is not None else self._board.state.seq,
            head_hash=health.head_hash if health is not None else "",
        )  # fmt: skip
        if self.scope.kind == "history":
            return print_history(self._teller, self._clock, leave, self.scope.incident_id, self._entries)
        # The record comes newest first; a printed record is read from its beginning.
        lines = self._lines[::-1]
        if self.scope.kind == "log":
            return print_log(
                self._teller, self._clock, leave, self.scope.wanted, lines, self._procedures[::-1],
                self._time_pairs(),
            )
        return print_incidents(self._teller, self._clock, leave, self.scope.wanted, lines)

    def _time_pairs(self) -> list[tuple[str, str]]:
        """Of a whole period only: a filter could hide who was told, or that somebody accepted."""
        wanted = self.scope.wanted
        whole = wanted == LogFilter(since_ns=wanted.since_ns, until_ns=wanted.until_ns)
        return time_pairs(self._teller, self._times.found()) if whole else []

    def _written(self) -> None:
        if self._writer.state == "done":
            self._go("done")
        elif self._writer.state == "failed":
            self._fail(*self._place_problem())

    @Slot(int, int)
    def _drew(self, page: int, of_all: int) -> None:
        self.page = (page, of_all)
        self.changed.emit()

    @Slot(str)
    def _printed(self, problem: str) -> None:
        if self.over() or self.state == "cancelling":
            return
        if problem:
            self._fail("review.export.printer", {"problem": problem})
        else:
            self._go("done")

    def _lookup_failed(self) -> None:
        self.refusal = self._pager.problem
        self._writer.cancel()
        self._fail("review.state.unknown_problem", {})

    def _place_problem(self) -> tuple[str, dict[str, str]]:
        name, fields = self._writer.problem or ("failed", {"problem": "?"})
        return f"kit.file.{name}", fields

    def _fail(self, key: str, fields: dict[str, str]) -> None:
        self.problem = (key, fields)
        self._pager.stop()
        self._go("failed")

    def _go(self, state: JobState) -> None:
        self.state = state
        self.changed.emit()
