"""What a filter asks of each case, as columns by slot: a filter is a few comparisons of whole columns."""

from __future__ import annotations

from array import array
from typing import Literal

import numpy as np
import numpy.typing as npt

from console.model.casework import Case

Facet = Literal["owner", "type", "stage"]
Mask = npt.NDArray[np.bool_]


class CaseColumns:
    """Slots are numbers from 0, given elsewhere; `put` takes them in any order. One thread."""

    def __init__(self) -> None:
        self._numbers: dict[Facet, dict[str, int]] = {"owner": {}, "type": {}, "stage": {}}
        """By facet: the number of each value, from 1; 0 is said of what is not there."""
        self._owner, self._type, self._stage = array("i"), array("i"), array("i")
        self._urgent, self._part = bytearray(), bytearray()

    def put(self, slot: int, case: Case) -> None:
        """The case at this slot is so now."""
        while slot >= len(self._owner):
            for column in (self._owner, self._type, self._stage):
                column.append(0)
            self._urgent.append(0)
            self._part.append(0)
        owners, types, stages = self._numbers.values()
        self._owner[slot] = owners.get(case.owner) or owners.setdefault(case.owner, len(owners) + 1)
        self._type[slot] = types.get(case.type) or types.setdefault(case.type, len(types) + 1)
        self._stage[slot] = stages.get(case.stage) or stages.setdefault(case.stage, len(stages) + 1)
        self._urgent[slot] = is_urgent(case)

    def drop(self, slot: int) -> None:
        """There is none at this slot any more."""
        if slot < len(self._owner):
            self._owner[slot] = self._type[slot] = self._stage[slot] = 0
            self._urgent[slot] = self._part[slot] = 0

    def put_part(self, slot: int, part: bool) -> None:
        """Whether it stands below a whole."""
        self._part[slot] = part

    def where(self, facet: Facet, value: str) -> Mask:
        """Which have this value, by slot."""
        column = {"owner": self._owner, "type": self._type, "stage": self._stage}[facet]
        found: Mask = np.array(column, dtype=np.int32) == self._numbers[facet].get(value, -1)
        return found

    def urgent(self) -> Mask:
        """Which are urgent and seen by nobody, by slot."""
        return np.array(self._urgent, dtype=np.bool_)

    def parts(self) -> Mask:
        """Which stand below a whole, by slot."""
        return np.array(self._part, dtype=np.bool_)


def is_urgent(case: Case) -> bool:
    """Of priority 1, and nobody has acknowledged it: never filtered away."""
    return case.stage == "new" and case.priority == 1 and case.is_worked
