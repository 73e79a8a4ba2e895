"""bench alarms: all alarms of a city evaluated at once, and against one by one."""

from __future__ import annotations

import argparse
import time
from typing import Any

import numpy as np

from console.bench.city import SUWON_DEVICES
from console.clock import SECOND_NS
from console.rules.alarm.bank import AlarmBank
from console.rules.alarm.columns import AlarmColumns, Sort
from console.rules.alarm.freshness import Freshness
from console.rules.alarm.single import SingleAlarm
from console.rules.quality import quality_figures
from console.telemetry.table import F64, GOOD, Columns, Mask

T0_NS = 1_774_000_000 * SECOND_NS
SET_AT, CLEAR_AT, DELAY_MS = 15.0, 10.0, 5_000
QUIET, HIGH = 5.0, 20.0
TURN_S = 20
"""So long a point that swings stays on either side: longer than its delay, so that it raises and clears."""


def run(argv: list[str]) -> dict[str, Any]:
    """Keys: evaluations_per_s (CPU time, one thread), bytes_per_point, moves, ratio_to_one_by_one,
    moves_agree; `busy_evaluations_per_s` is the same where every point swings."""
    parser = argparse.ArgumentParser(prog="bongsu bench alarms", description=__doc__)
    parser.add_argument("--points", type=int, default=SUWON_DEVICES)
    parser.add_argument("--seconds", type=int, default=60, help="one reading of each point a second")
    parser.add_argument("--abnormal", type=float, default=0.02, help="share of points that swing")
    told = parser.parse_args(argv)
    if told.points < 1 or told.seconds < 1 or not 0 <= told.abnormal <= 1:
        parser.error("points and seconds from 1, abnormal from 0 to 1")
    bank, cpu_s, moves = _whole(told.points, told.seconds, told.abnormal)
    evaluations = told.points * told.seconds
    _, busy_cpu_s, _ = _whole(told.points, min(told.seconds, 10), 1.0)
    few = min(told.points, SUWON_DEVICES)
    _, few_cpu_s, few_moves = _whole(few, told.seconds, told.abnormal)
    single_cpu_s, single_moves = _one_by_one(few, told.seconds, told.abnormal)
    return {
        "points": told.points, "seconds": told.seconds, "abnormal_share": told.abnormal,
        "evaluations_per_s": round(evaluations / cpu_s),
        "busy_evaluations_per_s": round(told.points * min(told.seconds, 10) / busy_cpu_s),
        "cpu_ms_per_batch": round(1000 * cpu_s / told.seconds, 3),
        "bytes_per_point": round(_bytes(bank) / told.points, 1), "moves": moves,
        "one_by_one_points": few, "ratio_to_one_by_one": round(single_cpu_s / few_cpu_s, 1),
        "moves_agree": few_moves == single_moves,
    }


def _values(swings: Mask, second: int) -> F64:
    """Every point inside its limits, but for those that swing: each in a turn of its own."""
    phase = np.arange(len(swings)) * 7 % (2 * TURN_S)
    high = (second + phase) % (2 * TURN_S) >= TURN_S
    return np.where(swings & high, HIGH, QUIET)


def _swings(points: int, share: float) -> Mask:
    return np.random.default_rng(1).random(points) < share


def _whole(points: int, seconds: int, share: float) -> tuple[AlarmBank, float, int]:
    """All points with a limit each, on- and off-delay, deadband and staleness: CPU seconds and moves."""
    size = np.ones(points)
    columns = AlarmColumns(
        sort=np.full(points, Sort.VALUE, np.uint8), point=np.arange(points, dtype=np.int32),
        above=np.ones(points, bool), set_at=size * SET_AT, clear_at=size * CLEAR_AT,
        on_ms=np.full(points, DELAY_MS, np.int32), off_ms=np.full(points, DELAY_MS, np.int32),
        count=np.ones(points, np.int32), window_ms=np.zeros(points, np.int32),
        priority=np.full(points, 3, np.uint8),
        latching=np.zeros(points, bool), ring_back=np.zeros(points, bool),
    )  # fmt: skip
    bank = AlarmBank(columns, Freshness(size, quality_figures().stale_periods))
    swings = _swings(points, share)
    numbers = np.arange(points, dtype=np.uint32)
    quality = np.full(points, GOOD, np.uint8)
    cpu_s, moves = 0.0, 0
    for second in range(seconds):
        now_ns = T0_NS + second * SECOND_NS
        batch = Columns(numbers, _values(swings, second), np.full(points, now_ns), quality)
        began = time.thread_time()
        parts = bank.evaluate(batch)
        parts += bank.look(now_ns)
        cpu_s += time.thread_time() - began
        moves += sum(len(one) for one in parts)
    return bank, cpu_s, moves


def _one_by_one(points: int, seconds: int, share: float) -> tuple[float, int]:
    """The same in plain Python, an object for each alarm."""
    delay_ns = DELAY_MS * 1_000_000
    alarms = [SingleAlarm(True, SET_AT, CLEAR_AT, delay_ns, delay_ns) for _ in range(points)]
    swings = _swings(points, share)
    cpu_s, moves = 0.0, 0
    for second in range(seconds):
        now_ns = T0_NS + second * SECOND_NS
        values = _values(swings, second).tolist()
        began = time.thread_time()
        for alarm, value in zip(alarms, values, strict=True):
            moves += len(alarm.sample(value, now_ns)) + len(alarm.look(now_ns))
        cpu_s += time.thread_time() - began
    return cpu_s, moves


def _bytes(bank: AlarmBank) -> int:
    """Of every array the bank, its columns and its freshness hold."""
    held = [*vars(bank).values(), *vars(bank.freshness).values()]
    held += [getattr(bank.columns, name) for name in AlarmColumns.__slots__]
    arrays = {id(one): one for one in held if isinstance(one, np.ndarray)}
    return sum(one.nbytes for one in arrays.values())
