"""How a table of this console looks and behaves: whole rows, no grid, no frame, Tab leaves it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableView

from widgets.kit.tokens import Tokens

Elide = Qt.TextElideMode


def quieten(
    table: QTableView, tokens: Tokens, stretched: int, *, several: bool = False,
    elide: Elide = Elide.ElideMiddle,
) -> None:  # fmt: skip
    """Dress a table that has its model (and so its columns). `stretched` is the column that takes the room
    that is left; `several`: more than one row can be chosen.
    """
    modes = QAbstractItemView.SelectionMode
    table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
    table.setSelectionMode(modes.ExtendedSelection if several else modes.SingleSelection)
    table.setShowGrid(False)
    table.setWordWrap(False)
    table.setTabKeyNavigation(False)
    table.setFrameShape(QFrame.Shape.NoFrame)
    table.setTextElideMode(elide)
    rows = table.verticalHeader()
    rows.setVisible(False)
    rows.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
    rows.setDefaultSectionSize(tokens.size("row") - 4)
    header = table.horizontalHeader()
    header.setHighlightSections(False)
    header.setDefaultAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
    header.setSectionResizeMode(stretched, QHeaderView.ResizeMode.Stretch)


def only_read(table: QTableView, tokens: Tokens, stretched: int) -> None:
    """Dress a table of figures: nothing in it is chosen or changed, columns are as wide as what they say."""
    quieten(table, tokens, stretched)
    table.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
    table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
    header = table.horizontalHeader()
    header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
    header.setSectionResizeMode(stretched, QHeaderView.ResizeMode.Stretch)
