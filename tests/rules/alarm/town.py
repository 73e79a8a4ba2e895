"""Small banks for the tests of alarms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from console.clock import SECOND_NS
from console.rules.alarm.bank import AlarmBank
from console.rules.alarm.columns import AlarmColumns, Sort
from console.rules.alarm.freshness import Freshness
from console.rules.alarm.transition import Moves
from console.telemetry.table import GOOD, Columns

T0 = 1_774_000_000 * SECOND_NS
PERIOD_S = 10.0


def at(second: float) -> int:
    return T0 + int(second * SECOND_NS)


def row(**changes: Any) -> dict[str, Any]:
    told = {
        "sort": Sort.VALUE, "point": 0, "above": True, "set_at": 15.0, "clear_at": 10.0, "on_ms": 0,
        "off_ms": 0, "count": 1, "window_ms": 0, "priority": 3, "latching": False, "ring_back": False,
    }  # fmt: skip
    return {**told, **changes}


_TYPES: dict[str, Any] = {
    "sort": np.uint8, "point": np.int32, "above": bool, "set_at": float, "clear_at": float, "on_ms": np.int32,
    "off_ms": np.int32, "count": np.int32, "window_ms": np.int32, "priority": np.uint8, "latching": bool,
    "ring_back": bool,
}  # fmt: skip


def columns(*rows: dict[str, Any]) -> AlarmColumns:
    return AlarmColumns(
        **{name: np.array([one[name] for one in rows], dtype=kind) for name, kind in _TYPES.items()}
    )


def bank(
    *rows: dict[str, Any], plan: Mapping[int, Sequence[int]] | None = None, release_after_s: float = 0.0,
    points: int = 0,
) -> AlarmBank:  # fmt: skip
    made = columns(*rows)
    points = points or int(made.point.max()) + 1
    release = dict.fromkeys(plan or {}, release_after_s)
    freshness = Freshness(np.full(points, PERIOD_S), 3.0)
    freshness.seen(np.arange(points, dtype=np.uint32), T0)
    return AlarmBank(made, freshness, plan, release)


def samples(*rows: tuple[int, float, float], quality: int = GOOD) -> Columns:
    """(point, second, value)"""
    return Columns(
        np.array([point for point, _, _ in rows], np.uint32),
        np.array([value for _, _, value in rows], np.float64),
        np.array([at(second) for _, second, _ in rows], np.int64),
        np.full(len(rows), quality, np.uint8),
    )


def said(moves: list[Moves]) -> list[tuple[int, str]]:
    """(row, "stimulus X>Y") of each move, in order."""
    return [
        (int(one), f"{part.stimulus.name.lower()} {'ABCDEFGHI'[before]}>{'ABCDEFGHI'[after]}")
        for part in moves
        for one, before, after in zip(part.rows, part.before, part.after, strict=True)
    ]
