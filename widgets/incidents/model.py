"""The queue as a Qt model: real inserts, removals and moves, never a reset; `data` only looks up."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterable
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from console.desk.board import Board
from console.language import Catalogue
from console.model.incident import Incident
from widgets.incidents.lines import Column, Line, LineMaker, matches
from widgets.incidents.order import in_queue, moves
from widgets.kit.moments import Moments
from widgets.kit.texts import follow

LINE_ROLE = Qt.ItemDataRole.UserRole
"""The whole `Line` of a row, for the one who paints it."""
INCIDENT_ROLE = Qt.ItemDataRole.UserRole + 1
"""The incident's id."""
CAMERAS_ROLE = Qt.ItemDataRole.UserRole + 2
"""The ids of the incident's cameras, the best first: what is dragged."""

Index = QModelIndex | QPersistentModelIndex
_ROOT = QModelIndex()
_SHOWN = [Qt.ItemDataRole.DisplayRole, LINE_ROLE, Qt.ItemDataRole.ToolTipRole]
_SHOWN.append(Qt.ItemDataRole.AccessibleTextRole)


class QueueModel(QAbstractTableModel):
    """One row an incident. Holds no truth: `refresh` pulls what changed from the board.

    UI thread only. `changing` is true while rows come, go or move, so that a view can tell a selection the
    operator made from one Qt made.
    """

    def __init__(self, board: Board, catalogue: Catalogue, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._board, self._catalogue = board, catalogue
        self._maker = LineMaker(board.profile, catalogue, Moments(catalogue, board.profile.time_zone))
        self._lines: list[Line] = []
        self._words: tuple[str, ...] = ()
        self._narrowed = False
        self._pending: frozenset[str] = frozenset()
        self._filtered: dict[str, Incident] = {}
        self._titles: list[tuple[str, str]] = []
        self.hidden = 0
        self.changing = False
        follow(catalogue, self._retext)

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(self._lines)

    def columnCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(Column)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        line = self._lines[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return line.texts[index.column()]
        if role == Qt.ItemDataRole.ToolTipRole:
            return line.whole(index.column())
        if role == LINE_ROLE:
            return line
        if role == INCIDENT_ROLE:
            return line.incident.id
        if role == CAMERAS_ROLE:
            return line.incident.camera_ids
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return line.spoken if index.column() == Column.PRIORITY else line.whole(index.column())
        if role == Qt.ItemDataRole.TextAlignmentRole and index.column() == Column.AGE:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        known = super().flags(index)
        return known | Qt.ItemFlag.ItemIsDragEnabled if index.isValid() else known

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if orientation == Qt.Orientation.Horizontal and 0 <= section < len(self._titles):
            if role == Qt.ItemDataRole.DisplayRole:
                return self._titles[section][0]
            if role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole):
                return self._titles[section][1]
            if role == Qt.ItemDataRole.TextAlignmentRole and section == Column.AGE:
                return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None

    def lines(self) -> tuple[Line, ...]:
        """The rows from top to bottom."""
        return tuple(self._lines)

    def line(self, row: int) -> Line | None:
        """The row's line, None outside the rows."""
        return self._lines[row] if 0 <= row < len(self._lines) else None

    def row_of(self, incident_id: str) -> int:
        """The row of an incident, -1 where it is not in the queue."""
        for row, line in enumerate(self._lines):
            if line.incident.id == incident_id:
                return row
        return -1

    def refresh(self, keep_places: bool = False) -> None:
        """Take what changed from the board. With `keep_places` resolved rows stay, dimmed, where they are."""
        incidents = self._board.state.incidents
        handoffs, now_ns = self._board.state.handoffs, self._board.clock.now_ns()
        pending = frozenset(
            one for one in (getattr(command, "incident_id", "") for command in self._board.pending.values())
            if one
        )  # fmt: skip
        turned = pending ^ self._pending
        self._pending = pending
        shown: set[str] = set()
        gone: list[int] = []
        changed: list[int] = []
        for row, line in enumerate(self._lines):
            incident = incidents.get(line.incident.id)
            if incident is None:
                gone.append(row)
                continue
            passes = True  # what has not changed still passes the filter it passed before
            if incident is not line.incident or incident.id in turned or self._narrowed:
                line = self._lines[row] = self._maker.line(incident, handoffs, pending, now_ns)
                changed.append(row)
                passes = matches(line, self._words)
            if not passes or (line.leaving and not keep_places):
                gone.append(row)
            else:
                shown.add(incident.id)
        self._narrowed = False
        self._tell(changed, Column.PRIORITY, Column.WHY)
        self._remove(gone)
        self._insert(incidents, shown, now_ns)

    def arrange(self) -> None:
        """Put the rows in order with as few moves as it takes."""
        present = [line.incident.id for line in self._lines]
        wanted = [line.incident.id for line in sorted(self._lines, key=lambda line: line.rank)]
        if present == wanted:
            return
        self.changing = True
        for row, to in moves(present, wanted):
            # Qt counts the target before the row is taken out.
            self.beginMoveRows(_ROOT, row, row, _ROOT, to + 1 if to > row else to)
            self._lines.insert(to, self._lines.pop(row))
            self.endMoveRows()
        self.changing = False

    def grow_older(self) -> None:
        """Say the ages anew; tells only of rows whose words changed."""
        now_ns, handoffs = self._board.clock.now_ns(), self._board.state.handoffs
        changed: list[int] = []
        for row, line in enumerate(self._lines):
            age = self._maker.age(line.incident, now_ns)
            if age != line.texts[Column.AGE]:
                self._lines[row] = self._maker.line(line.incident, handoffs, self._pending, now_ns)
                changed.append(row)
        self._tell(changed, Column.AGE, Column.AGE)

    def narrow(self, text: str) -> None:
        """Show only what contains every word of `text`; empty shows all."""
        words = tuple(text.casefold().split())
        if words != self._words:
            self._words = words
            self._filtered.clear()
            self._narrowed = True
            self.refresh()

    def _insert(self, incidents: dict[str, Incident], shown: Collection[str], now_ns: int) -> None:
        handoffs = self._board.state.handoffs
        fresh: list[Line] = []
        hidden: dict[str, Incident] = {}
        for incident in incidents.values():
            if incident.id in shown or not in_queue(incident):
                continue
            if self._filtered.get(incident.id) is not incident:
                line = self._maker.line(incident, handoffs, self._pending, now_ns)
                if matches(line, self._words):
                    fresh.append(line)
                    continue
            hidden[incident.id] = incident
        self._filtered, self.hidden = hidden, len(hidden)
        if not fresh:
            return
        self.changing = True
        for line in sorted(fresh, key=lambda line: line.rank):
            # The rows may be out of order while the operator's hand is on the list; then this is the
            # nearest thing to a right place, and `arrange` corrects it.
            row = bisect_right(self._lines, line.rank, key=lambda one: one.rank)
            self.beginInsertRows(_ROOT, row, row)
            self._lines.insert(row, line)
            self.endInsertRows()
        self.changing = False

    def _remove(self, rows: list[int]) -> None:
        self.changing = True
        for first, last in reversed(list(_runs(rows))):
            self.beginRemoveRows(_ROOT, first, last)
            del self._lines[first : last + 1]
            self.endRemoveRows()
        self.changing = False

    def _tell(self, rows: list[int], first_column: int, last_column: int) -> None:
        for first, last in _runs(rows):
            self.dataChanged.emit(self.index(first, first_column), self.index(last, last_column), _SHOWN)

    def _retext(self) -> None:
        say = self._catalogue.say
        self._titles = [
            (say(f"incidents.column.{column.name.lower()}"), say(f"incidents.spoken.{column.name.lower()}"))
            for column in Column
        ]
        now_ns, handoffs = self._board.clock.now_ns(), self._board.state.handoffs
        for row, line in enumerate(self._lines):
            self._lines[row] = self._maker.line(line.incident, handoffs, self._pending, now_ns)
        self._tell(list(range(len(self._lines))), Column.PRIORITY, Column.WHY)
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(Column) - 1)


def _runs(rows: Iterable[int]) -> Iterable[tuple[int, int]]:
    """Ascending rows as runs (first, last)."""
    first = last = -2
    for row in rows:
        if row != last + 1:
            if last >= 0:
                yield first, last
            first = row
        last = row
    if last >= 0:
        yield first, last
