"""The banner of a flood: since when, how many alarms in how many groups, and that P1 is in none."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QWidget

from console.desk.alarmbook import AlarmBook, ViewLines
from widgets.kit.labels import ElidedLabel, style
from widgets.kit.marks import PriorityMark
from widgets.kit.moments import Moments
from widgets.kit.tokens import Tokens


class FloodBanner(QWidget):
    """Hidden while there is no flood at this desk."""

    def __init__(
        self, book: AlarmBook, moments: Moments, tokens: Tokens, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._book, self._moments = book, moments
        style(self, role="header")
        self.mark = PriorityMark(tokens, 2, 14, self)
        self.text = ElidedLabel(self, weight="bold", ink="p2")
        row = QHBoxLayout(self)
        row.setContentsMargins(tokens.space(2), 2, tokens.space(2), 2)
        row.setSpacing(tokens.space(2))
        row.addWidget(self.mark)
        row.addWidget(self.text, 1)
        self.hide()

    def tell(self, lines: ViewLines) -> None:
        """Say it anew."""
        since_ns = self._book.flood_since_ns
        self.setVisible(since_ns > 0)
        if not since_ns:
            return
        say, load = self._moments.catalogue.say, self._book.load
        count = f"{load.per_period:,}" if load is not None else "–"
        text = say("alarms.flood", since=self._moments.clock(since_ns), count=count)
        if lines.grouped:
            groups, grouped = lines.grouping()
            critical = self._book.waiting.get(1, 0)
            key = "alarms.grouped" if groups else "alarms.ungrouped"
            text += " " + say(key, grouped=grouped, groups=groups, critical=critical)
        self.text.setText(text)
        self.setAccessibleName(self.text.text())
