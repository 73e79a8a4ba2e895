"""The list under the field: kind, what it is, what else there is to say, key. A line that cannot be done now
says so in words."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHeaderView, QTableWidget, QTableWidgetItem, QWidget

from console.bar.offer import Offer
from console.language import Catalogue
from widgets.kit.tokens import Tokens

KIND_PX, KEY_PX = 110, 110
KIND, TITLE, DETAIL, KEY = range(4)


class OfferList(QTableWidget):
    """Never has the keyboard; the field moves its line."""

    def __init__(self, catalogue: Catalogue, tokens: Tokens, parent: QWidget) -> None:
        super().__init__(0, 4, parent)
        self._catalogue, self._tokens = catalogue, tokens
        self._offers: tuple[Offer, ...] = ()
        self.setObjectName("bar-list")
        self.horizontalHeader().setVisible(False)
        self.verticalHeader().setVisible(False)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(tokens.size("row"))
        sizes = QHeaderView.ResizeMode
        for column in (TITLE, DETAIL):
            self.horizontalHeader().setSectionResizeMode(column, sizes.Stretch)
        self.setColumnWidth(KIND, KIND_PX)
        self.setColumnWidth(KEY, KEY_PX)
        self.setShowGrid(False)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    def show_offers(self, offers: Sequence[Offer]) -> None:
        """Show these; the first line is chosen."""
        self._offers = tuple(offers)
        dim, ink = self._tokens.ink("dim"), self._tokens.ink("text")
        say = self._catalogue.say
        self.setRowCount(len(offers))
        for row, one in enumerate(offers):
            last = say("bar.not_now") if one.refused else one.key
            texts = (say(f"bar.kind.{one.kind}"), one.title, one.detail, last)
            for column, text in enumerate(texts):
                item = self.item(row, column)
                if item is None:
                    item = QTableWidgetItem()
                    self.setItem(row, column, item)
                item.setText(text)
                item.setToolTip(text)
                item.setForeground(ink if column == TITLE and not one.refused else dim)
                item.setFont(self._tokens.font(bold=column == TITLE and not one.refused))
        self.setCurrentCell(0 if offers else -1, 0)

    @property
    def current(self) -> Offer | None:
        """The offer of the chosen line."""
        row = self.currentRow()
        return self._offers[row] if 0 <= row < len(self._offers) else None

    def choose(self, row: int) -> None:
        """Choose this line; -1 for none."""
        self.setCurrentCell(row, 0)

    def step(self, by: int) -> None:
        """Choose another line; the ends hold."""
        if self._offers:
            self.setCurrentCell(min(len(self._offers) - 1, max(0, self.currentRow() + by)), 0)

    def lines(self) -> list[str]:
        """What the lines say, for whoever cannot see them."""
        return [
            " ".join(filter(None, (self.item(row, column).text() for column in range(4))))
            for row in range(self.rowCount())
        ]
