"""The filter bar: period, type, kind, person, district and free text, all by keyboard."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QComboBox, QGridLayout, QLineEdit, QWidget

from console.desk.board import Board
from console.language import Catalogue
from console.model.events import EVENT_KINDS
from console.model.query import LogFilter
from console.report.period import FilterText, PeriodError, read_filter
from console.report.times import CityClock
from widgets.kit.actions import Actions
from widgets.kit.labels import label, style
from widgets.kit.texts import Texts, follow
from widgets.kit.tokens import Tokens

MOST_TEXT = 200
"""Characters of free text: it is printed in the head of an export."""

KIND_GROUPS: dict[str, tuple[str, ...]] = {
    "incidents": ("incident", "case", "clue"), "procedures": ("procedure",),
    "handoffs": ("handoff", "partner"), "alarms": ("alarm", "signal", "warning"),
    "devices": ("device", "recorder", "gateway", "field", "ticket", "control"),
    "viewing": ("viewing", "footage", "masks"), "record": ("log",),
    "people": ("desk", "hub"), "walls": ("layout", "city", "sketch"), "reports": ("report",),
    "messages": ("message", "outlet", "area"), "shares": ("request", "share", "evidence"),
}  # fmt: skip
"""What a supervisor asks for, as the first words of event kinds."""


def kinds_of(group: str) -> tuple[str, ...]:
    """The event kinds of a group, () for all."""
    nouns = KIND_GROUPS.get(group, ())
    return tuple(kind for kind in EVENT_KINDS if kind.partition(".")[0] in nouns)


class FilterBar(QWidget):
    """Enter in any field searches. What cannot be read is said under the bar, and nothing is asked.

    Signals:
        submitted: the person wants this looked up; `wanted` has the filter.
    """

    submitted = Signal()

    def __init__(
        self, board: Board, actions: Actions, catalogue: Catalogue, tokens: Tokens,
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._board, self._catalogue = board, catalogue
        self._clock = CityClock(board.profile.time_zone)
        self._texts = Texts(catalogue)
        self._error: PeriodError | None = None
        self.wanted = LogFilter()
        self.since, self.until, self.text = QLineEdit(), QLineEdit(), QLineEdit()
        self.type, self.kind, self.district = QComboBox(), QComboBox(), QComboBox()
        self.person = QComboBox()
        self.text.setMaxLength(MOST_TEXT)
        self.person.setEditable(True)
        self.person.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.problem = label(ink="p2")
        self._lay_out(actions, tokens)
        for field in (self.since, self.until, self.text, self.person.lineEdit()):
            field.returnPressed.connect(self.submit)
        for choice in (self.type, self.kind, self.district):
            choice.activated.connect(self.submit)
        follow(catalogue, self._retext)

    def show_kind(self, shown: bool) -> None:
        """The ledger is asked by kind of entry; incidents have none."""
        self.kind.setVisible(shown)
        self._kind_heading.setVisible(shown)
        self._grid.setColumnStretch(self._kind_column, 2 if shown else 0)

    def focus_text(self) -> None:
        """Give the free-text field the keyboard."""
        self.text.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.text.selectAll()

    @Slot()
    def submit(self) -> None:
        """Read the fields; ask only when every one can be understood."""
        typed = FilterText(
            since=self.since.text(), until=self.until.text(), text=self.text.text(),
            kinds=kinds_of(self.kind.currentData() or "") if not self.kind.isHidden() else (),
            incident_type=self.type.currentData() or "", person=self._person(),
            district=self.district.currentData() or "",
        )  # fmt: skip
        try:
            self.wanted = read_filter(typed, self._clock, self._board.clock.now_ns())
            self._error = None
        except PeriodError as error:
            self._error = error
            field = self.since if error.field == "since" else self.until
            field.setFocus(Qt.FocusReason.OtherFocusReason)
            field.selectAll()
        self._say_problem()
        if self._error is None:
            self.submitted.emit()

    @Slot()
    def clear(self) -> None:
        """Empty all fields and look up everything."""
        for field in (self.since, self.until, self.text):
            field.clear()
        for choice in (self.type, self.kind, self.district, self.person):
            choice.setCurrentIndex(0)
        self.submit()

    def _person(self) -> str:
        """The id behind a chosen name, or what was typed."""
        typed = self.person.currentText().strip()
        row = self.person.findText(typed)
        return str(self.person.itemData(row) or "") if row >= 0 else typed

    def _lay_out(self, actions: Actions, tokens: Tokens) -> None:
        space = tokens.space(1)
        grid = self._grid = QGridLayout(self)
        grid.setContentsMargins(2 * space, 2 * space, 2 * space, space)
        grid.setHorizontalSpacing(2 * space)
        grid.setVerticalSpacing(space // 2)
        fields: tuple[tuple[str, QWidget, int], ...] = (
            ("since", self.since, 2), ("until", self.until, 2), ("kind", self.kind, 2),
            ("type", self.type, 2), ("person", self.person, 2), ("district", self.district, 2),
            ("text", self.text, 4),
        )  # fmt: skip
        for column, (name, field, stretch) in enumerate(fields):
            heading = label(ink="dim", size="small")
            heading.setBuddy(field)
            self._texts.put(heading, f"review.filter.{name}")
            self._texts.put(field, accessibleName=f"review.filter.{name}")
            if isinstance(field, QLineEdit):
                self._texts.put(field, placeholderText=f"review.hint.{name}")
            else:
                field.setMinimumContentsLength(8)
                field.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            grid.addWidget(heading, 0, column)
            grid.addWidget(field, 1, column)
            grid.setColumnStretch(column, stretch)
            if name == "kind":
                self._kind_heading, self._kind_column = heading, column
        for column, name in enumerate(("search", "clear"), len(fields)):
            grid.addWidget(actions.button(f"review.{name}", self), 1, column)
        grid.addWidget(self.problem, 2, 0, 1, len(fields) + 2)
        self.problem.hide()

    def _retext(self) -> None:
        """The choices in the present language; what was chosen stays chosen."""
        say, words, profile = self._catalogue.say, self._catalogue.words, self._board.profile
        everything = say("review.any")
        self._fill(self.kind, [(say(f"review.kind.{one}"), one) for one in KIND_GROUPS], everything)
        self._fill(
            self.type,
            sorted((words(one.name), one.id) for one in profile.incident_types.values()),
            everything,
        )
        self._fill(
            self.district, sorted((words(one.name), one.id) for one in profile.districts.values()), everything
        )
        people = {one.person: words(one.person_name) for one in profile.desks.values()}
        people.setdefault(self._board.person, self._board.person)
        typed = self._person()
        self._fill(self.person, sorted((name, person) for person, name in people.items()), everything)
        if typed and self.person.findData(typed) < 0:
            self.person.setEditText(typed)
        self._say_problem()

    @staticmethod
    def _fill(choice: QComboBox, items: list[tuple[str, str]], everything: str) -> None:
        chosen = choice.currentData()
        choice.blockSignals(True)
        choice.clear()
        choice.addItem(everything, "")
        for name, value in items:
            choice.addItem(name, value)
        choice.setCurrentIndex(max(0, choice.findData(chosen)))
        choice.blockSignals(False)

    def _say_problem(self) -> None:
        error = self._error
        for name, field in (("since", self.since), ("until", self.until)):
            style(field, ink="p2" if error is not None and error.field == name else "")
        self.problem.setVisible(error is not None)
        if error is not None:
            field = self._catalogue.say(f"review.filter.{error.field}")
            self.problem.setText(
                self._catalogue.say(f"review.period.{error.problem}", field=field, typed=error.typed)
            )
