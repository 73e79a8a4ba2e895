"""Load control: which source is decoded with how much care, on a machine that cannot do all of it.

Pure: told what each source costs and how busy its decoding thread is, says a `Level` for each. What is cut
first and what last is the order of `_cuts`; everything cut is given back, the last cut first, when there is
room, and more hesitantly each time that proved too early.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from enum import IntEnum
from pathlib import Path
from typing import NamedTuple

import msgspec

from console.model.base import Record
from console.paths import shipped

_MS = 1_000_000
#: One look may have met a burst; so many in a row are pressure.
PRESSED_LOOKS = 2


class Importance(IntEnum):
    """What a pane is to the operator. The wall says it; everything but NORMAL is cut last."""

    NORMAL = 0
    INCIDENT = 1
    SELECTED = 2
    FULL = 3


class Level(IntEnum):
    """How much of a source is decoded, each step with those before it."""

    FULL = 0
    LOOP_FILTER = 1    # the decoder's smoothing of block edges is left out
    NON_REFERENCE = 2  # pictures that no other picture is built on are left out
    HALF_RATE = 3      # every second picture is shown
    THIRD_RATE = 4
    GROUP_HEADS = 5    # only the beginning of each group of pictures is decoded
    SUB = 6            # the camera's smaller stream, where it has one


#: What a level is called on the pane; the last cut is the one that is told.
CUTS = ("", "loop_filter", "non_reference", "rate", "sub")
CUT_OF = {
    Level.FULL: "", Level.LOOP_FILTER: "loop_filter", Level.NON_REFERENCE: "non_reference",
    Level.HALF_RATE: "rate", Level.THIRD_RATE: "rate", Level.GROUP_HEADS: "rate", Level.SUB: "sub",
}  # fmt: skip
#: Why a pane has less than its camera could give.
CAUSES = ("", "this_machine", "network", "camera")


class Work(Record, frozen=True, kw_only=True):
    """What is left of a source's work at each level, as a share."""

    full: float
    loop_filter: float
    non_reference: float
    half_rate: float
    third_rate: float
    group_heads: float
    sub: float

    def at(self, level: Level) -> float:
        return (self.full, self.loop_filter, self.non_reference, self.half_rate, self.third_rate,
                self.group_heads, self.sub)[level]  # fmt: skip


class LoadLimits(Record, frozen=True, kw_only=True):
    """``seeds/video_load.toml``, where each figure is explained."""

    high: float
    room: float
    late_ms: int
    look_every_ms: int
    settle_ms: int
    calm_ms: int
    calm_longest_ms: int
    regret_ms: int
    work: Work


def load_limits(path: Path | None = None) -> LoadLimits:
    """The limits that are shipped, or those in `path`. Raises what msgspec and the file system raise."""
    path = path or shipped("seeds") / "video_load.toml"
    return msgspec.toml.decode(path.read_bytes(), type=LoadLimits)


class Decoding(NamedTuple):
    """One source as a decoding thread has it. `pixels` of its largest pane; `share` of the thread's time at
    its present level; `quick`: its loop filter is left out anyway, because its panes are small."""

    key: Hashable
    pixels: int
    share: float
    importance: Importance = Importance.NORMAL
    quick: bool = False
    has_sub: bool = False


class Pressure(NamedTuple):
    """How a decoding thread is: `busy` 0..1, and how late its pictures are (ns)."""

    busy: float
    late_ns: int = 0


class LoadPolicy:
    """Decides for one decoding thread. Time is monotonic, ns, given by the caller. One thread."""

    def __init__(self, limits: LoadLimits) -> None:
        self._limits = limits
        self._levels: dict[Hashable, Level] = {}
        self._importance: dict[Hashable, Importance] = {}
        self._changed_ns = self._gave_back_ns = self._cut_ns = -(1 << 60)
        self._calm_since_ns: int | None = None
        self._pressed_looks = 0
        self._calm_ms = limits.calm_ms

    def level(self, key: Hashable) -> Level:
        return self._levels.get(key, Level.FULL)

    @property
    def calm_asked_ms(self) -> int:
        """How long it must be calm before something is given back."""
        return self._calm_ms

    def decide(
        self, now_ns: int, pressure: Pressure, decodings: Sequence[Decoding]
    ) -> dict[Hashable, Level]:
        """The level of every source from now on."""
        limits = self._limits
        if self._follow(decodings):
            self._changed_ns = now_ns  # opening costs more than playing: see first what it is
        if not self.pressed(pressure):
            self._pressed_looks = 0
            self._calm(now_ns, pressure, decodings)
            return dict(self._levels)
        self._calm_since_ns = None
        self._pressed_looks += 1
        if self._pressed_looks >= PRESSED_LOOKS and now_ns - self._changed_ns >= limits.settle_ms * _MS:
            if now_ns - self._gave_back_ns < limits.regret_ms * _MS and self._gave_back_ns > self._cut_ns:
                self._calm_ms = min(2 * self._calm_ms, limits.calm_longest_ms)
            # Late with a thread that is not busy: others have the processor. Cut some, look, cut more.
            late = min(pressure.late_ns / 1e9, 1.0) * 0.2
            if self._cut(max(pressure.busy - limits.room, late, 0.05), decodings):
                self._changed_ns = self._cut_ns = now_ns
        return dict(self._levels)

    def pressed(self, pressure: Pressure) -> bool:
        return pressure.busy >= self._limits.high or pressure.late_ns >= self._limits.late_ms * _MS

    def _follow(self, decodings: Sequence[Decoding]) -> bool:
        """Sources come and go; one that became important has everything back at once. True when one came."""
        levels: dict[Hashable, Level] = {}
        for each in decodings:
            level = self._levels.get(each.key, Level.FULL)
            before = self._importance.get(each.key, each.importance)
            promoted = each.importance > Importance.NORMAL and before == Importance.NORMAL
            if promoted or (level is Level.SUB and not each.has_sub):
                level = Level.FULL if promoted else Level.GROUP_HEADS
            elif level is Level.LOOP_FILTER and each.quick:
                level = Level.FULL  # its pane became small: nothing is cut that would not be left out anyway
            levels[each.key] = level
        came = not levels.keys() <= self._levels.keys()
        self._levels = levels
        self._importance = {each.key: each.importance for each in decodings}
        return came

    def _cut(self, excess: float, decodings: Sequence[Decoding]) -> bool:
        """Cut, in order, until the expected relief is `excess`. False when nothing is left to cut."""
        relief = 0.0
        share = {each.key: each.share for each in decodings}
        done = False
        for each, step in _cuts(decodings):
            level = self._levels[each.key]
            if level >= step:
                continue
            left = share[each.key] * self._work(step) / self._work(level)
            relief += share[each.key] - left
            share[each.key] = left
            self._levels[each.key] = step
            done = True
            if relief >= excess:
                break
        return done

    def _calm(self, now_ns: int, pressure: Pressure, decodings: Sequence[Decoding]) -> None:
        limits = self._limits
        if self._calm_since_ns is None:
            self._calm_since_ns = now_ns
        calm_ms = (now_ns - self._calm_since_ns) // _MS
        if now_ns - max(self._cut_ns, self._gave_back_ns) > limits.calm_longest_ms * _MS:
            self._calm_ms = limits.calm_ms
        if calm_ms < self._calm_ms or now_ns - self._changed_ns < limits.settle_ms * _MS:
            return
        if not any(self._levels.values()):
            return
        busy = pressure.busy
        given: set[Hashable] = set()
        for each, step in reversed(list(_cuts(decodings))):
            if self._levels[each.key] != step:
                continue
            # One step of a source at a time: what a step costs is known only once it was taken.
            if each.key in given:
                break
            lower = _below(step, each)
            more = each.share * (self._work(lower) / self._work(step) - 1)
            if busy + more > limits.room:
                break  # strictly in order: nobody is given back to before his turn
            busy += more
            self._levels[each.key] = lower
            given.add(each.key)
        if given:
            self._changed_ns = self._gave_back_ns = now_ns
            self._calm_since_ns = now_ns

    def _work(self, level: Level) -> float:
        return self._limits.work.at(level)


_LADDER = tuple(Level)[1:]


def _steps(each: Decoding) -> tuple[Level, ...]:
    first = 1 if each.quick else 0
    return _LADDER[first:] if each.has_sub else _LADDER[first:-1]


def _below(step: Level, each: Decoding) -> Level:
    """The level before this one on a source's own ladder."""
    return max((level for level in _steps(each) if level < step), default=Level.FULL)


def _cuts(decodings: Sequence[Decoding]) -> Iterator[tuple[Decoding, Level]]:
    """All cuts in the order in which they are made: first all steps of the panes nobody looks at in
    particular, step by step, the smallest panes first and of equal ones the most expensive; then those with
    an incident, then the selected one, then the one that fills the screen."""
    for importance in Importance:
        group = [each for each in decodings if each.importance is importance]
        group.sort(key=lambda each: (each.pixels, -each.share, repr(each.key)))
        for step in _LADDER:
            for each in group:
                if step in _steps(each):
                    yield each, step
