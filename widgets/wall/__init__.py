"""The video wall: one widget paints all panes, and every pane says what its picture is worth."""

from widgets.wall.strip import PaneStrip
from widgets.wall.wall import WallWidget

__all__ = ["PaneStrip", "WallWidget"]
