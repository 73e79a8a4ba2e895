"""The scene of the open incident, brought by itself: pictures before and now, what stands and is measured
around, what happened here before.

A part of what `console.desk.desk` puts together; it may know the features as that does.
"""

from __future__ import annotations

import weakref
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QObject, Slot

from console.desk.scenefinder import AskedScene, Scene, SceneFinder
from console.footage.layout import FOLDER
from console.history.envelope import Wanted
from console.history.look import Asked, HistoryLook
from console.model.query import AskIncidents, IncidentPage, LogFilter
from console.profile.ground import Plane
from console.profile.scene import SceneFigures, scene_figures

if TYPE_CHECKING:
    from console.desk.board import Board
    from console.desk.port import DeskPort
    from console.model.base import Position
    from console.model.incident import Incident
    from console.video.engine import VideoEngine
    from widgets.incidents.detail import DetailPanel
    from widgets.scene.panel import ScenePanel
    from widgets.shell.intocontrols import IntoControls
    from widgets.shell.joins import BringCameras
    from widgets.shell.operate import Operate
    from widgets.shell.seat import Seat
    from widgets.wall.scenestrips import BeforeRow, LiveRow, ScenePictures

HISTORY_KEY = "scene"
COLUMNS = 200
SILENT_NS = 600 * 1_000_000_000
ACTS = (("again", "Shift+Y"), ("pause", ""), ("alone", "Shift+V"), ("wall", "Shift+C"))
NEXT_ACTS = (
    "scene.again", "scene.alone", "scene.wall", "messages.for_incident", "areas.for_incident",
    "controls.device", "controls.lights",
)  # fmt: skip
"""What is offered beside the case's own acts, each with its key, where the desk has it."""


class SceneJoin(QObject):
    """Follows the open incident. Nothing here waits: the scene is found in a thread, the history read in
    another, earlier incidents looked up by the hub."""

    def __init__(
        self, board: Board, port: DeskPort, seat: Seat, detail: DetailPanel, pictures: ScenePictures,
        panel: ScenePanel, bring: BringCameras, home: Path, figures: SceneFigures,
    ) -> None:  # fmt: skip
        super().__init__(seat)
        self._board, self._port, self._figures = board, port, figures
        self._pictures, self._panel = weakref.ref(pictures), weakref.ref(panel)
        self._detail, self._bring = weakref.ref(detail), bring
        self._finder = SceneFinder(board.profile, figures)
        self._history = HistoryLook(home)
        self._history_version = 0
        self._query = ""
        self._cameras: tuple[str, ...] = ()
        self._named: tuple[str, ...] = ()
        self._shown: Scene | None = None
        self._finder.start()
        self._history.start()
        seat.at_close(self._finder.stop)
        seat.at_close(self._history.stop)
        detail.incident_changed.connect(self.opened)
        detail.cameras_wanted.connect(self.named)
        seat.pulse.ticked.connect(self._tick)
        seat.pulse.looked_up.connect(self._looked_up)
        seat.pulse.second_passed.connect(self._second)

    @Slot(str)
    def opened(self, incident_id: str) -> None:
        """Another incident is open, or none."""
        panel, pictures = self._panel(), self._pictures()
        if panel is None or pictures is None:
            return
        incident = self._board.state.incidents.get(incident_id)
        self._shown, self._query = None, ""
        panel.begin(incident_id if incident is not None else "")
        if incident is None:
            self._finder.ask(None)
            pictures.show_scene((), 0)
            return
        # Nothing of the incident before; the scene's choice follows in some hundredths of a second, and no
        # camera is connected for less than that.
        self._cameras = ()
        pictures.show_scene((), 0)
        self._find(incident)
        now_ns = self._board.clock.now_ns()
        since_ns = now_ns - int(self._figures.earlier.days * 86_400e9)
        told = LogFilter(since_ns=since_ns, text=incident.place.name.en or incident.place.name.ko)
        self._query = self._port.ask(AskIncidents(filter=told, limit=4 * self._figures.earlier.most))

    @Slot(object)
    def named(self, camera_ids: tuple[str, ...]) -> None:
        """The incident names other cameras than before: it was seen elsewhere too."""
        panel = self._panel()
        incident = self._board.state.incidents.get(panel.incident_id) if panel is not None else None
        if incident is not None and self._named != incident.camera_ids:
            self._find(incident)

    def _find(self, incident: Incident) -> None:
        self._named = incident.camera_ids
        conditions = {one: told.condition for one, told in self._board.state.devices.items()}
        self._finder.ask(
            AskedScene(
                incident.id, incident.type, incident.place.position, incident.camera_ids, incident.device_ids,
                conditions,
            )
        )

    @Slot()
    def to_wall(self) -> None:
        """The five cameras to the wall."""
        if self._cameras:
            self._bring.bring(self._cameras)

    def _began_ns(self, incident: Incident) -> int:
        """The first sign: of the incident's clues, else when it was opened."""
        case = self._board.state.cases.get(incident.id)
        signs = [one.at_ns for one in getattr(case, "clues", ()) if one.at_ns]
        return int(min([incident.opened_at_ns, *signs]))

    @Slot()
    def _tick(self) -> None:
        found = self._finder.take()
        panel, pictures = self._panel(), self._pictures()
        if found is None or panel is None or pictures is None or found.incident_id != panel.incident_id:
            self._take_history()
            return
        incident = self._board.state.incidents.get(found.incident_id)
        if incident is None:
            return
        self._shown = found
        self._cameras = tuple(one.camera_id for one in found.cameras)
        pictures.show_scene(self._cameras, self._began_ns(incident))
        panel.show_scene(found.cameras, found.around, found.points)
        if found.points:
            now_ns = self._board.clock.now_ns()
            points = self._board.profile.points
            wanted = tuple(Wanted(points[one].id, SILENT_NS) for one in found.points)
            since_ns = now_ns - int(self._figures.trends.minutes * 60e9)
            self._history.ask(Asked(HISTORY_KEY, wanted, since_ns, now_ns, COLUMNS))

    def _take_history(self) -> None:
        if self._history.version == self._history_version:
            return
        self._history_version = self._history.version
        found, panel = self._history.found(HISTORY_KEY), self._panel()
        if found is None or panel is None:
            return
        points = self._board.profile.points
        for plot in panel.trends:
            envelope = found.envelopes.get(points[plot.point_index].id) if plot.point_index >= 0 else None
            if envelope is not None and len(envelope):
                mean = np.where(envelope.broken, np.nan, envelope.mean)
                plot.show_history(envelope.at_ns + envelope.width_ns, mean)

    @Slot(object)
    def _looked_up(self, ids: tuple[str, ...]) -> None:
        from widgets.scene.panel import EarlierHere, earlier_of

        panel = self._panel()
        if not self._query or self._query not in ids or panel is None:
            return
        came, self._query = self._board.take_page(self._query), ""
        page = came.page if came is not None else None
        rows = page.rows if isinstance(page, IncidentPage) else ()
        own = self._board.state.incidents.get(panel.incident_id)
        near: dict[str, EarlierHere] = {}
        if own is not None:
            for one in self._board.state.incidents.values():
                apart = _apart_m(one.place.position, own.place.position)
                if one.id != own.id and apart <= self._figures.earlier.within_m:
                    near[one.id] = EarlierHere(one.id, one.type, one.opened_at_ns, one.stage)
        for found in earlier_of(rows, panel.incident_id, self._figures.earlier.most):
            near.setdefault(found.incident_id, found)
        newest = sorted(near.values(), key=lambda one: -one.opened_at_ns)[: self._figures.earlier.most]
        panel.show_earlier(tuple(newest))

    @Slot()
    def _second(self) -> None:
        panel = self._panel()
        if panel is not None:
            panel.second()


def make_pictures(
    board: Board, port: DeskPort, seat: Seat, engine: VideoEngine, home: Path, live: LiveRow,
    before: BeforeRow, purpose: Callable[[], str],
) -> ScenePictures:  # fmt: skip
    """Both rows of pictures, for the area of cameras."""
    from widgets.wall.scenestrips import ScenePictures

    told = scene_figures().before
    made = ScenePictures(
        live, before, engine, home / FOLDER, board, port, seat.pulse, seat.catalogue, seat.tokens,
        purpose, told.from_s, told.to_s,
    )  # fmt: skip
    seat.at_close(made.release)
    return made


def offer_scene(
    board: Board, port: DeskPort, seat: Seat, operate: Operate, detail: DetailPanel, pictures: ScenePictures,
    bring: BringCameras, into_controls: IntoControls, show_place: Callable[[str], None],
    show_history: Callable[[str], None], home: Path,
) -> SceneJoin:  # fmt: skip
    """Join the scene to the panel of the open incident. UI thread; needs a QApplication."""
    from widgets.scene.panel import ScenePanel

    figures = scene_figures()
    acts = seat.actions
    for name, key in ACTS:
        acts.add(f"scene.{name}", f"scene.act.{name}", key, owner=operate, group="scene.title")
    panel = ScenePanel(board, acts, seat.catalogue, seat.tokens, seat.moments, figures, NEXT_ACTS)
    detail.place_section("scene", panel)
    join = SceneJoin(board, port, seat, detail, pictures, panel, bring, home, figures)
    acts.handle("scene.again", pictures.again)
    acts.handle("scene.pause", pictures.toggle_pause)
    acts.handle("scene.alone", pictures.toggle_alone)
    acts.handle("scene.wall", join.to_wall)
    panel.device_wanted.connect(_Wanted(board, into_controls, show_place, seat).show)
    panel.history_wanted.connect(show_history)
    return join


def _apart_m(one: Position, other: Position) -> float:
    x, y = Plane(other.lat, other.lon).to_xy(one.lat, one.lon)
    return float(np.hypot(x, y))


class _Wanted(QObject):
    """A device near: its controls where it has some, else its place on the map."""

    def __init__(
        self, board: Board, into_controls: IntoControls, show_place: Callable[[str], None], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._board, self._controls, self._show_place = board, into_controls, show_place

    @Slot(str)
    def show(self, device_id: str) -> None:
        device = self._board.profile.devices.get(device_id)
        if device is not None and self._board.profile.controls_of_kind.get(device.kind):
            self._controls.show_device(device_id)
        else:
            self._show_place(device_id)
