"""What is done about the chosen devices: a form in place, with the words the record needs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QSpinBox, QVBoxLayout, QWidget

from console.desk.port import DeskPort
from console.language import Catalogue
from console.model import commands as do
from console.model.commands import Accepted, Refused
from console.model.upkeep import Ticket, TicketStage
from widgets.kit.actions import Actions
from widgets.kit.labels import ElidedLabel, label, style
from widgets.kit.pulse import Pulse
from widgets.kit.texts import follow
from widgets.kit.tokens import Tokens

if TYPE_CHECKING:
    from console.desk.board import Board

STAGES: tuple[TicketStage, ...] = ("accepted", "working", "repaired", "closed", "rejected")
HOUR_S = 3600
GROUP = "upkeep.title"


class UpkeepForm(QWidget):
    """Hidden until something is to be done; Enter sends it, Esc leaves it. UI thread only.

    Signals:
        left: the list should have the keyboard.
    """

    left = Signal()

    def __init__(
        self, board: Board, pulse: Pulse, port: DeskPort, actions: Actions, catalogue: Catalogue,
        tokens: Tokens, parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._board, self._port, self._catalogue = board, port, catalogue
        self._what = ""
        self._device_ids: tuple[str, ...] = ()
        self._ticket: Ticket | None = None
        self._request = ""
        self._said: tuple[str, bool] = ("", False)
        self.title = ElidedLabel(self, weight="bold")
        self.words = QLineEdit(self)
        self.words.setMaxLength(1000)
        self.stage = QComboBox(self)
        for _ in STAGES:
            self.stage.addItem("")
        self.hours = QSpinBox(self)
        self.hours.setRange(0, 8784)
        self.hours.setValue(8)
        self.status = label(self)
        self.status.setWordWrap(True)
        for name, key, handler in (("send", "Return", self.send), ("leave", "Esc", self.leave)):
            actions.add(
                f"upkeep.{name}", f"upkeep.act.{name}", key, handler, owner=self, group=GROUP,
                only_focused=True,
            )  # fmt: skip
        space = tokens.space(1)
        row = QHBoxLayout()
        row.setSpacing(space)
        for widget in (self.stage, self.hours):
            row.addWidget(widget)
        row.addWidget(self.words, 1)
        row.addWidget(actions.button("upkeep.send", self, role="act"))
        row.addWidget(actions.button("upkeep.leave", self))
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * space, space, 2 * space, space)
        column.setSpacing(space)
        column.addWidget(self.title)
        column.addLayout(row)
        column.addWidget(self.status)
        self.words.returnPressed.connect(self.send)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        style(self, role="header")
        pulse.answered.connect(self._answered)
        self._forget_words = follow(catalogue, self._retext)
        self.hide()

    def begin(self, what: str, device_ids: tuple[str, ...], ticket: Ticket | None = None) -> None:
        """Ask for what `what` needs: "repair", "stage", "out" or "back"."""
        if self._request:
            return
        self._what, self._device_ids, self._ticket, self._said = what, device_ids, ticket, ("", False)
        self.words.clear()
        if ticket is not None:
            following = STAGES.index(ticket.stage) + 1 if ticket.stage in STAGES else 0
            self.stage.setCurrentIndex(min(following, STAGES.index("closed")))
        self.show()
        self._retext()
        (self.stage if what == "stage" else self.words).setFocus(Qt.FocusReason.ShortcutFocusReason)

    @Slot()
    def send(self) -> None:
        """Give the order; the form stays until the answer is there."""
        if self._request or not self._what:
            return
        words = " ".join(self.words.text().split())
        command: do.Command
        if self._what == "repair":
            command = do.OpenTicket(device_ids=self._device_ids, text=words)
        elif self._what == "stage":
            assert self._ticket is not None
            stage = STAGES[max(0, self.stage.currentIndex())]
            command = do.ChangeTicket(ticket_id=self._ticket.id, stage=stage, text=words)
        elif self._what == "out":
            self.hours.interpretText()
            command = do.RemoveDevices(
                device_ids=self._device_ids, reason=words, for_s=self.hours.value() * HOUR_S
            )
        else:
            command = do.ReturnDevices(device_ids=self._device_ids)
        self._request = self._port.request(command)
        self._said = (self._catalogue.say("upkeep.form.pending"), False)
        self._retext()

    @Slot()
    def leave(self) -> None:
        """Close the form; what was sent is not taken back."""
        self._what = ""
        self.hide()
        self.left.emit()

    def release(self) -> None:
        """Before the window goes."""
        self._forget_words()

    @Slot(object)
    def _answered(self, pairs: Any) -> None:
        for _, answer in pairs:
            if not self._request or answer.id != self._request:
                continue
            self._request = ""
            if isinstance(answer, Refused):
                self._said = (self._catalogue.words(answer.reason), True)
                self._retext()
            elif isinstance(answer, Accepted):
                self.leave()

    @Slot()
    def _retext(self) -> None:
        say = self._catalogue.say
        for number, name in enumerate(STAGES):
            self.stage.setItemText(number, say(f"upkeep.stage.{name}"))
        self.stage.setAccessibleName(say("upkeep.form.stage_box"))
        self.hours.setAccessibleName(say("upkeep.form.hours"))
        self.hours.setSpecialValueText(say("upkeep.form.open_end"))
        self.hours.setSuffix(" " + say("upkeep.form.h"))
        self.words.setAccessibleName(say("upkeep.form.words"))
        if not self._what:
            return
        self.stage.setVisible(self._what == "stage")
        self.hours.setVisible(self._what == "out")
        self.words.setVisible(self._what != "back")
        self.words.setPlaceholderText(say(f"upkeep.form.{self._what}_hint"))
        many = len(self._device_ids)
        named = self._device_ids[0] if many == 1 else say("upkeep.devices", count=many)
        self.title.setText(
            say(
                f"upkeep.form.{self._what}", device=named,
                ticket=self._ticket.id if self._ticket is not None else "",
            )
        )  # fmt: skip
        text, bad = self._said
        self.status.setText(text)
        self.status.setVisible(bool(text))
        style(self.status, ink="p2" if bad else "", weight="bold" if bad else "")
