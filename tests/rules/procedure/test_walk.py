"""Every shipped procedure is walked through: each step, each answer, each skip, each fact, to its end."""

from __future__ import annotations

import itertools
import re

import pytest

from console.model.procedure import END, Procedure
from console.model.procedurerun import ProcedureRun
from console.profile import load_profile
from console.profile.procedures import ProcedureBook
from console.rules.procedure import engine
from tests.rules.procedure.steps import S, edges, run_of, shortest

CITIES = ("suwon", "glasgow")


def way(told: Procedure, edge: tuple[str, str, str]) -> list[tuple[str, str]]:
    """(step, answer) from the beginning through that edge to the end, the shortest of both parts."""
    at, given, onward = edge
    steps = shortest(told, at, told.first)
    after = shortest(told, END, onward)
    choices = [(one, choice(told, one, to)) for one, to in itertools.pairwise(steps)]
    choices.append((at, given))
    return choices + [(one, choice(told, one, to)) for one, to in itertools.pairwise(after)]


def choice(told: Procedure, step_id: str, onward: str) -> str:
    """What leads from one step to the next: an answer, "skip", or "" for simply doing it."""
    step = told.steps[step_id]
    found = next((one.id for one in step.answers if one.next == onward), None)
    return found if found is not None else ("skip" if step.answers else "")


def walk(told: Procedure, choices: list[tuple[str, str]]) -> ProcedureRun:
    run = run_of(engine.start(told, ProcedureRun(incident_id="I-1"), 0))
    for at, (step_id, given) in enumerate(choices, 1):
        if given == "skip":
            moves = engine.skip(told, run, step_id, at * S, "kim", "tried it")
        else:
            moves = engine.answer(told, run, step_id, at * S, "kim", given, "seen")
        run = run_of(moves, run)
    return run


@pytest.mark.parametrize("city", CITIES)
def test_each_way_of_each_procedure_leads_to_its_end(books: dict[str, ProcedureBook], city: str) -> None:
    for told in books[city].procedures.values():
        for edge in edges(told):
            run = walk(told, way(told, edge))
            assert not run.going and not run.open_steps, f"{told.id}: {edge}"
            kinds = {one.kind for one in run.notices}
            assert ("skipped" in kinds) == any(one.state == "skipped" for one in run.steps)


@pytest.mark.parametrize("city", CITIES)
def test_each_fact_that_a_step_waits_for_moves_it_on(books: dict[str, ProcedureBook], city: str) -> None:
    for told in books[city].procedures.values():
        for step in told.steps.values():
            facts = [(fact, "") for fact in step.done_by] if not step.all_facts else []
            facts += [(fact, one.id) for one in step.answers for fact in one.by]
            before = shortest(told, step.id, told.first)
            choices = [(one, choice(told, one, to)) for one, to in itertools.pairwise(before)]
            for fact, given in facts:
                run = walk(told, choices)
                standing = run.standing(step.id)
                assert standing is not None and standing.state == "open", f"{told.id}/{step.id}"
                run = ProcedureRun(**{name: getattr(run, name) for name in run.__struct_fields__
                                      if name != "heard"}, heard={fact: 900 * S})  # fmt: skip
                run = run_of(engine.look(told, run, 900 * S), run)
                after = run.standing(step.id)
                assert after is not None and after.state != "open", f"{told.id}/{step.id}: {fact}"
                assert after.answer == given


@pytest.mark.parametrize("city", CITIES)
def test_no_shipped_procedure_lets_an_emergency_wait_unseen(
    books: dict[str, ProcedureBook], city: str
) -> None:
    """A hand-off that no partner confirms is told to the supervisor: of the types of priority 1 within two
    minutes, else within a quarter of an hour; and each has the number to call when the line is down."""
    types = load_profile(city).incident_types
    for told in books[city].procedures.values():
        urgent = any(types[one].priority == 1 for one in told.incident_types)
        for step in told.steps.values():
            if any(fact.startswith("handoff_received") for fact in step.done_by):
                assert 0 < step.escalate_s <= (120 if urgent else 900), f"{told.id}/{step.id}"
                assert any(act.act == "hand_off" for act in step.acts), f"{told.id}/{step.id}"
                assert any(act.act == "phone" and act.number for act in step.acts), f"{told.id}/{step.id}"
        assert any(step.kind == "remark" for step in told.steps.values()), told.id


@pytest.mark.parametrize("city", CITIES)
def test_every_text_is_short_said_in_both_languages_and_without_marks(
    books: dict[str, ProcedureBook], city: str
) -> None:
    for told in books[city].procedures.values():
        for step in told.steps.values():
            for words in (step.text, *(one.name for one in step.answers)):
                assert "{" not in words.en + words.ko
                assert re.search("[가-힣]|^[0-9]+$", words.ko), f"{told.id}/{step.id}: {words.ko}"
                assert not re.search("[가-힣]", words.en), f"{told.id}/{step.id}: {words.en}"
            assert len(step.text.en) <= 160 and len(step.text.ko) <= 90, f"{told.id}/{step.id}"
