"""The icons: own SVG files of one line weight in assets/icons, drawn in the ink of a role."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from console.paths import shipped


def icon_pixmap(name: str, colour: QColor, side: int = 20) -> QPixmap:
    """assets/icons/NAME.svg as a square pixmap; `currentColor` in the file becomes `colour`.

    Raises FileNotFoundError for an unknown name. UI thread only.
    """
    text = (shipped("assets") / "icons" / f"{name}.svg").read_text("utf-8")
    renderer = QSvgRenderer(QByteArray(text.replace("currentColor", colour.name()).encode()))
    pixmap = QPixmap(QSize(side, side))
    pixmap.fill(Qt.GlobalColor.transparent)
    with QPainter(pixmap) as painter:
        renderer.render(painter, QRectF(0, 0, side, side))
    return pixmap


def icon(name: str, colour: QColor, side: int = 20) -> QIcon:
    """The same as an icon for a button or an act."""
    return QIcon(icon_pixmap(name, colour, side))
