"""What is asked of recorded pictures, forward and backwards alike: the one that belongs to a moment."""

from __future__ import annotations

from typing import NamedTuple, Protocol

from console.video.footage_decoding import Taken

USUAL_INTERVAL_NS = 40_000_000


class Found(NamedTuple):
    """The picture of a moment, or why there is none (`console.video.condition.REASONS`).

    `next_ns` is the wall time at which another picture, or none, takes its place; None where that is not
    known. `interval_ns` is how far apart the pictures are there, `size` the camera's own.
    """

    taken: Taken | None
    reason: str = ""
    next_ns: int | None = None
    interval_ns: int = USUAL_INTERVAL_NS
    size: tuple[int, int] = (0, 0)


class Line(Protocol):
    """Decodes in one direction. The decoding thread only."""

    #: There is something to decode now; else nothing can be done until more was read.
    is_busy: bool

    def find(self, position_ns: int, until_mono_ns: int, hurry: bool) -> Found | None:
        """The picture of a position. None when that is not known yet: time ran out, or more must be read."""

    def forget(self) -> None:
        """Give everything up: decoding goes on somewhere else."""


def lasts_ns(interval_ns: int) -> int:
    """How long a picture counts that no other one follows: the pictures' distance, and half of it."""
    return interval_ns * 3 // 2
