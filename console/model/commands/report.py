"""Orders about citizens' reports."""

from __future__ import annotations

from console.model.citizenreport import ReportStage
from console.model.commands.base import Command


class AnswerReport(Command, frozen=True, kw_only=True, tag="answer_report"):
    """Tell the citizen how it stands. A rejection needs words. `expected_at_ns` 0 leaves what was promised,
    -1 takes it back; an empty `agency` leaves it where it is.
    """

    report_id: str
    stage: ReportStage
    text: str
    agency: str = ""
    expected_at_ns: int = 0


class LinkReport(Command, frozen=True, kw_only=True, tag="link_report"):
    """Say which incident a report belongs to; empty: to none."""

    report_id: str
    incident_id: str


class OpenReportIncident(Command, frozen=True, kw_only=True, tag="open_report_incident"):
    """Open an incident of this type at the report's place, and link the report."""

    report_id: str
    type: str
