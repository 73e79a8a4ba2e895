"""A writer on a stepped clock, fed a second at a time, and what a reader then finds."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import msgspec
import numpy as np

from console.clock import SECOND_NS, SteppedClock
from console.history.envelope import Envelope, Wanted
from console.history.figures import load_figures
from console.history.layout import Tier
from console.history.reader import HistoryReader
from console.history.writer import HistoryWriter
from console.telemetry.table import Columns

IDS = tuple(f"DEV-{number:04d}/level" for number in range(130))
START_NS = 1_774_000_800 * SECOND_NS  # a whole hour and a whole day of UTC begin near it
PLENTY = 1 << 40


def figures(**keep: float):
    told = load_figures()
    return msgspec.structs.replace(told, keep=msgspec.structs.replace(told.keep, **keep)) if keep else told


class Keeping:
    """`value(point, second)` is what a point says; every point each `every_s` seconds."""

    def __init__(self, folder: Path, value: Callable[[np.ndarray, int], np.ndarray] | None = None,
                 in_thread: bool = False) -> None:  # fmt: skip
        self.folder = folder
        self.clock = SteppedClock(START_NS)
        self.free = PLENTY
        self.in_thread = in_thread
        self.value = value or (lambda points, second: np.round(points + (second % 100) / 10.0, 1))
        self.second = 0
        self.writer: HistoryWriter | None = None
        self.begin()

    def begin(self) -> HistoryWriter:
        """A new process on the folder; the one before is simply gone."""
        if self.writer is not None and self.writer._journal is not None:
            self.writer._journal.close()
        self.writer = HistoryWriter(
            self.folder, IDS, figures(), self.clock, lambda _: self.free, self.in_thread
        )
        self.writer.begin()
        return self.writer

    def run(self, seconds: int, points=None, every_s: int = 1, turn: bool = True) -> None:
        points = np.arange(len(IDS), dtype=np.uint32) if points is None else np.array(points, np.uint32)
        for _ in range(0, seconds, every_s):
            at = np.full(len(points), self.clock.now_ns(), np.int64)
            self.writer.add(
                Columns(points, self.value(points, self.second), at, np.zeros(len(points), np.uint8))
            )
            self.second += every_s
            self.clock.step(every_s)
            if turn:
                self.writer.turn()

    def read(
        self, point: str = IDS[0], from_s: int = 0, to_s: int = 10**6, columns: int = 0, silent_s: float = 3,
        tier: Tier | None = None,
    ) -> Envelope:  # fmt: skip
        reader = HistoryReader(self.folder)
        try:
            (found,) = reader.read(
                (Wanted(point, int(silent_s * SECOND_NS)),), START_NS + from_s * SECOND_NS,
                START_NS + to_s * SECOND_NS, columns, tier=tier,
            )  # fmt: skip
            assert reader.problems == {}
            return found
        finally:
            reader.close()
