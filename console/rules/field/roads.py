"""How traffic flows on each section, by its class of road. Smooth and not known are not told."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from console.model.fieldstate import FieldState
from console.profile import Profile
from console.rules.city import Phrase
from console.rules.field.watch import CurrentValues, Finding, points_of
from console.rules.traffic import JAM, SLOW, TrafficFigures, TrafficLevels
from console.telemetry.table import PointTable

_TOLD = {JAM: "jam", SLOW: "slow"}


class RoadWatch:
    """One subject for each detector."""

    rule = "traffic"

    def __init__(
        self, figures: TrafficFigures, profile: Profile, phrase: Phrase, stale_periods: float, now_ns: int
    ) -> None:
        self._figures, self._phrase = figures, phrase
        ids, speeds = points_of(profile, figures.device_kind, figures.speed_quantity)
        _, flows = points_of(profile, figures.device_kind, figures.flow_quantity)
        self.ids = ids
        self._class = {id_: figures.class_of(id_) for id_ in ids}
        self._levels = TrafficLevels(figures, list(self._class.values()))
        self._speed = CurrentValues(profile, speeds, stale_periods, now_ns)
        self._flow = CurrentValues(profile, flows, stale_periods, now_ns)

    def look(
        self, table: PointTable, now_ns: int, standing: Mapping[str, FieldState]
    ) -> Mapping[str, str]:
        speed = self._speed(table, now_ns)
        self._levels.update(speed, self._flow(table, now_ns))
        level = self._levels.level
        found = {self.ids[row]: _TOLD[int(level[row])] for row in np.flatnonzero(level <= SLOW).tolist()}
        if standing:
            awaited = self._speed.awaited(now_ns) & np.isnan(speed)
            rows = {id_: row for row, id_ in enumerate(self.ids)}
            for id_, before in standing.items():
                if id_ in rows and awaited[rows[id_]]:
                    found[id_] = before.state
        return found

    def finding(self, subject: str, state: str) -> Finding:
        name = next(one.name for one in self._figures.classes if one.id == self._class[subject])
        words = self._phrase(f"field.traffic.{state}", en=(name.en,), ko=(name.ko,))
        return Finding(state, "watch" if state == "jam" else "note", words)
