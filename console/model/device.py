"""Devices and the points they measure, as the profile describes them."""

from __future__ import annotations

from typing import Literal

from console.model.base import Place, Record, Words

Condition = Literal["up", "degraded", "down", "out_of_service", "unknown"]


class Device(Record, frozen=True, kw_only=True):
    """One physical thing of the city. `id` is unique in the city, `kind` names a row of the systems' data."""

    id: str
    kind: str
    system: str
    owner: str
    name: Words
    place: Place
    circuit: str = ""
    """What it shares with its neighbours (a lamp circuit, a gateway): one fault there is one fault."""


class Camera(Record, frozen=True, kw_only=True):
    """What a device that is a camera has besides: where it looks and what for.

    `direction_deg` is clockwise from north, `fov_deg` the horizontal field of view, `reach_m` how far a
    person can still be made out, `scene` the kind of view (park, underpass, street, ...), `purpose` the
    legal purpose it was put up for.
    """

    device_id: str
    direction_deg: float
    fov_deg: float
    reach_m: float
    purpose: str
    scene: str


class Point(Record, frozen=True, kw_only=True):
    """One measured quantity of one device. `index` is its row in every columnar batch of this profile."""

    index: int
    id: str
    device_id: str
    quantity: str
    unit: str
    low: float
    high: float
    """Values outside low..high cannot be true and are refused as out of range."""
    period_s: float
    """How often a value is expected; three periods without one make it stale."""
    trend: bool = False
    """The hub keeps a history of it for charts."""


class Limit(Record, frozen=True, kw_only=True):
    """When a point is in alarm: beyond `set_at` for `on_delay_s`, until beyond `clear_at` for `off_delay_s`.

    `above` says which side is abnormal. Both levels and their source come from the profile's data.
    `count` samples beyond within `window_s` are needed where it is above 1. A limit that latches stays in the
    list until a person resets it; one with `ring_back` also sounds when it is over.
    With `hours` it is judged on whole clock hours instead, and the delays are 0: beyond `set_at` in so many
    hours in a row, until one hour is beyond `clear_at`.
    """

    id: str
    point_index: int
    above: bool
    set_at: float
    clear_at: float
    on_delay_s: float
    off_delay_s: float
    priority: int
    text: Words
    guidance: Words
    incident_type: str
    """Empty where the alarm alone is enough and no incident shall be opened."""
    source: str
    hours: int = 0
    hour_means: bool = False
    """The point's samples are means of an hour already: the last of an hour is that hour's value."""
    period_s: float = 60.0
    """The point's own, see Point."""
    least_share: float = 0.75
    """So much of an hour must be known before the mean of its samples stands for it."""
    latching: bool = False
    ring_back: bool = False
    count: int = 1
    window_s: float = 0.0
