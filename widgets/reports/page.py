"""The page "Reports": what citizens tell the city, answered from here."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, QItemSelection, QObject, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QSplitter,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from console.desk.board import Board
from console.desk.port import DeskPort
from console.language import Catalogue
from console.model.citizenreport import CitizenReport
from console.model.commands import Accepted, AnswerReport, LinkReport, OpenReportIncident
from console.profile import nearest_cameras
from console.report.sheet import csv_head, csv_lines
from widgets.kit.actions import Actions
from widgets.kit.choosing import Choice, Chooser
from widgets.kit.exportstrip import ExportStrip
from widgets.kit.flow import FlowLayout
from widgets.kit.labels import ElidedLabel, label, style
from widgets.kit.moments import Moments
from widgets.kit.pulse import Pulse
from widgets.kit.quiettable import quieten
from widgets.kit.texts import follow
from widgets.kit.tokens import Tokens
from widgets.reports.answering import AnswerForm
from widgets.reports.asking import Asked
from widgets.reports.choices import NONE, incident_choices, type_choices
from widgets.reports.contact import ContactPanel
from widgets.reports.detail import ReportDetail
from widgets.reports.model import Column, ReportModel
from widgets.reports.rows import VIEWS, Wanted, export_line, export_titles

GROUP = "reports.title"
WIDTHS_PX = {
    Column.STATE: 104, Column.AGE: 64, Column.SERVICE: 132, Column.PLACE: 136, Column.INCIDENT: 112,
    Column.OFFICE: 150, Column.ID: 150,
}  # fmt: skip
LESS_BELOW_PX = {Column.ID: 1000, Column.OFFICE: 900, Column.INCIDENT: 720}
"""Columns that give way in a narrow list; the detail beside it says them all."""
CAMERAS = 5
LIST_PX, DETAIL_PX = 720, 440
LINES_A_PIECE = 200


class ReportsPage(QWidget):
    """UI thread only.

    Signals:
        cameras_wanted(tuple): these are to be shown on the wall.
        place_wanted(Position): this point is to be shown on the map.
        incident_wanted(str): this incident is to be opened.
    """

    cameras_wanted = Signal(object)
    place_wanted = Signal(object)
    incident_wanted = Signal(str)

    def __init__(
        self, board: Board, pulse: Pulse, port: DeskPort, actions: Actions, catalogue: Catalogue,
        tokens: Tokens, moments: Moments, folder: Path, parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        """`folder`: where exports are offered to be put."""
        super().__init__(parent)
        self.setObjectName("reports")
        self._board, self._port, self._actions, self._catalogue = board, port, actions, catalogue
        self._moments = moments
        self._asked = Asked(board)
        self._choosing = ""
        self.model = ReportModel(board, catalogue, tokens, moments, self)
        self.view, self.service = QComboBox(self), QComboBox(self)
        self.field = QLineEdit(self)
        self.field.setClearButtonEnabled(True)
        self.count = ElidedLabel(self, size="small", ink="dim")
        self.empty = label(self, ink="dim")
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.table = QTableView(self)
        self.table.setObjectName("reports-table")
        self.detail = ReportDetail(board, catalogue, tokens, moments, self)
        self.form = AnswerForm(board, actions, catalogue, tokens, self)
        self.contact = ContactPanel(board, pulse, port, actions, catalogue, tokens, self)
        self.status = label(self)
        self.status.setWordWrap(True)
        self.export = ExportStrip(
            "reports.file", GROUP, board, pulse, port, actions, catalogue, tokens, folder, self
        )
        self.chooser = Chooser(tokens, self, "reports-choice")
        self._add_acts(actions)
        self._build_table(tokens)
        self._lay_out(actions, tokens)
        self.setFocusProxy(self.table)
        for box in (self.view, self.service):
            box.currentIndexChanged.connect(self._want)
        self.field.textChanged.connect(self._want)
        self.table.selectionModel().selectionChanged.connect(self._chosen_changed)
        self.table.doubleClicked.connect(self.answer)
        self.table.installEventFilter(self)
        self.form.sent.connect(self._send_answer)
        for part in (self.form, self.contact, self.export):
            part.left.connect(self._back_to_list)
        self.chooser.chosen.connect(self._choice_made)
        pulse.incidents_changed.connect(self._look)
        pulse.answered.connect(self._answered)
        pulse.second_passed.connect(self._second)
        tokens.changed.connect(self.table.viewport().update)
        self._forget_words = follow(catalogue, self._retext)
        self._want()

    # what can be done

    @property
    def chosen(self) -> CitizenReport | None:
        """The chosen report as it stands, None where none is."""
        rows = self.table.selectionModel().selectedRows()
        report = self.model.rows.report(rows[0].row()) if rows else None
        return self._board.state.reports.get(report.id, report) if report is not None else None

    @Slot()
    def answer(self) -> None:
        """Write to the citizen."""
        report = self.chosen
        if report is not None:
            self.contact.forget()
            self._acts.hide()  # the form needs their room
            self.form.begin(report)

    @Slot()
    def open_incident(self) -> None:
        """Choose a type and open an incident at the report's place."""
        report = self.chosen
        if report is not None:
            self._offer("open", type_choices(report, self._board, self._catalogue))

    @Slot()
    def link(self) -> None:
        """Choose the incident it belongs to, nearest first; or none."""
        report = self.chosen
        if report is not None:
            self._offer("link", incident_choices(report, self._board, self._catalogue))

    @Slot()
    def show_cameras(self) -> None:
        """Bring the nearest cameras to the wall."""
        report = self.chosen
        if report is not None:
            down = {one for one, state in self._board.state.devices.items() if state.condition != "up"}
            found = nearest_cameras(
                self._board.profile, report.told.place.position, CAMERAS, lambda one: one not in down
            )
            self.cameras_wanted.emit(found)

    @Slot()
    def show_place(self) -> None:
        report = self.chosen
        if report is not None:
            self.place_wanted.emit(report.told.place.position)

    @Slot()
    def show_incident(self) -> None:
        report = self.chosen
        if report is not None and report.incident_id:
            self.incident_wanted.emit(report.incident_id)

    @Slot()
    def ask_contact(self) -> None:
        report = self.chosen
        if report is not None and report.told.has_contact:
            if self.form.is_open():
                self.form.leave()
            self.contact.begin(report)

    @Slot()
    def export_list(self) -> None:
        """Take what the list shows out, without contact data."""
        what = self._catalogue.say(
            "reports.export_what", view=self.view.currentText(), count=self.model.rowCount()
        )
        self.export.ask(what, "reports", "csv", self._pieces)

    @Slot()
    def find(self) -> None:
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()

    def show_report(self, report_id: str) -> bool:
        """Choose this report, among all of them where the list does not show it; whether it is known."""
        if self.model.rows.row_of(report_id) < 0:
            self.view.setCurrentIndex(VIEWS.index("all"))
            self.service.setCurrentIndex(0)
            self.field.clear()
        row = self.model.rows.row_of(report_id)
        if row >= 0:
            self.table.selectRow(row)
            self.table.scrollTo(self.model.index(row, 0))
        return row >= 0

    def release(self) -> None:
        """Before the window goes."""
        self._forget_words()
        self.form.release()
        self.export.release()

    # how it follows

    @Slot()
    def _want(self) -> None:
        book = self._board.profile.reports
        services = list(book.services) if book is not None else []
        number = self.service.currentIndex() - 1
        kept = self.chosen
        self.model.want(
            Wanted(
                view=VIEWS[max(0, self.view.currentIndex())], text=self.field.text(),
                service=services[number] if 0 <= number < len(services) else "",
            )
        )  # fmt: skip
        self._choose_again(kept)
        self._tell()

    @Slot()
    def _look(self) -> None:
        if not self.isVisible():
            return
        kept = self.chosen
        self._asked.settle()
        if self.model.look():
            self._choose_again(kept)
        self._tell()

    def showEvent(self, event: object) -> None:
        self._look()

    @Slot()
    def _fit(self) -> None:
        """Leave out what a narrow list has no room for."""
        wide = self.table.viewport().width()
        for column, least in LESS_BELOW_PX.items():
            self.table.setColumnHidden(column, wide < least)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._fit()
            return False
        pressed = event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent)
        if not pressed or event.key() not in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            return False
        self.answer()
        return True

    @Slot()
    def _second(self) -> None:
        if self.isVisible():
            self.model.repaint_ages()
            self._tell_status()

    @Slot(object)
    def _answered(self, pairs: Any) -> None:
        for command, answer in pairs:
            if isinstance(answer, Accepted) and isinstance(command, AnswerReport):
                self.form.forget_draft(command.report_id)
        self._asked.answered(pairs)
        self._tell_status()

    def _choose_again(self, report: CitizenReport | None) -> None:
        row = self.model.rows.row_of(report.id) if report is not None else -1
        if row >= 0:
            self.table.selectRow(row)

    @Slot(QItemSelection, QItemSelection)
    def _chosen_changed(self, *_: object) -> None:
        self.contact.forget()  # it belongs to the report that was chosen before
        if self.form.is_open():
            report = self.chosen
            if report is not None:
                self.form.begin(report)
        self._tell()

    @Slot()
    def _back_to_list(self) -> None:
        self._acts.setVisible(not self.form.is_open())
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    # what is sent

    def _offer(self, what: str, choices: list[Choice]) -> None:
        say = self._catalogue.say
        self._choosing = what
        self.chooser.offer(say(f"reports.choose.{what}"), say("reports.choose.find"),
                           say("reports.choose.hint"), choices)  # fmt: skip

    @Slot(str)
    def _choice_made(self, choice: str) -> None:
        report, what = self.chosen, self._choosing
        self.chooser.close_panel()
        if report is None:
            return
        if what == "open":
            command: Any = OpenReportIncident(report_id=report.id, type=choice)
        else:
            command = LinkReport(report_id=report.id, incident_id="" if choice == NONE else choice)
        self._asked.asked(self._port.request(command), f"reports.act.{what}", report.id)
        self._tell_status()

    @Slot(object)
    def _send_answer(self, command: AnswerReport) -> None:
        self._asked.asked(self._port.request(command), "reports.act.answer", command.report_id)
        self._tell_status()

    def _pieces(self) -> Iterator[str]:
        yield csv_head(export_titles(self._catalogue))
        ids = tuple(self.model.rows.shown)
        reports = self._board.state.reports
        for first in range(0, len(ids), LINES_A_PIECE):
            lines = [
                export_line(reports[one], self._board, self._catalogue, self._moments)
                for one in ids[first : first + LINES_A_PIECE] if one in reports
            ]  # fmt: skip
            yield csv_lines(lines)

    # what it says

    def _tell(self) -> None:
        say, report = self._catalogue.say, self.chosen
        self.detail.show_report(report)
        for name, can in (
            ("answer", report is not None), ("open", report is not None), ("link", report is not None),
            ("cameras", report is not None), ("place", report is not None),
            ("incident", report is not None and bool(report.incident_id)),
            ("contact", report is not None and report.told.has_contact),
            ("list", self.model.rowCount() > 0),
        ):  # fmt: skip
            self._actions.enable(f"reports.{name}", can)
        shown, known = self.model.rows.counts
        waiting = sum(1 for one in self._board.state.reports.values() if one.waits)
        text = say("reports.count", shown=f"{shown:,}", all=f"{known:,}")
        if waiting:
            text += " · " + say("reports.count_waiting", count=f"{waiting:,}")
        self.count.setText(text)
        self.table.setVisible(bool(shown))
        self.empty.setVisible(not shown)
        view = self.model.rows.wanted.view
        searched = self.field.text() or self.service.currentIndex() > 0
        self.empty.setText(say("reports.empty.search" if searched else f"reports.empty.{view}"))
        self._tell_status()

    def _tell_status(self) -> None:
        self._asked.settle()
        text, bad = self._asked.words(self._catalogue)
        self.status.setText(text)
        self.status.setVisible(bool(text))
        style(self.status, ink="p2" if bad else "dim", weight="bold" if bad else "")

    @Slot()
    def _retext(self) -> None:
        say, words, book = self._catalogue.say, self._catalogue.words, self._board.profile.reports
        self.setAccessibleName(say("reports.title"))
        self.table.setAccessibleName(say("reports.title"))
        self.field.setPlaceholderText(say("reports.find"))
        self.field.setAccessibleName(say("reports.find"))
        self.view.setAccessibleName(say("reports.box.view"))
        self.service.setAccessibleName(say("reports.box.service"))
        services = [words(one.name) for one in book.services.values()] if book is not None else []
        for box, texts in (
            (self.view, [say(f"reports.view.{one}") for one in VIEWS]),
            (self.service, [say("reports.all_services"), *services]),
        ):
            box.blockSignals(True)
            for number, text in enumerate(texts):
                if number < box.count():
                    box.setItemText(number, text)
                else:
                    box.addItem(text)
            box.blockSignals(False)
        kept = self.chosen
        self.model.reword()
        self._choose_again(kept)
        self._tell()

    # how it is built

    def _add_acts(self, actions: Actions) -> None:
        for name, key, handler in (
            ("find", "Ctrl+F", self.find), ("answer", "Alt+A", self.answer),
            ("open", "Alt+O", self.open_incident), ("link", "Alt+L", self.link),
            ("cameras", "Alt+C", self.show_cameras), ("place", "Alt+M", self.show_place),
            ("incident", "Alt+I", self.show_incident), ("contact", "Alt+P", self.ask_contact),
            ("list", "Alt+E", self.export_list),
        ):  # fmt: skip
            actions.add(
                f"reports.{name}", f"reports.act.{name}", key, handler, owner=self, group=GROUP,
                only_focused=True,
            )  # fmt: skip
        actions.tell_keys(GROUP, "reports.act.answer", "Enter")

    def _build_table(self, tokens: Tokens) -> None:
        table = self.table
        table.setModel(self.model)
        quieten(table, tokens, Column.TEXT, elide=Qt.TextElideMode.ElideRight)
        for column, wide in WIDTHS_PX.items():
            table.setColumnWidth(column, wide)

    def _lay_out(self, actions: Actions, tokens: Tokens) -> None:
        space = tokens.space(1)
        bar = QHBoxLayout()
        bar.setContentsMargins(2 * space, space, 2 * space, space)
        bar.setSpacing(space)
        for box in (self.view, self.service):
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            box.setMinimumContentsLength(9)
            bar.addWidget(box, 1)
        bar.addWidget(self.field, 2)
        bar.addWidget(self.count, 3)
        bar.addWidget(actions.button("reports.list", self, role="quiet"))
        left = QWidget(self)
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(bar)
        column.addWidget(self.export)
        column.addWidget(self.table, 1)
        column.addWidget(self.empty, 1)
        right = QWidget(self)
        side = QVBoxLayout(right)
        side.setContentsMargins(2 * space, space, 2 * space, space)
        side.setSpacing(space)
        self._acts = QWidget(right)
        acts = FlowLayout(space)
        self._acts.setLayout(acts)
        for name in ("answer", "open", "link", "incident", "cameras", "place", "contact"):
            role = "" if name == "answer" else "quiet"
            acts.addWidget(actions.button(f"reports.{name}", self, role=role))
        side.addWidget(self._acts)
        side.addWidget(self.status)
        side.addWidget(self.form)
        side.addWidget(self.contact)
        side.addWidget(self.detail, 1)
        split = QSplitter(Qt.Orientation.Horizontal, self)
        split.addWidget(left)
        split.addWidget(right)
        split.setStretchFactor(0, 1)
        split.setSizes([LIST_PX, DETAIL_PX])
        split.setChildrenCollapsible(False)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(split)
