"""One incident's whole history in order: the time since the line before, and the response times."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from console.desk.inbound import PageCame
from console.desk.port import DeskPort
from console.model.query import AskHistory, LogPage
from console.report.describe import Teller
from console.report.intervals import response_intervals
from console.report.tables import interval_words
from console.report.times import CityClock
from widgets.kit.actions import Actions
from widgets.kit.labels import ElidedLabel, label
from widgets.kit.texts import Texts, follow
from widgets.kit.tokens import Tokens
from widgets.review.pager import Pager
from widgets.review.rows import HistoryRows
from widgets.review.table import RecordTable

INTERVAL_COLUMNS = 4


class HistoryPanel(QWidget):
    """Asked for by `show_incident`; the page comes through `take`.

    Signals:
        changed: another state of the look-up; the workspace says it.
    """

    changed = Signal()

    def __init__(
        self, port: DeskPort, teller: Teller, clock: CityClock, actions: Actions, tokens: Tokens,
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._teller, self._catalogue = teller, teller.catalogue
        self._texts = Texts(self._catalogue)
        self.incident_id = ""
        self.pager = Pager(port)
        self.rows = HistoryRows(teller, clock, self)
        self.table = RecordTable(self.rows, tokens)
        self.title = ElidedLabel(size="strong", weight="bold")
        self._cut = label(ink="p2")
        self._intervals: list[tuple[ElidedLabel, ElidedLabel]] = []
        space = tokens.space(1)
        head = QHBoxLayout()
        head.setContentsMargins(2 * space, 2 * space, 2 * space, space)
        head.setSpacing(3 * space)
        head.addWidget(actions.button("review.back", self))
        head.addWidget(self.title, 1)
        self._grid = QGridLayout()
        self._grid.setContentsMargins(2 * space, space, 2 * space, 2 * space)
        self._grid.setHorizontalSpacing(2 * space)
        self._grid.setVerticalSpacing(space)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addLayout(self._grid)
        column.addWidget(self._cut)
        column.addWidget(self.table, 1)
        self._cut.hide()
        self._texts.put(
            self.table, accessibleName="review.list.history", accessibleDescription="review.state.logged"
        )
        follow(self._catalogue, self._retext)

    def show_incident(self, incident_id: str) -> None:
        """Look up the history of this incident."""
        self.incident_id = incident_id
        self.rows.clear()
        self.pager.begin(AskHistory(incident_id=incident_id))
        self._retext()
        self.changed.emit()

    def take(self, came: PageCame) -> None:
        """The page of an answer `pager` waits for."""
        page = self.pager.take(came)
        if isinstance(page, LogPage):
            self.rows.show(page.entries)
        self._retext()
        self.changed.emit()

    def intervals(self) -> list[tuple[str, str]]:
        """(what, how long) as shown."""
        return [(what.text(), took.text()) for what, took in self._intervals if not what.isHidden()]

    @Slot()
    def _retext(self) -> None:
        say = self._catalogue
        found = self._teller.known.incident(self.incident_id)
        if found is None:
            self.title.setText(say.say("review.history.untold", incident=self.incident_id))
        else:
            self.title.setText(
                say.say(
                    "review.history.title", type=self._teller.type(found[0]),
                    place=say.words(found[1].name), incident=self.incident_id,
                )
            )  # fmt: skip
        told = [interval_words(self._teller, one) for one in response_intervals(self.rows.entries)]
        while len(self._intervals) < len(told):
            self._add_interval()
        for place, (what, took) in enumerate(self._intervals):
            present = place < len(told)
            what.setVisible(present)
            took.setVisible(present)
            if present:
                what.setText(told[place][0])
                took.setText(told[place][1])
        cut = self.pager.state == "more"
        self._cut.setVisible(cut)
        if cut:
            self._cut.setText(say.say("review.history.cut", count=self.rows.rowCount()))

    def _add_interval(self) -> None:
        number = len(self._intervals)
        row, column = number // INTERVAL_COLUMNS, number % INTERVAL_COLUMNS * 2
        what, took = ElidedLabel(ink="dim"), ElidedLabel(weight="bold")
        self._grid.addWidget(what, row, column)
        self._grid.addWidget(took, row, column + 1)
        self._grid.setColumnStretch(column + 1, 1)
        self._intervals.append((what, took))
