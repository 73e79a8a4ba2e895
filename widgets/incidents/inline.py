"""The place where an act asks for what it still needs, instead of the buttons.

Nothing pops up and nothing is covered. Enter sends, Esc leaves; what was typed is kept for the incident.
"""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from console.language import Catalogue
from widgets.incidents.asks import (
    Ask,
    GradeAsk,
    HoldAsk,
    OutcomeAsk,
    SplitAsk,
    merge_ask,
    note_ask,
    take_over_ask,
    under_ask,
)
from widgets.kit.actions import Actions
from widgets.kit.labels import label
from widgets.kit.texts import Texts
from widgets.kit.tokens import Tokens


class Inline(QWidget):
    """One of the panels, with the buttons that send and leave.

    Acts, only while it has the keyboard: incident.send (Enter), incident.cancel (Esc).

    Signals:
        asked(Command, str, str): send this order; the act's name and the key of its words.
        left: closed without sending, or after it; the buttons have the keyboard again.
    """

    asked = Signal(object, str, str)
    left = Signal()

    def __init__(
        self, reason_least: int, actions: Actions, catalogue: Catalogue, tokens: Tokens,
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        """`reason_least`: letters that a reason needs."""
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._actions = actions
        self._texts = texts = Texts(catalogue)
        self._drafts: dict[tuple[str, str], str] = {}
        self.note = note_ask(texts)
        self.take_over = take_over_ask(texts, reason_least)
        self.hold = HoldAsk(texts, tokens, reason_least)
        self.grade = GradeAsk(texts, tokens, reason_least)
        self.outcome = OutcomeAsk(actions, texts, tokens)
        self.merge = merge_ask(texts, tokens)
        self.under = under_ask(texts, tokens)
        self.split = SplitAsk(texts, tokens)
        self._stack = QStackedWidget()
        self._title = label(weight="bold")
        self._missing = label(ink="p2")
        texts.put(self._missing, "incidents.ask.missing")
        self._asks: tuple[Ask, ...] = (
            self.note, self.take_over, self.hold, self.grade, self.outcome, self.merge,
            self.under, self.split,
        )  # fmt: skip
        for panel in self._asks:
            self._stack.addWidget(panel)
            panel.decided.connect(self.send)
        for name, key, handler in (
            ("incident.send", "Return", self.send), ("incident.cancel", "Esc", self.leave),
        ):  # fmt: skip
            actions.add(
                name, f"incidents.act.{name.removeprefix('incident.')}", key, handler, owner=self,
                group="incidents.group.detail", only_focused=True,
            )  # fmt: skip
        self._send = actions.button("incident.send", self, role="act")
        buttons = QHBoxLayout()
        buttons.setSpacing(tokens.space(2))
        for one in (self._send, actions.button("incident.cancel", self), self._missing):
            buttons.addWidget(one)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(tokens.space(2))
        column.addWidget(self._title)
        column.addWidget(self._stack)
        column.addLayout(buttons)
        for panel in self._asks:
            if panel.field is not None:
                # The keypad's Enter is another key than the act's.
                panel.field.returnPressed.connect(self.send)
                self.setTabOrder(panel.field, self._send)
        self.hide()

    def is_open(self) -> bool:
        return not self.isHidden()

    def panel(self) -> Ask:
        """What is asked now, or was asked last."""
        found = self._stack.currentWidget()
        assert isinstance(found, Ask)
        return found

    def open(self, panel: Ask, incident_id: str) -> None:
        """Ask this of an incident; what was typed before is there again."""
        self.leave()
        panel.incident_id = incident_id
        self._stack.setCurrentWidget(panel)
        if panel.field is not None:
            panel.field.setText(self._drafts.get((incident_id, panel.name), ""))
        sends = panel is not self.outcome
        self._actions.enable("incident.send", sends)
        self._send.setVisible(sends)
        self._texts.put(self._title, panel.act)
        self._missing.hide()
        for place in range(self._stack.count()):
            # A stack is as high as its highest page; pages that are not shown ask for nothing.
            page = self._stack.widget(place)
            policy = page.sizePolicy()
            policy.setVerticalPolicy(policy.Policy.Preferred if page is panel else policy.Policy.Ignored)
            page.setSizePolicy(policy)
        self.show()
        panel.begin()

    @Slot()
    def send(self) -> None:
        """Send what the open panel holds; where something is missing it says so."""
        if not self.is_open():
            return
        panel = self.panel()
        order = panel.order()
        if order is None:
            self._missing.setVisible(panel is not self.outcome)
            return
        self._drafts.pop((panel.incident_id, panel.name), None)
        if panel.field is not None:
            panel.field.clear()
        self._close()
        self.asked.emit(order, panel.name, panel.act)

    @Slot()
    def leave(self) -> None:
        """Close without sending; what was typed is kept."""
        if not self.is_open():
            return
        panel = self.panel()
        if panel.field is not None:
            self._drafts[panel.incident_id, panel.name] = panel.field.text()
        self._close()

    def _close(self) -> None:
        self.hide()
        self.left.emit()
