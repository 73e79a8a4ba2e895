"""States of street lamps, for all lamps at once: what they draw, what the sun does, what they were told."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import msgspec
import numpy as np
import numpy.typing as npt

from console.clock import SECOND_NS
from console.geo.sun import height_deg
from console.profile.tables import Identifier, Table, Text
from console.rules.figures import Positive, Several, Share, figures, refuse

F64 = npt.NDArray[np.float64]
I64 = npt.NDArray[np.int64]
U8 = npt.NDArray[np.uint8]
SunHeight = Annotated[float, msgspec.Meta(ge=-18.0, le=20.0)]
OFF, ON, DIM, DAY_BURNER, NIGHT_OUTAGE, CYCLING, POWER_FACTOR_LOW, COMMS_LOST, UNKNOWN = range(9)
"""UNKNOWN: never heard of. COMMS_LOST: not heard of lately; what it last said is not shown as now."""
NEVER = -1


class LampFigures(Table, frozen=True, kw_only=True):
    device_kind: Identifier
    power_quantity: Identifier
    dim_quantity: Identifier
    rated_w: Positive
    rated_source: Text
    night_below_deg: SunHeight
    night_source: Text
    day_above_deg: SunHeight
    rise_deg: SunHeight
    rise_source: Text
    on_above_share: Share
    dim_below_share: Share
    day_burner_after_s: Positive
    outage_after_s: Positive
    cycling_switchings: Several
    cycling_within_s: Positive
    lost_after_periods: Positive
    power_factor_below: Share
    power_factor_above: Share


def lamp_figures(path: Path | None = None) -> LampFigures:
    """Raises ProfileError naming file, table, key, expected and found."""
    found = figures(LampFigures, "lamps", path)
    for key, less, more in (
        ("day_above_deg", found.night_below_deg, found.day_above_deg),
        ("dim_below_share", found.on_above_share, found.dim_below_share),
        ("power_factor_above", found.power_factor_below, found.power_factor_above),
    ):
        if not less < more:
            refuse("lamps", "", key, f"more than {less}", more)
    return found


class LampBank:
    """What each lamp does. One thread; deterministic in the sequence of samples and of the times asked."""

    def __init__(self, figures: LampFigures, lat: F64, lon: F64, rated_w: F64, period_s: F64) -> None:
        """One row per lamp: its place, its power when fully on, how often it reports."""
        count = len(lat)
        self._figures, self._lat, self._lon = figures, lat, lon
        self._rated_w = rated_w
        self._period_ns = (period_s * SECOND_NS).astype(np.int64)
        self._seen_ns: I64 = np.full(count, NEVER, np.int64)
        self._since_ns: I64 = np.zeros(count, np.int64)
        self._on = np.zeros(count, np.bool_)
        self._power_w: F64 = np.full(count, np.nan)
        self._factor_low = np.zeros(count, np.bool_)
        self._switched_ns: I64 = np.full((count, figures.cycling_switchings), NEVER, np.int64)
        self._told_on = np.ones(count, np.bool_)
        self._accounted_ns = NEVER
        self.due_s: F64 = np.zeros(count)
        """How long each lamp should have been lit in the dark, as far as `account` was asked."""
        self.lit_s: F64 = np.zeros(count)

    def tell(self, rows: I64, on: npt.NDArray[np.bool_]) -> None:
        """What the lamps were commanded: one that was told to stay off at night is no outage."""
        self._told_on[rows] = on

    def update(self, rows: I64, power_w: F64, at_ns: I64, power_factor: F64 | None = None) -> None:
        """Take samples, each lamp at most once. Older ones than a lamp's last and such without a value are
        left out."""
        good = (at_ns > self._seen_ns[rows]) & np.isfinite(power_w)
        rows, power_w, at_ns = rows[good], power_w[good], at_ns[good]
        on = power_w > self._figures.on_above_share * self._rated_w[rows]
        first = self._seen_ns[rows] == NEVER
        switched = ~first & (on != self._on[rows])
        turned = rows[switched]
        self._switched_ns[turned] = np.roll(self._switched_ns[turned], -1, axis=1)
        self._switched_ns[turned, -1] = at_ns[switched]
        self._since_ns[rows] = np.where(first | switched, at_ns, self._since_ns[rows])
        self._on[rows], self._power_w[rows], self._seen_ns[rows] = on, power_w, at_ns
        if power_factor is not None:
            self._update_factor(rows, on, power_factor[good])

    def _update_factor(self, rows: I64, on: npt.NDArray[np.bool_], factor: F64) -> None:
        low = self._factor_low[rows]
        low = np.where(low, ~(factor > self._figures.power_factor_above),
                       factor < self._figures.power_factor_below)  # fmt: skip
        self._factor_low[rows] = low & on  # a lamp that is off has no power factor

    def states(self, now_ns: int) -> U8:
        """The state of every lamp at a time, one of the codes of this module; the gravest first."""
        told = self._figures
        lost = now_ns - self._seen_ns > self._period_ns * told.lost_after_periods
        dim = self._power_w < told.dim_below_share * self._rated_w
        for_s = (now_ns - self._since_ns) / SECOND_NS
        burning = self._on & (for_s >= told.day_burner_after_s) & self._day(now_ns, told.day_burner_after_s)
        out = ~self._on & self._told_on & (for_s >= told.outage_after_s)
        out &= self._night(now_ns, told.outage_after_s)
        oldest = self._switched_ns[:, 0]
        cycling = (oldest != NEVER) & ((now_ns - oldest) / SECOND_NS <= told.cycling_within_s)
        return np.select(
            [self._seen_ns == NEVER, lost, cycling, burning, out, self._factor_low & self._on,
             self._on & dim, self._on],
            [UNKNOWN, COMMS_LOST, CYCLING, DAY_BURNER, NIGHT_OUTAGE, POWER_FACTOR_LOW, DIM, ON],
            OFF,
        ).astype(np.uint8)  # fmt: skip

    def begun(self, now_ns: int) -> U8:
        """DAY_BURNER and NIGHT_OUTAGE whose time has not come yet, OFF for all others."""
        burning = self._on & self._day(now_ns, 0.0)
        out = ~self._on & self._told_on & self._night(now_ns, 0.0)
        return np.select([burning, out], [DAY_BURNER, NIGHT_OUTAGE], OFF).astype(np.uint8)

    def heard(self) -> npt.NDArray[np.bool_]:
        """Which lamps have said something since the start."""
        result: npt.NDArray[np.bool_] = self._seen_ns != NEVER
        return result

    def outage_age_s(self, now_ns: int) -> F64:
        """For how long each lamp with a night outage is out, by its own samples; NaN for the others."""
        out = self.states(now_ns) == NIGHT_OUTAGE
        return np.where(out, (now_ns - self._since_ns) / SECOND_NS, np.nan)

    def account(self, now_ns: int) -> None:
        """Add the time since the last call to `due_s` and `lit_s` of lamps that are heard of and told on."""
        if self._accounted_ns != NEVER and now_ns > self._accounted_ns:
            passed_s = (now_ns - self._accounted_ns) / SECOND_NS
            states = self.states(now_ns)
            due = self._night(now_ns, 0.0) & self._told_on & (states != UNKNOWN) & (states != COMMS_LOST)
            self.due_s[due] += passed_s
            self.lit_s[due & self._on] += passed_s
        self._accounted_ns = now_ns

    def availability_percent(self) -> float:
        """Lit share of the lamp-hours that were due, percent; NaN before any was."""
        due = float(self.due_s.sum())
        return 100.0 * float(self.lit_s.sum()) / due if due else float("nan")

    def _day(self, now_ns: int, for_s: float) -> npt.NDArray[np.bool_]:
        least = self._figures.day_above_deg
        before_ns = now_ns - int(for_s * SECOND_NS)
        result: npt.NDArray[np.bool_] = (height_deg(self._lat, self._lon, now_ns) > least) & (
            height_deg(self._lat, self._lon, before_ns) > least
        )
        return result

    def _night(self, now_ns: int, for_s: float) -> npt.NDArray[np.bool_]:
        most = self._figures.night_below_deg
        before_ns = now_ns - int(for_s * SECOND_NS)
        result: npt.NDArray[np.bool_] = (height_deg(self._lat, self._lon, now_ns) < most) & (
            height_deg(self._lat, self._lon, before_ns) < most
        )
        return result
