"""The map under a pointer or the keyboard's frame: clicks, drags, the card beside it, the live picture."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QPoint, QPointF, Qt, QTimer, Slot

from console.geo.coordinates import decimal, grid_reference
from widgets.kit.dragging import drag_cameras
from widgets.kit.pulse import Pulse
from widgets.map.canvas import STEP
from widgets.map.figures import map_figures
from widgets.map.parts import MapParts
from widgets.map.view import Extent, level_of

ON_INCIDENT = -2
"""What is under the pointer: an incident."""


class PointingMap(MapParts):
    """UI thread only."""

    def __init__(self, board: Any, pulse: Pulse, *others: Any, **told: Any) -> None:
        super().__init__(board, pulse, *others, **told)
        self._dwell = QTimer(self)
        self._dwell.setSingleShot(True)
        self._dwell.setInterval(map_figures().hand.dwell_ms)
        self._dwell.timeout.connect(self._dwelt)
        canvas = self.canvas
        canvas.grabs = self._grabs
        canvas.hovered.connect(self._hover)
        canvas.renumbered.connect(self._renumbered)
        canvas.pointed.connect(self._pointed)
        canvas.left.connect(self._left)
        canvas.clicked.connect(self._clicked)
        canvas.double_clicked.connect(self._double_clicked)
        canvas.dragged_from.connect(self._drag)
        canvas.band_drawn.connect(self._choose_band)
        self.drawing.changed.connect(self._drawn)
        pulse.second_passed.connect(self._second)

    def _grabs(self, at: QPointF) -> bool:
        if self.drawing.draft is not None:
            return False
        if self.things.incident_at(at) or self.things.report_at(at) is not None:
            return True
        number = self.canvas.mark_at(at)
        return number >= 0 and bool(self._cameras(self._ids(number)))

    @Slot(QPointF, bool)
    def _clicked(self, at: QPointF, control: bool) -> None:
        position = self.canvas.position(at)
        if self.drawing.draft is not None:
            self.drawing.point(position)
            return
        incident = self.things.incident_at(at)
        number = self.canvas.mark_at(at)
        sketch = self.drawing.sketch_at(at) if number < 0 and not incident else None
        self.drawing.chosen = sketch.id if sketch is not None else ""
        report = self.things.report_at(at) if not incident else None
        if incident:
            self.incident_chosen.emit(incident)
        elif report is not None:
            self.report_chosen.emit(report.id)
        elif number >= 0:
            self.choose((*(self.chosen if control else ()), *self._ids(number)))
        else:
            self._point = position
            self.sight.forget()
            self.choose(())
        self.canvas.update()

    @Slot(QPointF)
    def _double_clicked(self, at: QPointF) -> None:
        if self.drawing.draft is not None:
            self.drawing.close_area()
            return
        number = self.canvas.mark_at(at)
        if number < 0:
            return
        if self.canvas.seen().row[number] < 0:
            self.canvas.zoom(STEP**3, at)
            return
        ids = self._ids(number)
        self.choose(ids)
        if self._cameras(ids):
            self.do_wall()
        else:
            self.device_chosen.emit(ids[0])

    @Slot(object)
    def _choose_band(self, extent: Extent) -> None:
        marks = self.canvas.marks
        columns = self._board.profile.camera_columns
        x, y = marks.x[columns.row], marks.y[columns.row]
        inside = (x >= extent.west) & (x <= extent.east) & (y >= extent.south) & (y <= extent.north)
        rows = columns.row[inside].tolist()
        rows.sort(key=lambda row: (-marks.y[row], marks.x[row]))
        self.choose(tuple(self._board.profile.columns.ids[row] for row in rows))

    @Slot(QPointF)
    def _drag(self, at: QPointF) -> None:
        """What was pressed leaves the map: an incident's cameras, all that is chosen, or the one mark's."""
        incident = self._board.state.incidents.get(self.things.incident_at(at))
        if incident is not None:
            ids = incident.camera_ids
        else:
            number = self.canvas.mark_at(at)
            ids = self._cameras(self._ids(number)) if number >= 0 else ()
            chosen = self._cameras(self.chosen)
            if set(ids) <= set(chosen):
                ids = chosen
        if ids:
            drag_cameras(self, ids)

    @Slot(int, QPoint)
    def _hover(self, number: int, at: QPoint) -> None:
        self._dwell.stop()
        self._hovered = number
        if number < 0:
            self.card.put_away()
            self._tell()
            return
        self._show_card(number, at)
        if self.canvas.seen().row[number] >= 0:
            self._dwell.start()

    @Slot(int)
    def _renumbered(self, number: int) -> None:
        self._hovered = number

    def _show_card(self, number: int, at: QPoint) -> None:
        row = int(self.canvas.seen().row[number])
        self.card.show_camera("")
        if row >= 0:
            self.card.show_text(self.texts.device(row), at)
        else:
            level = level_of(self.canvas.now().m_per_px)
            group = int(self.canvas.seen().group[number])
            groups, tally = self.canvas.marks.groups(level), self.canvas.marks.tally(level)
            self.card.show_text(self.texts.cluster(groups.members(group), tally[group]), at)
        self._tell()

    def _show_card_of_row(self, row: int) -> None:
        at = self.canvas.pixel(self._board.profile.devices.place(row).position)
        self.card.show_text(self.texts.device(row), at.toPoint())

    def _card_again(self) -> None:
        number = self._hovered if self._hovered >= 0 else self._focused()
        if 0 <= number < len(self.canvas.seen().row):
            row = int(self.canvas.seen().row[number])
            if row >= 0:
                self.card.show_text(self.texts.device(row), self.card.at)

    @Slot()
    def _second(self) -> None:
        """Values and ages on the card are those of now."""
        if self.card.isVisible() and self.isVisible():
            self._card_again()

    @Slot()
    def _dwelt(self) -> None:
        """The pointer rests on one device: a camera's picture, as soon as the look is on the record."""
        number = self._hovered
        if 0 <= number < len(self.canvas.seen().row):
            row = int(self.canvas.seen().row[number])
            if row >= 0:
                self._show_picture(row)

    def _show_picture(self, row: int) -> None:
        device_id = self._board.profile.columns.ids[row]
        if self.card.has_picture and device_id in self._board.profile.cameras and self.isVisible():
            self.card.show_camera(device_id)

    @Slot(QPointF)
    def _pointed(self, at: QPointF) -> None:
        position = self.canvas.position(at)
        grid = grid_reference(position, self._board.profile.country)
        self.pointer.setText(f" {decimal(position)}{' · ' + grid if grid else ''} ")
        self._place_pointer()
        self.pointer.show()
        if self.drawing.draft is not None:
            self.drawing.move(position)
            return
        incident = self.things.incident_at(at)
        report = self.things.report_at(at) if not incident else None
        if incident or report is not None:
            card = self.texts.report(report) if report is not None else self.texts.incident(incident)
            if card is not None:
                self._dwell.stop()
                self.card.show_camera("")
                self.card.show_text(card, at.toPoint())
                self._hovered = ON_INCIDENT
        elif self._hovered == ON_INCIDENT:
            self._hovered = -1
            self.card.put_away()
        elif self._hovered == -1:
            sketch = self.drawing.sketch_at(at) if self._board.state.sketches else None
            if sketch is not None:
                self.card.show_text(self.texts.sketch(sketch), at.toPoint())
            elif self._focus is None:
                self.card.put_away()

    @Slot()
    def _left(self) -> None:
        self.pointer.hide()
        self.drawing.move(None)
        if self._focus is None:
            self.card.put_away()

    def _place_pointer(self) -> None:
        self.pointer.adjustSize()
        room = self.canvas.rect()
        lift = 24 if self.canvas.sources else 4
        size = self.pointer.size()
        self.pointer.move(room.right() - size.width() - 8, room.bottom() - size.height() - lift)

    def _step(self, by: int) -> None:
        seen = self.canvas.seen()
        inside = [
            at for at in range(len(seen.x))
            if 0 <= seen.x[at] < self.canvas.width() and 0 <= seen.y[at] < self.canvas.height()
        ]  # fmt: skip
        if not inside:
            return
        inside.sort(key=lambda at: (round(seen.y[at] / 60), seen.x[at]))
        now = self._focused()
        number = inside[(inside.index(now) + by) % len(inside)] if now in inside else inside[0]
        self._focus = int(seen.group[number]), int(seen.row[number])
        self._hovered = -1
        self._show_card(number, QPoint(round(seen.x[number]), round(seen.y[number])))
        self.canvas.update()

    @Slot()
    def _drawn(self) -> None:
        self.canvas.setCursor(
            Qt.CursorShape.CrossCursor if self.drawing.draft is not None else Qt.CursorShape.ArrowCursor
        )
        self.canvas.update()

    def hideEvent(self, event: Any) -> None:
        super().hideEvent(event)
        self._dwell.stop()
        self.card.put_away()
