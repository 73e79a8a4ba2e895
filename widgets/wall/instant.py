"""Instant replay: a pane of the wall goes back some seconds while all others stay live."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QWidget

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
ACTS = (
    ("back_10", "B"), ("back_30", "Shift+B"), ("at", "T"), ("live", "L"), ("pause", "Space"),
    ("step_back", ","), ("step_forward", "."),
)  # fmt: skip


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
        pulse.second_passed.connect(self._rest_unseen)

    @property
    def surface(self) -> SelectingSurface:
        """Whose panes these are."""
        return self._surface

    @property
    def replayed(self) -> tuple[str, ...]:
        """The cameras whose pane is not live."""
        return tuple(self._playing)

    def back(self, seconds: float) -> None:
        """The selected pane, so much earlier than it shows."""
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

    def pause(self) -> None:
        """Stop the recorded pane, or let it run; a live pane stays live."""
        playback = self._selected()
        if playback is not None:
            playback.toggle()

    def step(self, count: int) -> None:
        """Stand still so many pictures further in the recorded pane."""
        playback = self._selected()
        if playback is not None:
            camera_id = self._surface.selected_camera
            playback.step(self._surface.pane_key(camera_id), self._surface.shown_ns(camera_id), count)

    def _selected(self) -> Playback | None:
        return self._playing.get(self._surface.selected_camera)

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

    @Slot()
    def _rest_unseen(self) -> None:
        """What nobody looks at is not put on the record as looked at: it stands still."""
        for camera_id, playback in self._playing.items():
            if playback.rate and not self._surface.is_seen(camera_id):
                playback.pause()


class Hand(Protocol):
    """Says on which surface the operator's hand is (`widgets.wall.paneacts`)."""

    @property
    def surface(self) -> SelectingSurface | None: ...


class InstantActs(QObject):
    """The acts of instant replay, by key and for the menu of a pane, on the surface the hand is on."""

    def __init__(self, actions: Actions, owner: QWidget, hand: Hand, parent: QObject) -> None:
        super().__init__(parent)
        self._actions, self._hand = actions, hand
        self._served: list[InstantReplay] = []
        for name, key in ACTS:
            actions.add(
                f"replay.{name}", f"replay.act.{name}", key, getattr(self, f"_{name}"), owner=owner,
                group="replay.pane_group", only_focused=True, repeat=name.startswith("step"),
            )  # fmt: skip

    def serve(self, replay: InstantReplay) -> None:
        """Do them on this surface too."""
        self._served.append(replay)
        for name, _ in ACTS:
            act = self._actions.act(f"replay.{name}")
            if act not in replay.surface.actions():
                replay.surface.addAction(act)

    def _on(self, do: Callable[[InstantReplay], None]) -> None:
        surface = self._hand.surface
        for replay in self._served:
            if replay.surface is surface:
                do(replay)

    def _back_10(self) -> None:
        self._on(lambda replay: replay.back(10.0))

    def _back_30(self) -> None:
        self._on(lambda replay: replay.back(30.0))

    def _at(self) -> None:
        self._on(InstantReplay.ask_time)

    def _live(self) -> None:
        self._on(InstantReplay.live)

    def _pause(self) -> None:
        self._on(InstantReplay.pause)

    def _step_back(self) -> None:
        self._on(lambda replay: replay.step(-1))

    def _step_forward(self) -> None:
        self._on(lambda replay: replay.step(1))


def _purpose() -> str:
    return PURPOSE
