"""Who keeps a city's devices in repair."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
import numpy.typing as npt

from console.model.base import Record, Words
from console.profile.columns import DeviceColumns
from console.profile.problems import Problems
from console.profile.tables import CityFile


class Contractor(Record, frozen=True, kw_only=True):
    """A firm or an office that repairs. `phone` is what an operator dials, "" where none is told."""

    id: str
    name: Words
    phone: str = ""


def contractors_of(city: CityFile) -> dict[str, Contractor]:
    """In the order of the city's file."""
    return {one.id: Contractor(id=one.id, name=one.name, phone=one.phone) for one in city.contractors}


def keeper_of_rows(city: CityFile, columns: DeviceColumns) -> npt.NDArray[np.int16]:
    """By device row: the number of its contractor in the file, -1 for none. The first that fits keeps it."""
    systems = list(dict.fromkeys(columns.kind_system))
    keeper = np.full(len(columns.ids), -1, np.int16)
    system = np.array([systems.index(one) for one in columns.kind_system])[columns.kind]
    for number, one in enumerate(city.contractors):
        theirs = np.isin(system, [systems.index(name) for name in one.systems if name in systems])
        if one.districts:
            wanted = [columns.districts.index(name) for name in one.districts if name in columns.districts]
            theirs &= np.isin(columns.district, wanted)
        keeper[theirs & (keeper < 0)] = number
    return keeper


def check_contractors(city: CityFile, systems: Collection[str], file: str, problems: Problems) -> None:
    """Every system and district a contractor names must be the city's."""
    districts = {one.id for one in city.districts}
    seen: set[str] = set()
    for number, one in enumerate(city.contractors):
        table = f"contractors[{number}] ({one.id})"
        if one.id in seen:
            problems.add(file, table, "id", "each only once", one.id)
        seen.add(one.id)
        for name in one.systems:
            if name not in systems:
                problems.add(file, table, "systems", "systems of this city", name)
        for name in one.districts:
            if name not in districts:
                problems.add(file, table, "districts", "districts of this city", name)
