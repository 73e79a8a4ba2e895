"""Small pictures of a draft, decoded in a thread of their own: the UI thread only shows them."""

from __future__ import annotations

import queue
import threading

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QImage

from console.model.query import StillPicture

WIDE_PX, HIGH_PX = 240, 135
"""A still as it stands beside the draft."""


class StillDecoder(QObject):
    """Takes JPEGs, gives images. `close` ends the thread.

    Signals:
        decoded(str, object): the id of the hand-off, and its images (a tuple of QImage, in the order of the
            stills; a null image where one could not be read).
    """

    decoded = Signal(str, object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._wanted: queue.SimpleQueue[tuple[str, tuple[StillPicture, ...]] | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._serve, name="stills", daemon=True)
        self._thread.start()

    def decode(self, thread_id: str, stills: tuple[StillPicture, ...]) -> None:
        """Decode soon; `decoded` comes in the UI thread."""
        self._wanted.put((thread_id, stills))

    def close(self) -> None:
        """End the thread."""
        self._wanted.put(None)
        self._thread.join(2.0)

    def _serve(self) -> None:
        while True:
            wanted = self._wanted.get()
            if wanted is None:
                return
            thread_id, stills = wanted
            self.decoded.emit(thread_id, tuple(_image(one.jpeg) for one in stills))


def _image(jpeg: bytes) -> QImage:
    image = QImage.fromData(jpeg, "JPEG")  # type: ignore[call-overload]
    if image.isNull():
        return image
    return image.scaled(
        WIDE_PX, HIGH_PX, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
    )
