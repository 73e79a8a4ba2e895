"""Procedures: what an operator is led through when something happens, as the profile holds it for one city.

A step leads to another; decisions and automatic checks lead to one of several. `END` is where a way ends.
"""

from __future__ import annotations

from typing import Literal

from console.model.base import Record, Words

END = "end"
"""Where a way through a procedure ends."""

StepKind = Literal["information", "task", "decision", "remark", "check"]
"""information: to be read; task: to be done; decision: one of the answers; remark: words to be written;
check: an answer that the log gives, or a person who has seen for himself."""
Comment = Literal["none", "may", "must"]
Act = Literal[
    "open_cameras", "look_back", "keep_footage", "hand_off", "control", "phone", "order_repair", "note",
    "answer_reports", "read_warning", "resolve",
]  # fmt: skip
"""What a step can offer to do with one key. `look_back`: recorded pictures; `keep_footage`: lock them."""
FactName = Literal[
    "acknowledged", "verified_real", "verified_false", "verified_test", "noted",
    "cameras_opened", "footage_seen", "footage_locked", "handoff_sent",
    "handoff_received", "handoff_accepted", "handoff_rejected", "handoff_dispatched", "handoff_arrived",
    "handoff_closed", "handoff_stalled", "control_sent", "control_done", "control_effective",
    "control_failed", "alarms_over", "devices_up", "repair_ordered", "repair_done", "reports_answered",
    "warning_read", "warning_over", "resolved", "closed",
]  # fmt: skip
"""What the log can say about an incident, see `console.model.procedurefacts`."""


def fact_key(name: str, subject: str = "", value: str = "") -> str:
    """How a fact is named: "handoff_received/KR-119", "control_done/barrier/close", "alarms_over"."""
    return "/".join(one for one in (name, subject, value) if one)


class StepAct(Record, frozen=True, kw_only=True):
    """One act that a step offers. `agency` of a hand-off or call; `control`, `value` and how far from the
    incident its devices may be (`within_m`) of an order; `who` is called, under `number` where it is known.
    """

    act: Act
    agency: str = ""
    control: str = ""
    value: str = ""
    within_m: float = 0.0
    who: Words | None = None
    number: str = ""


class StepAnswer(Record, frozen=True, kw_only=True):
    """One way on. `by`: facts that give it by themselves, any one of them; `after_s`: given when nothing else
    was until then (0: never)."""

    id: str
    name: Words
    next: str
    comment: bool = False
    by: tuple[str, ...] = ()
    after_s: float = 0.0


class Step(Record, frozen=True, kw_only=True):
    """One step. `next` is where it leads, and for a step with answers where skipping it leads ("" nowhere).

    `beside`: it opens the next step at once and stays open beside it. `done_by`: facts that do it, any one of
    them or with `all_facts` all. `due_s`, `escalate_s`: after that long it is overdue, or told to the
    supervisor (0: never). `work`: a name of what it achieves; done under this name in one procedure it is
    done in the next when the incident turns out to be something else.
    """

    id: str
    kind: StepKind
    text: Words
    why: Words | None = None
    next: str = ""
    beside: bool = False
    comment: Comment = "none"
    may_skip: bool = True
    due_s: float = 0.0
    escalate_s: float = 0.0
    acts: tuple[StepAct, ...] = ()
    done_by: tuple[str, ...] = ()
    all_facts: bool = False
    answers: tuple[StepAnswer, ...] = ()
    work: str = ""

    def answer(self, answer_id: str) -> StepAnswer | None:
        """The answer of that id."""
        return next((one for one in self.answers if one.id == answer_id), None)


class Procedure(Record, frozen=True, kw_only=True):
    """A procedure as it is in one city: steps of its country, agencies by their ids, no marks in the texts.
    `digest`: SHA-256 of all of it; `first` is the step it begins with."""

    id: str
    version: int
    name: Words
    incident_types: tuple[str, ...]
    source: str
    first: str
    steps: dict[str, Step]
    digest: str = ""

    @property
    def key(self) -> str:
        """Names the procedure in exactly these words: "person_down@1.0f3a9c2e"."""
        return f"{self.id}@{self.version}.{self.digest[:8]}"


def procedure_id(key: str) -> str:
    """The procedure that a key names, in whatever words."""
    return key.rpartition("@")[0] or key
