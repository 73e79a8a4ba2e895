"""The head of the selected incident: what it is, how urgent, where, since when, whose, and why there."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from console.desk.board import Board
from console.desk.casequeue import CaseQueue
from console.language import Catalogue
from console.model.casework import Case
from console.model.handoff import Handoff
from console.model.incident import Incident
from console.report.names import type_name
from widgets.incidents.lines import ABNORMAL, LineMaker, flashes
from widgets.kit.labels import ElidedLabel, label, style
from widgets.kit.marks import PriorityMark
from widgets.kit.moments import Moments
from widgets.kit.tokens import Tokens


class Head(QWidget):
    """Type and priority in shape and word; the place as a person would say it, the address second."""

    def __init__(
        self, board: Board, cases: CaseQueue, catalogue: Catalogue, tokens: Tokens,
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._board, self._cases, self._catalogue = board, cases, catalogue
        self._moments = Moments(catalogue, board.profile.time_zone)
        self._maker = LineMaker(board.profile, cases, catalogue, self._moments)
        self._incident: Incident | None = None
        self._case: Case | None = None
        self.mark = PriorityMark(tokens, side=18)
        self.type = ElidedLabel(size="large", weight="bold")
        self.priority = label(weight="bold")
        self.state = ElidedLabel()
        self.place = ElidedLabel(size="strong", weight="bold")
        self.address = ElidedLabel(ink="dim")
        self.since = label()
        self.number = label(ink="dim", size="small")
        self.raised = label(weight="bold")
        self.why = ElidedLabel(ink="dim", size="small")
        unit = tokens.space(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(unit // 2)
        for parts in (
            (self.mark, self.type, None, self.priority, self.number),
            (self.place, self.address, None),
            (self.since, None, self.raised, self.state),
            (self.why,),
        ):
            row = QHBoxLayout()
            row.setSpacing(2 * unit)
            for part in parts:
                row.addStretch(1) if part is None else row.addWidget(part)
            column.addLayout(row)

    def show_incident(self, incident: Incident, case: Case, latest: list[Handoff]) -> None:
        """Say this incident."""
        self._incident, self._case = incident, case
        say = self._catalogue
        self.mark.show_priority(case.priority)
        self.type.setText(type_name(self._board.profile, say, case.type))
        self.priority.setText(say.say(f"kit.priority.{case.priority}"))
        style(self.priority, ink=f"p{case.priority}")
        grade = say.say("incidents.detail.grade", grade=case.grade) if case.grade else ""
        self.number.setText(" · ".join(one for one in (grade, incident.id) if one))
        self.place.setText(say.words(incident.place.name))
        self.address.setText(say.words(incident.place.address))
        self.state.setText(self._maker.state(case, latest))
        bad = any(one.stage in ABNORMAL for one in latest) and case.is_worked
        style(self.state, ink="p1" if bad else "", weight="bold")
        raised = self._maker.words.raised(case)
        self.raised.setText(raised)
        self.raised.setVisible(bool(raised))
        style(self.raised, ink="p1" if case.raised > 1 else "p2")
        self.grow_older()

    def grow_older(self) -> None:
        """Say the age anew, and how the claim stands by now."""
        if self._incident is None or self._case is None:
            return
        say, words = self._catalogue.say, self._maker.words
        incident, case = self._incident, self._case
        age = self._moments.age(incident.opened_at_ns, self._board.clock.now_ns())
        opened = say(
            "incidents.detail.opened", clock=self._moments.clock(incident.opened_at_ns), age=age
        )  # fmt: skip
        self.since.setText(f"{opened} · {words.whose(case, self._cases.standing(case.id))}")
        style(self.since, ink="p2" if self._cases.amber(case.id) and case.is_worked else "")
        why = words.why(self._cases.line(case.id))
        self.why.setText(why)
        self.why.setVisible(bool(why))

    @Slot(bool)
    def blink(self, lit: bool) -> None:
        """The other half of the blink, only while nobody acknowledged a P1 or P2."""
        if self._case is not None:
            self.mark.show_priority(self._case.priority, lit or not flashes(self._case))
