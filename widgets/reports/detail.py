"""One report: what the citizen said, where, what became of it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from console.desk.board import Board
from console.language import Catalogue
from console.model.citizenreport import CitizenReport
from console.report.names import district_name, owner_name, service_name, type_name
from widgets.kit.labels import label, style
from widgets.kit.moments import Moments
from widgets.kit.tokens import Tokens
from widgets.reports.rows import is_overdue, place_words


class ReportDetail(QScrollArea):
    """Read only. UI thread."""

    def __init__(
        self, board: Board, catalogue: Catalogue, tokens: Tokens, moments: Moments, parent: QWidget
    ) -> None:
        super().__init__(parent)
        self.setObjectName("reports-detail")
        self._board, self._catalogue, self._moments = board, catalogue, moments
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        inner = QWidget(self)
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, tokens.space(1), 0)
        column.setSpacing(tokens.space(1))
        self.head = label(inner, size="strong", weight="bold")
        self.state = label(inner, weight="bold")
        self.said = label(inner)
        self.facts = label(inner, size="small", ink="dim")
        self.answer = label(inner)
        for part in (self.head, self.state, self.said, self.answer, self.facts):
            part.setWordWrap(True)
            part.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            column.addWidget(part)
        column.addStretch(1)
        self.setWidget(inner)

    def show_report(self, report: CitizenReport | None) -> None:
        """This report as it stands; words instead where none is chosen."""
        say = self._catalogue.say
        if report is None:
            self.head.setText(say("reports.nothing"))
            for part in (self.state, self.said, self.answer, self.facts):
                part.hide()
            return
        profile, told = self._board.profile, report.told
        self.head.setText(f"{service_name(profile, self._catalogue, told.service)} · {report.id}")
        overdue = is_overdue(report, self._board.clock.now_ns())
        stage = say(f"reports.stage.{report.stage}")
        self.state.setText(f"{stage} · {say('reports.overdue')}" if overdue else stage)
        style(self.state, ink="p1" if overdue else "p2" if report.waits else "")
        self.said.setText(told.text or say("reports.no_text"))
        self.answer.setText(
            say("reports.answered", person=report.person, text=report.answer) if report.answer else ""
        )
        self.facts.setText("\n".join(self._facts(report)))
        for part in (self.state, self.said, self.facts):
            part.show()
        self.answer.setVisible(bool(report.answer))

    def _facts(self, report: CitizenReport) -> list[str]:
        say, profile, told, catalogue = self._catalogue.say, self._board.profile, report.told, self._catalogue
        district = district_name(profile, catalogue, told.place.district)
        where = " · ".join(one for one in (place_words(report, catalogue), district) if one)
        position = told.place.position
        lines = [f"{where} ({position.lat:.5f}, {position.lon:.5f})"]
        lines.append(say("reports.fact.received", at=self._moments.moment(report.received_at_ns)))
        if report.expected_at_ns:
            lines.append(say("reports.fact.expected", at=self._moments.moment(report.expected_at_ns)))
        lines.append(say("reports.fact.office", office=owner_name(profile, catalogue, report.agency)))
        lines += self._given(report)
        incident = self._board.state.incidents.get(report.incident_id)
        if incident is not None:
            lines.append(
                say(
                    "reports.fact.incident", incident=incident.id,
                    type=type_name(profile, catalogue, incident.type),
                    stage=say(f"report.stage.{incident.stage}"),
                )
            )  # fmt: skip
        elif report.incident_id:
            lines.append(say("reports.fact.old_incident", incident=report.incident_id))
        if report.duplicate_of:
            lines.append(say("reports.fact.repeats", report=report.duplicate_of))
        if report.repeated:
            lines.append(say("reports.fact.repeated", count=report.repeated))
        if told.media_url:
            lines.append(say("reports.fact.media", link=told.media_url))
        lines.append(say("reports.fact.contact" if told.has_contact else "reports.fact.no_contact"))
        return lines

    def _given(self, report: CitizenReport) -> list[str]:
        """What the citizen answered to the service's questions."""
        book = self._board.profile.reports
        service = book.services.get(report.told.service) if book is not None else None
        asked = {one.code: one for one in service.attributes} if service is not None else {}
        lines = []
        for given in report.told.answers:
            question = asked.get(given.code)
            names = {one.key: self._catalogue.words(one.name) for one in question.values} if question else {}
            text = ", ".join(names.get(value, value) for value in given.values)
            head = self._catalogue.words(question.text) if question is not None else given.code
            lines.append(f"{head}: {text}")
        return lines
