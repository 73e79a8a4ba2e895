"""What each city system has, and what happened in it: counted from the record's entries."""

from __future__ import annotations

from collections.abc import Iterable

from console.model import events as ev
from console.model.base import Record, Words
from console.profile import Profile

_CITIZENS, _WEATHER, _UPKEEP, _MAP, _MODES, _LINK = (
    "reports", "weather", "upkeep", "citymap", "event_mode", "police_link",
)  # fmt: skip
"""Systems whose facts come without a device of their own."""


class SystemCount(Record, frozen=True, kw_only=True):
    """One row of the list of city systems. `alarms_raised` counts each time one was put before a person as
    new, `alarms_cleared` each time its condition ended; `facts` what else sources and persons said in it.
    """

    row: int
    id: str
    name: Words
    devices: int
    points: int
    signals: int = 0
    faults: int = 0
    alarms_raised: int = 0
    alarms_cleared: int = 0
    alarms_suppressed: int = 0
    incidents: int = 0
    controls_ordered: int = 0
    controls_answered: int = 0
    facts: int = 0


class SystemCounter:
    """Counts entries in the order of the record. One thread."""

    def __init__(self, profile: Profile) -> None:
        self._profile = profile
        columns = profile.columns
        self._devices = dict.fromkeys(profile.systems, 0)
        self._points = dict.fromkeys(profile.systems, 0)
        self._lines: dict[str, str] = {}
        for row, kind in enumerate(columns.kind.tolist()):
            system = columns.kind_system[kind]
            self._devices[system] += 1
            circuit = columns.circuits[columns.circuit[row]]
            if circuit:
                self._lines.setdefault(circuit, system)
        for row in profile.points.device_rows().tolist():
            self._points[columns.kind_system[columns.kind[row]]] += 1
        self._counts: dict[str, dict[str, int]] = {one: {} for one in profile.systems}
        self._orders: dict[str, str] = {}

    def take(self, entries: Iterable[ev.Entry]) -> None:
        """Count these too."""
        for entry in entries:
            self._take(entry.event)

    def rows(self) -> list[SystemCount]:
        """Every system of the city, by its number."""
        found = [
            SystemCount(
                row=info.row, id=info.id, name=info.name, devices=self._devices[info.id],
                points=self._points[info.id], **self._counts[info.id],
            )
            for info in self._profile.systems.values()
        ]  # fmt: skip
        return sorted(found, key=lambda one: (one.row, one.id))

    def _take(self, event: ev.AnyEvent) -> None:
        match event:
            case ev.SignalReceived(signal=signal):
                self._add("signals", self._of(signal.device_id) or self._of_signal(signal.type))
            case ev.DeviceConditionChanged(device_id=device_id, condition=condition):
                self._add("faults" if condition != "up" else "facts", self._of(device_id))
            case ev.AlarmMoved():
                self._alarm(event)
            case ev.AlarmRaised(device_id=device_id):
                self._add("alarms_raised", self._of(device_id))
            case (
                ev.IncidentOpened(device_ids=device_ids, alarm_id=alarm_id, type=type_id)
                | ev.CaseOpened(device_ids=device_ids, alarm_id=alarm_id, type=type_id)
            ):
                of = self._of(device_ids[0]) if device_ids else self._of_alarm(alarm_id)
                self._add("incidents", of or self._of_type(type_id))
            case ev.ControlOrdered(order_id=order_id, device_ids=device_ids):
                self._orders[order_id] = self._of(device_ids[0]) if device_ids else ""
                self._add("controls_ordered", self._orders[order_id])
            case ev.ControlAnswered(order_id=order_id):
                self._add("controls_answered", self._orders.get(order_id, ""))
            case _:
                self._add("facts", _system_of_kind(ev.kind_of(event)))

    def _alarm(self, event: ev.AlarmMoved) -> None:
        of = self._of(event.device_id) or self._of_alarm(event.alarm_id)
        if event.after == "B" != event.before:
            self._add("alarms_raised", of)
        if event.stimulus == "ended" and event.before in "BC":
            self._add("alarms_cleared", of)
        if event.stimulus == "suppress":
            self._add("alarms_suppressed", of)

    def _add(self, what: str, system: str) -> None:
        if system in self._counts:
            counts = self._counts[system]
            counts[what] = counts.get(what, 0) + 1

    def _of(self, device_id: str) -> str:
        device = self._profile.devices.get(device_id)
        return device.system if device is not None else ""

    def _of_alarm(self, alarm_id: str) -> str:
        """Of a device's, a line's or a gateway's alarm."""
        name = alarm_id.split("/", 1)[0]
        return self._of(name) or self._lines.get(name, "")

    def _of_signal(self, signal_type: str) -> str:
        return self._of_type(self._profile.type_of_signal.get(signal_type, ""))

    def _of_type(self, type_id: str) -> str:
        """The one system whose devices' limits or conditions open incidents of this type, "" for several."""
        found = {
            self._profile.kinds[kind].system
            for (kind, _), opened in self._profile.type_of_condition.items() if opened == type_id
        }
        return found.pop() if len(found) == 1 else ""


def _system_of_kind(kind: str) -> str:
    """The system a fact without a device belongs to, by what it is about."""
    subject = kind.partition(".")[0]
    return {
        "report": _CITIZENS, "warning": _WEATHER, "ticket": _UPKEEP, "device": _UPKEEP, "sketch": _MAP,
        "city": _MODES, "layout": _MODES, "partner": _LINK, "handoff": _LINK,
    }.get(subject, "")  # fmt: skip
