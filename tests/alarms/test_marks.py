"""Every state of an alarm has a shape of its own: told apart without colour."""

from __future__ import annotations

from itertools import combinations

import numpy as np
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter

from widgets.alarms.marks import STATES, paint_state


def shape(state: str) -> np.ndarray:
    image = QImage(26, 26, QImage.Format.Format_Grayscale8)
    image.fill(Qt.GlobalColor.black)
    with QPainter(image) as painter:
        paint_state(painter, QRectF(0, 0, 26, 26), state, QColor("white"))
    return np.frombuffer(image.constBits(), np.uint8).reshape(26, image.bytesPerLine())[:, :26].astype(int)


def test_no_two_states_look_alike(qapp: object) -> None:
    shapes = {state: shape(state) for state in STATES}
    for one, other in combinations(STATES, 2):
        apart = np.abs(shapes[one] - shapes[other]).sum() / 255
        assert apart > 25, f"{one} and {other} differ in {apart:.0f} pixels"
