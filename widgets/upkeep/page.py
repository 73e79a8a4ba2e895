"""The page of upkeep: which devices are not well, since when, who keeps them, what is done; availability."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QItemSelection, Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLineEdit,
    QSplitter,
    QStackedWidget,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from console.desk.port import DeskPort
from console.language import Catalogue
from console.report.sheet import Cell, csv_head, csv_lines
from widgets.kit.actions import Actions
from widgets.kit.exportstrip import ExportStrip
from widgets.kit.flow import FlowLayout
from widgets.kit.labels import ElidedLabel, label
from widgets.kit.moments import Moments
from widgets.kit.pulse import Pulse
from widgets.kit.quiettable import quieten
from widgets.kit.texts import follow
from widgets.kit.tokens import Tokens
from widgets.upkeep.acts import GROUP, UpkeepForm
from widgets.upkeep.availability import AvailabilityPanel
from widgets.upkeep.goals import GoalsPanel
from widgets.upkeep.model import Column, UpkeepModel
from widgets.upkeep.rows import VIEWS, Wanted

if TYPE_CHECKING:
    from console.desk.board import Board

WIDTHS_PX = {
    Column.STANDING: 120, Column.NAME: 230, Column.SINCE: 80, Column.TICKET: 170, Column.CONTRACTOR: 190,
    Column.SYSTEM: 130, Column.DISTRICT: 100, Column.ID: 130,
}  # fmt: skip
FOLD_A_TICK = 250
"""Devices whose words are made in one tick: about a millisecond."""
LINES_A_PIECE = 200
LIST_PX, PANEL_PX = 940, 500


class UpkeepPage(QWidget):
    """UI thread only.

    Signals:
        place_wanted(str): this device is to be shown on the map.
        controls_wanted(str), charts_wanted(str): its controls, its measurements.
    """

    place_wanted = Signal(str)
    controls_wanted = Signal(str)
    charts_wanted = Signal(str)

    def __init__(
        self, board: Board, pulse: Pulse, port: DeskPort, actions: Actions, catalogue: Catalogue,
        tokens: Tokens, moments: Moments, folder: Path, parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        """`folder`: where exports are offered to be put."""
        super().__init__(parent)
        self.setObjectName("upkeep")
        self._board, self._actions, self._catalogue = board, actions, catalogue
        self.model = UpkeepModel(board, catalogue, tokens, moments, self)
        self.boxes = {name: QComboBox(self) for name in ("view", "system", "district", "contractor")}
        self.field = QLineEdit(self)
        self.field.setClearButtonEnabled(True)
        self.count = ElidedLabel(self, size="small", ink="dim")
        self.empty = label(self, ink="dim")
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.table = QTableView(self)
        self.table.setObjectName("upkeep-table")
        self.form = UpkeepForm(board, pulse, port, actions, catalogue, tokens, self)
        self.export = ExportStrip(
            "upkeep.file", GROUP, board, pulse, port, actions, catalogue, tokens, folder, self
        )
        self.figures = AvailabilityPanel(board, pulse, port, catalogue, tokens, moments, self)
        self.goals = GoalsPanel(board, pulse, port, catalogue, tokens, moments, self)
        self._add_acts(actions)
        self._build_table(tokens)
        self._lay_out(actions, tokens)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        for box in self.boxes.values():
            box.currentIndexChanged.connect(self._want)
        self.field.textChanged.connect(self._want)
        self.table.selectionModel().selectionChanged.connect(self._chosen_changed)
        self.form.left.connect(self.table.setFocus)
        self.export.left.connect(self.table.setFocus)
        pulse.incidents_changed.connect(self._look)
        pulse.second_passed.connect(self._second)
        pulse.ticked.connect(self._tick)
        tokens.changed.connect(self.table.viewport().update)
        self._forget_words = follow(catalogue, self._retext)
        self._want()

    # what can be done

    @property
    def chosen(self) -> tuple[str, ...]:
        """The chosen devices, from the top."""
        rows = sorted(one.row() for one in self.table.selectionModel().selectedRows())
        return tuple(one for row in rows if (one := self.model.device_id(row)))

    @Slot()
    def ask_repair(self) -> None:
        if self.chosen:
            self.form.begin("repair", self.chosen)

    @Slot()
    def move_ticket(self) -> None:
        ticket = self.model.ticket_of(self.chosen[0]) if self.chosen else None
        if ticket is not None:
            self.form.begin("stage", self.chosen[:1], ticket)

    @Slot()
    def take_out(self) -> None:
        if self.chosen:
            self.form.begin("out", self.chosen)

    @Slot()
    def take_back(self) -> None:
        if self.chosen:
            self.form.begin("back", self.chosen)
            self.form.send()

    @Slot()
    def show_place(self) -> None:
        if self.chosen:
            self.place_wanted.emit(self.chosen[0])

    @Slot()
    def show_charts(self) -> None:
        if self.chosen:
            self.charts_wanted.emit(self.chosen[0])

    @Slot()
    def find(self) -> None:
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()

    @Slot()
    def export_list(self) -> None:
        say = self._catalogue.say
        what = say("upkeep.export_list", view=self.boxes["view"].currentText(), count=self.model.rowCount())
        self.export.ask(what, "upkeep", "csv", lambda: _pieces(self.model.titles(), self.model.lines()))

    @Slot()
    def switch_figures(self) -> None:
        """Availability, or the goals of the year."""
        shows_goals = self.side.currentWidget() is self.figures
        self.side.setCurrentWidget(self.goals if shows_goals else self.figures)
        self._actions.act("upkeep.goals").setChecked(shows_goals)

    @Slot()
    def export_figures(self) -> None:
        if self.side.currentWidget() is self.goals:
            if self.goals.page is not None:
                self.export.ask(
                    self._catalogue.say("upkeep.export_goals"), "goals", "csv",
                    lambda: _pieces(self.goals.titles(), self.goals.rows()),
                )  # fmt: skip
            return
        if self.figures.page is None:
            return
        what = self._catalogue.say(
            "upkeep.export_figures", by=self.figures.grouping.currentText(),
            period=self.figures.period.currentText(),
        )  # fmt: skip
        self.export.ask(
            what, "availability", "csv", lambda: _pieces(self.figures.titles(), self.figures.rows())
        )

    def show_device(self, device_id: str) -> None:
        """Choose this device, among all of them if it is not in the list."""
        if self.model.row_of(device_id) < 0:
            for box in self.boxes.values():
                box.setCurrentIndex(0)
            self.boxes["view"].setCurrentIndex(VIEWS.index("all"))
            self.field.setText(device_id)
        row = self.model.row_of(device_id)
        if row >= 0:
            self.table.selectRow(row)
            self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def release(self) -> None:
        """Before the window goes."""
        self._forget_words()
        for part in (self.form, self.export, self.figures, self.goals):
            part.release()

    # how it follows

    @Slot()
    def _want(self) -> None:
        profile = self._board.profile
        self.model.want(
            Wanted(
                view=VIEWS[max(0, self.boxes["view"].currentIndex())], text=self.field.text(),
                system=_at(list(profile.systems), self.boxes["system"].currentIndex() - 1),
                district=_at(list(profile.districts), self.boxes["district"].currentIndex() - 1),
                contractor=_at(list(profile.contractors), self.boxes["contractor"].currentIndex() - 1),
            )
        )  # fmt: skip
        self._tell()

    @Slot()
    def _look(self) -> None:
        if not self.isVisible():
            return
        kept = self.chosen
        self.model.look()
        self._choose_again(kept)
        self._tell()

    @Slot()
    def _second(self) -> None:
        if self.isVisible():
            self.model.repaint()

    @Slot()
    def _tick(self) -> None:
        if self.isVisible() and not self.model.folded.ready:
            self.model.folded.work(FOLD_A_TICK)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The page itself has the keyboard only while there is no row that could."""
        if self.table.isVisible():
            self.table.setFocus(event.reason())

    def showEvent(self, event: object) -> None:
        self._look()

    def _choose_again(self, device_ids: Sequence[str]) -> None:
        if device_ids and self.chosen != tuple(device_ids):
            for device_id in device_ids[:1]:
                row = self.model.row_of(device_id)
                if row >= 0:
                    self.table.selectRow(row)

    @Slot(QItemSelection, QItemSelection)
    def _chosen_changed(self, *_: object) -> None:
        self._tell()

    def _tell(self) -> None:
        state, say, chosen = self._board.state, self._catalogue.say, self.chosen
        ticket = self.model.ticket_of(chosen[0]) if chosen else None
        supervisor = self._board.profile.desks[self._board.desk].role == "supervisor"
        out = [one for one in chosen if one in state.out_of_service]
        for name, can in (
            ("repair", bool(chosen) and ticket is None), ("stage", ticket is not None),
            ("out", bool(chosen) and not out and supervisor),
            ("back", bool(chosen) and len(out) == len(chosen) and supervisor),
            ("place", bool(chosen)), ("charts", bool(chosen)), ("list", self.model.rowCount() > 0),
        ):  # fmt: skip
            self._actions.enable(f"upkeep.{name}", can)
        rows = self.model.rowCount()
        text = say("upkeep.count", shown=f"{rows:,}", all=f"{len(self._board.profile.columns.ids):,}")
        if chosen:
            text += " · " + say("upkeep.chosen", count=len(chosen))
        self.count.setText(text)
        self.empty.setVisible(not rows)
        self.table.setVisible(bool(rows))
        self.empty.setText(say(f"upkeep.empty.{self.model.wanted.view}"))

    @Slot()
    def _retext(self) -> None:
        say, words, profile = self._catalogue.say, self._catalogue.words, self._board.profile
        self.setAccessibleName(say("upkeep.title"))
        self.table.setAccessibleName(say("upkeep.title"))
        self.field.setPlaceholderText(say("upkeep.find"))
        self.field.setAccessibleName(say("upkeep.find"))
        for name, texts in (
            ("view", [say(f"upkeep.view.{one}") for one in VIEWS]),
            ("system", [words(one.name) for one in profile.systems.values()]),
            ("district", [words(one.name) for one in profile.districts.values()]),
            ("contractor", [words(one.name) for one in profile.contractors.values()]),
        ):  # fmt: skip
            box = self.boxes[name]
            box.setAccessibleName(say(f"upkeep.box.{name}"))
            told = texts if name == "view" else [say(f"upkeep.all.{name}"), *texts]
            box.blockSignals(True)
            for number, text in enumerate(told):
                if number < box.count():
                    box.setItemText(number, text)
                else:
                    box.addItem(text)
            box.blockSignals(False)
        self.model.repaint()
        self._tell()

    # how it is built

    def _add_acts(self, actions: Actions) -> None:
        for name, key, handler in (
            ("find", "Ctrl+F", self.find), ("repair", "R", self.ask_repair), ("stage", "T", self.move_ticket),
            ("out", "O", self.take_out), ("back", "Shift+O", self.take_back), ("place", "M", self.show_place),
            ("charts", "C", self.show_charts), ("list", "E", self.export_list),
            ("figures", "Shift+E", self.export_figures), ("goals", "G", self.switch_figures),
        ):  # fmt: skip
            actions.add(
                f"upkeep.{name}", f"upkeep.act.{name}", key, handler, owner=self, group=GROUP,
                only_focused=True, checkable=name == "goals",
            )  # fmt: skip

    def _build_table(self, tokens: Tokens) -> None:
        table = self.table
        table.setModel(self.model)
        quieten(table, tokens, Column.WHY, several=True)
        for column, wide in WIDTHS_PX.items():
            table.setColumnWidth(column, wide)

    def _lay_out(self, actions: Actions, tokens: Tokens) -> None:
        space = tokens.space(1)
        bar = QHBoxLayout()
        bar.setContentsMargins(2 * space, space, 2 * space, space)
        bar.setSpacing(space)
        for box in self.boxes.values():
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            box.setMinimumContentsLength(6)
            bar.addWidget(box, 1)
        bar.addWidget(self.field, 2)
        bar.addWidget(self.count, 1)
        acts = FlowLayout(space)
        acts.setContentsMargins(2 * space, 0, 2 * space, space)
        for name in ("repair", "stage", "out", "back", "place", "charts", "list", "goals", "figures"):
            acts.addWidget(actions.button(f"upkeep.{name}", self, role="quiet"))
        left = QWidget(self)
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for layout in (bar, acts):
            column.addLayout(layout)
        for widget in (self.form, self.export):
            column.addWidget(widget)
        column.addWidget(self.table, 1)
        column.addWidget(self.empty, 1)
        split = QSplitter(Qt.Orientation.Horizontal, self)
        split.addWidget(left)
        self.side = QStackedWidget(self)
        for panel in (self.figures, self.goals):
            self.side.addWidget(panel)
        split.addWidget(self.side)
        split.setStretchFactor(0, 1)
        split.setSizes([LIST_PX, PANEL_PX])
        split.setChildrenCollapsible(False)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(split)


def _at(ids: list[str], number: int) -> str:
    return ids[number] if 0 <= number < len(ids) else ""


def _pieces(titles: Sequence[str], rows: Iterator[Sequence[Cell]]) -> Iterator[str]:
    yield csv_head(titles)
    piece: list[Sequence[Cell]] = []
    for row in rows:
        piece.append(row)
        if len(piece) == LINES_A_PIECE:
            yield csv_lines(piece)
            piece = []
    yield csv_lines(piece)
