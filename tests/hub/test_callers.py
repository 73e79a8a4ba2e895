"""Who called is kept in the contact book, apart from the log, and goes to a partner with a draft."""

from __future__ import annotations

import threading
from pathlib import Path

from console.citizens.contacts import ContactBook, call_token
from console.hub.draftcontent import DraftContent
from console.hub.lookups import Lookups
from console.model.casework import Case, Clue
from console.model.citizenreport import ReportContact
from console.model.incident import Incident
from console.model.state import CityState
from tests.report.city import MARKET

CALL = "desk-1-00017"


def test_a_caller_is_on_disk_before_it_is_said_and_nobody_guesses_where(tmp_path: Path) -> None:
    book, came, told = ContactBook(tmp_path), threading.Event(), []
    lookups = Lookups(tmp_path / "none.db", contacts=book)

    def found(page: object, problem: object) -> None:
        told.append((page, problem))
        came.set()

    contact = ReportContact(report_id=CALL, name="Hong", phone="010-1234-5678")
    lookups.keep_caller(CALL, contact, found)
    assert came.wait(10)
    lookups.close()
    assert told == [(ReportContact(report_id=CALL), None)]
    assert book.read(call_token(CALL)) == contact
    [path] = (tmp_path / "citizens" / "contacts").glob("*.json")
    assert CALL not in path.name
    assert path.stat().st_mode & 0o077 == 0


def test_a_draft_has_who_called_and_the_incident_has_not(tmp_path: Path) -> None:
    book = ContactBook(tmp_path)
    book.keep(call_token(CALL), ReportContact(report_id=CALL, name="Hong", phone="010-1234-5678"))
    clue = Clue(uid=CALL, source="call", type="smoke", at_ns=5, lat=37.2, lon=127.0)
    case = Case(
        id="I1", type="smoke", priority=1, grade="1", opened_at_ns=5, changed_at_ns=5, stage_since_ns=5,
        clues=(clue,),
    )  # fmt: skip
    incident = Incident(id="I1", type="smoke", priority=1, place=MARKET, opened_at_ns=5, changed_at_ns=5)
    state = CityState(incidents={"I1": incident}, cases={"I1": case})
    content = DraftContent(None, book, None, None)  # type: ignore[arg-type]
    callers = content._callers(state, incident)
    assert [(one.name, one.number, one.at_ns) for one in callers] == [("Hong", "010-1234-5678", 5)]
    assert "010" not in repr(state)
