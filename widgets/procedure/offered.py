"""What a person asked of the acts that steps offer, and whether the record says that it is done. Qt-free."""

from __future__ import annotations

from console.model.procedurerun import ProcedureRun
from widgets.procedure.view import Key, OpenStep, fact_of
from widgets.procedure.words import Words


class Offered:
    """Pending from the click until the record has the fact, by incident, step and place of the act."""

    def __init__(self) -> None:
        self._asked: dict[tuple[str, Key], dict[int, int]] = {}

    def ask(self, incident_id: str, step: OpenStep, place: int, now_ns: int) -> None:
        """This act of the step was asked for; what the record never says of is not waited for."""
        if step.step is not None and fact_of(step.step.acts[place]):
            self._asked.setdefault((incident_id, step.key), {})[place] = now_ns

    def told(self, incident_id: str, step: OpenStep, run: ProcedureRun, words: Words) -> dict[int, str]:
        """What became of each, by its place."""
        found = {}
        for place, asked_ns in self._asked.get((incident_id, step.key), {}).items():
            assert step.step is not None
            done_ns = run.heard.get(fact_of(step.step.acts[place]), 0)
            name, at_ns = ("came", done_ns) if done_ns >= asked_ns else ("asked", asked_ns)
            found[place] = words.say(f"offer.{name}", clock=words.moments.clock(at_ns))
        return found
