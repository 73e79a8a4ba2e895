"""What lies under the devices, in square pieces that are painted once and kept: districts, rivers, streets,
layers, where cameras look.

A view is put together from kept pieces; what is missing is painted within a time that a frame can spare, and
until then the same ground is shown from a piece of another scale. UI thread only.
"""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Protocol

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPixmap, QPolygonF, QTransform

from console.profile import Profile
from console.profile.ground import Plane
from widgets.kit.tokens import Tokens
from widgets.map.view import Extent, View, level_of, scale_of

TILE_PX = 256
KEPT = 96
"""Pieces kept, of a quarter of a megabyte each."""
RIVER_M, ROAD_M, SIDE_M = 30.0, 14.0, 6.0
SIDE_BELOW_M_PER_PX = 6.0
CONES_BELOW_M_PER_PX = 1.5
CONE_OPACITY = 0.16
OTHER_LEVELS = (1, -1, 2, -2, 3, 4, 6)
SIDE_ROAD, RIVER = 1, 2

Key = tuple[int, int, int]


def _between(one: QColor, other: QColor) -> QColor:
    """A main road: seen before side streets, behind everything else."""
    return QColor(*((a * 3 + b * 2) // 5 for a, b in zip(one.getRgb()[:3], other.getRgb()[:3], strict=True)))


class Underlay(Protocol):
    """Something else that is painted into the pieces: raster tiles below, shapes of layers above."""

    def paint(self, painter: QPainter, extent: Extent, m_per_px: float) -> bool:
        """Paint this stretch of ground; the painter's units are metres with y to the south. False: something
        is still on its way, ask again."""
        ...


class Basemap:
    """The pieces of one city. `mono` is the clock a frame's time is taken by (s)."""

    def __init__(
        self, profile: Profile, plane: Plane, tokens: Tokens, mono: Callable[[], float] = time.perf_counter
    ) -> None:
        self._tokens, self._mono, self._plane = tokens, mono, plane
        self._tiles: OrderedDict[Key, QPixmap] = OrderedDict()
        self._unfinished: set[Key] = set()
        self._ratio = 1.0
        self.below: list[Underlay] = []
        self.above: list[Underlay] = []
        self.cones = True
        """Whether it is shown where cameras look."""
        self._districts = [self._polygon(one.outline) for one in profile.districts.values()]
        self._learn_streets(profile)
        columns = profile.camera_columns
        self._cam_x, self._cam_y = plane.to_xy(columns.lat, columns.lon)
        self._cam_y = -self._cam_y
        self._cam = columns

    def forget(self) -> None:
        """Everything is painted anew: another theme, another layer."""
        self._tiles.clear()
        self._unfinished.clear()

    def paint(self, painter: QPainter, view: View, width: int, height: int, budget_ms: float) -> bool:
        """The ground of a view. False: some of it is shown from another scale, ask again."""
        ratio = painter.device().devicePixelRatioF()
        if ratio != self._ratio:
            self._ratio = ratio
            self.forget()
        level = level_of(view.m_per_px)
        left = round(view.x / view.m_per_px - width / 2)
        top = round(-view.y / view.m_per_px - height / 2)
        until = self._mono() + budget_ms / 1e3
        complete = True
        columns = range(math.floor(left / TILE_PX), math.floor((left + width - 1) / TILE_PX) + 1)
        lines = range(math.floor(top / TILE_PX), math.floor((top + height - 1) / TILE_PX) + 1)
        middle = (columns[0] + columns[-1]) / 2, (lines[0] + lines[-1]) / 2
        keys = [(level, column, line) for line in lines for column in columns]
        keys.sort(key=lambda key: abs(key[1] - middle[0]) + abs(key[2] - middle[1]))
        for key in keys:
            at = key[1] * TILE_PX - left, key[2] * TILE_PX - top
            tile = self._tiles.get(key)
            stale = tile is None or key in self._unfinished
            if stale and self._mono() < until:
                tile = self._render(key)
                stale = key in self._unfinished
            if tile is None:
                self._stand_in(painter, key, *at)
            else:
                self._tiles.move_to_end(key)
                painter.drawPixmap(at[0], at[1], tile)
            complete = complete and not stale
        while len(self._tiles) > max(KEPT, 2 * len(keys)):
            self._unfinished.discard(self._tiles.popitem(last=False)[0])
        return complete

    def _stand_in(self, painter: QPainter, key: Key, x: int, y: int) -> None:
        """The same ground from a kept piece of another scale, else bare ground."""
        target = QRectF(x, y, TILE_PX, TILE_PX)
        painter.fillRect(target, self._tokens.ground("bg0"))
        level, column, line = key
        for off in OTHER_LEVELS:
            if level + off < 0:
                continue
            ratio = scale_of(level) / scale_of(level + off)
            if ratio > 1.0:
                if off >= -2 and self._smaller(painter, key, level + off, ratio, x, y):
                    return
                continue
            other = math.floor(column * ratio + 1e-9), math.floor(line * ratio + 1e-9)
            tile = self._tiles.get((level + off, *other))
            if tile is None:
                continue
            side = TILE_PX * ratio * self._ratio
            source = QRectF(
                (column * ratio - other[0]) * TILE_PX * self._ratio,
                (line * ratio - other[1]) * TILE_PX * self._ratio, side, side,
            )  # fmt: skip
            painter.drawPixmap(target, tile, source)
            return

    def _smaller(self, painter: QPainter, key: Key, level: int, ratio: float, x: int, y: int) -> bool:
        """The same ground from several kept pieces of a closer scale, as far as they are there."""
        _, column, line = key
        side = TILE_PX / ratio
        drawn = False
        for row in range(math.floor(line * ratio), math.ceil((line + 1) * ratio)):
            for at in range(math.floor(column * ratio), math.ceil((column + 1) * ratio)):
                tile = self._tiles.get((level, at, row))
                if tile is not None:
                    left, top = x + at * side - column * TILE_PX, y + row * side - line * TILE_PX
                    target = QRectF(left, top, side, side)
                    painter.setClipRect(QRectF(x, y, TILE_PX, TILE_PX))
                    painter.drawPixmap(target, tile, QRectF(tile.rect()))
                    drawn = True
        painter.setClipping(False)
        return drawn

    def _render(self, key: Key) -> QPixmap:
        level, column, line = key
        scale = scale_of(level)
        tile = self._tiles.get(key)
        if tile is None:
            side = round(TILE_PX * self._ratio)
            tile = QPixmap(side, side)
            tile.setDevicePixelRatio(self._ratio)
        west, north = column * TILE_PX * scale, line * TILE_PX * scale
        side_m = TILE_PX * scale
        with QPainter(tile) as painter:
            painter.fillRect(0, 0, TILE_PX, TILE_PX, self._tokens.ground("bg0"))
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setTransform(
                QTransform(1 / scale, 0, 0, 1 / scale, -column * TILE_PX, -line * TILE_PX), True
            )
            extent = Extent(west, -(north + side_m), west + side_m, -north)
            finished = self._paint_ground(painter, extent, scale)
        self._tiles[key] = tile
        if finished:
            self._unfinished.discard(key)
        else:
            self._unfinished.add(key)
        return tile

    def _paint_ground(self, painter: QPainter, extent: Extent, scale: float) -> bool:
        tokens = self._tokens
        seen = QRectF(extent.west, -extent.north, extent.east - extent.west, extent.north - extent.south)
        border = QPen(tokens.mark("line"), 0)
        border.setCosmetic(True)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(tokens.ground("bg1"))
        for outline in self._districts:
            if outline.boundingRect().intersects(seen):
                painter.drawPolygon(outline)
        finished = True
        for one in self.below:
            painter.save()
            finished = one.paint(painter, extent, scale) and finished
            painter.restore()
        if not self.below:
            self._streets(painter, seen, scale)
        pen = QPen(tokens.mark("line"), 1.4 * scale, Qt.PenStyle.DashLine)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for outline in self._districts:
            if outline.boundingRect().intersects(seen):
                painter.drawPolygon(outline)
        for one in self.above:
            painter.save()
            finished = one.paint(painter, extent, scale) and finished
            painter.restore()
        if self.cones and scale <= CONES_BELOW_M_PER_PX:
            self._paint_cones(painter, seen, scale)
        return finished

    def _streets(self, painter: QPainter, seen: QRectF, scale: float) -> None:
        tokens = self._tokens
        if scale <= SIDE_BELOW_M_PER_PX:
            box = seen.adjusted(-50, -50, 50, 50)
            side = self._side
            keep = np.flatnonzero(
                (np.minimum(side[0], side[2]) < box.right()) & (np.maximum(side[0], side[2]) > box.left())
                & (np.minimum(side[1], side[3]) < box.bottom()) & (np.maximum(side[1], side[3]) > box.top())
            )  # fmt: skip
            if len(keep):
                pen = QPen(tokens.mark("grid"), max(SIDE_M, 1.0 * scale))
                pen.setCapStyle(Qt.PenCapStyle.FlatCap)
                painter.setPen(pen)
                x0, y0, x1, y1 = (column[keep].tolist() for column in side)
                painter.drawLines([QLineF(*ends) for ends in zip(x0, y0, x1, y1, strict=True)])
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for rank, box, path in self._lines:
            if not box.intersects(seen):
                continue
            river = rank == RIVER
            road = _between(tokens.mark("grid"), tokens.mark("line"))
            pen = QPen(tokens.mark("pressed") if river else road, 0)
            pen.setWidthF(max(RIVER_M if river else ROAD_M, (2.6 if river else 2.2) * scale))
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
            painter.setPen(pen)
            painter.drawPath(path)

    def _paint_cones(self, painter: QPainter, seen: QRectF, scale: float) -> None:
        """Where cameras look, in one pale shade however many look there."""
        columns = self._cam
        reach = columns.reach_m
        rows = np.flatnonzero(
            (self._cam_x + reach > seen.left()) & (self._cam_x - reach < seen.right())
            & (self._cam_y + reach > seen.top()) & (self._cam_y - reach < seen.bottom())
        )  # fmt: skip
        if not len(rows):
            return
        side = round(TILE_PX * self._ratio)
        wash = QPixmap(side, side)
        wash.setDevicePixelRatio(self._ratio)
        wash.fill(Qt.GlobalColor.transparent)
        with QPainter(wash) as inner:
            inner.setRenderHint(QPainter.RenderHint.Antialiasing)
            inner.setPen(QPen(self._tokens.ground("bg1"), 0))
            inner.setBrush(self._tokens.ink("dim"))
            inner.scale(1 / scale, 1 / scale)
            inner.translate(-seen.left(), -seen.top())
            for row in rows.tolist():
                radius, wide = float(reach[row]), float(columns.fov_deg[row])
                start = 90.0 - float(columns.direction_deg[row]) - wide / 2
                box = QRectF(self._cam_x[row] - radius, self._cam_y[row] - radius, 2 * radius, 2 * radius)
                inner.drawPie(box, round(start * 16), round(wide * 16))
        painter.save()
        painter.resetTransform()
        painter.setOpacity(CONE_OPACITY)
        painter.drawPixmap(0, 0, wash)
        painter.restore()

    def _learn_streets(self, profile: Profile) -> None:
        columns = profile.street_columns
        x0, y0 = self._plane.to_xy(columns.lat0, columns.lon0)
        x1, y1 = self._plane.to_xy(columns.lat1, columns.lon1)
        side = columns.rank == SIDE_ROAD
        # Side streets end at the city's edge, as far as it is drawn.
        self._side = x0[side], -y0[side], x1[side], -y1[side]
        self._lines: list[tuple[int, QRectF, QPainterPath]] = []
        for street in profile.streets:
            path = QPainterPath()
            points = self._polygon(street.path)
            path.moveTo(points[0])
            for point in list(points)[1:]:
                path.lineTo(point)
            rank = RIVER if street.kind == "river" else 0
            box = path.boundingRect().adjusted(-RIVER_M, -RIVER_M, RIVER_M, RIVER_M)
            self._lines.append((rank, box, path))
        self._lines.sort(key=lambda one: -one[0])  # rivers below roads

    def _polygon(self, positions: tuple[object, ...]) -> QPolygonF:
        lat = np.array([one.lat for one in positions])  # type: ignore[attr-defined]
        lon = np.array([one.lon for one in positions])  # type: ignore[attr-defined]
        x, y = self._plane.to_xy(lat, lon)
        return QPolygonF([QPointF(float(a), -float(b)) for a, b in zip(x, y, strict=True)])
