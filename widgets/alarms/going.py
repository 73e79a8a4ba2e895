"""From an alarm to where it can be seen: cameras, map, chart, incident. Features meet by signals."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QWidget

from console.desk.alarmbook import AlarmBook
from console.model.alarm import Alarm
from console.profile import nearest_cameras
from widgets.kit.actions import Actions

CAMERAS = 4
KEYS = {"cameras": "V", "map": "M", "chart": "H", "controls": "D", "incident": "I"}


class Going(QObject):
    """Acts about one alarm: alarms.cameras (V), map (M), chart (H), controls (D), incident (I).

    Signals:
        cameras_wanted(tuple): show these on the wall.
        device_wanted(str, object): show this device ("" where it is none) and position on the map.
        chart_wanted(str, object): chart this point, around this moment (ns).
        controls_wanted(str): show what can be ordered of this device.
        incident_wanted(str): select this incident in the queue.
        refused(str): there is nowhere to go; the end of a catalogue's key says why.
    """

    cameras_wanted = Signal(object)
    device_wanted = Signal(str, object)
    chart_wanted = Signal(str, object)
    controls_wanted = Signal(str)
    incident_wanted = Signal(str)
    refused = Signal(str)

    def __init__(
        self, book: AlarmBook, actions: Actions, chosen: Callable[[], Alarm | None], owner: QWidget
    ) -> None:
        """`chosen` is the alarm that is told beside the list."""
        super().__init__(owner)
        self._book, self._chosen = book, chosen
        handlers = {
            "cameras": self.cameras, "map": self.map, "chart": self.chart, "controls": self.controls,
            "incident": self.incident,
        }  # fmt: skip
        for name, key in KEYS.items():
            actions.add(
                f"alarms.{name}", f"alarms.act.{name}", key, handlers[name], owner=owner,
                group="alarms.title", only_focused=True,
            )  # fmt: skip

    @Slot()
    def cameras(self) -> None:
        """Its incident's cameras, else the nearest that give a picture."""
        alarm = self._chosen()
        if alarm is None:
            return
        board = self._book.board
        incident = board.state.incidents.get(alarm.incident_id)
        ids = incident.camera_ids[:CAMERAS] if incident is not None else ()
        ids = ids or nearest_cameras(board.profile, alarm.place.position, CAMERAS, self._gives_a_picture)
        if ids:
            self.cameras_wanted.emit(ids)
        else:
            self.refused.emit("no_camera")

    def _gives_a_picture(self, camera_id: str) -> bool:
        known = self._book.board.state.devices.get(camera_id)
        return known is None or known.condition in ("up", "degraded")

    @Slot()
    def map(self) -> None:
        """Its place."""
        alarm = self._chosen()
        if alarm is not None:
            self.device_wanted.emit(alarm.device_id, alarm.place.position)

    @Slot()
    def chart(self) -> None:
        """Its point's curve."""
        alarm = self._chosen()
        if alarm is not None and alarm.point_index >= 0:
            point = self._book.board.profile.points[alarm.point_index]
            self.chart_wanted.emit(point.id, alarm.raised_at_ns or alarm.changed_at_ns)
        elif alarm is not None:
            self.refused.emit("no_point")

    @Slot()
    def controls(self) -> None:
        """What can be ordered of its device."""
        alarm = self._chosen()
        if alarm is None:
            return
        profile = self._book.board.profile
        device = profile.devices.get(alarm.device_id)
        if device is None:
            self.refused.emit("no_device")
        elif not profile.controls_of_kind.get(device.kind):
            self.refused.emit("no_controls")
        else:
            self.controls_wanted.emit(alarm.device_id)

    @Slot()
    def incident(self) -> None:
        """The incident that holds it."""
        alarm = self._chosen()
        if alarm is not None and alarm.incident_id:
            self.incident_wanted.emit(alarm.incident_id)
        elif alarm is not None:
            self.refused.emit("no_incident")
