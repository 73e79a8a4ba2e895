"""The scenario gateway: a city's measurements and the story's happenings, by the same door as reality."""

from __future__ import annotations

import logging
import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np

from console.clock import SECOND_NS, Clock
from console.gateways.devices import SimulatedDevices
from console.gateways.link import GatewayLink
from console.gateways.simulation import Simulation
from console.gateways.story import Story, StoryCondition, StoryFailure, StoryRamp
from console.model.fact import ConditionSeen, SignalSeen
from console.profile import Profile
from console.telemetry.table import F64, Columns

BACKFILL_S = 2 * 3600
AIR_BACKFILL_S, AIR_STEP_S = 13 * 3600, 600
"""The index of air quality asks for the last twelve whole hours."""
BACKFILL_STEP_S = 60
CHARTED_PERIOD_S = 1.0
"""What somebody looks at moves every second, whatever its usual period."""

_log = logging.getLogger("bongsu.gateway.scenario")


@dataclass(frozen=True, slots=True)
class _Due:
    at_s: float
    act: Callable[[int], None]
    """Called with the number of the round (0 the first time through the story)."""
    every_s: float


class ScenarioGateway:
    """Plays one story into a link. `step` is called about four times a second; time comes from the clock."""

    def __init__(
        self, profile: Profile, story: Story, simulation: Simulation, link: GatewayLink, clock: Clock,
        speed: float = 1.0, session: str = "", devices: SimulatedDevices | None = None,
    ) -> None:
        self._profile, self._story, self._simulation = profile, story, simulation
        self._link, self._clock, self._speed = link, clock, speed
        self._devices = devices
        self._session = session or str(clock.now_ns())
        self._start_ns = clock.mono_ns()
        self._done_s = -1e-9
        self._round = 0
        self._dues = sorted(self._all_dues(), key=lambda due: due.at_s)
        self._ramps = [
            (
                profile.point_by_id[ramp.point].index, chapter.at_s + ramp.after_s, ramp,
                chapter.every_s or story.duration_s,
            )
            for chapter in story.chapters
            for ramp in chapter.ramps
        ]
        self._ramped = np.array(sorted({index for index, _, _, _ in self._ramps}), dtype=np.int64)
        charted = {
            profile.point_by_id[point].index
            for desk in profile.desks.values()
            for band in desk.charts
            for point in band.point_ids
        }
        simulation.quicken(np.array(sorted(charted | set(self._ramped)), dtype=np.int64), CHARTED_PERIOD_S)

    def story_time_s(self) -> float:
        """Seconds since the story's first beginning, at the story's speed."""
        return (self._clock.mono_ns() - self._start_ns) / SECOND_NS * self._speed

    def backfill(self) -> None:
        """Send the last two hours of the charted points, so that charts and hourly rules have a past."""
        trend = np.array(self._profile.trend_points, dtype=np.int64)
        points = np.unique(np.concatenate([trend, self._ramped]))
        now_ns = self._clock.now_ns()
        air = _points_of_system(self._profile, "air")
        for back_s in range(AIR_BACKFILL_S, BACKFILL_S, -AIR_STEP_S):
            # On the whole ten minutes: each hour has a value at its end.
            at_ns = (now_ns - back_s * SECOND_NS) // (AIR_STEP_S * SECOND_NS) * (AIR_STEP_S * SECOND_NS)
            self._link.publish(self._simulation.batch(air, at_ns))
        for back_s in range(BACKFILL_S, 0, -BACKFILL_STEP_S):
            at_ns = now_ns - back_s * SECOND_NS
            self._link.publish(self._with_story(self._simulation.batch(points, at_ns), -float(back_s)))

    def step(self) -> None:
        """Send what is due now: measurements, and what the story says has happened since the last step."""
        now_s = self.story_time_s()
        elapsed_s = now_s / self._speed
        points = self._simulation.due(elapsed_s)
        if len(points):
            self._measure(points, now_s)
        for due, number in self._between(self._done_s, now_s):
            due.act(number)
        self._done_s = now_s
        if self._devices is not None:
            moved = self._devices.step()
            if len(moved):
                self._measure(moved, now_s)

    def free(self, points: np.ndarray) -> F64:
        """What points (indexes) are now where no order holds them."""
        batch = self._simulation.batch(points, self._clock.now_ns())
        return self._with_story(batch, self.story_time_s()).values

    def _measure(self, points: np.ndarray, story_s: float) -> None:
        batch = self._with_story(self._simulation.batch(points, self._clock.now_ns()), story_s)
        self._link.publish(self._devices.apply(batch) if self._devices is not None else batch)

    def _between(self, after_s: float, until_s: float) -> Iterator[tuple[_Due, int]]:
        """What the story holds in (after, until], however many rounds that spans, in order of time."""
        found: list[tuple[float, int, _Due]] = []
        for due in self._dues:
            first = max(0, math.ceil((after_s - due.at_s) / due.every_s))
            for number in range(first, int(max(until_s - due.at_s, -due.every_s) // due.every_s) + 1):
                if after_s < number * due.every_s + due.at_s <= until_s:
                    found.append((number * due.every_s + due.at_s, number, due))
        for _, number, due in sorted(found, key=lambda one: one[0]):
            yield due, number

    def _all_dues(self) -> Iterator[_Due]:
        for chapter in self._story.chapters:
            every_s = chapter.every_s or self._story.duration_s
            for place, signal in enumerate(chapter.signals):
                yield _Due(
                    chapter.at_s + signal.after_s,
                    lambda number, signal=signal, uid=f"{chapter.id}/s{place}": self._link.report(  # type: ignore[misc]
                        SignalSeen(
                            uid=f"{self._session}/{number}/{uid}", type=signal.type,
                            at_ns=self._clock.now_ns(), device_id=signal.device,
                            confidence=signal.confidence, detail=signal.detail,
                        )
                    ),
                    every_s,
                )
            for place, change in enumerate(chapter.conditions):
                yield _Due(
                    chapter.at_s + change.after_s,
                    lambda number, change=change, uid=f"{chapter.id}/c{place}": self._change(  # type: ignore[misc]
                        change, f"{self._session}/{number}/{uid}"
                    ),
                    every_s,
                )
            for failure in chapter.failures:
                yield _Due(
                    chapter.at_s + failure.after_s,
                    lambda number, failure=failure: self._fail(failure, True),  # type: ignore[misc]
                    every_s,
                )
                if failure.for_s:
                    yield _Due(
                        chapter.at_s + failure.after_s + failure.for_s,
                        lambda number, failure=failure: self._fail(failure, False),  # type: ignore[misc]
                        every_s,
                    )

    def _change(self, change: StoryCondition, uid: str) -> None:
        if self._devices is not None:
            self._devices.condition(change.device, change.condition)
        self._link.report(
            ConditionSeen(
                uid=uid, device_id=change.device, condition=change.condition, at_ns=self._clock.now_ns(),
                why=change.why,
            )
        )

    def _fail(self, failure: StoryFailure, begins: bool) -> None:
        if self._devices is not None:
            self._devices.fail(failure.device, failure.mode if begins else None, failure.control)

    def _with_story(self, batch: Columns, story_s: float) -> Columns:
        if not self._ramps:
            return batch
        values = batch.values.copy()
        for index, start_s, ramp, every_s in self._ramps:
            share = _share(ramp, _ramp_time(start_s, ramp, every_s, story_s))
            if share > 0:
                rows = np.flatnonzero(batch.points == index)
                values[rows] += (ramp.value - values[rows]) * share
        return Columns(batch.points, values, batch.taken_at_ns, batch.quality)


def _ramp_time(start_s: float, ramp: StoryRamp, every_s: float, story_s: float) -> float:
    """Seconds into the ramp, of this round or of one that has not ended yet."""
    into = story_s - start_s
    whole = ramp.over_s + ramp.hold_s + ramp.back_s
    if into > whole and story_s >= 0:
        into = (story_s % every_s) - start_s
    return into


def _points_of_system(profile: Profile, system: str) -> np.ndarray:
    """The points of a system's devices; none where the city has not got it."""
    of_kind = np.array([one == system for one in profile.columns.kind_system])
    of_device = of_kind[profile.columns.kind] if len(of_kind) else np.zeros(0, bool)
    return np.flatnonzero(of_device[profile.points.device_rows()])


def _share(ramp: StoryRamp, into_s: float) -> float:
    """How far (0..1) the ramp has taken its point, `into_s` after its start."""
    if into_s < 0:
        return 0.0
    if into_s < ramp.over_s:
        return into_s / ramp.over_s
    into_s -= ramp.over_s
    if into_s <= ramp.hold_s:
        return 1.0
    into_s -= ramp.hold_s
    return max(0.0, 1.0 - into_s / ramp.back_s) if ramp.back_s else 0.0


def utc_offset_s(profile: Profile, now_ns: int) -> int:
    """How far the city's clock is ahead of UTC now."""
    zone = ZoneInfo(profile.time_zone)
    offset = datetime.fromtimestamp(now_ns / SECOND_NS, zone).utcoffset()
    return int(offset.total_seconds()) if offset is not None else 0
