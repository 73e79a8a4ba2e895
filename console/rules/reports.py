"""Citizens' reports, decided: numbered, held against open incidents and earlier reports, answered.

Pure. Radius, window and incident types of each service, and when a report repeats another, are data of the
city (`console.profile.reports`).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from console.clock import SECOND_NS
from console.model import commands as do
from console.model import events as ev
from console.model.casework import Clue, Offer
from console.model.citizenreport import CitizenReport
from console.model.fact import ReportSent
from console.model.incident import OPEN_STAGES, Incident
from console.model.state import CityState
from console.rules.casework.opening import begin_by_hand, worded
from console.rules.casework.orders import Asked
from console.rules.city import distance_m
from console.rules.draft import NOTHING, Decision, Drafting, Refusal
from console.rules.triage import LOOKED_BACK, Triage, report_clue

MAX_ANSWER = 4_000
"""As long as a citizen's own text may be (GeoReport v2)."""
HOUR_NS = 3600 * SECOND_NS


def decide_report(
    triage: Triage, state: CityState, source: str, fact: ReportSent, now_ns: int
) -> Decision | str:
    """The report is recorded; it belongs to an earlier one of the same citizen, or to an open incident that
    its service's types have to do with. Returns the problem in words for one that no city takes.
    """
    book, told = triage.city.reports, fact.told
    if book is None:
        return "this city takes no citizens' reports: its file names none"
    service = book.services.get(told.service)
    if service is None:
        return f"service {told.service[:80]!r} is not one of the city's"
    drafting = Drafting(ev.Cause(actor=f"gateway:{source}"))
    first = repeated_report(book, state, told)
    report_id = next_report_id(triage.city.city, state, now_ns)
    expected = now_ns + int(service.expected_h * HOUR_NS) if service.expected_h else 0
    drafting.add(
        ev.ReportReceived(
            report_id=report_id, told=told, agency=service.owner, expected_at_ns=expected,
            duplicate_of=first.id if first is not None else "",
        )
    )
    triage.match_report(
        state, drafting, report_id, told, now_ns, first.incident_id if first is not None else ""
    )
    return Decision(tuple(drafting.drafts))


def repeated_report(book: Any, state: CityState, told: Any) -> CitizenReport | None:
    """The first report of the same citizen about the same service, near and shortly before; None for none.

    A report without any contact repeats nothing: two strangers are not one.
    """
    if not told.citizen:
        return None
    oldest = told.told_at_ns - int(book.duplicates.window_s * SECOND_NS)
    for count, report in enumerate(reversed(state.reports.values())):
        if count >= LOOKED_BACK:
            break
        other = report.told
        if (
            other.citizen == told.citizen
            and other.service == told.service
            and oldest <= other.told_at_ns
            and distance_m(other.place.position, told.place.position) <= book.duplicates.radius_m
        ):
            return state.reports.get(report.duplicate_of, report)
    return None


def next_report_id(city: str, state: CityState, now_ns: int) -> str:
    """R, city, day (UTC) and a number that does not start again: readable over the phone."""
    day = time.strftime("%y%m%d", time.gmtime(now_ns // SECOND_NS))
    return f"R-{city[:2].upper()}-{day}-{state.report_count + 1:05d}"


class ReportRules:
    """Decides what persons do about citizens' reports."""

    def __init__(self, triage: Triage) -> None:
        self._triage = triage
        self.decide: dict[type[do.Command], Callable[..., Decision | Refusal]] = {
            do.AnswerReport: self._answer, do.LinkReport: self._link, do.OpenReportIncident: self._open,
        }

    def _answer(
        self, state: CityState, request: do.Request, command: do.AnswerReport, draft: Drafting, now: int
    ) -> Decision | Refusal:
        report = state.reports.get(command.report_id)
        if report is None:
            return self._refuse("unknown_report", report=command.report_id[:80])
        text = command.text.strip()
        if command.stage == "received":
            return self._refuse("report_stage")
        if len(text) > MAX_ANSWER:
            return self._refuse("bad_answer", limit=str(MAX_ANSWER))
        if command.stage == "rejected" and not text:
            return self._refuse("rejection_needs_words")
        if command.agency and command.agency not in self._triage.city.owners:
            return self._refuse("unknown_owner", owner=command.agency[:80])
        expected = _expected(report, command.expected_at_ns)
        agency = command.agency or report.agency
        if (report.stage, report.answer, report.agency, report.expected_at_ns) == (
            command.stage, text, agency, expected,
        ):  # fmt: skip
            return NOTHING
        draft.add(
            ev.ReportStatusChanged(
                report_id=report.id, stage=command.stage, text=text, person=request.person, agency=agency,
                expected_at_ns=expected,
            )
        )
        return Decision(tuple(draft.drafts))

    def _link(
        self, state: CityState, request: do.Request, command: do.LinkReport, draft: Drafting, now: int
    ) -> Decision | Refusal:
        report = state.reports.get(command.report_id)
        if report is None:
            return self._refuse("unknown_report", report=command.report_id[:80])
        if report.incident_id == command.incident_id:
            return NOTHING
        incident = state.incidents.get(command.incident_id)
        if command.incident_id and incident is None:
            return self._refuse("unknown_incident", incident=command.incident_id[:80])
        if incident is not None and incident.merged_into:
            return self._refuse("merged_incident", incident=incident.merged_into)
        if incident is not None and incident.stage == "closed":
            return self._refuse("closed_incident", incident=incident.id)
        key = "reason.report_linked" if incident is not None else "reason.report_unlinked"
        reason = self._triage.phrase(key, en=(request.person,), ko=(request.person,))
        draft.add(
            ev.ReportMatched(
                report_id=report.id, incident_id=command.incident_id, reason=reason, person=request.person
            )
        )
        if incident is not None:
            self._gather(draft, incident, report, now)
        return Decision(tuple(draft.drafts))

    def _open(
        self, state: CityState, request: do.Request, command: do.OpenReportIncident, draft: Drafting,
        now: int,
    ) -> Decision | Refusal:
        report = state.reports.get(command.report_id)
        if report is None:
            return self._refuse("unknown_report", report=command.report_id[:80])
        if command.type not in self._triage.city.incident_types:
            return self._refuse("unknown_type", type=command.type[:80])
        known = state.incidents.get(report.incident_id)
        if known is not None and known.stage in OPEN_STAGES:
            return self._refuse("report_has_incident", report=report.id, incident=known.id)
        clue = report_clue(report.id, report.told, command.type, now)
        opened = begin_by_hand(
            clue, report.told.place, Asked(request.person, request.desk, now),
            self._triage.placing.next_id(state, now), self._triage.city,
            lambda place, first: self._triage.cameras_at(state, place, first),
            self._triage.report_words(report.id, report.told), None, self._offers(state, clue, now),
        )  # fmt: skip
        draft.add(opened)
        reason = self._triage.phrase("reason.report_linked", en=(request.person,), ko=(request.person,))
        draft.add(
            ev.ReportMatched(
                report_id=report.id, incident_id=opened.incident_id, reason=reason, person=request.person
            )
        )
        return Decision(tuple(draft.drafts))

    def _offers(self, state: CityState, clue: Clue, now: int) -> tuple[Offer, ...]:
        return worded(self._triage.placing.near(state, clue, now), self._triage.say)

    def _gather(self, draft: Drafting, incident: Incident, report: CitizenReport, now: int) -> None:
        clue = report_clue(report.id, report.told, incident.type, now)
        says = self._triage.report_words(report.id, report.told)
        draft.add(ev.ClueGathered(incident_id=incident.id, clue=clue, says=says))

    def _refuse(self, code: str, **fields: str) -> Refusal:
        return Refusal(code, self._triage.phrase(f"refused.{code}", **fields))


def _expected(report: CitizenReport, told_ns: int) -> int:
    if told_ns == 0:
        return report.expected_at_ns
    return max(0, told_ns)
