"""What an incident's record says: what to do, why it is here, and what happened so far."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from console.language import Catalogue
from widgets.incidents.steps import Step
from widgets.kit.actions import Actions
from widgets.kit.labels import label, style
from widgets.kit.moments import Moments
from widgets.kit.texts import Texts
from widgets.kit.tokens import Tokens

STEPS_SHOWN = 40
"""The newest steps; the whole history is in Review."""


class Told(QWidget):
    """Guidance, reasons and steps, each under its heading; one that is empty takes no room."""

    def __init__(
        self, actions: Actions, catalogue: Catalogue, moments: Moments, tokens: Tokens,
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        """The act `incident.history` must be there: its button stands beside the steps."""
        super().__init__(parent)
        self._texts, self._moments = Texts(catalogue), moments
        unit = tokens.space(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(unit)
        self._sections: dict[str, tuple[QLabel, QLabel]] = {}
        for name in ("guidance", "reasons"):
            heading, text = label(ink="dim", size="small"), label()
            self._texts.put(heading, f"incidents.detail.{name}")
            text.setWordWrap(True)
            column.addWidget(heading)
            column.addWidget(text)
            self._sections[name] = heading, text
        heading = label(ink="dim", size="small")
        self._texts.put(heading, "incidents.detail.steps")
        row = QHBoxLayout()
        row.addWidget(heading)
        row.addStretch(1)
        row.addWidget(actions.button("incident.history", self, role="quiet"))
        column.addLayout(row)
        self._step_grid = QGridLayout()
        self._step_grid.setHorizontalSpacing(2 * unit)
        self._step_grid.setVerticalSpacing(unit // 2)
        self._step_grid.setColumnStretch(1, 1)
        self._steps: list[tuple[QLabel, QLabel]] = []
        column.addLayout(self._step_grid)

    def say(self, guidance: Sequence[str], reasons: Sequence[str], steps: Sequence[Step]) -> None:
        """Show these; `steps` newest first."""
        self._say_section("guidance", guidance)
        self._say_section("reasons", reasons)
        shown = steps[:STEPS_SHOWN]
        while len(self._steps) < len(shown):
            self._add_step()
        for place, (clock, text) in enumerate(self._steps):
            present = place < len(shown)
            clock.setVisible(present)
            text.setVisible(present)
            if present:
                clock.setText(self._moments.clock(shown[place].at_ns))
                text.setText(shown[place].text)
                style(text, ink="p1" if shown[place].bad else "")

    def _say_section(self, name: str, lines: Sequence[str]) -> None:
        heading, text = self._sections[name]
        text.setText("\n".join(lines))
        heading.setVisible(bool(lines))
        text.setVisible(bool(lines))

    def _add_step(self) -> None:
        clock, text = label(ink="dim"), label()
        clock.setAlignment(Qt.AlignmentFlag.AlignTop)
        text.setWordWrap(True)
        row = len(self._steps)
        self._step_grid.addWidget(clock, row, 0)
        self._step_grid.addWidget(text, row, 1)
        self._steps.append((clock, text))
