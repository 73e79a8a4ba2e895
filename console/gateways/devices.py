"""Simulated devices that follow orders: each answers after its own time and its points really change.

They fail in named ways (`FailureMode`), told by the story's data. Orders come from the link's thread into
`begin`; everything else belongs to the thread that calls `step` and `apply`.
"""

from __future__ import annotations

import heapq
import logging
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import numpy as np

from console.clock import SECOND_NS, Clock
from console.gateways.behaviour import Behaviour, FailureMode, Move
from console.gateways.orders import answer
from console.model.base import Words
from console.model.control import AUTOMATIC, DeviceOrder, Outcome, ServesControls
from console.model.device import Condition
from console.model.fact import AnyFact
from console.profile import Profile
from console.telemetry.table import F64, Columns

NEIGHBOUR_WITHIN_M = 400.0
METRES_PER_DEGREE = 111_195.0
"""Of latitude: the mean radius of the earth (IUGG) times one degree."""
REPORT_EVERY_S = 1.0
"""A point that moves reports so often, as devices do that report changes."""
HELD_EVERY_S = 10.0
"""What an order holds is said again so often, for a hub that was away when it changed."""
SLOW_AFTER_S = 5.0
"""A slow device answers so long after its time is over."""
LOCAL = Words(en="refused: the switch at the device is on local", ko="거부: 현장 스위치가 수동(현장) 위치")
GARBAGE = Words(
    en="the answer could not be read: 5f 03 00 ff (checksum does not hold)",
    ko="응답 해석 불가: 5f 03 00 ff (체크섬 불일치)",
)

_log = logging.getLogger("bongsu.gateway.devices")


@dataclass(slots=True)
class _Held:
    """What an order makes of one point: from `start` to `goal` since `since_s`, over `over_s`."""

    start: float
    goal: float
    since_s: float
    over_s: float
    relative: bool
    step: float
    releasing: bool = False

    def at(self, free: float, now_s: float) -> float:
        """The point's value, where it would be `free` without the order."""
        share = 1.0 if self.over_s <= 0 else min(1.0, max(0.0, (now_s - self.since_s) / self.over_s))
        if self.relative:
            return free * (self.start + (self.goal - self.start) * share)
        goal = free if self.releasing else self.goal
        value = self.start + (goal - self.start) * share
        return round(value / self.step) * self.step if self.step else value

    def over(self, now_s: float) -> bool:
        return now_s - self.since_s >= self.over_s


@dataclass(order=True, slots=True)
class _Due:
    at_s: float
    number: int
    order: DeviceOrder = field(compare=False)
    device_id: str = field(compare=False)
    outcome: Outcome = field(compare=False)
    words: Words = field(compare=False)
    acts: bool = field(compare=False)
    again: int = field(compare=False, default=0)


class SimulatedDevices:
    """All devices of a city that have controls. `free` says what points (indexes) would be without orders."""

    def __init__(
        self, profile: Profile, behaviours: Mapping[str, Behaviour], report: Callable[[AnyFact], None],
        clock: Clock, free: Callable[[np.ndarray], F64], seed: int = 20162,
    ) -> None:  # fmt: skip
        self._profile, self._behaviours, self._report, self._clock = profile, behaviours, report, clock
        self._free = free
        self._random = np.random.Generator(np.random.PCG64(seed))
        self._orders: deque[DeviceOrder] = deque()
        self._due: list[_Due] = []
        self._number = 0
        self._held: dict[int, _Held] = {}
        self._last: dict[int, float] = {}
        self._reported_s = -REPORT_EVERY_S
        self._held_said_s = 0.0
        self._failures: dict[tuple[str, str], FailureMode] = {}
        self._down: set[str] = set()

    def serves(self) -> ServesControls:
        """All kinds that have a control here."""
        kinds = {kind for one in self._profile.controls.values() for kind in one.kinds}
        return ServesControls(kinds=tuple(sorted(kinds)))

    def begin(self, order: DeviceOrder) -> None:
        """An order came. Any thread."""
        self._orders.append(order)

    def fail(self, device_id: str, mode: FailureMode | None, control: str = "") -> None:
        """Let a device fail so from now on (at one control, or at all); None: no longer."""
        if mode is None:
            self._failures.pop((device_id, control), None)
        else:
            self._failures[device_id, control] = mode

    def condition(self, device_id: str, condition: Condition) -> None:
        """A device that is down answers nothing."""
        (self._down.add if condition == "down" else self._down.discard)(device_id)

    def step(self) -> np.ndarray:
        """Take new orders, let answers that are due go out. Returns the points (indexes, int64) to report now
        because an order moves them.
        """
        now_s = self._clock.mono_ns() / SECOND_NS
        while self._orders:
            self._take(self._orders.popleft(), now_s)
        said: dict[tuple[str, str, str, int], list[_Due]] = {}
        while self._due and self._due[0].at_s <= now_s:
            due = heapq.heappop(self._due)
            if due.acts:
                self._move(due.order, due.device_id, now_s)
            said.setdefault((due.order.id, due.outcome, due.words.en, due.again), []).append(due)
        for group in said.values():
            first = group[0]
            devices = [one.device_id for one in group]
            self._report(answer(first.order, devices, first.outcome, first.words, first.again))
        return self._moving(now_s)

    def apply(self, batch: Columns) -> Columns:
        """The batch as measured where orders hold points."""
        if not self._held:
            return batch
        now_s = self._clock.mono_ns() / SECOND_NS
        values = batch.values.copy()
        rows = np.flatnonzero(np.isin(batch.points, np.fromiter(self._held, np.int64)))
        for row in rows:
            index = int(batch.points[row])
            held = self._held[index]
            values[row] = self._last[index] = held.at(float(values[row]), now_s)
            if held.releasing and held.over(now_s):
                del self._held[index], self._last[index]
        return Columns(batch.points, values, batch.taken_at_ns, batch.quality)

    def _take(self, order: DeviceOrder, now_s: float) -> None:
        behaviour = self._behaviours.get(order.control)
        if behaviour is None:
            _log.warning("Order %s: control %r is not one of the simulation's", order.id, order.control[:80])
            return
        least, most = behaviour.answer_s
        late_s = (order.expires_ns - self._clock.now_ns()) / SECOND_NS + SLOW_AFTER_S
        for device_id in order.device_ids:
            mode = self._failures.get((device_id, order.control)) or self._failures.get((device_id, ""))
            if device_id in self._down or mode == "silent":
                continue
            at_s = now_s + least + (most - least) * float(self._random.random())
            if mode == "local":
                self._push(at_s, order, device_id, "refused", LOCAL, False)
            elif mode == "garbage":
                self._push(at_s, order, device_id, "unclear", GARBAGE, True)
            else:
                at_s = now_s + late_s if mode == "slow" else at_s
                self._push(at_s, order, device_id, "done", behaviour.says, mode != "stuck")
                if mode == "twice":
                    self._push(at_s + 0.5, order, device_id, "done", behaviour.says, False, 1)

    def _push(
        self, at_s: float, order: DeviceOrder, device_id: str, outcome: Outcome, words: Words, acts: bool,
        again: int = 0,
    ) -> None:  # fmt: skip
        self._number += 1
        due = _Due(at_s, self._number, order, device_id, outcome, words, acts, again)
        heapq.heappush(self._due, due)

    def _move(self, order: DeviceOrder, device_id: str, now_s: float) -> None:
        for move in self._behaviours[order.control].moves:
            index = self._point(device_id, move)
            if index is None:
                continue
            before = self._held.get(index)
            if order.value == AUTOMATIC:
                if before is not None:
                    self._release(index, before, move, now_s)
                continue
            target = move.times if move.times is not None else move.target(order.value)
            if target is None:
                continue
            relative = move.times is not None
            start = before.at(1.0, now_s) if relative and before is not None and before.relative else 1.0
            if not relative:
                start = self._last[index] if index in self._held else float(self._free(np.array([index]))[0])
            self._held[index] = _Held(start, target, now_s, move.over_s, relative, move.step)
            self._last.setdefault(index, start)
        self._reported_s = -REPORT_EVERY_S

    def _release(self, index: int, before: _Held, move: Move, now_s: float) -> None:
        if before.relative:
            start = before.at(1.0, now_s)
            self._held[index] = _Held(start, 1.0, now_s, move.over_s, True, 0.0, releasing=True)
        else:
            start = self._last.get(index, before.goal)
            self._held[index] = _Held(start, start, now_s, move.over_s, False, move.step, releasing=True)

    def _moving(self, now_s: float) -> np.ndarray:
        """Points on their way, at most once each `REPORT_EVERY_S`, and once more when they arrive; all that
        are held each `HELD_EVERY_S`."""
        if not self._held or now_s - self._reported_s < REPORT_EVERY_S:
            return _NONE
        self._reported_s = now_s
        if now_s - self._held_said_s >= HELD_EVERY_S:
            self._held_said_s = now_s
            return np.fromiter(self._held, np.int64)
        return np.array(
            [i for i, one in self._held.items() if now_s - one.since_s <= one.over_s + 2 * REPORT_EVERY_S],
            dtype=np.int64,
        )

    def _point(self, device_id: str, move: Move) -> int | None:
        other = device_id if not move.of else self._neighbour(device_id, move.of)
        return self._profile.points.index_of(f"{other}/{move.quantity}") if other else None

    def _neighbour(self, device_id: str, kind: str) -> str:
        columns = self._profile.columns
        if kind not in columns.kinds:
            return ""
        here, rows = columns.row_of[device_id], columns.of_kind(kind)
        north = (columns.lat[rows] - columns.lat[here]) * METRES_PER_DEGREE
        east = (columns.lon[rows] - columns.lon[here]) * METRES_PER_DEGREE
        east *= np.cos(np.radians(columns.lat[here]))
        if not len(rows):
            return ""
        nearest = int(np.argmin(north**2 + east**2))
        near = float(np.hypot(north[nearest], east[nearest])) <= NEIGHBOUR_WITHIN_M
        return columns.ids[rows[nearest]] if near else ""


_NONE: np.ndarray = np.zeros(0, dtype=np.int64)
