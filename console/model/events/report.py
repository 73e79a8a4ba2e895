"""Citizens' reports: received, matched, answered, and who looked at whom."""

from __future__ import annotations

from console.model.base import Words
from console.model.citizenreport import ReportStage, ReportTold
from console.model.events.base import Event


class ReportReceived(Event, frozen=True, kw_only=True, tag="report.received"):
    """A citizen told something. Kept whether or not it belongs to an incident, and if it is a repetition.

    No contact data: only whether there is some.
    """

    report_id: str
    told: ReportTold
    agency: str
    expected_at_ns: int = 0
    duplicate_of: str = ""


class ReportMatched(Event, frozen=True, kw_only=True, tag="report.matched"):
    """A report was found to belong to an incident, by rule or by a person; empty: it no longer does."""

    report_id: str
    incident_id: str
    reason: Words
    person: str = ""


class ReportStatusChanged(Event, frozen=True, kw_only=True, tag="report.status_changed"):
    """A person answered a citizen: the stage, the words, who answers for it and when it is expected."""

    report_id: str
    stage: ReportStage
    text: str
    person: str
    agency: str = ""
    expected_at_ns: int = 0


class ReportContactRead(Event, frozen=True, kw_only=True, tag="report.contact_read"):
    """A person looked up who a citizen is; on disk before the contact data is shown."""

    report_id: str
    desk: str
    person: str
    purpose: str
