"""How simulated devices follow orders, as data: how soon they answer, which points move, how they fail."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

import msgspec

from console.model.base import Record, Words
from console.model.control import Control
from console.paths import shipped

FailureMode = Literal["silent", "local", "slow", "stuck", "twice", "garbage"]
"""silent: never answers, does nothing. local: refuses, its switch is on local. slow: answers after its time,
and does it. stuck: says done and does nothing. twice: answers twice. garbage: its answer cannot be read."""

EVERY = "*"
"""In `by_choice`: for every value but "auto"."""


class Move(Record, frozen=True, kw_only=True):
    """One point that changes: to a number, or to a share (`times`) of what it would be without the order."""

    quantity: str
    of: str = ""
    by_choice: Mapping[str, float] = msgspec.field(default_factory=dict)
    scale: float = 1.0
    offset: float = 0.0
    times: float | None = None
    over_s: float = 0.0
    step: float = 0.0
    """Rounds what is measured on the way (a contact is open or closed)."""

    def target(self, value: str) -> float | None:
        """The number a value is ordered to; None for a value this point does not follow."""
        if self.by_choice:
            return self.by_choice.get(value, self.by_choice.get(EVERY))
        try:
            return float(value) * self.scale + self.offset
        except ValueError:
            return None


class Behaviour(Record, frozen=True, kw_only=True):
    """How devices follow one control."""

    answer_s: tuple[float, float]
    says: Words
    moves: tuple[Move, ...] = ()


class _File(Record, frozen=True, kw_only=True):
    control: dict[str, Behaviour]


class BehaviourError(Exception):
    """The file is wrong, or lacks a control of the profile."""


def load_behaviours(controls: Mapping[str, Control], path: Path | None = None) -> dict[str, Behaviour]:
    """How each control is followed. Raises BehaviourError naming the file and the key."""
    path = path or shipped("seeds") / "scenarios" / "devices.toml"
    try:
        found = msgspec.toml.decode(path.read_bytes(), type=_File).control
    except (OSError, msgspec.DecodeError) as error:
        raise BehaviourError(f"{path.name}: {error}") from None
    for control in controls.values():
        behaviour = found.get(control.id)
        if behaviour is None:
            raise BehaviourError(f"{path.name}: control {control.id!r} of the profile is not described")
        if not 0 <= behaviour.answer_s[0] <= behaviour.answer_s[1] < control.answer_s:
            raise BehaviourError(
                f"{path.name}: control {control.id!r}: answer_s: expected within 0 .. {control.answer_s:g}"
            )
    return found
