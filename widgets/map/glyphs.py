"""The small drawings that tell systems apart: from strokes in the style's data to painter paths."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen

from widgets.map.figures import map_figures

GRID = 16.0
STROKE = 1.7


class GlyphError(ValueError):
    """The style's data has a stroke that cannot be drawn; the text names the system and the stroke."""


@dataclass(frozen=True)
class Glyph:
    """What is filled and what is only drawn around, on a grid of 16 by 16."""

    filled: QPainterPath
    stroked: QPainterPath

    def paint(self, painter: QPainter, rect: QRectF, colour: QColor) -> None:
        """Into `rect`, in one colour."""
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(rect.topLeft())
        painter.scale(rect.width() / GRID, rect.height() / GRID)
        painter.fillPath(self.filled, colour)
        pen = QPen(colour, STROKE)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.strokePath(self.stroked, pen)
        painter.restore()


@cache
def glyph_of(system: str) -> Glyph:
    """The drawing of a system; that of "other" for one without."""
    told = map_figures().glyph
    name = system if system in told else "other"
    filled, stroked = QPainterPath(), QPainterPath()
    for stroke in told[name]:
        way, _, commands = stroke.partition(" ")
        if way not in ("f", "s"):
            raise GlyphError(f"map.toml: glyph.{name}: {stroke!r} begins neither with f nor with s")
        _draw(filled if way == "f" else stroked, commands, name)
    return Glyph(filled, stroked)


def _draw(path: QPainterPath, commands: str, name: str) -> None:
    """M x y, L x y, Q cx cy x y, O cx cy r (a circle), Z."""
    words = commands.split()
    try:
        while words:
            letter, first = words[0][0], words.pop(0)[1:]
            count = {"M": 2, "L": 2, "Q": 4, "O": 3, "Z": 0}[letter]
            numbers = [float(one) for one in ([first] if first else [])]
            numbers += [float(words.pop(0)) for _ in range(count - len(numbers))]
            if letter == "M":
                path.moveTo(*numbers)
            elif letter == "L":
                path.lineTo(*numbers)
            elif letter == "Q":
                path.quadTo(*numbers)
            elif letter == "O":
                path.addEllipse(QPointF(numbers[0], numbers[1]), numbers[2], numbers[2])
            else:
                path.closeSubpath()
    except (KeyError, IndexError, ValueError):
        raise GlyphError(f"map.toml: glyph.{name}: cannot be drawn: {commands!r}") from None
