"""The agency's window: cases left, the chosen one right with what can be said of it, units and map below."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSplitter, QVBoxLayout, QWidget

from console.agency.facts import OPEN, CaseFacts
from console.agency.fleet import Duty, Fleet, Ground, ordered
from console.agency.linked import Linked
from console.agency.view import Decision, View
from console.agency.view import Look as ViewerLook
from console.agency.window.answers import Answers
from console.agency.window.caselist import CaseList, make_table
from console.agency.window.detail import CaseDetail
from console.agency.window.look import Look
from console.agency.window.pictures import PictureOffice, PictureRoom
from console.agency.window.screen import MakePlayer
from console.agency.window.unitlist import UnitList, make_units
from console.agency.window.unitmap import UnitMap
from console.clock import SECOND_NS, Clock
from console.language import Catalogue
from console.model.base import Position

_LOOK_MS = 100
_EACH_S = 10  # looks in a second


class OfficeFacts(PictureOffice, Protocol):
    """What the window knows of the office."""

    @property
    def view(self) -> View: ...
    def ask(self, decision: Decision) -> None: ...
    def show_stills(self, number: str) -> None: ...


class AgencyWindow(QWidget):
    """One control room. `tick` shows what is new; a timer calls it, and tests do."""

    def __init__(
        self, office: OfficeFacts, number: str, agency: str, fleet: Fleet, ground: Ground,
        services: tuple[Linked, ...], catalogue: Catalogue, look: Look, clock: Clock, make: MakePlayer,
    ) -> None:  # fmt: skip
        super().__init__()
        self.room = PictureRoom(office, services, catalogue, look, clock, make, self)
        self._office = office
        self._number = number
        self._fleet = fleet
        self._catalogue = catalogue
        self._look = look
        self._clock = clock
        self._view = View(version=-1)
        self._chosen = ""
        self._looks = 0
        self._build(agency, ground)
        self._retranslate()
        self.tick()
        self._timer = QTimer(self)
        self._timer.setInterval(_LOOK_MS)
        self._timer.timeout.connect(self.tick)
        self._timer.start()

    @Slot()
    def tick(self) -> None:
        """Take over what the office shows now; ages and moving units go on by themselves."""
        self._looks += 1
        view = self._office.view
        if view.version != self._view.version:
            self._view = view
            self.model.take(view.cases)
            self.units.take(view.duties)
            if not self._chosen and view.cases:
                self.table.selectRow(0)
            self.room.take(view)
            self._show()
        elif self._looks % _EACH_S == 0:
            self.model.grow_older()
            self.units.refresh()
            if self.map.moving:
                self.map.update()

    @property
    def chosen(self) -> CaseFacts | None:
        return next((one for one in self._view.cases if one.number == self._chosen), None)

    def _build(self, agency: str, ground: Ground) -> None:
        self.heading, self.line, self.door = QLabel(), QLabel(), QLabel()
        self.count, self.exercise, self.problem = QLabel(), QLabel(), QLabel()
        self.heading.setStyleSheet(f"font-size: {self._look.type['large']}px; font-weight: bold;")
        self.exercise.setStyleSheet(f"color: {self._look.ink['p2']}; font-weight: bold;")
        self.problem.setStyleSheet(f"color: {self._look.ink['p1']};")
        self.door.setStyleSheet(f"color: {self._look.ink['dim']};")
        self.problem.setWordWrap(True)
        self.language, self.whole = QPushButton(), QPushButton()
        self.pictures, self.clip = QPushButton(), QPushButton()
        self.clip.clicked.connect(self._clip)
        self.pictures.clicked.connect(self._pictures)
        self.language.clicked.connect(self._switch_language)
        self.whole.setCheckable(True)
        self.model = CaseList(self._catalogue, self._look, self._clock, self)
        self.table = make_table(self.model)
        self.table.selectionModel().selectionChanged.connect(self._choose)
        self.table.doubleClicked.connect(self._open)
        for key in ("Return", "Enter"):
            opens = QShortcut(QKeySequence(key), self.table)
            opens.setContext(Qt.ShortcutContext.WidgetShortcut)
            opens.activated.connect(self._open)
        self.empty = QLabel()
        self.empty.setWordWrap(True)
        self.detail = CaseDetail(self._catalogue, self._look)
        self.answers = Answers(
            agency, self._catalogue, self.detail.cancel_accept, self.detail.cancel_refuse
        )
        self.answers.decided.connect(self._ask)
        self.answers.give_keys(self)
        self.acts = self.answers.buttons
        self.units = UnitList(self._fleet, self._catalogue, self._look, self._clock, self)
        self.unit_table = make_units(self.units)
        self.map = UnitMap(self._fleet, ground, self._catalogue, self._look, self._clock)
        self.whole.toggled.connect(self.map.show_whole)
        self.map.pointed.connect(self.room.point)
        self.room.circle.connect(self.map.show_circle)
        QShortcut(QKeySequence("F2"), self).activated.connect(self.language.click)
        QShortcut(QKeySequence("M"), self).activated.connect(self.whole.click)
        QShortcut(QKeySequence("V"), self).activated.connect(self.pictures.click)
        QShortcut(QKeySequence("P"), self).activated.connect(self.clip.click)
        self._lay_out()
        self.resize(1440, 860)
        self.table.setFocus()

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        for label in (self.heading, self.exercise, self.count, self.line):
            top.addWidget(label)
            top.addSpacing(12)
        top.addStretch(1)
        top.addWidget(self.clip)
        top.addWidget(self.pictures)
        top.addWidget(self.whole)
        top.addWidget(self.language)
        lists = QWidget()
        cases = QVBoxLayout(lists)
        cases.setContentsMargins(0, 0, 0, 0)
        cases.addWidget(self.empty)
        cases.addWidget(self.table, 1)
        ground = QSplitter()
        ground.addWidget(self.map)
        ground.addWidget(self.unit_table)
        ground.setSizes([420, 380])
        left = QSplitter(Qt.Orientation.Vertical)
        left.addWidget(lists)
        left.addWidget(ground)
        left.setSizes([420, 360])
        right = QWidget()
        column = QVBoxLayout(right)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.detail, 1)
        column.addWidget(self.answers)
        split = QSplitter()
        split.addWidget(left)
        split.addWidget(right)
        split.setSizes([820, 600])
        for one in (ground, left, split):
            one.setChildrenCollapsible(False)
        whole = QVBoxLayout(self)
        whole.addLayout(top)
        whole.addWidget(self.problem)
        whole.addWidget(split, 1)
        whole.addWidget(self.door)

    def _retranslate(self) -> None:
        say = self._catalogue.say
        self.setWindowTitle(say(f"agency.title.{self._number}"))
        self.heading.setText(say(f"agency.title.{self._number}"))
        self.exercise.setText(say("agency.exercise"))
        self.empty.setText(say("agency.list.empty"))
        self.language.setText(say("agency.act.language"))
        self.language.setAccessibleName(say("agency.act.language_name"))
        self.whole.setText(say("agency.act.with_key", act=say("agency.act.whole"), key="M"))
        self.whole.setAccessibleName(say("agency.act.whole"))
        self.clip.setText(say("agency.act.with_key", act=say("agency.act.clip"), key="P"))
        self.clip.setAccessibleName(say("agency.act.clip"))
        self.pictures.setText(say("agency.act.with_key", act=say("agency.act.pictures"), key="V"))
        self.pictures.setAccessibleName(say("agency.act.pictures"))
        self.table.setAccessibleName(say("agency.list.name"))
        self.unit_table.setAccessibleName(say("agency.units.name"))
        for part in (self.model, self.units, self.map, self.detail, self.answers, self.room):
            part.retranslate()
        self._show()

    def _show(self) -> None:
        """Put the view's texts and the possible acts on the screen."""
        say, view = self._catalogue.say, self._view
        self.empty.setVisible(not view.cases)
        self.exercise.setVisible(any(one.letter.exercise for one in view.cases))
        self.count.setText(say("agency.open_cases", count=sum(one.stage in OPEN for one in view.cases)))
        self.line.setText(say(f"agency.line.{view.console}"))
        colour = self._look.ink["p2" if view.console == "down" else "text"]
        self.line.setStyleSheet(f"color: {colour};")
        self.door.setText(say("agency.door.open", url=view.url) if view.url else say("agency.door.shut"))
        if view.ended:
            self.problem.setText(say("agency.line.ended", problem=view.problem))
        else:
            self.problem.setText(say("agency.problem", problem=view.problem) if view.problem else "")
        self.problem.setVisible(bool(self.problem.text()))
        case = self.chosen
        self.detail.show_case(case)
        self.detail.show_stills(case, view.stills)
        attached = case.attached(self._catalogue.language) if case is not None else ()
        if any(not one.is_clip and one.name not in view.stills for one in attached):
            self._office.show_stills(self._chosen)
        self.clip.setEnabled(any(one.is_clip for one in attached))
        self.answers.show_case(case, self._free(case), runs=not view.ended)
        self.map.show_state(view.cases, view.duties, self._chosen)

    def _free(self, case: CaseFacts | None) -> list[tuple[str, str]]:
        """Free units, the soonest first, each with the minutes it takes."""
        if case is None:
            return []
        duties, now_ns = {one.unit: one for one in self._view.duties}, self._clock.now_ns()
        found: list[tuple[int, str]] = []
        for unit in self._fleet.units:
            duty = duties.get(unit.id)
            if duty is not None and duty.number:
                continue
            start: Position = self._fleet.home(unit) if duty is None else duty.at(now_ns)
            way: Duty = ordered(self._fleet, unit, start, case.letter.position, 0, case.number)
            found.append((way.arrives_ns // SECOND_NS, unit.id))
        say = self._catalogue.say
        return [
            (unit, say("agency.units.takes", unit=unit, minutes=f"{seconds / 60:.1f}"))
            for seconds, unit in sorted(found)
        ]

    @Slot()
    def _open(self) -> None:
        self.acts["open"].click()

    @Slot()
    def _choose(self) -> None:
        rows = self.table.selectionModel().selectedRows()
        self._chosen = self.model.cases[rows[0].row()].number if rows else ""
        self._show()

    @Slot()
    def _switch_language(self) -> None:
        self._catalogue.switch("en" if self._catalogue.language == "ko" else "ko")
        self._retranslate()

    @Slot()
    def _clip(self) -> None:
        case = self.chosen
        if case is not None:
            self.room.open_for(case)
            self._office.look(ViewerLook(asked=case.number, camera=case.key, form="clip"))

    @Slot()
    def _pictures(self) -> None:
        self.room.open_for(self.chosen)

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802 - Qt's name
        """The room's other window goes with it."""
        self.room.close()
        super().closeEvent(event)

    @Slot(object)
    def _ask(self, decision: Decision) -> None:
        self._office.ask(decision)
