"""Where shared pictures are shown: the newest one, with the viewer's name laid over it."""

from __future__ import annotations

import threading
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QColor, QFont, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from console.agency.player import Ended, Player, Screen
from console.agency.view import Looking
from console.agency.window.look import Look
from console.language import Catalogue

_SHOW_MS = 33
MakePlayer = Callable[[Looking, Screen], Player]
"""A player of what may be looked at, for a screen."""


class SharedScreen(QWidget):
    """`picture` and `ended` come in the player's thread; everything else in the window's.

    `over` says (look's id, why, pictures) once for each look.
    """

    over = Signal(int, str, int)
    _told = Signal(int, str, str, int)

    def __init__(self, catalogue: Catalogue, look: Look, make: MakePlayer) -> None:
        super().__init__()
        self._catalogue = catalogue
        self._look = look
        self._make = make
        self._lock = threading.Lock()
        self._newest: NDArray[np.uint8] | None = None
        self._image: QImage | None = None
        self._kept: NDArray[np.uint8] | None = None
        self._player: Player | None = None
        self._ending: list[Player] = []
        self._looking: Looking | None = None
        self._said = "agency.look.none"
        self.setMinimumSize(QSize(420, 260))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._told.connect(self._end)
        self._timer = QTimer(self)
        self._timer.setInterval(_SHOW_MS)
        self._timer.timeout.connect(self.show_newest)

    @property
    def looking(self) -> Looking | None:
        return self._looking

    def retranslate(self) -> None:
        self.setAccessibleName(self._catalogue.say("agency.look.name"))
        self.update()

    def begin(self, looking: Looking) -> None:
        """Show these pictures instead of what was shown."""
        self.stop()
        self._looking = looking
        self._said = "agency.look.waits"
        feed = _Feed(self, looking.id)
        self._player = self._make(looking, feed)
        self._player.start()
        self._timer.start()
        self.update()

    def stop(self) -> None:
        """Show nothing any more."""
        player, self._player = self._player, None
        if player is not None:
            player.stop()
            self._ending.append(player)
        self._timer.stop()
        self._blank("agency.look.none")

    def wait(self) -> None:
        """Stop, and return when no player runs any more. Blocks: for the end of the program."""
        self.stop()
        for player in self._ending:
            player.join()
        self._ending.clear()

    def take(self, look_id: int, rgb: NDArray[np.uint8]) -> None:
        """The player's thread: a newer picture. One that is not shown in time is not shown."""
        looking = self._looking
        if looking is not None and looking.id == look_id:
            with self._lock:
                self._newest = rgb

    def finish(self, look_id: int, why: Ended, detail: str, count: int) -> None:
        """The player's thread: the end of a look."""
        self._told.emit(look_id, why, detail, count)

    @Slot()
    def show_newest(self) -> None:
        """Put the newest picture on the screen."""
        with self._lock:
            rgb, self._newest = self._newest, None
        if rgb is None:
            return
        high, wide, _ = rgb.shape
        self._kept = rgb  # QImage does not keep the bytes it shows
        self._image = QImage(rgb.data, wide, high, 3 * wide, QImage.Format.Format_RGB888)
        self.update()

    @Slot(int, str, str, int)
    def _end(self, look_id: int, why: str, detail: str, count: int) -> None:
        if self._looking is not None and self._looking.id == look_id:
            self._timer.stop()
            self._blank(f"agency.look.{why}")
        self.over.emit(look_id, f"{why} {detail}".strip(), count)

    def _blank(self, said: str) -> None:
        """An ended share leaves no picture on the screen."""
        self._looking = None
        self._image = self._kept = None
        with self._lock:
            self._newest = None
        self._said = said
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(self._look.ground["bg0"]))
        if self._image is None:
            painter.setPen(QColor(self._look.ink["dim"]))
            words = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(self.rect().adjusted(16, 16, -16, -16), words, self._catalogue.say(self._said))
        else:
            size = self._image.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
            box = QRectF(
                (self.width() - size.width()) / 2, (self.height() - size.height()) / 2, size.width(),
                size.height(),
            )
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(box, self._image)
            if self._looking is not None:
                self._paint_mark(painter, box, self._looking.mark)
        painter.end()

    def _paint_mark(self, painter: QPainter, box: QRectF, mark: str) -> None:
        """Nine times across the picture, faintly, and once below in full."""
        font = QFont(painter.font())
        font.setPixelSize(max(10, int(box.height() / 28)))
        painter.setFont(font)
        painter.setClipRect(box)
        wide = painter.fontMetrics().horizontalAdvance(mark)
        for row in range(3):
            for column in range(3):
                x = box.x() + box.width() * (column + 0.5) / 3 - wide / 2
                y = box.y() + box.height() * (row + 0.5) / 3
                painter.setPen(QColor(0, 0, 0, 90))
                painter.drawText(int(x) + 1, int(y) + 1, mark)
                painter.setPen(QColor(255, 255, 255, 70))
                painter.drawText(int(x), int(y), mark)
        painter.setClipping(False)
        strip = QRectF(box.x(), box.bottom() - 24, box.width(), 24)
        painter.fillRect(strip, QColor(0, 0, 0, 170))
        painter.setPen(QColor(255, 255, 255))
        painter.drawText(strip.adjusted(8, 0, -8, 0), Qt.AlignmentFlag.AlignVCenter, mark)


class _Feed:
    """A look's own way to the screen, so that a late picture of an old look is not taken for a new one."""

    def __init__(self, screen: SharedScreen, look_id: int) -> None:
        self._screen = screen
        self._id = look_id

    def picture(self, rgb: NDArray[np.uint8], count: int) -> None:
        self._screen.take(self._id, rgb)

    def ended(self, why: Ended, detail: str, count: int) -> None:
        self._screen.finish(self._id, why, detail, count)
