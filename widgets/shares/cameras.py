"""The cameras of a request or share as a list whose ticks say which are given."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtWidgets import QAbstractItemView, QFrame, QListWidget, QListWidgetItem, QWidget

from console.desk.board import Board
from console.language import Catalogue
from console.report.names import device_name
from widgets.shares.rows import Line

ID_ROLE = int(Qt.ItemDataRole.UserRole)
MOST_PX = 300


class CameraTicks(QListWidget):
    """UI thread only.

    Signals:
        ticked: what is ticked may differ from what is given now.
    """

    ticked = Signal()

    def __init__(self, board: Board, catalogue: Catalogue, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("shares-cameras")
        self._board, self._catalogue = board, catalogue
        self._line = ""
        self._given: tuple[str, ...] = ()
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.itemChanged.connect(self._changed)

    @property
    def chosen(self) -> tuple[str, ...]:
        """Those that are ticked, in the order of the list."""
        items = [self.item(row) for row in range(self.count())]
        return tuple(
            str(one.data(ID_ROLE)) for one in items if one.checkState() == Qt.CheckState.Checked
        )

    @property
    def differs(self) -> bool:
        """Whether other cameras are ticked than are given now."""
        return set(self.chosen) != set(self._given)

    def show_line(self, line: Line | None, changeable: bool) -> None:
        """The cameras of this line. What a person ticked stays while the line is the same."""
        share = line.share if line is not None else None
        given: tuple[str, ...] = ()
        if line is not None:
            told = share.cameras if share is not None else line.request.cameras
            given = tuple(one.camera_id for one in told)
        key = f"{line.id if line is not None else ''}/{changeable}/{self._catalogue.language}"
        if (key, given) == (self._line, self._given):
            self._retell(line)
            return
        self._line, self._given = key, given
        self.blockSignals(True)
        self.clear()
        if line is not None:
            listed = {one.camera_id: one for one in line.request.cameras}
            for camera_id in dict.fromkeys((*listed, *given)):
                self.addItem(self._item(line, camera_id, camera_id in given, changeable))
        self.blockSignals(False)
        self.updateGeometry()
        self.ticked.emit()

    def _retell(self, line: Line | None) -> None:
        """Who looks, and what is masked, may be otherwise."""
        self.blockSignals(True)
        for row in range(self.count()):
            item = self.item(row)
            text = self._text(line, str(item.data(ID_ROLE))) if line is not None else ""
            if item.text() != text:
                item.setText(text)
                item.setToolTip(text)
        self.blockSignals(False)

    def sizeHint(self) -> QSize:
        high = sum(self.sizeHintForRow(row) for row in range(self.count())) + 6
        return QSize(super().sizeHint().width(), min(MOST_PX, high))

    def minimumSizeHint(self) -> QSize:
        return QSize(120, min(self.sizeHint().height(), 84))

    def _item(self, line: Line, camera_id: str, given: bool, changeable: bool) -> QListWidgetItem:
        item = QListWidgetItem(self._text(line, camera_id))
        item.setData(ID_ROLE, camera_id)
        item.setToolTip(item.text())
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        item.setFlags(flags | Qt.ItemFlag.ItemIsUserCheckable if changeable else flags)
        if changeable:
            item.setCheckState(Qt.CheckState.Checked if given else Qt.CheckState.Unchecked)
        return item

    def _text(self, line: Line, camera_id: str) -> str:
        say = self._catalogue.say
        told = next((one for one in line.request.cameras if one.camera_id == camera_id), None)
        parts = [device_name(self._board.profile, self._catalogue, camera_id)]
        if told is not None:
            parts.append(say(f"shares.why.{told.why}", metres=f"{told.distance_m:.0f}"))
        if self._board.state.masks.get(camera_id):
            parts.append(say("shares.masked"))
        if any(one.camera_id == camera_id for one in line.views):
            parts.append(say("shares.seen_now"))
        return " · ".join(parts)

    @Slot(QListWidgetItem)
    def _changed(self, _: QListWidgetItem) -> None:
        self.ticked.emit()
