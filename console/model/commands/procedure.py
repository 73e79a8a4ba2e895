"""Orders about the procedure of an incident."""

from __future__ import annotations

from console.model.commands.base import Command


class AnswerStep(Command, frozen=True, kw_only=True, tag="answer_step"):
    """A step is done, read or written, or `answer` is what it is. `round`: which opening of the step."""

    incident_id: str
    step: str
    round: int
    answer: str = ""
    comment: str = ""


class SkipStep(Command, frozen=True, kw_only=True, tag="skip_step"):
    """Leave a step out; supervisors are told the reason at once."""

    incident_id: str
    step: str
    round: int
    reason: str


class SeeProcedureNotices(Command, frozen=True, kw_only=True, tag="see_procedure_notices"):
    """A supervisor has seen what there is to tell of the incident's procedure, up to `until_ns`."""

    incident_id: str
    until_ns: int


class StartProcedure(Command, frozen=True, kw_only=True, tag="start_procedure"):
    """Take another procedure than the one of the incident's type, by its id; it needs a reason."""

    incident_id: str
    procedure: str
    reason: str
