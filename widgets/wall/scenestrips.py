"""The pictures of a scene: five cameras, each from some seconds before it began, and live below."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QBoxLayout, QWidget

from console.desk.board import Board
from console.language import Catalogue
from console.video.load import Importance
from widgets.kit.labels import ElidedLabel
from widgets.kit.playback import FootageEngine, Playback
from widgets.kit.pulse import Pulse
from widgets.kit.replaydata import ns, replay_bounds
from widgets.kit.texts import follow
from widgets.kit.tokens import Tokens
from widgets.wall.layout import Place, grid
from widgets.wall.pane import Engine
from widgets.wall.selecting import SelectingSurface
from widgets.wall.strip import MOST, PaneStrip

if TYPE_CHECKING:
    from console.desk.port import DeskPort

HEIGHT_PX = 232
"""Two rows of five in a panel 700 px wide, each with its strip and its line of words."""
GAP_PX = 2


class _Row:
    """A row of five, or the selected one alone: the same for both surfaces."""

    alone = False

    def row_places(
        self, surface: SelectingSurface, count: int, selected: int, strip: int
    ) -> list[Place | None]:
        width, height = surface.width(), surface.height()
        if self.alone and count:
            whole = grid(width, height, 1, 1, strip)[0]
            return [whole if number == selected else None for number in range(count)]
        return [*grid(width, height, max(1, count), 1, strip)][:count]


class LiveRow(PaneStrip, _Row):
    """The cameras as they are now. Left and right choose, Enter or a double click shows one large."""

    def places(self) -> list[Place | None]:
        return self.row_places(self, len(self._panes), self._selected, self._tokens.size("strip"))

    def _select(self, number: int) -> None:
        before = self._selected
        super()._select(number)
        if self.alone and before != self._selected:
            self.arrange()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and _toggled(self):
            return
        super().keyPressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self.select_at(event)
        _toggled(self)

    def select_at(self, event: QMouseEvent) -> None:
        number = self.pane_at(event.position().toPoint())
        if number >= 0:
            self._select(number)


class BeforeRow(SelectingSurface, _Row):
    """The same cameras from before it began, all by one clock. Shows recorded pictures only, and none that
    the record does not permit."""

    _title = "wall.scene.before"
    _numbers = False
    # Where the machine has too much to do, what was is cut before what is.
    _least_importance = Importance.NORMAL

    def __init__(
        self, engine: Engine, catalogue: Catalogue, board: Board, tokens: Tokens,
        parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        self._playback: Playback | None = None
        super().__init__("scene.before", engine, catalogue, board, tokens, parent)

    def minimumSizeHint(self) -> QSize:
        return QSize(200, 60)

    def sizeHint(self) -> QSize:
        return QSize(480, 110)

    def use(self, playback: Playback) -> None:
        """Show everything by this clock from now on."""
        self._playback = playback

    def set_layout(self, camera_ids: tuple[str, ...]) -> None:
        """Show the first five of these cameras."""
        super().set_layout(tuple(dict.fromkeys(camera_ids))[:MOST])
        if self._playback is not None:
            for camera_id in self.camera_ids:
                self.show_recorded(camera_id, self._playback)

    def places(self) -> list[Place | None]:
        return self.row_places(self, len(self._panes), self._selected, self._tokens.size("strip"))

    def _select(self, number: int) -> None:
        before = self._selected
        super()._select(number)
        if self.alone and before != self._selected:
            self.arrange()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if self.took_key(event):
            return
        if step is not None and self._panes:
            self._select(min(len(self._panes) - 1, max(0, self._selected + step)))
        elif not (event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and _toggled(self)):
            super().keyPressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        number = self.pane_at(event.position().toPoint())
        if number >= 0:
            self._select(number)
        _toggled(self)


def _toggled(surface: QWidget) -> bool:
    above = surface.parentWidget()
    while above is not None and not isinstance(above, ScenePictures):
        above = above.parentWidget()
    if above is None:
        return False
    above.toggle_alone()
    return True


class ScenePictures(QWidget):
    """Both rows. The recorded one begins by itself when an incident is opened, is shown once, and stands
    still while nobody sees it. UI thread only."""

    def __init__(
        self, live: LiveRow, before: BeforeRow, engine: FootageEngine, folder: Path, board: Board,
        port: DeskPort, pulse: Pulse, catalogue: Catalogue, tokens: Tokens, purpose: Callable[[], str],
        from_s: float, to_s: float, parent: QWidget | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self.setObjectName("scene-pictures")
        self._live, self._before, self._catalogue = live, before, catalogue
        self._from_ns, self._to_ns = ns(from_s), ns(to_s)
        self._began_ns = 0
        self._stands = False
        self.playback = Playback(
            "scene.before", folder, engine, board, port, pulse, catalogue, replay_bounds().permit, purpose,
            self,
        )  # fmt: skip
        before.use(self.playback)
        before.follow(pulse)
        self.said_before = ElidedLabel(self, size="small")
        self.said_live = ElidedLabel(self, size="small", ink="dim")
        self._rows = QBoxLayout(QBoxLayout.Direction.TopToBottom, self)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(GAP_PX)
        for said, surface in ((self.said_before, before), (self.said_live, live)):
            part = QWidget(self)
            column = QBoxLayout(QBoxLayout.Direction.TopToBottom, part)
            column.setContentsMargins(0, 0, 0, 0)
            column.setSpacing(0)
            column.addWidget(said)
            column.addWidget(surface, 1)
            self._rows.addWidget(part, 1)
        self.setFixedHeight(HEIGHT_PX)
        live.selected_camera_changed.connect(before.select)
        before.selected_camera_changed.connect(live.select)
        pulse.second_passed.connect(self._second)
        self._forget_words = follow(catalogue, self._say)

    @property
    def began_ns(self) -> int:
        """The first sign of what is shown; 0 where nothing is."""
        return self._began_ns

    def show_scene(self, camera_ids: tuple[str, ...], began_ns: int) -> None:
        """Show these cameras, live and from before `began_ns` (ns since 1970)."""
        ids = tuple(dict.fromkeys(camera_ids))[:MOST]
        anew = began_ns != self._began_ns or ids != self._before.camera_ids
        self._began_ns = began_ns if ids else 0
        self._live.set_layout(ids)
        if anew:
            self.playback.set_cameras(ids)
            self._before.set_layout(ids)
            if ids:
                self._from_the_beginning()
        self._say()

    @Slot()
    def again(self) -> None:
        """From before it began, once more."""
        if self._began_ns:
            self._from_the_beginning()

    @Slot()
    def toggle_pause(self) -> None:
        """Let the recorded pictures stand still, or go on."""
        self._stands = not self._stands
        self.playback.play(0.0 if self._stands else 1.0)

    @Slot()
    def toggle_alone(self) -> None:
        """One camera large, before and now beside each other; or all five."""
        alone = not self._live.alone
        for surface in (self._live, self._before):
            surface.alone = alone
        way = QBoxLayout.Direction.LeftToRight if alone else QBoxLayout.Direction.TopToBottom
        self._rows.setDirection(way)
        for surface in (self._live, self._before):
            surface.arrange()

    def release(self) -> None:
        """Before the window goes."""
        self._forget_words()
        self.playback.set_cameras(())

    def _from_the_beginning(self) -> None:
        self._stands = False
        self.playback.seek(self._began_ns - self._from_ns, 1.0)

    @Slot()
    def _second(self) -> None:
        seen = any(self._before.is_seen(one) for one in self._before.camera_ids)
        if self.playback.position_ns >= self._began_ns + self._to_ns and not self.playback.is_waiting:
            self._stands = True  # shown once, and again by its key: nothing else moves beside the live ones
        goes = seen and not self._stands and bool(self._began_ns)
        if goes != bool(self.playback.rate):
            self.playback.play(1.0 if goes else 0.0)
        self._say()

    @Slot()
    def _say(self) -> None:
        say = self._catalogue.say
        at_ns = self.playback.position_ns
        text = say("wall.scene.before")
        if self._began_ns and at_ns:
            apart_s = (at_ns - self._began_ns) / 1e9
            key = "wall.scene.earlier" if apart_s < 0 else "wall.scene.later"
            text = say(key, seconds=f"{abs(apart_s):.0f}")
        self.said_before.setText(text)
        self.said_live.setText(say("wall.scene.live"))
