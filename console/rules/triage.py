"""From something that happened to an incident: open a new one, or see that it belongs to one that is open."""

from __future__ import annotations

import time
from collections.abc import Mapping

from console.clock import SECOND_NS
from console.model import events as ev
from console.model.base import Place, Words
from console.model.incident import OPEN_STAGES, Incident
from console.model.state import CityState
from console.rules.city import City, NearestCameras, Phrase, distance_m
from console.rules.draft import Drafting
from console.rules.reportmatch import reports_near

CAMERAS_PER_INCIDENT = 5
BAD_PICTURE = ("down", "degraded", "out_of_service")


class Triage:
    """Opens and extends incidents. Pure: what it reads is the state it is given and the city's data."""

    def __init__(self, city: City, nearest: NearestCameras, phrase: Phrase) -> None:
        self.city = city
        self.phrase = phrase
        self._nearest = nearest
        self._by_signal: Mapping[str, str] = {
            signal: kind.id for kind in city.incident_types.values() for signal in kind.signals
        }

    def type_for_signal(self, signal_type: str) -> str:
        """The incident type a signal opens; empty where none does."""
        return self._by_signal.get(signal_type, "")

    def belongs_to(self, state: CityState, type_id: str, place: Place, now_ns: int) -> Incident | None:
        """The open incident of the same type, near enough and fresh enough, newest first."""
        kind = self.city.incident_types[type_id]
        for incident in reversed(state.incidents.values()):
            if (
                incident.type == type_id
                and incident.stage in OPEN_STAGES
                and now_ns - incident.changed_at_ns <= kind.merge_window_s * SECOND_NS
                and distance_m(incident.place.position, place.position) <= kind.merge_radius_m
            ):
                return incident
        return None

    def raise_incident(
        self, state: CityState, drafting: Drafting, type_id: str, place: Place, reason: Words, now_ns: int,
        signal_uid: str = "", alarm_id: str = "", device_ids: tuple[str, ...] = (), camera_id: str = "",
    ) -> str:
        """Draft the opening or the extension; returns the incident's id.

        A reason an open incident already has, about devices it already names, adds nothing: the signal
        itself is on the log, the incident is not made longer.
        """
        incident = self.belongs_to(state, type_id, place, now_ns)
        if incident is not None:
            known = reason in incident.reasons and set(device_ids) <= set(incident.device_ids)
            if not known or alarm_id:
                drafting.add(
                    ev.IncidentExtended(
                        incident_id=incident.id, reason=reason, signal_uid=signal_uid, alarm_id=alarm_id,
                        device_ids=device_ids,
                    )
                )
            return incident.id
        incident_id = self.next_id(state, now_ns)
        drafting.add(
            ev.IncidentOpened(
                incident_id=incident_id, type=type_id,
                priority=self.city.incident_types[type_id].priority, place=place, reason=reason,
                camera_ids=self.cameras_at(state, place, camera_id), signal_uid=signal_uid,
                alarm_id=alarm_id, device_ids=device_ids,
            )
        )
        self._gather_reports(state, drafting, incident_id, type_id, place, now_ns)
        return incident_id

    def _gather_reports(
        self, state: CityState, drafting: Drafting, incident_id: str, type_id: str, place: Place, now_ns: int
    ) -> None:
        """What citizens reported here shortly before belongs to it."""
        if self.city.reports is None:
            return
        kind = self.city.incident_types[type_id].name
        for report in reports_near(self.city.reports, state, type_id, place.position, now_ns):
            far = f"{distance_m(report.told.place.position, place.position):.0f}"
            reason = self.phrase("reason.report_near", en=(kind.en, far), ko=(kind.ko, far))
            drafting.add(ev.ReportMatched(report_id=report.id, incident_id=incident_id, reason=reason))

    def cameras_at(self, state: CityState, place: Place, first: str = "") -> tuple[str, ...]:
        """The best cameras for a place, without those known to have no good picture; `first` leads."""
        unusable = {one for one, device in state.devices.items() if device.condition in BAD_PICTURE}
        found = self._nearest(place.position, CAMERAS_PER_INCIDENT, unusable - {first})
        if first:
            found = (first, *(one for one in found if one != first))[:CAMERAS_PER_INCIDENT]
        return found

    def next_id(self, state: CityState, now_ns: int) -> str:
        """City, day (UTC) and a number that does not start again: readable over the phone."""
        day = time.strftime("%y%m%d", time.gmtime(now_ns // SECOND_NS))
        return f"{self.city.city[:2].upper()}-{day}-{state.incident_count + 1:04d}"
