"""From something that happened to an incident: open a new one, or see that it belongs to one that is open."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace

from console.clock import SECOND_NS
from console.model import events as ev
from console.model.base import Place, Words, same_words
from console.model.casework import Clue, Placement, Reason
from console.model.citizenreport import CitizenReport
from console.model.picturerequest import PictureRequest
from console.model.state import CityState
from console.rules.casework.opening import NOTHING_MORE, OnTheLog, events_of, on_earth
from console.rules.city import City, NearestCameras, Phrase
from console.rules.correlate.placing import Placing
from console.rules.correlate.wording import words_of
from console.rules.draft import Drafting

CAMERAS_PER_INCIDENT = 5
ASKED_ABOUT = "seen_by_operator"
"""A partner who asks for pictures has seen something there: the type that says no more than that."""
BAD_PICTURE = ("down", "degraded", "out_of_service")
QUOTED = 200
LOOKED_BACK = 2_000
"""Reports that are looked at, newest first: far more than any window brings."""
WAITED_S = 86_400.0
"""How old a report may be that an incident takes along; the types' own windows are shorter."""


class Triage:
    """Opens and extends incidents, by what the correlation says. What it reads is the state it is given and
    the city's data; what it drafts must be proposed (see `Placing`)."""

    def __init__(self, city: City, nearest: NearestCameras, phrase: Phrase, placing: Placing) -> None:
        self.city = city
        self.phrase = phrase
        self.placing = placing
        self._nearest = nearest
        self._by_signal: Mapping[str, str] = {
            signal: kind.id for kind in city.incident_types.values() for signal in kind.signals
        }
        self._names = {one.id: one.name for one in city.incident_types.values()}

    def type_for_signal(self, signal_type: str) -> str:
        """The incident type a signal opens; empty where none does."""
        return self._by_signal.get(signal_type, "")

    def say(self, reason: Reason) -> Words:
        """Why the correlation did what it did, in words."""
        return words_of(reason, self.phrase, self._names)

    def raise_incident(
        self, state: CityState, drafting: Drafting, clue: Clue, place: Place, says: Words, now_ns: int,
        of: OnTheLog = NOTHING_MORE,
    ) -> str:  # fmt: skip
        """Draft what the clue does: it opens an incident, or belongs to one; returns the incident's id.

        `says`: what the source says. What citizens reported about a new incident before comes along.
        """
        placement = self.placing.place(state, clue, now_ns)
        self._put_down(state, drafting, placement, clue, place, says, of)
        if placement.how == "opened":
            self._gather_reports(state, drafting, placement.incident_id, now_ns)
        return placement.incident_id

    def _put_down(
        self, state: CityState, drafting: Drafting, placement: Placement, clue: Clue, place: Place,
        says: Words | None, of: OnTheLog,
    ) -> None:  # fmt: skip
        def cameras(where: Place, first: str) -> tuple[str, ...]:
            return self.cameras_at(state, where, first)

        for event in events_of(placement, clue, place, self.city, cameras, self.say, says, of):
            drafting.add(event)

    # --- citizens' reports ------------------------------------------------------------------------------

    def match_report(
        self, state: CityState, drafting: Drafting, report_id: str, told: Any, now_ns: int,
        names: str = "",
    ) -> str:  # fmt: skip
        """Draft that the report belongs to something open, by its place and its service's types. Alone it
        opens nothing. Returns the incident's id, "" for none. `names`: the incident of the report it repeats.
        """
        service = self.city.reports.services.get(told.service)
        for type_id in service.incident_types if service is not None else ():
            clue = report_clue(report_id, told, type_id, min(told.told_at_ns, now_ns), names)
            placement = self.placing.join(state, clue, now_ns)
            if placement is None:
                continue
            says: Words | None = self.report_words(report_id, told)
            reason = self.say(placement.reasons[0])
            if placement.incident_id == names:
                says, reason = None, self.phrase("reason.report_again")
                placement = replace(placement, how="repeated", reasons=())
            drafting.add(
                ev.ReportMatched(report_id=report_id, incident_id=placement.incident_id, reason=reason)
            )
            self._put_down(state, drafting, placement, clue, told.place, says, NOTHING_MORE)
            return placement.incident_id
        return ""

    def _gather_reports(
        self, state: CityState, drafting: Drafting, incident_id: str, now_ns: int
    ) -> None:
        """What citizens reported here shortly before belongs to it: a citizen is often quicker than a
        detector."""
        if self.city.reports is None:
            return
        waiting: list[CitizenReport] = []
        for count, report in enumerate(reversed(state.reports.values())):
            if count >= LOOKED_BACK or now_ns - report.received_at_ns > WAITED_S * SECOND_NS:
                break
            if report.is_open and not report.incident_id:
                waiting.append(report)
        for report in reversed(waiting):
            self.match_report(state, drafting, report.id, report.told, now_ns)

    def report_words(self, report_id: str, told: Any) -> Words:
        """What a report says, in both languages; the beginning of the citizen's own words."""
        said = " ".join(told.text.split())
        said = said if len(said) <= QUOTED else said[: QUOTED - 1] + "…"
        service = self.city.reports.services.get(told.service) if self.city.reports is not None else None
        en, ko = (service.name.en, service.name.ko) if service is not None else (told.service, told.service)
        return self.phrase("reason.report", en=(report_id, en, said), ko=(report_id, ko, said))

    # --- partners' requests -----------------------------------------------------------------------------

    def match_request(
        self, state: CityState, drafting: Drafting, request: PictureRequest, now_ns: int
    ) -> str:
        """Draft that what a partner asks pictures of belongs to something open: what it names, or what is
        where it looks. Alone it opens nothing. Returns the incident's id, "" for none."""
        position = request.wish.position
        if ASKED_ABOUT not in self.city.incident_types or not on_earth(position):
            return ""
        clue = Clue(
            uid=request.id, source="request", type=ASKED_ABOUT, at_ns=min(request.at_ns, now_ns),
            lat=position.lat, lon=position.lon, names=request.wish.incident_id,
        )  # fmt: skip
        placement = self.placing.join(state, clue, now_ns)
        if placement is None:
            return ""
        agency = self.city.agencies.get(request.agency)
        name = agency.short if agency is not None else same_words(request.agency)
        said = " ".join(request.wish.text.split())[:QUOTED] or "-"
        says = self.phrase("reason.request", en=(name.en, said), ko=(name.ko, said))
        self._put_down(state, drafting, placement, clue, request.place, says, NOTHING_MORE)
        return placement.incident_id

    # --- where ------------------------------------------------------------------------------------------

    def cameras_at(self, state: CityState, place: Place, first: str = "") -> tuple[str, ...]:
        """The best cameras for a place, without those known to have no good picture; `first` leads."""
        unusable = {one for one, device in state.devices.items() if device.condition in BAD_PICTURE}
        found = self._nearest(place.position, CAMERAS_PER_INCIDENT, unusable - {first})
        if first:
            found = (first, *(one for one in found if one != first))[:CAMERAS_PER_INCIDENT]
        return found


def report_clue(report_id: str, told: Any, type_id: str, at_ns: int, names: str = "") -> Clue:
    """A citizen's report as what an incident is made of."""
    position = told.place.position
    return Clue(
        uid=report_id, source="report", type=type_id, at_ns=at_ns, lat=position.lat, lon=position.lon,
        names=names,
    )  # fmt: skip
