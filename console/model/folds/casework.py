"""How the cases follow from the events. Pure; `folds.incident` makes them part of the city's state.

An event about a case that is not known, or one it does not fit, changes nothing: a fold never fails on what
was committed. Which stage follows is in the event or follows from it alone, so that a changed rule never
rewrites the past.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from console.model.casework import Case, CaseStage, Clue, ClueSource, Hold, Offer, Verdict
from console.model.events import casework as ce
from console.model.events import handoff as he
from console.model.events import incident as ie
from console.model.events.base import Event

Cases = dict[str, Case]
VERDICTS: tuple[Verdict, ...] = ("real", "false", "test")


def fold_case(cases: Cases, at_ns: int, event: Event) -> None:
    """Change `cases` by one event that was committed at `at_ns`."""
    fold = _FOLDS.get(type(event))
    if fold is not None:
        fold(cases, at_ns, event)


def _change(cases: Cases, at_ns: int, case_id: str, **fields: Any) -> None:
    """What is closed or was merged stays as it is."""
    case = cases.get(case_id)
    if case is None or not case.is_open:
        return
    if fields.get("stage", case.stage) != case.stage:
        fields.update(stage_since_ns=at_ns, raised=0)
    cases[case_id] = msgspec.structs.replace(case, changed_at_ns=at_ns, **fields)


def _by_owner(cases: Cases, at_ns: int, case_id: str, person: str, **fields: Any) -> None:
    """As `_change`; an act counts for whoever has it, and who acts on what nobody has, has it."""
    case = cases.get(case_id)
    if case is None:
        return
    if not case.owner and person:
        fields.update(owner=person, claimed_ns=at_ns, acted_ns=at_ns)
    elif case.owner == person:
        fields["acted_ns"] = at_ns
    _change(cases, at_ns, case_id, **fields)


def _opened(cases: Cases, at_ns: int, event: ce.CaseOpened) -> None:
    stage: CaseStage = "acknowledged" if event.person else "new"
    cases[event.incident_id] = Case(
        id=event.incident_id, type=event.type, priority=event.priority, grade=event.grade,
        opened_at_ns=at_ns, changed_at_ns=at_ns, stage_since_ns=at_ns, stage=stage, owner=event.person,
        owner_desk=event.desk if event.person else "", claimed_ns=at_ns if event.person else 0,
        acted_ns=at_ns if event.person else 0, parent=event.parent, reopens=event.reopens,
        clues=(_with_reasons(event),), offers=event.offers,
    )  # fmt: skip


def _gathered(cases: Cases, at_ns: int, event: ce.ClueGathered) -> None:
    case, new = cases.get(event.incident_id), event.clue
    if case is not None and not any(one.uid == new.uid and one.source == new.source for one in case.clues):
        _change(
            cases, at_ns, case.id, clues=(*case.clues, _with_reasons(event)),
            offers=_offers(case.offers, event.offers, case.id),
        )  # fmt: skip


def _with_reasons(event: ce.CaseOpened | ce.ClueGathered) -> Clue:
    reasons = event.reasons if event.says is None else (event.says, *event.reasons)
    return msgspec.structs.replace(event.clue, reasons=reasons) if reasons else event.clue


def _offers(known: tuple[Offer, ...], more: tuple[Offer, ...], *without: str) -> tuple[Offer, ...]:
    """Each incident once, with its strongest bond."""
    if not more and not any(one.incident_id in without for one in known):
        return known
    best: dict[str, Offer] = {}
    for one in (*known, *more):
        before = best.get(one.incident_id)
        if one.incident_id not in without and (before is None or one.weight > before.weight):
            best[one.incident_id] = one
    return tuple(best.values())


def withdraw_clue(cases: Cases, at_ns: int, case_id: str, source: ClueSource, uid: str) -> None:
    """A person says that this clue does not belong to the case."""
    case = cases.get(case_id)
    if case is not None:
        left = tuple(one for one in case.clues if (one.source, one.uid) != (source, uid))
        if len(left) < len(case.clues):
            _change(cases, at_ns, case_id, clues=left)


# --- logs of before -------------------------------------------------------------------------------------


def _opened_before(cases: Cases, at_ns: int, event: ie.IncidentOpened) -> None:
    position = event.place.position
    cases[event.incident_id] = Case(
        id=event.incident_id, type=event.type, priority=event.priority, grade="", opened_at_ns=at_ns,
        changed_at_ns=at_ns, stage_since_ns=at_ns,
        clues=(_clue_before(event, 1, event.type, at_ns, position.lat, position.lon),),
    )  # fmt: skip


def _extended_before(cases: Cases, at_ns: int, event: ie.IncidentExtended) -> None:
    case = cases.get(event.incident_id)
    if case is None:
        return
    first = case.clues[0] if case.clues else None
    lat, lon = (first.lat, first.lon) if first is not None else (0.0, 0.0)
    new = _clue_before(event, len(case.clues) + 1, case.type, at_ns, lat, lon)
    if any(one.uid == new.uid and one.source == new.source for one in case.clues):
        _change(cases, at_ns, case.id)
    else:
        _change(cases, at_ns, case.id, clues=(*case.clues, new))


def _clue_before(
    event: ie.IncidentOpened | ie.IncidentExtended, number: int, type_id: str, at_ns: int, lat: float,
    lon: float,
) -> Clue:  # fmt: skip
    """What an entry of before says of what led to it; its place is the incident's."""
    source: ClueSource = "detection" if event.signal_uid else "alarm"
    if not (event.signal_uid or event.alarm_id or event.device_ids):
        source = "person"
    return Clue(
        uid=event.signal_uid or event.alarm_id or f"{event.incident_id}/{number}", source=source,
        type=type_id, at_ns=at_ns, lat=lat, lon=lon, reasons=(event.reason,),
        device_id=event.device_ids[0] if event.device_ids else "",
    )  # fmt: skip


def _handed_off(cases: Cases, at_ns: int, event: he.HandoffQueued) -> None:
    case = cases.get(event.incident_id)
    if case is None:
        return
    waits = case.stage in ("new", "acknowledged", "verified")
    _by_owner(cases, at_ns, case.id, event.person, stage="responding" if waits else case.stage)


# --- what persons do ------------------------------------------------------------------------------------


def _claimed(cases: Cases, at_ns: int, event: ce.IncidentClaimed) -> None:
    _change(
        cases, at_ns, event.incident_id, owner=event.person, owner_desk=event.desk, claimed_ns=at_ns,
        acted_ns=0,
    )  # fmt: skip


def _taken_over(cases: Cases, at_ns: int, event: ce.IncidentTakenOver) -> None:
    _change(
        cases, at_ns, event.incident_id, owner=event.person, owner_desk=event.desk, claimed_ns=at_ns,
        acted_ns=at_ns, stage_since_ns=at_ns, raised=0,
    )  # fmt: skip


def _released(cases: Cases, at_ns: int, event: ce.IncidentReleased) -> None:
    _change(cases, at_ns, event.incident_id, owner="", owner_desk="", claimed_ns=0, acted_ns=0)


def _acknowledged(cases: Cases, at_ns: int, event: ie.IncidentAcknowledged) -> None:
    case = cases.get(event.incident_id)
    if case is not None:
        stage = "acknowledged" if case.stage == "new" else case.stage
        taken = {} if case.owner == event.person else {"owner": event.person, "claimed_ns": at_ns}
        _change(cases, at_ns, case.id, stage=stage, acted_ns=at_ns, **taken)


def _noted(cases: Cases, at_ns: int, event: ie.IncidentNoted) -> None:
    case = cases.get(event.incident_id)
    acted = {"acted_ns": at_ns} if case is not None and case.owner == event.person else {}
    _change(cases, at_ns, event.incident_id, **acted)


def _verified(cases: Cases, at_ns: int, event: ce.IncidentVerified) -> None:
    case = cases.get(event.incident_id)
    if case is None:
        return
    stage: CaseStage = "verified" if case.stage in ("new", "acknowledged") else case.stage
    if event.over:
        stage = "resolved"
    elif event.verdict == "real" and case.stage == "resolved":
        stage = "verified"
    hold = {"hold": None} if event.over else {}
    _by_owner(cases, at_ns, case.id, event.person, stage=stage, verdict=event.verdict, **hold)


def _responding(cases: Cases, at_ns: int, event: ce.IncidentResponding) -> None:
    _by_owner(cases, at_ns, event.incident_id, event.person, stage="responding")


def _held(cases: Cases, at_ns: int, event: ce.IncidentHeld) -> None:
    hold = Hold(person=event.person, reason=event.reason, since_ns=at_ns, until_ns=event.until_ns)
    _by_owner(cases, at_ns, event.incident_id, event.person, hold=hold)


def _hold_ended(cases: Cases, at_ns: int, event: ce.IncidentHoldEnded) -> None:
    _by_owner(
        cases, at_ns, event.incident_id, event.person, hold=None, stage_since_ns=at_ns, raised=0
    )  # fmt: skip


def _regraded(cases: Cases, at_ns: int, event: ce.IncidentRegraded) -> None:
    _by_owner(
        cases, at_ns, event.incident_id, event.person, grade=event.grade, priority=event.priority, raised=0,
        stage_since_ns=at_ns,
    )  # fmt: skip


def _reclassified(cases: Cases, at_ns: int, event: ce.IncidentReclassified) -> None:
    _by_owner(
        cases, at_ns, event.incident_id, event.person, type=event.type, grade=event.grade,
        priority=event.priority, raised=0, stage_since_ns=at_ns,
    )  # fmt: skip


def _escalated(cases: Cases, at_ns: int, event: ce.IncidentEscalated) -> None:
    case = cases.get(event.incident_id)
    if case is not None and case.stage_since_ns == event.stage_since_ns and event.level > case.raised:
        _change(cases, at_ns, case.id, raised=event.level)


def _resolved(cases: Cases, at_ns: int, event: ie.IncidentResolved) -> None:
    verdict = next((one for one in VERDICTS if one == event.outcome), "real")
    _by_owner(
        cases, at_ns, event.incident_id, event.person, stage="resolved", verdict=verdict, hold=None
    )  # fmt: skip


def _closed(cases: Cases, at_ns: int, event: ie.IncidentClosed) -> None:
    _by_owner(cases, at_ns, event.incident_id, event.person, stage="closed", hold=None)


def _merged(cases: Cases, at_ns: int, event: ce.IncidentsMerged) -> None:
    kept, other = cases.get(event.kept_id), cases.get(event.other_id)
    if kept is None or other is None or kept is other or not (kept.is_open and other.is_open):
        return
    more = tuple(one for one in other.clues if one not in kept.clues)
    parent = other.parent if _is_below(cases, kept, other.id) else kept.parent
    offers = _offers(kept.offers, other.offers, kept.id, other.id)
    _by_owner(
        cases, at_ns, kept.id, event.person, clues=kept.clues + more, parent=parent, offers=offers
    )  # fmt: skip
    for child in [one for one in cases.values() if one.parent == other.id]:
        _change(cases, at_ns, child.id, parent=kept.id if child.id != kept.id else "")
    _change(cases, at_ns, other.id, merged_into=kept.id, parent="", hold=None)


def _is_below(cases: Cases, case: Case, other_id: str) -> bool:
    above = cases.get(case.parent)
    for _ in range(len(cases)):
        if above is None or above.id == other_id:
            break
        above = cases.get(above.parent)
    return above is not None and above.id == other_id


def _split(cases: Cases, at_ns: int, event: ce.IncidentSplit) -> None:
    case = cases.get(event.incident_id)
    if case is None or not case.is_open or event.new_id in cases:
        return
    going = tuple(one for one in case.clues if one.uid in event.uids)
    staying = tuple(one for one in case.clues if one.uid not in event.uids)
    _by_owner(cases, at_ns, case.id, event.person, clues=staying)
    cases[event.new_id] = Case(
        id=event.new_id, type=event.type or case.type, priority=case.priority,
        grade=case.grade, opened_at_ns=at_ns, changed_at_ns=at_ns, stage_since_ns=at_ns,
        parent=case.parent, split_from=case.id, clues=going,
    )  # fmt: skip


def _put_under(cases: Cases, at_ns: int, event: ce.IncidentPutUnder) -> None:
    _change(cases, at_ns, event.incident_id, parent=event.parent)


_FOLDS: dict[type[Event], Callable[..., None]] = {
    ie.IncidentOpened: _opened_before, ie.IncidentExtended: _extended_before, he.HandoffQueued: _handed_off,
    ce.CaseOpened: _opened, ce.ClueGathered: _gathered, ce.IncidentClaimed: _claimed,
    ce.IncidentTakenOver: _taken_over, ce.IncidentReleased: _released,
    ie.IncidentAcknowledged: _acknowledged, ie.IncidentNoted: _noted, ce.IncidentVerified: _verified,
    ce.IncidentResponding: _responding, ce.IncidentHeld: _held, ce.IncidentHoldEnded: _hold_ended,
    ce.IncidentRegraded: _regraded, ce.IncidentReclassified: _reclassified,
    ce.IncidentEscalated: _escalated, ie.IncidentResolved: _resolved,
    ie.IncidentClosed: _closed, ce.IncidentsMerged: _merged, ce.IncidentSplit: _split,
    ce.IncidentPutUnder: _put_under,
}  # fmt: skip
