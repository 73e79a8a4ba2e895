"""The panel of availability: a period, a grouping, the figures of each group."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from console.clock import SECOND_NS
from console.desk.port import DeskPort
from console.language import Catalogue
from console.model.query import AskAvailability, AvailabilityPage
from widgets.kit.labels import ElidedLabel, label
from widgets.kit.moments import Moments
from widgets.kit.pulse import Pulse
from widgets.kit.quiettable import only_read
from widgets.kit.texts import Texts, follow
from widgets.kit.tokens import Tokens
from widgets.upkeep.figures import GROUPINGS, Grouping, Line, cells, city_line, lines_of, percent

if TYPE_CHECKING:
    from console.desk.board import Board

PERIODS_S = {"day": 86_400, "week": 7 * 86_400, "month": 30 * 86_400}
AGAIN_AFTER_S = 60
"""How often the figures are asked for anew while they are in sight."""
LEAST_PX = 440
COLUMNS = ("group", "devices", "share", "troubled", "failures", "repair")


class AvailabilityPanel(QWidget):
    """Asks the hub when it is seen, when the period changes, and once a minute. UI thread only."""

    def __init__(
        self, board: Board, pulse: Pulse, port: DeskPort, catalogue: Catalogue, tokens: Tokens,
        moments: Moments, parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._board, self._port, self._catalogue, self._moments = board, port, catalogue, moments
        self._texts = Texts(catalogue)
        self._query = ""
        self._asked_ns = 0
        self._problem = ""
        self.page: AvailabilityPage | None = None
        self.lines: list[Line] = []
        self.period, self.grouping = QComboBox(self), QComboBox(self)
        for _ in PERIODS_S:
            self.period.addItem("")
        for _ in GROUPINGS:
            self.grouping.addItem("")
        for box in (self.period, self.grouping):
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            box.setMinimumContentsLength(8)
        self.title = label(self, weight="bold")
        self.whole = ElidedLabel(self, size="small", ink="dim")
        self.table = QTableWidget(0, len(COLUMNS), self)
        self._build_table(tokens)
        space = tokens.space(1)
        row = QHBoxLayout()
        row.setSpacing(space)
        row.addWidget(self.title, 1)
        row.addWidget(self.grouping)
        row.addWidget(self.period)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * space, space, 2 * space, space)
        column.setSpacing(space)
        column.addLayout(row)
        column.addWidget(self.whole)
        column.addWidget(self.table, 1)
        self.setMinimumWidth(LEAST_PX)
        self.period.currentIndexChanged.connect(self.ask)
        self.grouping.currentIndexChanged.connect(self._show)
        pulse.looked_up.connect(self._looked_up)
        pulse.second_passed.connect(self._tick)
        self._forget_words = follow(catalogue, self._retext)

    def _build_table(self, tokens: Tokens) -> None:
        table = self.table
        table.setObjectName("upkeep-availability")
        only_read(table, tokens, 0)

    @property
    def by(self) -> Grouping:
        return GROUPINGS[max(0, self.grouping.currentIndex())]

    @property
    def span_s(self) -> int:
        return tuple(PERIODS_S.values())[max(0, self.period.currentIndex())]

    @Slot()
    def ask(self) -> None:
        """Ask for the period's figures up to now."""
        now_ns = self._board.clock.now_ns()
        self._asked_ns = self._board.clock.mono_ns()
        self._query = self._port.ask(
            AskAvailability(from_ns=now_ns - self.span_s * SECOND_NS, to_ns=now_ns)
        )

    def release(self) -> None:
        """Before the window goes."""
        self._forget_words()

    def rows(self) -> Iterator[tuple[str | float, ...]]:
        """The figures for an export."""
        return cells(self.lines, self.page) if self.page is not None else iter(())

    def titles(self) -> tuple[str, ...]:
        say = self._catalogue.say
        return tuple(
            say(f"upkeep.availability.{one}")
            for one in ("group", "devices", "share", "troubled", "failures", "down_s", "repair_s", "period_s")
        )

    @Slot()
    def _tick(self) -> None:
        due_ns = self._asked_ns + AGAIN_AFTER_S * SECOND_NS
        if self.isVisible() and (not self._asked_ns or self._board.clock.mono_ns() >= due_ns):
            self.ask()

    @Slot(object)
    def _looked_up(self, query_ids: Any) -> None:
        if self._query not in query_ids:
            return
        came = self._board.take_page(self._query)
        if came is None:
            return
        self._problem = self._catalogue.words(came.problem) if came.problem is not None else ""
        if isinstance(came.page, AvailabilityPage):
            self.page = came.page
        self._show()

    @Slot()
    def _show(self) -> None:
        page, say = self.page, self._catalogue.say
        if page is None:
            self.whole.setText(self._problem or say("upkeep.availability.asking"))
            return
        profile = self._board.profile
        self.lines = lines_of(profile, self._catalogue, page, self.by)
        whole = city_line(profile, page)
        self.whole.setText(
            self._problem
            or say(
                "upkeep.availability.whole", share=percent(whole.share), failures=whole.failures,
                span=self._moments.span((page.to_ns - page.from_ns) / SECOND_NS),
                since=self._moments.moment(page.from_ns),
            )
        )  # fmt: skip
        self.table.setRowCount(len(self.lines))
        for row, line in enumerate(self.lines):
            told = line.figures
            repair = self._moments.span(told.repair_s) if told.repair_s is not None else "–"
            texts = (line.name, f"{told.devices:,}", percent(told.share), f"{told.troubled:,}",
                     f"{told.failures:,}", repair)  # fmt: skip
            for column, text in enumerate(texts):
                item = QTableWidgetItem(text)
                if column:
                    item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                self.table.setItem(row, column, item)

    @Slot()
    def _retext(self) -> None:
        say = self._catalogue.say
        self.title.setText(say("upkeep.availability.title"))
        self.table.setAccessibleName(say("upkeep.availability.title"))
        for box, key, names in (
            (self.period, "period", tuple(PERIODS_S)), (self.grouping, "by", GROUPINGS),
        ):  # fmt: skip
            box.setAccessibleName(say(f"upkeep.availability.{key}"))
            for number, name in enumerate(names):
                box.setItemText(number, say(f"upkeep.availability.{key}_{name}"))
        self.table.setHorizontalHeaderLabels([say(f"upkeep.availability.{one}") for one in COLUMNS])
        self._show()
