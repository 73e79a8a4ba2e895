"""How the state follows: citizens' reports."""

from __future__ import annotations

from typing import Any

import msgspec

from console.model import events as ev
from console.model.citizenreport import KEEP_REPORT_BYTES, KEEP_REPORTS, CitizenReport
from console.model.citystate import CityState
from console.model.folds.base import Folds
from console.model.folds.casework import withdraw_clue


def _received(state: CityState, entry: ev.Entry, event: ev.ReportReceived) -> None:
    state.report_count += 1
    known = state.reports.pop(event.report_id, None)
    state.report_bytes += _size(event.told.text) - (_size(known.told.text) if known is not None else 0)
    state.reports[event.report_id] = CitizenReport(
        id=event.report_id, told=event.told, received_at_ns=entry.at_ns, changed_at_ns=entry.at_ns,
        agency=event.agency, expected_at_ns=event.expected_at_ns, duplicate_of=event.duplicate_of,
    )
    first = state.reports.get(event.duplicate_of)
    if first is not None:
        state.reports[first.id] = msgspec.structs.replace(first, repeated=first.repeated + 1)
    _forget_old(state)


def _matched(state: CityState, entry: ev.Entry, event: ev.ReportMatched) -> None:
    report = state.reports.get(event.report_id)
    if report is not None and report.incident_id not in ("", event.incident_id):
        withdraw_clue(state.cases, entry.at_ns, report.incident_id, "report", report.id)
    _change(state, entry, event.report_id, incident_id=event.incident_id)


def _status(state: CityState, entry: ev.Entry, event: ev.ReportStatusChanged) -> None:
    report = state.reports.get(event.report_id)
    if report is not None:
        _change(
            state, entry, report.id, stage=event.stage, answer=event.text, person=event.person,
            agency=event.agency or report.agency, expected_at_ns=event.expected_at_ns,
        )


def _change(state: CityState, entry: ev.Entry, report_id: str, **fields: Any) -> None:
    report = state.reports.get(report_id)
    if report is not None:
        state.reports[report_id] = msgspec.structs.replace(report, changed_at_ns=entry.at_ns, **fields)


def _forget_old(state: CityState) -> None:
    """Answered ones go first, then the oldest; a tenth at a time, so that it is seldom looked for."""
    if len(state.reports) <= KEEP_REPORTS and state.report_bytes <= KEEP_REPORT_BYTES:
        return
    most, room = KEEP_REPORTS * 9 // 10, KEEP_REPORT_BYTES * 9 // 10
    for report in sorted(state.reports.values(), key=lambda one: one.is_open):
        if len(state.reports) <= most and state.report_bytes <= room:
            return
        del state.reports[report.id]
        state.report_bytes -= _size(report.told.text)


def _size(text: str) -> int:
    return len(text.encode("utf-8", "replace"))


FOLDS: Folds = {
    ev.ReportReceived: _received,
    ev.ReportMatched: _matched,
    ev.ReportStatusChanged: _status,
}
