"""Orders about walls, modes and masks."""

from __future__ import annotations

from console.model.commands.base import Command
from console.model.footage import MaskZone
from console.model.layout import WallLayout


class SaveLayout(Command, frozen=True, kw_only=True, tag="save_layout"):
    """Make or change a wall layout for all desks."""

    layout: WallLayout


class DeleteLayout(Command, frozen=True, kw_only=True, tag="delete_layout"):
    """Take a wall layout away."""

    layout_id: str


class SetCityMode(Command, frozen=True, kw_only=True, tag="set_city_mode"):
    """Put the city into a mode of its profile (night, flood, festival); empty is the normal one."""

    mode: str


class SetMasks(Command, frozen=True, kw_only=True, tag="set_masks"):
    """Hide these parts of a camera's picture. Taking one away or changing one needs a supervisor's desk."""

    camera_id: str
    zones: tuple[MaskZone, ...]
    reason: str


class LiftMasks(Command, frozen=True, kw_only=True, tag="lift_masks"):
    """See a camera without masks on this desk for `for_s` (0: hide again). Needs a supervisor's desk."""

    camera_id: str
    for_s: int
    reason: str
