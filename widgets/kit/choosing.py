"""One of a list: a panel over its parent, by number, by words, by arrows, by mouse. No second event loop."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QHeaderView,
    QLineEdit,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from widgets.kit.labels import ElidedLabel, label
from widgets.kit.tokens import Tokens

WIDEST_PX, HIGHEST_PX = 640, 560
NUMBER_PX = 56
ID_ROLE = int(Qt.ItemDataRole.UserRole)


@dataclass(frozen=True)
class Choice:
    """One line: `number` may be typed, `text` is what it is, `detail` what else there is to say."""

    id: str
    number: int
    text: str
    detail: str = ""
    current: bool = False


class Chooser(QFrame):
    """A panel with a field and a list. What is typed is a number (that line is chosen by Enter) or words that
    the lines must contain. UI thread only.

    Signals:
        chosen(str): the id of the line.
        key_pressed(int, str): a key with Ctrl or a function key was pressed on a line (its id), for other
        acts. closed: it was closed, with or without a choice.
    """

    chosen = Signal(str)
    key_pressed = Signal(int, str)
    closed = Signal()

    def __init__(self, tokens: Tokens, parent: QWidget, name: str) -> None:
        super().__init__(parent)
        self._tokens = tokens
        self._choices: list[Choice] = []
        self._before: QWidget | None = None
        self.setObjectName(name)
        self.setProperty("role", "overlay")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.title = label(self, size="strong", weight="bold")
        self.field = QLineEdit(self)
        self.field.setObjectName(f"{name}-field")
        self.list = QTableWidget(0, 3, self)
        self.list.setObjectName(f"{name}-list")
        self.list.horizontalHeader().setVisible(False)
        self.list.verticalHeader().setVisible(False)
        self.list.verticalHeader().setDefaultSectionSize(tokens.size("row"))
        self.list.horizontalHeader().setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        self.list.horizontalHeader().setSectionResizeMode(2, QHeaderView.ResizeMode.ResizeToContents)
        self.list.setColumnWidth(0, NUMBER_PX)
        self.list.setShowGrid(False)
        self.list.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.list.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.list.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hint = ElidedLabel(self, size="small", ink="dim")
        self.extra = QHBoxLayout()
        self.extra.setSpacing(tokens.space(1))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*(tokens.space(3),) * 4)
        layout.setSpacing(tokens.space(2))
        for part in (self.title, self.field, self.list):
            layout.addWidget(part, 1 if part is self.list else 0)
        layout.addLayout(self.extra)
        layout.addWidget(self.hint)
        self.field.textChanged.connect(self._filter)
        self.list.cellDoubleClicked.connect(self._choose_row)
        self.list.cellClicked.connect(self._back_to_field)
        self.field.installEventFilter(self)
        parent.installEventFilter(self)
        self.hide()

    def offer(self, title: str, placeholder: str, hint: str, choices: Sequence[Choice]) -> None:
        """Show these lines; the current one is selected."""
        self._choices = list(choices)
        self.title.setText(title)
        self.setAccessibleName(title)
        self.field.setPlaceholderText(placeholder)
        self.field.setAccessibleName(placeholder)
        self.list.setAccessibleName(title)
        self.hint.setText(hint)
        self.field.blockSignals(True)
        self.field.clear()
        self.field.blockSignals(False)
        self._fill(self._choices)
        self._before = self.window().focusWidget()
        self._place()
        self.show()
        self.raise_()
        self.field.setFocus(Qt.FocusReason.PopupFocusReason)

    def close_panel(self) -> None:
        """Close it; the keyboard goes back to where it was."""
        if not self.isHidden():
            self.hide()
            if self._before is not None and self._before.isVisible():
                self._before.setFocus(Qt.FocusReason.PopupFocusReason)
            self._before = None
            self.closed.emit()

    @property
    def current_id(self) -> str:
        """The id of the selected line, empty for none."""
        item = self.list.item(self.list.currentRow(), 0)
        return str(item.data(ID_ROLE)) if item is not None else ""

    def lines(self) -> list[str]:
        """What the lines say now, for whoever cannot see them."""
        return [
            " ".join(filter(None, (self.list.item(row, column).text() for column in range(3))))
            for row in range(self.list.rowCount())
        ]

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._place()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is not self.field:
            if event.type() == QEvent.Type.Resize and self.isVisible():
                self._place()
            return False
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            return self._key(event)
        # A letter key that means an act elsewhere is a letter here.
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
        return False

    def _key(self, event: QKeyEvent) -> bool:
        key, rows = Qt.Key(event.key()), self.list.rowCount()
        steps = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1, Qt.Key.Key_PageUp: -10, Qt.Key.Key_PageDown: 10}
        if key == Qt.Key.Key_Escape:
            self.close_panel()
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._choose_row(self.list.currentRow(), 0)
        elif key in steps and rows:
            self.list.setCurrentCell(min(rows - 1, max(0, self.list.currentRow() + steps[key])), 0)
        elif (
            event.modifiers() & Qt.KeyboardModifier.ControlModifier and self.current_id and event.text() == ""
        ):
            return False
        elif Qt.Key.Key_F1 <= key <= Qt.Key.Key_F12 or (key == Qt.Key.Key_Delete and not self.field.text()):
            self.key_pressed.emit(int(key), self.current_id)
        else:
            return False
        return True

    @Slot(str)
    def _filter(self, text: str) -> None:
        words = text.casefold().split()
        if text.strip().isdigit():
            typed = text.strip().lstrip("0")
            shown = [one for one in self._choices if str(one.number).startswith(typed) and one.number]
            shown.sort(key=lambda one: (len(str(one.number)), one.number))
            shown += [one for one in self._choices if text.strip() in one.text and one not in shown]
        else:
            shown = [
                one for one in self._choices
                if all(word in f"{one.text} {one.detail}".casefold() for word in words)
            ]  # fmt: skip
        self._fill(shown)

    def _fill(self, choices: Sequence[Choice]) -> None:
        self.list.setRowCount(len(choices))
        chosen = 0
        for row, one in enumerate(choices):
            for column, text in enumerate((str(one.number or ""), one.text, one.detail)):
                item = QTableWidgetItem(text)
                item.setData(ID_ROLE, one.id)
                item.setToolTip(f"{one.text}\n{one.detail}".strip())
                if column == 0:
                    item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                if one.current:
                    item.setFont(self._tokens.font(bold=True))
                self.list.setItem(row, column, item)
            if one.current:
                chosen = row
        self.list.setCurrentCell(chosen if choices else -1, 0)

    @Slot(int, int)
    def _choose_row(self, row: int, column: int) -> None:
        item = self.list.item(row, 0)
        if item is not None:
            found = str(item.data(ID_ROLE))
            self.close_panel()
            self.chosen.emit(found)

    @Slot(int, int)
    def _back_to_field(self, row: int, column: int) -> None:
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def _place(self) -> None:
        parent = self.parentWidget()
        rows = max(4, len(self._choices)) * self._tokens.size("row")
        height = min(HIGHEST_PX, parent.height() - 32, rows + 170)
        width = min(WIDEST_PX, parent.width() - 32)
        self.setGeometry(
            (parent.width() - width) // 2, max(16, (parent.height() - height) // 3), width, height
        )
