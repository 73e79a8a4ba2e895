"""The page's letters before the window's: with the keyboard in the list, A is about an alarm."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLineEdit, QWidget

from widgets.alarms.table import AlarmTable
from widgets.kit.actions import Actions, key_text


class PageKeys(QObject):
    """Watches the parts of a page. Of two acts with one key in a window Qt does neither, so the nearer one is
    heard here, before it asks.

    Signals:
        turned(str, bool): open (or close) the group of this line.
        pressed: one of the page's keys.
        field_left(bool): the field gives the keyboard to the list; true where it is to be emptied.
    """

    turned = Signal(str, bool)
    pressed = Signal()
    field_left = Signal(bool)

    def __init__(
        self, page: QWidget, table: AlarmTable, field: QLineEdit, apart: QWidget, actions: Actions,
        act_ids: tuple[str, ...],
    ) -> None:  # fmt: skip
        """`apart` has keys of its own."""
        super().__init__(page)
        self._table, self._field, self._actions = table, field, actions
        self._acts = {key_text(actions.act(one).shortcut()): one for one in act_ids}
        for child in (page, *page.findChildren(QWidget)):
            own = isinstance(child, QLineEdit) or child is apart or apart.isAncestorOf(child)
            if child is field or not own:
                child.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QKeyEvent):
            return False
        if watched is self._field:
            return self._of_field(event)
        act = self._act_of(event)
        turning = self._turning(event) if watched is self._table else None
        if event.type() == QEvent.Type.ShortcutOverride and (act or turning is not None):
            event.accept()
            return True
        if event.type() != QEvent.Type.KeyPress or not (act or turning is not None):
            return False
        self.pressed.emit()
        if act:
            self._actions.trigger(act)
        elif turning is not None:
            self.turned.emit(*turning)
        return True

    def _act_of(self, event: QKeyEvent) -> str:
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        return self._acts.get(key_text(QKeySequence(int(modifiers.value) | event.key())), "")

    def _turning(self, event: QKeyEvent) -> tuple[str, bool] | None:
        """Right opens the group under the keyboard, Left closes it, also from one of its members."""
        if event.key() not in (Qt.Key.Key_Right, Qt.Key.Key_Left):
            return None
        row = self._table.current_row()
        if row is None or not (row.members or row.inside):
            return None
        return row.line, event.key() == Qt.Key.Key_Right

    def _of_field(self, event: QKeyEvent) -> bool:
        leaves = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Down)
        clears = event.key() == Qt.Key.Key_Escape
        if not (leaves or clears):
            return False
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        if event.type() != QEvent.Type.KeyPress:
            return False
        self.field_left.emit(clears)
        return True
