"""The Review workspace: incidents and ledger by filter, one incident's history, exports. Beside Operate."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QHBoxLayout, QStackedLayout, QVBoxLayout, QWidget

from console.desk.board import Board
from console.desk.inbound import PageCame
from console.desk.port import DeskPort
from console.language import Catalogue
from console.model.query import IncidentPage, LogPage
from console.report.describe import Teller, filter_words
from console.report.times import CityClock
from widgets.kit.actions import Actions
from widgets.kit.labels import label, style
from widgets.kit.pulse import Pulse
from widgets.kit.texts import Texts, follow
from widgets.kit.tokens import Tokens
from widgets.review.export import Scope
from widgets.review.exportstrip import ExportStrip
from widgets.review.filters import FilterBar
from widgets.review.history import HistoryPanel
from widgets.review.pager import Pager
from widgets.review.rows import IncidentRows, LogRows, RecordRows
from widgets.review.table import RecordTable

Part = Literal["incidents", "ledger"]

ACTS = (
    ("incidents", "I", True), ("ledger", "L", True), ("filter", "Ctrl+F", False), ("list", "Q", False),
    ("search", "F5", False), ("clear", "Shift+F5", False), ("back", "B", False), ("csv", "E", False),
    ("pdf", "P", False),
)  # fmt: skip
"""(name, key, checkable)."""


class Review(QWidget):
    """The record, looked up through the hub: a page at a time, each look-up itself on record.

    Acts: review.incidents (I), .ledger (L), .filter (Ctrl+F), .list (Q), .search (F5),
    .clear (Shift+F5), .back (B), .csv (E), .pdf (P); in the export strip .export (Enter), .cancel (Esc).
    """

    def __init__(
        self, board: Board, pulse: Pulse, port: DeskPort, actions: Actions, catalogue: Catalogue,
        tokens: Tokens, folder: Path | None = None, parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        """`folder` is where exports are offered to be saved; the person's home where it is not said."""
        super().__init__(parent)
        self._board, self._port, self._catalogue, self._actions = board, port, catalogue, actions
        self._texts = Texts(catalogue)
        self._clock = CityClock(board.profile.time_zone)
        self._teller = Teller(catalogue, board.profile)
        self.part: Part = "incidents"
        self.setObjectName("review")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        style(self, role="panel")
        self._texts.put(self, accessibleName="review.title")
        self._add_acts()
        self.filters = FilterBar(board, actions, catalogue, tokens)
        self.incidents = IncidentRows(self._teller, self._clock, self)
        self.ledger = LogRows(self._teller, self._clock, self)
        self.tables = {
            "incidents": RecordTable(self.incidents, tokens), "ledger": RecordTable(self.ledger, tokens)
        }  # fmt: skip
        self.pagers: dict[str, Pager] = {"incidents": Pager(port), "ledger": Pager(port)}
        self.history = HistoryPanel(port, self._teller, self._clock, actions, tokens)
        self.strip = ExportStrip(
            board, pulse, port, actions, catalogue, tokens, folder or Path.home(), self
        )
        self._wants_rows = False
        self.note = label(ink="dim", size="strong")
        self.status = label(ink="dim")
        self._lay_out(tokens)
        self._connect(pulse)
        follow(catalogue, self._say)
        self._show_part("incidents")

    @Slot(str)
    def show_history(self, incident_id: str) -> None:
        """Look up one incident's whole history and show it."""
        self._teller.learn_state(self._board.state)
        self.history.show_incident(incident_id)
        self.history.table.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def show_incidents(self) -> None:
        """Show the incident log by the present filter."""
        self._show_part("incidents")
        self.filters.submit()

    @Slot()
    def show_ledger(self) -> None:
        """Show the ledger by the present filter."""
        self._show_part("ledger")
        self.filters.submit()

    @Slot()
    def search(self) -> None:
        """Look up again what is shown."""
        if self._in_history():
            self.history.show_incident(self.history.incident_id)
        else:
            self.filters.submit()

    @Slot()
    def go_back(self) -> None:
        """From a history to the list."""
        self.history.pager.stop()
        self.history.incident_id = ""
        self._say()
        self.focus_list()

    @Slot()
    def focus_list(self) -> None:
        """Give the rows that are shown the keyboard."""
        (self.history.table if self._in_history() else self.tables[self.part]).take_keyboard()

    @Slot()
    def ask_csv(self) -> None:
        self.strip.ask(self.scope(), "csv")

    @Slot()
    def ask_pdf(self) -> None:
        self.strip.ask(self.scope(), "pdf")

    def scope(self) -> Scope:
        """What an export of the present view would hold."""
        say, wanted = self._catalogue.say, self.filters.wanted
        if self._in_history():
            name = self.history.incident_id
            words = say("review.export.what_history", incident=name)
            return Scope("history", words, wanted, name)
        kind: Literal["log", "incidents"] = "log" if self.part == "ledger" else "incidents"
        told = filter_words(self._teller, wanted) or say("review.export.everything")
        return Scope(kind, say(f"review.export.what_{kind}", filter=told), wanted)

    def showEvent(self, event: object) -> None:
        super().showEvent(event)
        # Opening the workspace is not yet a look-up: that is on record, so a person asks for it.
        if not self._in_history():
            self.filters.focus_text()

    @Slot()
    def _submitted(self) -> None:
        self.history.pager.stop()
        self.history.incident_id = ""
        rows, pager = self._rows(), self.pagers[self.part]
        rows.clear()
        self._wants_rows = True
        self._teller.learn_state(self._board.state)
        if self.part == "ledger":
            pager.begin_log(self.filters.wanted)
        else:
            pager.begin_incidents(self.filters.wanted)
        self._say()

    @Slot()
    def _more(self) -> None:
        self.pagers[self.part].more()
        self._say()

    @Slot(object)
    def _looked_up(self, query_ids: Any) -> None:
        for query_id in query_ids:
            if self.history.pager.waits_for(query_id):
                came = self._board.take_page(query_id)
                if came is not None:
                    self.history.take(came)
                    self.history.table.take_keyboard()
            for part, pager in self.pagers.items():
                if pager.waits_for(query_id):
                    self._take(part, pager, self._board.take_page(query_id))

    def _take(self, part: str, pager: Pager, came: PageCame | None) -> None:
        page = pager.take(came) if came is not None else None
        if isinstance(page, LogPage):
            self.ledger.add(page)
        elif isinstance(page, IncidentPage):
            self.incidents.add(page)
        self._say()
        if self._wants_rows and self._rows().rowCount() and not self._in_history():
            # What was looked for is there: the keys go to it, and letters are acts again.
            self._wants_rows = False
            self.focus_list()

    def _rows(self) -> RecordRows:
        return self.ledger if self.part == "ledger" else self.incidents

    def _in_history(self) -> bool:
        return bool(self.history.incident_id)

    def _show_part(self, part: Part) -> None:
        self.part = part
        self.history.pager.stop()
        self.history.incident_id = ""
        self.filters.show_kind(part == "ledger")
        self._say()

    @Slot()
    def _say(self) -> None:
        """Which page of the stack, and what is said instead of rows that are not there."""
        pager = self.history.pager if self._in_history() else self.pagers[self.part]
        count = self.history.rows.rowCount() if self._in_history() else self._rows().rowCount()
        for name in ("incidents", "ledger"):
            self._actions.act(f"review.{name}").setChecked(name == self.part and not self._in_history())
        note = self._note(pager, count)
        self.note.setText(note)
        style(self.note, ink="p2" if pager.state == "problem" else "dim")
        page = 3 if note else 2 if self._in_history() else 1 if self.part == "ledger" else 0
        self._pages.setCurrentIndex(page)
        self.filters.setVisible(not self._in_history())
        self.status.setText(self._status(pager, count))
        for name in ("csv", "pdf"):
            ready = bool(count) and not self.strip.running()
            self._actions.enable(f"review.{name}", ready)
        self._actions.enable("review.back", self._in_history())

    def _note(self, pager: Pager, count: int) -> str:
        say = self._catalogue.say
        if pager.state == "problem" and not count:
            problem = self._catalogue.words(pager.problem) or say("review.state.unknown_problem")
            return say("review.state.problem", problem=problem)
        if count:
            return ""
        if pager.state == "asking":
            return say("review.state.asking" if self._board.link == "live" else "review.state.waiting")
        return say("review.state.ready" if pager.state == "idle" else "review.state.nothing")

    def _status(self, pager: Pager, count: int) -> str:
        say = self._catalogue.say
        if pager.state == "problem" and count:
            problem = self._catalogue.words(pager.problem) or say("review.state.unknown_problem")
            return say("review.state.problem", problem=problem)
        key = {"more": "lines_more", "asking": "lines_asking"}.get(pager.state, "lines")
        lines = say(f"review.state.{key}", count=f"{count:,}") if count else ""
        return " · ".join(one for one in (lines, say("review.state.logged")) if one)

    def _connect(self, pulse: Pulse) -> None:
        pulse.looked_up.connect(self._looked_up)
        pulse.health_changed.connect(self._say)
        self.filters.submitted.connect(self._submitted)
        self.history.changed.connect(self._say)
        self.strip.left.connect(self.focus_list)
        self.strip.turned.connect(self._say)
        for rows in (self.incidents, self.ledger):
            rows.more_wanted.connect(self._more)
        for table in self.tables.values():
            table.opened.connect(self.show_history)

    def _add_acts(self) -> None:
        handlers = {
            "incidents": self.show_incidents, "ledger": self.show_ledger, "filter": self._focus_filter,
            "list": self.focus_list, "search": self.search, "clear": self._clear, "back": self.go_back,
            "csv": self.ask_csv, "pdf": self.ask_pdf,
        }  # fmt: skip
        for name, key, checkable in ACTS:
            self._actions.add(
                f"review.{name}", f"review.act.{name}", key, handlers[name], owner=self,
                group="review.group", checkable=checkable,
            )  # fmt: skip

    def _focus_filter(self) -> None:
        if self._in_history():
            self.go_back()
        self.filters.focus_text()

    def _clear(self) -> None:
        self.filters.clear()

    def _lay_out(self, tokens: Tokens) -> None:
        space = tokens.space(1)
        bar = QHBoxLayout()
        bar.setContentsMargins(2 * space, 2 * space, 2 * space, 0)
        bar.setSpacing(2 * space)
        for name in ("incidents", "ledger"):
            bar.addWidget(self._actions.button(f"review.{name}", self))
        bar.addStretch(1)
        bar.addWidget(self.status)
        for name in ("csv", "pdf"):
            bar.addWidget(self._actions.button(f"review.{name}", self))
        self.note.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.note.setWordWrap(True)
        body = QWidget()
        self._pages = QStackedLayout(body)
        for page in (self.tables["incidents"], self.tables["ledger"], self.history, self.note):
            self._pages.addWidget(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(bar)
        column.addWidget(self.filters)
        column.addWidget(self.strip)
        column.addWidget(body, 1)
        for name in ("incidents", "ledger"):
            self._texts.put(
                self.tables[name], accessibleName=f"review.list.{name}",
                accessibleDescription="review.list.keys",
            )  # fmt: skip
