"""How much of a time devices worked: from changes of condition to shares by system, district, contractor.

Availability is the share of the time in which a device was not down, of the time in which it counted: a
device out of service does not count. A degraded device works. (As in ITU-T E.800: the ability to be in a
state to perform as required; the figure is up time divided by up time and down time.)
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from console.clock import SECOND_NS

I64 = npt.NDArray[np.int64]
F64 = npt.NDArray[np.float64]

UP, DEGRADED, DOWN, OUT = range(4)
BACK = 4
"""Codes of a change; `OUT` and `BACK` are out of service and returned, a condition meanwhile is kept."""
CODES = {"up": UP, "degraded": DEGRADED, "down": DOWN}


@dataclass(frozen=True, slots=True)
class Spent:
    """By device row: seconds of the period down, degraded and out of service, and how often it went down."""

    down_s: F64
    degraded_s: F64
    out_s: F64
    failures: I64
    period_s: float


def spent(
    devices: int, rows: Sequence[int] | I64, at_ns: Sequence[int] | I64, codes: Sequence[int] | I64,
    from_ns: int, to_ns: int,
) -> Spent:  # fmt: skip
    """Fold changes (in the order of the record) over [from, to). Changes before `from` say how it was then.

    Times that go back, after a clock was set, count as no time at all.
    """
    down_s, degraded_s, out_s = (np.zeros(devices) for _ in range(3))
    failures = np.zeros(devices, np.int64)
    condition: dict[int, int] = {}
    out: set[int] = set()
    since: dict[int, int] = {}

    def close(row: int, until_ns: int) -> None:
        began = max(since.get(row, from_ns), from_ns)
        seconds = max(0, min(until_ns, to_ns) - began) / SECOND_NS
        if row in out:
            out_s[row] += seconds
        elif condition.get(row) == DOWN:
            down_s[row] += seconds
        elif condition.get(row) == DEGRADED:
            degraded_s[row] += seconds

    for row, at, code in zip(rows, at_ns, codes, strict=True):
        row, at, code = int(row), int(at), int(code)
        if at >= to_ns:
            continue
        close(row, at)
        since[row] = max(at, since.get(row, at))
        if code == OUT:
            out.add(row)
        elif code == BACK:
            out.discard(row)
        else:
            if code == DOWN and condition.get(row) != DOWN and row not in out and at >= from_ns:
                failures[row] += 1
            condition[row] = code
    for row in since:
        close(row, to_ns)
    return Spent(down_s, degraded_s, out_s, failures, max(0, to_ns - from_ns) / SECOND_NS)


@dataclass(frozen=True, slots=True)
class Availability:
    """Of a group of devices. `share` is None where none of them counted at any time."""

    group: int
    devices: int
    share: float | None
    failures: int
    down_s: float
    repair_s: float | None
    """Mean time down of a failure; None without one."""
    troubled: int
    """Devices that were down at some time."""


def by_group(
    of: Spent, group: npt.NDArray[np.integer], only: Iterable[int] | None = None
) -> list[Availability]:
    """The figures of each group of devices; `group` (a number by row) says which one a device is in, negative
    ones are left out. Groups in the order of their numbers."""
    found = []
    wanted = np.unique(group[group >= 0]).tolist() if only is None else list(only)
    for number in wanted:
        rows = np.flatnonzero(group == number)
        down, counted = float(of.down_s[rows].sum()), float((of.period_s - of.out_s[rows]).sum())
        failures = int(of.failures[rows].sum())
        found.append(
            Availability(
                group=int(number), devices=len(rows), share=1.0 - down / counted if counted > 0 else None,
                failures=failures, down_s=down, repair_s=down / failures if failures else None,
                troubled=int((of.down_s[rows] > 0).sum()),
            )
        )  # fmt: skip
    return found
