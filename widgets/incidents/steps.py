"""How far an incident has come and what comes next: its steps, the next act. Pure; no Qt."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from console.language import Catalogue
from console.model.casework import Case
from console.model.handoff import Handoff, HandoffStage
from console.model.incident import Incident
from console.profile import Profile
from console.report.names import agency_name

OVER: tuple[HandoffStage, ...] = ("rejected", "closed")
"""Stages after which the same agency may be asked again."""


@dataclass(frozen=True, slots=True)
class Step:
    """One line of an incident's story."""

    at_ns: int
    text: str
    bad: bool = False


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


def next_act(
    case: Case, handoffs: Sequence[Handoff], advised: Sequence[str], agencies: Sequence[str]
) -> str:
    """The act that is most likely due: "acknowledge", "note", "resolve", "close", "draft", "reroute" or "".

    Acknowledge first; then the advised agencies, together; where all rejected and there is another, that one;
    a note while a partner works on it; resolve when all of them are done, or when it is not real.
    """
    if not case.is_open:
        return ""
    if case.stage in ("new", "resolved"):
        return "acknowledge" if case.stage == "new" else "close"
    asked = {one.agency for one in handoffs}
    working = any(one.stage not in OVER for one in handoffs)
    if case.verdict in ("false", "test"):
        return "note" if working else "resolve"
    if any(one not in asked and one in agencies for one in advised):
        return "draft"
    if working:
        return "note"
    if handoffs and all(one.stage == "rejected" for one in handoffs) and asked < set(agencies):
        return "reroute"
    return "resolve"
