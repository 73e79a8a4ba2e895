"""A city's alarms: one for each limit, for each device that falls silent, for each line that is dead.

A line is what devices share to speak at all (their `circuit`: a gateway, a lamp circuit). When all that
measure on it are silent, the line is the fault and not they: its alarm comes first and suppresses theirs.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from console.clock import SECOND_NS
from console.profile import Profile
from console.rules.alarm.bank import AlarmBank
from console.rules.alarm.columns import Sort, joined, of_limit_columns, others
from console.rules.alarm.figures import AlarmFigures
from console.rules.alarm.freshness import Freshness
from console.rules.alarm.transition import AlarmStanding, Moves
from console.rules.hourly import HourlyBank
from console.telemetry.table import Columns


class CityAlarms:
    """The bank of a profile. One thread. `ids` names its rows: the limits' own ids, "DEVICE/silent" and
    "CIRCUIT/line". The first rows are the limits, in the profile's order.
    """

    def __init__(
        self, profile: Profile, figures: AlarmFigures, stale_periods: float, now_ns: int
    ) -> None:
        """`stale_periods`: a point without a usable value for so many of its periods is stale."""
        self._hourly = HourlyBank(profile.limits, len(profile.points))
        period_s, silence = profile.points.periods_s(), figures.staleness
        devices, spoken = _most_frequent(profile.points.device_rows(), period_s)
        circuit = profile.columns.circuit[devices]
        count = np.bincount(circuit, minlength=len(profile.columns.circuits))
        count[0] = 0  # number 0 is no circuit
        self._lines = np.flatnonzero(count >= silence.line_least)
        # A device waits until the last of its line could have been found silent, and a period more: the
        # line's alarm, where it is one, is there before the first of theirs. The line's suppression ends when
        # each of them has had its period to speak again.
        own_s = period_s[spoken] * stale_periods
        latest_s = np.zeros(len(count))
        np.maximum.at(latest_s, circuit, own_s + period_s[spoken])
        on_line = np.isin(circuit, self._lines)
        wait_s = np.where(on_line, latest_s[circuit] - own_s, period_s[spoken])
        silent = others(Sort.STALE, spoken.tolist(), silence.device_priority)
        silent.on_ms[:] = np.round(wait_s * 1000)
        limits = of_limit_columns(profile.limits.columns())
        line = others(Sort.TOLD, [-1] * len(self._lines), silence.line_priority)
        first_device, self._first_line = len(limits), len(limits) + len(silent)
        self._devices = np.flatnonzero(on_line)
        self._point, self._circuit = spoken[self._devices], circuit[self._devices]
        self._members = count
        plan = {
            self._first_line + number: (first_device + np.flatnonzero(circuit == one)).tolist()
            for number, one in enumerate(self._lines.tolist())
        }
        longest_s = np.zeros(len(count))
        np.maximum.at(longest_s, circuit, period_s[spoken])
        release_s = {
            self._first_line + number: figures.suppression.release_after_s + float(longest_s[one])
            for number, one in enumerate(self._lines.tolist())
        }
        self.bank = AlarmBank(
            joined([limits, silent, line]), Freshness(period_s, stale_periods, now_ns), plan, release_s
        )
        columns = profile.columns
        self.ids: tuple[str, ...] = (
            *(one.id for one in profile.limits), *(f"{columns.ids[row]}/silent" for row in devices.tolist()),
            *(f"{columns.circuits[one]}/line" for one in self._lines.tolist()),
        )  # fmt: skip
        self._row = {name: row for row, name in enumerate(self.ids)}

    def evaluate(self, batch: Columns) -> list[Moves]:
        """What a batch moves, and the hours it closes."""
        moves: list[Moves] = []
        for one in self._hourly.evaluate(batch):
            moves += self.bank.tell([one.limit_index], one.raised, one.taken_at_ns, one.value)
        return moves + self.bank.evaluate(batch)

    def restore(self, standing: Iterable[AlarmStanding], now_ns: int) -> list[str]:
        """Take all states from the record (at start, or after a failed commit). Returns the ids that this
        profile no longer has; they are left out."""
        known, gone = [], []
        for one in standing:
            row = self._row.get(one.alarm_id)
            if row is None:
                gone.append(one.alarm_id)
            else:
                known.append((row, one))
        self.bank.restore(known, now_ns)
        self._hourly.resync(one.alarm_id for _, one in known if one.active)
        return gone

    def look(self, now_ns: int) -> list[Moves]:
        """What time alone moves; to be called about once a second. Dead lines are found first."""
        self.bank.freshness.look(now_ns)
        silent = self.bank.freshness.stale[self._point]
        quiet = np.bincount(self._circuit[silent], minlength=len(self._members))
        dead = quiet[self._lines] == self._members[self._lines]
        rows = self._first_line + np.arange(len(self._lines))
        was = self.bank.active[rows]
        moves: list[Moves] = []
        for present in (True, False):
            changed = rows[(dead == present) & (was != present)]
            if len(changed):
                moves += self.bank.tell(changed.tolist(), present, now_ns)
        return moves + self.bank.look(now_ns)


def silent_after_ns(period_s: float, stale_periods: float) -> int:
    """When the alarm of a silent device that shares no line comes, after its last value."""
    return int(period_s * (stale_periods + 1) * SECOND_NS)


def _most_frequent(device_rows: np.ndarray, period_s: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The devices that measure, and of each the point that should speak most often."""
    order = np.lexsort((np.arange(len(period_s)), period_s, device_rows))
    devices, first = np.unique(device_rows[order], return_index=True)
    return devices, order[first]
