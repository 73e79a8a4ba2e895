"""The key overlay (F1): every act that has a key, by group, over the window; nothing behind it stops."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Slot
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from console.language import Catalogue
from widgets.kit.actions import ActHelp, Actions
from widgets.kit.labels import label
from widgets.kit.texts import Texts, follow
from widgets.kit.tokens import Tokens

COLUMNS = 3


class KeyHelp(QWidget):
    """A panel over its parent. Made anew from the book of acts each time it is shown."""

    def __init__(self, actions: Actions, catalogue: Catalogue, tokens: Tokens, parent: QWidget) -> None:
        super().__init__(parent)
        self._actions, self._tokens = actions, tokens
        self.setObjectName("key-help")
        self.setProperty("role", "header")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._texts = Texts(catalogue)
        self.title = label(self, size="large", weight="bold")
        self._texts.put(self.title, "shell.keys.title")
        self.close_hint = label(self, ink="dim")
        self._texts.put(self.close_hint, "shell.keys.close")
        head = QHBoxLayout()
        head.addWidget(self.title)
        head.addStretch(1)
        head.addWidget(self.close_hint)
        self._area = QScrollArea(self)
        self._area.setWidgetResizable(True)
        self._area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._area.setFrameShape(QFrame.Shape.NoFrame)
        self._area.setProperty("role", "header")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*(tokens.space(6),) * 4)
        layout.setSpacing(tokens.space(4))
        layout.addLayout(head)
        layout.addWidget(self._area)
        self.hide()
        parent.installEventFilter(self)
        follow(catalogue, self._retext)

    @Slot()
    def toggle(self) -> None:
        """Show or hide it."""
        if self.isVisible():
            self.hide()
            return
        self._fill()
        self.show()
        self._place()
        self.raise_()
        self.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.hide()
        else:
            super().keyPressEvent(event)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return False

    @Slot()
    def _retext(self) -> None:
        self.setAccessibleName(self._texts.catalogue.say("shell.keys.title"))
        if self.isVisible():
            self._fill()
            self._place()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        with QPainter(self) as painter:
            painter.setPen(self._tokens.mark("focus"))
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))

    def _place(self) -> None:
        parent = self.parentWidget()
        page = self._area.widget()
        wanted = page.sizeHint().height() + self.title.sizeHint().height() + 17 * self._tokens.space(1)
        width, height = min(1320, parent.width() - 48), min(wanted, parent.height() - 48)
        self.setGeometry((parent.width() - width) // 2, (parent.height() - height) // 2, width, height)

    def _fill(self) -> None:
        groups: dict[str, list[ActHelp]] = {}
        for act in self._actions.help():
            groups.setdefault(act.group, []).append(act)
        page = QWidget()
        page.setProperty("role", "header")
        columns = QHBoxLayout(page)
        columns.setContentsMargins(0, 0, 0, 0)
        columns.setSpacing(self._tokens.space(8))
        heights = [0] * COLUMNS
        stacks = []
        for _ in range(COLUMNS):
            stack = QVBoxLayout()
            stack.setSpacing(self._tokens.space(4))
            stacks.append(stack)
            columns.addLayout(stack, 1)
        for group, acts in groups.items():
            column = heights.index(min(heights))
            heights[column] += len(acts) + 2
            stacks[column].addLayout(self._group(group, acts, page))
        for stack in stacks:
            stack.addStretch(1)
        self._area.setWidget(page)

    def _group(self, group: str, acts: list[ActHelp], page: QWidget) -> QVBoxLayout:
        stack = QVBoxLayout()
        stack.setSpacing(self._tokens.space(1))
        heading = label(page, size="strong", weight="bold")
        heading.setText(group)
        stack.addWidget(heading)
        grid = QGridLayout()
        grid.setHorizontalSpacing(self._tokens.space(4))
        grid.setVerticalSpacing(2)
        grid.setColumnStretch(1, 1)
        for row, act in enumerate(acts):
            key = label(page, weight="bold")
            key.setText(act.key)
            key.setMinimumWidth(72)
            text = label(page, **({} if act.enabled else {"ink": "dim"}))
            text.setText(act.text)
            text.setWordWrap(True)
            grid.addWidget(key, row, 0, Qt.AlignmentFlag.AlignTop)
            grid.addWidget(text, row, 1)
        stack.addLayout(grid)
        return stack
