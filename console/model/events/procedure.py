"""What happened in procedures: each move says all that its reader needs, texts included."""

from __future__ import annotations

from typing import Literal

from console.model.base import Words
from console.model.events.base import Event
from console.model.procedure import StepKind

MoveKind = Literal[
    "started", "opened", "done", "answered", "skipped", "overdue", "escalated", "left", "stopped", "finished",
]  # fmt: skip
"""started: the procedure, which replaces an earlier one of the incident. opened: the step waits. overdue: it
has waited longer than it may. escalated: the supervisor is told. left: another procedure or the end of the
incident came first. stopped: the incident ended with steps left, `answer` says how. finished: every way has
come to its end."""


class ProcedureMoved(Event, frozen=True, kw_only=True, tag="procedure.moved"):
    """One thing that happened in the procedure of an incident. `procedure` is its key, which names its exact
    words; `text` are the step's, of a move without a step the procedure's name. `round` counts how often the
    step was opened. `who` is "person:NAME" or "rule:procedure"; `because` the fact that did it, "time", or
    "earlier" for what was done in an earlier procedure of the incident. `by_hand`: a person gave an answer of
    a check that the log or time could have given. `comment` of a start is why another procedure was taken.
    `due_s` of an opening: how long it may wait (0: no limit, and in logs of before).
    """

    incident_id: str
    procedure: str
    move: MoveKind
    at_ns: int
    who: str
    step: str = ""
    round: int = 0
    step_kind: StepKind | Literal[""] = ""
    text: Words | None = None
    answer: str = ""
    answer_words: Words | None = None
    comment: str = ""
    because: str = ""
    work: str = ""
    by_hand: bool = False
    due_s: float = 0.0


class ProcedureNoticed(Event, frozen=True, kw_only=True, tag="procedure.noticed"):
    """A supervisor confirmed what there was to be told of an incident's procedure, up to `until_ns`."""

    incident_id: str
    desk: str
    person: str
    until_ns: int
