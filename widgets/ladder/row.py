"""One partner's thread: who, how far, what has to be looked at, what was said."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from console.handoff.thread.waits import Attention
from console.model.ladder import PartnerThread
from widgets.kit.labels import ElidedLabel, label, style
from widgets.kit.marks import PriorityMark
from widgets.kit.tokens import Tokens
from widgets.ladder.lines import Line, ThreadWords
from widgets.ladder.rungs import rungs_of, worst
from widgets.ladder.strip import RungStrip

SHORT = 2
"""Lines of what was said that a row shows until it is asked for all. What is amber or red is always shown."""
_INK = {"amber": "p2", "red": "p1", "plain": "", "dim": "dim"}
_SIGN = {"amber": "▲ ", "red": "◆ ", "plain": "", "dim": ""}


class ThreadRow(QWidget):
    """Labels are made once and said anew. A bar at the left marks the thread the keys act on.

    Signals:
        picked(str): it was clicked; its thread's id.
    """

    picked = Signal(str)

    def __init__(self, words: ThreadWords, tokens: Tokens, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._words, self._tokens = words, tokens
        self.thread_id = ""
        self.current = False
        self.lines: list[Line] = []
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.mark = PriorityMark(tokens, 1, 14)
        self.title = ElidedLabel(weight="bold")
        self.title.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.level = label(weight="bold", size="small")
        self.strip = RungStrip(words, tokens)
        unit = tokens.space(1)
        head = QHBoxLayout()
        head.setSpacing(unit)
        for part in (self.mark, self.title, self.level):
            head.addWidget(part)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(2 * unit, 0, 0, 0)
        self._column.setSpacing(unit // 2)
        self._column.addLayout(head)
        self._column.addWidget(self.strip)
        self._labels: list[QLabel] = []

    def show_thread(
        self, thread: PartnerThread, threads: Sequence[PartnerThread], attentions: Sequence[Attention],
        current: bool, whole: bool, reroute: str = "",
    ) -> None:  # fmt: skip
        """Say how it stands. `whole`: all that was said, not the newest only."""
        self.thread_id = thread.id
        if current != self.current:
            self.current = current
            self.update()
        self.title.setText(self._words.title(thread, threads))
        top = worst(attentions)
        self.mark.setVisible(top is not None)
        self.level.setVisible(top is not None)
        if top is not None:
            self.mark.show_priority(2 if top.level == "amber" else 1)
            self.level.setText(self._words.catalogue.say(f"ladder.view.level.{top.level}"))
            style(self.level, ink="p2" if top.level == "amber" else "p1")
        self.strip.show_rungs(rungs_of(thread, attentions))
        alerts = self._words.alerts(thread, threads, attentions, reroute)
        story = self._words.story(thread, threads)
        hidden = 0 if whole else max(0, len(story) - SHORT)
        self.lines = [*alerts, *story[: len(story) - hidden]]
        if hidden:
            more = self._words.catalogue.say("ladder.view.more", count=hidden)
            last = self.lines[-1]
            self.lines[-1] = last._replace(text=f"{last.text} · {more}")
        self._say_lines()
        self.setAccessibleName(f"{self.title.text()}. {self.strip.spoken()}")
        self.setAccessibleDescription(" ".join(one.text for one in self.lines))

    def retext(self) -> None:
        """The language changed; the next `show_thread` says the rest."""
        self.strip.retext()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.picked.emit(self.thread_id)
        super().mousePressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.current or self.hasFocus():
            with QPainter(self) as painter:
                colour = self._tokens.mark("focus") if self.current else self._tokens.mark("line")
                painter.fillRect(0, 0, 3, self.height(), colour)

    def _say_lines(self) -> None:
        while len(self._labels) < len(self.lines):
            made = label()
            made.setWordWrap(True)
            made.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            self._column.addWidget(made)
            self._labels.append(made)
        for place, text in enumerate(self._labels):
            present = place < len(self.lines)
            text.setVisible(present)
            if present:
                line = self.lines[place]
                said = f"{_SIGN[line.tone]}{line.text}"
                if text.text() != said:
                    text.setText(said)
                style(text, ink=_INK[line.tone], weight="bold" if line.tone == "red" else "")
