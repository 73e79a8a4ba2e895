"""The line over a wall: which layout is shown, whether it was changed since, what can be done with it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QWidget

from widgets.kit.actions import Actions, key_text
from widgets.kit.labels import ElidedLabel, style
from widgets.kit.tokens import Tokens

HEIGHT_PX = 30


class LayoutBar(QWidget):
    """Shows what it is told; its buttons are acts, or the deck's own calls. UI thread only."""

    def __init__(self, tokens: Tokens, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("layout-bar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(HEIGHT_PX)
        style(self, role="header")
        self.name = QPushButton(self)
        self.name.setObjectName("layout-name")
        self.changed = ElidedLabel(self, size="small", ink="p2")
        self.note = ElidedLabel(self, size="small", ink="dim")
        self.undo = QPushButton(self)
        self.save, self.shape, self.carousel, self.edit = (QPushButton(self) for _ in range(4))
        row = QHBoxLayout(self)
        row.setContentsMargins(tokens.space(1), 0, tokens.space(1), 0)
        row.setSpacing(tokens.space(1))
        self.name.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        row.addWidget(self.name)
        row.addWidget(self.changed)
        row.addWidget(self.note, 1)
        for button in (self.undo, self.save, self.carousel, self.shape, self.edit):
            row.addWidget(button)
        for button in (self.name, self.undo, self.save, self.carousel, self.shape, self.edit):
            style(button, role="quiet")
        self.changed.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        self.undo.hide()

    def serve(self, actions: Actions) -> None:
        """Let the buttons do their acts on the wall they stand over."""
        self._actions = actions
        for button, act in self._of_act().items():
            button.setObjectName(f"button.{act}")

    def _of_act(self) -> dict[QPushButton, str]:
        return {
            self.undo: "wall.undo", self.save: "wall.save", self.shape: "wall.shape",
            self.carousel: "wall.carousel", self.edit: "wall.edit",
        }  # fmt: skip

    def reword(self) -> None:
        """The acts' words and keys in the present language."""
        for button, act_id in self._of_act().items():
            if not self._actions.has(act_id):
                continue  # the acts come with the window; the bar is worded again then
            act = self._actions.act(act_id)
            button.setText(f"{act.text()}  [{key_text(act.shortcut())}]")
            button.setAccessibleName(act.text())
            button.setToolTip(act.toolTip())
