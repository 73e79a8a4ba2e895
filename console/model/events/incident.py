"""What became of incidents."""

from __future__ import annotations

from console.model.base import Place, Words
from console.model.events.base import Event


class IncidentOpened(Event, frozen=True, kw_only=True, tag="incident.opened"):
    """Something needs somebody; with the reason in words and the cameras that can see it."""

    incident_id: str
    type: str
    priority: int
    place: Place
    reason: Words
    camera_ids: tuple[str, ...] = ()
    signal_uid: str = ""
    alarm_id: str = ""
    device_ids: tuple[str, ...] = ()


class IncidentExtended(Event, frozen=True, kw_only=True, tag="incident.extended"):
    """A further signal, alarm or device was found to belong to it."""

    incident_id: str
    reason: Words
    signal_uid: str = ""
    alarm_id: str = ""
    device_ids: tuple[str, ...] = ()


class IncidentAcknowledged(Event, frozen=True, kw_only=True, tag="incident.acknowledged"):
    """A person took it on and owns it now."""

    incident_id: str
    person: str


class IncidentNoted(Event, frozen=True, kw_only=True, tag="incident.noted"):
    """A person wrote something into it."""

    incident_id: str
    person: str
    text: str


class IncidentResolved(Event, frozen=True, kw_only=True, tag="incident.resolved"):
    """A person says that it is over, and what it was."""

    incident_id: str
    person: str
    outcome: str
    """real, false or test"""


class IncidentClosed(Event, frozen=True, kw_only=True, tag="incident.closed"):
    """Nothing more is to be done about it."""

    incident_id: str
    person: str
