"""The stage of every river gauge. A limit that is missing is unknown, never normal."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from console.model.fieldstate import FieldState, Grade
from console.profile import Profile
from console.rules.city import Phrase
from console.rules.field.watch import CurrentValues, Finding, points_of
from console.rules.river import CountryStages, RiverFigures, StageBank, overflow_feared
from console.telemetry.table import F64, PointTable

_FROM_THE_TOP: tuple[Grade, ...] = ("grave", "act", "watch", "note")


class RiverWatch:
    """States are "LEAST-MOST" of the stages, 0 being below the first; "0-0" is the ordinary one."""

    rule = "river"

    def __init__(
        self, figures: RiverFigures, profile: Profile, phrase: Phrase, stale_periods: float, now_ns: int
    ) -> None:
        self._stages: CountryStages = figures.of(profile.country)
        self._phrase = phrase
        self.ids, points = points_of(profile, figures.device_kind, figures.level_quantity)
        self._quantity = figures.level_quantity
        self._current = CurrentValues(profile, points, stale_periods, now_ns)
        self._bank = StageBank(self._levels(profile), figures.clear_margin_m)
        self._row = {id_: row for row, id_ in enumerate(self.ids)}
        self._known = np.zeros(len(self.ids), np.bool_)

    def look(
        self, table: PointTable, now_ns: int, standing: Mapping[str, FieldState]
    ) -> Mapping[str, str]:
        water = self._current(table, now_ns)
        self._bank.update(water)
        self._known = np.isfinite(water)
        awaited = self._current.awaited(now_ns) & ~self._known
        found = {}
        for row in np.flatnonzero((self._bank.least > 0) | (self._bank.most > 0)).tolist():
            id_ = self.ids[row]
            if not awaited[row]:
                dry = "" if self._known[row] else "/silent"
                found[id_] = f"{self._bank.least[row]}-{self._bank.most[row]}{dry}"
            elif id_ in standing:
                found[id_] = standing[id_].state
        return found

    def overflow_feared(self, id_: str) -> bool | None:
        """By this gauge alone; None where its stage does not say."""
        row = self._row[id_]
        return overflow_feared(int(self._bank.least[row]), int(self._bank.most[row]), self._stages)

    def finding(self, subject: str, state: str) -> Finding:
        span, _, silent = state.partition("/")
        least, most = (int(one) for one in span.split("-"))
        stages = self._stages.stages
        if silent:
            return Finding(state, "watch", self._phrase("field.river.silent", en=(), ko=()))
        if least == 0:
            return Finding(state, "watch", self._phrase("field.river.no_limit", en=(), ko=()))
        grade = _FROM_THE_TOP[min(len(stages) - least, len(_FROM_THE_TOP) - 1)]
        name = stages[least - 1].name
        key = "field.river.stage" if least == most else "field.river.at_least"
        return Finding(state, grade, self._phrase(key, en=(name.en,), ko=(name.ko,)))

    def _levels(self, profile: Profile) -> F64:
        """The limits of each gauge, NaN where it has none for a stage."""
        levels = np.full((len(self.ids), len(self._stages.stages)), np.nan)
        column = {stage.id: number for number, stage in enumerate(self._stages.stages)}
        for row, id_ in enumerate(self.ids):
            device_row = profile.columns.row_of[id_]
            for index in profile.limits.of_device(device_row):
                limit = profile.limits[index]
                stage = column.get(limit.id.rsplit("/", 1)[-1])
                if stage is not None and profile.points[limit.point_index].quantity == self._quantity:
                    levels[row, stage] = limit.set_at
        return levels
