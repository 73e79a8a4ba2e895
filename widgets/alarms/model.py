"""The list as a Qt model: rows come, go and change, thousands of them; `data` only looks up."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from console.desk.alarmbook import AlarmBook, ViewLines
from console.desk.alarmlines import Lines, View
from console.model.alarm import Alarm
from widgets.alarms.rows import Row, Rows
from widgets.alarms.words import Column, RowWords
from widgets.kit.moments import Moments

ROW_ROLE = Qt.ItemDataRole.UserRole
"""The whole `Row`."""
MANY = 60
"""More changes at once than this are told as a new list: each run of rows costs every view a layout."""

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()


class AlarmModel(QAbstractTableModel):
    """Rows of one view. UI thread only. Holds no truth: `take` is told what changed."""

    def __init__(self, book: AlarmBook, moments: Moments, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._book, self._catalogue = book, moments.catalogue
        self.words = RowWords(book, moments)
        self.lines = ViewLines(book, self.words.searched)
        self._rows = Rows(book.alarms.get)
        self._texts: dict[tuple[str, int], str] = {}
        self._marked: frozenset[str] = frozenset()

    # what a view asks

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(Column)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row, column = self._rows.rows[index.row()], index.column()
        if role == ROW_ROLE:
            return row
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return self.text(row, column)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return self.words.spoken(row) if column == Column.PRIORITY else self.text(row, column)
        if role == Qt.ItemDataRole.TextAlignmentRole and column in (Column.AGE, Column.VALUE):
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self._catalogue.say(f"alarms.column.{Column(section).name.lower()}")
        if role == Qt.ItemDataRole.TextAlignmentRole and section in (Column.AGE, Column.VALUE):
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None

    def text(self, row: Row, column: int) -> str:
        """A row's words; those that time does not change are made once."""
        if column == Column.AGE:
            return self.words.age(row)
        found = self._texts.get((row.key, column))
        if found is None:
            found = self._texts[row.key, column] = self.words.text(row, column)
        return found

    def row(self, place: int) -> Row | None:
        """The row at a place, None outside the rows."""
        return self._rows.rows[place] if 0 <= place < len(self._rows) else None

    def place(self, key: str) -> int:
        """Where a row of this key is; -1 where it is not."""
        return self._rows.place(key)

    def rows(self) -> tuple[Row, ...]:
        """All rows from the top."""
        return tuple(self._rows.rows)

    # what changed

    def show(self, view: View, words: tuple[str, ...] = ()) -> None:
        """Show another view, or the same narrowed by words (folded)."""
        self.words.view = view
        self._reset(self.lines.begin(view, words))

    def take(self, changed: dict[str, Alarm | None], held: bool) -> bool:
        """Alarms changed. Returns whether the whole list is new, so that a view finds its place again."""
        if self.lines.must_begin():
            self._reset(self.lines.begin(self.lines.view, self.lines.words))
            return True
        lines = self.lines.take(changed)
        if len(lines) > MANY:
            gone, come, stay = self._rows.changes(lines, held)
            self.beginResetModel()
            self._forget(gone, come, stay)
            self._rows.take_out(gone)
            self._rows.put_in(come)
            self._rows.say_anew(stay)
            self.endResetModel()
            return True
        if lines:
            self._tell(*self._rows.changes(lines, held))
        return False

    def settle(self) -> None:
        """The hand has left the list: put the rows in order that kept their place."""
        gone, come = self._rows.settled()
        self._tell(gone, come, [])

    def turn(self, key: str, opened: bool | None = None) -> None:
        """Open or close a group."""
        self._tell(*self._rows.turn(key, opened))

    def open_all(self, opened: bool) -> None:
        """Open or close every group."""
        for row in [one for one in self._rows.rows if one.members]:
            self.turn(row.key, opened)

    def reword(self) -> None:
        """The language changed, or marks that are the hub's: say everything anew."""
        self._texts.clear()
        if len(self._rows):
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._rows) - 1, len(Column) - 1))
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(Column) - 1)

    def look_at_marks(self) -> None:
        """The hub tells each second what chatters, is fleeting or stale: say anew what this turns."""
        health = self._book.health
        now: frozenset[str] = frozenset()
        if health is not None:
            now = frozenset((*health.chattering, *health.fleeting, *health.stale))
        for alarm_id in now | self._marked:
            self._texts.pop((alarm_id, Column.NOTE), None)
        for alarm_id in now ^ self._marked:
            place = self.place(alarm_id)
            if place >= 0:
                self.dataChanged.emit(self.index(place, Column.NOTE), self.index(place, Column.NOTE))
        self._marked = now

    def put_incidents_into_notes(self, wanted: bool) -> None:
        """Say the incident in the note, where it has no column."""
        if wanted != self.words.incident_in_note:
            self.words.incident_in_note = wanted
            self.reword()

    def mark_pending(self, alarm_ids: frozenset[str]) -> None:
        """Acts on these alarms are on their way."""
        turned = alarm_ids ^ self.words.pending
        if not turned:
            return
        self.words.pending = alarm_ids
        for alarm_id in turned:
            place = self.place(alarm_id)
            self._texts.pop((alarm_id, Column.STATE), None)
            if place >= 0:
                self.dataChanged.emit(self.index(place, Column.STATE), self.index(place, Column.STATE))

    def _reset(self, lines: Lines) -> None:
        self.beginResetModel()
        self._texts.clear()
        self._rows.begin(lines)
        self.endResetModel()

    def _tell(self, gone: list[str], come: list[Row], stay: list[Row]) -> None:
        self._forget(gone, come, stay)
        self._rows.take_out(gone, self._about_to_remove, self.endRemoveRows)
        self._rows.put_in(come, self._about_to_insert, self.endInsertRows)
        for place in self._rows.say_anew(stay):
            self.dataChanged.emit(self.index(place, 0), self.index(place, len(Column) - 1))

    def _about_to_remove(self, first: int, last: int) -> None:
        self.beginRemoveRows(_ROOT, first, last)

    def _about_to_insert(self, first: int, last: int) -> None:
        self.beginInsertRows(_ROOT, first, last)

    def _forget(self, gone: list[str], come: list[Row], stay: list[Row]) -> None:
        for key in (*gone, *(row.key for row in come), *(row.key for row in stay)):
            for column in Column:
                self._texts.pop((key, column), None)
