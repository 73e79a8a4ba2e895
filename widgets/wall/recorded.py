"""What tells a recorded pane from a live one: its frame, and how far behind the present it is."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QPainter, QPen

from console.clock import SECOND_NS
from console.language import Catalogue
from widgets.kit.tokens import Tokens

FRAME_PX, NARROW_FRAME_PX, DASH_PX = 4, 3, 6
NARROW_PX = 320


def recorded_frame(painter: QPainter, picture: QRect, tokens: Tokens) -> None:
    """The edge of a film: light and dark by turns, on whatever picture it lies. No other pane has it."""
    wide = FRAME_PX if picture.width() > NARROW_PX else NARROW_FRAME_PX
    inset = wide // 2
    inner = picture.adjusted(inset, inset, -inset - wide % 2, -inset - wide % 2)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(tokens.ground("bg0"), wide))
    painter.drawRect(inner)
    pen = QPen(tokens.ink("text"), wide)
    pen.setDashPattern([DASH_PX / wide, DASH_PX / wide])
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    painter.setPen(pen)
    painter.drawRect(inner)


def behind(taken_at_ns: int, now_ns: int, catalogue: Catalogue) -> str:
    """How long ago a picture was taken: "–00:12", "–1:02:03" (the font has no minus sign)."""
    seconds = max(0, now_ns - taken_at_ns) // SECOND_NS
    hours, minutes, seconds = seconds // 3600, seconds % 3600 // 60, seconds % 60
    clock = f"{hours}:{minutes:02d}:{seconds:02d}" if hours else f"{minutes:02d}:{seconds:02d}"
    return catalogue.say("replay.behind", clock=clock)
