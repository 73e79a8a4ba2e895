"""Which part of the ground is seen and how large: pure arithmetic between metres and pixels."""

from __future__ import annotations

import math
from typing import NamedTuple

CLOSEST_M_PER_PX = 0.2
LEVELS_PER_DOUBLING = 2
"""Two steps of the wheel halve or double the scale; the map is only ever seen at these scales, so that what
was drawn of it can be kept."""
ROOM = 1.08
"""A city that is shown whole leaves so much room around it."""
STEPS_M = (5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000)


class Extent(NamedTuple):
    """A rectangle on the ground, metres: x to the east, y to the north."""

    west: float
    south: float
    east: float
    north: float


class View(NamedTuple):
    """The point in the middle (metres) and the scale. Pixels run to the right and down."""

    x: float
    y: float
    m_per_px: float

    def to_px(self, x: float, y: float, width: int, height: int) -> tuple[float, float]:
        """Where a point of the ground is seen in a widget of this size."""
        return width / 2 + (x - self.x) / self.m_per_px, height / 2 - (y - self.y) / self.m_per_px

    def to_m(self, px: float, py: float, width: int, height: int) -> tuple[float, float]:
        """Which point of the ground is seen at a pixel."""
        return self.x + (px - width / 2) * self.m_per_px, self.y - (py - height / 2) * self.m_per_px

    def panned(self, dx_px: float, dy_px: float, extent: Extent) -> View:
        """The ground moved along with the pointer; the middle never leaves the city."""
        return self._within(self.x - dx_px * self.m_per_px, self.y + dy_px * self.m_per_px, extent)

    def zoomed(self, factor: float, px: float, py: float, width: int, height: int, extent: Extent) -> View:
        """Larger (factor above 1) or smaller, with the ground under the pixel staying where it is."""
        x, y = self.to_m(px, py, width, height)
        farthest = max(fitted(extent, width, height).m_per_px, CLOSEST_M_PER_PX)
        scale = min(farthest, max(CLOSEST_M_PER_PX, self.m_per_px / factor))
        ratio = scale / self.m_per_px
        moved = View(x + (self.x - x) * ratio, y + (self.y - y) * ratio, scale)
        return moved._within(moved.x, moved.y, extent)

    def centred(self, x: float, y: float, extent: Extent) -> View:
        """The same scale with another point in the middle."""
        return self._within(x, y, extent)

    def on_level(self) -> View:
        """The same place at the nearest scale of a level."""
        return View(self.x, self.y, scale_of(level_of(self.m_per_px)))

    def extent(self, width: int, height: int) -> Extent:
        """What a widget of this size shows."""
        wide, high = width / 2 * self.m_per_px, height / 2 * self.m_per_px
        return Extent(self.x - wide, self.y - high, self.x + wide, self.y + high)

    def _within(self, x: float, y: float, extent: Extent) -> View:
        return View(
            min(extent.east, max(extent.west, x)), min(extent.north, max(extent.south, y)), self.m_per_px
        )


def level_of(m_per_px: float) -> int:
    """The nearest level of a scale; 0 is the closest."""
    return max(0, round(math.log2(m_per_px / CLOSEST_M_PER_PX) * LEVELS_PER_DOUBLING))


def scale_of(level: int) -> float:
    """Metres a pixel of a level."""
    return CLOSEST_M_PER_PX * 2.0 ** (level / LEVELS_PER_DOUBLING)


def whole(extent: Extent, width: int, height: int) -> View:
    """The whole extent at the closest level that shows all of it."""
    view = fitted(extent, width, height)
    level = math.ceil(math.log2(view.m_per_px / CLOSEST_M_PER_PX) * LEVELS_PER_DOUBLING - 1e-9)
    return View(view.x, view.y, scale_of(max(0, level)))


def fitted(extent: Extent, width: int, height: int) -> View:
    """The whole extent in the middle of a widget of this size."""
    wide, high = max(1.0, extent.east - extent.west), max(1.0, extent.north - extent.south)
    scale = ROOM * max(wide / max(1, width), high / max(1, height))
    return View((extent.west + extent.east) / 2, (extent.south + extent.north) / 2, scale)


def bar_m(m_per_px: float, room_px: int) -> int:
    """The longest round length (metres) a scale bar of at most `room_px` can show."""
    fitting = [step for step in STEPS_M if step / m_per_px <= room_px]
    return fitting[-1] if fitting else STEPS_M[0]
