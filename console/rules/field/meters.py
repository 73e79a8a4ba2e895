"""Energy counters that were reset, or that made a step no meter could have made. A rollover is ordinary."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from console.clock import SECOND_NS
from console.model.fieldstate import FieldState
from console.profile import Profile
from console.rules.city import Phrase
from console.rules.energy import NOT_BELIEVED, RESET, EnergyFigures, steps_kwh
from console.rules.field.watch import Finding, points_of
from console.telemetry.table import BAD, PointTable

_TOLD = {RESET: "reset", NOT_BELIEVED: "not_believed"}


class MeterWatch:
    """One subject for each counter. What was found stands for the figures' `told_for_s`."""

    rule = "energy"

    def __init__(self, figures: EnergyFigures, profile: Profile, phrase: Phrase) -> None:
        self._figures, self._phrase = figures, phrase
        self.ids, self._points = points_of(profile, figures.device_kind, figures.counter_quantity)
        count = len(self.ids)
        self._before, self._at_ns = np.full(count, np.nan), np.zeros(count, np.int64)
        self._told_ns = int(figures.told_for_s * SECOND_NS)
        self._found: dict[str, tuple[str, int]] = {}

    def look(
        self, table: PointTable, now_ns: int, standing: Mapping[str, FieldState]
    ) -> Mapping[str, str]:
        at_ns = table.taken_at_ns[self._points]
        rows = np.flatnonzero((at_ns > self._at_ns) & (table.quality[self._points] < BAD))
        if len(rows):
            self._step(rows, table.values[self._points][rows], at_ns[rows], now_ns)
        found = {id_: one.state for id_, one in standing.items() if now_ns - one.since_ns < self._told_ns}
        for id_, (state, since_ns) in tuple(self._found.items()):
            if now_ns - since_ns < self._told_ns:
                found[id_] = state
            else:
                del self._found[id_]
        return found

    def finding(self, subject: str, state: str) -> Finding:
        return Finding(state, "watch", self._phrase(f"field.energy.{state}", en=(), ko=()))

    def _step(self, rows: np.ndarray, after: np.ndarray, at_ns: np.ndarray, now_ns: int) -> None:
        told, before, first = self._figures, self._before[rows], self._at_ns[rows] == 0
        elapsed_s = np.where(first, 0.0, (at_ns - self._at_ns[rows]) / SECOND_NS)
        _, kinds = steps_kwh(
            told, before, after, elapsed_s, np.full(len(rows), told.rollover_kwh),
            np.full(len(rows), told.most_kw),
        )  # fmt: skip
        for row in np.flatnonzero(np.isin(kinds, list(_TOLD))).tolist():
            self._found[self.ids[int(rows[row])]] = (_TOLD[int(kinds[row])], now_ns)
        self._before[rows], self._at_ns[rows] = after, at_ns
