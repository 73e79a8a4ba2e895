"""The worst of all hand-offs in the status bar: shape, words, how long; one key to its incident."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from widgets.kit.actions import Actions, key_text
from widgets.kit.labels import elided
from widgets.kit.marks import paint_priority
from widgets.kit.pulse import Pulse
from widgets.kit.texts import follow
from widgets.kit.tokens import Tokens
from widgets.ladder.lines import ThreadWords
from widgets.ladder.watching import LadderWatch

MARK, GAP, WIDEST_PX = 14, 6, 360


class LadderChip(QAbstractButton):
    """Hidden while all is calm. What is red blinks until somebody has looked at it.

    Act: ladder.go (Alt+H), everywhere, also while typing.

    Signals:
        incident_wanted(str): show this incident; its worst thread has been looked at.
    """

    incident_wanted = Signal(str)

    def __init__(
        self, watch: LadderWatch, words: ThreadWords, pulse: Pulse, actions: Actions, tokens: Tokens,
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._watch, self._words, self._tokens, self._actions = watch, words, tokens, actions
        self._level, self._text, self._lit = "", "", True
        self.setObjectName("ladder-chip")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Preferred)
        actions.add("ladder.go", "ladder.act.go", "Alt+H", self.go, group="ladder.group", enabled=False)
        self.clicked.connect(self.go)
        watch.changed.connect(self.refresh)
        pulse.blinked.connect(self._blink)
        tokens.changed.connect(self.update)
        self.hide()
        follow(words.catalogue, self.refresh)

    @property
    def text_shown(self) -> str:
        return self._text

    @Slot()
    def refresh(self) -> None:
        """Look again."""
        top = self._watch.worst()
        thread = self._watch.thread(top.thread_id) if top is not None else None
        self._actions.enable("ladder.go", thread is not None)
        self.setVisible(thread is not None)
        if top is None or thread is None:
            self._level, self._text = "", ""
            return
        say = self._words.catalogue.say
        text = self._words.short(top, thread)
        others = self._watch.count() - 1
        if others:
            text = f"{text} {say('ladder.chip.more', count=others)}"
        if (text, top.level) == (self._text, self._level):
            return
        self._text, self._level = text, top.level
        key = key_text(self._actions.act("ladder.go").shortcut())
        self.setAccessibleName(f"{say('ladder.chip.name')}: {text}")
        self.setToolTip(
            f"{self._words.incident(self._watch.board.state, thread.incident_id)}\n"
            f"{say('ladder.act.go')} ({key})"
        )  # fmt: skip
        self.updateGeometry()
        self.update()

    @Slot()
    def go(self) -> None:
        """To the incident of the most urgent one."""
        top = self._watch.worst()
        thread = self._watch.thread(top.thread_id) if top is not None else None
        if thread is not None:
            self._watch.look_at(thread.incident_id)
            self.incident_wanted.emit(thread.incident_id)

    def sizeHint(self) -> QSize:
        return QSize(min(WIDEST_PX, MARK + 2 * GAP + self._wide(self._shown())), 28)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()  # other items give way first

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self._level:
            return
        with QPainter(self) as painter:
            tokens, area = self._tokens, self.rect()
            priority = 2 if self._level == "amber" else 1
            top = (area.height() - MARK) / 2
            paint_priority(painter, QRectF(1, top, MARK, MARK), priority, tokens, self._lit)
            painter.setFont(tokens.font("body", bold=True))
            painter.setPen(tokens.priority_ink(priority))
            room = area.adjusted(MARK + GAP, 0, -2, 0)
            left = int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
            painter.drawText(room, left, elided(self._shown(), QFontMetrics(painter.font()), room.width()))
            if self.hasFocus():
                painter.setPen(tokens.mark("focus"))
                painter.drawRect(area.adjusted(0, 0, -1, -1))

    def _shown(self) -> str:
        return f"{self._text}  [{key_text(self._actions.act('ladder.go').shortcut())}]" if self._text else ""

    def _wide(self, text: str) -> int:
        return QFontMetrics(self._tokens.font("body", bold=True)).horizontalAdvance(text) + 4

    @Slot(bool)
    def _blink(self, lit: bool) -> None:
        lit = lit or self._level == "amber" or not self._watch.unseen_reds()
        if lit != self._lit:
            self._lit = lit
            self.update()
