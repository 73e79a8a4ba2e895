"""Zones while they are drawn: what may be changed by whom, and that the result can be saved. Qt-free."""

from __future__ import annotations

from math import hypot

from console.model.footage import MOST_CORNERS, MOST_ZONES, MaskZone

Point = tuple[float, float]
#: A new zone made by key: a rectangle in the middle of the picture.
RECTANGLE: tuple[Point, ...] = ((0.35, 0.35), (0.65, 0.35), (0.65, 0.65), (0.35, 0.65))
FEWEST_CORNERS = 3


class MaskDraft:
    """The zones of one camera as they will be saved. Corners are shares of the picture.

    Zones that are saved already are changed or deleted only with `may_change`; new ones always. `corner` is
    the chosen corner of the chosen `zone`, -1 where all of the zone is meant.
    """

    def __init__(self, saved: tuple[MaskZone, ...], may_change: bool) -> None:
        self.saved = saved
        self.may_change = may_change
        self.zones: list[MaskZone] = list(saved)
        self.drawn: list[Point] = []
        self.zone = -1
        self.corner = -1
        self._locked = frozenset() if may_change else frozenset(zone.points for zone in saved)

    @property
    def is_changed(self) -> bool:
        """Whether there is something to save."""
        return tuple(self.zones) != self.saved

    def is_locked(self, number: int) -> bool:
        """Whether this zone may not be changed here."""
        return self.zones[number].points in self._locked

    def result(self) -> tuple[MaskZone, ...]:
        """What is to be saved."""
        return tuple(self.zones)

    # drawing

    def draw(self, x: float, y: float) -> None:
        """Put the next corner of a new zone. Nothing happens where there are enough of them."""
        if len(self.zones) < MOST_ZONES and len(self.drawn) < MOST_CORNERS:
            self.drawn.append(_inside(x, y))
            self.zone = self.corner = -1

    def undraw(self) -> None:
        """Take the last drawn corner back."""
        if self.drawn:
            self.drawn.pop()

    def drop(self) -> None:
        """Give the drawn zone up."""
        self.drawn.clear()

    def close(self) -> bool:
        """End the drawn zone. False when it has too few corners to be one."""
        if len(self.drawn) < FEWEST_CORNERS:
            return False
        self._add(tuple(self.drawn))
        self.drawn.clear()
        return True

    def add_rectangle(self) -> bool:
        """A new zone in the middle, to be moved. False when there are as many as there may be."""
        if len(self.zones) >= MOST_ZONES:
            return False
        self._add(RECTANGLE)
        return True

    def _add(self, points: tuple[Point, ...]) -> None:
        self.zones.append(MaskZone(name=self._free_name(), points=points))
        self.zone, self.corner = len(self.zones) - 1, -1

    def _free_name(self) -> str:
        taken = {zone.name for zone in self.zones}
        return next(str(number) for number in range(1, MOST_ZONES + 2) if str(number) not in taken)

    # choosing

    def zone_at(self, x: float, y: float) -> int:
        """The topmost zone around a point; -1 for none."""
        for number in range(len(self.zones) - 1, -1, -1):
            if _contains(self.zones[number].points, x, y):
                return number
        return -1

    def corner_near(self, x: float, y: float, reach: float, shape: float = 1.0) -> tuple[int, int]:
        """(zone, corner) of the nearest corner within `reach` (share of the width) that may be moved;
        (-1, -1) for none. `shape` is the picture's height by its width."""
        best, found = reach, (-1, -1)
        for number, zone in enumerate(self.zones):
            if self.is_locked(number):
                continue
            for corner, point in enumerate(zone.points):
                far = hypot(point[0] - x, (point[1] - y) * shape)
                if far <= best:
                    best, found = far, (number, corner)
        return found

    def choose(self, zone: int, corner: int = -1) -> None:
        """Mean this zone, or this corner of it."""
        self.zone, self.corner = zone, corner

    def next_zone(self) -> None:
        """Mean the next zone, and after the last one the first."""
        if self.zones:
            self.choose((self.zone + 1) % len(self.zones))

    def next_corner(self, by: int = 1) -> None:
        """Mean the next corner of the chosen zone; after the last one, all of it."""
        if 0 <= self.zone < len(self.zones):
            count = len(self.zones[self.zone].points)
            self.corner = (self.corner + 1 + by) % (count + 1) - 1

    # changing

    def move(self, right: float, down: float) -> bool:
        """Move what is chosen; a zone stays in the picture as it is. False when it may not be moved."""
        if not 0 <= self.zone < len(self.zones) or self.is_locked(self.zone):
            return False
        zone = self.zones[self.zone]
        points = list(zone.points)
        if self.corner >= 0:
            x, y = points[self.corner]
            points[self.corner] = _inside(x + right, y + down)
        else:
            xs, ys = [x for x, _ in points], [y for _, y in points]
            right = min(1 - max(xs), max(-min(xs), right))
            down = min(1 - max(ys), max(-min(ys), down))
            points = [_inside(x + right, y + down) for x, y in points]
        self.zones[self.zone] = MaskZone(name=zone.name, points=tuple(points))
        return True

    def delete(self) -> bool:
        """Delete the chosen zone. False when there is none, or it may not be deleted."""
        if not 0 <= self.zone < len(self.zones) or self.is_locked(self.zone):
            return False
        del self.zones[self.zone]
        self.zone, self.corner = -1, -1
        return True


def _inside(x: float, y: float) -> Point:
    return min(1.0, max(0.0, x)), min(1.0, max(0.0, y))


def _contains(points: tuple[Point, ...], x: float, y: float) -> bool:
    """Even-odd; good enough for choosing with the mouse."""
    inside = False
    ahead_x, ahead_y = points[-1]
    for corner_x, corner_y in points:
        if (corner_y > y) != (ahead_y > y):
            at = corner_x + (y - corner_y) / (ahead_y - corner_y) * (ahead_x - corner_x)
            if x < at:
                inside = not inside
        ahead_x, ahead_y = corner_x, corner_y
    return inside
