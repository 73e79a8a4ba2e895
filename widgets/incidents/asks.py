"""What an act still needs to know, one panel each: a note, a reason, how long it rests, a grade, a verdict,
which other incident, which clues. A panel makes the order; it knows nothing of how it is sent.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from console.model.casework import Verdict
from console.model.commands import (
    AddNote,
    Command,
    HoldIncident,
    MergeIncidents,
    PutIncidentUnder,
    RegradeIncident,
    ResolveIncident,
    SplitIncident,
    TakeOverIncident,
)
from widgets.kit.actions import Actions
from widgets.kit.labels import label
from widgets.kit.texts import Texts
from widgets.kit.tokens import Tokens

MAX_TEXT = 10_000
"""What the hub takes (console.rules.commands)."""
OUTCOMES: tuple[tuple[Verdict, str], ...] = (("real", "1"), ("false", "2"), ("test", "3"))
ROWS_SHOWN = 5


class Choice(NamedTuple):
    """A line to choose by its number: `value` is an id."""

    value: str
    text: str


class Ask(QWidget):
    """One panel. `act` is the catalogue's key of the act; `order()` is None while something is missing.

    Signals:
        decided: a key chose, and nothing more is needed: send it.
    """

    decided = Signal()

    def __init__(self, name: str, act: str) -> None:
        super().__init__()
        self.name, self.act = name, act
        self.incident_id = ""
        self.field: QLineEdit | None = None
        """What is typed is kept for the incident when the panel is left."""

    def order(self) -> Command | None:
        """What to ask the hub."""
        raise NotImplementedError

    def begin(self) -> None:
        """Take the keyboard."""
        (self.field or self).setFocus(Qt.FocusReason.ShortcutFocusReason)


def text_field(texts: Texts, name: str) -> QLineEdit:
    """A line to write, with its words at `incidents.NAME.field` and `.hint`."""
    made = QLineEdit()
    made.setMaxLength(MAX_TEXT)
    texts.put(made, accessibleName=f"incidents.{name}.field", placeholderText=f"incidents.{name}.hint")
    return made


class TextAsk(Ask):
    """One line to write; `make(incident_id, text)` is the order. `least` letters are needed."""

    def __init__(
        self, name: str, act: str, texts: Texts, make: Callable[[str, str], Command], least: int = 1
    ) -> None:
        super().__init__(name, act)
        self._make, self._least = make, least
        self.field = text_field(texts, name)
        row = QVBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.field)

    def order(self) -> Command | None:
        assert self.field is not None
        text = self.field.text().strip()
        return self._make(self.incident_id, text) if len(text) >= self._least else None


def note_ask(texts: Texts) -> TextAsk:
    """A note."""
    return TextAsk(
        "note", "incidents.act.note", texts, lambda one, text: AddNote(incident_id=one, text=text)
    )


def take_over_ask(texts: Texts, least: int) -> TextAsk:
    """Why it is taken from whoever works on it."""
    return TextAsk(
        "take_over", "incidents.act.take_over", texts,
        lambda one, text: TakeOverIncident(incident_id=one, reason=text), least,
    )  # fmt: skip


class HoldAsk(Ask):
    """Why it rests, and for how many minutes."""

    def __init__(self, texts: Texts, tokens: Tokens, least: int) -> None:
        super().__init__("hold", "incidents.act.hold")
        self._least = least
        self.field = text_field(texts, "hold")
        self.minutes = QSpinBox()
        self.minutes.setMinimumWidth(tokens.space(24))
        texts.put(self.minutes, accessibleName="incidents.hold.minutes", suffix="incidents.hold.unit")
        texts.put(self.minutes.lineEdit(), accessibleName="incidents.hold.minutes")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(tokens.space(2))
        row.addWidget(self.field, 1)
        row.addWidget(self.minutes)

    def about(self, longest_s: float) -> None:
        """At most so long."""
        longest = max(1, int(longest_s // 60))
        self.minutes.setRange(1, longest)
        self.minutes.setValue(min(30, longest))

    def order(self) -> Command | None:
        assert self.field is not None
        reason = self.field.text().strip()
        if len(reason) < self._least:
            return None
        for_s = self.minutes.value() * 60.0
        return HoldIncident(incident_id=self.incident_id, reason=reason, for_s=for_s)


class GradeAsk(Ask):
    """Another grade of the country, and why."""

    def __init__(self, texts: Texts, tokens: Tokens, least: int) -> None:
        super().__init__("grade", "incidents.act.regrade")
        self._least = least
        self.grade = QComboBox()
        texts.put(self.grade, accessibleName="incidents.grade.box")
        self.field = text_field(texts, "grade")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(tokens.space(1))
        column.addWidget(self.grade)
        column.addWidget(self.field)
        self.grade.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.grade.setMinimumContentsLength(20)

    def about(self, grades: Sequence[Choice], now: str) -> None:
        """These there are; `now` is the incident's."""
        self.grade.clear()
        for one in grades:
            self.grade.addItem(one.text, one.value)
        self.grade.setCurrentIndex(max(0, self.grade.findData(now)))

    def begin(self) -> None:
        self.grade.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def order(self) -> Command | None:
        assert self.field is not None
        reason = self.field.text().strip()
        if len(reason) < self._least:
            self.field.setFocus(Qt.FocusReason.OtherFocusReason)
            return None
        grade = str(self.grade.currentData())
        return RegradeIncident(incident_id=self.incident_id, grade=grade, reason=reason)


class OutcomeAsk(Ask):
    """Real, false or test: one key each."""

    def __init__(self, actions: Actions, texts: Texts, tokens: Tokens) -> None:
        super().__init__("outcome", "incidents.act.resolve")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._outcome: Verdict = ""
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(tokens.space(2))
        ask = label()
        texts.put(ask, "incidents.outcome.ask")
        row.addWidget(ask, 1)
        for (outcome, key), handler in zip(OUTCOMES, (self._real, self._false, self._test), strict=True):
            name = f"incident.outcome.{outcome}"
            actions.add(
                name, f"incidents.outcome.{outcome}", key, handler, owner=self,
                group="incidents.group.detail", only_focused=True,
            )  # fmt: skip
            row.addWidget(actions.button(name, self))

    def order(self) -> Command | None:
        if not self._outcome:
            return None
        return ResolveIncident(incident_id=self.incident_id, outcome=self._outcome)

    def begin(self) -> None:
        self._outcome = ""
        super().begin()

    def _decide(self, outcome: Verdict) -> None:
        self._outcome = outcome
        self.decided.emit()

    def _real(self) -> None:
        self._decide("real")

    def _false(self) -> None:
        self._decide("false")

    def _test(self) -> None:
        self._decide("test")


class Numbered(QListWidget):
    """Lines that a digit chooses at once.

    Signals:
        picked: a line was chosen by its digit, Enter or a double click.
    """

    picked = Signal()

    def __init__(self, tokens: Tokens) -> None:
        super().__init__()
        self.setUniformItemSizes(True)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._row_px = tokens.space(6)
        self._ticks = False
        self.itemActivated.connect(lambda _: self.picked.emit())

    def show_lines(self, lines: Sequence[Choice], checkable: bool = False) -> None:
        """Show these; the first nine have a digit, unless they are to be ticked."""
        self.clear()
        self._ticks = checkable
        for number, one in enumerate(lines, 1):
            text = one.text if checkable or number > 9 else f"{number}  {one.text}"
            item = QListWidgetItem(text)
            item.setData(Qt.ItemDataRole.UserRole, one.value)
            item.setToolTip(one.text)
            item.setSizeHint(QSize(0, self._row_px))
            if checkable:
                item.setCheckState(Qt.CheckState.Unchecked)
            self.addItem(item)
        self.setFixedHeight(self._row_px * max(1, min(ROWS_SHOWN, len(lines))) + 4)
        if lines:
            self.setCurrentRow(0)

    def value(self) -> str:
        """The chosen line's id, "" for none."""
        item = self.currentItem()
        return str(item.data(Qt.ItemDataRole.UserRole)) if item is not None else ""

    def ticked(self) -> tuple[str, ...]:
        """The ids of the ticked lines."""
        found = (self.item(row) for row in range(self.count()))
        return tuple(
            str(one.data(Qt.ItemDataRole.UserRole)) for one in found
            if one.checkState() == Qt.CheckState.Checked
        )  # fmt: skip

    def keyPressEvent(self, event: QKeyEvent) -> None:
        text = event.text()
        row = int(text) - 1 if text.isascii() and text.isdigit() and text != "0" else -1
        if 0 <= row < self.count() and not self._ticks:
            self.setCurrentRow(row)
            self.picked.emit()
            return
        super().keyPressEvent(event)


class OtherAsk(Ask):
    """Which other incident: one of what is near by its digit, or any by its number. `make(this, other)`
    is the order.
    """

    def __init__(
        self, name: str, act: str, texts: Texts, tokens: Tokens, make: Callable[[str, str], Command]
    ) -> None:
        super().__init__(name, act)
        self._make = make
        self._texts = texts
        self.list = Numbered(tokens)
        texts.put(self.list, accessibleName=f"incidents.{name}.list")
        self.field = text_field(texts, name)
        self.none = label(ink="dim")
        texts.put(self.none, f"incidents.{name}.none")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(tokens.space(1))
        for one in (self.list, self.none, self.field):
            column.addWidget(one)
        self.list.picked.connect(self.decided)

    def about(self, lines: Sequence[Choice]) -> None:
        """These are near."""
        self.list.show_lines(lines)
        self.list.setVisible(bool(lines))
        self.none.setVisible(not lines)

    def begin(self) -> None:
        first = self.list if self.list.count() else self.field
        assert first is not None
        first.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def order(self) -> Command | None:
        assert self.field is not None
        other = self.field.text().strip() or self.list.value()
        return self._make(self.incident_id, other) if other else None


def merge_ask(texts: Texts, tokens: Tokens) -> OtherAsk:
    """Which one is the same as this one."""
    return OtherAsk(
        "merge", "incidents.act.merge", texts, tokens,
        lambda one, other: MergeIncidents(kept_id=one, other_id=other, reason=""),
    )  # fmt: skip


NO_PARENT = "-"


def under_ask(texts: Texts, tokens: Tokens) -> OtherAsk:
    """Which larger one it is a part of."""
    return OtherAsk(
        "under", "incidents.act.under", texts, tokens,
        lambda one, other: PutIncidentUnder(incident_id=one, parent="" if other == NO_PARENT else other),
    )  # fmt: skip


class SplitAsk(Ask):
    """Which clues are another incident: Space ticks, Enter splits."""

    def __init__(self, texts: Texts, tokens: Tokens) -> None:
        super().__init__("split", "incidents.act.split")
        self.list = Numbered(tokens)
        texts.put(self.list, accessibleName="incidents.split.list")
        self.field = text_field(texts, "split")
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setVerticalSpacing(tokens.space(1))
        hint = label(ink="dim")
        texts.put(hint, "incidents.split.ask")
        for row, one in enumerate((hint, self.list, self.field)):
            grid.addWidget(one, row, 0)

    def about(self, lines: Sequence[Choice]) -> None:
        """These clues there are."""
        self.list.show_lines(lines, checkable=True)

    def begin(self) -> None:
        self.list.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def order(self) -> Command | None:
        assert self.field is not None
        uids = self.list.ticked()
        if not uids or len(uids) == self.list.count():
            return None
        return SplitIncident(incident_id=self.incident_id, uids=uids, reason=self.field.text().strip())
