"""The correlation of a city beside its state: it moves with what is decided, and follows what is folded."""

from __future__ import annotations

import time
from collections.abc import Iterable

from console.clock import SECOND_NS
from console.model import events as ev
from console.model.casework import Clue, Offer, Placement
from console.model.state import CityState
from console.profile import Profile
from console.rules.correlate.correlator import Correlator
from console.rules.correlate.figures import Matrix, correlate_figures
from console.rules.correlate.ground import CityGround, Ground
from console.rules.draft import Decision


class Placing:
    """Places clues for one city. One thread.

    It moves at once, so what was placed must be proposed. `follow` is told every entry that is folded; a
    state that was not followed (a start, a commit that failed, another log) is read anew from its cases.
    """

    def __init__(self, city: str, matrix: Matrix, ground: Ground) -> None:
        self._city, self._matrix = city, matrix
        self._correlator = Correlator(matrix, ground, self._next_id)
        self._state: CityState | None = None
        self._seq, self._issued, self._now_ns = 0, 0, 0

    def place(self, state: CityState, clue: Clue, now_ns: int) -> Placement:
        """Where the clue goes; raises ValueError for one without a uid or not on the earth."""
        self._catch_up(state, now_ns)
        return self._correlator.place(clue)

    def join(self, state: CityState, clue: Clue, now_ns: int) -> Placement | None:
        """Where it goes if it belongs to something open; None for nothing."""
        self._catch_up(state, now_ns)
        return self._correlator.join(clue)

    def near(self, state: CityState, clue: Clue, now_ns: int) -> tuple[Offer, ...]:
        """What a clue that a person places could belong to."""
        self._catch_up(state, now_ns)
        return self._correlator.near(clue)

    def kind_of(self, type_id: str) -> str:
        """The kind of an incident type, "" for none."""
        return self._matrix.kind_of(type_id)

    def next_id(self, state: CityState, now_ns: int) -> str:
        """City, day (UTC) and a number that does not start again: readable over the phone."""
        self._catch_up(state, now_ns)
        return self._next_id()

    def _next_id(self) -> str:
        assert self._state is not None
        self._issued = max(self._issued, self._state.incident_count) + 1
        day = time.strftime("%y%m%d", time.gmtime(self._now_ns // SECOND_NS))
        return f"{self._city[:2].upper()}-{day}-{self._issued:04d}"

    def _catch_up(self, state: CityState, now_ns: int) -> None:
        self._now_ns = now_ns
        if self._state is not state or self._seq != state.seq:
            self.restore(state)

    def restore(self, state: CityState) -> None:
        """Begin again with what the state holds."""
        self._state, self._seq, self._issued = state, state.seq, 0
        self._correlator.restore(state.cases.values())

    def follow(self, state: CityState, entries: Iterable[ev.Entry]) -> tuple[Decision, ...]:
        """These entries were folded into the state; none before them was left out. Nothing follows."""
        for entry in entries:
            if self._state is not state or entry.seq != self._seq + 1:
                self.restore(state)
                break
            self._seq = entry.seq
            self._take(state, entry)
        return ()

    def tidy(self, now_ns: int) -> int:
        """Let go of what can take nothing any more; how many incidents are still looked at."""
        return self._correlator.tidy(now_ns)

    @property
    def correlator(self) -> Correlator:
        """What is gathered now; for looking only."""
        return self._correlator

    def _take(self, state: CityState, entry: ev.Entry) -> None:
        event, correlator = entry.event, self._correlator
        match event:
            case ev.CaseOpened() | ev.IncidentOpened():
                case = state.cases.get(event.incident_id)
                if case is not None:
                    for clue in case.clues:  # a person may open one with what was elsewhere before
                        if correlator.holds(clue.source, clue.uid) != case.id:
                            correlator.withdraw(clue.source, clue.uid)
                    correlator.resume(case.id, case.type, case.clues, case.parent)
            case ev.ClueGathered():
                correlator.take(event.incident_id, event.clue)
            case ev.IncidentExtended():
                case = state.cases.get(event.incident_id)
                if case is not None and case.clues:
                    correlator.take(case.id, case.clues[-1])
            case ev.IncidentsMerged():
                correlator.merge(event.kept_id, event.other_id)
                kept = state.cases.get(event.kept_id)
                if kept is not None:
                    correlator.put_under(kept.id, kept.parent)
            case ev.IncidentSplit():
                correlator.split(event.incident_id, event.new_id, event.uids)
                new = state.cases.get(event.new_id)
                if new is not None:
                    correlator.retype(new.id, new.type)
                    correlator.put_under(new.id, new.parent)
            case ev.IncidentPutUnder():
                correlator.put_under(event.incident_id, event.parent)
            case ev.IncidentReclassified():
                correlator.retype(event.incident_id, event.type)
            case ev.IncidentClosed():
                correlator.end(event.incident_id, entry.at_ns)
            case ev.IncidentVerified() | ev.IncidentResolved():
                case = state.cases.get(event.incident_id)
                if case is not None and case.stage == "resolved":
                    correlator.rest(case.id, case.stage_since_ns)
                else:
                    correlator.wake(event.incident_id)
            case ev.ReportMatched():
                if correlator.holds("report", event.report_id) not in ("", event.incident_id):
                    correlator.withdraw("report", event.report_id)
            case _:
                pass


def city_placing(profile: Profile) -> Placing:
    """The correlation over a profile's own ground. Raises ProfileError for figures that cannot be."""
    told = correlate_figures()
    matrix = Matrix(told, profile.incident_types.values())
    return Placing(profile.city, matrix, CityGround(profile, told.street))
