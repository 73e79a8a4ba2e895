"""What a procedure promises: names that exist, and ways that a person can go to their end.

No step that is never reached, none that leads nowhere, no ring that turns without a person.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from console.model.control import AUTOMATIC
from console.model.procedure import END, Procedure, Step
from console.profile.problems import Problems
from console.profile.proceduretables import ActTable, FactTable, ProcedureFile, StepTable
from console.profile.profile import Profile

WITH_CONTROL = ("control_sent", "control_done", "control_effective", "control_failed")
MOST_STEPS = 200
LONGEST_TEXT = 300
"""An operator reads it while somebody needs help."""


def check_table(file: ProcedureFile, stem: str, profile: Profile, shown: str, problems: Problems) -> None:
    """Everything one file says that does not depend on the country."""
    told = file.procedure
    if told.id != stem:
        problems.add(shown, "procedure", "id", f"the file's own name {stem!r}", told.id)
    if not told.incident_types:
        problems.say(shown, "procedure", "incident_types", "at least one", "none")
    for one in told.incident_types:
        if one not in profile.incident_types:
            problems.add(shown, "procedure", "incident_types", "an incident type", one)
    if not file.steps or len(file.steps) > MOST_STEPS:
        problems.say(shown, "steps", "", f"1 to {MOST_STEPS} steps", str(len(file.steps)))
    ids = [step.id for step in file.steps]
    known = {*ids, END}
    for row, step in enumerate(file.steps):
        table = f"steps[{row}] ({step.id})"
        if step.id == END or ids.index(step.id) != row:
            problems.add(shown, table, "id", f"each only once, and not {END!r}", step.id)
        for key, target in _targets(step):
            if target and target not in known:
                problems.add(shown, table, key, f"a step of this file, or {END!r}", target)
        _check_kind(step, shown, table, problems)
        for number, act in enumerate(step.acts):
            _check_act(act, shown, table, f"acts[{number}]", problems)
        _check_facts(step.done_by, shown, table, "done_by", problems)
        for number, answer in enumerate(step.answers):
            _check_facts(answer.by, shown, table, f"answers[{number}].by", problems)


def _targets(step: StepTable) -> Iterator[tuple[str, str]]:
    yield "next", step.next
    for number, answer in enumerate(step.answers):
        yield f"answers[{number}].next", answer.next


def _check_kind(step: StepTable, shown: str, table: str, problems: Problems) -> None:
    def want(key: str, wanted: str, found: str) -> None:
        problems.say(shown, table, key, wanted, found)

    answered = step.kind in ("decision", "check")
    if answered and len(step.answers) < 2:
        want("answers", f"at least two, as it is a {step.kind}", str(len(step.answers)))
    if not answered and step.answers:
        want("answers", f"nothing, as it is a {step.kind}", str(len(step.answers)))
    names = [one.id for one in step.answers]
    for one in names:
        if names.count(one) > 1:
            want("answers.id", "each only once", one)
    if answered:
        for key in ("beside", "done_by", "work"):
            if getattr(step, key):
                want(key, f"nothing, as it is a {step.kind}", "something")
    timed = [one for one in step.answers if one.after_s]
    if step.kind == "check":
        if not any(one.by for one in step.answers):
            want("answers.by", "a fact at one of the answers, as it is a check", "none")
        if not timed and not step.escalate_s:
            want("escalate_s", "above 0, or an answer with after_s: a check must not wait unseen", "0")
    elif timed:
        want("answers.after_s", f"0, as it is a {step.kind}: time decides nothing for a person", "more")
    if len(timed) > 1:
        want("answers.after_s", "at one answer only", str(len(timed)))
    if step.escalate_s and step.escalate_s <= step.due_s:
        want("escalate_s", f"more than due_s ({step.due_s:g}), or 0", f"{step.escalate_s:g}")
    if step.all_facts and len(step.done_by) < 2:
        want("all_facts", "false where fewer than two facts are named", "true")
    if step.kind == "remark" and step.done_by:
        want("done_by", "nothing, as it is a remark: a person writes it", "something")
    for language, text in (("en", step.text.en), ("ko", step.text.ko)):
        if len(text) > LONGEST_TEXT:
            wanted = f"at most {LONGEST_TEXT} signs; the rest belongs into why"
            want("text", wanted, f"{len(text)} ({language})")


def _check_act(act: ActTable, shown: str, table: str, key: str, problems: Problems) -> None:
    def want(name: str, wanted: str, found: str) -> None:
        problems.say(shown, table, f"{key}.{name}", wanted, found)

    if act.act == "hand_off" and not act.agency:
        want("agency", "police, fire or ambulance", "nothing")
    if (act.act == "control") != bool(act.control):
        want("control", "the id of a control, for the act control only", act.control or "nothing")
    if act.act == "phone" and not act.agency and act.who is None:
        want("who", "whom to call, or an agency", "nothing")
    if act.agency and act.act not in ("hand_off", "phone"):
        want("agency", f"nothing, as the act is {act.act}", act.agency)
    if act.optional and not act.control:
        want("optional", "false where no control is named", "true")


def _check_facts(
    facts: Iterable[FactTable], shown: str, table: str, key: str, problems: Problems
) -> None:
    for number, one in enumerate(facts):
        where = f"{key}[{number}]"
        if (one.fact in WITH_CONTROL) != bool(one.control):
            wanted = "the id of a control, for facts about controls only"
            problems.say(shown, table, f"{where}.control", wanted, one.control or "nothing")
        if one.value and not one.control:
            problems.say(shown, table, f"{where}.value", "nothing without a control", one.value)
        if one.agency and not one.fact.startswith("handoff_"):
            problems.say(shown, table, f"{where}.agency", f"nothing, as the fact is {one.fact}", one.agency)


def check_control(
    profile: Profile, control_id: str, value: str, shown: str, table: str, key: str, problems: Problems
) -> None:
    """The control must exist in this city and know the value; no value leaves the choice to the person."""
    control = profile.controls.get(control_id)
    if control is None:
        wanted = "a control of the city (optional = true at the act where a city may not have it)"
        problems.add(shown, table, f"{key}.control", wanted, control_id)
        return
    known = [one.id for one in control.choices] + ([AUTOMATIC] if control.automatic else [])
    if not value or value in known or control.text is not None:
        return
    if control.range is not None:
        try:
            within = control.range.low <= float(value) <= control.range.high
        except ValueError:
            within = False
        if not within:
            wanted = f"{control.range.low:g} .. {control.range.high:g}"
            problems.add(shown, table, f"{key}.value", wanted, value)
    else:
        problems.add(shown, table, f"{key}.value", f"one of {', '.join(known)}", value)


def ways(step: Step) -> Iterator[str]:
    """Where a step can lead: each once for each way."""
    for answer in step.answers:
        yield answer.next
    if not step.answers or (step.may_skip and step.next):
        yield step.next


def ways_alone(step: Step) -> Iterator[str]:
    """Where a step can lead without any person."""
    if step.beside or step.done_by:
        yield step.next
    for answer in step.answers:
        if answer.by or answer.after_s:
            yield answer.next


def check_ways(procedure: Procedure, shown: str, problems: Problems) -> None:
    """The graph of a procedure as it is in the city."""
    steps = procedure.steps
    reached = _closure([procedure.first], lambda one: ways(steps[one]) if one in steps else ())
    back: dict[str, list[str]] = {one: [] for one in (*steps, END)}
    for one, step in steps.items():
        for target in ways(step):
            back[target].append(one)
    ending = _closure([END], lambda one: back[one])
    for number, one in enumerate(steps):
        table = f"steps ({one})"
        if one not in reached:
            problems.say(shown, table, "", "a step that can be reached", f"none leads to step {number + 1}")
        if one not in ending:
            problems.say(shown, table, "", "a way to the end from here", "a ring or a dead end")
    ring = _ring(procedure)
    if ring:
        wanted = "a person in every ring, or it would turn for ever"
        problems.say(shown, f"steps ({ring[0]})", "next", wanted, " > ".join((*ring, ring[0])))


def _closure(begin: list[str], onward: Callable[[str], Iterable[str]]) -> set[str]:
    found: set[str] = set()
    while begin:
        one = begin.pop()
        if one not in found:
            found.add(one)
            begin.extend(onward(one))
    return found


def _ring(procedure: Procedure) -> tuple[str, ...]:
    """A ring of ways that need no person; empty where there is none."""
    done: set[str] = set()
    path: list[str] = []

    def visit(one: str) -> tuple[str, ...]:
        if one == END or one in done:
            return ()
        if one in path:
            return tuple(path[path.index(one) :])
        path.append(one)
        for target in ways_alone(procedure.steps[one]):
            ring = visit(target)
            if ring:
                return ring
        path.pop()
        done.add(one)
        return ()

    for step_id in procedure.steps:
        ring = visit(step_id)
        if ring:
            return ring
    return ()
