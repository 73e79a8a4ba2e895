"""Which cameras are exported: dropped, typed by number, or taken from the selected pane."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from console.desk.board import Board
from console.language import Catalogue
from widgets.kit.actions import Actions
from widgets.kit.dragging import camera_ids_of
from widgets.kit.labels import label
from widgets.kit.texts import Texts, follow
from widgets.kit.tokens import Tokens

MOST_CAMERAS = 64


class CameraChoice(QWidget):
    """A list of cameras without doubles. UI thread.

    Signals:
        changed: others are chosen.
        unknown(str): this was typed, and no camera has this number.
    """

    changed = Signal()
    unknown = Signal(str)

    def __init__(
        self, board: Board, catalogue: Catalogue, texts: Texts, actions: Actions, tokens: Tokens,
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._board, self._catalogue = board, catalogue
        self.setAcceptDrops(True)
        heading = label(ink="dim")
        self.list = QListWidget()
        self.list.setObjectName("evidence.cameras")
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setTextElideMode(Qt.TextElideMode.ElideRight)
        heading.setBuddy(self.list)
        texts.put(heading, "evidence.cameras")
        texts.put(self.list, accessibleName="evidence.cameras")
        self.field = QLineEdit()
        self.field.setMaxLength(80)
        texts.put(self.field, accessibleName="evidence.cameras_hint", placeholderText="evidence.cameras_hint")
        self.field.returnPressed.connect(self._typed)
        self.hint = label(ink="dim", size="small")
        self.hint.setWordWrap(True)
        texts.put(self.hint, "evidence.no_cameras")
        row = QHBoxLayout()
        row.setSpacing(tokens.space(1))
        row.addWidget(self.field, 1)
        row.addWidget(actions.button("evidence.remove", self))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(tokens.space(1))
        column.addWidget(heading)
        column.addWidget(self.hint, 1, Qt.AlignmentFlag.AlignTop)
        column.addWidget(self.list, 1)
        column.addLayout(row)
        column.addWidget(actions.button("evidence.add", self))
        follow(catalogue, self._retext)

    @property
    def camera_ids(self) -> tuple[str, ...]:
        items = (self.list.item(row) for row in range(self.list.count()))
        return tuple(str(item.data(Qt.ItemDataRole.UserRole)) for item in items)

    @property
    def current(self) -> str:
        """The chosen one of them; the first where none is."""
        item = self.list.currentItem() or self.list.item(0)
        return str(item.data(Qt.ItemDataRole.UserRole)) if item is not None else ""

    def set_cameras(self, camera_ids: Sequence[str]) -> None:
        self.list.clear()
        self.add(camera_ids)

    def add(self, camera_ids: Sequence[str]) -> None:
        """Add those the city has and that are not there yet."""
        there = set(self.camera_ids)
        for camera_id in dict.fromkeys(camera_ids):
            if camera_id in self._board.profile.cameras and camera_id not in there:
                if self.list.count() >= MOST_CAMERAS:
                    break
                item = QListWidgetItem()
                item.setData(Qt.ItemDataRole.UserRole, camera_id)
                self.list.addItem(item)
        self._retext()
        self.changed.emit()

    @Slot()
    def remove(self) -> None:
        """Take the chosen one off the list."""
        row = self.list.currentRow() if self.list.currentRow() >= 0 else self.list.count() - 1
        if row >= 0:
            self.list.takeItem(row)
            self._retext()
            self.changed.emit()

    @Slot()
    def _typed(self) -> None:
        typed = self.field.text().strip().upper()
        if typed in self._board.profile.cameras:
            self.add((typed,))
            self.field.clear()
        elif typed:
            self.unknown.emit(typed)

    def _retext(self) -> None:
        for row in range(self.list.count()):
            item = self.list.item(row)
            camera_id = str(item.data(Qt.ItemDataRole.UserRole))
            name = self._catalogue.words(self._board.profile.devices[camera_id].name)
            item.setText(f"{camera_id}  {name}")
            item.setToolTip(item.text())
        self.hint.setVisible(not self.list.count())
        self.list.setVisible(bool(self.list.count()))

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if camera_ids_of(event.mimeData()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        self.add(camera_ids_of(event.mimeData()))
        event.acceptProposedAction()
