"""What happens next in a procedure: started, worked on by persons, by facts and by time, replaced, ended.

Pure. Every function takes the run as it stands and gives the moves to record; `moved` makes the next run of
them. After each of them `settle` has been done: nothing that the log already answers waits for a person.
At any time one step waits for its turn at most; steps opened `beside` it stay open next to it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from console.clock import SECOND_NS
from console.model.base import Words
from console.model.events.procedure import MoveKind, ProcedureMoved
from console.model.procedure import END, Procedure, Step
from console.model.procedurerun import (
    BY_RULE,
    ProcedureRun,
    StepStanding,
    moved,
)

LONGEST_COMMENT = 4_000
Moves = tuple[ProcedureMoved, ...]
Waited = Callable[[StepStanding], int]
"""How long (ns) a step has been open. Whoever has a clock that never jumps says it by that; without it the
wall clock's time since its opening counts."""


class ProcedureError(Exception):
    """An order that cannot be followed. `code` is stable: no_procedure, not_open, needs_comment,
    long_comment, needs_answer, no_such_answer, no_answers, no_skip, needs_reason."""

    def __init__(self, code: str) -> None:
        self.code = code
        super().__init__(code)


@dataclass(slots=True)
class _Turn:
    """Moves in the making, and the run that they have led to so far."""

    procedure: Procedure
    run: ProcedureRun
    now: int
    waited: Waited | None = None
    moves: list[ProcedureMoved] = field(default_factory=list)

    def add(
        self, move: MoveKind, who: str, step: Step | None = None, round_: int = 0, answer: str = "",
        answer_words: Words | None = None, comment: str = "", because: str = "", by_hand: bool = False,
    ) -> None:  # fmt: skip
        made = ProcedureMoved(
            incident_id=self.run.incident_id, procedure=self.procedure.key, move=move, at_ns=self.now,
            who=who, round=round_, answer=answer, answer_words=answer_words,
            comment=comment, because=because, by_hand=by_hand,
            step=step.id if step is not None else "", step_kind=step.kind if step is not None else "",
            text=step.text if step is not None else self.procedure.name,
            work=step.work if step is not None else "",
            due_s=step.due_s if step is not None and move == "opened" else 0.0,
        )  # fmt: skip
        self.moves.append(made)
        self.run = moved(self.run, made)

    def waits(self, standing: StepStanding) -> int:
        """How long a step has been open, ns."""
        return self.waited(standing) if self.waited is not None else self.now - standing.opened_ns

    def open_at(self, step_id: str) -> None:
        """Open a step, and those after it that are opened beside it."""
        seen: set[str] = set()
        while step_id != END and step_id not in seen:
            seen.add(step_id)
            step = self.procedure.steps[step_id]
            before = self.run.standing(step_id)
            if before is None or before.state != "open":
                round_ = before.round + 1 if before is not None else 1
                self.add("opened", BY_RULE, step, round_)
            if not step.beside:
                return
            step_id = step.next

    def close(
        self, move: MoveKind, step: Step, round_: int, who: str, onward: str,
        **said: str | bool | Words | None,
    ) -> None:  # fmt: skip
        """End an opening and open what follows it, unless that was opened when this one was."""
        self.add(move, who, step, round_, **said)  # type: ignore[arg-type]
        if not step.beside:
            self.open_at(onward)

    def leave(self, who: str) -> None:
        """Leave every open step; its own words are told, as the procedure may have others by now."""
        for standing in self.run.open_steps:
            left = ProcedureMoved(
                incident_id=self.run.incident_id, procedure=standing.procedure, move="left", at_ns=self.now,
                who=who, step=standing.step, round=standing.round, step_kind=standing.kind,
                text=standing.text,
            )  # fmt: skip
            self.moves.append(left)
            self.run = moved(self.run, left)

    def settle(self) -> None:
        """Everything that facts, time and earlier work settle; then the end, when nothing is left open."""
        while self._one_by_itself():
            pass
        for standing in self.run.open_steps:
            self._time(self.procedure.steps[standing.step], standing)
        if not self.run.open_steps and self.run.going:
            self.add("finished", BY_RULE)

    def _one_by_itself(self) -> bool:
        for standing in self.run.open_steps:
            step = self.procedure.steps[standing.step]
            if self._carried(step, standing) or self._by_fact(step, standing):
                return True
        return False

    def _carried(self, step: Step, standing: StepStanding) -> bool:
        """Done in an earlier procedure of this incident: not asked again."""
        if standing.round > 1:
            return False
        done = self.run.earlier(step.id, step.work)
        if done is None or bool(step.answers) != (done.state == "answered"):
            return False
        given = step.answer(done.answer)
        if step.answers and given is None:
            return False
        self.close(
            "answered" if given is not None else "done", step, standing.round, done.who,
            given.next if given is not None else step.next, answer=done.answer,
            answer_words=given.name if given is not None else None, comment=done.comment, because="earlier",
        )  # fmt: skip
        return True

    def _by_fact(self, step: Step, standing: StepStanding) -> bool:
        """In the first round all that happened since the incident began counts, later what is new."""
        since = standing.opened_ns if standing.round > 1 else -1
        heard = self.run.heard

        def true(fact: str) -> bool:
            return heard.get(fact, -2) > since

        if step.done_by and (all if step.all_facts else any)(true(one) for one in step.done_by):
            because = next(one for one in step.done_by if true(one))
            self.close("done", step, standing.round, BY_RULE, step.next, because=because)
            return True
        for answer in step.answers:
            because = next((one for one in answer.by if true(one)), "")
            late = bool(answer.after_s) and self.waits(standing) >= answer.after_s * SECOND_NS
            if because or late:
                self.close(
                    "answered", step, standing.round, BY_RULE, answer.next, answer=answer.id,
                    answer_words=answer.name, because=because or "time",
                )  # fmt: skip
                return True
        return False

    def _time(self, step: Step, standing: StepStanding) -> None:
        waited = self.waits(standing)
        if step.due_s and not standing.overdue_ns and waited >= step.due_s * SECOND_NS:
            self.add("overdue", BY_RULE, step, standing.round)
        if step.escalate_s and not standing.escalated_ns and waited >= step.escalate_s * SECOND_NS:
            self.add("escalated", BY_RULE, step, standing.round)


def start(
    procedure: Procedure, run: ProcedureRun, now_ns: int, who: str = BY_RULE, reason: str = "",
    waited: Waited | None = None,
) -> Moves:  # fmt: skip
    """Begin a procedure at an incident that has none yet, or has another one: what is open of that is left,
    what was done stays on the record, and steps that achieve the same are done already.

    `reason` is why a person took another one. The same procedure in the same words again: no move. Raises
    ProcedureError for a reason that is too long.
    """
    if run.procedure == procedure.key and run.going:
        return ()
    words = _comment(reason)
    turn = _Turn(procedure, run, now_ns, waited)
    turn.leave(who)
    turn.add("started", who, comment=words)
    turn.open_at(procedure.first)
    turn.settle()
    return tuple(turn.moves)


def answer(
    procedure: Procedure, run: ProcedureRun, step_id: str, now_ns: int, person: str, answer_id: str = "",
    comment: str = "", waited: Waited | None = None,
) -> Moves:  # fmt: skip
    """A person did a step, read it, wrote its remark, or gave one of its answers.

    Raises ProcedureError. What the log or time could have answered of a check is answered by hand with a
    comment only, and the supervisor is told: the person says something else than the log, or sooner.
    """
    step, standing = _open(procedure, run, step_id)
    words = _comment(comment)
    turn = _Turn(procedure, run, now_ns, waited)
    who = f"person:{person}"
    if not step.answers:
        if answer_id:
            raise ProcedureError("no_answers")
        if not words and (step.comment == "must" or step.kind == "remark"):
            raise ProcedureError("needs_comment")
        turn.close("done", step, standing.round, who, step.next, comment=words)
    else:
        if not answer_id:
            raise ProcedureError("needs_answer")
        given = step.answer(answer_id)
        if given is None:
            raise ProcedureError("no_such_answer")
        by_hand = step.kind == "check" and bool(given.by or given.after_s)
        if not words and (by_hand or given.comment or step.comment == "must"):
            raise ProcedureError("needs_comment")
        turn.close(
            "answered", step, standing.round, who, given.next, answer=given.id, answer_words=given.name,
            comment=words, by_hand=by_hand,
        )  # fmt: skip
    turn.settle()
    return tuple(turn.moves)


def skip(
    procedure: Procedure, run: ProcedureRun, step_id: str, now_ns: int, person: str, reason: str,
    waited: Waited | None = None,
) -> Moves:  # fmt: skip
    """A person leaves a step out, and says why. The move is a notice to the supervisor. Raises
    ProcedureError."""
    step, standing = _open(procedure, run, step_id)
    if not step.may_skip or (step.answers and not step.next):
        raise ProcedureError("no_skip")
    words = _comment(reason)
    if not words:
        raise ProcedureError("needs_reason")
    turn = _Turn(procedure, run, now_ns, waited)
    turn.close("skipped", step, standing.round, f"person:{person}", step.next, comment=words)
    turn.settle()
    return tuple(turn.moves)


def look(procedure: Procedure, run: ProcedureRun, now_ns: int, waited: Waited | None = None) -> Moves:
    """What facts that were heard and time have brought since; call it after `hear` and each second. A run
    in other words (an edited file, a console that was started again) goes over to these."""
    if not run.going:
        return ()
    if run.procedure != procedure.key:
        return start(procedure, run, now_ns, waited=waited)
    turn = _Turn(procedure, run, now_ns, waited)
    turn.settle()
    return tuple(turn.moves)


def stop(
    procedure: Procedure, run: ProcedureRun, now_ns: int, who: str, outcome: str = "real"
) -> Moves:
    """The incident ended. Steps still open are left, and the supervisor is told that there were some; not
    where it was false or a test, as then nothing was left undone."""
    if not run.going:
        return ()
    turn = _Turn(procedure, run, now_ns)
    turn.leave(who)
    turn.add("stopped", who, answer=outcome, comment=", ".join(one.step for one in run.open_steps))
    return tuple(turn.moves)


def wakes_in_ns(procedure: Procedure, run: ProcedureRun, waited: Waited) -> int | None:
    """In how long (ns) time alone will bring the next move; None for never. The run is one of `procedure`, in
    its words."""
    left = [
        round(after * SECOND_NS) - waited(standing)
        for standing in run.open_steps
        if run.going
        for after in _times(procedure.steps[standing.step], standing)
    ]
    return min(left, default=None)


def _times(step: Step, standing: StepStanding) -> list[float]:
    times = [one.after_s for one in step.answers if one.after_s]
    if step.due_s and not standing.overdue_ns:
        times.append(step.due_s)
    if step.escalate_s and not standing.escalated_ns:
        times.append(step.escalate_s)
    return times


def _open(procedure: Procedure, run: ProcedureRun, step_id: str) -> tuple[Step, StepStanding]:
    if not run.going or run.procedure != procedure.key:
        raise ProcedureError("no_procedure")
    standing = run.standing(step_id)
    if standing is None or standing.state != "open" or step_id not in procedure.steps:
        raise ProcedureError("not_open")
    return procedure.steps[step_id], standing


def _comment(text: str) -> str:
    words = text.strip()
    if len(words) > LONGEST_COMMENT:
        raise ProcedureError("long_comment")
    return words
