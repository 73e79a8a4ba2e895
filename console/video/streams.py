"""Which of a camera's two streams a pane shows: the main one, or the smaller one beside it.

Pure: told how tall the picture in the pane is and how the present stream fares, says which stream it should
be. A pane never changes back and forth at a border, and a stream that gives no picture makes way for the
other one.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import msgspec

from console.model.base import Record
from console.paths import shipped

MAIN, SUB = "main", "sub"
_MS = 1_000_000
USUAL_SHAPE = 16 / 9


class ChoiceLimits(Record, frozen=True, kw_only=True):
    assumed_sub_height_px: int
    up_at: float
    down_after_ms: int
    give_up_ms: int
    retry_ms: int


class OpeningLimits(Record, frozen=True, kw_only=True):
    again_per_second: float
    at_once: int


class StreamLimits(Record, frozen=True, kw_only=True):
    """``seeds/video_streams.toml``, where each figure is explained."""

    choice: ChoiceLimits
    opening: OpeningLimits


def stream_limits(path: Path | None = None) -> StreamLimits:
    """The limits that are shipped, or those in `path`. Raises what msgspec and the file system raise."""
    return _read(path or shipped("seeds") / "video_streams.toml")


@cache
def _read(path: Path) -> StreamLimits:
    return msgspec.toml.decode(path.read_bytes(), type=StreamLimits)


def picture_height_px(width: int, height: int, shape: float = USUAL_SHAPE) -> int:
    """How tall a picture of this shape (width by height) is in a pane of this size."""
    return min(height, round(width / shape)) if shape > 0 else height


class StreamChoice:
    """The choice for one pane. Time is monotonic, ns, given by the caller. One thread."""

    def __init__(self, limits: ChoiceLimits) -> None:
        self._limits = limits
        self._small_since_ns: int | None = None
        self._left_out_until_ns: dict[str, int] = {}

    def first(self, needed_px: int, sub_px: int) -> str:
        """The stream to open for a pane that shows nothing yet."""
        return SUB if needed_px <= (sub_px or self._limits.assumed_sub_height_px) else MAIN

    def wanted(
        self, now_ns: int, present: str, needed_px: int, sub_px: int, load_asks: bool, silent_ns: int
    ) -> str:
        """The stream a pane should show, which shows `present` and has had no picture for `silent_ns`.

        `needed_px` is the height of the picture in the pane, `sub_px` that of the sub stream (0: not known
        yet); `load_asks`: load control wants the smaller one.
        """
        limits = self._limits
        if silent_ns >= limits.give_up_ms * _MS:
            self._left_out_until_ns[present] = now_ns + limits.retry_ms * _MS
        else:
            self._left_out_until_ns.pop(present, None)
        wanted = SUB if load_asks else self._by_size(now_ns, present, needed_px, sub_px)
        other = MAIN if wanted == SUB else SUB
        return other if self.left_out(wanted, now_ns) and not self.left_out(other, now_ns) else wanted

    def left_out(self, stream: str, now_ns: int) -> bool:
        """Whether a stream gave no picture lately."""
        return self._left_out_until_ns.get(stream, now_ns) > now_ns

    def _by_size(self, now_ns: int, present: str, needed_px: int, sub_px: int) -> str:
        sub_px = sub_px or self._limits.assumed_sub_height_px
        if present == SUB:
            self._small_since_ns = None
            return MAIN if needed_px > sub_px * self._limits.up_at else SUB
        if needed_px > sub_px:
            self._small_since_ns = None
            return MAIN
        if self._small_since_ns is None:
            self._small_since_ns = now_ns
        return SUB if now_ns - self._small_since_ns >= self._limits.down_after_ms * _MS else MAIN
