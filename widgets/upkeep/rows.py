"""Which devices the list of upkeep shows, and in which order. Qt-free.

A row is a device's number in the profile. What is wrong is few and read from the state; all devices are found
by words, which are folded in slices, because the names of a whole city take a fifth of a second to make.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from console.model.citystate import CityState
from console.model.upkeep import Ticket
from console.profile import Profile

View = Literal["trouble", "repairs", "out", "all"]
Standing = Literal["down", "degraded", "out", "up"]
VIEWS: tuple[View, ...] = ("trouble", "repairs", "out", "all")
_RANK: dict[Standing, int] = {"down": 0, "degraded": 1, "out": 2, "up": 3}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the bar says; empty fields do not restrict."""

    view: View = "trouble"
    system: str = ""
    district: str = ""
    contractor: str = ""
    text: str = ""


def standing_of(state: CityState, device_id: str) -> tuple[Standing, int]:
    """How a device stands and since when (ns, 0 for one that is up). Out of service comes first."""
    out = state.out_of_service.get(device_id)
    if out is not None:
        return "out", out.since_ns
    known = state.devices.get(device_id)
    if known is None or known.condition == "up":
        return "up", 0
    return ("down" if known.condition == "down" else "degraded"), known.since_ns


def tickets_by_device(state: CityState) -> dict[str, Ticket]:
    """The repairs under way, by device."""
    return {one: ticket for ticket in state.tickets.values() if ticket.is_open for one in ticket.device_ids}


class FoldedWords:
    """What each device can be found by, in both languages, folded for comparison."""

    def __init__(self, profile: Profile) -> None:
        self._profile = profile
        self._words: list[str] = []

    @property
    def ready(self) -> bool:
        return len(self._words) == len(self._profile.columns.ids)

    def work(self, devices: int) -> None:
        """Make the words of so many more devices."""
        start = len(self._words)
        stop = min(start + devices, len(self._profile.columns.ids))
        for row in range(start, stop):
            self._words.append(self._of(row))

    def has(self, row: int, words: tuple[str, ...]) -> bool:
        """Whether a device has all these words; made at once where its own are not there yet."""
        own = self._words[row] if row < len(self._words) else self._of(row)
        return all(word in own for word in words)

    def _of(self, row: int) -> str:
        device = self._profile.devices.at(row)
        kind = self._profile.kinds[device.kind].name
        place = device.place
        told = [device.id, device.name.en, device.name.ko, place.name.en, place.name.ko, kind.en, kind.ko]
        if place.address is not None:
            told += [place.address.en, place.address.ko]
        return " ".join(told).casefold()


def rows_for(profile: Profile, state: CityState, wanted: Wanted, folded: FoldedWords) -> list[int]:
    """The rows that are wanted: what is down first, then degraded, out, up; longest first; then by number."""
    row_of, columns = profile.columns.row_of, profile.columns
    if wanted.view == "all":
        rows = list(range(len(columns.ids)))
    else:
        if wanted.view == "trouble":
            ids = {one for one in state.devices if one not in state.out_of_service}
        elif wanted.view == "out":
            ids = set(state.out_of_service)
        else:
            ids = set(tickets_by_device(state))
        rows = sorted(row_of[one] for one in ids if one in row_of)
    if wanted.system:
        kinds = {number for number, name in enumerate(columns.kind_system) if name == wanted.system}
        rows = [row for row in rows if int(columns.kind[row]) in kinds]
    if wanted.district:
        number = columns.districts.index(wanted.district)
        rows = [row for row in rows if int(columns.district[row]) == number]
    if wanted.contractor:
        keeper = list(profile.contractors).index(wanted.contractor)
        rows = [row for row in rows if int(profile.keepers[row]) == keeper]
    words = tuple(wanted.text.casefold().split())
    if words:
        rows = [row for row in rows if folded.has(row, words)]
    if wanted.view == "all":
        return rows  # in the order of the register: who reads all of them looks for one
    ids_of = columns.ids

    def order(row: int) -> tuple[int, int, int]:
        standing, since_ns = standing_of(state, ids_of[row])
        return _RANK[standing], since_ns, row

    return sorted(rows, key=order)
