"""When an underpass has to be closed: pumps, water, the river beside it. Opening is a person's act."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from console.model.base import Words
from console.model.fieldstate import FieldState, Grade
from console.profile import Profile
from console.rules.city import Phrase
from console.rules.field.rivers import RiverWatch
from console.rules.field.watch import CurrentValues, Finding, points_of
from console.rules.underpass import UnderpassFigures, UnderpassState, judge
from console.telemetry.table import PointTable

_GRADES: dict[str, Grade] = {"unknown": "watch", "watch": "watch", "prepare": "act", "close": "grave"}
_EARTH_M = 6_371_000.0


class UnderpassWatch:
    """States are "ADVICE/REASON+REASON/MISSING+MISSING"; an underpass that is open is ordinary.

    Water is judged with what stands in mind: a closed one stays closed until it is nearly dry, watch and
    prepare are left a margin below their level.
    """

    rule = "underpass"

    def __init__(
        self, figures: UnderpassFigures, profile: Profile, phrase: Phrase, rivers: RiverWatch,
        stale_periods: float, now_ns: int,
    ) -> None:
        self._figures, self._phrase, self._rivers = figures, phrase, rivers
        self.ids, depth = points_of(profile, figures.device_kind, figures.depth_quantity)
        _, pump = points_of(profile, figures.device_kind, figures.pump_quantity)
        self._depth = CurrentValues(profile, depth, stale_periods, now_ns)
        self._pump = CurrentValues(profile, pump, stale_periods, now_ns)
        self.river_beside = {
            id_: _nearest(profile, id_, rivers.ids, figures.river_within_m) for id_ in self.ids
        }

    def look(
        self, table: PointTable, now_ns: int, standing: Mapping[str, FieldState]
    ) -> Mapping[str, str]:
        depth, pump = self._depth(table, now_ns), self._pump(table, now_ns)
        awaited = self._depth.awaited(now_ns) & np.isnan(depth)
        awaited |= self._pump.awaited(now_ns) & np.isnan(pump)
        found: dict[str, str] = {}
        for row, id_ in enumerate(self.ids):
            before = standing.get(id_)
            river = self.river_beside[id_]
            told = judge(
                self._figures, pumps_ready=(None if math.isnan(pump[row]) else bool(pump[row] >= 0.5),),
                depth_cm=self._held(float(depth[row]), before.state if before is not None else ""),
                overflow_feared=self._rivers.overflow_feared(river) if river else False,
            )  # fmt: skip
            if told.unknown and told.advice != "close" and before is not None and _closed(before.state):
                found[id_] = before.state  # opened only by what is known
            elif told.advice == "unknown" and awaited[row]:
                if before is not None:
                    found[id_] = before.state
            elif told.advice != "open":
                found[id_] = _state(told)
        return found

    def finding(self, subject: str, state: str) -> Finding:
        advice, reasons, missing = state.split("/")
        level = f"{self._figures.close_at_cm:g}"
        parts = [self._words(f"reason.{one}", level) for one in reasons.split("+") if one]
        parts += [self._words(f"missing.{one}") for one in missing.split("+") if one]
        head = self._words(advice)
        words = Words(
            en=f"{head.en}: {', '.join(one.en for one in parts)}" if parts else head.en,
            ko=f"{head.ko}: {', '.join(one.ko for one in parts)}" if parts else head.ko,
        )
        signal = ""
        if advice == "close":
            feared = "overflow_feared" in reasons
            signal = self._figures.overflow_signal if feared else self._figures.signal
        return Finding(state, _GRADES[advice], words, signal)

    def _held(self, depth_cm: float, before: str) -> float | None:
        """The depth, or the level of what stands where it is not yet left."""
        if math.isnan(depth_cm):
            return None
        told = self._figures
        advice, _, reasons = before.partition("/")
        if advice == "close" and "water" in reasons.partition("/")[0] and depth_cm >= told.reopen_below_cm:
            return max(depth_cm, told.close_at_cm)
        for word, level in (("prepare", told.prepare_at_cm), ("watch", told.watch_at_cm)):
            if advice == word and level - told.before_margin_cm <= depth_cm < level:
                return level
        return depth_cm

    def _words(self, key: str, *fields: str) -> Words:
        return self._phrase(f"field.underpass.{key}", en=fields, ko=fields)


def _closed(state: str) -> bool:
    return state.startswith("close/")


def _state(told: UnderpassState) -> str:
    # What is not known is said where it decides: an underpass that is closed stays so whatever is missing.
    missing = told.unknown if told.advice == "unknown" else ()
    return f"{told.advice}/{'+'.join(told.reasons)}/{'+'.join(missing)}"


def _nearest(profile: Profile, id_: str, others: tuple[str, ...], within_m: float) -> str:
    """The nearest of the other devices, "" where none is so near."""
    columns = profile.columns
    if not others:
        return ""
    rows = np.array([columns.row_of[one] for one in others])
    own = columns.row_of[id_]
    lat, lon = np.radians(columns.lat[rows]), np.radians(columns.lon[rows])
    here_lat, here_lon = np.radians(columns.lat[own]), np.radians(columns.lon[own])
    x = (lon - here_lon) * np.cos((lat + here_lat) / 2)
    metres = np.hypot(x, lat - here_lat) * _EARTH_M
    best = int(np.argmin(metres))
    return others[best] if metres[best] <= within_m else ""
