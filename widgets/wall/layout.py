"""Where panes lie: pure arithmetic in device-independent pixels."""

from __future__ import annotations

from math import ceil, sqrt
from typing import NamedTuple

GAP = 2
MOST_SIDE = 8


class Place(NamedTuple):
    """A pane's rectangle: the strip's `strip` pixels at the top, the picture below."""

    x: int
    y: int
    width: int
    height: int
    strip: int

    @property
    def picture(self) -> tuple[int, int, int, int]:
        """x, y, width, height of the room for the picture."""
        return self.x, self.y + self.strip, self.width, max(0, self.height - self.strip)


def side_for(count: int) -> int:
    """The smallest square grid (1 to 8 a side) with room for `count` panes."""
    return min(MOST_SIDE, max(1, ceil(sqrt(count))))


def grid(width: int, height: int, columns: int, rows: int, strip: int) -> list[Place]:
    """Places of a grid, row by row, filling the area without a rest: some panes are a pixel larger."""
    wide = _spread(width, columns)
    high = _spread(height, rows)
    return [Place(x, y, w, h, strip) for y, h in high for x, w in wide]


def _spread(length: int, parts: int) -> list[tuple[int, int]]:
    room = max(0, length - GAP * (parts - 1))
    edges = [room * n // parts for n in range(parts + 1)]
    return [(edges[n] + GAP * n, edges[n + 1] - edges[n]) for n in range(parts)]


def column(width: int, height: int, count: int, strip: int, shape: float) -> list[Place]:
    """Places of up to `count` panes of proportion `shape` (width by height), in as many columns as make them
    largest."""
    if not count:
        return []
    best = grid(width, height, 1, count, strip)  # where no picture has room, there are still as many places
    largest = 0.0
    for columns in range(1, count + 1):
        rows = ceil(count / columns)
        wide = (width - GAP * (columns - 1)) / columns
        high = min((height - GAP * (rows - 1)) / rows, wide / shape + strip)
        area = min(wide, max(0.0, high - strip) * shape)
        if area > largest:
            largest = area
            best = grid(width, int(high * rows + GAP * (rows - 1)), columns, rows, strip)[:count]
    return best


def fit(width: int, height: int, room: tuple[int, int, int, int]) -> tuple[int, int, int, int]:
    """A picture's rectangle in the middle of `room`, its proportions kept."""
    x, y, room_width, room_height = room
    if width <= 0 or height <= 0 or room_width <= 0 or room_height <= 0:
        return x, y, 0, 0
    scale = min(room_width / width, room_height / height)
    wide, high = min(room_width, round(width * scale)), min(room_height, round(height * scale))
    return x + (room_width - wide) // 2, y + (room_height - high) // 2, wide, high
