"""One pane as the wall holds it: which camera, whether it may be seen, and its pictures wrapped for Qt."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Protocol

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QImage, QPainter, QPixmap

from console.video.book import SourceBook
from console.video.condition import PaneState
from console.video.frames import Picture
from console.video.load import Importance
from console.video.source import Source
from widgets.kit.playback import Playback
from widgets.wall.layout import Place
from widgets.wall.masks import NOTHING_HIDDEN
from widgets.wall.watch import CameraWatch
from widgets.wall.zoom import WHOLE


class Engine(Protocol):
    """What a wall needs of `console.video.engine.VideoEngine`."""

    book: SourceBook

    def show(self, pane: Hashable, camera_id: str, source: Source, width: int, height: int) -> None: ...

    def hide(self, pane: Hashable) -> None: ...

    def counter(self, pane: Hashable) -> tuple[int, int]: ...

    def newest(self, pane: Hashable) -> Picture | None: ...

    def pane_state(self, pane: Hashable) -> PaneState | None: ...

    def set_importance(self, pane: Hashable, importance: Importance) -> None: ...


class Kept:
    """Something painted once and shown many times, as long as what it says stays the same."""

    def __init__(self) -> None:
        self._key: tuple[object, ...] = ()
        self._pixmap: QPixmap | None = None

    def show(
        self, painter: QPainter, rect: QRect, key: tuple[object, ...], paint: Callable[[QPainter], None],
        clear: bool = False,
    ) -> None:  # fmt: skip
        """Show what `paint` paints; it is called only when `key` or the size is another than last time. With
        `clear`, what is below is seen where nothing is painted."""
        ratio = painter.device().devicePixelRatioF()
        key = (*key, rect.width(), rect.height(), ratio)
        if self._pixmap is None or key != self._key:
            pixmap = QPixmap(rect.size() * ratio)
            pixmap.setDevicePixelRatio(ratio)
            if clear:
                pixmap.fill(Qt.GlobalColor.transparent)
            inner = QPainter(pixmap)
            inner.translate(-rect.topLeft())
            paint(inner)
            inner.end()
            self._key, self._pixmap = key, pixmap
        painter.drawPixmap(rect.topLeft(), self._pixmap)

    def forget(self) -> None:
        self._pixmap = None


@dataclass(frozen=True)
class StripText:
    """What the strip says: `number` of the pane, the camera's name, the picture's clock, and the badge in
    forms from the longest to the shortest. `reduced`: less is shown than the camera could give.
    """

    number: str
    name: str
    clock: str
    badges: tuple[str, ...]
    state: str
    priority: int = 0
    lit: bool = True
    reduced: bool = False


@dataclass(frozen=True)
class OverText:
    """What is written over a picture: `info` lines at the top when they are asked for, `tags` at the bottom
    (zoom, lifted masks, who looks from outside)."""

    info: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()


NOTHING_SAID = StripText("", "", "", ("",), "waiting")
NOTHING_OVER = OverText()
WAITING = PaneState("waiting")
NO_SOURCE = PaneState("no_source")
CONNECTING = PaneState("connecting")
SEEKING = PaneState("seeking")


class Pane:
    """A camera on a surface. `key` is the engine's name for it.

    `permit`: "waiting" until the view is on the record, then "allowed"; "denied" when the hub refused it.
    """

    def __init__(self, surface: str, camera_id: str) -> None:
        self.key = (surface, camera_id)
        self.camera_id = camera_id
        self.permit = "waiting"
        self.denied_why = ""
        self.playback: Playback | None = None
        """Whose recorded pictures are shown instead of the live ones."""
        self.place: Place | None = None
        self.ahead: Place | None = None
        """Where it will be seen next, while it has no place: it is decoded for that size already."""
        self.strip_rect = self.picture_rect = self.rect = QRect()
        self.strip_image = Kept()
        self.still_image = Kept()
        self.over_image = Kept()
        self.state = WAITING
        self.strip_said = NOTHING_SAID
        self.over_said = NOTHING_OVER
        self.info = False
        self.info_second = 0
        self.hidden = NOTHING_HIDDEN
        self.outside: tuple[str, ...] = ()
        """Agencies that look at the camera now by a share."""
        self.zoom = WHOLE
        self.target = QRect()
        self.importance: Importance | None = None
        self.painted = (0, 0)
        self.taken_at_ns = 0
        self.watch = CameraWatch()
        self.shown_size: tuple[int, int] | None = None
        self.room: tuple[int, int] | None = None
        """Pixels its picture is shown in where that is not its place."""
        self.source: Source | None = None
        self.unseen_since_ns = 0
        self._images: dict[tuple[int, int, int, int], QImage] = {}

    def put(self, place: Place | None) -> None:
        """Give it a place, or none."""
        self.place = place
        if place is not None:
            self.rect = QRect(place.x, place.y, place.width, place.height)
            self.strip_rect = QRect(place.x, place.y, place.width, place.strip)
            self.picture_rect = QRect(*place.picture)

    def image(self, feed: int, picture: Picture, ratio: float) -> QImage:
        """The picture as an image on the same memory. Each buffer is wrapped once."""
        key = (feed, picture.slot, picture.width, picture.height)
        image = self._images.get(key)
        if image is None:
            if any(old[0] != feed or old[2:] != key[2:] for old in self._images):
                self._images.clear()  # another size: the old memory can go
            image = QImage(
                picture.data, picture.width, picture.height, picture.stride, QImage.Format.Format_RGB32
            )
            image.setDevicePixelRatio(ratio)
            self._images[key] = image
        return image

    def forget_images(self) -> None:
        """Let go of the shared memory."""
        self._images.clear()
        self.still_image.forget()
        self.over_image.forget()
        self.painted = (0, 0)
