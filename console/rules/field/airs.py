"""The index of air quality the country publishes, at each station: CAI of whole hours, DAQI of running means.

Korean stations send hourly means; an hour's value is the last one near its end, a missing hour is missing.
The 24-hour estimate of dust needs most of the last twelve hours: until they are known there is no index.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from console.clock import SECOND_NS
from console.model.fieldstate import FieldState, Grade
from console.profile import Profile
from console.rules.air import cai, daqi
from console.rules.air.hours import HOUR_NS, end_of_hour_ns
from console.rules.air.tables import AirTables, Band, Stations
from console.rules.city import Phrase
from console.rules.field.watch import CurrentValues, Finding, points_of
from console.rules.hourly import NEAR_PERIODS
from console.telemetry.table import BAD, F64, I64, Columns, PointTable

_GRADES: tuple[Grade, ...] = ("note", "note", "watch", "act")
"""By the row of the index's band: four in both countries."""


class HourRing:
    """The last whole hours of some points that send hourly means. One thread."""

    def __init__(self, points: I64, periods_s: F64, point_count: int, hours: int) -> None:
        """`points`: their indexes, -1 for one that is not there (its hours stay missing)."""
        self._slot = np.full(point_count, -1, np.int64)
        there = points >= 0
        self._slot[points[there]] = np.flatnonzero(there)
        self._near_ns = (NEAR_PERIODS * SECOND_NS * periods_s).astype(np.int64)
        self.hours: F64 = np.full((len(points), hours), np.nan)
        """(points, hours), oldest first; NaN is missing."""
        self.end_ns: I64 = np.zeros(len(points), np.int64)
        """The end of the last whole hour of each; 0 for none yet."""
        self._open_ns: I64 = np.zeros(len(points), np.int64)
        self._last, self._last_ns = np.full(len(points), np.nan), np.zeros(len(points), np.int64)

    def take(self, batch: Columns) -> None:
        """Samples in the order of time; older hours than the open one are left out."""
        mine = (self._slot[batch.points] >= 0) & (batch.quality < BAD)
        if mine.any():
            for each in batch.where(mine).rounds():
                slots, ends = self._slot[each.points], end_of_hour_ns(each.taken_at_ns)
                news = ends >= self._open_ns[slots]
                slots, ends, each = slots[news], ends[news], each.where(news)
                self._close(slots, ends)
                self._open_ns[slots] = ends
                self._last[slots], self._last_ns[slots] = each.values, each.taken_at_ns

    def close(self, now_ns: int) -> None:
        """Time alone ends an hour too: a station that falls silent has missing hours."""
        slots = np.flatnonzero(self._open_ns > 0)
        # The hour's own last sample may still be under way for a while.
        self._close(slots, np.full(len(slots), int(end_of_hour_ns(np.array([now_ns - 60 * SECOND_NS]))[0])))

    def _close(self, slots: I64, ends: I64) -> None:
        """Shift in the hours that are over before the ones that end at `ends`."""
        over = (self._open_ns[slots] > 0) & (ends > self._open_ns[slots])
        for slot, end in zip(slots[over].tolist(), ends[over].tolist(), strict=True):
            open_ns = int(self._open_ns[slot])
            near = open_ns - self._last_ns[slot] <= self._near_ns[slot]
            unheard = min((end - open_ns) // HOUR_NS - 1, self.hours.shape[1])
            row = self.hours[slot]
            row[:-1] = row[1:]
            row[-1] = self._last[slot] if near else np.nan
            if unheard:
                row[: len(row) - unheard] = row[unheard:].copy()
                row[len(row) - unheard :] = np.nan
            self.end_ns[slot], self._open_ns[slot] = end - HOUR_NS, end
            self._last[slot] = np.nan


class AirWatch:
    """States are "cai/INDEX/GRADE/POLLUTANT" and "daqi/INDEX/BAND/POLLUTANT"; without an index, ordinary."""

    rule = "air"

    def __init__(
        self, tables: AirTables, profile: Profile, phrase: Phrase, stale_periods: float, now_ns: int
    ) -> None:
        self._tables, self._phrase, self._profile = tables, phrase, profile
        told = next((one for one in tables.stations if one.index == profile.air_index), None)
        self._told: Stations | None = told
        self.ids: tuple[str, ...] = ()
        self._pollutants = tuple(told.quantities) if told is not None else ()
        each = []
        for pollutant in self._pollutants:
            assert told is not None
            self.ids, points = points_of(profile, told.device_kind, told.quantities[pollutant])
            each.append(points)
        self._points = np.stack(each) if each and self.ids else np.zeros((len(each), 0), np.int64)
        flat = self._points.reshape(-1)
        periods = profile.points.periods_s()[np.maximum(flat, 0)] if len(flat) else np.zeros(0)
        self.ring = HourRing(flat, periods, len(profile.points), tables.estimate.hours)
        self._now = CurrentValues(profile, flat, stale_periods, now_ns)
        self._closed_ns = 0

    def take(self, batch: Columns) -> None:
        """Every batch that was kept."""
        if self._profile.air_index == "CAI":
            self.ring.take(batch)

    def look(
        self, table: PointTable, now_ns: int, standing: Mapping[str, FieldState]
    ) -> Mapping[str, str]:
        if not self.ids:
            return {}
        if self._profile.air_index == "DAQI":
            return self._daqi(self._now(table, now_ns).reshape(self._points.shape))
        self.ring.close(now_ns)
        found = self._cai()
        heard = self.ring.end_ns.reshape(self._points.shape).max(axis=0) > 0
        for row, id_ in enumerate(self.ids):
            before = standing.get(id_)
            if before is not None and not heard[row]:
                found[id_] = before.state  # not a whole hour since the start: what was said stands
        return found

    def finding(self, subject: str, state: str) -> Finding:
        name, index, band_id, pollutant = state.split("/")
        bands = self._tables.cai.grades if name == "cai" else self._tables.daqi.bands
        row = next(number for number, one in enumerate(bands) if one.id == band_id)
        of = self._phrase(f"field.air.pollutant.{pollutant}", en=(), ko=())
        words = self._phrase(
            f"field.air.{name}", en=(index, bands[row].name.en, of.en), ko=(index, bands[row].name.ko, of.ko)
        )
        return Finding(state, _GRADES[min(row, len(_GRADES) - 1)], words)

    def _cai(self) -> dict[str, str]:
        shape = self._points.shape
        hours = self.ring.hours.reshape(*shape, -1)
        given: dict[str, F64] = {}
        for row, pollutant in enumerate(self._pollutants):
            mean = next(one.mean for one in self._tables.cai.pollutants if one.id == pollutant)
            given[pollutant] = (
                hours[row, :, -1] if mean == "1h"
                else cai.estimate_24h(self._tables.estimate, pollutant, hours[row])
            )  # fmt: skip
        indexed = cai.index_of(self._tables.cai, given)
        order = tuple(indexed.parts)
        rows = cai.grade_rows(self._tables.cai, indexed.index)
        return self._states("cai", indexed.index, rows, self._tables.cai.grades, indexed.leading, order)

    def _daqi(self, values: F64) -> dict[str, str]:
        table = self._tables.daqi
        given: dict[str, F64] = {one: values[row] for row, one in enumerate(self._pollutants)}
        index, leading = daqi.index_of(table, given)
        order = tuple(str(one.id) for one in table.pollutants)
        return self._states("daqi", index, daqi.band_rows(table, index), table.bands, leading, order)

    def _states(
        self, name: str, index: F64, rows: I64, bands: tuple[Band, ...], leading: I64, order: tuple[str, ...]
    ) -> dict[str, str]:
        return {
            id_: f"{name}/{int(index[row])}/{bands[rows[row]].id}/{order[leading[row]]}"
            for row, id_ in enumerate(self.ids)
            if np.isfinite(index[row])
        }
