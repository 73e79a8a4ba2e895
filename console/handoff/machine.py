"""How far one hand-off has come, and what the partner may say when. Pure: no clock, no I/O.

Lines are slow, lose answers and deliver twice, so nothing a partner says about a case we gave it is
impossible. It is judged, not refused: kept as a step, and the verdict says how it fits.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from console.handoff.texts import both
from console.model.base import Record, Words
from console.model.fact import DeliveryReport, PartnerReport
from console.model.handoff import LADDER, HandoffStage

Verdict = Literal["advanced", "jumped", "late", "reversed", "repeated", "after_end"]
"""advanced: the next rung, or a first answer · jumped: a rung was left out, it may still come · late:
an earlier rung, the stage stays · reversed: refused after accepting, or the other way; the last word
counts · repeated: nothing new, nothing to write down · after_end: the case was closed and stays so."""

RUNGS_OF_PARTNER: frozenset[HandoffStage] = frozenset(
    {"received", "accepted", "rejected", "dispatched", "on_scene", "closed"}
)


class Thread(Record, frozen=True, kw_only=True):
    """One hand-off as we see it. `heard` are the steps so far, in the order of their coming."""

    key: str
    agency: str
    stage: HandoffStage = "queued"
    attempts: int = 0
    agency_ref: str = ""
    heard: tuple[HandoffStage, ...] = ()
    message_ids: tuple[str, ...] = ()


class Step(Record, frozen=True, kw_only=True):
    """The thread after a report, how the report fits, and words for it where it does not fit simply."""

    thread: Thread
    verdict: Verdict
    words: Words | None = None


def judge(stage: HandoffStage, said: HandoffStage) -> Verdict:
    """How `said` fits a hand-off that stands at `stage`."""
    if said == "stalled":
        return "advanced" if stage in ("queued", "sent") else ("repeated" if stage == "stalled" else "late")
    if said == stage:
        return "repeated"
    if stage == "closed":
        return "after_end"
    if stage == "rejected":
        return "late" if said in ("queued", "sent", "received") else "reversed"
    if said == "rejected":
        return "advanced" if stage in ("queued", "sent", "stalled", "received") else "reversed"
    at = LADDER.index("queued" if stage == "stalled" else stage)
    to = LADDER.index(said)
    if to <= at:
        return "late"
    # An answer of the partner implies that it has the message, so a lost receipt is no missing rung.
    reached = max(at, LADDER.index("received")) if said in RUNGS_OF_PARTNER else at
    return "jumped" if to > reached + 1 else "advanced"


def step(thread: Thread, report: DeliveryReport | PartnerReport) -> Step:
    """Take a report into the thread. Raises ValueError when the report is about another hand-off."""
    if report.key != thread.key:
        raise ValueError(f"a report about {report.key} is not about {thread.key}")
    if isinstance(report, PartnerReport):
        if report.agency != thread.agency:
            raise ValueError(f"{report.agency} cannot answer for {thread.agency}")
        if report.message_id in thread.message_ids:
            return Step(thread=thread, verdict="repeated")
        thread = msgspec.structs.replace(thread, message_ids=(*thread.message_ids, report.message_id))
        said: HandoffStage = report.said
    else:
        ref = thread.agency_ref or report.agency_ref
        thread = msgspec.structs.replace(
            thread, attempts=max(thread.attempts, report.attempt), agency_ref=ref
        )
        said = report.outcome
    verdict = judge(thread.stage, said)
    if verdict == "repeated" or (verdict == "late" and said in thread.heard):
        return Step(thread=thread, verdict="repeated")
    moves = verdict in ("advanced", "jumped", "reversed")
    thread = msgspec.structs.replace(
        thread, stage=said if moves else thread.stage, heard=(*thread.heard, said)
    )
    return Step(thread=thread, verdict=verdict, words=words_of(verdict))


def words_of(verdict: Verdict) -> Words | None:
    """What a person should read beside such a step; None where there is nothing to say."""
    if verdict in ("jumped", "late", "reversed", "after_end"):
        return both(f"handoff.verdict.{verdict}")
    return None
