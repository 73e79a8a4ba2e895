"""What a hand-off tells the partner, put together from all that the hub knows of the incident."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from console.citizens.contacts import ContactBook, call_token
from console.clock import SECOND_NS
from console.handoff.draft import Caller, Draft, Evidence, SeenThing, Trend, draft_of, steps_of
from console.handoff.kinds import PartnerKind
from console.handoff.thread.figures import LadderFigures
from console.model.base import Words, same_words
from console.model.incident import Incident
from console.model.state import CityState
from console.profile import Profile
from console.telemetry.table import F64, I64

Series = Callable[[int, int], tuple[I64, F64]]
"""(point index, since ns) to the times and values that are held."""
TREND_S = 1800.0
"""How far back the trend of a sensor goes: half an hour shows how water or smoke rose (ours)."""
MOST_CALLERS, MOST_SEEN, MOST_TRENDS = 8, 40, 4


class Pictures:
    """What of the scene can be sent with a draft; `None` clip: none (yet)."""

    __slots__ = ("clip", "clip_s", "stills")

    def __init__(
        self, stills: Sequence[Evidence] = (), clip: Evidence | None = None, clip_s: float = 0.0
    ) -> None:
        self.stills, self.clip, self.clip_s = tuple(stills), clip, clip_s


class DraftContent:
    """Reads contact data where a report of the incident has some. One thread: the hub's loop."""

    def __init__(
        self, profile: Profile, contacts: ContactBook, series: Series, figures: LadderFigures
    ) -> None:
        self._profile, self._contacts, self._series, self._figures = profile, contacts, series, figures

    def draft(
        self, state: CityState, incident: Incident, agency: str, kind: PartnerKind, person: str,
        text: str, fields: dict[str, str], pictures: Pictures, now_ns: int,
    ) -> Draft:  # fmt: skip
        """Raises PacketError for an agency or type the profile does not have."""
        return draft_of(
            incident, agency, self._profile, kind, person, self._profile.call_back, now_ns,
            callers=self._callers(state, incident), seen=self._seen(state, incident),
            stills=pictures.stills, clip=pictures.clip, clip_s=pictures.clip_s,
            trends=self._trends(incident, now_ns), text=text, said=fields,
            steps=steps_of(state.procedures.get(incident.id)),
        )  # fmt: skip

    def reports(self, state: CityState, incident: Incident) -> list[str]:
        """Reports whose contact data a draft of this incident holds."""
        found = [
            one.id for one in state.reports.values()
            if one.incident_id == incident.id and one.told.has_contact
        ]  # fmt: skip
        return found[:MOST_CALLERS]

    def _calls(self, state: CityState, incident: Incident) -> list[Caller]:
        """Who called a person of this room, where they said who they are."""
        case, callers = state.cases.get(incident.id), list[Caller]()
        for clue in case.clues if case is not None else ():
            if clue.source == "call" and len(callers) < MOST_CALLERS:
                contact = self._contacts.read(call_token(clue.uid))
                if not contact.problem and (contact.name or contact.phone):
                    callers.append(Caller(name=contact.name, number=contact.phone, at_ns=clue.at_ns))
        return callers

    def _callers(self, state: CityState, incident: Incident) -> list[Caller]:
        callers = self._calls(state, incident)
        for report_id in self.reports(state, incident):
            report = state.reports[report_id]
            contact = self._contacts.read(report.told.token)
            if not contact.problem and (contact.name or contact.phone):
                callers.append(
                    Caller(
                        name=contact.name, number=contact.phone, at_ns=report.told.told_at_ns,
                        said=report.told.text[:200],
                    )
                )
        return callers

    def _seen(self, state: CityState, incident: Incident) -> list[SeenThing]:
        """Each clue by its time and what said so; without clues, the incident's reasons count."""
        case, seen = state.cases.get(incident.id), []
        for clue in case.clues[-MOST_SEEN:] if case is not None else ():
            text = clue.reasons[0] if clue.reasons else None
            if text is not None and text in incident.reasons:  # what it says, not why it belongs here
                source = self._profile.devices.get(clue.camera_id or clue.device_id)
                name = source.name if source is not None else None
                seen.append(SeenThing(at_ns=clue.at_ns, text=text, source=name))
        if not seen:  # a log of before
            seen = [SeenThing(at_ns=incident.opened_at_ns, text=reason) for reason in incident.reasons]
        seen += [
            SeenThing(at_ns=note.at_ns, text=same_words(note.text), source=same_words(note.person))
            for note in incident.notes[-MOST_SEEN:]
        ]
        return sorted(seen, key=lambda one: one.at_ns)

    def _trends(self, incident: Incident, now_ns: int) -> list[Trend]:
        marks, trends = self._figures.draft.trend_marks, []
        since_ns = now_ns - int(TREND_S * SECOND_NS)
        for device_id in incident.device_ids[:8]:
            row = self._profile.columns.row_of.get(device_id)
            for index in self._profile.points.of_device(row) if row is not None else ():
                at, values = self._series(index, since_ns)
                if len(at) >= 2:
                    trends.append(self._trend(index, at, values, since_ns, now_ns, marks))
                if len(trends) == MOST_TRENDS:
                    return trends
        return trends

    def _trend(
        self, index: int, at: I64, values: F64, since_ns: int, until_ns: int, marks: int
    ) -> Trend:
        """The last value of each of `marks` equal intervals; NaN where there was none."""
        edges = np.linspace(since_ns, until_ns, marks + 1)[1:]
        last = np.searchsorted(at, edges, side="right") - 1
        first = np.searchsorted(at, np.concatenate([[since_ns], edges[:-1]]), side="right")
        shown = tuple(
            float(values[row]) if row >= start else float("nan")
            for row, start in zip(last.tolist(), first.tolist(), strict=True)
        )
        point = self._profile.points[index]
        limits = [self._profile.limits[one] for one in self._limits_of(point.device_id, point.id)]
        return Trend(
            name=Words(en=_name(self._profile, index, "en"), ko=_name(self._profile, index, "ko")),
            unit=point.unit, values=shown, from_ns=since_ns, until_ns=until_ns,
            limit=limits[0].set_at if limits else None,
        )  # fmt: skip

    def _limits_of(self, device_id: str, point_id: str) -> list[int]:
        row = self._profile.columns.row_of[device_id]
        each = self._profile.limits.of_device(row)
        return [one for one in each if self._profile.limits[one].id.startswith(f"{point_id}/")]


def _name(profile: Profile, index: int, language: str) -> str:
    return profile.points.name(index).in_language(language)
