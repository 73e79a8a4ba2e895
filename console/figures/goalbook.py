"""The year's goals as the record stands: read on from where it was left, figured for any time."""

from __future__ import annotations

from console.figures.conditions import ConditionBook
from console.ledger import LedgerReader
from console.model.query import GoalFigure, GoalsPage
from console.profile import Profile
from console.rules.goals import GoalFacts, is_met

MOST_PARTS = 60


class GoalBook:
    """One thread, the reader's."""

    def __init__(self, profile: Profile, conditions: ConditionBook) -> None:
        self._profile, self._conditions = profile, conditions
        self._facts = GoalFacts(profile)
        self._seq = 0

    def read(self, reader: LedgerReader) -> None:
        """Take in what the record has gained."""
        self._conditions.read(reader)
        for entry in reader.of_kinds(GoalFacts.KINDS, self._seq):
            self._seq = entry.seq
            self._facts.take(entry)

    def page(self, from_ns: int, to_ns: int, parts: int = 1) -> GoalsPage:
        """Of [from, to), or from the record's beginning where that is later."""
        from_ns = max(from_ns, self._conditions.began_ns)
        to_ns = max(from_ns, to_ns)
        parts = min(max(parts, 1), MOST_PARTS)
        rows = self._profile.columns.row_of
        edges = [from_ns + (to_ns - from_ns) * part // parts for part in range(parts + 1)]
        whole = self._conditions.spent(from_ns, to_ns, rows)
        pieces = [self._conditions.spent(edges[part], edges[part + 1], rows) for part in range(parts)]
        figures = []
        for goal in self._profile.goals.values():
            value, facts = self._facts.figure(goal, whole, from_ns, to_ns)
            each = tuple(
                self._facts.figure(goal, piece, edges[part], edges[part + 1])[0]
                for part, piece in enumerate(pieces)
            )
            figures.append(
                GoalFigure(goal_id=goal.id, value=value, facts=facts, met=is_met(goal, value), parts=each)
            )
        return GoalsPage(from_ns=from_ns, to_ns=to_ns, figures=tuple(figures))
