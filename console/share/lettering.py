"""Letters for a picture, in every script the console's own font has: painted by Qt, in a process of its own.

    python -m console.share.lettering  <  {"lines": [...], "width": 640, "height": 360, "part": 0.035}

answers width and height (two big-endian u32) and then the pixels, blue green red alpha. A process, because Qt
paints text only in the thread that began it, and because the server should not hold a window system.
"""

from __future__ import annotations

import os
import struct
import subprocess
import sys

import msgspec
import numpy as np

from console.model.base import Record
from console.paths import shipped
from console.share.redrawing import Lettering

LEAST_PIXELS = 11
WITHIN_S = 30.0
_HEAD = struct.Struct(">II")


class LetteringError(Exception):
    """The letters could not be painted: a picture that needs them is not shown."""


class Wanted(Record, frozen=True, kw_only=True):
    lines: tuple[str, ...]
    width: int
    height: int
    part: float


def letters(lines: tuple[str, ...], width: int, height: int, part: float) -> Lettering:
    """The lines as a strip as wide as the picture. Waits some tenths of a second. Raises LetteringError."""
    wanted = msgspec.json.encode(Wanted(lines=lines, width=width, height=height, part=part))
    try:
        answer = subprocess.run(
            [sys.executable, "-m", "console.share.lettering"], input=wanted, capture_output=True,
            timeout=WITHIN_S, env={**os.environ, "QT_QPA_PLATFORM": "offscreen"}, check=True,
        ).stdout  # fmt: skip
        columns, rows = _HEAD.unpack_from(answer)
        return np.frombuffer(answer, np.uint8, rows * columns * 4, _HEAD.size).reshape(rows, columns, 4)
    except (OSError, ValueError, struct.error, subprocess.SubprocessError) as error:
        raise LetteringError(f"the letters could not be painted: {type(error).__name__}") from None


def main() -> int:
    """Read what is wanted, write the strip."""
    from PySide6.QtCore import Qt
    from PySide6.QtGui import QColor, QFont, QFontDatabase, QFontMetrics, QGuiApplication, QImage, QPainter

    wanted = msgspec.json.decode(sys.stdin.buffer.read(), type=Wanted)
    application = QGuiApplication([])
    number = QFontDatabase.addApplicationFont(str(shipped("assets") / "fonts" / "NanumGothicBold.ttf"))
    font = QFont(QFontDatabase.applicationFontFamilies(number))
    pixels = max(LEAST_PIXELS, round(wanted.height * wanted.part))
    font.setPixelSize(pixels)
    edge = max(2, pixels // 4)
    measured = QFontMetrics(font)
    # A name that is longer than the picture gets smaller letters, never an end that is cut off.
    longest = max(measured.horizontalAdvance(line) for line in wanted.lines)
    if longest > wanted.width - 2 * edge:
        font.setPixelSize(max(6, pixels * (wanted.width - 2 * edge) // longest))
        measured = QFontMetrics(font)
    image = QImage(
        wanted.width, measured.height() * len(wanted.lines) + 2 * edge, QImage.Format.Format_ARGB32
    )
    image.fill(QColor(0, 0, 0, 150))
    painter = QPainter(image)
    painter.setFont(font)
    painter.setPen(QColor(255, 255, 255))
    for row, line in enumerate(wanted.lines):
        tall = measured.height()
        place = edge, edge + row * tall, wanted.width - 2 * edge, tall
        painter.drawText(*place, Qt.AlignmentFlag.AlignLeft, line)
    painter.end()
    sys.stdout.buffer.write(_HEAD.pack(image.width(), image.height()) + bytes(image.constBits()))
    sys.stdout.buffer.flush()
    del application
    return 0


if __name__ == "__main__":
    sys.exit(main())
