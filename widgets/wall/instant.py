"""Instant replay: a pane of the wall goes back some seconds while all others stay live."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from console.language import Catalogue
from widgets.kit.actions import Actions
from widgets.kit.playback import FootageEngine, Playback
from widgets.kit.pulse import Pulse
from widgets.kit.replaydata import ns, replay_bounds
from widgets.kit.texts import Texts
from widgets.kit.timefield import TimeField
from widgets.kit.tokens import Tokens
from widgets.wall.selecting import SelectingSurface

if TYPE_CHECKING:
    from console.desk.board import Board
    from console.desk.port import DeskPort

PURPOSE = "instant replay"
ACTS = ("replay.back_10", "replay.back_30", "replay.at", "replay.live")
"""For the menu of a pane."""


class InstantReplay(QObject):
    """Acts on the selected pane of one surface. Each pane that is not live has a clock of its own.

    Going back again goes back further; the present ends it, and so does the camera leaving the surface.
    """

    def __init__(
        self, surface: SelectingSurface, engine: FootageEngine, folder: Path, board: Board, port: DeskPort,
        pulse: Pulse, catalogue: Catalogue, tokens: Tokens,
    ) -> None:  # fmt: skip
        super().__init__(surface)
        self._surface, self._engine, self._folder = surface, engine, folder
        self._board, self._port, self._pulse, self._catalogue = board, port, pulse, catalogue
        self._playing: dict[str, Playback] = {}
        self._texts = Texts(catalogue)
        self.field = TimeField(
            self._texts, tokens, board.clock, board.profile.time_zone, surface
        )  # fmt: skip
        self.field.hide()
        self.field.chosen.connect(self._chosen)
        self.field.left.connect(self._leave_field)
        self._asked_for = ""
        surface.viewing_ended.connect(self._cameras_gone)

    def register(self, actions: Actions) -> None:
        """Put what can be done into the book of acts."""
        for name, key, handler in (
            ("back_10", "B", self.back_10), ("back_30", "Shift+B", self.back_30), ("at", "T", self.ask_time),
            ("live", "L", self.live), ("pause", "Space", self.pause), ("step_back", ",", self.step_back),
            ("step_forward", ".", self.step_forward),
        ):  # fmt: skip
            actions.add(
                f"replay.{name}", f"replay.act.{name}", key, handler, owner=self._surface,
                group="replay.pane_group", only_focused=True, repeat=name.startswith("step"),
            )  # fmt: skip

    @property
    def replayed(self) -> tuple[str, ...]:
        """The cameras whose pane is not live."""
        return tuple(self._playing)

    @Slot()
    def back_10(self) -> None:
        """The selected pane, ten seconds earlier than it shows."""
        self.back(10.0)

    @Slot()
    def back_30(self) -> None:
        """The selected pane, thirty seconds earlier than it shows."""
        self.back(30.0)

    def back(self, seconds: float) -> None:
        camera_id = self._surface.selected_camera
        if not camera_id:
            return
        known = self._playing.get(camera_id)
        shown_ns = known.target_ns if known is not None else 0
        self.show_moment(camera_id, (shown_ns or self._board.clock.now_ns()) - ns(seconds))

    def show_moment(self, camera_id: str, wall_ns: int) -> None:
        """Play this camera's pane from a moment on."""
        playback = self._playing.get(camera_id)
        if playback is None:
            playback = self._playing[camera_id] = Playback(
                f"{self._surface.objectName()}:{camera_id}", self._folder, self._engine, self._board,
                self._port, self._pulse, self._catalogue, replay_bounds().permit, _purpose, self,
            )  # fmt: skip
            playback.set_cameras((camera_id,))
        playback.seek(wall_ns, 1.0)
        self._surface.show_recorded(camera_id, playback)

    @Slot()
    def live(self) -> None:
        """The selected pane shows the present again."""
        self.end(self._surface.selected_camera)

    def end(self, camera_id: str) -> None:
        """A camera's pane shows the present again; nothing happens when it does."""
        playback = self._playing.pop(camera_id, None)
        if playback is None:
            return
        self._surface.show_recorded(camera_id, None)
        playback.set_cameras(())
        playback.deleteLater()

    @Slot()
    def pause(self) -> None:
        """Stop the recorded pane, or let it run; a live pane stays live."""
        playback = self._selected()
        if playback is not None:
            playback.toggle()

    @Slot()
    def step_back(self) -> None:
        self._step(-1)

    @Slot()
    def step_forward(self) -> None:
        self._step(1)

    def _step(self, count: int) -> None:
        playback = self._selected()
        if playback is not None:
            camera_id = self._surface.selected_camera
            playback.step(self._surface.pane_key(camera_id), self._surface.shown_ns(camera_id), count)

    def _selected(self) -> Playback | None:
        return self._playing.get(self._surface.selected_camera)

    @Slot()
    def ask_time(self) -> None:
        """Ask for the time the selected pane is to show."""
        if not self._surface.selected_camera:
            return
        self._asked_for = self._surface.selected_camera
        height = self.field.sizeHint().height()
        self.field.setGeometry(0, self._surface.height() - height, self._surface.width(), height)
        self.field.open()

    @Slot(object)
    def _chosen(self, wall_ns: int) -> None:
        self._leave_field()
        if self._asked_for in self._surface.camera_ids:
            self.show_moment(self._asked_for, wall_ns)

    @Slot()
    def _leave_field(self) -> None:
        self.field.hide()
        self._surface.setFocus()

    @Slot(object)
    def _cameras_gone(self, camera_ids: tuple[str, ...]) -> None:
        for camera_id in camera_ids:
            self.end(camera_id)


def _purpose() -> str:
    return PURPOSE
