"""The strip across the window while an official warning is in force: the worst one, and how many more."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QSize, Qt, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from console.desk.port import DeskPort
from console.language import Catalogue
from console.model import commands as do
from console.model.warning import StandingWarning
from widgets.kit.actions import Actions
from widgets.kit.labels import ElidedLabel, label, style
from widgets.kit.marks import PriorityMark
from widgets.kit.moments import Moments
from widgets.kit.pulse import Pulse
from widgets.kit.texts import follow
from widgets.kit.tokens import Tokens
from widgets.warnings.telling import Telling, in_force, priority_of

if TYPE_CHECKING:
    from console.desk.board import Board

HEIGHT = 40
GROUP = "warnings.title"
PAGE_ACT = "shell.lower_warnings"
"""Shows the page of all warnings, where the window has one."""


class WarningStrip(QWidget):
    """Hidden while nothing is in force. Unread: a full frame; read by this desk's person: a thin line.
    UI thread only.
    """

    def __init__(
        self, board: Board, pulse: Pulse, port: DeskPort, actions: Actions, catalogue: Catalogue,
        tokens: Tokens, moments: Moments, parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self.setObjectName("warning-strip")
        self._board, self._port, self._catalogue, self._tokens = board, port, catalogue, tokens
        self._telling = Telling(board.profile, catalogue, moments)
        self._first: StandingWarning | None = None
        self._unread = False
        self.setFixedHeight(HEIGHT)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.mark = PriorityMark(tokens, 4, 20, self)
        self.severity = label(self, weight="bold", size="strong")
        self.headline = ElidedLabel(self, shortest_px=160, weight="bold", size="strong")
        self.where = ElidedLabel(self, shortest_px=80)
        self.time = label(self)
        self.more = label(self, weight="bold")
        actions.add("warnings.read", "warnings.act.read", "Ctrl+Shift+W", self.read, group=GROUP)
        self._actions = actions
        layout = QHBoxLayout(self)
        layout.setContentsMargins(tokens.space(3), 2, tokens.space(3), 2)
        layout.setSpacing(tokens.space(3))
        layout.addWidget(self.mark)
        layout.addWidget(self.severity)
        for part in (self.headline, self.where):
            part.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
            layout.addWidget(part)
        layout.addWidget(self.time)
        layout.addStretch(1)
        layout.addWidget(self.more)
        for act_id in ("warnings.read", PAGE_ACT):
            if actions.has(act_id):
                layout.addWidget(actions.button(act_id, self))
        self.hide()
        pulse.incidents_changed.connect(self.refresh)
        pulse.second_passed.connect(self.refresh)
        tokens.changed.connect(self.update)
        self._forget_words = follow(catalogue, self.refresh)
        self.refresh()

    @Slot()
    def read(self) -> None:
        """Say that the warning shown was read by this person."""
        if self._first is not None and self._unread:
            self._port.request(do.AcknowledgeWarning(warning_id=self._first.id))

    @Slot()
    def refresh(self) -> None:
        """Look again. What this person has not read comes before what is more severe and read."""
        standing = in_force(self._board.state)
        unread = [one for one in standing if not self._is_read(one)]
        self._first = (unread or standing or [None])[0]
        self._unread = bool(unread)
        self._actions.enable("warnings.read", self._unread and not self._is_asked())
        if self._first is None:
            self.hide()
            return
        priority, telling, now_ns = priority_of(self._first), self._telling, self._board.clock.now_ns()
        self.mark.show_priority(priority)
        style(self.severity, ink=f"p{priority}")
        self.severity.setText(telling.severity(self._first))
        self.headline.setText(telling.headline(self._first))
        self.where.setText(telling.where(self._first))
        self.time.setText(telling.time(self._first, now_ns))
        more = len(standing) - 1
        self.more.setText(self._catalogue.say("warnings.more", n=more) if more else "")
        self.more.setVisible(bool(more))
        self.setAccessibleName(f"{self.severity.text()}: {self.headline.text()}")
        self.setAccessibleDescription(f"{self.where.text()}. {self.time.text()}. {self.more.text()}")
        self.show()
        self.update()

    def release(self) -> None:
        """Before the window goes."""
        self._forget_words()

    def _is_read(self, standing: StandingWarning) -> bool:
        return any(one.person == self._board.person for one in standing.acknowledged)

    def _is_asked(self) -> bool:
        if self._first is None:
            return False
        return do.AcknowledgeWarning(warning_id=self._first.id) in self._board.pending.values()

    def sizeHint(self) -> QSize:
        return QSize(800, HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), self._tokens.ground("bg2"))
            priority = priority_of(self._first) if self._first is not None else 4
            painter.setPen(QPen(self._tokens.priority_mark(priority), 2 if self._unread else 1))
            if self._unread:
                painter.drawRect(QRect(1, 1, self.width() - 2, self.height() - 2))
            else:
                painter.drawLine(0, self.height() - 1, self.width(), self.height() - 1)
            if self.hasFocus():
                painter.setPen(QPen(self._tokens.mark("focus"), 1))
                painter.drawRect(QRect(4, 4, self.width() - 9, self.height() - 9))
