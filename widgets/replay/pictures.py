"""What the replay page needs of the surface that shows its panes; it is given one."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any, Protocol

from widgets.kit.playback import Playback


class Pictures(Protocol):
    """The surface of recorded panes (`widgets.wall.replaysurface`)."""

    cameras_dropped: Any
    selected_camera_changed: Any

    @property
    def selected_camera(self) -> str: ...

    def use(self, playback: Playback) -> None: ...

    def set_layout(self, camera_ids: tuple[str, ...]) -> None: ...

    def select(self, camera_id: str) -> None: ...

    def pane_key(self, camera_id: str) -> Hashable: ...

    def shown_ns(self, camera_id: str) -> int: ...
