"""The rail at the left: one button a workspace, and nothing for what does not exist."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtWidgets import QToolButton, QVBoxLayout, QWidget

from widgets.kit.actions import Act, key_text
from widgets.kit.icons import icon
from widgets.kit.tokens import Tokens

WIDTH = 72


class RailButton(QToolButton):
    """A workspace's act as a tall button: icon, words, key."""

    def __init__(self, act: Act, icon_name: str, tokens: Tokens, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._act, self._icon_name, self._tokens = act, icon_name, tokens
        self.setProperty("role", "rail")
        self.setObjectName(f"button.{act.act_id}")
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextUnderIcon)
        self.setCheckable(True)
        self.setFixedWidth(WIDTH)
        self.setIconSize(QSize(24, 24))
        self.clicked.connect(act.trigger)
        act.changed.connect(self._follow)
        tokens.changed.connect(self._draw)
        self._follow()
        self._draw()

    @Slot()
    def _follow(self) -> None:
        self.setText(f"{self._act.text()}\n{key_text(self._act.shortcut())}")
        self.setAccessibleName(self._act.text())
        self.setToolTip(self._act.toolTip())
        self.setChecked(self._act.isChecked())

    @Slot()
    def _draw(self) -> None:
        self.setIcon(icon(self._icon_name, self._tokens.ink("text"), 24))


class Rail(QWidget):
    """Buttons of the workspaces, from the top; helpers (keys, theme) at the bottom."""

    def __init__(self, tokens: Tokens, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tokens = tokens
        self.setProperty("role", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedWidth(WIDTH)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, tokens.space(2))
        self._layout.setSpacing(0)
        self._layout.addStretch(1)

    def add(self, act: Act, icon_name: str, at_bottom: bool = False) -> RailButton:
        """Add a button for an act, above or below the free space."""
        button = RailButton(act, icon_name, self._tokens, self)
        if at_bottom:
            self._layout.addWidget(button)
        else:
            stretch_at = next(i for i in range(self._layout.count()) if self._layout.itemAt(i).spacerItem())
            self._layout.insertWidget(stretch_at, button)
        return button
