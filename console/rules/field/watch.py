"""What a rule at work looks like, and what it looks at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from console.clock import SECOND_NS
from console.model.base import Words
from console.model.fieldstate import FieldState, Grade
from console.profile import Profile
from console.telemetry.table import BAD, F64, I64, Mask, PointTable


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule says of one subject. `signal`: what it calls for, "" where a word is enough."""

    state: str
    grade: Grade
    words: Words
    signal: str = ""


class FieldWatch(Protocol):
    """One rule for all its devices. One thread."""

    @property
    def rule(self) -> str:
        """The rule's file in seeds/rules."""

    def look(
        self, table: PointTable, now_ns: int, standing: Mapping[str, FieldState]
    ) -> Mapping[str, str]:
        """The state of each subject that is not ordinary. One that is not heard of yet keeps what stands."""

    def finding(self, subject: str, state: str) -> Finding:
        """A state as `look` says it, for a person."""


class CurrentValues:
    """The values of some points (-1: there is none) as far as they are of now."""

    def __init__(self, profile: Profile, points: I64, stale_periods: float, began_ns: int) -> None:
        self._points, self._there = np.maximum(points, 0), points >= 0
        stale_s = profile.points.periods_s()[self._points] * stale_periods
        self._stale_ns = (stale_s * SECOND_NS).astype(np.int64)
        self._began_ns = began_ns

    def __call__(self, table: PointTable, now_ns: int) -> F64:
        """NaN where there is no point, no value, none that can be used, or only an old one."""
        values = table.values[self._points]
        fresh = now_ns - table.taken_at_ns[self._points] <= self._stale_ns
        return np.where(self._there & fresh & (table.quality[self._points] < BAD), values, np.nan)

    def awaited(self, now_ns: int) -> Mask:
        """Which points have not had the time to be heard since the start."""
        result: Mask = self._there & (now_ns - self._began_ns <= self._stale_ns)
        return result


def points_of(profile: Profile, kind: str, quantity: str) -> tuple[tuple[str, ...], I64]:
    """The devices of a kind (none where the city has not got it), and the index of that point, or -1."""
    columns = profile.columns
    if kind not in columns.kinds:
        return (), np.zeros(0, np.int64)
    ids = tuple(columns.ids[row] for row in columns.of_kind(kind).tolist())
    found = [profile.points.index_of(f"{one}/{quantity}") for one in ids]
    return ids, np.array([-1 if one is None else one for one in found], np.int64)
