"""The acts on the selected incident: their keys, which can be done now, and the one large next act."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QGridLayout, QSizePolicy, QVBoxLayout, QWidget

from console.language import Catalogue
from console.model.casework import Case
from console.model.handoff import Handoff
from console.profile import Profile
from widgets.incidents.steps import next_act
from widgets.kit.actions import ActButton, Actions
from widgets.kit.texts import follow
from widgets.kit.tokens import Tokens

COLUMNS = 3
KEYS = {
    "acknowledge": "A", "real": "V", "false": "Shift+F", "test": "Shift+X", "note": "N", "hold": "Shift+W",
    "resolve": "R", "close": "C", "claim": "Z", "take_over": "Shift+Z",
    "release": "Shift+R", "regrade": "Shift+G", "merge": "Shift+M", "under": "Shift+U", "split": "Shift+D",
}  # fmt: skip
CELLS: tuple[tuple[str, ...], ...] = (
    ("acknowledge",), ("note",), ("claim", "take_over"), ("real",), ("false",), ("test",),
    ("hold",), ("resolve", "close"), ("release",),
)  # fmt: skip
"""Where the buttons stand, row by row; of those that share a place, the one that can be done is seen."""
ELSEWHERE = ("regrade", "merge", "under", "split")
"""Their buttons stand with what they are about, in the body."""


class ActBar(QWidget):
    """Buttons that show their keys; the most likely next act is large, and every act stays reachable.

    The acts' ids begin with "incident."; `KEYS` are their keys, history has Y. Where a hand-off is due the
    ladder's act is the large one.
    """

    def __init__(
        self, profile: Profile, actions: Actions, catalogue: Catalogue, tokens: Tokens, owner: QWidget,
        handlers: Mapping[str, Callable[[], object]],
    ) -> None:  # fmt: skip
        """`owner` is the panel whose visibility makes the keys work; `handlers` by the act's last word."""
        super().__init__(owner)
        self._profile, self._actions, self._catalogue = profile, actions, catalogue
        self.next = ""
        for name, key in KEYS.items():
            actions.add(
                f"incident.{name}", f"incidents.act.{name}", key, handlers[name], owner=owner,
                group="incidents.group.detail", enabled=False,
            )  # fmt: skip
        actions.add(
            "incident.history", "incidents.act.history", "Y", handlers["history"], owner=owner,
            group="incidents.group.detail", enabled=False,
        )  # fmt: skip
        self._held = False
        self._large: dict[str, ActButton] = {}
        self._small: dict[str, ActButton] = {}
        self._lay_out(tokens)
        follow(catalogue, self._retext)

    def show_acts(
        self, case: Case | None, can: frozenset[str], latest: Sequence[Handoff], asking: bool,
        busy: frozenset[str],
    ) -> None:  # fmt: skip
        """Enable what the hub would take now: none while a panel is `asking` for more, and nothing a second
        time while it is `busy` on its way (a further note may always be written).
        """
        enabled = dict.fromkeys(KEYS, False)
        self.next = ""
        if case is not None and not asking:
            enabled.update({name: True for name in can if name in enabled})
            enabled["hold"] = "hold" in can or "end_hold" in can
        if case is not None:
            kind = self._profile.incident_types.get(case.type)
            advised = kind.agencies if kind is not None else ()
            self.next = next_act(case, latest, advised, tuple(self._profile.agencies))
            self._offer(self.next)
        self._held = case is not None and case.hold is not None
        self._say_hold()
        for name, yes in enabled.items():
            self._actions.enable(f"incident.{name}", yes and (name == "note" or name not in busy))
        for name, large in self._large.items():
            large.setVisible(name == self.next)
        for cell in CELLS:
            shown = next((one for one in cell if enabled[one]), cell[0])
            for one in cell:
                self._small[one].setVisible(one == shown)
        self._actions.enable("incident.history", case is not None)
        self._spare.setVisible(self.next not in self._large)

    def _offer(self, name: str) -> None:
        """Have a large button for the act; those of the ladder come after this bar was built."""
        act = f"{'incident' if name in KEYS else 'ladder'}.{name}"
        if name and name not in self._large and self._actions.has(act):
            large = self._actions.button(act, self._place, role="act")
            large.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
            self._place_column.addWidget(large)
            self._large[name] = large

    def large(self) -> ActButton | None:
        """The button of the next act."""
        return self._large.get(self.next)

    def minimumSizeHint(self) -> QSize:
        """As wide as the small buttons alone: with less room than for both, the large one stands above."""
        return QSize(self._grid.minimumSize().width(), super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        both = self._place.minimumSizeHint().width() + self._grid.minimumSize().width() + self._row.spacing()
        sides = QBoxLayout.Direction
        wanted = sides.LeftToRight if self.width() >= both else sides.TopToBottom
        if self._row.direction() != wanted:
            self._row.setDirection(wanted)
            self.updateGeometry()

    def _lay_out(self, tokens: Tokens) -> None:
        space = tokens.space(1)
        row = self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2 * space)
        place = self._place = QWidget()
        place.setMinimumWidth(tokens.space(44))
        column = QVBoxLayout(place)
        column.setContentsMargins(0, 0, 0, 0)
        self._spare = QWidget()
        column.addWidget(self._spare)
        grid = self._grid = QGridLayout()
        grid.setSpacing(space)
        self._place_column = column
        for number, cell in enumerate(CELLS):
            for name in cell:
                small = self._actions.button(f"incident.{name}", self)
                small.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
                small.setVisible(name == cell[0])
                grid.addWidget(small, number // COLUMNS, number % COLUMNS)
                self._small[name] = small
        row.addWidget(place, 2)
        row.addLayout(grid, 3)

    def _say_hold(self) -> None:
        """One key holds, and goes on with what is held."""
        act = self._actions.act("incident.hold")
        text = self._catalogue.say("incidents.act.end_hold" if self._held else "incidents.act.hold")
        if act.text() != text:
            act.setText(text)
            act.setToolTip(f"{text} ({KEYS['hold']})")

    def _retext(self) -> None:
        """The book of acts has just said what it knows."""
        self._say_hold()
