"""Entries about the work on incidents, in words."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from console.language import Catalogue
from console.model import events as ev

if TYPE_CHECKING:
    from console.report.describe import Teller


def outcome_words(catalogue: Catalogue, outcome: str) -> str:
    """What an incident was; as it stands where we have no words for it."""
    key = f"report.outcome.{outcome}"
    return catalogue.say(key) if key in catalogue.keys() else outcome  # noqa: SIM118  keys() is no mapping's


def _opened(teller: Teller, event: ev.CaseOpened) -> dict[str, Any]:
    say = teller.catalogue.say
    links = [say("report.case.under", incident=event.parent)] if event.parent else []
    links += [say("report.case.reopens", incident=event.reopens)] if event.reopens else []
    return {
        "type": teller.type(event.type), "priority": event.priority,
        "place": teller.catalogue.words(event.place.name),
        "who": say("report.case.by", person=event.person) if event.person else "",
        "reason": " ".join([teller.added(event), *links]),
    }  # fmt: skip


def _gathered(teller: Teller, event: ev.ClueGathered) -> dict[str, Any]:
    again = teller.catalogue.say("report.case.again") if event.repeated else ""
    source = teller.catalogue.say(f"report.case.source.{event.clue.source}")
    return {"source": source, "reason": teller.added(event) or again}


def _verified(teller: Teller, event: ev.IncidentVerified) -> dict[str, Any]:
    catalogue: Catalogue = teller.catalogue
    before = outcome_words(catalogue, event.before)
    return {
        "person": event.person, "verdict": outcome_words(catalogue, event.verdict),
        "before": " " + catalogue.say("report.case.before", verdict=before) if event.before else "",
        "over": " " + catalogue.say("report.case.over") if event.over else "",
    }  # fmt: skip


def _responding(teller: Teller, event: ev.IncidentResponding) -> dict[str, Any]:
    agency = teller.known.agency_of(event.by)
    return {"person": event.person, "by": teller.agency(agency) if agency else event.by}


def _put_under(teller: Teller, event: ev.IncidentPutUnder) -> dict[str, Any]:
    say = teller.catalogue.say
    what = say("report.case.under", incident=event.parent) if event.parent else say("report.case.alone")
    return {"what": what, "who": say("report.case.by", person=event.person) if event.person else ""}


def _held(teller: Teller, event: ev.IncidentHeld) -> dict[str, Any]:
    return {"person": event.person, "until": teller.moment(event.until_ns), "reason": event.reason}


CASEWORK_FIELDS: dict[type[ev.Event], Callable[[Teller, Any], dict[str, Any]]] = {
    ev.CaseOpened: _opened,
    ev.ClueGathered: _gathered,
    ev.IncidentClaimed: lambda t, e: {"person": e.person},
    ev.IncidentTakenOver: lambda t, e: {
        "person": e.person, "before": e.from_person, "reason": f": {e.reason}" if e.reason else "",
    },
    ev.IncidentReleased: lambda t, e: {"person": e.person},
    ev.IncidentVerified: _verified,
    ev.IncidentResponding: _responding,
    ev.IncidentHeld: _held,
    ev.IncidentHoldEnded: lambda t, e: {
        "who": t.catalogue.say("report.case.by", person=e.person) if e.person else "",
    },
    ev.IncidentRegraded: lambda t, e: {
        "person": e.person, "grade": e.grade, "priority": e.priority, "reason": e.reason,
    },
    ev.IncidentReclassified: lambda t, e: {
        "person": e.person, "before": t.type(e.before), "type": t.type(e.type), "priority": e.priority,
        "reason": e.reason,
    },
    ev.IncidentEscalated: lambda t, e: {
        "stage": t.catalogue.say(f"report.stage.{e.stage}"), "level": e.level,
        "tell": t.catalogue.say(f"report.case.tell.{e.tell}"),
    },
    ev.IncidentsMerged: lambda t, e: {
        "person": e.person, "other": e.other_id, "kept": e.kept_id, "reason": e.reason or "-",
    },
    ev.IncidentSplit: lambda t, e: {
        "person": e.person, "new": e.new_id, "count": len(e.uids), "reason": e.reason or "-",
    },
    ev.IncidentPutUnder: _put_under,
}
