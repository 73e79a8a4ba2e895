"""What an incident is made of: every clue by its source with the reason, and the incidents it is linked with;
each one click or key from where it came.
"""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from console.desk.board import Board
from console.desk.casequeue import CaseQueue
from console.language import Catalogue
from console.model.casework import Case, Clue
from console.report.names import type_name
from widgets.incidents.acts import ELSEWHERE
from widgets.incidents.cluewords import ClueWords, grouped
from widgets.kit.actions import Actions
from widgets.kit.labels import ElidedLabel, label
from widgets.kit.moments import Moments
from widgets.kit.texts import Texts
from widgets.kit.tokens import Tokens

FIRST = 12
MORE = 100
"""So many lines at first, and so many more for each time somebody asks."""
Precision = Callable[[Clue], str]
"""What the clue's rule on its camera is worth, in words; "" where nothing is known."""


class ClickLine(ElidedLabel):
    """A line of text that a click or Enter opens; shows that it has the keyboard.

    Signals:
        clicked: opened.
    """

    clicked = Signal()

    def __init__(self, tokens: Tokens) -> None:
        super().__init__()
        self._tokens = tokens
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setContentsMargins(tokens.space(1), 2, tokens.space(1), 2)
        font = self.font()
        font.setUnderline(True)
        self.setFont(font)

    def say(self, text: str) -> None:
        """Show and speak this."""
        self.setText(text)
        self.setAccessibleName(text)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self.clicked.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self.clicked.emit()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: object) -> None:
        super().paintEvent(event)
        if self.hasFocus():
            with QPainter(self) as painter:
                painter.setPen(self._tokens.mark("focus"))
                painter.drawRect(self.rect().adjusted(0, 0, -1, -1))


class _Line(QWidget):
    """A line with what it is worth beside it and why it is here below it."""

    def __init__(self, tokens: Tokens) -> None:
        super().__init__()
        self.text, self.worth, self.why = ClickLine(tokens), label(ink="dim"), ElidedLabel(ink="dim")
        self.opens: Callable[[], None] = lambda: None
        self.text.clicked.connect(self._open)
        row = QHBoxLayout()
        row.setSpacing(tokens.space(2))
        row.addWidget(self.text, 1)
        row.addWidget(self.worth)
        column = QVBoxLayout(self)
        column.setContentsMargins(tokens.space(2), 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row)
        column.addWidget(self.why)
        self.why.setContentsMargins(tokens.space(1), 0, 0, 0)

    def say(self, text: str, worth: str, why: str, opens: Callable[[], None]) -> None:
        self.text.say(text)
        self.worth.setText(worth)
        self.worth.setVisible(bool(worth))
        self.why.setText(why)
        self.why.setVisible(bool(why))
        self.opens = opens

    @Slot()
    def _open(self) -> None:
        self.opens()


class Clues(QWidget):
    """Clues and links of one incident.

    Signals:
        clue_opened(Clue): show where this came from.
        incident_opened(str): show this incident.
    """

    clue_opened = Signal(object)
    incident_opened = Signal(str)

    def __init__(
        self, board: Board, cases: CaseQueue, actions: Actions, catalogue: Catalogue, tokens: Tokens,
        precision: Precision, parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._board, self._cases, self._catalogue, self._tokens = board, cases, catalogue, tokens
        self._precision = precision
        self._words = ClueWords(board.profile, catalogue, Moments(catalogue, board.profile.time_zone))
        self._texts = Texts(catalogue)
        self._case: Case | None = None
        self._most = FIRST
        self._links: list[tuple[str, str]] = []
        self._lines: list[_Line] = []
        self._heads: list[QWidget] = []
        unit = tokens.space(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(unit)
        heading = label(ink="dim", size="small")
        self._texts.put(heading, "incidents.detail.clues")
        column.addWidget(heading)
        self._column = QVBoxLayout()
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(unit // 2)
        column.addLayout(self._column)
        self.more = QPushButton()
        self.more.setProperty("role", "quiet")
        self.more.clicked.connect(self._show_more)
        column.addWidget(self.more, 0, Qt.AlignmentFlag.AlignLeft)
        buttons = QHBoxLayout()
        buttons.setSpacing(unit)
        for name in ELSEWHERE:
            buttons.addWidget(actions.button(f"incident.{name}", self))
        buttons.addStretch(1)
        column.addLayout(buttons)

    def show_case(self, case: Case) -> None:
        """Say what this one is made of."""
        if self._case is None or self._case.id != case.id:
            self._most = FIRST
        self._case = case
        self._say()

    def refresh(self) -> None:
        """Say it again where another incident was linked with it or let go."""
        if self._case is not None and self._cases.linked(self._case.id) != self._links:
            self._say()

    def lines(self) -> list[str]:
        """What is shown, from top to bottom."""
        return [one.text.text() for one in self._lines if not one.isHidden()]

    def line(self, number: int) -> ClickLine:
        """One of the lines."""
        return self._lines[number].text

    @Slot()
    def _show_more(self) -> None:
        self._most += MORE
        self._say()

    def _say(self) -> None:
        case, say = self._case, self._catalogue.say
        if case is None:
            return
        self._clear_heads()
        used = left_out = place = 0
        self._links = self._cases.linked(case.id)
        for how, other_id in self._links:
            other = self._board.state.cases.get(other_id)
            text = say(f"incidents.linked.{how}", incident=other_id, what=self._what(other))
            place = self._put(used, place, text, "", "", _Opens(self.incident_opened.emit, other_id))
            used += 1
        for offer in case.offers:
            other = self._board.state.cases.get(offer.incident_id)
            if other is None or not other.is_open or other.id == case.id:
                continue
            text = say("incidents.linked.offer", incident=other.id, what=self._what(other))
            why = self._catalogue.words(offer.words)
            place = self._put(used, place, text, "", why, _Opens(self.incident_opened.emit, other.id))
            used += 1
        for source, found in grouped(case):
            if used >= self._most:
                left_out += len(found)
                continue
            count = sum(one.count for one in found)
            place = self._head(place, say(f"incidents.source.{source}", count=count))
            for one in found:
                if used >= self._most:
                    left_out += 1
                    continue
                place = self._put(
                    used, place, self._words.line(one.newest, one.count), self._precision(one.clue),
                    self._words.why(one.clue), _Opens(self.clue_opened.emit, one.newest),
                )  # fmt: skip
                used += 1
        for line in self._lines[used:]:
            line.hide()
        self.more.setVisible(left_out > 0)
        self.more.setText(say("incidents.clue.more", count=left_out))
        self.more.setAccessibleName(self.more.text())

    def _what(self, case: Case | None) -> str:
        if case is None:
            return ""
        say = self._catalogue
        kind = type_name(self._board.profile, say, case.type)
        return f"{kind}, {say.say(f'report.stage.{case.stage}')}"

    def _put(
        self, number: int, place: int, text: str, worth: str, why: str, opens: Callable[[], None]
    ) -> int:
        if number == len(self._lines):
            self._lines.append(_Line(self._tokens))
        line = self._lines[number]
        line.say(text, worth, why, opens)
        self._column.insertWidget(place, line)
        line.show()
        return place + 1

    def _head(self, place: int, text: str) -> int:
        head = label(weight="bold")
        head.setText(text)
        self._column.insertWidget(place, head)
        head.show()
        self._heads.append(head)
        return place + 1

    def _clear_heads(self) -> None:
        for one in self._heads:
            self._column.removeWidget(one)
            one.hide()
            one.deleteLater()
        self._heads = []


class _Opens:
    """Tells what was chosen; holds no widget."""

    def __init__(self, tell: Callable[..., object], what: object) -> None:
        self._tell, self._what = tell, what

    def __call__(self) -> None:
        self._tell(self._what)

