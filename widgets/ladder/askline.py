"""One line an act still needs: what to tell the partner, why to cancel, why to give up."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QLineEdit, QVBoxLayout, QWidget

from widgets.kit.actions import Actions
from widgets.kit.flow import FlowLayout
from widgets.kit.labels import label, style
from widgets.kit.texts import Texts, follow
from widgets.kit.tokens import Tokens
from widgets.ladder.lines import ThreadWords


class AskLine(QFrame):
    """Enter sends, Esc leaves; what was typed is kept for this thread and act.

    Acts, only while it has the keyboard: ladder.say (Return), ladder.leave_line (Esc).

    Signals:
        said(str, str, str): act (update, cancel, give_up), the thread's id, the text.
        left: closed without sending.
    """

    said = Signal(str, str, str)
    left = Signal()

    def __init__(
        self, words: ThreadWords, actions: Actions, tokens: Tokens, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._words = words
        self._texts = Texts(words.catalogue)
        self.act, self._thread_id, self._agency = "", "", ""
        self._kept: dict[tuple[str, str], str] = {}
        self.setObjectName("ladder-line")
        style(self, role="overlay")
        for name, key, handler in (("say", "Return", self.send), ("leave_line", "Esc", self.leave)):
            actions.add(
                f"ladder.{name}", f"ladder.act.{name}", key, handler, owner=self, group="ladder.group",
                only_focused=True,
            )  # fmt: skip
        self.title = label(weight="bold", ink="focus")
        self.title.setWordWrap(True)
        self.field = QLineEdit()
        self.field.setMaxLength(words.figures.thread.text_chars)
        self.field.returnPressed.connect(self.send)  # the keypad's Enter is another key than the act's
        buttons = QWidget()
        flow = FlowLayout(tokens.space(1), buttons)
        flow.addWidget(actions.button("ladder.say", buttons, role="act"))
        flow.addWidget(actions.button("ladder.leave_line", buttons))
        column = QVBoxLayout(self)
        column.setContentsMargins(*(tokens.space(2),) * 4)
        column.setSpacing(tokens.space(1))
        for part in (self.title, self.field, buttons):
            column.addWidget(part)
        self.hide()
        follow(words.catalogue, self._retext)

    def ask(self, act: str, thread_id: str, agency: str) -> None:
        """Ask for the words of this act."""
        self.leave()
        self.act, self._thread_id, self._agency = act, thread_id, agency
        self.field.setText(self._kept.get((thread_id, act), ""))
        self._retext()
        self.show()
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)

    @Slot()
    def send(self) -> None:
        """Send what was typed; nothing is sent without words."""
        text = self.field.text().strip()
        if self.isHidden() or not text:
            return
        self._kept.pop((self._thread_id, self.act), None)
        self.hide()
        self.said.emit(self.act, self._thread_id, text)

    @Slot()
    def leave(self) -> None:
        """Close; what was typed is kept."""
        if self.isHidden():
            return
        self._kept[self._thread_id, self.act] = self.field.text()
        self.hide()
        self.left.emit()

    def _retext(self) -> None:
        say = self._words.catalogue.say
        if self.act:
            self.title.setText(say(f"ladder.line.{self.act}", agency=self._words.agency(self._agency)))
            self.field.setAccessibleName(self.title.text())
            self.field.setPlaceholderText(say(f"ladder.line.{self.act}_hint"))
