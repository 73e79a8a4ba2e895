"""Digital zoom: which part of a picture is seen, and how large it must be decoded. Pure arithmetic."""

from __future__ import annotations

from typing import NamedTuple

from widgets.wall.bounds import ZoomBounds
from widgets.wall.layout import fit

Size = tuple[int, int]
Rect = tuple[int, int, int, int]


class Zoom(NamedTuple):
    """The seen part of a picture: `factor` 1 is all of it; `x`, `y` its middle, as shares of the picture.

    The seen part never reaches beyond the picture.
    """

    factor: float = 1.0
    x: float = 0.5
    y: float = 0.5

    @property
    def share(self) -> float:
        """How much of each side is seen."""
        return 1 / self.factor

    @property
    def left(self) -> float:
        return self.x - self.share / 2

    @property
    def top(self) -> float:
        return self.y - self.share / 2

    def at(self, x: float, y: float) -> tuple[float, float]:
        """What is seen at this place of the pane's picture (shares of it), as shares of the whole."""
        return self.left + x * self.share, self.top + y * self.share

    def place(self, x: float, y: float) -> tuple[float, float]:
        """Where a point of the whole picture is seen; beyond 0..1 for what is not."""
        return (x - self.left) * self.factor, (y - self.top) * self.factor

    def by(self, times: float, longest: float, x: float = 0.5, y: float = 0.5) -> Zoom:
        """`times` closer (below 1: farther). What is seen at `x`, `y` stays there, unless the edge is
        reached."""
        factor = min(longest, max(1.0, self.factor * times))
        if factor < 1.001:
            return WHOLE
        seen_x, seen_y = self.at(x, y)
        return _inside(factor, seen_x + (0.5 - x) / factor, seen_y + (0.5 - y) / factor)

    def moved(self, right: float, down: float) -> Zoom:
        """Moved by shares of what is seen."""
        return _inside(self.factor, self.x + right * self.share, self.y + down * self.share)


def _inside(factor: float, x: float, y: float) -> Zoom:
    half = 0.5 / factor
    return Zoom(factor, min(1 - half, max(half, x)), min(1 - half, max(half, y)))


WHOLE = Zoom()


def decoded_size(
    room: Size, source: Size, zoom: Zoom, asked: Size | None, bounds: ZoomBounds, larger_exists: bool = False
) -> Size:
    """The size to ask the engine for, so that a pane of `room` pixels shows its part without being coarser
    than the camera is.

    Not zoomed, it is the room's own size. `source` is the stream's size, zeros where it is not known yet;
    with `larger_exists` the camera has a larger stream than the one that is shown. `asked` is what is decoded
    now; it is kept while it is enough and not much too large.
    """
    width, height = room
    if zoom.factor <= 1.0 or width < 1 or height < 1:
        return room
    most = max(1.0, _most(room, source, bounds, larger_exists))
    wanted = min(zoom.factor, most)
    if asked is not None:
        present = min(asked[0] / width, asked[1] / height)
        if wanted <= present * 1.001 and wanted >= present * bounds.too_large and present <= most * 1.001:
            return asked
    return max(1, round(width * wanted)), max(1, round(height * wanted))


def _most(room: Size, source: Size, bounds: ZoomBounds, larger_exists: bool) -> float:
    """How many times the room's size is worth decoding."""
    width, height = room
    cap = bounds.largest_side_px / max(width, height)
    if min(source) < 1 or larger_exists:
        known = bounds.unknown_side_px / max(width, height)
        if min(source) < 1:
            return min(cap, known)
        return min(cap, max(known, _times(room, source)))
    return min(cap, _times(room, source))


def _times(room: Size, source: Size) -> float:
    _, _, fitted, _ = fit(*source, (0, 0, *room))
    return source[0] / max(1, fitted)


def seen_rect(whole: Rect, zoom: Zoom, inner: Rect) -> Rect:
    """Where the seen part lies on a small map `inner` of the picture; `whole` is the picture's rectangle."""
    x, y, width, height = inner
    share = zoom.share
    return (
        x + round(zoom.left * width), y + round(zoom.top * height),
        max(2, round(share * width)), max(2, round(share * height)),
    )  # fmt: skip
