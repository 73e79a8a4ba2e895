"""What is wrong with the samples of a point for longer than a moment: it hangs, its clock is behind, it comes
late, its values cannot be.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from console.clock import SECOND_NS
from console.model.fieldstate import FieldState
from console.profile import Profile
from console.rules.city import Phrase
from console.rules.field.watch import Finding
from console.rules.quality import (
    CLOCK_BEHIND,
    LATE,
    NOT_A_NUMBER,
    OUT_OF_RANGE,
    STUCK,
    PointRules,
    QualityBank,
    QualityFigures,
)
from console.telemetry.table import I64, U8, UNCERTAIN, Columns, PointTable

_WORDS = (
    (OUT_OF_RANGE, "out_of_range"), (NOT_A_NUMBER, "not_a_number"), (STUCK, "stuck"),
    (CLOCK_BEHIND, "clock_behind"), (LATE, "late"),
)  # fmt: skip
"""The gravest first: one is told."""
_DOUBTFUL = STUCK | CLOCK_BEHIND
_GRAVEST: U8 = np.array(
    [next((bit for bit, _ in _WORDS if flags & bit), 0) for flags in range(256)], dtype=np.uint8
)
"""By the flags of a sample: the one that is told."""


class QualityWatch:
    """Subjects are points. `judge` sees every batch, before it is passed on. One thread."""

    rule = "quality"

    def __init__(self, figures: QualityFigures, profile: Profile, phrase: Phrase) -> None:
        points = profile.points
        units = np.array([one.unit for one in points])
        self._profile, self._phrase = profile, phrase
        self._bank = QualityBank(
            figures,
            PointRules(
                points.lows(), points.highs(), points.periods_s(), np.isin(units, figures.stuck_units)
            ),
        )
        self._after_ns = int(figures.mark_after_s * SECOND_NS)
        self._mark: U8 = np.zeros(len(points), np.uint8)
        self._since_ns: I64 = np.zeros(len(points), np.int64)
        self._last_ns: I64 = np.zeros(len(points), np.int64)

    def judge(self, batch: Columns, received_at_ns: int) -> U8 | None:
        """The qualities with what hangs or has a wrong clock as uncertain; None where nothing changes."""
        flags = self._bank.judge(batch, received_at_ns)
        points = batch.points
        mark = _GRAVEST[flags]
        begun = mark != self._mark[points]
        self._since_ns[points[begun]] = received_at_ns
        self._mark[points] = mark
        self._last_ns[points] = received_at_ns
        doubtful = (flags & _DOUBTFUL) != 0
        if not doubtful.any():
            return None
        return np.where(doubtful, np.maximum(batch.quality, UNCERTAIN), batch.quality).astype(np.uint8)

    def look(
        self, table: PointTable, now_ns: int, standing: Mapping[str, FieldState]
    ) -> Mapping[str, str]:
        bad = (self._mark != 0) & (self._last_ns - self._since_ns >= self._after_ns)
        points, words = self._profile.points, dict(_WORDS)
        found = {points[row].id: words[int(self._mark[row])] for row in np.flatnonzero(bad).tolist()}
        for subject, before in standing.items():
            index = points.index_of(subject)
            if index is not None and not self._last_ns[index]:
                found[subject] = before.state  # not heard since the start
        return found

    def finding(self, subject: str, state: str) -> Finding:
        return Finding(state, "watch", self._phrase(f"field.quality.{state}", en=(), ko=()))
