"""The queue as a Qt model: real inserts, removals and moves, a reset only where very much changes at once.

A line is made when it is asked for: of a hundred thousand rows, those that are on the screen.
"""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Slot

from console.desk.board import Board
from console.desk.casequeue import CaseQueue, Key
from console.desk.queuerows import Found, QueueRows, Sift
from console.language import Catalogue
from widgets.incidents.lines import Column, Line, LineMaker
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
_ROW = Qt.ItemFlag.ItemIsSelectable | Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsDragEnabled
_ROW |= Qt.ItemFlag.ItemNeverHasChildren
PAGE = 500
"""The views are told of so many rows at a time: what nobody scrolls to costs nothing."""
AT_ONCE = 60
"""With more rows than this to come, go and move in one step the rows are told anew."""
LINES_KEPT = 300


class QueueModel(QAbstractTableModel):
    """One row an incident. Holds no truth: `refresh` pulls what changed from `cases`. UI thread only."""

    def __init__(
        self, board: Board, cases: CaseQueue, catalogue: Catalogue, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._board, self._cases, self._catalogue = board, cases, catalogue
        self._maker = LineMaker(board.profile, cases, catalogue, Moments(catalogue, board.profile.time_zone))
        self.rows = QueueRows(cases)
        self._told = 0
        """How many rows the views know."""
        self._readings = cases.readings
        self._lines: dict[str, Line] = {}
        self._later: set[str] = set()
        """Would move or go, but a hand is on the list."""
        self._pending: frozenset[str] = frozenset()
        self._search: Generator[None, None, Found] | None = None
        self._meanwhile: set[str] = set()
        self._titles: list[tuple[str, str]] = []
        follow(catalogue, self._retext)

    def rowCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else self._told

    def canFetchMore(self, parent: Index = _ROOT) -> bool:
        """Whether there are rows below those that the views were told of."""
        return not parent.isValid() and self._told < len(self.rows)

    def fetchMore(self, parent: Index = _ROOT) -> None:
        """Tell the views of the next rows."""
        self.tell_of(self._told + PAGE)

    def tell_of(self, count: int) -> None:
        """Have the views know at least so many rows, where there are so many."""
        count = min(count, len(self.rows))
        if count > self._told:
            self.beginInsertRows(_ROOT, self._told, count - 1)
            self._told = count
            self.endInsertRows()

    def columnCount(self, parent: Index = _ROOT) -> int:
        return 0 if parent.isValid() else len(Column)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        if role == INCIDENT_ROLE:
            return self.rows.keys[index.row()][-1]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            aged = index.column() == Column.AGE
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter if aged else None
        line = self.line(index.row())
        if line is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return line.texts[index.column()]
        if role == Qt.ItemDataRole.ToolTipRole:
            return line.whole(index.column())
        if role == LINE_ROLE:
            return line
        if role == CAMERAS_ROLE:
            return line.incident.camera_ids
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return line.spoken if index.column() == Column.PRIORITY else line.whole(index.column())
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        return _ROW if index.isValid() else Qt.ItemFlag.NoItemFlags

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

    def ids(self) -> list[str]:
        """The incidents of the rows from top to bottom."""
        return [one[-1] for one in self.rows.keys]

    def line(self, row: int) -> Line | None:
        """The row's line; None outside the rows, and for what the desk has just forgotten."""
        if not 0 <= row < len(self.rows):
            return None
        case_id = self.rows.keys[row][-1]
        line = self._lines.get(case_id)
        if line is None:
            state = self._board.state
            incident, case = state.incidents.get(case_id), state.cases.get(case_id)
            if incident is None or case is None:
                return None
            line = self._maker.line(
                incident, case, state.handoffs, self._pending, self._board.clock.now_ns(),
                self.rows.is_part(row), self.rows.folded(case_id),
            )  # fmt: skip
            if len(self._lines) >= LINES_KEPT:
                self._lines.clear()
            self._lines[case_id] = line
        return line

    def row_of(self, incident_id: str) -> int:
        """The row of an incident, -1 where it is not in the queue. The views know it then."""
        row = self.rows.row_of(incident_id)
        if row >= self._told:
            self.tell_of(row + PAGE)
        return row

    def known_row(self, incident_id: str) -> int:
        """As `row_of`, but -1 where the views do not know it yet."""
        row = self.rows.row_of(incident_id)
        return row if row < self._told else -1

    def refresh(self, keep_places: bool = False) -> None:
        """Take what changed. With `keep_places` nothing moves or goes; what is new comes all the same."""
        changed = self.rows.with_parts(self._cases.changed())
        if self._readings != self._cases.readings:
            self._readings = self._cases.readings
            self.begin_search(self.rows.sift)
        pending = frozenset(
            one for one in (getattr(command, "incident_id", "") for command in self._board.pending.values())
            if one
        )  # fmt: skip
        changed |= pending ^ self._pending
        self._pending = pending
        if self._search is not None:
            self._meanwhile |= changed
        if not keep_places:
            changed |= self._later
            self._later = set()
        if not changed:
            return
        fresh: list[Key] = []
        moved: list[Key] = []
        gone: list[str] = []
        told: list[str] = []
        for case_id in changed:
            seen = self._lines.pop(case_id, None) is not None
            old, new = self.rows.key(case_id), self.rows.wanted(case_id)
            if old == new:
                self.rows.note(case_id) if old is not None else None
                told += [case_id] if seen else []
            elif old is None:
                fresh.append(new)  # type: ignore[arg-type]
            elif keep_places and self._cases.case(case_id) is not None:
                self._later.add(case_id)
                self.rows.note(case_id)
                told += [case_id] if seen else []
            elif new is None:
                gone.append(case_id)
            else:
                moved.append(new)
        if len(fresh) + len(moved) + len(gone) > AT_ONCE:
            self._tell_anew(fresh, moved, gone)
        else:
            for case_id in gone:
                self._remove(case_id)
            for key in moved:
                self._move(key)
            for key in fresh:
                self._insert(key)
            self.tell_of(PAGE)
        self._tell([*told, *(one[-1] for one in moved)])

    def grow_older(self) -> None:
        """Say the ages anew; tells only of rows whose words changed."""
        now_ns = self._board.clock.now_ns()
        for case_id, line in tuple(self._lines.items()):
            if self._maker.age(line.incident, now_ns) != line.texts[Column.AGE]:
                del self._lines[case_id]
                row = self.rows.row_of(case_id)
                if 0 <= row < self._told:
                    self.dataChanged.emit(self.index(row, Column.AGE), self.index(row, Column.AGE), _SHOWN)

    def begin_search(self, sift: Sift) -> None:
        """Look for what passes; `search_on` does it, a share at a time, and shows it at the end."""
        self._meanwhile = set()
        self._search = self.rows.find(sift)

    @property
    def searching(self) -> bool:
        """Whether a search is not at its end."""
        return self._search is not None

    def search_on(self, budget_ms: float) -> bool:
        """Go on with the search; True when it has just come to its end."""
        if self._search is None:
            return False
        until_ns = self._board.clock.mono_ns() + int(budget_ms * 1e6)
        try:
            while self._board.clock.mono_ns() <= until_ns:
                next(self._search)
        except StopIteration as end:
            self.beginResetModel()
            self.rows.adopt(end.value)
            self._told = min(PAGE, len(self.rows))
            self.endResetModel()
            self._search = None
            self._lines.clear()
            self._later, self._meanwhile = self._meanwhile, set()
            self.refresh()
            return True
        return False

    @Slot(str, bool)
    def turn(self, case_id: str, fold: bool) -> None:
        """Fold or unfold a whole, named by itself or by a part."""
        case_id = self._cases.whole(case_id)
        self.rows.turn(case_id, fold)
        self._cases.mark(case_id)
        self.refresh()

    # --- within -----------------------------------------------------------------------------------------

    def _insert(self, key: Key) -> None:
        row = self.rows.row_for(key)
        if row < self._told or self._told == len(self.rows) < PAGE:
            self.beginInsertRows(_ROOT, row, row)
            self.rows.place(key)
            self._told += 1
            self.endInsertRows()
        else:
            self.rows.place(key)

    def _move(self, key: Key) -> None:
        row, to = self.rows.row_of(key[-1]), self.rows.row_for(key)
        if row >= self._told or to > self._told:  # not known to the views, before or after
            self._remove(key[-1])
            self._insert(key)
            return
        moves = to not in (row, row + 1)
        if moves:
            self.beginMoveRows(_ROOT, row, row, _ROOT, to)
        self.rows.take_out(key[-1])
        self.rows.place(key)
        if moves:
            self.endMoveRows()

    def _remove(self, case_id: str) -> None:
        row = self.rows.row_of(case_id)
        if row >= self._told:
            self.rows.take_out(case_id)
            return
        self.beginRemoveRows(_ROOT, row, row)
        self.rows.take_out(case_id)
        self._told -= 1
        self.endRemoveRows()

    def _tell_anew(self, fresh: list[Key], moved: list[Key], gone: list[str]) -> None:
        self.beginResetModel()
        for case_id in (*gone, *(one[-1] for one in moved)):
            self.rows.take_out(case_id)
        for key in (*moved, *fresh):
            self.rows.place(key)
        self._told = min(max(PAGE, self._told), len(self.rows))
        self.endResetModel()

    def _tell(self, ids: list[str]) -> None:
        for case_id in ids:
            row = self.rows.row_of(case_id)
            if 0 <= row < self._told:
                self.dataChanged.emit(
                    self.index(row, Column.PRIORITY), self.index(row, Column.WHY), _SHOWN
                )  # fmt: skip

    def _retext(self) -> None:
        say = self._catalogue.say
        self._titles = [
            (say(f"incidents.column.{column.name.lower()}"), say(f"incidents.spoken.{column.name.lower()}"))
            for column in Column
        ]
        self._lines.clear()
        if self._told:
            last = self.index(self._told - 1, Column.WHY)
            self.dataChanged.emit(self.index(0, Column.PRIORITY), last, _SHOWN)
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(Column) - 1)
