"""The transport bar: what can be done with the clock, in two rows of signs, and what it does now in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QWidget

from widgets.kit.actions import Actions
from widgets.kit.labels import ElidedLabel, label, style
from widgets.kit.moments import Moments
from widgets.kit.tokens import Tokens
from widgets.replay.glyphs import SIDE_PX, SignButton

if TYPE_CHECKING:
    from widgets.kit.playback import Playback

ROW_PX = SIDE_PX + 4
#: (act, sign, written instead); None: a space between groups.
CLOCK_ROW: tuple[tuple[str, str, str] | None, ...] = (
    ("back_10", "", "–10"), ("step_back", "step_back", ""), ("play", "play", ""),
    ("step_forward", "step_forward", ""), ("forward_10", "", "+10"), None,
    ("slower", "slower", ""), ("faster", "faster", ""), None, ("live", "live", ""),
)  # fmt: skip
STRETCH_ROW: tuple[tuple[str, str, str] | None, ...] = (
    ("previous_event", "previous", ""), ("next_event", "next", ""), None,
    ("begin", "begin", ""), ("end", "end", ""), ("loop", "loop", ""), ("lock", "lock", ""),
    ("unlock", "unlock", ""), ("export", "export", ""), None,
    ("farther", "farther", ""), ("closer", "closer", ""),
)  # fmt: skip


class TransportBar(QWidget):
    """The clock's row: signs, rate, wall time, and a notice where something must be said."""

    def __init__(
        self, actions: Actions, tokens: Tokens, moments: Moments, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._moments, self._catalogue = moments, moments.catalogue
        self.setFixedHeight(ROW_PX)
        self.rate = label(self, weight="bold")
        self.rate.setMinimumWidth(44)
        self.clock = label(self, size="strong", weight="bold")
        self.notice = ElidedLabel(self, ink="dim")
        row = sign_row(self, CLOCK_ROW, actions, tokens)
        row.insertWidget(row.count(), self.rate)
        row.addWidget(self.clock)
        row.addSpacing(tokens.space(2))
        row.addWidget(self.notice, 1)
        self._play = self.findChild(SignButton, "button.timeline.play")

    def show_state(self, playback: Playback, notice: str, bad: bool) -> None:
        """Say what the clock does now."""
        say = self._catalogue.say
        self._play.show_sign("pause" if playback.rate else "play")
        rate = say("replay.rate", rate=f"{playback.rate:g}") if playback.rate else say("replay.paused")
        if rate != self.rate.text():
            self.rate.setText(rate)
        target_ns = playback.target_ns
        clock = self._moments.moment(target_ns) if target_ns else "–"
        if clock != self.clock.text():
            self.clock.setText(clock)
        self.notice.setText(notice)
        style(self.notice, ink="p2" if bad else "dim")


class StretchBar(QWidget):
    """The row of events, of the chosen stretch and of the zoom."""

    def __init__(
        self, actions: Actions, tokens: Tokens, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setFixedHeight(ROW_PX)
        row = sign_row(self, STRETCH_ROW, actions, tokens)
        self.text = ElidedLabel(self, ink="dim")
        row.addSpacing(tokens.space(2))
        row.addWidget(self.text, 1)


def sign_row(
    parent: QWidget, signs: tuple[tuple[str, str, str] | None, ...], actions: Actions, tokens: Tokens
) -> QHBoxLayout:
    """A row of buttons, put into `parent`."""
    row = QHBoxLayout(parent)
    row.setContentsMargins(tokens.space(1), 2, tokens.space(2), 2)
    row.setSpacing(2)
    for each in signs:
        if each is None:
            row.addSpacing(tokens.space(2))
        else:
            name, sign, written = each
            row.addWidget(SignButton(actions.act(f"timeline.{name}"), sign, tokens, parent, written))
    return row
