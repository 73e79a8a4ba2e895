"""Small procedures for tests, and a person who goes through them."""

from __future__ import annotations

from typing import Any

from console.model.base import Words, same_words
from console.model.events import ProcedureMoved
from console.model.procedure import END, Procedure, Step, StepAnswer
from console.model.procedurerun import ProcedureRun, moved
from console.profile.procedurechecks import ways

S = 1_000_000_000


def words(text: str) -> Words:
    return same_words(text)


def step(step_id: str, onward: str = END, kind: str = "task", **said: Any) -> Step:
    answers = tuple(
        StepAnswer(id=name, name=words(name), next=to, **more)
        for name, to, more in said.pop("answers", ())
    )
    return Step(id=step_id, kind=kind, text=words(step_id), next=onward, answers=answers, **said)  # type: ignore[arg-type]


def procedure(*steps: Step, procedure_id: str = "fall", version: int = 1, digest: str = "") -> Procedure:
    return Procedure(
        id=procedure_id, version=version, name=words(procedure_id), incident_types=("fall",), source="test",
        first=steps[0].id, steps={one.id: one for one in steps},
        digest=digest or f"{procedure_id}{version:07d}",
    )  # fmt: skip


def run_of(moves: tuple[ProcedureMoved, ...], run: ProcedureRun | None = None) -> ProcedureRun:
    run = run or ProcedureRun(incident_id="I-1")
    for move in moves:
        run = moved(run, move)
    return run


def edges(told: Procedure) -> list[tuple[str, str, str]]:
    """(step, answer or "skip" or "", where it leads), each way of the procedure once."""
    found = []
    for one in told.steps.values():
        found += [(one.id, answer.id, answer.next) for answer in one.answers]
        if not one.answers:
            found.append((one.id, "", one.next))
        if one.may_skip and one.next:
            found.append((one.id, "skip", one.next))
    return found


def shortest(told: Procedure, goal: str, begin: str) -> list[str]:
    """The steps from `begin` to `goal`, both named."""
    before: dict[str, str] = {begin: ""}
    waiting = [begin]
    for one in waiting:
        if one == goal:
            break
        for target in ways(told.steps[one]) if one in told.steps else ():
            if target not in before:
                before[target] = one
                waiting.append(target)
    path, at = [], goal
    while at:
        path.append(at)
        at = before[at]
    return path[::-1]
