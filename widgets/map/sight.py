"""Which cameras could see a point of the map: the question, its answer in numbers, and the picture of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainter, QPolygonF

from console.geo.sight import Walls, could_see, seen_area
from console.language import Catalogue
from console.model.base import Position
from console.report.names import device_name
from widgets.kit.tokens import Tokens
from widgets.map.canvas import MapCanvas
from widgets.map.figures import map_figures
from widgets.map.overlay import OverlayPainter
from widgets.map.side import SideRow
from widgets.map.view import View

if TYPE_CHECKING:
    from console.desk.board import Board

AREAS_BELOW_M_PER_PX = 6.0


class SeenBy(NamedTuple):
    """One camera that comes into question. `how`: sees, blocked, elsewhere, or down (no picture)."""

    camera_id: str
    camera: int
    distance_m: float
    off_axis_deg: float
    how: str


class SightQuestion:
    """The last question and its answer. UI thread only."""

    def __init__(self, canvas: MapCanvas, board: Board, catalogue: Catalogue, tokens: Tokens) -> None:
        self._canvas, self._board, self._catalogue = canvas, board, catalogue
        columns = board.profile.camera_columns
        self._x, self._y = canvas.plane.to_xy(columns.lat, columns.lon)
        self._painter = OverlayPainter(tokens)
        self.walls: Walls | None = None
        """What blocks sight; None: nothing is known of buildings."""
        self.at: Position | None = None
        self.answer: tuple[SeenBy, ...] = ()
        canvas.over.append(self.paint)
        self.shown_cameras: tuple[str, ...] = ()
        """Cameras whose field is painted: those that are chosen."""

    def ask(self, at: Position) -> tuple[SeenBy, ...]:
        """Cameras for a point, best first: those that see it, behind a wall, without a picture, looking
        elsewhere; each group by distance."""
        columns, profile = self._board.profile.camera_columns, self._board.profile
        x, y = self._canvas.plane.to_xy(at.lat, at.lon)
        near = map_figures().near
        sights = could_see(
            self._x, self._y, columns.direction_deg, columns.fov_deg, columns.reach_m, float(x), float(y),
            near.within_m, *((self.walls,) if self.walls is not None else ()),
        )  # fmt: skip
        found = []
        ids = profile.columns.ids
        for at_row in range(min(len(sights.row), 4 * near.most)):
            camera = int(sights.row[at_row])
            camera_id = ids[columns.row[camera]]
            how = "elsewhere"
            if sights.in_view[at_row]:
                how = "blocked" if sights.blocked[at_row] else "sees"
                if not self._is_usable(camera_id):
                    how = "down"
            elif not self._is_usable(camera_id):
                continue
            found.append(
                SeenBy(camera_id, camera, float(sights.distance_m[at_row]),
                       float(sights.off_axis_deg[at_row]), how)
            )  # fmt: skip
        order = {"sees": 0, "blocked": 1, "down": 2, "elsewhere": 3}
        found.sort(key=lambda one: (order[one.how], one.distance_m))
        self.at, self.answer = at, tuple(found[: near.most])
        self._canvas.update()
        return self.answer

    def forget(self) -> None:
        """No question any more."""
        self.at, self.answer = None, ()
        self._canvas.update()

    def rows(self) -> list[SideRow]:
        """The answer as lines."""
        say = self._catalogue.say
        return [
            SideRow(
                say(
                    "map.sight.row", number=number + 1, m=round(one.distance_m),
                    name=device_name(self._board.profile, self._catalogue, one.camera_id),
                    off=round(one.off_axis_deg), how=say(f"map.sight.{one.how}"),
                ),
                ("camera", one.camera_id), dim=one.how != "sees", tip=one.camera_id,
            )
            for number, one in enumerate(self.answer)
        ]  # fmt: skip

    def note(self) -> str:
        """What the answer rests on, and what it does not know."""
        if self.walls is None or not len(self.walls.x0):
            return self._catalogue.say("map.sight.no_buildings")
        return self._catalogue.say("map.sight.buildings", count=f"{len(self.walls.x0):,}")

    def paint(self, painter: QPainter, view: View) -> None:
        """Fields of the chosen cameras, lines to the point."""
        canvas = self._canvas
        width, height = canvas.width(), canvas.height()
        profile = self._board.profile
        if view.m_per_px <= AREAS_BELOW_M_PER_PX:
            for camera_id in self.shown_cameras[:16]:
                row = profile.columns.row_of.get(camera_id)
                camera = int(profile.camera_columns.of_device[row]) if row is not None else -1
                if camera >= 0:
                    self._painter.seen_area(painter, self._area(camera, view, width, height))
        if self.at is None:
            return
        point = canvas.pixel(self.at)
        for one in self.answer:
            if one.how in ("sees", "blocked"):
                x, y = float(self._x[one.camera]), float(self._y[one.camera])
                start = QPointF(*view.to_px(x, y, width, height))
                self._painter.sight_line(painter, start, point, one.how == "sees")

    def _area(self, camera: int, view: View, width: int, height: int) -> QPolygonF:
        columns = self._board.profile.camera_columns
        x, y = seen_area(
            float(self._x[camera]), float(self._y[camera]), float(columns.direction_deg[camera]),
            float(columns.fov_deg[camera]), float(columns.reach_m[camera]),
            *((self.walls,) if self.walls is not None else ()),
        )  # fmt: skip
        return QPolygonF(
            [QPointF(*view.to_px(a, b, width, height)) for a, b in zip(x.tolist(), y.tolist(), strict=True)]
        )

    def _is_usable(self, camera_id: str) -> bool:
        state = self._board.state
        known = state.devices.get(camera_id)
        return camera_id not in state.out_of_service and (
            known is None or known.condition in ("up", "degraded")
        )
