"""Noise above what is permitted where the meter stands, by the hour of the local day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np

from console.clock import SECOND_NS
from console.model.fieldstate import FieldState
from console.profile import Profile
from console.rules.city import Phrase
from console.rules.field.watch import CurrentValues, Finding, points_of
from console.rules.noise import NoiseFigures
from console.telemetry.table import PointTable


class NoiseWatch:
    """States are "over/LIMIT/PART/ZONE"; at or below the limit, or without one, is ordinary.

    What stands is left a margin below the limit, and is not told anew while the limit is the same.
    """

    rule = "noise"

    def __init__(
        self, figures: NoiseFigures, profile: Profile, phrase: Phrase, stale_periods: float, now_ns: int
    ) -> None:
        self._country, self._figures, self._phrase = figures.of(profile.country), figures, phrase
        self.ids, points = points_of(profile, figures.device_kind, figures.level_quantity)
        self._level = CurrentValues(profile, points, stale_periods, now_ns)
        self._zone = ZoneInfo(profile.time_zone)
        row = next((one for one in figures.meters if one.country == profile.country), None)
        self._source = row.source if row is not None else ""
        self._where = {id_: row.zone_of(id_) if row is not None else "" for id_ in self.ids}

    def look(
        self, table: PointTable, now_ns: int, standing: Mapping[str, FieldState]
    ) -> Mapping[str, str]:
        local = datetime.fromtimestamp(now_ns / SECOND_NS, self._zone)
        part, level = self._country.part_of_day(local), self._level(table, now_ns)
        awaited = self._level.awaited(now_ns) & np.isnan(level)
        limits = {
            zone: self._country.limit_db(zone, self._source, local) for zone in set(self._where.values())
        }
        found = {}
        for row, id_ in enumerate(self.ids):
            before, limit = standing.get(id_), limits[self._where[id_]]
            if awaited[row]:
                if before is not None:
                    found[id_] = before.state
                continue
            if limit is None or np.isnan(level[row]):
                continue
            margin = self._figures.clear_margin_db if before is not None else 0.0
            if level[row] > limit - margin:
                found[id_] = f"over/{limit:g}/{part}/{self._where[id_]}"
        return found

    def finding(self, subject: str, state: str) -> Finding:
        _, limit, part, zone = state.split("/")
        time = self._phrase(f"field.noise.part.{part}", en=(), ko=())
        where = self._phrase(f"field.noise.zone.{zone}", en=(), ko=())
        words = self._phrase(
            "field.noise.over", en=(limit, time.en, where.en), ko=(limit, time.ko, where.ko)
        )
        return Finding(state, "note", words)
