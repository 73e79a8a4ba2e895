"""Lamps that burn by day, are out at night or switch again and again. Silent ones are the alarms' part."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from console.model.fieldstate import FieldState
from console.profile import Profile
from console.rules.city import Phrase
from console.rules.field.watch import Finding, points_of
from console.rules.lamps import (
    CYCLING,
    DAY_BURNER,
    NIGHT_OUTAGE,
    POWER_FACTOR_LOW,
    LampBank,
    LampFigures,
)
from console.telemetry.table import BAD, PointTable

_TOLD = {
    DAY_BURNER: "day_burner", NIGHT_OUTAGE: "night_outage", CYCLING: "cycling",
    POWER_FACTOR_LOW: "power_factor_low",
}  # fmt: skip
_CODES = {name: code for code, name in _TOLD.items()}


class LampWatch:
    """One subject for each lamp; on, off and dimmed as the sun would have it are ordinary.

    A lamp that is dimmed to nothing was told to be off.
    """

    rule = "lamps"

    def __init__(self, figures: LampFigures, profile: Profile, phrase: Phrase) -> None:
        self._phrase = phrase
        ids, power = points_of(profile, figures.device_kind, figures.power_quantity)
        _, self._dim = points_of(profile, figures.device_kind, figures.dim_quantity)
        self._power, self.ids = power, ids
        rows = np.array([profile.columns.row_of[one] for one in ids], np.int64)
        columns = profile.columns
        self._bank = LampBank(
            figures, columns.lat[rows], columns.lon[rows], np.full(len(ids), figures.rated_w),
            profile.points.periods_s()[power],
        )
        self._row = {id_: row for row, id_ in enumerate(ids)}

    def look(
        self, table: PointTable, now_ns: int, standing: Mapping[str, FieldState]
    ) -> Mapping[str, str]:
        if not self.ids:
            return {}
        rows = np.arange(len(self.ids))
        known = (table.quality[self._power] < BAD) & (self._power >= 0)
        dim = np.where(self._dim >= 0, table.values[self._dim], np.nan)
        self._bank.tell(rows, ~(dim == 0.0))
        heard = rows[known]
        self._bank.update(heard, table.values[self._power][known], table.taken_at_ns[self._power][known])
        states = self._bank.states(now_ns)
        told = np.flatnonzero(np.isin(states, list(_TOLD))).tolist()
        found = {self.ids[row]: _TOLD[int(states[row])] for row in told}
        if standing:
            self._keep(found, standing, now_ns)
        return found

    def _keep(self, found: dict[str, str], standing: Mapping[str, FieldState], now_ns: int) -> None:
        """After a start the time of what stands is not counted from nothing."""
        begun, heard = self._bank.begun(now_ns), self._bank.heard()
        for id_, before in standing.items():
            row = self._row.get(id_)
            if row is None or id_ in found:
                continue
            if not heard[row] or int(begun[row]) == _CODES.get(before.state):
                found[id_] = before.state

    def finding(self, subject: str, state: str) -> Finding:
        return Finding(state, "note", self._phrase(f"field.lamps.{state}", en=(), ko=()))
