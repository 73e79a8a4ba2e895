"""What a row of the city's alarms is called, where it is, how urgent, and whom it concerns."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from console.model.base import Place, Position, Words
from console.model.device import Device, Limit
from console.profile import Profile
from console.rules.alarm.city import CityAlarms, Of, Row
from console.rules.city import Phrase

REMEMBERED = 4096
"""Rows whose records are kept: the same alarms come again."""


@dataclass(frozen=True, slots=True)
class About:
    """What the log says of an alarm besides its moves. `limit` is None for what is no limit; `device` for
    what is about more than one. `incident_type` is what opens with it, empty for none."""

    of: Of
    priority: int
    place: Place
    text: Words
    group: str
    system: str = ""
    limit: Limit | None = None
    point_index: int = -1
    device: Device | None = None
    device_ids: tuple[str, ...] = ()
    incident_type: str = ""


class Named(Protocol):
    """Names rows: `AlarmNames`, and what a test puts in its place."""

    def about(self, row: int) -> About:
        """Raises IndexError for a row that is not there."""
        ...


class AlarmNames:
    """Names the rows of one profile. Records are made when asked for. One thread."""

    def __init__(self, profile: Profile, alarms: CityAlarms, phrase: Phrase) -> None:
        self._profile, self._alarms, self._phrase = profile, alarms, phrase
        self._known: OrderedDict[int, About] = OrderedDict()
        self._type_of_line = {
            one.device_kind: one.incident_type for one in profile.groups if one.condition == "down"
        }

    def about(self, row: int) -> About:
        """What the row is about."""
        known = self._known.get(row)
        if known is None:
            known = self._known[row] = self._about(row)
            if len(self._known) > REMEMBERED:
                self._known.popitem(last=False)
        return known

    def _about(self, row: int) -> About:
        told = self._alarms.what(row)
        priority = int(self._alarms.bank.columns.priority[row])
        if told.of == Of.LIMIT:
            return self._limit(told, priority)
        if told.of == Of.DEVICE:
            device = self._profile.devices.at(told.number)
            text = self._phrase("reason.silent", en=(device.name.en,), ko=(device.name.ko,))
            return About(
                of=told.of, priority=priority, place=device.place, text=text, group=_group(device),
                system=device.system, point_index=told.point_index, device=device, device_ids=(device.id,),
            )  # fmt: skip
        if told.of == Of.LINE:
            return self._line(told, priority)
        return self._gateway(told, priority)

    def _limit(self, told: Row, priority: int) -> About:
        limit = self._profile.limits[told.number]
        device = self._profile.devices[self._profile.points[limit.point_index].device_id]
        return About(
            of=told.of, priority=priority, place=device.place, text=limit.text, group=_group(device),
            system=device.system, limit=limit, point_index=limit.point_index, device=device,
            device_ids=(device.id,), incident_type=limit.incident_type,
        )  # fmt: skip

    def _line(self, told: Row, priority: int) -> About:
        """A line is where its first device is; its devices are all that share it."""
        columns = self._profile.columns
        rows = np.flatnonzero(columns.circuit == told.number)
        circuit, first = columns.circuits[told.number], self._profile.devices.at(int(rows[0]))
        count = str(len(rows))
        return About(
            of=told.of, priority=priority, place=first.place,
            text=self._phrase("reason.dead_line", en=(circuit, count), ko=(circuit, count)), group=circuit,
            system=first.system, device_ids=tuple(columns.ids[row] for row in rows.tolist()),
            incident_type=self._type_of_line.get(first.kind, ""),
        )  # fmt: skip

    def _gateway(self, told: Row, priority: int) -> About:
        bounds = self._profile.bounds
        middle = Position(lat=(bounds.south + bounds.north) / 2, lon=(bounds.west + bounds.east) / 2)
        return About(
            of=told.of, priority=priority, place=Place(name=self._profile.name, position=middle),
            text=self._phrase("reason.dead_gateway", en=(told.name,), ko=(told.name,)),
            group=told.name,
        )  # fmt: skip


def _group(device: Device) -> str:
    return device.circuit or device.id
