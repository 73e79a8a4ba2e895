"""The pens of a band's lines: told apart by stroke as well as by ink."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPen

from widgets.kit.tokens import Tokens

DASHES: tuple[tuple[float, ...], ...] = ((), (6.0, 3.0), (2.0, 2.0), (8.0, 3.0, 2.0, 3.0))
"""By a line's place in its band."""


def ink_of(tokens: Tokens, index: int) -> QColor:
    """The colour of the band's line number `index`."""
    return tokens.ink(f"series{index % 4 + 1}")


def stroke(tokens: Tokens, index: int) -> QPen:
    """The pen of the band's line number `index`."""
    return pen(ink_of(tokens, index), dashes=DASHES[index % 4])


def pen(colour: QColor, width_px: int = 1, dashes: Sequence[float] = ()) -> QPen:
    """A pen as wide as told on the screen, whatever the scale of what it draws."""
    made = QPen(colour, width_px)
    made.setCosmetic(True)
    made.setCapStyle(Qt.PenCapStyle.FlatCap)
    if dashes:
        made.setDashPattern(list(dashes))
    return made
