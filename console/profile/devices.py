"""Devices and cameras by id: mappings that make the record when it is asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from console.model.base import Place, Position, Words
from console.model.device import Camera, Device
from console.profile.columns import CameraColumns, DeviceColumns, KindPlan, PlaceBook
from console.profile.places import address_words, place_words
from console.profile.placing import EXPLICIT


class Devices(Mapping[str, Device]):
    """All devices of the city by id, in the order of the files. Any thread.

    Two look-ups of one id give equal records, not the same object; keep the one you got.
    """

    def __init__(
        self,
        columns: DeviceColumns,
        cameras: CameraColumns,
        plans: tuple[KindPlan, ...],
        book: PlaceBook,
        owners: dict[str, str],
        names: dict[int, Words],
        purpose_names: dict[str, Words],
    ) -> None:
        self._columns, self._cameras, self._plans, self._book = columns, cameras, plans, book
        self._owners, self._names, self._purpose_names = owners, names, purpose_names

    def __len__(self) -> int:
        return len(self._columns.ids)

    def __iter__(self) -> Iterator[str]:
        return iter(self._columns.ids)

    def __contains__(self, device_id: object) -> bool:
        return device_id in self._columns.row_of

    def __getitem__(self, device_id: str) -> Device:
        return self.at(self._columns.row_of[device_id])

    def at(self, row: int) -> Device:
        """The device of a row of the columns. Raises IndexError outside them."""
        columns = self._columns
        plan = self._plans[columns.kind[row]]
        return Device(
            id=columns.ids[row], kind=plan.table.id, system=plan.system, owner=self._owners[plan.system],
            name=self._name(row, plan), place=self.place(row), circuit=columns.circuits[columns.circuit[row]],
        )  # fmt: skip

    def place(self, row: int) -> Place:
        """Where the device of a row stands."""
        columns = self._columns
        district = int(columns.district[row])
        code = int(columns.place_kind[row]), int(columns.place_one[row]), int(columns.place_other[row])
        return Place(
            name=place_words(self._book, *code),
            position=Position(lat=float(columns.lat[row]), lon=float(columns.lon[row])),
            district=columns.districts[district],
            address=address_words(self._book, *code, district),
        )

    def _name(self, row: int, plan: KindPlan) -> Words:
        told = self._names.get(row)
        if told is not None:
            return told
        columns = self._columns
        kind = plan.table.name
        camera = int(self._cameras.of_device[row])
        if camera >= 0:
            purpose = self._purpose_names[self._cameras.purposes[self._cameras.purpose[camera]]]
            kind = Words(en=f"{purpose.en} camera", ko=f"{purpose.ko} 카메라")
        if columns.place_kind[row] == EXPLICIT:
            place = self._book.explicit[columns.place_one[row]][0]
            return Words(en=f"{place.en}: {kind.en}", ko=f"{place.ko} {kind.ko}")
        number = columns.ids[row].rpartition("-")[2].lstrip("0")
        return Words(en=f"{kind.en} {number}", ko=f"{kind.ko} {number}")


class Cameras(Mapping[str, Camera]):
    """Every camera by its device's id, in the order of the devices. Any thread."""

    def __init__(self, columns: CameraColumns, devices: DeviceColumns) -> None:
        self._columns, self._devices = columns, devices

    def __len__(self) -> int:
        return len(self._columns.row)

    def __iter__(self) -> Iterator[str]:
        ids = self._devices.ids
        return (ids[row] for row in self._columns.row)

    def __contains__(self, device_id: object) -> bool:
        row = self._devices.row_of.get(device_id) if isinstance(device_id, str) else None
        return row is not None and self._columns.of_device[row] >= 0

    def __getitem__(self, device_id: str) -> Camera:
        camera = int(self._columns.of_device[self._devices.row_of[device_id]])
        if camera < 0:
            raise KeyError(device_id)
        return self.at(camera)

    def at(self, camera: int) -> Camera:
        """The camera of a row of the camera columns. Raises IndexError outside them."""
        columns = self._columns
        return Camera(
            device_id=self._devices.ids[columns.row[camera]],
            direction_deg=float(columns.direction_deg[camera]), fov_deg=float(columns.fov_deg[camera]),
            reach_m=float(columns.reach_m[camera]), purpose=columns.purposes[columns.purpose[camera]],
            scene=columns.scenes[columns.scene[camera]],
        )  # fmt: skip
