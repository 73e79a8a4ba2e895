"""Procedures in words: what a move says, and what a fact of the log is called."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from console.language import Catalogue
from console.model import events as ev
from console.report.names import CityNames, agency_name

if TYPE_CHECKING:
    from console.report.describe import Teller


def fact_words(catalogue: Catalogue, profile: CityNames, key: str) -> str:
    """What a fact that a step waits for is called ("119 has received it"); its name where we have no words.

    `key` as `console.model.procedure.fact_key` makes it.
    """
    name, _, subject = key.partition("/")
    words = f"report.fact.{name}"
    if words not in catalogue.keys():  # noqa: SIM118  keys() is not a mapping's
        return key
    if name.startswith("handoff_"):
        name_of = agency_name(profile, catalogue, subject) if subject else ""
        return catalogue.say(words, agency=name_of or catalogue.say("report.fact.partner"))
    if name.startswith("control_"):
        return catalogue.say(words, control=control_words(catalogue, profile, subject))
    return catalogue.say(words)


def control_words(catalogue: Catalogue, profile: CityNames, subject: str) -> str:
    """What a control and its value are called, from "barrier/close"."""
    control_id, _, value = subject.partition("/")
    control = profile.controls.get(control_id)
    if control is None:
        return subject or catalogue.say("report.fact.control")
    chosen = next((one for one in control.choices if one.id == value), None)
    of_value = catalogue.words(chosen.name) if chosen is not None else value
    if value and chosen is None and control.range is not None:
        of_value = f"{value} {control.range.unit}"
    return f"{catalogue.words(control.name)}: {of_value}" if of_value else catalogue.words(control.name)


def because_words(catalogue: Catalogue, profile: CityNames, because: str) -> str:
    """What settled a step without a person: a fact, its time, or an earlier procedure; "" for none."""
    if because in ("time", "earlier"):
        return catalogue.say(f"report.procedure.{because}")
    return fact_words(catalogue, profile, because) if because else ""


def move_words(teller: Teller, event: ev.ProcedureMoved) -> str:
    """One move as a sentence."""
    say, words = teller.catalogue.say, teller.catalogue.words
    sort, _, person = event.who.partition(":")
    because = because_words(teller.catalogue, teller.profile, event.because)
    kind = event.move
    if kind in ("done", "answered") and because:
        kind = f"{kind}_by"  # type: ignore[assignment]
    answer = words(event.answer_words) or event.answer
    if event.move == "stopped":
        answer = teller.outcome(event.answer)
    return say(
        f"report.procedure.{kind}", step=words(event.text) or event.step, answer=answer, because=because,
        person=person if sort == "person" else say("report.procedure.rule"),
        comment=f" “{event.comment}”" if event.comment and event.move != "stopped" else "",
    )


PROCEDURE_FIELDS: dict[type[ev.Event], Callable[[Teller, Any], dict[str, Any]]] = {
    ev.ProcedureMoved: lambda t, e: {
        "what": move_words(t, e),
        "hand": " " + t.catalogue.say("report.procedure.by_hand") if e.by_hand else "",
    },
    ev.ProcedureNoticed: lambda t, e: {"person": e.person, "until": t.moment(e.until_ns)},
}  # fmt: skip
