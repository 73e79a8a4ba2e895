"""The step a person works on: its text, what it waits for, its offered acts, answers, comment, keys."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QPushButton, QVBoxLayout, QWidget

from widgets.kit.actions import Actions
from widgets.kit.flow import FlowLayout
from widgets.kit.labels import label, style
from widgets.kit.marks import paint_condition
from widgets.kit.tokens import Tokens
from widgets.procedure.view import Key, OpenStep, comment_at_all, may_skip
from widgets.procedure.words import Words

BAR_PX = 3
MARK_PX = 14


class StateMark(QWidget):
    """Overdue, or not: a shape that can be told without its colour."""

    def __init__(self, tokens: Tokens, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tokens, self._late = tokens, False
        self.setFixedSize(QSize(MARK_PX, MARK_PX))

    @property
    def late(self) -> bool:
        return self._late

    def tell(self, late: bool) -> None:
        if late != self._late:
            self._late = late
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            if self._late:
                paint_condition(painter, QRectF(self.rect()), "degraded", self._tokens)


class StepLine(QWidget):
    """Mark, kind, text and time of one step; a click makes it the one that is worked on.

    Signals:
        wanted: it was clicked.
    """

    wanted = Signal()

    def __init__(self, words: Words, tokens: Tokens, large: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words, self._large = words, large
        self.mark = StateMark(tokens, self)
        self.kind = label(self, ink="dim", size="small")
        self.kind.setFixedWidth(tokens.space(12))
        self.text = label(self, size="strong" if large else "", weight="bold" if large else "")
        self.text.setWordWrap(True)
        self.time = label(self, weight="bold")
        self.waits = label(self, ink="dim", size="small")
        self.waits.setWordWrap(True)
        unit = tokens.space(1)
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2 * unit)
        for part in (self.kind, self.mark):
            row.addWidget(part, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.text, 1)
        row.addWidget(self.time, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(unit // 2)
        column.addLayout(row)
        below = QHBoxLayout()
        below.setContentsMargins(self.kind.width() + MARK_PX + 4 * unit, 0, 0, 0)
        below.addWidget(self.waits)
        column.addLayout(below)

    def tell(self, step: OpenStep) -> None:
        """Say this step."""
        words = self._words
        self.kind.setText(words.say(f"kind.{step.standing.kind or 'task'}"))
        self.text.setText(words.catalogue.words(step.standing.text) or step.standing.step)
        self.waits.setText(words.waits(step))
        self.waits.setVisible(bool(self.waits.text()))
        self.tell_time(step)

    def tell_time(self, step: OpenStep) -> None:
        """Say how long it has."""
        late = step.left_s is not None and step.left_s <= 0
        self.mark.tell(late)
        text = self._words.left(step)
        if text != self.time.text():
            self.time.setText(text)
        style(self.time, ink="p2" if late else "dim")
        self.setAccessibleName(f"{self.text.text()} {text}")

    def mousePressEvent(self, event: object) -> None:
        self.wanted.emit()


class CurrentStep(QFrame):
    """The step in hand with everything that can be done about it.

    Signals:
        answered(str): one of its answers was clicked, by id.
        offered(int): one of its offered acts was clicked, by place.
    """

    answered = Signal(str)
    offered = Signal(int)

    def __init__(
        self, words: Words, actions: Actions, tokens: Tokens, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._words, self._tokens = words, tokens
        self._key: Key | None = None
        self._late = False
        self._answers: dict[str, QPushButton] = {}
        self._offers: list[QPushButton] = []
        self.setObjectName("procedure-current")
        style(self, role="header")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        unit = tokens.space(1)
        self.line = StepLine(words, tokens, large=True)
        self.why = label(ink="dim")
        self.why.setWordWrap(True)
        self.why.hide()
        self.unknown = label(ink="p2")
        self.unknown.setWordWrap(True)
        self._offer_row, self._answer_row = QWidget(), QWidget()
        self._offer_flow = FlowLayout(unit, self._offer_row)
        self._answer_flow = FlowLayout(unit, self._answer_row)
        self.field = QLineEdit()
        self.field.setObjectName("procedure-comment")
        self.problem = QLabel()
        self.problem.setWordWrap(True)
        style(self.problem, ink="p1", weight="bold")
        self._keys = QWidget()
        keys = FlowLayout(unit, self._keys)
        for flow in (self._offer_flow, self._answer_flow, keys):
            flow.setContentsMargins(0, 0, 0, 0)
        self._do = actions.button("procedure.do", self._keys, role="act")
        self._skip = actions.button("procedure.skip", self._keys)
        self._why = actions.button("procedure.why", self._keys, role="quiet")
        for one in (self._do, self._skip, self._why):
            keys.addWidget(one)
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * unit + BAR_PX, 2 * unit, 2 * unit, 2 * unit)
        column.setSpacing(2 * unit)
        for part in (
            self.line, self.why, self.unknown, self._offer_row, self._answer_row, self.field, self.problem,
            self._keys,
        ):  # fmt: skip
            column.addWidget(part)
        self.problem.hide()

    def show_step(self, step: OpenStep, draft: str, afresh: bool = False) -> None:
        """Show this one; what was typed for it before is `draft`."""
        fresh = afresh or step.key != self._key
        moved = step.key != self._key
        self._key = step.key
        self.line.tell(step)
        self._late = self.line.mark.late
        if not fresh:
            return
        told = step.step
        say = self._words.say
        self.unknown.setText("" if told is not None else say("unknown"))
        self.unknown.setVisible(told is None)
        why = self._words.catalogue.words(told.why) if told is not None else ""
        self.why.setText(why)
        self._why.setVisible(bool(why))
        if moved:
            self.why.hide()
            self.field.setText(draft)
        self._fill_offers(step)
        self._fill_answers(step)
        wanted = comment_at_all(told) if told is not None else "may"
        self.field.setVisible(wanted != "none")
        hint = say(f"comment.{'must' if wanted == 'must' else 'may'}")
        self.field.setPlaceholderText(hint)
        self.field.setAccessibleName(hint)
        self._do.setVisible(told is None or not told.answers)
        self._skip.setVisible(told is None or may_skip(told))
        self.update()

    def tell_time(self, step: OpenStep) -> None:
        """Say how long it has now."""
        self.line.tell_time(step)
        if self.line.mark.late != self._late:
            self._late = self.line.mark.late
            self.update()

    def mark_chosen(self, answer_id: str) -> None:
        """Show which answer waits for its words; "" for none."""
        for name, button in self._answers.items():
            button.setChecked(name == answer_id)

    def mark_offered(self, asked: Mapping[int, str]) -> None:
        """Behind the offered acts of these places say what became of them."""
        for place, button in enumerate(self._offers):
            text = str(button.property("words"))
            more = asked.get(place, "")
            button.setText(f"{text} · {more}" if more else text)
            button.setAccessibleName(button.text())

    def say_problem(self, text: str) -> None:
        """Why it was not done; "" for nothing."""
        self.problem.setText(text)
        self.problem.setVisible(bool(text))

    def set_busy(self, busy: bool) -> None:
        """On its way to the hub: nothing more can be asked of it meanwhile."""
        for button in self._answers.values():
            button.setEnabled(not busy)
        self.field.setReadOnly(busy)

    def answer_buttons(self) -> dict[str, QPushButton]:
        """By the answer's id."""
        return self._answers

    def offer_buttons(self) -> list[QPushButton]:
        """In their order."""
        return self._offers

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        with QPainter(self) as painter:
            colour = self._tokens.mark("p2" if self._late else "focus")
            painter.fillRect(QRectF(0, 0, BAR_PX, self.height()), colour)

    @Slot()
    def _offer_clicked(self) -> None:
        self.offered.emit(int(self.sender().property("place")))

    @Slot()
    def _answer_clicked(self) -> None:
        self.answered.emit(str(self.sender().property("answer")))

    def _fill_offers(self, step: OpenStep) -> None:
        _clear(self._offers)
        for place, act in enumerate(step.step.acts if step.step is not None else ()):
            text = self._words.offer(act)
            button = QPushButton(text, self._offer_row)
            button.setProperty("words", text)
            button.setAccessibleName(text)
            button.setProperty("place", place)
            button.clicked.connect(self._offer_clicked)
            self._offer_flow.addWidget(button)
            self._offers.append(button)
            button.show()
        self._offer_row.setVisible(bool(self._offers))

    def _fill_answers(self, step: OpenStep) -> None:
        _clear(list(self._answers.values()))
        self._answers.clear()
        for number, answer in enumerate(step.step.answers if step.step is not None else (), 1):
            text = f"{number}  {self._words.catalogue.words(answer.name)}"
            button = QPushButton(text, self._answer_row)
            button.setCheckable(True)
            button.setAccessibleName(text)
            button.setProperty("answer", answer.id)
            button.clicked.connect(self._answer_clicked)
            self._answer_flow.addWidget(button)
            self._answers[answer.id] = button
            button.show()
        self._answer_row.setVisible(bool(self._answers))


def _clear(buttons: list[QPushButton]) -> None:
    for button in buttons:
        button.hide()
        button.setParent(None)  # type: ignore[call-overload]
        button.deleteLater()
    buttons.clear()
