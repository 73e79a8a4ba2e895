"""Names for the ids of the record: from the city's profile, the folded state and the entries themselves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

from console.language import Catalogue
from console.model import events as ev
from console.model.alarm import Alarm, alarm_of
from console.model.base import Place, Words, same_words
from console.model.device import Device, Point
from console.model.picturerequest import PictureRequest, Share
from console.model.state import CityState
from console.model.warning import WarningJudgement, WarningMessage


class Named(Protocol):
    """Anything of the profile that has a name for people."""

    @property
    def name(self) -> Words: ...


class NamedAgency(Named, Protocol):
    """A partner: `short` is what people call it ("112"), `number` what they would dial."""

    @property
    def short(self) -> Words: ...


class CityNames(Protocol):
    """The part of a profile that names things. `console.profile.Profile` is one."""

    @property
    def name(self) -> Words: ...
    @property
    def time_zone(self) -> str: ...
    @property
    def devices(self) -> Mapping[str, Device]: ...
    @property
    def points(self) -> Sequence[Point]: ...
    @property
    def incident_types(self) -> Mapping[str, Named]: ...
    @property
    def agencies(self) -> Mapping[str, NamedAgency]: ...
    @property
    def districts(self) -> Mapping[str, Named]: ...
    @property
    def modes(self) -> Mapping[str, Named]: ...
    @property
    def contractors(self) -> Mapping[str, Named]: ...
    @property
    def owners(self) -> Mapping[str, Words]: ...
    @property
    def controls(self) -> Mapping[str, Any]:
        """What can be ordered from devices (`console.model.control.Control`)."""
        ...
    @property
    def reports(self) -> Any:
        """What citizens can report (`console.profile.reports.ReportBook`), or None."""
        ...

    @property
    def services(self) -> Mapping[str, Named]:
        """The linked services of the city (`console.profile.services`)."""
        ...


class Known:
    """What entries say about each other: an accepted hand-off names only its id, its agency stands earlier.

    Learning is cheap and may repeat. What was never learnt is named by its id, never invented.
    """

    def __init__(self) -> None:
        self._agency: dict[str, str] = {}
        self._incident_of_handoff: dict[str, str] = {}
        self._alarm: dict[str, tuple[Words, int, Place]] = {}
        self._incident_of_alarm: dict[str, str] = {}
        self._incident: dict[str, tuple[str, Place]] = {}
        self._warning: dict[str, str] = {}
        self._order: dict[str, tuple[Words, str]] = {}
        self._share: dict[str, tuple[str, Place]] = {}

    def learn(self, entries: Iterable[ev.Entry]) -> None:
        """Remember what these entries say about ids that other entries name."""
        for entry in entries:
            event = entry.event
            if isinstance(event, ev.HandoffQueued | ev.HandoffDrafted):
                self._handoff(event.handoff_id, event.agency, event.incident_id)
            elif isinstance(event, ev.AlarmRaised):
                self._alarm[alarm_of(event.alarm_id)] = (event.text, event.point_index, event.place)
            elif isinstance(event, ev.AlarmMoved):
                if event.text is not None and event.place is not None:
                    self._alarm[event.alarm_id] = (event.text, event.point_index, event.place)
            elif isinstance(event, ev.OPENED):
                self._incident[event.incident_id] = (event.type, event.place)
                if event.alarm_id:
                    self._incident_of_alarm[event.alarm_id] = event.incident_id
            elif isinstance(event, ev.WarningIssued | ev.WarningUpdated):
                self._learn_warning(event.warning_id, event.message, event.judged)
            elif isinstance(event, ev.ControlOrdered):
                self._order[event.order_id] = (event.summary, event.incident_id)
            elif isinstance(event, ev.RequestReceived):
                self._request(event.request)
            elif isinstance(event, ev.ShareGranted):
                self._learn_share(event.share)
            elif isinstance(event, ev.GATHERED) and event.alarm_id:
                self._incident_of_alarm[event.alarm_id] = event.incident_id

    def learn_state(self, state: CityState) -> None:
        """Remember what the folded state holds, for entries whose beginning is on no page yet."""
        for handoff in state.threads.values():
            self._handoff(handoff.id, handoff.agency, handoff.incident_id)
        for incident in state.incidents.values():
            self._incident[incident.id] = (incident.type, incident.place)
            for alarm_id in incident.alarm_ids:
                self._incident_of_alarm[alarm_id] = incident.id
        for alarm in state.alarms.values():
            self._learn_alarm(alarm)
        for standing in state.warnings.values():
            self._learn_warning(standing.id, standing.message, standing.judged)
        for order in state.control_orders.values():
            self._order[order.id] = (order.summary, order.incident_id)
        for request in state.requests.values():
            self._request(request)
        for share in state.shares.values():
            self._learn_share(share)

    def _request(self, request: PictureRequest) -> None:
        self._share[request.id] = (request.incident, request.place)

    def _learn_share(self, share: Share) -> None:
        asked = self._share.get(share.request_id)
        if asked is not None:
            self._share[share.id] = asked

    def _handoff(self, handoff_id: str, agency: str, incident_id: str) -> None:
        self._agency[handoff_id] = agency
        self._incident_of_handoff[handoff_id] = incident_id

    def _learn_alarm(self, alarm: Alarm) -> None:
        self._alarm[alarm.id] = (alarm.text, alarm.point_index, alarm.place)
        if alarm.incident_id:
            self._incident_of_alarm[alarm.occurrence] = alarm.incident_id

    def _learn_warning(self, warning_id: str, message: WarningMessage, judged: WarningJudgement) -> None:
        info = message.infos[judged.infos[0]]
        self._warning[warning_id] = info.headline or info.event

    def warning(self, warning_id: str) -> str:
        """What an official warning calls itself; its id where not known."""
        return self._warning.get(warning_id, warning_id)

    def agency_of(self, handoff_id: str) -> str:
        """The agency's id, "" where not known."""
        return self._agency.get(handoff_id, "")

    def order(self, order_id: str) -> Words | None:
        """What was ordered from devices, None where not known."""
        known = self._order.get(order_id)
        return known[0] if known is not None else None

    def alarm(self, alarm_id: str) -> tuple[Words, int]:
        """The text and point index of an alarm, or of an occurrence of one; its id and -1 where not known."""
        text, point_index, _place = self._alarm.get(alarm_of(alarm_id), (same_words(alarm_id), -1, None))
        return text, point_index

    def incident(self, incident_id: str) -> tuple[str, Place] | None:
        """The incident's type id and place, None where not known."""
        return self._incident.get(incident_id)

    def incident_of(self, event: ev.AnyEvent) -> str:
        """The incident an event belongs to, "" where it belongs to none or none is known."""
        told = event.kept_id if isinstance(event, ev.IncidentsMerged) else getattr(event, "incident_id", "")
        if told:
            return str(told)
        handoff_id = getattr(event, "handoff_id", "")
        if handoff_id:
            return self._incident_of_handoff.get(handoff_id, "")
        share = self._share.get(_share_of(event))
        if share is not None:
            return share[0]
        order = self._order.get(getattr(event, "order_id", ""))
        if order is not None:
            return order[1]
        occurrence = event.occurrence if isinstance(event, ev.AlarmMoved) else getattr(event, "alarm_id", "")
        return self._incident_of_alarm.get(occurrence, "")

    def place_of(self, event: ev.AnyEvent) -> Place | None:
        """Where an event happened: its own place, else its alarm's, else its incident's."""
        if isinstance(event, ev.SignalReceived):
            return event.signal.place
        if isinstance(event, ev.ReportReceived):
            return event.told.place
        if isinstance(event, ev.AlarmRaised | ev.Opening):
            return event.place
        alarm = self._alarm.get(alarm_of(getattr(event, "alarm_id", "")))
        if alarm is not None:
            return alarm[2]
        share = self._share.get(_share_of(event))
        if share is not None:
            return share[1]
        incident = self._incident.get(self.incident_of(event))
        return incident[1] if incident is not None else None


def _share_of(event: ev.AnyEvent) -> str:
    """The share or request an event is about; "" for none."""
    if isinstance(event, ev.RequestReceived):
        return event.request.id
    if isinstance(event, ev.ShareGranted):
        return event.share.id
    if isinstance(event, ev.ShareAccessed):
        return event.line.access.share_id
    return str(getattr(event, "share_id", "") or getattr(event, "request_id", ""))


def type_name(profile: CityNames, catalogue: Catalogue, type_id: str) -> str:
    """An incident type by name; its id where the profile has none of that id."""
    kind = profile.incident_types.get(type_id)
    return catalogue.words(kind.name) if kind is not None else type_id


def agency_name(profile: CityNames, catalogue: Catalogue, agency_id: str) -> str:
    """An agency's short name ("112"); its id where the profile has none of that id."""
    agency = profile.agencies.get(agency_id)
    return catalogue.words(agency.short) if agency is not None else agency_id


def district_name(profile: CityNames, catalogue: Catalogue, district_id: str) -> str:
    """A district by name; its id where the profile has none of that id."""
    district = profile.districts.get(district_id)
    return catalogue.words(district.name) if district is not None else district_id


def device_name(profile: CityNames, catalogue: Catalogue, device_id: str) -> str:
    """A device by name with its id, because people on the radio use the id."""
    device = profile.devices.get(device_id)
    return f"{catalogue.words(device.name)} ({device_id})" if device is not None else device_id


def contractor_name(profile: CityNames, catalogue: Catalogue, contractor_id: str) -> str:
    """A contractor by name; its id where the profile has none of it, words for nobody where it is empty."""
    if not contractor_id:
        return catalogue.say("report.ticket.nobody")
    contractor = profile.contractors.get(contractor_id)
    return catalogue.words(contractor.name) if contractor is not None else contractor_id


def service_name(profile: CityNames, catalogue: Catalogue, code: str) -> str:
    """A kind of citizen's report by name; its code where the city has none of that code."""
    service = profile.reports.services.get(code) if profile.reports is not None else None
    return catalogue.words(service.name) if service is not None else code


def linked_service_name(profile: CityNames, catalogue: Catalogue, service_id: str) -> str:
    """A linked service by name; its id where the city has none of it."""
    service = profile.services.get(service_id)
    return catalogue.words(service.name) if service is not None else service_id


def owner_name(profile: CityNames, catalogue: Catalogue, owner: str) -> str:
    """Who answers for something, by name; the key where the city has none of it."""
    found = profile.owners.get(owner)
    return catalogue.words(found) if found is not None else owner


def unit_of(profile: CityNames, point_index: int) -> str:
    """The unit of a point, "" where the profile has no such point."""
    return profile.points[point_index].unit if 0 <= point_index < len(profile.points) else ""
