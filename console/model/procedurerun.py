"""A procedure under way at one incident: what its recorded moves (`events.procedure`) amount to.

What was done can be read from the log alone, also after the city has changed its procedures.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from console.model.base import Record, Words
from console.model.events.procedure import ProcedureMoved
from console.model.procedure import StepKind, procedure_id

NoticeKind = Literal["skipped", "escalated", "by_hand", "stopped"]
NOTICED: dict[str, NoticeKind] = {
    "skipped": "skipped", "escalated": "escalated", "stopped": "stopped",
}  # fmt: skip
BY_RULE = "rule:procedure"


class StepStanding(Record, frozen=True, kw_only=True):
    """One opening of one step, and how it ended; `state` is "open" until then."""

    procedure: str
    step: str
    round: int
    kind: StepKind | Literal[""]
    text: Words | None
    opened_ns: int
    state: Literal["open", "done", "answered", "skipped", "left"] = "open"
    closed_ns: int = 0
    who: str = ""
    answer: str = ""
    answer_words: Words | None = None
    comment: str = ""
    because: str = ""
    work: str = ""
    overdue_ns: int = 0
    escalated_ns: int = 0


class ProcedureNotice(Record, frozen=True, kw_only=True):
    """What a supervisor has to be told at once: a skip with its reason, a step that waits too long, a check
    that a person answered by hand, an incident that ended with steps left."""

    kind: NoticeKind
    at_ns: int
    who: str
    step: str = ""
    round: int = 0
    text: Words | None = None
    comment: str = ""
    seen_by: str = ""
    seen_ns: int = 0


class ProcedureRun(Record, frozen=True, kw_only=True):
    """How the procedure of one incident stands. `procedure` is its key. `steps` are the openings, oldest
    first; those before `begun` belong to earlier procedures of the same incident. `heard`: facts of the log
    and when they were last true (ns).
    """

    incident_id: str
    procedure: str = ""
    started_ns: int = 0
    ended_ns: int = 0
    begun: int = 0
    steps: tuple[StepStanding, ...] = ()
    notices: tuple[ProcedureNotice, ...] = ()
    heard: dict[str, int] = msgspec.field(default_factory=dict)

    @property
    def open_steps(self) -> tuple[StepStanding, ...]:
        """What waits, oldest first."""
        return tuple(one for one in self.steps[self.begun :] if one.state == "open")

    @property
    def going(self) -> bool:
        """Whether there is a procedure and it has not ended."""
        return bool(self.procedure) and not self.ended_ns

    def standing(self, step_id: str) -> StepStanding | None:
        """The newest opening of a step of the present procedure."""
        return next((one for one in reversed(self.steps[self.begun :]) if one.step == step_id), None)

    def earlier(self, step_id: str, work: str) -> StepStanding | None:
        """What already achieved the same in an earlier procedure of this incident: a step that names the same
        work, or the same step of the same procedure in other words. The newest; None where nothing did."""
        mine = procedure_id(self.procedure)
        for one in reversed(self.steps[: self.begun]):
            same = one.step == step_id and procedure_id(one.procedure) == mine
            if one.state in ("done", "answered") and (same or (work and one.work == work)):
                return one
        return None

    def unseen(self) -> tuple[ProcedureNotice, ...]:
        """What no supervisor has confirmed yet."""
        return tuple(one for one in self.notices if not one.seen_by)


def moved(run: ProcedureRun, move: ProcedureMoved) -> ProcedureRun:
    """The run after a move. Never fails: a move about a step that is not open changes no step."""
    replace = msgspec.structs.replace
    if move.move == "started":
        return replace(
            run, procedure=move.procedure, started_ns=move.at_ns, ended_ns=0, begun=len(run.steps)
        )
    if move.move == "opened":
        opened = StepStanding(
            procedure=move.procedure, step=move.step, round=move.round, kind=move.step_kind, text=move.text,
            opened_ns=move.at_ns, work=move.work,
        )
        return replace(run, steps=(*run.steps, opened))
    notices = (*run.notices, notice) if (notice := _notice(move)) is not None else run.notices
    if move.move in ("finished", "stopped"):
        return replace(run, ended_ns=move.at_ns, notices=notices)
    return replace(run, notices=notices, steps=tuple(_step(one, move) for one in run.steps))


def _step(one: StepStanding, move: ProcedureMoved) -> StepStanding:
    named = (one.procedure, one.step, one.round) == (move.procedure, move.step, move.round)
    if one.state != "open" or not named:
        return one
    if move.move == "overdue":
        return msgspec.structs.replace(one, overdue_ns=move.at_ns)
    if move.move == "escalated":
        return msgspec.structs.replace(one, escalated_ns=move.at_ns)
    assert move.move in ("done", "answered", "skipped", "left")
    return msgspec.structs.replace(
        one, state=move.move, closed_ns=move.at_ns, who=move.who, answer=move.answer,
        answer_words=move.answer_words, comment=move.comment, because=move.because,
    )


def _notice(move: ProcedureMoved) -> ProcedureNotice | None:
    kind: NoticeKind | None = "by_hand" if move.by_hand else NOTICED.get(move.move)
    if kind is None or (kind == "stopped" and move.answer in ("false", "test")):
        return None
    return ProcedureNotice(
        kind=kind, at_ns=move.at_ns, who=move.who, step=move.step, round=move.round, text=move.text,
        comment=move.comment,
    )


def seen(run: ProcedureRun, person: str, at_ns: int, until_ns: int) -> ProcedureRun:
    """A supervisor has seen the notices up to `until_ns`."""
    return msgspec.structs.replace(
        run,
        notices=tuple(
            msgspec.structs.replace(one, seen_by=person, seen_ns=at_ns)
            if not one.seen_by and one.at_ns <= until_ns else one
            for one in run.notices
        ),
    )  # fmt: skip
