"""Turns pictures that lie on their side, and takes the combs out of interlaced ones.

Cameras hung sideways say so beside the picture (a display matrix); encoders of analogue cameras send two
half-pictures of different moments, line by line. Everybody else's pictures pass untouched.
"""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

import av

#: One of the two half-pictures is enough for a pane of up to this share of the picture's height: nothing is
#: computed then, every second line is left out. Larger panes cost a de-interlacer (0.8 ms for 720x576).
HALF_IS_ENOUGH = 0.6
_TURNS = {90: ("transpose", "cclock"), -90: ("transpose", "clock"), 270: ("transpose", "clock"),
          -270: ("transpose", "cclock")}  # fmt: skip
_UPSIDE_DOWN = (("hflip", ""), ("vflip", ""))
Steps = tuple[tuple[str, str], ...]


class Straight(NamedTuple):
    """A picture as it should be looked at; `aspect` is the width of one of its pixels by its height."""

    frame: av.VideoFrame
    aspect: Fraction
    on_its_side: bool


class Straightener:
    """For the pictures of one source. One thread."""

    def __init__(self) -> None:
        self._of: tuple[int, int, str, Steps] | None = None
        self._graph = av.filter.Graph()

    def __call__(self, frame: av.VideoFrame, aspect: Fraction, pane_height: int) -> Straight:
        """`pane_height`: of the tallest pane it is shown in (px)."""
        rotation, interlaced = frame.rotation, frame.interlaced_frame
        if not rotation and not interlaced:
            return Straight(frame, aspect, False)
        half = interlaced and pane_height <= frame.height * HALF_IS_ENOUGH
        turned = self._filtered(frame, _steps(rotation, interlaced, half))
        if turned is None:
            return Straight(frame, aspect, False)  # the de-interlacer wants to see a second one first
        aspect = aspect / 2 if half and aspect else aspect
        on_its_side = rotation in _TURNS
        return Straight(turned, 1 / aspect if on_its_side and aspect else aspect, on_its_side)

    def _filtered(self, frame: av.VideoFrame, steps: Steps) -> av.VideoFrame | None:
        kind = (frame.width, frame.height, frame.format.name, steps)
        if kind != self._of:
            self._of, self._graph = kind, _graph(frame, steps)
        self._graph.push(frame)
        try:
            turned = self._graph.pull()
        except (av.BlockingIOError, av.EOFError):
            return None
        return turned if isinstance(turned, av.VideoFrame) else None


def _steps(rotation: int, interlaced: bool, half: bool) -> Steps:
    steps: list[tuple[str, str]] = []
    if interlaced:
        steps.append(("field", "type=top") if half else ("yadif", "mode=send_frame:deint=interlaced"))
    if rotation in _TURNS:
        steps.append(_TURNS[rotation])
    elif abs(rotation) == 180:
        steps += _UPSIDE_DOWN
    return tuple(steps)


def _graph(frame: av.VideoFrame, steps: Steps) -> av.filter.Graph:
    graph = av.filter.Graph()
    # One thread, as for decoding: a small picture is no work to share.
    graph.threads = 1
    last = graph.add_buffer(
        width=frame.width, height=frame.height, format=frame.format,
        time_base=frame.time_base or Fraction(1, 90_000),
    )  # fmt: skip
    for name, words in steps:
        step = graph.add(name, words)
        last.link_to(step)
        last = step
    last.link_to(graph.add("buffersink"))
    graph.configure()
    return graph
