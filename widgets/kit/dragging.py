"""Cameras that are dragged within the window: from a list, the map, an incident, a pane."""

from __future__ import annotations

import msgspec
from PySide6.QtCore import QByteArray, QMimeData

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
