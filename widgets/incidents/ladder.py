"""The hand-off ladder: every rung to each agency with its time, and what to do where it does not go on."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from console.language import Catalogue
from console.model.handoff import LADDER, Handoff
from console.profile import Profile
from console.report.names import agency_name
from widgets.incidents.steps import Rung, last_words, rungs
from widgets.kit.labels import ElidedLabel, label, style
from widgets.kit.moments import Moments
from widgets.kit.tokens import Tokens

_SIGN = {"reached": "●", "now": "▶", "open": "○", "bad": "×"}
_INK = {"reached": "", "now": "focus", "open": "dim", "bad": "p1"}
RUNGS = len(LADDER) + 1
"""One more than the ladder has, for a stall standing between two rungs."""


class Ladder(QWidget):
    """One hand-off. `show_handoff` says it anew; labels are made once."""

    def __init__(
        self, profile: Profile, catalogue: Catalogue, tokens: Tokens, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._profile, self._catalogue = profile, catalogue
        self._moments = Moments(catalogue, profile.time_zone)
        unit = tokens.space(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(unit // 2)
        self._title = ElidedLabel(weight="bold")
        column.addWidget(self._title)
        grid = self._grid = QGridLayout()
        grid.setHorizontalSpacing(unit)
        grid.setVerticalSpacing(0)
        column.addLayout(grid)
        self._rungs: list[tuple[QLabel, QLabel]] = []
        for place in range(RUNGS):
            name, clock = ElidedLabel(shortest_px=24), label(size="small")
            grid.addWidget(name, 0, place)
            grid.addWidget(clock, 1, place)
            self._rungs.append((name, clock))
        self._words = label()
        self._do = label(ink="p1", weight="bold")
        for part in (self._words, self._do):
            part.setWordWrap(True)
            part.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            column.addWidget(part)

    def show_handoff(self, handoff: Handoff) -> None:
        """Say how far it has come."""
        say = self._catalogue.say
        self._title.setText(self._head(handoff))
        steps = rungs(handoff)
        for place, (name, clock) in enumerate(self._rungs):
            present = place < len(steps)
            name.setVisible(present)
            clock.setVisible(present)
            if present:
                self._say_rung(steps[place], name, clock)
            # Room in proportion to the words, so that none is elided while all together fit.
            self._grid.setColumnStretch(place, name.sizeHint().width() if present else 0)
        bad = handoff.stage in ("rejected", "stalled")
        words = last_words(handoff, self._catalogue)
        self._words.setText(words)
        self._words.setVisible(bool(words))
        style(self._words, ink="p1" if bad else "")
        self._do.setVisible(bad)
        if bad:
            agency = self._profile.agencies.get(handoff.agency)
            number = agency.number if agency is not None else handoff.agency
            self._do.setText(say(f"incidents.ladder.{handoff.stage}_do", number=number))
        spoken = [self.spoken(one) for one in steps if one.state != "open"]
        self.setAccessibleName(", ".join((self._title.text(), *spoken)))
        self.setAccessibleDescription(f"{words} {self._do.text() if bad else ''}".strip())

    def spoken(self, rung: Rung) -> str:
        """One rung as a screen reader says it."""
        say = self._catalogue.say
        name = say(f"report.rung.{rung.stage}")
        if rung.state == "open":
            return say("incidents.ladder.open", rung=name)
        if not rung.at_ns:
            return say("incidents.ladder.reached_untimed", rung=name)
        return say("incidents.ladder.reached", rung=name, clock=self._moments.clock(rung.at_ns))

    def texts(self) -> list[tuple[str, str]]:
        """(rung, time) as shown, from left to right."""
        return [(name.text(), clock.text()) for name, clock in self._rungs if not name.isHidden()]

    def _head(self, handoff: Handoff) -> str:
        say = self._catalogue.say
        agency = self._profile.agencies.get(handoff.agency)
        short = agency_name(self._profile, self._catalogue, handoff.agency)
        name = self._catalogue.words(agency.name) if agency is not None else ""
        parts = [say("incidents.ladder.title", agency=short, name=name) if name else short]
        if handoff.agency_ref:
            parts.append(say("incidents.ladder.case", ref=handoff.agency_ref))
        if handoff.attempts > 1:
            parts.append(say("incidents.ladder.attempts", attempts=handoff.attempts))
        return " · ".join(parts)

    def _say_rung(self, rung: Rung, name: QLabel, clock: QLabel) -> None:
        name.setText(f"{_SIGN[rung.state]} {self._catalogue.say(f'report.rung.{rung.stage}')}")
        name.setAccessibleName(self.spoken(rung))
        clock.setText(self._moments.clock(rung.at_ns) if rung.at_ns else "–" if rung.state != "open" else "")
        style(name, ink=_INK[rung.state], weight="bold" if rung.state in ("now", "bad") else "")
        style(clock, ink="p1" if rung.state == "bad" else "dim")


class Ladders(QWidget):
    """A ladder for each hand-off of the incident, in the order they were asked."""

    def __init__(
        self, profile: Profile, catalogue: Catalogue, tokens: Tokens, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._profile, self._catalogue, self._tokens = profile, catalogue, tokens
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(tokens.space(2))
        self._shown: list[Handoff] = []
        self.ladders: list[Ladder] = []

    def show_handoffs(self, handoffs: Sequence[Handoff], afresh: bool = False) -> None:
        """Say these; with `afresh` also those that did not change (after a switch of language)."""
        self.setVisible(bool(handoffs))
        while len(self.ladders) < len(handoffs):
            ladder = Ladder(self._profile, self._catalogue, self._tokens, self)
            self._column.addWidget(ladder)
            self.ladders.append(ladder)
        for place, ladder in enumerate(self.ladders):
            ladder.setVisible(place < len(handoffs))
            if place < len(handoffs):
                known = self._shown[place] if place < len(self._shown) else None
                if afresh or known is not handoffs[place]:
                    ladder.show_handoff(handoffs[place])
        self._shown = list(handoffs)
