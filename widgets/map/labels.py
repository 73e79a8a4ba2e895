"""Names on the map that never lie on each other, nor on marks, and do not jump while the map is moved.

Names are placed where they come into view and stay there for as long as the scale is the same.
UI thread only.
"""

from __future__ import annotations

import math
import time
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter, QPixmap, QTransform

from console.language import Catalogue
from console.model.base import Words
from console.profile import Profile
from console.profile.ground import Plane
from widgets.kit.tokens import Tokens
from widgets.map.marks import NUMBERED_PX, Seen
from widgets.map.view import View, level_of

HALO_PX = 3.0
HALO = ((-1.5, 0), (1.5, 0), (0, -1.5), (0, 1.5), (-1, -1), (1, 1), (-1, 1), (1, -1))
BUDGET_S = 0.002
"""So long a frame places new names; the others follow with the next."""
GAP_PX = 4.0
AROUND = ((0, 0), (0, -22), (0, 22), (26, -16), (-26, -16), (26, 16), (-26, 16), (0, -40), (0, 40))
"""Where a name may stand instead of on its place, pixels."""
REPEAT_PX = 700
"""A road's name is said again after so many pixels."""
SIDE_NAMES_BELOW_M_PER_PX = 0.9
SITES_BELOW_M_PER_PX, LARGE_SITES_BELOW_M_PER_PX = 3.0, 14.0
ROADS_BELOW_M_PER_PX = 26.0
LARGE_SITE_M = 120.0
MOST_PIXMAPS = 600
NUMBERED_WIDE_PX = 60


class Candidate(NamedTuple):
    """A name that wants a place: `x`, `y` in metres, `turn` degrees clockwise, `along_px` room it needs."""

    key: tuple[object, ...]
    words: Words
    x: float
    y: float
    turn: float
    role: str
    rank: int
    room_m: float


class Placed(NamedTuple):
    """Pixels from the ground's origin at this scale."""

    box: QRectF
    pixmap: QPixmap
    key: tuple[object, ...]


class MapLabels:
    """The names of one city."""

    def __init__(self, profile: Profile, plane: Plane, catalogue: Catalogue, tokens: Tokens) -> None:
        self._catalogue, self._tokens = catalogue, tokens
        self._fixed = [*_districts(profile, plane), *_sites(profile, plane)]
        self._roads = _roads(profile, plane)
        self._sides = _sides(profile, plane)
        self._extra: list[Candidate] = []
        self._level = -1
        self._placed: dict[tuple[object, ...], Placed] = {}
        self._names: list[Candidate] = []
        self._x = self._y = np.zeros(0)
        self._tried = np.zeros(0, np.bool_)
        self._pixmaps: dict[tuple[object, ...], QPixmap] = {}

    def forget(self) -> None:
        """Other words, another look, other marks: all names are placed anew."""
        self._level = -1
        self._pixmaps.clear()

    def replace(self) -> None:
        """The marks are others: place anew, keep what was painted."""
        self._level = -1

    def show_extra(self, extra: list[Candidate]) -> None:
        """Names of a layer's things besides."""
        self._extra = extra
        self.replace()

    def paint(
        self, painter: QPainter, view: View, width: int, height: int, seen: Seen, signs: Sequence[QRectF] = ()
    ) -> bool:
        """The names of this view; new ones find a place around the marks that are `seen` and other
        `signs` (pixels), as many as a frame
        has time for. False: some are missing yet, ask again."""
        level = level_of(view.m_per_px)
        if level != self._level:
            self._level = level
            self._placed.clear()
            self._learn(view.m_per_px)
        off_x = view.x / view.m_per_px - width / 2
        off_y = -view.y / view.m_per_px - height / 2
        taken = [one.translated(off_x, off_y) for one in signs]
        complete = self._place_new(view, width, height, seen, off_x, off_y, taken)
        frame = QRectF(off_x, off_y, width, height)
        for one in self._placed.values():
            if one.box.intersects(frame):
                painter.drawPixmap(
                    QPointF(round(one.box.x() - off_x), round(one.box.y() - off_y)), one.pixmap
                )
        return complete

    def _learn(self, scale: float) -> None:
        """The names of a scale, the most important first."""
        found = sorted(self._candidates(scale), key=lambda one: one.rank)
        self._names = found
        self._x = np.array([one.x for one in found])
        self._y = np.array([one.y for one in found])
        self._tried = np.zeros(len(found), np.bool_)

    def boxes(self) -> list[QRectF]:
        """Where names stand now, pixels from the ground's origin; for tests."""
        return [one.box for one in self._placed.values()]

    def _place_new(
        self, view: View, width: int, height: int, seen: Seen, off_x: float, off_y: float,
        taken: list[QRectF],
    ) -> bool:  # fmt: skip
        scale = view.m_per_px
        margin = 40 * scale
        extent = view.extent(width, height)
        inside = (self._x > extent.west - margin) & (self._x < extent.east + margin)
        inside &= (self._y > extent.south - margin) & (self._y < extent.north + margin)
        fresh = np.flatnonzero(inside & ~self._tried).tolist()
        if not fresh:
            return True
        taken += [one.box for one in self._placed.values()]
        marks = _Boxes(seen, off_x, off_y)
        until = time.perf_counter() + BUDGET_S
        for number in fresh:
            if time.perf_counter() > until:
                return False
            one = self._names[number]
            self._tried[number] = True
            pixmap = self._pixmap(one)
            ratio = pixmap.devicePixelRatioF()
            wide, high = pixmap.width() / ratio, pixmap.height() / ratio
            if one.room_m and wide > one.room_m / scale + 10:
                continue  # longer than its street is here
            for dx, dy in AROUND if not one.turn and one.role != "side" else AROUND[:1]:
                x, y = one.x / scale + dx, -one.y / scale + dy
                box = QRectF(x - wide / 2, y - high / 2, wide, high)
                room = box.adjusted(-GAP_PX, -1, GAP_PX, 1)
                if any(room.intersects(other) for other in taken) or marks.touch(box):
                    continue
                taken.append(box)
                self._placed[one.key] = Placed(box, pixmap, one.key)
                break
        return True

    def _candidates(self, scale: float) -> list[Candidate]:
        found = [
            one for one in self._fixed
            if one.role == "district"
            or (scale <= SITES_BELOW_M_PER_PX)
            or (one.room_m >= LARGE_SITE_M and scale <= LARGE_SITES_BELOW_M_PER_PX)
        ]  # fmt: skip
        found = [one if one.role == "district" else one._replace(room_m=0.0) for one in found]
        if scale <= ROADS_BELOW_M_PER_PX:
            for street in self._roads:
                found += _along(street, scale)
        if scale <= SIDE_NAMES_BELOW_M_PER_PX:
            found += self._sides
        if scale <= SITES_BELOW_M_PER_PX:
            found += self._extra
        return found

    def _pixmap(self, one: Candidate) -> QPixmap:
        text = self._catalogue.words(one.words)
        key = (text, one.role, round(one.turn))
        found = self._pixmaps.get(key)
        if found is None:
            if len(self._pixmaps) > MOST_PIXMAPS:
                self._pixmaps.clear()
            found = self._pixmaps[key] = self._painted(text, one.role, one.turn)
        return found

    def _painted(self, text: str, role: str, turn: float) -> QPixmap:
        """A name with a border in the ground's colour, so that it is read on anything."""
        tokens = self._tokens
        font = QFont(tokens.font({"district": "strong"}.get(role, "small"), role == "district"))
        if role == "side":
            font.setPixelSize(max(10, font.pixelSize() - 1))
        metrics = QFontMetricsF(font)
        wide, high = metrics.horizontalAdvance(text) + 2 * HALO_PX, metrics.height()
        turned = QTransform().rotate(turn).mapRect(QRectF(-wide / 2, -high / 2, wide, high))
        half_w, half_h = math.ceil(turned.width() / 2), math.ceil(turned.height() / 2)
        pixmap = QPixmap(2 * half_w, 2 * half_h)
        pixmap.fill(Qt.GlobalColor.transparent)
        ink = tokens.ink({"district": "text", "river": "series2", "feature": "text"}.get(role, "dim"))
        with QPainter(pixmap) as painter:
            painter.setRenderHint(QPainter.RenderHint.TextAntialiasing)
            painter.setFont(font)
            painter.translate(half_w, half_h)
            painter.rotate(turn)
            box = QRectF(-wide / 2, -high / 2, wide, high)
            painter.setPen(tokens.ground("bg1"))
            for dx, dy in HALO:
                painter.drawText(box.translated(dx, dy), Qt.AlignmentFlag.AlignCenter, text)
            painter.setPen(ink)
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
        return pixmap


class _Boxes:
    """Where marks stand, for many questions."""

    def __init__(self, seen: Seen, off_x: float, off_y: float) -> None:
        # A pill may get numbers at any time: names leave the room for them from the beginning.
        pill = seen.row < 0
        wide = np.where(pill, np.maximum(seen.width, NUMBERED_WIDE_PX), seen.width)
        high = np.where(pill, NUMBERED_PX, seen.height)
        self._left, self._right = seen.x + off_x - wide / 2, seen.x + off_x + wide / 2
        self._top, self._bottom = seen.y + off_y - high / 2, seen.y + off_y + high / 2

    def touch(self, box: QRectF) -> bool:
        return bool(
            np.any(
                (self._left < box.right()) & (self._right > box.left())
                & (self._top < box.bottom()) & (self._bottom > box.top())
            )
        )  # fmt: skip


def _districts(profile: Profile, plane: Plane) -> list[Candidate]:
    found = []
    for one in profile.districts.values():
        x, y = plane.to_xy(one.centre.lat, one.centre.lon)
        found.append(Candidate(("district", one.id), one.name, float(x), float(y), 0.0, "district", 0, 0.0))
    return found


def _sites(profile: Profile, plane: Plane) -> list[Candidate]:
    found = []
    for number, one in enumerate(profile.sites):
        x, y = plane.to_xy(one.position.lat, one.position.lon)
        rank = 20 if one.radius_m >= LARGE_SITE_M else 40
        found.append(
            Candidate(("site", number), one.name, float(x), float(y), 0.0, "site", rank, one.radius_m)
        )
    return found


class _Road(NamedTuple):
    number: int
    words: Words
    role: str
    x: list[float]
    y: list[float]


def _roads(profile: Profile, plane: Plane) -> list[_Road]:
    found = []
    for number, one in enumerate(profile.streets):
        x, y = plane.to_xy([each.lat for each in one.path], [each.lon for each in one.path])
        role = "river" if one.kind == "river" else "road"
        found.append(_Road(number, one.name, role, x.tolist(), y.tolist()))
    return found


def _along(road: _Road, scale: float) -> list[Candidate]:
    """A road's name in the middle of each stretch of `REPEAT_PX`, turned as the road is there."""
    found = []
    gone, wanted, number = 0.0, REPEAT_PX * scale / 2, 0
    rank = 10 if road.role == "river" else 12
    for x0, y0, x1, y1 in zip(road.x, road.y, road.x[1:], road.y[1:], strict=False):
        long_m = math.hypot(x1 - x0, y1 - y0)
        while long_m and gone + long_m >= wanted:
            share = (wanted - gone) / long_m
            key = (road.role, road.number, number)
            turn = _upright(math.degrees(math.atan2(-(y1 - y0), x1 - x0)))
            found.append(
                Candidate(key, road.words, x0 + (x1 - x0) * share, y0 + (y1 - y0) * share, turn, road.role,
                          rank, 0.0)
            )  # fmt: skip
            number += 1
            wanted += REPEAT_PX * scale
        gone += long_m
    if not found and len(road.x) > 1:
        at = len(road.x) // 2
        turn = _upright(
            math.degrees(math.atan2(-(road.y[at] - road.y[at - 1]), road.x[at] - road.x[at - 1]))
        )
        found.append(
            Candidate((road.role, road.number, 0), road.words, road.x[at], road.y[at], turn, road.role, rank,
                      0.0)
        )  # fmt: skip
    return found


def _sides(profile: Profile, plane: Plane) -> list[Candidate]:
    columns = profile.street_columns
    rows = np.flatnonzero(columns.rank == 1)
    x0, y0 = plane.to_xy(columns.lat0[rows], columns.lon0[rows])
    x1, y1 = plane.to_xy(columns.lat1[rows], columns.lon1[rows])
    long_m = np.hypot(x1 - x0, y1 - y0)
    found = []
    for at, street in enumerate(columns.street[rows].tolist()):
        turn = _upright(math.degrees(math.atan2(-(y1[at] - y0[at]), x1[at] - x0[at])))
        for part in (0.3, 0.7):
            found.append(
                Candidate(
                    ("side", street, part), columns.names[street], float(x0[at] + (x1[at] - x0[at]) * part),
                    float(y0[at] + (y1[at] - y0[at]) * part), turn, "side", 60, float(long_m[at]),
                )
            )  # fmt: skip
    return found


def _upright(turn: float) -> float:
    """The same direction, never read upside down."""
    turn = (turn + 180.0) % 360.0 - 180.0
    if turn > 90.0:
        turn -= 180.0
    elif turn <= -90.0:
        turn += 180.0
    return turn
