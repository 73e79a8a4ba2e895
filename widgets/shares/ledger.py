"""The ledger of what was provided: each view of a share and each picture that left with a hand-off, with its
seven fields, from the record, to be taken out."""

from __future__ import annotations

from enum import IntEnum
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal, Slot

from console.desk.board import Board
from console.desk.port import DeskPort
from console.language import Catalogue
from console.model import events as ev
from console.model.query import AskLog, LogFilter, LogPage
from console.model.share import ProvidedPicture, ViewBegan, provision, provision_of
from console.report.sheet import Cell
from widgets.kit.moments import Moments
from widgets.kit.pulse import Pulse

Index = QModelIndex | QPersistentModelIndex
Provided = ViewBegan | ProvidedPicture
KINDS = ("share.accessed", "evidence.provided")
PAGE = 500
MOST = 20_000
"""Entries that are looked through at most; beyond, the record's own page narrows the time."""


class Field(IntEnum):
    AT = 0
    FILE_NAME = 1
    RECIPIENT = 2
    PURPOSE = 3
    LEGAL_BASIS = 4
    PERIOD = 5
    FORM = 6
    OFFICER = 7


class LedgerModel(QAbstractTableModel):
    """Provisions on the record, the newest first. UI thread.

    Signals:
        loaded: a page came, or could not.
    """

    loaded = Signal()

    def __init__(
        self, board: Board, pulse: Pulse, port: DeskPort, catalogue: Catalogue, moments: Moments,
        parent: QObject,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._board, self._port, self._catalogue, self._moments = board, port, catalogue, moments
        self.views: list[Provided] = []
        self.loading = False
        self.problem = ""
        self.cut = False
        """Whether there is more than was looked through."""
        self._asked = ""
        self._looked = 0
        pulse.looked_up.connect(self._came)

    def load(self) -> None:
        """Read it from the record again, all of it."""
        self.beginResetModel()
        self.views = []
        self.endResetModel()
        self._looked, self.problem, self.cut = 0, "", False
        self._ask(0)

    def line(self, row: int) -> list[Cell]:
        """The moment and the seven fields of a row."""
        view = self.views[row]
        told = provision(view) if isinstance(view, ViewBegan) else provision_of(view)
        say = self._catalogue.say
        moments = self._moments
        first, last = moments.moment(told.period_from_ns), moments.moment(told.period_to_ns)
        if moments.day(told.period_from_ns) == moments.day(told.period_to_ns):
            last = moments.clock(told.period_to_ns)
        return [
            self._moments.moment(view.at_ns), told.file_name, told.recipient, told.purpose, told.legal_basis,
            f"{first} – {last}", say(f"shares.ledger.{told.form}_{view.form}"), told.officer,
        ]  # fmt: skip

    def titles(self) -> list[str]:
        return [self._catalogue.say(f"shares.ledger.{one.name.lower()}") for one in Field]

    def reword(self) -> None:
        """The language has changed."""
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(Field) - 1)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.views)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(Field)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not 0 <= index.row() < len(self.views):
            return None
        if role in (
            Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole,
        ):  # fmt: skip
            return str(self.line(index.row())[index.column()])
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        if role == Qt.ItemDataRole.DisplayRole and orientation == Qt.Orientation.Horizontal:
            return self._catalogue.say(f"shares.ledger.{Field(section).name.lower()}")
        return None

    def _ask(self, before_seq: int) -> None:
        wanted = LogFilter(kinds=KINDS)
        self._asked = self._port.ask(AskLog(filter=wanted, before_seq=before_seq, limit=PAGE))
        self.loading = True
        self.loaded.emit()

    @Slot(object)
    def _came(self, ids: tuple[str, ...]) -> None:
        if self._asked not in ids:
            return
        came = self._board.take_page(self._asked)
        self._asked, self.loading = "", False
        page = came.page if came is not None else None
        if not isinstance(page, LogPage):
            problem = came.problem if came is not None else None
            self.problem = self._catalogue.words(problem) if problem is not None else "?"
            self.loaded.emit()
            return
        found = [told for one in page.entries if (told := provided_by(one.event)) is not None]
        if found:
            first = len(self.views)
            self.beginInsertRows(QModelIndex(), first, first + len(found) - 1)
            self.views += found
            self.endInsertRows()
        self._looked += len(page.entries)
        self.cut = page.more and self._looked >= MOST
        if page.more and page.entries and not self.cut:
            self._ask(page.entries[-1].seq)
        self.loaded.emit()


def provided_by(event: ev.AnyEvent) -> Provided | None:
    """What was provided by this, for the ledger; None where nothing was."""
    if isinstance(event, ev.EvidenceProvided):
        return event.picture
    if isinstance(event, ev.ShareAccessed) and isinstance(event.line.access, ViewBegan):
        return event.line.access
    return None
