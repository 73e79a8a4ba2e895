"""What the panel shows of a procedure under way: done, open, waiting for what, for how long. Pure; no Qt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from console.clock import SECOND_NS
from console.model.procedure import Comment, Procedure, Step, StepAct, fact_key
from console.model.procedurerun import ProcedureNotice, ProcedureRun, StepStanding

Key = tuple[str, str, int]
"""(procedure's key, step, round): one opening of one step."""

_FACT_OF = {
    "open_cameras": "cameras_opened", "look_back": "footage_seen", "keep_footage": "footage_locked",
    "order_repair": "repair_ordered", "note": "noted", "answer_reports": "reports_answered",
    "read_warning": "warning_read", "resolve": "resolved",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class OpenStep:
    """One step that waits. `step` is None where this desk does not have these words. `left_s` until it is
    overdue, negative after; None where it has all the time. `waits_for`: facts that settle it by themselves.
    """

    key: Key
    standing: StepStanding
    step: Step | None
    left_s: float | None
    waits_for: tuple[str, ...]

    @property
    def asks(self) -> bool:
        """Whether a person has to do something: a check is for the record first."""
        return self.standing.kind != "check"

    @property
    def beside(self) -> bool:
        return self.step is not None and self.step.beside


@dataclass(frozen=True, slots=True)
class Done:
    """What is behind: how many steps done or answered, left out, kept from an earlier procedure; from when
    to when (ns, 0 for none)."""

    done: int
    skipped: int
    kept: int
    from_ns: int
    to_ns: int


def key_of(standing: StepStanding) -> Key:
    return standing.procedure, standing.step, standing.round


def open_steps(run: ProcedureRun, procedure: Procedure | None, now_ns: int) -> tuple[OpenStep, ...]:
    """What waits, oldest first."""
    if not run.going:
        return ()
    return tuple(_open(one, procedure, now_ns) for one in run.open_steps)


def _open(standing: StepStanding, procedure: Procedure | None, now_ns: int) -> OpenStep:
    known = procedure is not None and procedure.key == standing.procedure
    step = procedure.steps.get(standing.step) if known and procedure is not None else None
    left_s, waits_for = None, ()
    if step is not None:
        if step.due_s:
            left_s = step.due_s - (now_ns - standing.opened_ns) / SECOND_NS
            if standing.overdue_ns:
                left_s = min(left_s, 0.0)
        waits_for = tuple(dict.fromkeys((*step.done_by, *(by for one in step.answers for by in one.by))))
    return OpenStep(key_of(standing), standing, step, left_s, waits_for)


def current_of(steps: Sequence[OpenStep], wanted: Key | None) -> OpenStep | None:
    """The one a person works on: the wanted one while it waits, else the first that asks for a person and
    holds up the others, else the first that asks, else the first."""
    for fits in (
        lambda one: one.key == wanted, lambda one: one.asks and not one.beside, lambda one: one.asks,
        lambda one: True,
    ):  # fmt: skip
        found = next((one for one in steps if fits(one)), None)
        if found is not None:
            return found
    return None


def comment_for(step: Step, answer_id: str = "") -> Comment:
    """Whether words may or must come with it. A check that the record or time could have answered is said by
    hand with words only."""
    given = step.answer(answer_id) if answer_id else None
    by_hand = given is not None and step.kind == "check" and bool(given.by or given.after_s)
    if step.kind == "remark" or step.comment == "must" or by_hand or (given is not None and given.comment):
        return "must"
    return step.comment


def comment_at_all(step: Step) -> Comment:
    """The strictest that any of its answers asks for."""
    wanted = {comment_for(step), *(comment_for(step, one.id) for one in step.answers)}
    return "must" if wanted == {"must"} else "none" if wanted == {"none"} else "may"


def may_skip(step: Step) -> bool:
    """Whether it can be left out."""
    return step.may_skip and (not step.answers or bool(step.next))


def done_of(run: ProcedureRun) -> Done:
    """The present procedure's steps that are behind."""
    mine = [one for one in run.steps[run.begun :] if one.state in ("done", "answered", "skipped")]
    return Done(
        done=sum(one.state != "skipped" and one.because != "earlier" for one in mine),
        skipped=sum(one.state == "skipped" for one in mine),
        kept=sum(one.because == "earlier" for one in mine),
        from_ns=run.started_ns if mine else 0,
        to_ns=max((one.closed_ns for one in mine), default=0),
    )  # fmt: skip


def closed_steps(run: ProcedureRun) -> tuple[StepStanding, ...]:
    """Everything that is behind, of earlier procedures too, as it ended."""
    return tuple(
        sorted((one for one in run.steps if one.state != "open"), key=lambda one: one.closed_ns)
    )  # fmt: skip


def kept_by(run: ProcedureRun, procedure: Procedure) -> tuple[Step, ...]:
    """The steps of another procedure that would be done already, as this incident has them behind it."""
    changed = msgspec.structs.replace(run, procedure=procedure.key, begun=len(run.steps))
    return tuple(one for one in procedure.steps.values() if _carries(changed, one))


def _carries(run: ProcedureRun, step: Step) -> bool:
    done = run.earlier(step.id, step.work)
    if done is None or bool(step.answers) != (done.state == "answered"):
        return any(fact in run.heard for fact in step.done_by) and not step.all_facts
    return not step.answers or step.answer(done.answer) is not None


def fact_of(act: StepAct) -> str:
    """The fact by which the record says that an offered act was done; "" where it never does."""
    if act.act == "hand_off" or (act.act == "phone" and act.agency):
        return fact_key("handoff_received", act.agency)
    if act.act == "control":
        return fact_key("control_done", act.control, act.value)
    return _FACT_OF.get(act.act, "")


@dataclass(frozen=True, slots=True)
class Told:
    """What a supervisor has to be told of one incident, newest last."""

    incident_id: str
    notices: tuple[ProcedureNotice, ...]

    @property
    def until_ns(self) -> int:
        return max(one.at_ns for one in self.notices)


def untold(runs: dict[str, ProcedureRun]) -> tuple[Told, ...]:
    """All that no supervisor has confirmed, the longest waiting first."""
    found = [
        Told(run.incident_id, unseen)
        for run in runs.values()
        if run.notices and (unseen := run.unseen())
    ]  # fmt: skip
    return tuple(sorted(found, key=lambda one: (one.notices[0].at_ns, one.incident_id)))
