"""The devices of a city while they are being collected: who is there, in which numbers, what is taken."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from console.model.base import Words
from console.profile.columns import KindPlan
from console.profile.ground import Floats, Ints
from console.profile.problems import Problems
from console.profile.tables import CityFile
from console.profile.town import Town


@dataclass(slots=True)
class Views:
    """Where some cameras look and what for; all of one length."""

    direction_deg: Floats
    fov_deg: Floats
    reach_m: Floats
    purposes: list[str]
    scenes: list[str]


@dataclass(slots=True)
class Part:
    """Some devices of one kind, on their way into the columns. All arrays and lists of one length."""

    ids: list[str]
    kind: int
    x: Floats
    y: Floats
    place_kind: int
    one: Ints
    other: Ints
    circuits: list[str]
    views: Views | None = None


@dataclass(slots=True)
class Roster:
    """What all who add devices share. One load, one thread."""

    city: CityFile
    file: str
    town: Town
    plans: tuple[KindPlan, ...]
    purposes: dict[str, Words]
    scenes: frozenset[str]
    problems: Problems
    parts: list[Part] = field(default_factory=list)
    explicit_places: list[tuple[Words, Words | None]] = field(default_factory=list)
    names: dict[int, Words] = field(default_factory=dict)
    """Own names by device row."""
    levels: dict[tuple[int, int], tuple[float, float]] = field(default_factory=dict)
    """Own (set, clear) by (device row, position among the kind's limits)."""
    singles: dict[tuple[str, str], int] = field(default_factory=dict)
    """How many devices of (kind, purpose) were listed singly; a fleet's count includes them."""
    rows: int = 0
    _positions: list[tuple[Floats, Floats, str, str]] = field(default_factory=list)
    _taken: set[str] = field(default_factory=set)
    _kinds: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._kinds = {plan.table.id: index for index, plan in enumerate(self.plans)}

    def kind(self, kind: str, table: str) -> int | None:
        """Index of the kind; None with a problem noted for one no system of the city has."""
        index = self._kinds.get(kind)
        if index is None:
            self.problems.add(self.file, table, "kind", "a kind of one of the city's systems", kind)
        return index

    def take(self, device_id: str, table: str) -> bool:
        """Reserve an id; False with a problem noted when it is taken."""
        if device_id in self._taken:
            self.problems.add(self.file, table, "id", "an id no other device has", device_id)
            return False
        self._taken.add(device_id)
        return True

    def numbered(self, prefix: str, count: int) -> list[str]:
        """The next `count` numbers of a prefix that no device has yet; they are reserved."""
        ids: list[str] = []
        number = 0
        while len(ids) < count:
            number += 1
            one = f"{prefix}-{number:04d}"
            if one not in self._taken:
                ids.append(one)
        self._taken.update(ids)
        return ids

    def of_kind(self, kind: str) -> list[Part]:
        """What was put so far of one kind."""
        return [part for part in self.parts if self.plans[part.kind].table.id == kind]

    def view_words(self, purpose: str, scenes: set[str], table: str) -> bool:
        """Whether a camera's purpose and scenes are known; notes a problem where not."""
        good = True
        if purpose not in self.purposes:
            known = ", ".join(self.purposes)
            self.problems.add(self.file, table, "purpose", f"one of {known}", purpose)
            good = False
        if not scenes or not scenes <= self.scenes:
            known, wrong = ", ".join(sorted(self.scenes)), sorted(scenes - self.scenes)
            self.problems.add(self.file, table, "scene", f"of {known}", wrong)
            good = False
        return good

    def must_lie_in_a_district(self, x: Floats, y: Floats, table: str, key: str) -> None:
        """Have these points checked, when all are there, by `check_positions`."""
        self._positions.append((x, y, table, key))

    def check_positions(self) -> None:
        """Note a problem for each of the points that lies in no district; all at once, as that is fast."""
        if not self._positions:
            return
        x, y = (np.concatenate([one[axis] for one in self._positions]) for axis in (0, 1))
        owner = np.repeat(np.arange(len(self._positions)), [len(one[0]) for one in self._positions])
        lat, lon = self.town.plane.to_degrees(x, y)
        outside = np.flatnonzero(self.town.district_of(*self.town.plane.to_xy(lat, lon)) < 0)
        for which in np.unique(owner[outside], return_index=True)[1]:
            row = outside[which]
            _, _, table, key = self._positions[owner[row]]
            at = [round(float(lat[row]), 5), round(float(lon[row]), 5)]
            self.problems.add(self.file, table, key, "a position inside a district's outline", at)

    def count_single(self, kind: str, purpose: str, count: int) -> None:
        self.singles[(kind, purpose)] = self.singles.get((kind, purpose), 0) + count

    def put(self, part: Part) -> None:
        self.rows += len(part.ids)
        self.parts.append(part)
