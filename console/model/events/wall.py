"""Walls, modes of the city, masks."""

from __future__ import annotations

from console.model.events.base import Event
from console.model.footage import MaskZone
from console.model.layout import WallLayout


class LayoutSaved(Event, frozen=True, kw_only=True, tag="layout.saved"):
    """A wall layout was made or changed for all desks."""

    desk: str
    person: str
    layout: WallLayout


class LayoutDeleted(Event, frozen=True, kw_only=True, tag="layout.deleted"):
    """A wall layout was taken away."""

    desk: str
    person: str
    layout_id: str


class CityModeChanged(Event, frozen=True, kw_only=True, tag="city.mode_changed"):
    """The city is in another mode (night, flood, festival); empty is the normal one."""

    desk: str
    person: str
    mode: str


class MasksSet(Event, frozen=True, kw_only=True, tag="masks.set"):
    """These parts of a camera's picture are hidden from now on, on every desk."""

    desk: str
    person: str
    camera_id: str
    zones: tuple[MaskZone, ...]
    reason: str


class MasksLifted(Event, frozen=True, kw_only=True, tag="masks.lifted"):
    """One desk sees this camera without masks until `until_ns`."""

    desk: str
    person: str
    camera_id: str
    until_ns: int
    reason: str
