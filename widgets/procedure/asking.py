"""A question in place: why a step is left out, why another procedure, what it is instead. Covers nothing."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from widgets.kit.actions import Actions
from widgets.kit.labels import label, style
from widgets.kit.tokens import Tokens
from widgets.procedure.words import Words

LONGEST = 4_000


class Asking(QFrame):
    """One question: something to choose where there is a choice, a reason, and what stays.

    Signals:
        chosen(str): another one is chosen in the list, by id.
    """

    chosen = Signal(str)

    def __init__(
        self, words: Words, actions: Actions, tokens: Tokens, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._words = words
        self.kind = ""
        self.subject: object = None
        """What the question is about."""
        self.setObjectName("procedure-asking")
        style(self, role="header")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.title = label(weight="bold")
        self.title.setWordWrap(True)
        self.choice = QComboBox()
        self.choice.setObjectName("procedure-choice")
        self.choice.setMaxVisibleItems(16)
        self.kept = label(ink="dim")
        self.kept.setWordWrap(True)
        self.field = QLineEdit()
        self.field.setObjectName("procedure-reason")
        self.field.setMaxLength(LONGEST)
        self.problem = label(ink="p1", weight="bold")
        self.problem.setWordWrap(True)
        buttons = QHBoxLayout()
        buttons.setSpacing(tokens.space(2))
        for name, role in (("procedure.send", "act"), ("procedure.leave", "")):
            buttons.addWidget(actions.button(name, self, role=role))
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(*(2 * tokens.space(1),) * 4)
        column.setSpacing(2 * tokens.space(1))
        for part in (self.title, self.choice, self.kept, self.field, self.problem):
            column.addWidget(part)
        column.addLayout(buttons)
        self.choice.currentIndexChanged.connect(self._chose)
        self.field.textEdited.connect(self._typed)
        self.hide()

    @property
    def is_open(self) -> bool:
        return not self.isHidden()

    @property
    def reason(self) -> str:
        return self.field.text().strip()

    @property
    def choice_id(self) -> str:
        """What is chosen, "" where there is nothing to choose."""
        return str(self.choice.currentData() or "")

    def open(
        self, kind: str, title: str, choices: Sequence[tuple[str, str]] = (), subject: object = None
    ) -> None:
        """Ask; `choices` are (id, words)."""
        self.kind, self.subject = kind, subject
        self.title.setText(title)
        self.say_problem("")
        self.choice.blockSignals(True)
        self.choice.clear()
        for choice_id, text in choices:
            self.choice.addItem(text, choice_id)
        self.choice.blockSignals(False)
        self.choice.setVisible(bool(choices))
        self.choice.setAccessibleName(self._words.say(f"ask.{kind}_choice") if choices else "")
        self.kept.setVisible(bool(choices))
        self.field.clear()
        hint = self._words.say(f"ask.{kind}_hint")
        self.field.setPlaceholderText(hint)
        self.field.setAccessibleName(hint)
        self.show()
        first = self.choice if choices else self.field
        first.setFocus(Qt.FocusReason.ShortcutFocusReason)
        if choices:
            self.chosen.emit(self.choice_id)

    def say_kept(self, text: str) -> None:
        """What stays done under the chosen one."""
        self.kept.setText(text)

    def say_problem(self, text: str) -> None:
        """Why it was not sent."""
        self.problem.setText(text)
        self.problem.setVisible(bool(text))

    def close_question(self) -> None:
        """Take it away; what was typed is gone."""
        self.hide()

    @Slot()
    def _chose(self) -> None:
        self.chosen.emit(self.choice_id)

    @Slot()
    def _typed(self) -> None:
        self.say_problem("")
