"""What is behind in a procedure: one line with count and times, and on demand each step."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from console.model.procedure import procedure_id
from console.model.procedurerun import ProcedureRun
from widgets.kit.actions import Actions
from widgets.kit.labels import label, style
from widgets.kit.tokens import Tokens
from widgets.procedure.view import closed_steps, done_of
from widgets.procedure.words import Words

MOST = 60
"""The newest; the whole is in Review."""


class DoneLines(QWidget):
    """The folded line with the act `procedure.done` beside it, and the steps below when it is unfolded."""

    def __init__(
        self, words: Words, actions: Actions, tokens: Tokens, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._words = words
        self._open = False
        self._run_shown: ProcedureRun | None = None
        self.line = label(ink="dim")
        self.line.setWordWrap(True)
        self._inside = QWidget()
        self._grid = QGridLayout(self._inside)
        self._grid.setContentsMargins(2 * tokens.space(1), 0, 0, 0)
        self._grid.setHorizontalSpacing(2 * tokens.space(1))
        self._grid.setVerticalSpacing(tokens.space(1) // 2)
        self._grid.setColumnStretch(1, 1)
        self._rows: list[tuple[QLabel, QLabel]] = []
        row = QHBoxLayout()
        row.addWidget(self.line, 1)
        row.addWidget(actions.button("procedure.done", self, role="quiet"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(row)
        column.addWidget(self._inside)
        self._inside.hide()

    @property
    def is_open(self) -> bool:
        return self._open

    def tell(self, run: ProcedureRun) -> None:
        """Say this run."""
        self._run_shown = run
        words, done = self._words, done_of(run)
        parts = []
        if done.done:
            parts.append(words.say("done.count", n=str(done.done)))
        if done.kept:
            parts.append(words.say("done.kept", n=str(done.kept)))
        if done.skipped:
            parts.append(words.say("done.skipped", n=str(done.skipped)))
        if parts:
            first, last = (words.moments.clock(one) for one in (done.from_ns, done.to_ns))
            parts.append(f"{first}–{last} ({words.took(done.from_ns, done.to_ns)})")
        self.line.setText("✓ " + " · ".join(parts) if parts else words.say("done.none"))
        self.setVisible(bool(closed_steps(run)))
        if self._open:
            self._fill(run)

    def turn(self) -> None:
        """Unfold, or fold again."""
        self._open = not self._open
        self._inside.setVisible(self._open)
        if self._open and self._run_shown is not None:
            self._fill(self._run_shown)

    def fold(self) -> None:
        """Only the line."""
        if self._open:
            self.turn()

    def texts(self) -> list[str]:
        """The unfolded lines."""
        return [text.text() for _, text in self._rows if not text.isHidden()]

    def _fill(self, run: ProcedureRun) -> None:
        steps = closed_steps(run)[-MOST:]
        while len(self._rows) < len(steps):
            clock, text = label(ink="dim"), label()
            clock.setAlignment(Qt.AlignmentFlag.AlignTop)
            text.setWordWrap(True)
            self._grid.addWidget(clock, len(self._rows), 0)
            self._grid.addWidget(text, len(self._rows), 1)
            self._rows.append((clock, text))
        for place, (clock, text) in enumerate(self._rows):
            present = place < len(steps)
            clock.setVisible(present)
            text.setVisible(present)
            if not present:
                continue
            one = steps[place]
            clock.setText(self._words.moments.clock(one.closed_ns))
            said = self._words.closed(one)
            if one.procedure != run.procedure:
                said = self._words.say("done.of_earlier", step=said, procedure=procedure_id(one.procedure))
            text.setText(said)
            style(text, ink="p2" if one.state in ("skipped", "left") else "")
