"""One incident as one line of text: what the queue shows and what a screen reader says. Qt-free."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import IntEnum

from console.language import Catalogue
from console.model.handoff import Handoff
from console.model.incident import Incident
from console.profile import Profile
from console.report.names import agency_name, type_name
from widgets.incidents.order import Rank, flashes, in_queue, rank
from widgets.kit.moments import Moments

ABNORMAL = ("rejected", "stalled")
"""Stages of a hand-off that somebody must do something about."""


class Column(IntEnum):
    """The columns of the queue, left to right."""

    PRIORITY = 0
    TYPE = 1
    PLACE = 2
    AGE = 3
    STATE = 4
    OWNER = 5
    WHY = 6


@dataclass(frozen=True, slots=True)
class Line:
    """What one row shows. `texts` by column; `spoken` is the whole row in words; `search` both languages."""

    incident: Incident
    rank: Rank
    texts: tuple[str, ...]
    spoken: str
    state: str
    """The state in full; the column has room for one hand-off and how many more there are."""
    search: str
    flashes: bool
    alarming: bool
    """A partner rejected or does not answer: the state is drawn as abnormal."""
    leaving: bool
    """Resolved, and kept in its place only because the operator's hand is on the list."""

    def whole(self, column: int) -> str:
        """What a column would say with all the room it wants."""
        return self.state if column == Column.STATE else self.texts[column]


def latest_handoffs(incident: Incident, handoffs: Mapping[str, Handoff]) -> list[Handoff]:
    """The newest hand-off to each agency, in the order the agencies were asked first."""
    newest: dict[str, Handoff] = {}
    for handoff_id in incident.handoff_ids:
        handoff = handoffs.get(handoff_id)
        if handoff is not None:
            newest[handoff.agency] = handoff
    return list(newest.values())


class LineMaker:
    """Makes lines in the catalogue's present language."""

    def __init__(self, profile: Profile, catalogue: Catalogue, moments: Moments) -> None:
        self._profile, self._catalogue, self._moments = profile, catalogue, moments

    def line(
        self, incident: Incident, handoffs: Mapping[str, Handoff], pending: Collection[str], now_ns: int
    ) -> Line:
        """The line of `incident`; `pending` are the ids of incidents with an act on its way to the hub."""
        say = self._catalogue
        latest = latest_handoffs(incident, handoffs)
        whole, state = self.state(incident, latest), self.brief(incident, latest)
        if incident.id in pending:
            whole, state = (say.say("incidents.state.pending", state=one) for one in (whole, state))
        why = say.words(incident.reasons[-1]) if incident.reasons else ""
        place = say.words(incident.place.name)
        type_words = type_name(self._profile, say, incident.type)
        age = self.age(incident, now_ns)
        texts = (str(incident.priority), type_words, place, age, state, incident.owner, why)
        spoken = ", ".join(
            one for one in (
                say.say(f"kit.priority.{incident.priority}"), type_words, place, age, whole,
                incident.owner or say.say("incidents.no_owner"), why,
            ) if one
        )  # fmt: skip
        return Line(
            incident=incident, rank=rank(incident), texts=texts, spoken=spoken, state=whole,
            search=self._search(incident), flashes=flashes(incident),
            alarming=any(one.stage in ABNORMAL for one in latest),
            leaving=not in_queue(incident),
        )  # fmt: skip

    def age(self, incident: Incident, now_ns: int) -> str:
        """How long ago it was opened."""
        return self._moments.age(incident.opened_at_ns, now_ns)

    def state(self, incident: Incident, latest: list[Handoff]) -> str:
        """The stage, or where hand-offs stand: "112 → accepted · 119 → sent"."""
        say = self._catalogue.say
        if not latest or not in_queue(incident):
            return say(f"report.stage.{incident.stage}")
        return " · ".join(
            say(
                "incidents.state.handoff", agency=agency_name(self._profile, self._catalogue, one.agency),
                rung=say(f"report.rung.{one.stage}"),
            )
            for one in latest
        )  # fmt: skip

    def brief(self, incident: Incident, latest: list[Handoff]) -> str:
        """The hand-off that matters most (an abnormal one, else the one heard of last), and how many more."""
        if len(latest) < 2 or not in_queue(incident):
            return self.state(incident, latest)
        told = max(latest, key=lambda one: (one.stage in ABNORMAL, one.steps[-1].at_ns if one.steps else 0))
        more = self._catalogue.say("incidents.state.more", count=len(latest) - 1)
        return f"{self.state(incident, [told])} {more}"

    def _search(self, incident: Incident) -> str:
        kind = self._profile.incident_types.get(incident.type)
        words = [incident.place.name, *incident.reasons]
        if kind is not None:
            words.append(kind.name)
        if incident.place.address is not None:
            words.append(incident.place.address)
        both = " ".join(f"{one.en} {one.ko}" for one in words)
        return f"{incident.id} {incident.type} {incident.owner} P{incident.priority} {both}".casefold()


def matches(line: Line, words: tuple[str, ...]) -> bool:
    """Whether every word of a filter occurs. What nobody acknowledged of P1 is never filtered away."""
    incident = line.incident
    if incident.stage == "new" and incident.priority == 1:
        return True
    return all(word in line.search for word in words)
