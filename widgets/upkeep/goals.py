"""The year's goals: what was promised, what the record says, kept or missed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import (
    QTableWidget,
    QTableWidgetItem,
    QVBoxLayout,
    QWidget,
)

from console.clock import SECOND_NS
from console.desk.port import DeskPort
from console.language import Catalogue
from console.model.query import AskGoals, GoalFigure, GoalsPage
from console.profile.goals import Goal
from widgets.kit.labels import ElidedLabel, label
from widgets.kit.moments import Moments, number
from widgets.kit.pulse import Pulse
from widgets.kit.quiettable import only_read
from widgets.kit.texts import follow
from widgets.kit.tokens import Tokens

if TYPE_CHECKING:
    from console.desk.board import Board

YEAR_S = 365 * 86_400
PARTS = 2
"""Halves of the time: the second against the first says which way it goes."""
AGAIN_AFTER_S = 60
COLUMNS = ("goal", "value", "target", "kept", "trend")
MARK = {True: "✓", False: "✕", None: "–"}
_INK = {True: "text", False: "p1", None: "dim"}


class GoalsPanel(QWidget):
    """Asks the hub when it is seen and once a minute. UI thread only."""

    def __init__(
        self, board: Board, pulse: Pulse, port: DeskPort, catalogue: Catalogue, tokens: Tokens,
        moments: Moments, parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._board, self._port, self._catalogue = board, port, catalogue
        self._tokens, self._moments = tokens, moments
        self._query, self._asked_ns, self._problem = "", 0, ""
        self.page: GoalsPage | None = None
        self.title = label(self, weight="bold")
        self.told = ElidedLabel(self, size="small", ink="dim")
        self.table = QTableWidget(0, len(COLUMNS), self)
        table = self.table
        table.setObjectName("upkeep-goals")
        only_read(table, tokens, 0)
        space = tokens.space(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * space, space, 2 * space, space)
        column.setSpacing(space)
        for widget in (self.title, self.told):
            column.addWidget(widget)
        column.addWidget(table, 1)
        pulse.looked_up.connect(self._looked_up)
        pulse.second_passed.connect(self._tick)
        tokens.changed.connect(self._show)
        self._forget_words = follow(catalogue, self._retext)

    @Slot()
    def ask(self) -> None:
        """Ask for the figures of the last year, up to now."""
        now_ns = self._board.clock.now_ns()
        self._asked_ns = self._board.clock.mono_ns()
        self._query = self._port.ask(
            AskGoals(from_ns=now_ns - YEAR_S * SECOND_NS, to_ns=now_ns, parts=PARTS)
        )

    def release(self) -> None:
        """Before the window goes."""
        self._forget_words()

    def titles(self) -> tuple[str, ...]:
        say = self._catalogue.say
        return tuple(say(f"upkeep.goals.{one}") for one in (*COLUMNS, "facts", "source"))

    def rows(self) -> Iterator[tuple[str | float, ...]]:
        """The goals for an export."""
        for one in self.page.figures if self.page is not None else ():
            goal = self._board.profile.goals[one.goal_id]
            yield (*self._texts(goal, one), one.facts, goal.source)

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
        if came is not None:
            self._problem = self._catalogue.words(came.problem) if came.problem is not None else ""
            if isinstance(came.page, GoalsPage):
                self.page = came.page
            self._show()

    @Slot()
    def _show(self) -> None:
        say, page = self._catalogue.say, self.page
        if page is None:
            self.told.setText(self._problem or say("upkeep.availability.asking"))
            return
        met = [one.met for one in page.figures]
        self.told.setText(
            self._problem
            or say(
                "upkeep.goals.whole", kept=met.count(True), missed=met.count(False), none=met.count(None),
                since=self._moments.moment(page.from_ns),
            )
        )  # fmt: skip
        self.table.setRowCount(len(page.figures))
        for row, one in enumerate(page.figures):
            goal = self._board.profile.goals[one.goal_id]
            for column, text in enumerate(self._texts(goal, one)):
                item = QTableWidgetItem(text)
                if COLUMNS[column] in ("value", "target"):
                    item.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                if COLUMNS[column] == "kept":
                    item.setForeground(self._tokens.ink(_INK[one.met]))
                item.setToolTip(say("upkeep.goals.tip", facts=f"{one.facts:,}", source=goal.source))
                self.table.setItem(row, column, item)

    def _texts(self, goal: Goal, one: GoalFigure) -> tuple[str, ...]:
        say = self._catalogue.say
        unit = say(f"upkeep.measure.{goal.measure}")
        sign = "≥" if goal.at_least else "≤"
        value = "–" if one.value is None else f"{number(one.value, 0.01)} {unit}"
        kept = "none" if one.met is None else "yes" if one.met else "no"
        return (
            self._catalogue.words(goal.name), value, f"{sign} {number(goal.target)} {unit}",
            f"{MARK[one.met]} {say(f'upkeep.goals.kept_{kept}')}",
            say(f"upkeep.goals.trend_{_trend(goal, one)}"),
        )  # fmt: skip

    @Slot()
    def _retext(self) -> None:
        say = self._catalogue.say
        self.title.setText(say("upkeep.goals.title"))
        self.table.setAccessibleName(say("upkeep.goals.title"))
        self.table.setHorizontalHeaderLabels([say(f"upkeep.goals.{one}") for one in COLUMNS])
        self._show()


def _trend(goal: Goal, one: GoalFigure) -> str:
    """Which way it goes: "better", "worse", "same", or "unknown" where a half says nothing."""
    before, after = one.parts if len(one.parts) == PARTS else (None, None)
    if before is None or after is None:
        return "unknown"
    if abs(after - before) <= 0.001 * max(abs(before), abs(after)):
        return "same"
    return "better" if (after > before) == goal.at_least else "worse"
