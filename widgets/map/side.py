"""The list at the side of the map: what was found, which cameras could see, which layers and systems there
are. One at a time, all by key."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal, Slot
from PySide6.QtGui import QIcon, QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from widgets.kit.labels import ElidedLabel, label
from widgets.kit.tokens import Tokens

WIDTH_PX = 430
ROW_EDGE_PX, ROW_GAP_PX = 64, 8
"""What a line needs besides its words: box, icon, scroll bar; air above and below."""
PAYLOAD = Qt.ItemDataRole.UserRole


class SideRow(NamedTuple):
    """One line of the list: what stands there, what it is of, and whether it has a box (None: none)."""

    text: str
    payload: Any = None
    checked: bool | None = None
    dim: bool = False
    tip: str = ""
    icon: QIcon | None = None


class SidePanel(QFrame):
    """UI thread only.

    Signals:
        activated(object): Enter or a double click on a line, with its payload.
        current_changed(object): another line is the current one, with its payload.
        checked(object, bool): the box of a line was set or cleared.
        closed: Esc, or the button.
    """

    activated = Signal(object)
    current_changed = Signal(object)
    checked = Signal(object, bool)
    closed = Signal()

    def __init__(self, tokens: Tokens, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("map-side")
        self.setProperty("role", "header")
        self.setFrameShape(QFrame.Shape.Box)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._tokens = tokens
        self.mode = ""
        self.title = ElidedLabel(self, size="strong", weight="bold")
        self.close_button = QPushButton("×", self)
        self.close_button.setProperty("role", "quiet")
        self.close_button.setFixedWidth(28)
        self.close_button.clicked.connect(self.close_panel)
        self.list = QListWidget(self)
        self.list.setObjectName("map-side-list")
        self.list.setFrameShape(QFrame.Shape.NoFrame)
        self.list.setWordWrap(True)
        self.list.setSpacing(2)
        self.list.setIconSize(QSize(24, 24))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.list.itemActivated.connect(self._activate)
        self.list.currentItemChanged.connect(self._current)
        self.list.itemChanged.connect(self._changed)
        self.list.installEventFilter(self)
        self.note = label(self, size="small", ink="dim")
        self.note.setWordWrap(True)
        head = QHBoxLayout()
        head.addWidget(self.title, 1)
        head.addWidget(self.close_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*(tokens.space(2),) * 4)
        layout.setSpacing(tokens.space(1))
        layout.addLayout(head)
        layout.addWidget(self.list, 1)
        layout.addWidget(self.note)
        self.hide()

    def fill(self, mode: str, title: str, rows: Sequence[SideRow], note: str = "") -> None:
        """Show these lines; the current line stays where it was in the same list."""
        at = self.list.currentRow() if mode == self.mode else -1
        self.mode = mode
        self.title.setText(title)
        self.list.setAccessibleName(title)
        self.note.setText(note)
        self.note.setVisible(bool(note))
        self.list.blockSignals(True)
        self.list.clear()
        for row in rows:
            item = QListWidgetItem(row.text)
            item.setData(PAYLOAD, row.payload)
            item.setToolTip(row.tip)
            if row.icon is not None:
                item.setIcon(row.icon)
            flags = Qt.ItemFlag.ItemIsEnabled
            if row.payload is not None:
                flags |= Qt.ItemFlag.ItemIsSelectable
            if row.checked is not None:
                flags |= Qt.ItemFlag.ItemIsUserCheckable
                item.setCheckState(Qt.CheckState.Checked if row.checked else Qt.CheckState.Unchecked)
            item.setFlags(flags)
            if row.dim:
                item.setForeground(self._tokens.ink("dim"))
            self.list.addItem(item)
        self.list.setCurrentRow(min(max(at, 0), len(rows) - 1))
        self.list.blockSignals(False)
        self.show()
        self.raise_()
        self.place()

    def place(self) -> None:
        """At the left of the parent, as high as the lines need."""
        room = self.parentWidget().rect()
        metrics, wide = self.list.fontMetrics(), min(WIDTH_PX, room.width() - 16) - ROW_EDGE_PX
        wrap = Qt.TextFlag.TextWordWrap
        rows = sum(
            metrics.boundingRect(0, 0, wide, 10_000, int(wrap), self.list.item(at).text()).height()
            for at in range(self.list.count())
        )
        rows += ROW_GAP_PX * self.list.count()
        high = rows + self.title.sizeHint().height() + 60
        if self.note.isVisibleTo(self):
            high += self.note.heightForWidth(WIDTH_PX - 30)
        self.setGeometry(8, 8, min(WIDTH_PX, room.width() - 16), min(max(120, high), room.height() - 16))

    def payload(self) -> Any:
        """Of the current line; None without one."""
        item = self.list.currentItem()
        return item.data(PAYLOAD) if item is not None else None

    def step(self, by: int) -> None:
        """Another line becomes the current one, from wherever the keyboard is."""
        count = self.list.count()
        if count:
            self.list.setCurrentRow(min(count - 1, max(0, self.list.currentRow() + by)))

    @Slot()
    def close_panel(self) -> None:
        """Take it away."""
        if self.isVisible():
            self.hide()
            self.mode = ""
            self.closed.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QKeyEvent):
            return False
        key = Qt.Key(event.key())
        enter, escape = key in (Qt.Key.Key_Return, Qt.Key.Key_Enter), key == Qt.Key.Key_Escape
        if event.type() == QEvent.Type.ShortcutOverride and (enter or escape or key == Qt.Key.Key_Space):
            event.accept()
            return False
        if event.type() != QEvent.Type.KeyPress:
            return False
        if escape:
            self.close_panel()
            return True
        if enter:
            self._activate(self.list.currentItem())
            return True
        return False

    @Slot(QListWidgetItem)
    def _activate(self, item: QListWidgetItem | None) -> None:
        if item is not None and item.data(PAYLOAD) is not None:
            self.activated.emit(item.data(PAYLOAD))

    @Slot(QListWidgetItem, QListWidgetItem)
    def _current(self, item: QListWidgetItem | None, _before: QListWidgetItem | None) -> None:
        if item is not None and item.data(PAYLOAD) is not None:
            self.current_changed.emit(item.data(PAYLOAD))

    @Slot(QListWidgetItem)
    def _changed(self, item: QListWidgetItem) -> None:
        if item.data(PAYLOAD) is not None:
            self.checked.emit(item.data(PAYLOAD), item.checkState() == Qt.CheckState.Checked)
