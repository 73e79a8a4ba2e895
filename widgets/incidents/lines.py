"""One incident as one line of text: what the queue shows and what a screen reader says. Qt-free."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import IntEnum

from console.desk.casequeue import ABNORMAL, CaseQueue
from console.language import Catalogue
from console.model.casework import Case
from console.model.handoff import Handoff
from console.model.incident import Incident
from console.profile import Profile
from console.report.names import agency_name, type_name
from widgets.incidents.casewords import FOLDED_MARK, PART_MARK, UNFOLDED_MARK, CaseWords
from widgets.kit.moments import Moments

__all__ = ["ABNORMAL", "Column", "Line", "LineMaker", "flashes", "latest_handoffs"]


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
    """What one row shows. `texts` by column; `spoken` is the whole row in words."""

    incident: Incident
    case: Case
    texts: tuple[str, ...]
    spoken: str
    state: str
    """The state in full; the column has room for one hand-off and how many more there are."""
    whose: str
    """The owner and how the claim stands, in full."""
    why: str
    """Why it stands where it stands."""
    flashes: bool
    alarming: bool
    """A partner rejected or does not answer, or more than the desk was told: drawn as abnormal."""
    late: bool
    """It waited too long, and only the desk was told."""
    idle: bool
    """Whoever has it does nothing: the owner is drawn amber."""
    leaving: bool
    """Resolved, and kept in its place only because the operator's hand is on the list."""
    part: bool
    """Stands below its whole."""

    def whole(self, column: int) -> str:
        """What a column would say with all the room it wants."""
        return {Column.STATE: self.state, Column.OWNER: self.whose}.get(Column(column), self.texts[column])


def flashes(case: Case) -> bool:
    """Whether its marker flashes: only P1 and P2, and only while nobody has acknowledged."""
    return case.stage == "new" and case.priority <= 2 and not case.merged_into


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

    def __init__(self, profile: Profile, cases: CaseQueue, catalogue: Catalogue, moments: Moments) -> None:
        self._profile, self._cases, self._catalogue, self._moments = profile, cases, catalogue, moments
        self.words = CaseWords(catalogue, moments)

    def line(
        self, incident: Incident, case: Case, handoffs: Mapping[str, Handoff], pending: Collection[str],
        now_ns: int, part: bool = False, folded: bool = False,
    ) -> Line:  # fmt: skip
        """The line of `incident`; `pending` are the ids of incidents with an act on its way to the hub."""
        say, cases, words = self._catalogue, self._cases, self.words
        latest = latest_handoffs(incident, handoffs)
        how = cases.standing(case.id)
        whole, state = self.state(case, latest), self.brief(case, latest)
        raised = words.raised(case)
        if raised:
            whole = f"{raised} · {whole}"
            state = f"{raised} · {state}"
        if case.id in pending:
            whole, state = (say.say("incidents.state.pending", state=one) for one in (whole, state))
        why = say.words(incident.reasons[-1]) if incident.reasons else ""
        place = say.words(incident.place.name)
        kind = type_name(self._profile, say, case.type)
        age = self.age(incident, now_ns)
        parts = 0 if part else len(cases.parts(case.id))
        shown_kind = kind
        if part:
            shown_kind = f"{PART_MARK} {kind}"
        elif parts:
            shown_kind = f"{FOLDED_MARK if folded else UNFOLDED_MARK} {kind} ({parts})"
        whose, here = words.whose(case, how), words.why(cases.line(case.id))
        texts = (str(case.priority), shown_kind, place, age, state, words.owner(case, how), why)
        spoken = ", ".join(
            one for one in (
                say.say(f"kit.priority.{case.priority}"), kind,
                say.say("incidents.spoken.parts", count=parts) if parts else "",
                say.say("incidents.spoken.part") if part else "", place, age, whole, whose, why, here,
            ) if one
        )  # fmt: skip
        bad = any(one.stage in ABNORMAL for one in latest) and case.is_worked
        return Line(
            incident=incident, case=case, texts=texts, spoken=spoken, state=whole, whose=whose, why=here,
            flashes=flashes(case), alarming=bad or (case.raised > 1 and case.is_worked),
            late=bool(raised), idle=cases.amber(case.id) and case.is_worked, leaving=not case.is_worked,
            part=part,
        )  # fmt: skip

    def age(self, incident: Incident, now_ns: int) -> str:
        """How long ago it was opened."""
        return self._moments.age(incident.opened_at_ns, now_ns)

    def state(self, case: Case, latest: list[Handoff]) -> str:
        """The stage, or where hand-offs stand: "112 → accepted · 119 → sent"."""
        say = self._catalogue.say
        if not latest or not case.is_worked or case.hold is not None:
            return self.words.stage(case)
        return " · ".join(
            say(
                "incidents.state.handoff", agency=agency_name(self._profile, self._catalogue, one.agency),
                rung=say(f"report.rung.{one.stage}"),
            )
            for one in latest
        )  # fmt: skip

    def brief(self, case: Case, latest: list[Handoff]) -> str:
        """The hand-off that matters most (an abnormal one, else the one heard of last), and how many more."""
        if len(latest) < 2 or not case.is_worked or case.hold is not None:
            return self.state(case, latest)
        told = max(latest, key=lambda one: (one.stage in ABNORMAL, one.steps[-1].at_ns if one.steps else 0))
        more = self._catalogue.say("incidents.state.more", count=len(latest) - 1)
        return f"{self.state(case, [told])} {more}"
