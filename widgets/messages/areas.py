"""Choosing for whom a message is: districts, and areas that were drawn on the map."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from console.language import Catalogue
from console.model.base import Words, same_words
from console.model.message import MOST_CORNERS, MessageArea
from console.model.sketch import Sketch

if TYPE_CHECKING:
    from console.desk.board import Board

KEY = Qt.ItemDataRole.UserRole


class AreaList(QListWidget):
    """A box for each district and each drawn area; one drawn area at most. Space sets and clears. Nothing set
    is the whole city. UI thread only.

    Signals:
        area_changed: another choice.
    """

    area_changed = Signal()

    def __init__(self, board: Board, catalogue: Catalogue, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("messages-areas")
        self._board, self._catalogue = board, catalogue
        self._kept: MessageArea | None = None
        self._shown: list[str] = []
        self.itemChanged.connect(self._changed)

    @property
    def area(self) -> MessageArea:
        """What is chosen."""
        chosen = self._chosen()
        districts = tuple(one for one in chosen if one in self._board.profile.districts)
        drawn = next((one for one in chosen if one not in self._board.profile.districts), "")
        if drawn == "kept" and self._kept is not None:
            return MessageArea(districts=districts, polygon=self._kept.polygon, name=self._kept.name)
        sketch = self._board.state.sketches.get(drawn)
        if sketch is None:
            return MessageArea(districts=districts)
        return MessageArea(districts=districts, polygon=sketch.points, name=self._name(sketch))

    def show_area(self, area: MessageArea) -> None:
        """Choose this; an outline that is on no map any more stays a choice of its own."""
        self._kept = area if area.polygon else None
        known = next((one.id for one in self._drawn() if one.points == area.polygon), "")
        self._fill({*area.districts, known or ("kept" if area.polygon else "")})
        self.area_changed.emit()

    def look(self) -> None:
        """Areas on the map may have come or gone."""
        if self._keys() != self._shown:
            self._fill(set(self._chosen()))

    def reword(self) -> None:
        """Say everything in the present language."""
        self._fill(set(self._chosen()))

    def _drawn(self) -> list[Sketch]:
        return [
            one for one in self._board.state.sketches.values()
            if one.form == "area" and len(one.points) <= MOST_CORNERS
        ]  # fmt: skip

    def _keys(self) -> list[str]:
        kept = ["kept"] if self._kept is not None and not self._known_outline() else []
        return [*kept, *(one.id for one in reversed(self._drawn())), *self._board.profile.districts]

    def _known_outline(self) -> bool:
        return any(self._kept is not None and one.points == self._kept.polygon for one in self._drawn())

    def _fill(self, chosen: set[str]) -> None:
        say = self._catalogue
        self.blockSignals(True)
        self.clear()
        self._shown = self._keys()
        for key in self._shown:
            district = self._board.profile.districts.get(key)
            sketch = self._board.state.sketches.get(key)
            if district is not None:
                text = say.words(district.name)
            else:
                kept = self._kept.name if self._kept is not None else same_words("")
                named = say.words(self._name(sketch) if sketch is not None else kept)
                text = say.say("messages.drawn", name=named or say.say("report.message.drawn"))
            item = QListWidgetItem(text, self)
            item.setData(KEY, key)
            flags = Qt.ItemFlag
            item.setFlags(flags.ItemIsEnabled | flags.ItemIsUserCheckable | flags.ItemIsSelectable)
            item.setCheckState(Qt.CheckState.Checked if key in chosen else Qt.CheckState.Unchecked)
        self.blockSignals(False)

    def _name(self, sketch: Sketch) -> Words:
        return same_words(sketch.text) if sketch.text else self._catalogue.both("report.message.drawn")

    def _chosen(self) -> list[str]:
        items = [self.item(row) for row in range(self.count())]
        return [str(one.data(KEY)) for one in items if one.checkState() == Qt.CheckState.Checked]

    @Slot(QListWidgetItem)
    def _changed(self, item: QListWidgetItem) -> None:
        districts = self._board.profile.districts
        if item.checkState() == Qt.CheckState.Checked and item.data(KEY) not in districts:
            self.blockSignals(True)
            for row in range(self.count()):
                other = self.item(row)
                if other is not item and other.data(KEY) not in districts:
                    other.setCheckState(Qt.CheckState.Unchecked)
            self.blockSignals(False)
        self.area_changed.emit()
