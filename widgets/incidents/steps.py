"""How far an incident has come and what comes next: rungs, steps, the next act. Pure; no Qt."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from console.language import Catalogue
from console.model.casework import Case
from console.model.handoff import LADDER, Handoff, HandoffStage
from console.model.incident import Incident
from console.profile import Profile
from console.report.names import agency_name

RungState = Literal["reached", "now", "open", "bad"]

OVER: tuple[HandoffStage, ...] = ("rejected", "closed")
"""Stages after which the same agency may be asked again."""


@dataclass(frozen=True, slots=True)
class Rung:
    """One rung of a ladder. `at_ns` is 0 where it was passed over, or is not reached."""

    stage: HandoffStage
    state: RungState
    at_ns: int


@dataclass(frozen=True, slots=True)
class Step:
    """One line of an incident's story."""

    at_ns: int
    text: str
    bad: bool = False


def rungs(handoff: Handoff) -> tuple[Rung, ...]:
    """The ladder from queued to closed with the time each rung was first reached.

    A rejection ends the ladder in its place; a stall stands, as abnormal, before the rung that is awaited.
    """
    first: dict[HandoffStage, int] = {}
    for step in handoff.steps:
        first.setdefault(step.stage, step.at_ns)
    reached = [LADDER.index(stage) for stage in first if stage in LADDER]
    top = max(reached, default=0)
    if handoff.stage in LADDER:
        top = max(top, LADDER.index(handoff.stage))
    passed = [Rung(stage, "reached", first.get(stage, 0)) for stage in LADDER[: top + 1]]
    if handoff.stage == "rejected":
        return (*passed, Rung("rejected", "bad", _last(handoff, "rejected")))
    rest = tuple(Rung(stage, "open", 0) for stage in LADDER[top + 1 :])
    if handoff.stage == "stalled":
        return (*passed, Rung("stalled", "bad", _last(handoff, "stalled")), *rest)
    passed[-1] = Rung(passed[-1].stage, "now", passed[-1].at_ns)
    return (*passed, *rest)


def last_words(handoff: Handoff, catalogue: Catalogue) -> str:
    """What the partner or the line said last, "" where nothing was said."""
    for step in reversed(handoff.steps):
        if step.words is not None:
            return catalogue.words(step.words)
    return ""


def story(
    incident: Incident, handoffs: Iterable[Handoff], profile: Profile, catalogue: Catalogue
) -> tuple[Step, ...]:
    """What happened so far, newest first, as far as the desk holds it; the record has the whole."""
    say = catalogue.say
    reason = catalogue.words(incident.reasons[0]) if incident.reasons else ""
    found = [Step(incident.opened_at_ns, say("incidents.step.opened", reason=reason))]
    found += [
        Step(note.at_ns, say("incidents.step.note", person=note.person, text=note.text))
        for note in incident.notes
    ]
    for handoff in handoffs:
        agency = agency_name(profile, catalogue, handoff.agency)
        for step in handoff.steps:
            rung = say(f"report.rung.{step.stage}")
            words = catalogue.words(step.words)
            if step.stage == "queued":
                text = say("incidents.step.queued", person=handoff.person, agency=agency)
            elif words:
                text = say("incidents.step.rung_words", agency=agency, rung=rung, words=words)
            else:
                text = say("incidents.step.rung", agency=agency, rung=rung)
            found.append(Step(step.at_ns, text, bad=step.stage in ("rejected", "stalled")))
    found.sort(key=lambda step: step.at_ns)  # stable: what came later at one moment stays later
    return tuple(reversed(found))


def can_hand_off(case: Case, handoffs: Iterable[Handoff], agency: str) -> bool:
    """Whether the hub would take a hand-off to this agency now: none of it is under way."""
    if not case.is_open:
        return False
    return all(one.stage in OVER for one in handoffs if one.agency == agency)


def next_act(
    case: Case, handoffs: Sequence[Handoff], advised: Sequence[str], agencies: Sequence[str]
) -> str:
    """The act that is most likely due: "acknowledge", "note", "resolve", "close", "hand_off.AGENCY" or "".

    Acknowledge first; then the advised agencies in their order; where one rejected, the next that was not
    asked yet; a note while a partner works on it; resolve when all of them are done, or when it is not real.
    """
    if not case.is_open:
        return ""
    if case.stage in ("new", "resolved"):
        return "acknowledge" if case.stage == "new" else "close"
    asked = {one.agency for one in handoffs}
    working = any(one.stage not in OVER for one in handoffs)
    if case.verdict in ("false", "test"):
        return "note" if working else "resolve"
    for agency in advised:
        if agency not in asked and agency in agencies:
            return f"hand_off.{agency}"
    if working:
        return "note"
    if handoffs and all(one.stage == "rejected" for one in handoffs):
        for agency in agencies:
            if agency not in asked:
                return f"hand_off.{agency}"
    return "resolve"


def agency_keys(agencies: Iterable[tuple[str, str]]) -> dict[str, str]:
    """A digit key for each (id, number): the last digit of its number, else the next digit that is free."""
    taken: dict[str, str] = {}
    for name, number in agencies:
        digits = [one for one in number[::-1] if one in "123456789"]
        for digit in [*digits, *"2934567891"]:
            if digit not in taken.values():
                taken[name] = digit
                break
    return taken


def _last(handoff: Handoff, stage: HandoffStage) -> int:
    return next((step.at_ns for step in reversed(handoff.steps) if step.stage == stage), 0)
