"""How far the work on an incident is, in words: stage and verdict, hold, who was told that it waits, whose it
is, and why it stands where it stands. Qt-free.
"""

from __future__ import annotations

from console.desk.casequeue import AMBER, Line, Standing
from console.language import Catalogue
from console.model.casework import Case
from widgets.kit.moments import Moments

LEVEL_MARK = "▲"
"""Once for each level of escalation: the number is seen without reading."""
IDLE_MARK = "◇"
PART_MARK = "└"
FOLDED_MARK, UNFOLDED_MARK = "▸", "▾"
LEVELS = 3


class CaseWords:
    """In the catalogue's present language."""

    def __init__(self, catalogue: Catalogue, moments: Moments) -> None:
        self._catalogue, self._moments = catalogue, moments

    def stage(self, case: Case) -> str:
        """The stage, with the verdict where there is one; a hold and a merge before all else."""
        say = self._catalogue.say
        if case.merged_into:
            return say("incidents.state.merged", incident=case.merged_into)
        words = say(f"report.stage.{case.stage}")
        if case.verdict:
            verdict = say(f"casework.verdict.{case.verdict}")
            words = say("incidents.state.verdict", stage=words, verdict=verdict)
        if case.hold is not None:
            return say("incidents.state.held", until=self._moments.minute(case.hold.until_ns), state=words)
        return words

    def raised(self, case: Case) -> str:
        """Who was told that nobody acts, "" where nobody had to be."""
        if not case.raised or not case.is_worked:
            return ""
        level = min(case.raised, LEVELS)
        return f"{LEVEL_MARK * level} {self._catalogue.say(f'incidents.raised.{level}')}"

    def owner(self, case: Case, how: Standing) -> str:
        """Whose it is, marked where whoever has it does nothing."""
        return f"{IDLE_MARK} {case.owner}" if how in AMBER and case.is_worked else case.owner

    def whose(self, case: Case, how: Standing) -> str:
        """Whose it is and how the claim stands, in full."""
        say = self._catalogue.say
        if not case.owner:
            return say("incidents.no_owner")
        owner = say("incidents.detail.owner", owner=case.owner)
        if not case.is_worked or how == "working":
            return owner
        return say("incidents.detail.claim", owner=owner, claim=say(f"casework.claim.{how}"))

    def why(self, line: Line | None) -> str:
        """Why it stands where it stands: "Priority 1 +1000 · Nobody has it +120 = 1120"."""
        if line is None:
            return ""
        say = self._catalogue.say
        parts = [
            f"{say(f'casework.why.{one.code}', number=one.number)} {one.points:+d}" for one in line.why
        ]  # fmt: skip
        return say("incidents.why_here", reasons=" · ".join(parts), points=line.points)
