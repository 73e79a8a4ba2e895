"""How a surface paints its panes: one widget, one paint event, strips and stills kept as pixmaps."""

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import QRect
from PySide6.QtGui import QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from console.video.condition import MOVING
from console.video.frames import Picture
from widgets.kit.tokens import Tokens
from widgets.wall import words
from widgets.wall.captions import Captions
from widgets.wall.layout import Place
from widgets.wall.masks import Masks
from widgets.wall.painter import PanePainter
from widgets.wall.pane import CONNECTING, NOTHING_OVER, SEEKING, Engine, Pane
from widgets.wall.recorded import recorded_frame


class Meter(Protocol):
    """Told of every picture that is painted for the first time: a measurement's hook."""

    def painted(self, camera_id: str, due_mono_ns: int) -> None: ...


class PaintedPanes(QWidget):
    """The painting half of a surface. UI thread only."""

    meter: Meter | None
    _engine: Engine
    _tokens: Tokens
    _captions: Captions
    _painter: PanePainter
    _masks: Masks
    _panes: list[Pane]
    _selected: int
    _gaps: list[QRect]

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            area = event.rect()
            ground = self._tokens.ground("bg0")
            for gap in self._gaps:
                if gap.intersects(area):
                    painter.fillRect(gap, ground)
            for number, pane in enumerate(self._panes):
                place = pane.place
                if place is None or not pane.rect.intersects(area):
                    continue
                if pane.strip_rect.intersects(area):
                    self._paint_strip(painter, pane, place)
                if pane.picture_rect.intersects(area):
                    self._paint_picture(painter, pane, place)
                    if pane.over_said is not NOTHING_OVER:
                        self._paint_over(painter, pane)
                if pane.playback is not None:
                    recorded_frame(painter, pane.picture_rect, self._tokens)
                if number == self._selected:
                    self._painter.frame(painter, place, self.hasFocus())

    def _paint_strip(self, painter: QPainter, pane: Pane, place: Place) -> None:
        said = pane.strip_said

        def paint(strip: QPainter) -> None:
            self._painter.strip(strip, place, said)
            if said.priority:
                self._painter.incident_frame(strip, place, said.priority)

        pane.strip_image.show(painter, pane.strip_rect, (said, self._tokens.theme), paint)

    def _permit_of(self, pane: Pane) -> tuple[str, str]:
        """Whether a pane may be seen, and why not."""
        raise NotImplementedError

    def _may_paint(self, pane: Pane) -> bool:
        """The view is on the record, and what must be hidden is known."""
        if not self._masks.known:
            return False
        # Asked for each pane at each beat: a live one is answered without a call.
        return (pane.permit if pane.playback is None else self._permit_of(pane)[0]) == "allowed"

    def _permitted_picture(self, pane: Pane) -> Picture | None:
        picture = self._engine.newest(pane.key) if self._may_paint(pane) else None
        if pane.playback is None:
            return picture
        if picture is not None and pane.playback.may_show(pane.camera_id, picture.taken_at_ns):
            return picture
        pane.painted = self._engine.counter(pane.key)  # looked at: a gap, or not on the record
        return None

    def _newest_image(self, pane: Pane) -> QImage | None:
        """The pane's newest picture if it may be seen; the meter is told of one that is new."""
        picture = self._permitted_picture(pane)
        if picture is None:
            return None
        counter = self._engine.counter(pane.key)[0], picture.counter
        image = pane.image(counter[0], picture, self.devicePixelRatioF())
        if counter != pane.painted:
            pane.painted = counter
            pane.taken_at_ns = picture.taken_at_ns
            if self.meter is not None:
                self.meter.painted(pane.camera_id, picture.due_mono_ns)
        return image

    def _paint_picture(self, painter: QPainter, pane: Pane, place: Place) -> None:
        image = self._newest_image(pane)
        # Not what was true at the last look: a lift may have ended since.
        hidden = pane.hidden = self._masks.of(pane.camera_id)
        if image is not None and not words.is_old(pane.state):
            pane.still_image.forget()
            pane.target = self._painter.picture(
                painter, pane.picture_rect, image, zoom=pane.zoom, hidden=hidden
            )
            if pane.zoom.factor > 1.0:
                self._painter.locator(painter, pane.target, pane.zoom)
            return
        state = pane.state
        if image is None and pane.playback is not None and state.state not in words.SAID_WITHOUT:
            state = SEEKING
        elif image is None and state.state in MOVING:
            state = CONNECTING  # no word about a picture that is not there
        said = self._captions.say(state)

        def paint(still: QPainter) -> None:
            if image is None:
                pane.target = QRect()
                self._painter.empty(still, place)
            else:
                pane.target = self._painter.picture(
                    still, pane.picture_rect, image, old=True, zoom=pane.zoom, hidden=hidden
                )
                if pane.zoom.factor > 1.0:
                    self._painter.locator(still, pane.target, pane.zoom)
            self._painter.say(still, place, state, *said)

        key = (*said, state.state, pane.painted, image is None, pane.zoom, hidden.zones,
               self._tokens.theme)  # fmt: skip
        pane.still_image.show(painter, pane.picture_rect, key, paint)

    def _paint_over(self, painter: QPainter, pane: Pane) -> None:
        said = pane.over_said

        def paint(over: QPainter) -> None:
            self._painter.over(over, pane.picture_rect, said)

        pane.over_image.show(painter, pane.picture_rect, (said, self._tokens.theme), paint, clear=True)
