"""Cameras that are dragged within the window: from a list, the map, an incident, a pane."""

from __future__ import annotations

import msgspec
from PySide6.QtCore import QByteArray, QMimeData, Qt
from PySide6.QtGui import QDrag
from PySide6.QtWidgets import QWidget

CAMERAS = "application/x-bongsu-cameras"
"""UTF-8 JSON: a list of camera ids."""

MOST_CAMERAS = 64
LONGEST_BYTES = 64 * 1024

_decoder = msgspec.json.Decoder(list[str])


def cameras_mime(camera_ids: tuple[str, ...]) -> QMimeData:
    """What a drag of these cameras carries."""
    mime = QMimeData()
    mime.setData(CAMERAS, QByteArray(msgspec.json.encode(camera_ids[:MOST_CAMERAS])))
    return mime


def drag_cameras(source: QWidget, camera_ids: tuple[str, ...]) -> None:
    """Let these cameras be dragged from `source`; returns when they were dropped or the drag was given up.

    Call it as the last thing of a mouse event: Qt serves the rest of the window from within, and there is no
    other way to drag. This is the one place of the window where that happens.
    """
    drag = QDrag(source)
    drag.setMimeData(cameras_mime(camera_ids))
    drag.exec(Qt.DropAction.CopyAction | Qt.DropAction.MoveAction, Qt.DropAction.CopyAction)


def camera_ids_of(mime: QMimeData) -> tuple[str, ...]:
    """The cameras a drag carries, each once; empty where it carries none, or none that can be read."""
    if not mime.hasFormat(CAMERAS):
        return ()
    data = mime.data(CAMERAS).data()
    # A drag may come from another program: what cannot be ours is no drag of cameras.
    if len(data) > LONGEST_BYTES:
        return ()
    try:
        return tuple(dict.fromkeys(_decoder.decode(data)))[:MOST_CAMERAS]
    except msgspec.DecodeError:
        return ()
