"""The page of area acts: choose a drawn area, see what stands in it, order it as one, see each device's
answer, take it back as one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QItemSelection, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QScrollArea,
    QSplitter,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from console.desk.port import DeskPort
from console.language import Catalogue
from console.model import commands as do
from console.model.areaact import AreaAct
from console.model.sketch import Sketch
from console.profile.areaacts import AreaFigures, area_km2
from widgets.areaact.models import ACT_COLUMNS, DEVICE_COLUMNS, ActsModel, DevicesModel
from widgets.areaact.offers import Offers
from widgets.areaact.words import may_take_back, settled
from widgets.kit.actions import Actions
from widgets.kit.labels import ElidedLabel, label, style
from widgets.kit.moments import Moments
from widgets.kit.pulse import Pulse
from widgets.kit.quiettable import quieten
from widgets.kit.texts import follow
from widgets.kit.tokens import Tokens

if TYPE_CHECKING:
    from console.desk.board import Board

GROUP = "areas.title"
KEY = Qt.ItemDataRole.UserRole
AREAS_PX, OFFERS_PX, ACTS_PX = 250, 460, 430
WHEN_PX, DEVICE_PX = 66, 190


class AreaActPage(QWidget):
    """UI thread only. The second question stands in the place of what was ticked, and covers nothing else.

    Signals:
        draw_wanted: an area is to be drawn on the map.
    """

    draw_wanted = Signal()

    def __init__(
        self, board: Board, pulse: Pulse, port: DeskPort, actions: Actions, catalogue: Catalogue,
        tokens: Tokens, moments: Moments, figures: AreaFigures, parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self.setObjectName("areas")
        self._board, self._port, self._actions = board, port, actions
        self._catalogue, self._moments, self._figures = catalogue, moments, figures
        self._incident_id = ""
        self._shown: list[str] = []
        self._answered: set[str] = set()
        self.areas = QListWidget(self)
        self.areas.setObjectName("areas-list")
        self.areas_title = label(self, size="small", ink="dim")
        self.hint = label(self, size="small", ink="dim")
        self.hint.setWordWrap(True)
        self.offers = Offers(board, figures, catalogue, tokens)
        self.area_title = ElidedLabel(self, weight="bold")
        self.problem = label(self, size="small", ink="p1")
        self.problem.setWordWrap(True)
        self.question = QFrame(self)
        self.question.setObjectName("areas-question")
        self.question.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        style(self.question, role="overlay")
        self.sure = label(self.question, size="strong", weight="bold", ink="p2")
        self.summary = QPlainTextEdit(self.question)
        self.summary.setObjectName("areas-summary")
        self.summary.setReadOnly(True)
        self.summary.setTabChangesFocus(True)
        self.left = label(self.question, size="small", ink="dim")
        self.acts, self.devices = QTableView(self), QTableView(self)
        self.acts.setObjectName("areas-acts")
        self.devices.setObjectName("areas-devices")
        self.acts_title = label(self, size="small", ink="dim")
        self.acts_model = ActsModel(board, catalogue, tokens, moments, self)
        self.devices_model = DevicesModel(board, catalogue, tokens, self)
        for name, key, handler, owner in (
            ("draw", "D", self.draw, self), ("order", "Ctrl+Return", self.order, self),
            ("take_back", "Ctrl+Backspace", self.take_back, self),
            ("yes", "Y", self.confirm, self.question), ("no", "Esc", self.cancel, self.question),
        ):  # fmt: skip
            actions.add(
                f"areas.{name}", f"areas.act.{name}", key, handler, owner=owner, group=GROUP,
                only_focused=True,
            )
        self._lay_out(tokens)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFocusProxy(self.areas)
        self.areas.currentItemChanged.connect(self._area_chosen)
        self.offers.changed.connect(self._tell)
        self.acts.selectionModel().selectionChanged.connect(self._act_chosen)
        pulse.incidents_changed.connect(self._look)
        pulse.second_passed.connect(self._second)
        tokens.changed.connect(self._repaint)
        self._forget_words = follow(catalogue, self._retext)
        self._look()

    # what can be done

    @Slot()
    def draw(self) -> None:
        """Ask for the map with the tool for areas in hand."""
        self.draw_wanted.emit()

    @property
    def sketch(self) -> Sketch | None:
        """The chosen area."""
        item = self.areas.currentItem()
        return self._board.state.sketches.get(str(item.data(KEY))) if item is not None else None

    @property
    def asked(self) -> AreaAct | None:
        """The act that waits for the second yes of this desk and person, the newest."""
        waiting = [
            one for one in self._board.state.area_acts.values()
            if one.stage == "proposed" and one.id not in self._answered
            and (one.desk, one.person) == (self._board.desk, self._board.person)
        ]  # fmt: skip
        return waiting[-1] if waiting else None

    @property
    def chosen(self) -> AreaAct | None:
        """The act under the hand."""
        rows = self.acts.selectionModel().selectedRows()
        number = rows[0].row() if rows else -1
        return self.acts_model.rows[number] if 0 <= number < len(self.acts_model.rows) else None

    def show_incident(self, incident_id: str) -> None:
        """Areas of this incident come first, and the newest of them is chosen."""
        self._incident_id = incident_id
        self._fill("")
        own = [one.id for one in self._areas() if one.incident_id and one.incident_id == incident_id]
        if own:
            self.areas.setCurrentRow(self._shown.index(own[0]))
        self.areas.setFocus(Qt.FocusReason.OtherFocusReason)
        self._tell()

    @Slot()
    def order(self) -> None:
        """Ask for what is ticked, in the chosen area; the second question comes."""
        sketch = self.sketch
        if sketch is None or not self.offers.ready or self.asked is not None:
            return
        self._port.request(
            do.OrderArea(
                name=self._name(sketch), polygon=sketch.points, orders=self.offers.orders,
                incident_id=sketch.incident_id, sketch_id=sketch.id,
            )
        )

    @Slot()
    def take_back(self) -> None:
        """Ask for the opposite of the chosen act; the second question comes."""
        act = self.chosen
        if act is not None and may_take_back(act) and self.asked is None:
            self._port.request(do.TakeBackArea(act_id=act.id))

    @Slot()
    def confirm(self) -> None:
        """Say yes."""
        act = self.asked
        if act is not None:
            self._answered.add(act.id)
            self._port.request(do.ConfirmArea(act_id=act.id, token=act.token))
            self._look()

    @Slot()
    def cancel(self) -> None:
        """Say no."""
        act = self.asked
        if act is not None:
            self._answered.add(act.id)
            self._port.request(do.CancelArea(act_id=act.id))
            self._look()

    def release(self) -> None:
        """Before the window goes."""
        self._forget_words()

    # how it follows

    def _areas(self) -> list[Sketch]:
        """Drawn areas that are on the map, those of the incident first, then the newest."""
        areas = [one for one in self._board.state.sketches.values() if one.form == "area"]
        open_ = [one for one in areas if not one.incident_id or self._is_open(one.incident_id)]
        mine = self._incident_id
        return sorted(open_, key=lambda one: (not mine or one.incident_id != mine, -one.at_ns))

    def _is_open(self, incident_id: str) -> bool:
        incident = self._board.state.incidents.get(incident_id)
        return incident is not None and incident.stage != "closed"

    def _name(self, sketch: Sketch) -> str:
        if sketch.text:
            return sketch.text
        incident = self._board.state.incidents.get(sketch.incident_id)
        if incident is not None:
            return self._catalogue.words(incident.place.name)
        at = self._moments.clock(sketch.at_ns)
        return self._catalogue.say("areas.drawn_at", at=at, person=sketch.person)

    def _fill(self, keep: str) -> None:
        areas = self._areas()
        self._shown = [one.id for one in areas]
        self.areas.blockSignals(True)
        self.areas.clear()
        for one in areas:
            km2 = area_km2(one.points)
            text = self._catalogue.say("areas.area", name=self._name(one), km2=f"{km2:.2f}")
            item = QListWidgetItem(text, self.areas)
            item.setData(KEY, one.id)
            item.setToolTip(text)
        if areas:
            self.areas.setCurrentRow(self._shown.index(keep) if keep in self._shown else 0)
        self.areas.blockSignals(False)
        self._show_area(keep=bool(keep) and keep in self._shown)

    def _show_area(self, keep: bool) -> None:
        sketch = self.sketch
        self.offers.show_area(sketch.points if sketch is not None else (), keep)

    @Slot()
    def _look(self) -> None:
        current = self.sketch.id if self.sketch is not None else ""
        if [one.id for one in self._areas()] != self._shown:
            self._fill(current)
        kept = self.chosen
        self.acts_model.look()
        names = [one.id for one in self.acts_model.rows]
        if names and self.chosen is None:
            self.acts.selectRow(names.index(kept.id) if kept is not None and kept.id in names else 0)
        self._ask()
        self.devices_model.show_act(self.chosen)
        self._tell()

    def _ask(self) -> None:
        act = self.asked
        was = self.question.isVisibleTo(self)
        self.question.setVisible(act is not None)
        self.scroll.setVisible(act is None)
        if act is not None and not was:
            self.acts.selectRow(0)
            if self.isVisible():
                self.question.setFocus(Qt.FocusReason.OtherFocusReason)
        elif act is None and was and self.isVisible():
            self.acts.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def _second(self) -> None:
        if self.isVisible():
            self.acts_model.look()
            self.devices_model.show_act(self.chosen)
            self._tell()

    @Slot(QListWidgetItem, QListWidgetItem)
    def _area_chosen(self, *_: object) -> None:
        self._show_area(keep=False)
        self._tell()

    @Slot(QItemSelection, QItemSelection)
    def _act_chosen(self, *_: object) -> None:
        self.devices_model.show_act(self.chosen)
        self._tell()

    @Slot()
    def _repaint(self) -> None:
        for table in (self.acts, self.devices):
            table.viewport().update()

    @Slot()
    def _tell(self) -> None:
        say, words = self._catalogue.say, self._catalogue.words
        sketch, act, chosen = self.sketch, self.asked, self.chosen
        self.hint.setVisible(sketch is None)
        self.area_title.setText(
            say("areas.in", name=self._name(sketch), n=self.offers.found) if sketch else say("areas.none")
        )
        problem = ""
        if sketch is not None and area_km2(sketch.points) > self._figures.most_km2:
            problem = say("areas.too_large", most=f"{self._figures.most_km2:g}")
        elif sum(len(one.device_ids) for one in self.offers.orders) > self._figures.most_devices:
            problem = say("areas.too_many", most=self._figures.most_devices)
        elif sketch is not None and self.offers.orders and not self.offers.ready:
            problem = say("areas.no_value")
        self.problem.setText(problem)
        self.problem.setVisible(bool(problem))
        if act is not None:
            self.sure.setText(say("areas.sure_back") if act.takes_back else say("areas.sure"))
            text = f"{words(act.summary)}\n{words(act.warning)}".strip()
            if text != self.summary.toPlainText():
                self.summary.setPlainText(text)
            left_s = max(0.0, (act.confirm_by_ns - self._board.clock.now_ns()) / 1e9)
            self.left.setText(say("areas.left", left=self._moments.span(left_s)))
            self.question.setAccessibleName(self.sure.text())
            self.question.setAccessibleDescription(text)
            self.summary.setAccessibleName(self.sure.text())
        self.acts_title.setText(say("areas.acts") if self.acts_model.rows else say("areas.no_acts"))
        self._actions.enable(
            "areas.order", sketch is not None and self.offers.ready and not problem and act is None
        )
        able = chosen is not None and may_take_back(chosen) and settled(chosen, self._board)
        self._actions.enable("areas.take_back", able and act is None)

    @Slot()
    def _retext(self) -> None:
        say = self._catalogue.say
        self.setAccessibleName(say("areas.title"))
        self.areas.setAccessibleName(say("areas.areas"))
        self.areas_title.setText(say("areas.areas"))
        self.acts.setAccessibleName(say("areas.acts"))
        self.devices.setAccessibleName(say("areas.devices"))
        self.hint.setText(say("areas.hint"))
        for model, count in ((self.acts_model, len(ACT_COLUMNS)), (self.devices_model, len(DEVICE_COLUMNS))):
            model.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, count - 1)
        self._fill(self.sketch.id if self.sketch is not None else "")
        self.offers.reword()
        self.acts_model.look()
        self.devices_model.show_act(None)
        self.devices_model.show_act(self.chosen)
        self._tell()

    def _lay_out(self, tokens: Tokens) -> None:
        gap = tokens.space(1)
        self.acts.setModel(self.acts_model)
        self.devices.setModel(self.devices_model)
        quieten(self.acts, tokens, ACT_COLUMNS.index("result"))
        quieten(self.devices, tokens, DEVICE_COLUMNS.index("stage"))
        self.acts.setColumnWidth(0, WHEN_PX)
        self.acts.setColumnWidth(1, DEVICE_PX - 30)
        self.devices.setColumnWidth(0, DEVICE_PX)
        left, middle, right = QWidget(self), QWidget(self), QWidget(self)
        columns = []
        for part in (left, middle, right):
            column = QVBoxLayout(part)
            column.setContentsMargins(gap, 0, gap, 0)
            column.setSpacing(gap)
            columns.append(column)
        columns[0].addWidget(self.areas_title)
        columns[0].addWidget(self.areas, 1)
        columns[0].addWidget(self.hint)
        columns[0].addWidget(self._actions.button("areas.draw", left))
        self.scroll = scroll = QScrollArea(middle)
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(self.offers)
        asked = QVBoxLayout(self.question)
        asked.setContentsMargins(*(tokens.space(2),) * 4)
        asked.setSpacing(gap)
        asked.addWidget(self.sure)
        asked.addWidget(self.summary, 1)
        answers = QHBoxLayout()
        answers.addWidget(self._actions.button("areas.yes", self.question, role="act"))
        answers.addWidget(self._actions.button("areas.no", self.question))
        answers.addWidget(self.left, 1)
        asked.addLayout(answers)
        self.question.hide()
        columns[1].addWidget(self.area_title)
        columns[1].addWidget(self.question, 1)
        columns[1].addWidget(scroll, 1)
        columns[1].addWidget(self.problem)
        row = QHBoxLayout()
        row.addWidget(self._actions.button("areas.order", middle, role="act"))
        row.addStretch(1)
        columns[1].addLayout(row)
        head = QHBoxLayout()
        head.addWidget(self.acts_title, 1)
        head.addWidget(self._actions.button("areas.take_back", right))
        columns[2].addLayout(head)
        columns[2].addWidget(self.acts, 1)
        columns[2].addWidget(self.devices, 2)
        halves = QSplitter(Qt.Orientation.Horizontal, self)
        halves.setChildrenCollapsible(False)
        for part in (left, middle, right):
            halves.addWidget(part)
        halves.setSizes([AREAS_PX, OFFERS_PX, ACTS_PX])
        layout = QVBoxLayout(self)
        layout.setContentsMargins(gap, gap, gap, gap)
        layout.addWidget(halves)
