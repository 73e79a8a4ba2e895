"""The devices of a city that can be ordered something, as rows that can be searched; values in words."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from console.language import Catalogue
from console.model.base import Position
from console.model.control import AUTOMATIC, Control, ControlStanding, standing_key
from console.profile import Profile
from console.profile.nearest import devices_near
from widgets.kit.moments import number, unit

if TYPE_CHECKING:
    from console.desk.board import Board

MOST_DEVICES = 400
"""What the hub takes in one order (seeds/rules/controls.toml)."""


@dataclass(frozen=True, slots=True)
class Row:
    """One device. `words` is everything that can be searched, in both languages, folded for comparison."""

    id: str
    kind: str
    name: str
    words: str


def rows_of(profile: Profile, catalogue: Catalogue) -> list[Row]:
    """Every device with a control, in the present language, in the order of the city's file."""
    found = []
    for kind, controls in profile.controls_of_kind.items():
        if not controls:
            continue
        info = profile.kinds[kind]
        told = " ".join(
            f"{profile.controls[one].name.en} {profile.controls[one].name.ko}" for one in controls
        )
        for row in profile.columns.of_kind(kind):
            device = profile.devices.at(int(row))
            words = [device.id, device.name.en, device.name.ko, device.place.name.en, device.place.name.ko]
            words += [info.name.en, info.name.ko, told]
            found.append(Row(device.id, kind, catalogue.words(device.name), " ".join(words).casefold()))
    return found


def matching(rows: list[Row], text: str) -> list[Row]:
    """Rows with all these words."""
    words = text.casefold().split()
    return [row for row in rows if all(word in row.words for word in words)] if words else rows


def controls_for(profile: Profile, device_ids: tuple[str, ...]) -> tuple[Control, ...]:
    """The controls all of these devices have."""
    kinds = {profile.columns.kinds[profile.columns.kind[profile.columns.row_of[one]]] for one in device_ids}
    lists = [profile.controls_of_kind.get(kind, ()) for kind in kinds]
    shared = [one for one in lists[0] if all(one in other for other in lists)] if lists else []
    return tuple(profile.controls[one] for one in shared)


def around(board: Board, control: Control, position: Position, within_m: float) -> tuple[str, ...]:
    """Devices of a control near a place that can be asked now, the nearest first."""
    near = devices_near(board.profile, control.kinds, position, within_m)
    usable = [one for one in near if (known := board.state.devices.get(one)) is None
              or known.condition not in ("down", "out_of_service")]  # fmt: skip
    return tuple(usable[:MOST_DEVICES])


def value_words(control: Control, value: str, catalogue: Catalogue) -> str:
    """An ordered value as it is said."""
    if value == AUTOMATIC:
        return catalogue.say("controls.automatic")
    for choice in control.choices:
        if choice.id == value:
            return catalogue.words(choice.name)
    if control.range is not None:
        return f"{value} {unit(control.range.unit, catalogue)}"
    return "“" + value.replace("\n", " / ") + "”"


def measured(board: Board, control: Control, device_id: str) -> tuple[float, int, str]:
    """(value, taken at ns, unit) of the point that shows a control's effect; NaN where there is none."""
    if control.effect is None:
        return math.nan, 0, ""
    index = board.profile.points.index_of(f"{device_id}/{control.effect.quantity}")
    if index is None:
        return math.nan, 0, ""
    return float(board.values[index]), int(board.taken_at_ns[index]), board.profile.points[index].unit


def measured_words(board: Board, control: Control, device_id: str, catalogue: Catalogue) -> str:
    """What the device measures now: by a choice's name where one fits, else the number with its unit."""
    value, _, of_unit = measured(board, control, device_id)
    if not math.isfinite(value):
        return catalogue.say("controls.not_measured")
    if of_unit == "state":
        for choice in control.choices:
            if choice.effect is not None and choice.effect[0] <= value <= choice.effect[1]:
                return catalogue.say("controls.is", value=catalogue.words(choice.name))
        return catalogue.say("controls.on" if value >= 0.5 else "controls.off")
    return f"{number(value)} {unit(of_unit, catalogue)}"


def last_order(board: Board, control: Control, device_id: str) -> ControlStanding | None:
    """The last order of this control at the device."""
    return board.state.controls.get(standing_key(device_id, control.id))
