"""The strip across the window while a disaster message waits for a second person, or is not received."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QSize, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from console.language import Catalogue
from console.model.message import DisasterMessage
from console.profile.messages import MessageBook
from widgets.kit.actions import Actions
from widgets.kit.labels import ElidedLabel, label, style
from widgets.kit.marks import PriorityMark
from widgets.kit.moments import Moments
from widgets.kit.pulse import Pulse
from widgets.kit.texts import follow
from widgets.kit.tokens import Tokens
from widgets.messages.words import mine, standing_of, standing_words

if TYPE_CHECKING:
    from console.desk.board import Board

HEIGHT = 36
PAGE_ACT = "shell.lower_messages"
LOST_FOR_NS = 3600 * 1_000_000_000
"""A message that was lost is told in the strip for an hour; the page and the record keep it."""


class MessageStrip(QWidget):
    """Hidden while nothing waits. A message that does not arrive comes before a draft, and is told at every
    desk; a draft at those whose person did not write it. UI thread only.

    Signals:
        lost_anew: one more message is not received; to be heard.
    """

    lost_anew = Signal()

    def __init__(
        self, board: Board, pulse: Pulse, actions: Actions, catalogue: Catalogue, tokens: Tokens,
        moments: Moments, book: MessageBook, parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self.setObjectName("message-strip")
        self._board, self._catalogue, self._tokens, self._moments = board, catalogue, tokens, moments
        self._book = book
        self.lost = False
        self._heard: set[str] = set()
        self.setFixedHeight(HEIGHT)
        self.mark = PriorityMark(tokens, 4, 20, self)
        self.what = label(self, weight="bold", size="strong")
        self.text = ElidedLabel(self, shortest_px=160)
        self.why = ElidedLabel(self, shortest_px=120, weight="bold")
        self.more = label(self, weight="bold")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(tokens.space(3), 2, tokens.space(3), 2)
        layout.setSpacing(tokens.space(3))
        layout.addWidget(self.mark)
        layout.addWidget(self.what)
        for part in (self.text, self.why):
            part.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
            layout.addWidget(part)
        layout.addStretch(1)
        layout.addWidget(self.more)
        if actions.has(PAGE_ACT):
            layout.addWidget(actions.button(PAGE_ACT, self))
        self.hide()
        pulse.incidents_changed.connect(self.refresh)
        pulse.second_passed.connect(self.refresh)
        tokens.changed.connect(self.update)
        self._forget_words = follow(catalogue, self.refresh)
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Look again."""
        lost, drafts = self._waiting()
        told = [*lost, *drafts]
        self.lost = bool(lost)
        names = {one.id for one in lost}
        if names - self._heard:
            self.lost_anew.emit()
        self._heard = names
        if not told:
            self.hide()
            return
        first, say = told[0], self._catalogue.say
        self.mark.show_priority(1 if lost else 2)
        style(self.what, ink="p1" if lost else "p2")
        self.what.setText(say("messages.strip.lost" if lost else "messages.strip.draft"))
        self.text.setText(self._catalogue.words(first.content.text))
        self.why.setText(self._why(first) if lost else "")
        self.why.setVisible(bool(lost))
        self.more.setText(say("messages.strip.more", n=len(told) - 1) if len(told) > 1 else "")
        self.more.setVisible(len(told) > 1)
        self.setAccessibleName(f"{self.what.text()}: {self.text.text()}")
        self.setAccessibleDescription(self.why.text())
        self.show()
        self.update()

    def release(self) -> None:
        """Before the window goes."""
        self._forget_words()

    def _waiting(self) -> tuple[list[DisasterMessage], list[DisasterMessage]]:
        lost, drafts = [], []
        now_ns = self._board.clock.now_ns()
        for message in self._board.state.messages.values():
            standing = standing_of(message, self._book, self._board)
            recent = now_ns - message.approved_at_ns < LOST_FOR_NS or bool(message.owed)
            if standing == "lost" and recent:
                lost.append(message)
            elif standing == "draft" and not mine(message, self._board.person):
                drafts.append(message)
        return lost, drafts

    def _why(self, message: DisasterMessage) -> str:
        bad = [one for one in message.ways.values() if one.stage in ("refused", "lapsed", "stalled")]
        said = self._catalogue.words(bad[0].words) if bad else ""
        return said or standing_words(message, self._book, self._board, self._catalogue, self._moments)

    def sizeHint(self) -> QSize:
        return QSize(800, HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), self._tokens.ground("bg2"))
            painter.setPen(QPen(self._tokens.priority_mark(1 if self.lost else 2), 2 if self.lost else 1))
            if self.lost:
                painter.drawRect(QRect(1, 1, self.width() - 2, self.height() - 2))
            else:
                painter.drawLine(0, self.height() - 1, self.width(), self.height() - 1)
