"""A city's alarms: one for each limit, each device that falls silent, each line that is dead, each gateway.

A line is what devices share to speak at all (their `circuit`: a sensor gateway, a lamp circuit). When all
that measure on it are silent, the line is the fault and not they: its alarm comes first and hides theirs.
A gateway here is the process that brings readings into the console. While it is away nothing can be said of
what is behind it: it is one alarm, and nobody is found silent.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from console.clock import SECOND_NS
from console.profile import Profile
from console.rules.alarm.bank import AlarmBank
from console.rules.alarm.columns import Sort, joined, of_limit_columns, others
from console.rules.alarm.figures import AlarmFigures
from console.rules.alarm.freshness import Freshness
from console.rules.alarm.transition import AlarmStanding, Moves
from console.rules.hourly import HourlyBank
from console.telemetry.table import U32, Columns, Mask

SILENT, LINE, GATEWAY = "/silent", "/line", "/gateway"
"""What the ids of alarms end with that are no limit's."""
MOST_GATEWAYS = 64
LEAST_PATIENCE_NS = 10 * SECOND_NS
NOBODY = 255
"""In `_brought_by`: no gateway has brought a value of this point yet."""


class Of(IntEnum):
    """What an alarm is of."""

    LIMIT = 0
    DEVICE = 1
    LINE = 2
    GATEWAY = 3


@dataclass(frozen=True, slots=True)
class Row:
    """What a row is: of which sort, and the number of its limit, device row or circuit, or a gateway's name.
    `point_index` is that of the value it is about, -1 for none."""

    of: Of
    number: int
    name: str = ""
    point_index: int = -1


class CityAlarms:
    """The bank of a profile. One thread. `ids` names its rows: the limits' own ids, "DEVICE/silent",
    "CIRCUIT/line" and "GATEWAY/gateway". The first rows are the limits, in the profile's order.
    """

    def __init__(self, profile: Profile, figures: AlarmFigures, stale_periods: float) -> None:
        """`stale_periods`: a point without a usable value for so many of its periods is stale."""
        self._hourly = HourlyBank(profile.limits, len(profile.points))
        period_s, silence = profile.points.periods_s(), figures.staleness
        devices, spoken = _most_frequent(profile.points.device_rows(), period_s)
        circuit = profile.columns.circuit[devices]
        count = np.bincount(circuit, minlength=len(profile.columns.circuits))
        count[0] = 0  # number 0 is no circuit
        self._least = silence.line_least
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
        gateway = others(Sort.TOLD, [-1] * MOST_GATEWAYS, silence.gateway_priority)
        self._first_device = first_device = len(limits)
        self._first_line = first_device + len(silent)
        self._first_gateway = self._first_line + len(line)
        self._device_rows, self._spoken = devices, spoken
        self._row_of, self._limits_of = profile.columns.row_of, profile.limits.of_device
        self._devices = np.flatnonzero(on_line)
        self._point, self._circuit = spoken[self._devices], circuit[self._devices]
        self._circuits = len(count)
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
            joined([limits, silent, line, gateway]), Freshness(period_s, stale_periods), plan, release_s
        )
        columns = profile.columns
        self.ids: list[str] = [
            *(one.id for one in profile.limits), *(f"{columns.ids[row]}{SILENT}" for row in devices.tolist()),
            *(f"{columns.circuits[one]}{LINE}" for one in self._lines.tolist()),
        ]  # fmt: skip
        self._row = {name: row for row, name in enumerate(self.ids)}
        self._limit_points = limits.point
        self._patience_ns = period_s * stale_periods * SECOND_NS
        self._brought_by = np.full(len(profile.points), NOBODY, np.uint8)
        self._gateways: dict[str, int] = {}
        self._away: dict[str, bool] = {}
        self._away_points: Mask | None = None

    def row(self, alarm_id: str) -> int | None:
        """The row of an alarm; None for an id this city does not have."""
        return self._row.get(alarm_id)

    def rows_of(self, device_id: str) -> list[int]:
        """The alarms of a device: those of its limits, and its silence. None for a device not in the city."""
        device = self._row_of.get(device_id)
        if device is None:
            return []
        at = int(np.searchsorted(self._device_rows, device))
        speaks = at < len(self._device_rows) and self._device_rows[at] == device
        return [*self._limits_of(device), *([self._first_device + at] if speaks else [])]

    def what(self, row: int) -> Row:
        """What a row is of."""
        if row < self._first_device:
            return Row(Of.LIMIT, row, point_index=int(self._limit_points[row]))
        if row < self._first_line:
            at = row - self._first_device
            return Row(Of.DEVICE, int(self._device_rows[at]), point_index=int(self._spoken[at]))
        if row < self._first_gateway:
            return Row(Of.LINE, int(self._lines[row - self._first_line]))
        return Row(Of.GATEWAY, row - self._first_gateway, self.ids[row].removesuffix(GATEWAY))

    def brought(self, gateway: str, points: U32) -> None:
        """These points' values come by this gateway."""
        number = self._gateway(gateway)
        if number is not None:
            self._brought_by[points] = number

    def unheard(self, gateway: str, silent_ns: int | None) -> bool:
        """Whether a gateway that does not say how it is must be away: nothing at all came from it for as
        long as the most frequent of its points may be silent, and for `LEAST_PATIENCE_NS`. One that brings
        a single device is that device. `silent_ns` None: never heard in this run, it is as it was."""
        number = self._gateways.get(gateway)
        if number is None:
            return False
        if silent_ns is None:
            return bool(self.bank.active[self._first_gateway + number])
        if silent_ns <= LEAST_PATIENCE_NS:
            return False
        mine = self._brought_by[self._spoken] == number
        if int(mine.sum()) < self._least:
            return False
        return silent_ns > float(self._patience_ns[self._spoken[mine]].min())

    @property
    def gateways(self) -> tuple[str, ...]:
        """Everybody who has brought values."""
        return tuple(self._gateways)

    def evaluate(self, batch: Columns, heard_ns: int | None = None) -> list[Moves]:
        """What a batch moves, and the hours it closes. See `AlarmBank.evaluate`."""
        moves: list[Moves] = []
        for one in self._hourly.evaluate(batch):
            moves += self.bank.tell([one.limit_index], one.raised, one.taken_at_ns, one.value)
        return moves + self.bank.evaluate(batch, heard_ns)

    def restore(self, standing: Iterable[AlarmStanding], now_ns: int) -> list[str]:
        """Take all states from the record (at start, or after a failed commit). Returns the ids that this
        profile no longer has; they are left out."""
        known, gone = [], []
        for one in standing:
            if one.alarm_id.endswith(GATEWAY):
                self._gateway(one.alarm_id.removesuffix(GATEWAY))
            row = self._row.get(one.alarm_id)
            if row is None:
                gone.append(one.alarm_id)
            else:
                known.append((row, one))
        self.bank.restore(known, now_ns)
        self._hourly.resync(one.alarm_id for _, one in known if one.active)
        return gone

    def look(self, now_ns: int, gateways: Mapping[str, tuple[bool, bool]] | None = None) -> list[Moves]:
        """What time alone moves; to be called about once a second. Gateways, then dead lines are found first.

        `gateways`: by name, (whether it is away, whether that is a fault).
        """
        moves = self._look_at_gateways(gateways or {}, now_ns)
        freshness = self.bank.freshness
        freshness.look(now_ns, self._away_points)
        heard = np.bincount(self._circuit[freshness.heard[self._point]], minlength=self._circuits)
        quiet = np.bincount(self._circuit[freshness.stale[self._point]], minlength=self._circuits)
        dead = (quiet == heard)[self._lines] & (quiet[self._lines] >= self._least)
        rows = self._first_line + np.arange(len(self._lines))
        was = self.bank.active[rows]
        for present in (True, False):
            changed = rows[(dead == present) & (was != present)]
            if len(changed):
                moves += self.bank.tell(changed.tolist(), present, now_ns)
        return moves + self.bank.look(now_ns, self._away_points)

    def _look_at_gateways(self, gateways: Mapping[str, tuple[bool, bool]], now_ns: int) -> list[Moves]:
        moves: list[Moves] = []
        away = {name: is_away for name, (is_away, _) in gateways.items()}
        if away != self._away:
            for name, number in self._gateways.items():
                if self._away.get(name) and not away.get(name):
                    self.bank.freshness.begin_anew(self._brought_by == number, now_ns)
            self._away = away
            numbers = [number for name, number in self._gateways.items() if away.get(name)]
            self._away_points = np.isin(self._brought_by, numbers) if numbers else None
        for name, (is_away, is_fault) in gateways.items():
            mine = self._gateway(name)
            if mine is None:
                continue
            row = self._first_gateway + mine
            if bool(self.bank.active[row]) != (is_away and is_fault):
                moves += self.bank.tell([row], is_away and is_fault, now_ns)
        return moves

    def _gateway(self, name: str) -> int | None:
        """The number of a gateway; None when there are more than can be told apart."""
        number = self._gateways.get(name)
        if number is None and len(self._gateways) < MOST_GATEWAYS:
            number = self._gateways[name] = len(self._gateways)
            self.ids.append(f"{name}{GATEWAY}")
            self._row[self.ids[-1]] = self._first_gateway + number
        return number


def silent_after_ns(period_s: float, stale_periods: float) -> int:
    """When the alarm of a silent device that shares no line comes, after its last value."""
    return int(period_s * (stale_periods + 1) * SECOND_NS)


def _most_frequent(device_rows: np.ndarray, period_s: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The devices that measure, and of each the point that should speak most often."""
    order = np.lexsort((np.arange(len(period_s)), period_s, device_rows))
    devices, first = np.unique(device_rows[order], return_index=True)
    return devices, order[first]
