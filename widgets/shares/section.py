"""Pictures of the shown incident: what partners asked, what they see, and one act to offer them some."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from console.desk.board import Board
from console.desk.port import DeskPort
from console.language import Catalogue
from console.model.commands import OfferShare, Refused
from console.model.share import SharedStretch
from console.report.names import agency_name
from widgets.kit.actions import Actions
from widgets.kit.choosing import Choice, Chooser
from widgets.kit.labels import label, style
from widgets.kit.moments import Moments
from widgets.kit.pulse import Pulse
from widgets.kit.texts import follow
from widgets.kit.tokens import Tokens
from widgets.shares.refusing import GROUP
from widgets.shares.rows import MINUTE_NS, Line, lines, service_words

MOST_LINES = 5
BEFORE_NS = 5 * MINUTE_NS
"""How much of what was recorded before the incident is offered with it (ours: what led to it)."""


class SharesSection(QWidget):
    """Of the incident's detail; hidden while no incident is shown. UI thread only.

    Signals:
        request_wanted(str): this request is to be shown on the page.
    """

    request_wanted = Signal(str)

    def __init__(
        self, board: Board, pulse: Pulse, port: DeskPort, actions: Actions, catalogue: Catalogue,
        tokens: Tokens, moments: Moments, owner: QWidget,
    ) -> None:  # fmt: skip
        """`owner`: the panel in whose reach the acts' keys are."""
        super().__init__(owner)
        self.setObjectName("shares-section")
        self._board, self._port, self._catalogue, self._moments = board, port, catalogue, moments
        self._actions = actions
        self._incident, self._asked, self._refusal = "", "", ""
        self._choices: dict[str, tuple[str, str, bool]] = {}
        self.head = label(self, weight="bold")
        self.lines = label(self)
        self.lines.setWordWrap(True)
        self.status = label(self, size="small")
        self.status.setWordWrap(True)
        self.chooser = Chooser(tokens, owner, "shares-offer")
        for name, key, handler in (("offer", "Alt+P", self.offer), ("page", "Alt+Shift+P", self.show_page)):
            actions.add(
                f"shares.{name}", f"shares.act.{name}", key, handler, owner=owner, group=GROUP,
            )  # fmt: skip
        row = QHBoxLayout()
        row.setSpacing(tokens.space(1))
        row.addWidget(self.head, 1)
        row.addWidget(actions.button("shares.page", self, role="quiet"))
        row.addWidget(actions.button("shares.offer", self))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(tokens.space(1))
        column.addLayout(row)
        column.addWidget(self.lines)
        column.addWidget(self.status)
        self.chooser.chosen.connect(self._chosen)
        pulse.incidents_changed.connect(self._tell)
        pulse.second_passed.connect(self._tell)
        pulse.answered.connect(self._answered)
        self._forget_words = follow(catalogue, self._tell)
        self.hide()

    @Slot(str)
    def show_incident(self, incident_id: str) -> None:
        """Follow this incident; "" for none."""
        self._incident, self._asked, self._refusal = incident_id, "", ""
        self.setVisible(bool(incident_id))
        self._tell()

    @Slot()
    def offer(self) -> None:
        """Choose the partner and the service; what is taken is offered at once."""
        incident = self._board.state.incidents.get(self._incident)
        book = self._board.profile.linked
        if incident is None or book is None:
            return
        say, words = self._catalogue.say, self._catalogue.words
        self._choices = {}
        choices: list[Choice] = []
        for agency in self._agencies():
            for service in book.offered_to(agency):
                for recorded in (False, True) if service.recorded_minutes else (False,):
                    key = f"{agency}/{service.id}/{'recorded' if recorded else 'live'}"
                    self._choices[key] = (agency, service.id, recorded)
                    needs = service.approval_recorded if recorded else service.approval
                    form = say(f"shares.offer.{'recorded' if recorded else 'live'}")
                    about = say(
                        f"shares.offer.needs_{needs or 'nobody'}", minutes=f"{service.minutes:g}",
                        cameras=service.cameras,
                    )  # fmt: skip
                    name = agency_name(self._board.profile, self._catalogue, agency)
                    text = f"{name} · {words(service.name)} · {form}"
                    choices.append(Choice(key, len(choices) + 1, text, about))
        self.chooser.offer(
            say("shares.offer.title"), say("shares.offer.find"), say("shares.offer.hint"), choices
        )

    @Slot()
    def show_page(self) -> None:
        """Go to the newest request of the incident on the page of shares."""
        found = self._lines()
        self.request_wanted.emit(found[0].id if found else "")

    def release(self) -> None:
        """Before the window goes."""
        self._forget_words()

    def _agencies(self) -> list[str]:
        """Partners, those that have the incident first."""
        state = self._board.state
        with_it = [one.agency for one in state.threads.values() if one.incident_id == self._incident]
        incident = state.incidents.get(self._incident)
        kind = self._board.profile.incident_types.get(incident.type) if incident is not None else None
        advised = kind.agencies if kind is not None else ()
        return list(dict.fromkeys((*with_it, *advised, *self._board.profile.agencies)))

    @Slot(str)
    def _chosen(self, key: str) -> None:
        self.chooser.close_panel()
        told = self._choices.get(key)
        incident = self._board.state.incidents.get(self._incident)
        if told is None or incident is None:
            return
        agency, service_id, recorded = told
        stretch = None
        if recorded:
            service = self._board.profile.services[service_id]
            now = self._board.clock.now_ns()
            earliest = now - int((service.recorded_minutes - 1) * MINUTE_NS)
            stretch = SharedStretch(from_ns=max(earliest, incident.opened_at_ns - BEFORE_NS), to_ns=now)
        self._refusal = ""
        self._asked = self._port.request(
            OfferShare(incident_id=self._incident, agency=agency, service=service_id, recorded=stretch)
        )
        self._tell()

    @Slot(object)
    def _answered(self, pairs: Any) -> None:
        for _, answer in pairs:
            if answer.id == self._asked:
                self._asked = ""
                self._refusal = self._catalogue.words(answer.reason) if isinstance(answer, Refused) else ""
                self._tell()

    def _lines(self) -> list[Line]:
        now = self._board.clock.now_ns()
        return [
            one for one in lines(self._board, "requests", now)
            if one.request.incident == self._incident
        ]  # fmt: skip

    @Slot()
    def _tell(self) -> None:
        if not self._incident:
            return
        say = self._catalogue.say
        found = self._lines()
        self.setAccessibleName(say("shares.section"))
        self.head.setText(say("shares.section_count", count=len(found)) if found else say("shares.section"))
        texts = [self._text(one) for one in found[:MOST_LINES]]
        if len(found) > MOST_LINES:
            texts.append(say("shares.more", count=len(found) - MOST_LINES))
        self.lines.setText("\n".join(texts) or say("shares.section_none"))
        style(self.lines, ink="" if found else "dim")
        self.status.setText(say("shares.pending") if self._asked else self._refusal)
        self.status.setVisible(bool(self.status.text()))
        style(self.status, ink="p2" if self._refusal else "dim", weight="bold" if self._refusal else "")
        incident = self._board.state.incidents.get(self._incident)
        self._actions.enable("shares.offer", incident is not None and incident.stage != "closed")

    def _text(self, line: Line) -> str:
        say, words, now = self._catalogue.say, self._catalogue.words, self._board.clock.now_ns()
        request = line.request
        state = line.state(now)
        told = say(f"shares.state.{state}")
        if state == "in_force":
            told += " · " + say("shares.left", left=self._moments.span(line.left_ns(now) / 1e9))
        elif state == "waiting":
            told += " · " + say(f"shares.needs.{request.needs}")
        looking = ""
        if line.views:
            who = ", ".join(dict.fromkeys(one.viewer for one in line.views))
            looking = " · " + say("shares.looking", who=who, count=len(line.views))
        agency = agency_name(self._board.profile, self._catalogue, request.agency)
        service = words(service_words(self._board, request.wish.service))
        return f"{agency} {say(f'shares.arrow.{request.direction}')} · {service} · {told}{looking}"


