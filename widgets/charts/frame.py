"""Where things stand in a band: title, axis, plot, readings. One place, so that all bands line up."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRect

TITLE_W = 144
AXIS_W = 46
READ_W = 272
PAD = 4
ROW_H = 17
NARROW_W = 640
"""Below this the title moves into the plot's corner and the readings take less."""


@dataclass(frozen=True, slots=True)
class Frame:
    """Rectangles in widget pixels. `title` may be empty (narrow), then it is painted inside the plot."""

    title: QRect
    axis: QRect
    plot: QRect
    second_axis: QRect
    readings: QRect


def frame_for(width: int, height: int, second_axis: bool) -> Frame:
    """The frame of a band of this size; the plot is the same for all bands of one width."""
    title_w = TITLE_W if width >= NARROW_W else 0
    read_w = READ_W if width >= NARROW_W else max(120, width // 3)
    left = PAD + title_w
    second_w = AXIS_W if second_axis else 8
    plot_left, plot_right = left + AXIS_W, width - read_w - second_w
    top, bottom = PAD, height - PAD
    return Frame(
        title=QRect(PAD, top, title_w, bottom - top),
        axis=QRect(left, top, AXIS_W - 4, bottom - top),
        plot=QRect(plot_left, top, max(1, plot_right - plot_left), max(1, bottom - top)),
        second_axis=QRect(plot_right + 4, top, max(0, second_w - 8), bottom - top),
        readings=QRect(plot_right + second_w, top, read_w - PAD, bottom - top),
    )
