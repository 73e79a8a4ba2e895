"""The stills of a packet in a row; one that has not come yet says so."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from console.agency.facts import Attached
from console.agency.still import Still
from console.agency.window.look import Look
from console.language import Catalogue

_HIGH, _WIDE, _GAP, _MOST = 108, 192, 6, 4


class StillRow(QWidget):
    """Hidden where the packet has no stills."""

    def __init__(self, catalogue: Catalogue, look: Look) -> None:
        super().__init__()
        self._catalogue = catalogue
        self._look = look
        self._images: dict[str, QImage] = {}
        self._shown: list[Attached] = []
        self.setFixedHeight(_HIGH)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.hide()

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        return QSize(3 * (_WIDE + _GAP), _HIGH)

    def take(self, stills: list[tuple[Attached, Still | None]]) -> None:
        """These, as far as their bytes are here."""
        stills = stills[:_MOST]
        for one, still in stills:
            if still is not None and one.name not in self._images:
                shown = QImage(
                    still.rgb, still.width, still.height, 3 * still.width, QImage.Format.Format_RGB888
                )
                self._images[one.name] = shown.copy()  # the bytes are not Qt's
        self._shown = [one for one, _ in stills]
        keep = {one.name for one in self._shown}
        self._images = {name: image for name, image in self._images.items() if name in keep}
        self.setVisible(bool(self._shown))
        self.setAccessibleName(", ".join(one.description or one.name for one in self._shown))
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        wide = min(_WIDE, (self.width() - _GAP * (len(self._shown) - 1)) / max(1, len(self._shown)))
        for row, one in enumerate(self._shown):
            box = QRectF(row * (wide + _GAP), 0, wide, _HIGH)
            painter.fillRect(box, QColor(self._look.ground["bg0"]))
            image = self._images.get(one.name)
            if image is None:
                painter.setPen(QColor(self._look.ink["dim"]))
                words = self._catalogue.say("agency.detail.still_waits")
                painter.drawText(box, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, words)
                continue
            size = image.size().scaled(box.size().toSize(), Qt.AspectRatioMode.KeepAspectRatio)
            place = QRectF(0, 0, size.width(), size.height())
            place.moveCenter(box.center())
            painter.drawImage(place, image)
        painter.end()
