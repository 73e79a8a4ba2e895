"""Energy of an interval from a counter that only grows: reset and rollover are neither negative nor a spike.

What cannot be known stays empty (NaN), never zero: the step over a reset, one the meter could not have made,
and gaps so long that nobody knows when the energy was used.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt

from console.clock import SECOND_NS
from console.profile.tables import Country, Identifier, Table, Text
from console.rules.figures import NotNegative, Positive, figures, refuse

F64 = npt.NDArray[np.float64]
I64 = npt.NDArray[np.int64]
U8 = npt.NDArray[np.uint8]
MEASURED, ROLLED_OVER, RESET, NOT_BELIEVED, UNKNOWN = range(5)
HOUR_S = 3_600.0


class EnergyFigures(Table, frozen=True, kw_only=True):
    device_kind: Identifier
    counter_quantity: Identifier
    rollover_kwh: Positive
    most_kw: Positive
    meters_source: Text
    told_for_s: Positive
    """So long it stands that a counter was reset or not believed."""
    demand_s: dict[Country, Positive]
    demand_source: Text
    longest_gap_s: Positive
    longest_gap_source: Text
    headroom: Positive
    headroom_source: Text
    resolution_kwh: NotNegative
    resolution_source: Text


def energy_figures(path: Path | None = None) -> EnergyFigures:
    """Raises ProfileError naming file, table, key, expected and found."""
    found = figures(EnergyFigures, "energy", path)
    if found.headroom < 1.0:
        refuse("energy", "", "headroom", "1 or more", found.headroom)
    for country, width_s in found.demand_s.items():
        if 86_400.0 % width_s:
            refuse("energy", "", f"demand_s.{country}", "a whole part of a day, seconds", width_s)
    return found


def steps_kwh(
    figures: EnergyFigures, before_kwh: F64, after_kwh: F64, elapsed_s: F64, rollover_kwh: F64, most_kw: F64
) -> tuple[F64, U8]:
    """The energy between two readings of each meter, and what the step was. All arrays of one length.

    `rollover_kwh`: the counter's first value it cannot show; it goes on from 0. `most_kw`: the meter's
    highest power. A counter that goes back is a rollover where the meter could have used the energy to there,
    else a reset: what was used around a reset is not known.
    """
    most = most_kw * figures.headroom * elapsed_s / HOUR_S + figures.resolution_kwh
    grown = after_kwh - before_kwh
    over = grown + rollover_kwh
    usable = np.isfinite(grown) & (elapsed_s > 0.0) & (after_kwh >= 0.0) & (before_kwh >= 0.0)
    usable &= (before_kwh < rollover_kwh) & (after_kwh < rollover_kwh)
    with np.errstate(invalid="ignore"):
        still = (grown < 0.0) & (grown >= -figures.resolution_kwh)
        kind = np.select(
            [~usable, still | ((grown >= 0.0) & (grown <= most)), grown >= 0.0, over <= most],
            [UNKNOWN, MEASURED, NOT_BELIEVED, ROLLED_OVER],
            RESET,
        ).astype(np.uint8)
    kwh = np.select([kind == MEASURED, kind == ROLLED_OVER], [np.maximum(grown, 0.0), over], np.nan)
    return kwh, kind


def intervals_kwh(
    figures: EnergyFigures, taken_at_ns: I64, counter_kwh: F64, edges_ns: I64, *, rollover_kwh: float,
    most_kw: float,
) -> F64:  # fmt: skip
    """Energy between each two of the ascending `edges_ns`, from one meter's readings in any order.

    Between two readings it is spread evenly. An interval is NaN unless all of it lies between readings whose
    steps are known and no longer apart than the longest gap. Of readings with one time the last one counts.
    """
    empty: F64 = np.full(max(len(edges_ns) - 1, 0), np.nan)
    good = np.isfinite(counter_kwh)
    order = np.argsort(taken_at_ns[good], kind="stable")
    at, counter = taken_at_ns[good][order], counter_kwh[good][order]
    newest = np.append(np.diff(at) > 0, True)[: len(at)]
    at, counter = at[newest], counter[newest]
    if len(at) < 2 or not len(empty):
        return empty
    elapsed_s = np.diff(at) / SECOND_NS
    kwh, _ = steps_kwh(
        figures, counter[:-1], counter[1:], elapsed_s, np.full(len(elapsed_s), rollover_kwh),
        np.full(len(elapsed_s), most_kw),
    )  # fmt: skip
    known = np.isfinite(kwh) & (elapsed_s <= figures.longest_gap_s)
    at_s, edges_s = (at - at[0]) / SECOND_NS, (edges_ns - at[0]) / SECOND_NS
    used = np.interp(edges_s, at_s, np.concatenate([[0.0], np.cumsum(np.where(known, kwh, 0.0))]))
    dark_s = np.interp(edges_s, at_s, np.concatenate([[0.0], np.cumsum(np.where(known, 0.0, elapsed_s))]))
    whole = (edges_s[:-1] >= 0.0) & (edges_s[1:] <= at_s[-1]) & (np.diff(dark_s) <= 1e-6)
    return np.where(whole, np.maximum(np.diff(used), 0.0), np.nan)


def demand_edges_ns(figures: EnergyFigures, country: Country, from_ns: int, to_ns: int) -> I64:
    """Edges of the country's demand intervals that lie in a span, on whole ones since midnight UTC.

    Both countries' clocks are whole hours from UTC, so these are whole intervals of their local day too.
    """
    width_ns = int(figures.demand_s[country] * SECOND_NS)
    first = -(-from_ns // width_ns) * width_ns
    return np.arange(first, to_ns + 1, width_ns, dtype=np.int64)


def demand_kw(kwh: F64, edges_ns: I64) -> F64:
    """Mean power of each interval, kW."""
    result: F64 = kwh * HOUR_S * SECOND_NS / np.diff(edges_ns)
    return result
