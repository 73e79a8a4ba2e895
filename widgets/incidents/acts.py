"""The acts on the selected incident: their keys, which can be done now, and the one large next act."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QSize
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QGridLayout, QSizePolicy, QVBoxLayout, QWidget

from console.language import Catalogue
from console.model.base import Words
from console.model.handoff import Handoff
from console.model.incident import Incident
from console.profile import Profile
from widgets.incidents.steps import agency_keys, can_hand_off, next_act
from widgets.kit.actions import ActButton, Actions
from widgets.kit.texts import follow
from widgets.kit.tokens import Tokens

COLUMNS = 3


class ActBar(QWidget):
    """Buttons that show their keys; the most likely next act is large, and every act stays reachable.

    Acts (ids begin with "incident."): acknowledge (A), note (N), hand_off.AGENCY (the last digit of the
    agency's number: 2 for 112, 9 for 119), resolve (R), close (C), history (Y, beside the steps).
    """

    def __init__(
        self, profile: Profile, actions: Actions, catalogue: Catalogue, tokens: Tokens, owner: QWidget,
        handlers: dict[str, Callable[[], object]], hand_off: Callable[[str], object],
    ) -> None:  # fmt: skip
        """`owner` is the panel whose visibility makes the keys work; `handlers` by the act's last word."""
        super().__init__(owner)
        self._profile, self._actions, self._catalogue = profile, actions, catalogue
        self._hand_off = hand_off
        self.next = ""
        names: list[str] = []

        def add(
            name: str, text: str, key: str, handler: Callable[[], object], **fields: Words
        ) -> None:
            actions.add(
                f"incident.{name}", text, key, handler, owner=owner, group="incidents.group.detail",
                enabled=False, fields=fields,
            )  # fmt: skip
            names.append(name)

        add("acknowledge", "incidents.act.acknowledge", "A", handlers["acknowledge"])
        add("note", "incidents.act.note", "N", handlers["note"])
        self._asks: list[_Ask] = []
        keys = agency_keys((one.id, one.number) for one in profile.agencies.values())
        for agency in profile.agencies.values():
            ask = _Ask(agency.id, hand_off)
            self._asks.append(ask)
            key = keys.get(agency.id, "")
            add(f"hand_off.{agency.id}", "incidents.act.hand_off_to", key, ask.ask, agency=agency.short)
        add("resolve", "incidents.act.resolve", "R", handlers["resolve"])
        add("close", "incidents.act.close", "C", handlers["close"])
        actions.add(
            "incident.history", "incidents.act.history", "Y", handlers["history"], owner=owner,
            group="incidents.group.detail", enabled=False,
        )  # fmt: skip
        self._large: dict[str, ActButton] = {}
        self._small: dict[str, ActButton] = {}
        self._lay_out(names, tokens)
        follow(catalogue, self._retext)

    def show_acts(
        self, incident: Incident | None, handoffs: Sequence[Handoff], person: str, latest: Sequence[Handoff],
        asking: bool, busy: frozenset[str],
    ) -> None:  # fmt: skip
        """Enable what the hub would take now: none while a panel is `asking` for more, and nothing a second
        time while it is `busy` on its way (a further note may always be written).
        """
        can = dict.fromkeys(self._small, False)
        self.next = ""
        if incident is not None and not asking:
            stage = incident.stage
            can["acknowledge"] = stage == "new" or (stage != "closed" and incident.owner != person)
            can["note"] = stage != "closed"
            can["resolve"] = stage not in ("resolved", "closed")
            can["close"] = stage == "resolved"
            for agency in self._profile.agencies:
                can[f"hand_off.{agency}"] = can_hand_off(incident, handoffs, agency)
        if incident is not None:
            kind = self._profile.incident_types.get(incident.type)
            advised = kind.agencies if kind is not None else ()
            self.next = next_act(incident, latest, advised, tuple(self._profile.agencies))
        for name, enabled in can.items():
            self._actions.enable(f"incident.{name}", enabled and (name == "note" or name not in busy))
            self._large[name].setVisible(name == self.next)
        self._actions.enable("incident.history", incident is not None)
        self._spare.setVisible(not self.next)

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

    def _lay_out(self, names: list[str], tokens: Tokens) -> None:
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
        for number, name in enumerate(names):
            large = self._actions.button(f"incident.{name}", place, role="act")
            large.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
            large.hide()
            column.addWidget(large)
            self._large[name] = large
            small = self._actions.button(f"incident.{name}", self)
            small.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            grid.addWidget(small, number // COLUMNS, number % COLUMNS)
            self._small[name] = small
        row.addWidget(place, 2)
        row.addLayout(grid, 3)

    def _retext(self) -> None:
        """The agencies' names are the profile's: the book of acts cannot say them."""
        for agency in self._profile.agencies.values():
            act = self._actions.act(f"incident.hand_off.{agency.id}")
            key = act.shortcut().toString()
            short = self._catalogue.words(agency.short)
            text = self._catalogue.say("incidents.act.hand_off_to", agency=short)
            act.setText(text)
            act.setToolTip(f"{text} – {self._catalogue.words(agency.name)} ({key})")


class _Ask:
    """Asks for a hand-off to one agency. An object with a method, because acts hold their handlers weakly."""

    def __init__(self, agency: str, hand_off: Callable[[str], object]) -> None:
        self._agency, self._hand_off = agency, hand_off

    def ask(self) -> None:
        self._hand_off(self._agency)
