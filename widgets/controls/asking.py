"""The second question, in place: what will happen, to which devices, how long it can still be confirmed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from console.desk.port import DeskPort
from console.language import Catalogue
from console.model.commands import CancelControl, ConfirmControl
from console.model.control import ControlOrder
from widgets.kit.actions import Actions
from widgets.kit.labels import label, style
from widgets.kit.moments import Moments
from widgets.kit.pulse import Pulse
from widgets.kit.texts import follow
from widgets.kit.tokens import Tokens

if TYPE_CHECKING:
    from console.desk.board import Board


class SecondQuestion(QFrame):
    """Shown while an order of this desk and person waits for its second yes. Y does it, Esc does not. It
    takes the keyboard when it comes, and gives no key of the first asking a meaning. UI thread only.

    Signals:
        asked: a question came, or went.
    """

    asked = Signal()

    def __init__(
        self, board: Board, pulse: Pulse, port: DeskPort, actions: Actions, catalogue: Catalogue,
        tokens: Tokens, moments: Moments, parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self.setObjectName("controls-question")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        style(self, role="overlay")
        self._board, self._port, self._actions = board, port, actions
        self._catalogue, self._moments = catalogue, moments
        self._order_id = ""
        self._answered: set[str] = set()
        self.title = label(self, size="strong", weight="bold", ink="p2")
        self.summary = label(self)
        self.summary.setWordWrap(True)
        self.left = label(self, size="small", ink="dim")
        for name, key, handler in (("yes", "Y", self.confirm), ("no", "Esc", self.cancel)):
            actions.add(
                f"controls.{name}", f"controls.act.{name}", key, handler, owner=self,
                group="controls.title", only_focused=True,
            )  # fmt: skip
        buttons = QHBoxLayout()
        buttons.setSpacing(tokens.space(2))
        self.yes = actions.button("controls.yes", self, role="act")
        buttons.addWidget(self.yes)
        buttons.addWidget(actions.button("controls.no", self))
        buttons.addWidget(self.left, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(tokens.space(2), tokens.space(2), tokens.space(2), tokens.space(2))
        column.setSpacing(tokens.space(1))
        column.addWidget(self.title)
        column.addWidget(self.summary)
        column.addLayout(buttons)
        self.hide()
        pulse.incidents_changed.connect(self.look)
        pulse.second_passed.connect(self._say)
        self._forget_words = follow(catalogue, self._say)

    @property
    def order(self) -> ControlOrder | None:
        """The order that is asked about."""
        return self._board.state.control_orders.get(self._order_id)

    @Slot()
    def look(self) -> None:
        """Ask about the newest order of this desk and person that waits for a yes."""
        mine = [
            one for one in self._board.state.control_orders.values()
            if (one.desk, one.person) == (self._board.desk, self._board.person)
            and one.id not in self._answered
            and any(part.stage == "unconfirmed" for part in one.parts.values())
        ]  # fmt: skip
        order_id = mine[-1].id if mine else ""
        if order_id == self._order_id:
            return
        self._order_id = order_id
        self.setVisible(bool(order_id))
        self.asked.emit()
        if order_id:
            self._say()
            self.setFocus(Qt.FocusReason.OtherFocusReason)
        elif self.parentWidget() is not None:
            self.parentWidget().setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def confirm(self) -> None:
        """Say yes."""
        order = self.order
        if order is not None:
            self._answered.add(order.id)
            self._port.request(ConfirmControl(order_id=order.id, token=order.token))
            self.look()

    @Slot()
    def cancel(self) -> None:
        """Say no."""
        order = self.order
        if order is not None:
            self._answered.add(order.id)
            self._port.request(CancelControl(order_id=order.id))
            self.look()

    def release(self) -> None:
        """Before the window goes."""
        self._forget_words()

    @Slot()
    def _say(self) -> None:
        order, say = self.order, self._catalogue.say
        self.title.setText(say("controls.sure"))
        if order is None:
            return
        words = self._catalogue.words
        self.summary.setText(f"{words(order.summary)} {words(order.warning)}".strip())
        left_s = max(0.0, (order.confirm_by_ns - self._board.clock.now_ns()) / 1e9)
        self.left.setText(say("controls.left", left=self._moments.span(left_s)))
        self.setAccessibleName(say("controls.sure"))
        self.setAccessibleDescription(self.summary.text())
