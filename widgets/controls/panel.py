"""The panel of the chosen devices: what they are now, what can be ordered, what came of it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QComboBox, QDoubleSpinBox, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from console.desk.port import DeskPort
from console.language import Catalogue
from console.model.base import Position, Words
from console.model.commands import Answer, Command, OrderControl, Refused
from console.model.control import Control
from widgets.controls.asking import SecondQuestion
from widgets.controls.orders import device_names
from widgets.controls.rows import around, controls_for, last_order, measured, measured_words, value_words
from widgets.controls.valueform import ValueForm
from widgets.controls.words import INKS, may_order, order_words, part_words, said, stage_of, who_may
from widgets.kit.actions import Actions
from widgets.kit.labels import ElidedLabel, label, style
from widgets.kit.moments import Moments
from widgets.kit.pulse import Pulse
from widgets.kit.texts import follow
from widgets.kit.tokens import Tokens

if TYPE_CHECKING:
    from console.desk.board import Board

RADIUS_M, MOST_RADIUS_M, RADIUS_STEP_M = 100, 2_000, 50
WIDER_M = (200, 300, 500)
NAMED = 2


class DevicePanel(QWidget):
    """Values by digit, Ctrl+Enter sends. A dangerous order opens the second question in place. UI thread
    only.

    Signals:
        group_wanted(tuple): these devices shall be chosen in the list.
    """

    group_wanted = Signal(object)

    def __init__(
        self, board: Board, pulse: Pulse, port: DeskPort, actions: Actions, catalogue: Catalogue,
        tokens: Tokens, moments: Moments, parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self.setObjectName("controls-panel")
        self._board, self._port, self._actions = board, port, actions
        self._catalogue, self._moments = catalogue, moments
        self._devices: tuple[str, ...] = ()
        self._controls: tuple[Control, ...] = ()
        self._anchor: tuple[Position, Words] | None = None
        self.incident_id = ""
        self._asked_id = ""
        self._refused: Refused | None = None
        self._nothing_around = ""
        self.title = ElidedLabel(self, size="strong", weight="bold")
        self.now = ElidedLabel(self, ink="dim")
        self.kinds = QComboBox(self)
        self.form = ValueForm(catalogue, tokens, self)
        self.setFocusProxy(self.form)
        self.right = label(self, size="small", ink="dim")
        self.right.setWordWrap(True)
        self.result = label(self)
        self.result.setWordWrap(True)
        self.question = SecondQuestion(board, pulse, port, actions, catalogue, tokens, moments, self)
        self.place = ElidedLabel(self, size="small", ink="dim")
        self.radius = QDoubleSpinBox(self)
        self.radius.setDecimals(0)
        self.radius.setRange(RADIUS_STEP_M, MOST_RADIUS_M)
        self.radius.setSingleStep(RADIUS_STEP_M)
        self.radius.setValue(RADIUS_M)
        group = "controls.title"
        actions.add("controls.send", "controls.act.send", "Ctrl+Return", self.send, owner=self, group=group,
                    only_focused=True)  # fmt: skip
        actions.add("controls.around", "controls.act.around", "", self.take_around, owner=self, group=group)
        actions.tell_keys(group, "controls.act.digits", "1 … 9, 0")
        self._lay_out(tokens)
        self.kinds.currentIndexChanged.connect(self._control_changed)
        self.form.changed.connect(self._tell)
        self.radius.valueChanged.connect(self._look)
        self.question.asked.connect(self._tell)
        pulse.incidents_changed.connect(self._look)
        pulse.second_passed.connect(self._look)
        pulse.answered.connect(self._answers)
        self._forget_words = follow(catalogue, self._retext)

    def _lay_out(self, tokens: Tokens) -> None:
        send = QHBoxLayout()
        send.setSpacing(tokens.space(2))
        self.send_button = self._actions.button("controls.send", self, role="act")
        send.addWidget(self.send_button)
        send.addWidget(self.right, 1)
        self.near = QWidget(self)
        rows = QVBoxLayout(self.near)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(tokens.space(1))
        near = QHBoxLayout()
        near.setSpacing(tokens.space(1))
        near.addWidget(self.place, 1)
        near.addWidget(self.radius)
        near.addWidget(self._actions.button("controls.around", self))
        column = QVBoxLayout(self)
        column.setContentsMargins(tokens.space(2), tokens.space(1), tokens.space(2), tokens.space(1))
        column.setSpacing(tokens.space(1))
        for part in (self.title, self.now, self.kinds, self.form):
            column.addWidget(part)
        column.addLayout(send)
        column.addWidget(self.question)
        column.addWidget(self.result)
        column.addStretch(1)
        rows.addLayout(near)
        column.addWidget(self.near)
        self.kinds.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    # what is shown

    @property
    def control(self) -> Control | None:
        """The control that is offered now."""
        index = self.kinds.currentIndex()
        return self._controls[index] if 0 <= index < len(self._controls) else None

    @property
    def devices(self) -> tuple[str, ...]:
        return self._devices

    def show_devices(self, device_ids: tuple[str, ...], control_id: str = "", value: str = "") -> None:
        """Offer what these devices have in common; begin with a control and a value."""
        before = self.control.id if self.control is not None else ""
        same = device_ids == self._devices
        self._nothing_around = ""
        self._devices = device_ids
        if device_ids and not self._group():
            device = self._board.profile.devices[device_ids[0]]
            self._anchor = (device.place.position, device.name)
            self.incident_id = ""
        self._controls = controls_for(self._board.profile, device_ids)
        if not same:
            self._asked_id, self._refused = "", None
        wanted = control_id or before
        ids = [one.id for one in self._controls]
        self.kinds.blockSignals(True)
        self.kinds.clear()
        self.kinds.addItems([self._catalogue.words(one.name) for one in self._controls])
        self.kinds.setCurrentIndex(ids.index(wanted) if wanted in ids else 0 if ids else -1)
        self.kinds.blockSignals(False)
        self.form.show_control(self.control, value)
        self._retext()

    def show_place(self, position: Position, name: Words, incident_id: str = "") -> None:
        """What stands around here is what "around" means from now on."""
        self._anchor, self.incident_id = (position, name), incident_id
        self._tell()

    def found_around(self, control: Control) -> tuple[str, ...]:
        """The devices of a control around the place that can be asked now, the nearest first."""
        if self._anchor is None:
            return ()
        return around(self._board, control, self._anchor[0], self.radius.value())

    def widen(self, control: Control) -> tuple[str, ...]:
        """The devices of a control around the place, in a circle widened until there are some."""
        for metres in (self.radius.value(), *(one for one in WIDER_M if one > self.radius.value())):
            self.radius.setValue(metres)
            found = self.found_around(control)
            if found:
                return found
        return ()

    def tell_none(self) -> None:
        """Say that there is nothing around the place."""
        if self._anchor is not None:
            place = self._catalogue.words(self._anchor[1])
            metres = f"{self.radius.value():g}"
            self._nothing_around = self._catalogue.say("controls.lamps_none", metres=metres, place=place)
            self._tell()

    # what can be done

    @Slot()
    def send(self) -> None:
        """Order the chosen value from the chosen devices."""
        control, value = self.control, self.form.value
        if control is None or not value or not self._devices or self._asked_id in self._board.pending:
            return
        self._refused = None
        self._asked_id = self._port.request(
            OrderControl(
                control=control.id, device_ids=self._devices, value=value, incident_id=self._incident()
            )
        )
        self._tell()

    @Slot()
    def take_around(self) -> None:
        """Choose all devices of this control around the place."""
        control = self.control
        found = self.found_around(control) if control is not None else ()
        if found:
            self.group_wanted.emit(found)

    def release(self) -> None:
        """Before the window goes."""
        self._forget_words()
        self.form.release()
        self.question.release()

    def _incident(self) -> str:
        return self.incident_id if self.incident_id in self._board.state.incidents else ""

    def _group(self) -> bool:
        return len(self._devices) > 1

    @Slot(object)
    def _answers(self, pairs: tuple[tuple[Command | None, Answer], ...]) -> None:
        for command, answer in pairs:
            about = (answer.id, getattr(command, "order_id", ""))
            if isinstance(answer, Refused) and self._asked_id and self._asked_id in about:
                self._refused = answer
        self._tell()

    @Slot()
    def _control_changed(self) -> None:
        self.form.show_control(self.control)
        self._tell()

    @Slot()
    def _look(self) -> None:
        if self.isVisible():
            self._tell()

    @Slot()
    def _retext(self) -> None:
        for index, control in enumerate(self._controls):
            self.kinds.setItemText(index, self._catalogue.words(control.name))
        say = self._catalogue.say
        self.kinds.setAccessibleName(say("controls.control"))
        self.radius.setAccessibleName(say("controls.radius"))
        self.radius.setSuffix(" m")
        self.radius.setPrefix(say("controls.radius") + " ")
        self._tell()

    @Slot()
    def _tell(self) -> None:
        control, say = self.control, self._catalogue.say
        asking = not self.question.isHidden()  # there is nothing to choose while a yes or no is waited for
        self.kinds.setVisible(len(self._controls) > 1 and not asking)
        for part in (self.form, self.send_button, self.right):
            part.setVisible(control is not None and not asking)
        if control is None:
            self.title.setText(say("controls.not_shared") if self._devices else say("controls.nothing"))
            self.now.setText(self._nothing_around)
            self.result.setText("")
        else:
            self._tell_devices(control)
            self._tell_result(control)
        self._actions.enable(
            "controls.send",
            control is not None and bool(self.form.value) and may_order(self._board, control.roles)
            and self._asked_id not in self._board.pending,
        )
        self._tell_around(control)

    def _tell_devices(self, control: Control) -> None:
        say, board = self._catalogue.say, self._board
        names = device_names(board.profile, self._devices, self._catalogue, NAMED)
        first = self._devices[0]
        if self._group():
            self.title.setText(say("controls.many", count=len(self._devices), names=names))
        else:
            known = board.state.devices.get(first)
            health = say(f"kit.condition.{known.condition if known is not None else 'up'}")
            self.title.setText(f"{names} ({first}) · {health}")
        value, taken_ns, _ = measured(board, control, first)
        if not math.isfinite(value):
            self.now.setText(say("controls.now_none"))
        else:
            self.now.setText(
                say(
                    "controls.now", value=measured_words(board, control, first, self._catalogue),
                    age=self._moments.age(taken_ns, board.clock.now_ns()),
                )
            )  # fmt: skip
        parts = [who_may(board, control.roles, self._catalogue)]
        if control.dangerous:
            parts.append(say("controls.dangerous"))
        if control.safe:
            safe = value_words(control, control.safe, self._catalogue)
            parts.append(say("controls.safe", value=safe))
        kinds = {kind for way in board.state.control_ways.values() for kind in way.kinds}
        reached = set(control.kinds) <= kinds
        if not reached:
            parts.append(say("controls.no_way"))
        self.right.setText(" ".join(parts))
        may = may_order(board, control.roles) and reached
        style(self.right, ink="dim" if may else "p2")

    def _tell_result(self, control: Control) -> None:
        board, say = self._board, self._catalogue.say
        if self._refused is not None:
            style(self.result, ink="p1", weight="bold")
            reason = self._catalogue.words(self._refused.reason)
            self.result.setText(say("controls.refused", reason=reason))
            return
        if self._asked_id in board.pending:
            style(self.result, ink="dim", weight="")
            self.result.setText(say("controls.on_its_way"))
            return
        order = board.state.control_orders.get(self._asked_id)
        now_ns = board.clock.now_ns()
        if order is None:
            standing = last_order(board, control, self._devices[0]) if not self._group() else None
            order = board.state.control_orders.get(standing.order_id) if standing is not None else None
            if order is None:
                if standing is not None:
                    style(self.result, ink=INKS.get(standing.part.stage, "dim"), weight="")
                    text = part_words(standing.part, None, self._catalogue, self._moments, now_ns)
                    self.result.setText(text)
                else:
                    self.result.setText("")
                return
        stage = stage_of(order)
        ink = INKS.get(stage, "")
        style(self.result, ink=ink or "focus", weight="bold" if ink == "p1" else "")
        head = f"{self._catalogue.words(order.value_words)}: "
        text = head + order_words(order, self._catalogue, self._moments, now_ns)
        detail = said(order, self._catalogue)
        self.result.setText(f"{text}\n{detail}" if detail else text)

    def _tell_around(self, control: Control | None) -> None:
        say = self._catalogue.say
        shown = self._anchor is not None and control is not None and self.question.isHidden()
        self.near.setVisible(self.question.isHidden())
        for part in (self.place, self.radius):
            part.setVisible(shown)
        self._actions.enable("controls.around", shown)
        if self._anchor is not None:
            name = self._catalogue.words(self._anchor[1])
            count = len(self.found_around(control)) if control is not None else 0
            self.place.setText(say("controls.around", place=name, count=count))


