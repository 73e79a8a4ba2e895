"""The table behind requests and shares."""

from __future__ import annotations

from enum import IntEnum
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from console.desk.board import Board
from console.language import Catalogue
from console.report.names import agency_name
from widgets.kit.moments import Moments
from widgets.kit.tokens import Tokens
from widgets.shares.rows import SOON_OVER_NS, Line, View, lines, service_words

Index = QModelIndex | QPersistentModelIndex


class Column(IntEnum):
    STATE = 0
    LEFT = 1
    AGENCY = 2
    SERVICE = 3
    PLACE = 4
    CAMERAS = 5
    LOOKING = 6
    ASKED = 7
    ID = 8


class ShareModel(QAbstractTableModel):
    """Reads the board only. UI thread."""

    def __init__(
        self, board: Board, catalogue: Catalogue, tokens: Tokens, moments: Moments, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._board, self._catalogue, self._tokens, self._moments = board, catalogue, tokens, moments
        self.view: View = "now"
        self._lines: list[Line] = []

    def look(self, view: View | None = None) -> bool:
        """Take what came; whether other rows are shown than before."""
        self.view = view or self.view
        found = lines(self._board, self.view, self._board.clock.now_ns())
        before, now = [one.id for one in self._lines], [one.id for one in found]
        if before != now:
            self.beginResetModel()
            self._lines = found
            self.endResetModel()
            return True
        if found != self._lines:
            self._lines = found
        if found:
            self.dataChanged.emit(self.index(0, 0), self.index(len(found) - 1, len(Column) - 1))
        return False

    def line(self, row: int) -> Line | None:
        return self._lines[row] if 0 <= row < len(self._lines) else None

    def row_of(self, request_id: str) -> int:
        """Its row, -1 where it is not shown."""
        return next((row for row, one in enumerate(self._lines) if one.id == request_id), -1)

    def reword(self) -> None:
        """The language has changed."""
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(Column) - 1)
        if self._lines:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._lines) - 1, len(Column) - 1))

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._lines)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(Column)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        line = self.line(index.row())
        if line is None:
            return None
        column = Column(index.column())
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self._text(line, column)
        if role == Qt.ItemDataRole.FontRole and (line.request.waits or line.views):
            return self._tokens.font(bold=True)
        if role == Qt.ItemDataRole.ForegroundRole:
            return self._ink(line, column)
        return None

    def _ink(self, line: Line, column: Column) -> Any:
        now = self._board.clock.now_ns()
        state = line.state(now)
        if column is Column.STATE and state == "waiting":
            return self._tokens.ink("p2")
        if column is Column.LOOKING and line.views:
            return self._tokens.ink("focus")
        if column is Column.LEFT and state == "in_force" and line.left_ns(now) < SOON_OVER_NS:
            return self._tokens.ink("p2")
        return None if state in ("waiting", "in_force") else self._tokens.ink("dim")

    def _text(self, line: Line, column: Column) -> str:
        say, words = self._catalogue.say, self._catalogue.words
        request, now = line.request, self._board.clock.now_ns()
        match column:
            case Column.STATE:
                return say(f"shares.state.{line.state(now)}")
            case Column.LEFT:
                if request.waits:
                    return say("shares.waits", age=self._moments.age(request.at_ns, now))
                left = line.left_ns(now)
                return say("shares.left", left=self._moments.span(left / 1e9)) if left else "–"
            case Column.AGENCY:
                arrow = say(f"shares.arrow.{request.direction}")
                return f"{agency_name(self._board.profile, self._catalogue, request.agency)} {arrow}"
            case Column.SERVICE:
                return words(service_words(self._board, request.wish.service))
            case Column.PLACE:
                return words(request.place.name)
            case Column.CAMERAS:
                share = line.share
                return str(len(share.cameras if share is not None else request.cameras))
            case Column.LOOKING:
                return self._looking(line)
            case Column.ASKED:
                return self._moments.clock(request.at_ns)
            case Column.ID:
                return request.share_id or request.id

    def _looking(self, line: Line) -> str:
        """Who looks now, each once; how many views there were where nobody does."""
        say = self._catalogue.say
        if line.views:
            who = ", ".join(dict.fromkeys(one.viewer for one in line.views))
            return say("shares.looking", who=who, count=len(line.views))
        if line.share is None:
            return ""
        return say("shares.seen", count=line.share.views) if line.share.views else say("shares.not_seen")

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return self._catalogue.say(f"shares.column.{Column(section).name.lower()}")
        return None
