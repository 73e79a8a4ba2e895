"""What a surface tells the engine about a pane: how large it is seen, and what it is to the operator."""

from __future__ import annotations

from console.video.load import Importance
from widgets.wall.bounds import pane_bounds
from widgets.wall.captions import IncidentMarks
from widgets.wall.painting import PaintedPanes
from widgets.wall.pane import Pane
from widgets.wall.zoom import decoded_size


class AskedPanes(PaintedPanes):
    """The asking half of a surface. UI thread only."""

    _incidents: IncidentMarks

    #: What its cameras are to the operator before he does anything with them.
    _least_importance = Importance.NORMAL

    def _selected_pane(self) -> Pane | None:
        return self._panes[self._selected] if 0 <= self._selected < len(self._panes) else None

    def _wanted_size(self, pane: Pane) -> tuple[int, int]:
        """The size in which a pane's picture is to be decoded; zeros where there is no room for one."""
        ahead = pane.ahead if pane.place is None else None
        shown = ahead.picture[2:] if ahead is not None else pane.picture_rect.size().toTuple()
        room_wide, room_high = pane.room or shown
        if room_wide < 1 or room_high < 1:
            return 0, 0
        ratio = self.devicePixelRatioF()
        room = max(1, round(room_wide * ratio)), max(1, round(room_high * ratio))
        state = pane.state
        return decoded_size(
            room, (state.width, state.height), pane.zoom, pane.shown_size, pane_bounds().zoom,
            larger_exists=state.stream == "sub",
        )  # fmt: skip

    def _tell_importance(self, pane: Pane) -> None:
        """Tell the engine what a pane is to the operator: on a machine that cannot decode everything in full
        quality, the least important ones are cut first."""
        if pane.shown_size is None:
            return
        importance = self._importance(pane)
        if importance is not pane.importance:
            pane.importance = importance
            self._engine.set_importance(pane.key, importance)

    def _importance(self, pane: Pane) -> Importance:
        if self.full_camera == pane.camera_id:
            return Importance.FULL
        if pane is self._selected_pane() or pane.zoom.factor > 1.0:
            return Importance.SELECTED
        if self._incidents.of(pane.camera_id)[0]:
            return Importance.INCIDENT
        return self._least_importance

    @property
    def full_camera(self) -> str:
        """The camera that fills the surface; empty when none does."""
        return ""
