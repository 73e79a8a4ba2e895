"""A report of a citizen stands in the history of the incident it belongs to, from its beginning."""

from __future__ import annotations

from pathlib import Path

from console.clock import SteppedClock
from console.ledger import Ledger, LedgerReader, check_ledger
from console.model import events as ev
from console.model.citizenreport import ReportTold
from console.model.query import AskLog, LogFilter
from tests.ledger.story import entries
from tests.report.city import MARKET


def received(report_id: str, text: str) -> ev.ReportReceived:
    told = ReportTold(token=f"tok-{report_id}", service="smoke", place=MARKET, text=text, told_at_ns=1)
    return ev.ReportReceived(report_id=report_id, told=told, agency="roads")


def answered(report_id: str) -> ev.ReportStatusChanged:
    return ev.ReportStatusChanged(report_id=report_id, stage="in_progress", text="On the way", person="kim")


def matched(report_id: str, incident_id: str) -> ev.ReportMatched:
    return ev.ReportMatched(report_id=report_id, incident_id=incident_id, reason=MARKET.name)


def test_the_history_has_the_report_its_link_and_its_answers_until_it_is_taken_off(path: Path) -> None:
    acts: tuple[ev.AnyEvent, ...] = (
        received("R-1", "연기가 나요"),
        received("R-2", "hole in the road"),
        ev.IncidentOpened(
            incident_id="I-1", type="market_fire", priority=1, place=MARKET, reason=MARKET.name
        ),
        matched("R-1", "I-1"),
        answered("R-1"),
        answered("R-2"),
        matched("R-1", ""),
        answered("R-1"),
    )
    told = entries([(ev.Cause(actor="gateway:gateway-open311"), one) for one in acts])
    with Ledger.open(path, SteppedClock()) as ledger:
        ledger.append(told)
    with LedgerReader.open(path) as reader:
        assert [one.seq for one in reader.history("I-1").entries] == [1, 3, 4, 5, 7]
        assert reader.history("").entries == ()
        found = reader.log(AskLog(filter=LogFilter(text="연기", district="paldal"))).entries
        assert [one.seq for one in found] == [1], "found by the citizen's words and the district"
    assert all(one.ok for one in check_ledger(path, deep=True) if "free" not in one.what)
