"""The reason of a refusal or revocation, and of masks that are lifted: chosen or written, in place."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from console.desk.board import Board
from console.language import Catalogue
from console.model.picturerequest import PERSONS_REFUSALS, RefusalCode
from widgets.kit.actions import Actions
from widgets.kit.labels import label, style
from widgets.kit.texts import follow
from widgets.kit.tokens import Tokens

Wanted = Literal["refuse", "revoke", "lift"]
GROUP = "shares.title"


class ReasonStrip(QWidget):
    """Hidden until a reason is wanted. UI thread only.

    Acts, only while it has the keyboard: shares.reason_send (Enter), shares.reason_leave (Esc).

    Signals:
        given(str, str, str): what was wanted, the code of a refusal, the reason.
        left: closed; the list should have the keyboard.
    """

    given = Signal(str, str, str)
    left = Signal()

    def __init__(
        self, board: Board, actions: Actions, catalogue: Catalogue, tokens: Tokens, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.setObjectName("shares-reason")
        self._board, self._catalogue = board, catalogue
        self._wanted: Wanted = "refuse"
        self.head = label(self, weight="bold")
        self.code, self.reason = QComboBox(self), QComboBox(self)
        self.reason.setEditable(True)
        self.reason.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.reason.lineEdit().setMaxLength(1000)
        self.problem = label(self, ink="p2", weight="bold")
        for name, key, handler in (("send", "Return", self.send), ("leave", "Esc", self.leave)):
            actions.add(
                f"shares.reason_{name}", f"shares.act.reason_{name}", key, handler, owner=self, group=GROUP,
                only_focused=True,
            )  # fmt: skip
        row = QHBoxLayout()
        row.setSpacing(tokens.space(1))
        row.addWidget(self.code, 2)
        row.addWidget(self.reason, 5)
        row.addWidget(actions.button("shares.reason_send", self))
        row.addWidget(actions.button("shares.reason_leave", self, role="quiet"))
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * tokens.space(1), tokens.space(1), 2 * tokens.space(1), tokens.space(1))
        column.setSpacing(tokens.space(1))
        column.addWidget(self.head)
        column.addLayout(row)
        column.addWidget(self.problem)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        style(self, role="header")
        self.reason.lineEdit().returnPressed.connect(self.send)
        self.code.currentIndexChanged.connect(self._offer)
        self._forget_words = follow(catalogue, self._retext)
        self.hide()

    def begin(self, wanted: Wanted) -> None:
        """Ask for the reason of this."""
        self._wanted = wanted
        self.code.setVisible(wanted == "refuse")
        self._retext()
        self.show()
        (self.code if wanted == "refuse" else self.reason).setFocus(Qt.FocusReason.ShortcutFocusReason)

    @Slot()
    def send(self) -> None:
        """Give it, where there are words."""
        if self.isHidden():
            return
        reason = " ".join(self.reason.currentText().split())
        self.problem.setVisible(not reason)
        if not reason:
            self.reason.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        self.hide()
        self.given.emit(self._wanted, self._code(), reason)
        self.left.emit()

    @Slot()
    def leave(self) -> None:
        self.hide()
        self.left.emit()

    def release(self) -> None:
        """Before the window goes."""
        self._forget_words()

    def _code(self) -> RefusalCode:
        return PERSONS_REFUSALS[max(0, self.code.currentIndex())]

    @Slot()
    def _offer(self) -> None:
        """The ready words of the chosen reason."""
        say, words = self._catalogue.say, self._catalogue.words
        self.reason.clear()
        if self._wanted == "refuse":
            book = self._board.profile.linked
            told = book.refusals if book is not None else ()
            self.reason.addItems([words(one.text) for one in told if one.code == self._code()])
        elif self._wanted == "revoke":
            self.reason.addItems([say(f"shares.revoke.{one}") for one in ("over", "misused", "mistake")])
        if self.reason.count() == 0:
            self.reason.setEditText("")

    @Slot()
    def _retext(self) -> None:
        say = self._catalogue.say
        kept = max(0, self.code.currentIndex())
        self.code.blockSignals(True)
        self.code.clear()
        self.code.addItems([say(f"shares.refusal.{one}") for one in PERSONS_REFUSALS])
        self.code.setCurrentIndex(kept)
        self.code.blockSignals(False)
        self.head.setText(say(f"shares.reason.{self._wanted}"))
        self.problem.setText(say("shares.reason.missing"))
        self.problem.hide()
        self.code.setAccessibleName(say("shares.reason.code"))
        self.reason.setAccessibleName(say("shares.reason.words"))
        self._offer()
