"""The answer to a citizen, written in place: state, words, who answers for it, when it is expected."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QPlainTextEdit,
    QSizePolicy,
    QSpinBox,
    QWidget,
)

from console.clock import SECOND_NS
from console.desk.board import Board
from console.language import Catalogue
from console.model.citizenreport import CitizenReport
from console.model.commands import AnswerReport
from widgets.kit.actions import Actions
from widgets.kit.labels import ElidedLabel, label, style
from widgets.kit.texts import Texts, follow
from widgets.kit.tokens import Tokens

STAGES = ("acknowledged", "in_progress", "closed", "rejected")
MOST_TEXT = 4_000
"""As the hub takes it (console.rules.reports)."""
LINES = 2
HOUR_NS = 3600 * SECOND_NS
MOST_HOURS = 8760


class AnswerForm(QWidget):
    """Hidden until it is wanted; a draft is kept for its report. UI thread only.

    Signals:
        sent(AnswerReport): to be asked of the hub. left: closed; the list should have the keyboard.
    """

    sent = Signal(object)
    left = Signal()

    def __init__(
        self, board: Board, actions: Actions, catalogue: Catalogue, tokens: Tokens, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self._board, self._catalogue = board, catalogue
        self._texts = Texts(catalogue)
        self._report_id = ""
        self._language = ""
        self._drafts: dict[str, str] = {}
        self.stage, self.ready, self.office = QComboBox(self), QComboBox(self), QComboBox(self)
        self.hours = QSpinBox(self)
        self.hours.setRange(-1, MOST_HOURS)
        self.text = QPlainTextEdit(self)
        self.text.setTabChangesFocus(True)
        self.text.setObjectName("reports-answer")
        self.text.setFixedHeight(LINES * self.text.fontMetrics().lineSpacing() + 14)
        self.note = ElidedLabel(self, size="small", ink="dim")
        group = "reports.title"
        for name, key, handler in (("send", "Ctrl+Return", self.send), ("leave", "Esc", self.leave)):
            actions.add(
                f"reports.{name}", f"reports.act.{name}", key, handler, owner=self, group=group,
                only_focused=True,
            )  # fmt: skip
        self._lay_out(actions, tokens)
        self.stage.currentIndexChanged.connect(self._stage_changed)
        self.ready.activated.connect(self._take_ready)
        self.text.textChanged.connect(self._say)
        self.text.installEventFilter(self)
        self._forget_words = follow(catalogue, self._retext)
        self.hide()

    def begin(self, report: CitizenReport) -> None:
        """Ask for the answer to this report, in the citizen's language."""
        if self.isVisible():
            self._drafts[self._report_id] = self.text.toPlainText()
        self._report_id, self._language = report.id, report.told.language
        following = "acknowledged" if report.waits else "in_progress"
        following = "closed" if report.stage == "in_progress" else following
        self.stage.setCurrentIndex(STAGES.index(following))
        owners = list(self._board.profile.owners)
        self.office.setCurrentIndex(owners.index(report.agency) if report.agency in owners else 0)
        self.hours.setValue(0)
        self._offer_ready()
        self.text.setPlainText(self._drafts.pop(report.id, ""))
        self.show()
        self._say()
        self.text.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def is_open(self) -> bool:
        return not self.isHidden()

    @Slot()
    def send(self) -> None:
        """Ask the hub; a rejection without words stays here and says so."""
        text = self.text.toPlainText().strip()
        stage = STAGES[max(0, self.stage.currentIndex())]
        if (stage == "rejected" and not text) or len(text) > MOST_TEXT:
            self._say(complain=True)
            self.text.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        hours = self.hours.value()
        expected = -1 if hours < 0 else self._board.clock.now_ns() + hours * HOUR_NS if hours else 0
        owners = list(self._board.profile.owners)
        self._drafts[self._report_id] = text  # kept until the hub has it: a refusal loses nothing
        self.sent.emit(
            AnswerReport(
                report_id=self._report_id, stage=stage, text=text,
                agency=owners[self.office.currentIndex()] if owners else "", expected_at_ns=expected,
            )  # type: ignore[arg-type]
        )
        self.hide()
        self.left.emit()

    @Slot()
    def leave(self) -> None:
        """Close; what was typed is kept."""
        self._drafts[self._report_id] = self.text.toPlainText()
        self.hide()
        self.left.emit()

    def forget_draft(self, report_id: str) -> None:
        """The hub has the answer."""
        self._drafts.pop(report_id, None)

    def release(self) -> None:
        """Before the window goes."""
        self._forget_words()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # A letter key that means an act elsewhere is a letter here.
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            plain = not event.modifiers() & Qt.KeyboardModifier.ControlModifier
            if plain and event.key() != Qt.Key.Key_Escape:
                event.accept()
        return False

    @Slot()
    def _stage_changed(self) -> None:
        self._offer_ready()
        self._say()

    @Slot(int)
    def _take_ready(self, row: int) -> None:
        text = self.ready.itemData(row)
        if text:
            self.text.setPlainText(str(text))
            self.text.moveCursor(self.text.textCursor().MoveOperation.End)
        self.text.setFocus(Qt.FocusReason.OtherFocusReason)

    def _offer_ready(self) -> None:
        book = self._board.profile.reports
        stage = STAGES[max(0, self.stage.currentIndex())]
        self.ready.clear()
        self.ready.addItem(self._catalogue.say("reports.ready"), "")
        for one in book.answers if book is not None else ():
            if one.stage == stage:
                self.ready.addItem(self._catalogue.words(one.text), one.text.in_language(self._language))

    @Slot()
    def _say(self, complain: bool = False) -> None:
        say = self._catalogue.say
        long = len(self.text.toPlainText())
        rejected = STAGES[max(0, self.stage.currentIndex())] == "rejected"
        bad = complain or long > MOST_TEXT
        if long > MOST_TEXT:
            text = say("reports.too_long", count=long - MOST_TEXT)
        elif rejected:
            text = say("reports.rejection")
        else:
            text = say("reports.public", language=say(f"reports.language.{self._language or 'en'}"))
        self.note.setText(text)
        style(self.note, ink="p2" if bad else "dim", weight="bold" if bad else "")

    @Slot()
    def _retext(self) -> None:
        say, words = self._catalogue.say, self._catalogue.words
        for box, texts in (
            (self.stage, [say(f"reports.stage.{one}") for one in STAGES]),
            (self.office, [words(one) for one in self._board.profile.owners.values()]),
        ):
            box.blockSignals(True)
            for number, text in enumerate(texts):
                if number < box.count():
                    box.setItemText(number, text)
                else:
                    box.addItem(text)
            box.blockSignals(False)
        self.hours.setSpecialValueText(say("reports.no_promise"))
        self.hours.setSuffix(" " + say("reports.hours"))
        self._offer_ready()
        self._say()

    def _lay_out(self, actions: Actions, tokens: Tokens) -> None:
        space = tokens.space(1)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(space)
        grid.setVerticalSpacing(space)
        for box in (self.stage, self.ready, self.office):
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            box.setMinimumContentsLength(9)
        parts: tuple[tuple[str, QWidget, int, int], ...] = (
            ("stage", self.stage, 0, 0), ("ready", self.ready, 0, 2), ("office", self.office, 1, 0),
            ("hours", self.hours, 1, 2),
        )  # fmt: skip
        for name, part, row, column in parts:
            head = label(self, size="small", ink="dim")
            head.setBuddy(part)
            self._texts.put(head, f"reports.field.{name}")
            self._texts.put(part, accessibleName=f"reports.field.{name}")
            grid.addWidget(head, row, column)
            grid.addWidget(part, row, column + 1)
        self._texts.put(self.text, accessibleName="reports.field.text")
        grid.addWidget(self.text, 2, 0, 1, 4)
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(3, 1)
        below = QHBoxLayout()
        below.setSpacing(space)
        below.addWidget(self.note, 1)
        below.addWidget(actions.button("reports.leave", self, role="quiet"))
        below.addWidget(actions.button("reports.send", self))
        grid.addLayout(below, 3, 0, 1, 4)
