"""The head of the selected incident: what it is, how urgent, where, since when, whose."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from console.desk.board import Board
from console.language import Catalogue
from console.model.handoff import Handoff
from console.model.incident import Incident
from console.report.names import type_name
from widgets.incidents.lines import ABNORMAL, LineMaker
from widgets.incidents.order import flashes
from widgets.kit.labels import ElidedLabel, label, style
from widgets.kit.marks import PriorityMark
from widgets.kit.moments import Moments
from widgets.kit.tokens import Tokens


class Head(QWidget):
    """Type and priority in shape and word; the place as a person would say it, the address second."""

    def __init__(
        self, board: Board, catalogue: Catalogue, tokens: Tokens, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._board, self._catalogue = board, catalogue
        self._moments = Moments(catalogue, board.profile.time_zone)
        self._maker = LineMaker(board.profile, catalogue, self._moments)
        self._incident: Incident | None = None
        self.mark = PriorityMark(tokens, side=18)
        self.type = ElidedLabel(size="large", weight="bold")
        self.priority = label(weight="bold")
        self.state = ElidedLabel()
        self.place = ElidedLabel(size="strong", weight="bold")
        self.address = ElidedLabel(ink="dim")
        self.since = label()
        self.number = label(ink="dim", size="small")
        unit = tokens.space(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(unit // 2)
        for parts in (
            (self.mark, self.type, None, self.priority, self.number),
            (self.place, self.address, None),
            (self.since, None, self.state),
        ):
            row = QHBoxLayout()
            row.setSpacing(2 * unit)
            for part in parts:
                row.addStretch(1) if part is None else row.addWidget(part)
            column.addLayout(row)

    def show_incident(self, incident: Incident, latest: list[Handoff]) -> None:
        """Say this incident."""
        self._incident = incident
        say = self._catalogue
        self.mark.show_priority(incident.priority)
        self.type.setText(type_name(self._board.profile, say, incident.type))
        self.priority.setText(say.say(f"kit.priority.{incident.priority}"))
        style(self.priority, ink=f"p{incident.priority}")
        self.number.setText(incident.id)
        self.place.setText(say.words(incident.place.name))
        self.address.setText(say.words(incident.place.address))
        self.state.setText(self._maker.state(incident, latest))
        bad = any(one.stage in ABNORMAL for one in latest)
        style(self.state, ink="p1" if bad else "", weight="bold")
        self.grow_older()

    def grow_older(self) -> None:
        """Say the age anew."""
        if self._incident is None:
            return
        say = self._catalogue.say
        incident = self._incident
        age = self._moments.age(incident.opened_at_ns, self._board.clock.now_ns())
        opened = say(
            "incidents.detail.opened", clock=self._moments.clock(incident.opened_at_ns), age=age
        )  # fmt: skip
        owner = (
            say("incidents.detail.owner", owner=incident.owner)
            if incident.owner else say("incidents.no_owner")
        )  # fmt: skip
        self.since.setText(f"{opened} · {owner}")

    @Slot(bool)
    def blink(self, lit: bool) -> None:
        """The other half of the blink, only while nobody acknowledged a P1 or P2."""
        if self._incident is not None:
            self.mark.show_priority(self._incident.priority, lit or not flashes(self._incident))
