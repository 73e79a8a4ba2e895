"""What became of the work on incidents. Taking on, notes, resolving and closing are `events.incident`'s."""

from __future__ import annotations

from console.model.base import Place, Words
from console.model.casework import CaseStage, Clue, Offer, OpenedFrom, Verdict
from console.model.events.base import Event


class CaseOpened(Event, frozen=True, kw_only=True, tag="case.opened"):
    """An incident begins with its first clue. `person`, `opened_from`: somebody opened it by hand.

    `says` is what the source says, `reasons` why the rules did so. `signal_uid`, `alarm_id` (an occurrence)
    and `device_ids` say what on the log the clue is; `offers` what it may belong to as well.
    """

    incident_id: str
    type: str
    priority: int
    grade: str
    place: Place
    clue: Clue
    says: Words | None = None
    reasons: tuple[Words, ...] = ()
    camera_ids: tuple[str, ...] = ()
    parent: str = ""
    reopens: str = ""
    person: str = ""
    desk: str = ""
    opened_from: OpenedFrom | None = None
    signal_uid: str = ""
    alarm_id: str = ""
    device_ids: tuple[str, ...] = ()
    offers: tuple[Offer, ...] = ()


class ClueGathered(Event, frozen=True, kw_only=True, tag="clue.gathered"):
    """A further clue belongs to it. `repeated`: it only says again what its device said."""

    incident_id: str
    clue: Clue
    says: Words | None = None
    reasons: tuple[Words, ...] = ()
    repeated: bool = False
    signal_uid: str = ""
    alarm_id: str = ""
    device_ids: tuple[str, ...] = ()
    offers: tuple[Offer, ...] = ()


class IncidentClaimed(Event, frozen=True, kw_only=True, tag="incident.claimed"):
    """A person says: I look at it."""

    incident_id: str
    person: str
    desk: str


class IncidentTakenOver(Event, frozen=True, kw_only=True, tag="incident.taken_over"):
    """A person took it from another. `reason` is empty where the other had done nothing."""

    incident_id: str
    person: str
    desk: str
    from_person: str
    reason: str = ""


class IncidentReleased(Event, frozen=True, kw_only=True, tag="incident.released"):
    """Its owner gave it back: nobody has it."""

    incident_id: str
    person: str


class IncidentVerified(Event, frozen=True, kw_only=True, tag="incident.verified"):
    """A person looked and says what it is. `over`: nothing is left to do, so it is resolved with it."""

    incident_id: str
    person: str
    verdict: Verdict
    before: Verdict = ""
    over: bool = False


class IncidentResponding(Event, frozen=True, kw_only=True, tag="incident.responding"):
    """Somebody is on the way or at it. `by`: a hand-off's id, or whom the city sent."""

    incident_id: str
    person: str
    by: str


class IncidentHeld(Event, frozen=True, kw_only=True, tag="incident.held"):
    """Work rests until a time."""

    incident_id: str
    person: str
    reason: str
    until_ns: int


class IncidentHoldEnded(Event, frozen=True, kw_only=True, tag="incident.hold_ended"):
    """Work goes on. `person` is empty where its time was over."""

    incident_id: str
    person: str = ""


class IncidentRegraded(Event, frozen=True, kw_only=True, tag="incident.regraded"):
    """A person says that it is more or less urgent."""

    incident_id: str
    person: str
    grade: str
    priority: int
    reason: str


class IncidentEscalated(Event, frozen=True, kw_only=True, tag="incident.escalated"):
    """Nobody acted in time. `tell`: desk, supervisor or everybody. `stage_since_ns` says which waiting."""

    incident_id: str
    stage: CaseStage
    stage_since_ns: int
    level: int
    tell: str


class IncidentsMerged(Event, frozen=True, kw_only=True, tag="incident.merged"):
    """A person says that two are one. All of `other_id` is found at `kept_id`."""

    kept_id: str
    other_id: str
    person: str
    reason: str


class IncidentSplit(Event, frozen=True, kw_only=True, tag="incident.split"):
    """A person says that these clues are another incident, which begins with them.

    `type`, `place` and `camera_ids` are the new one's; what is empty is as with the old one.
    """

    incident_id: str
    new_id: str
    uids: tuple[str, ...]
    person: str
    reason: str
    type: str = ""
    place: Place | None = None
    camera_ids: tuple[str, ...] = ()


class IncidentPutUnder(Event, frozen=True, kw_only=True, tag="incident.put_under"):
    """It is part of a larger one; `parent` empty: no longer. `person` is empty where a rule says so."""

    incident_id: str
    parent: str
    person: str = ""


class IncidentReclassified(Event, frozen=True, kw_only=True, tag="incident.reclassified"):
    """A person says that it is of another type, with grade and priority of it. `before` is the old type."""

    incident_id: str
    person: str
    before: str
    type: str
    priority: int
    grade: str
    reason: str
