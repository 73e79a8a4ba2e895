"""What the bar may know of the desk at a key: the city's state, the acts, the operator's hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from console.model.base import Position, Words
from console.model.layout import WallLayout
from console.model.state import CityState


@dataclass(frozen=True, slots=True)
class ActLine:
    """One act of the desk: what it is called, its key, and why it cannot be done now (empty: it can).
    `page` says that it shows a page, which can be done from everywhere."""

    id: str
    text: Words
    group: Words
    key: str
    refused: str = ""
    page: bool = False


@dataclass(frozen=True, slots=True)
class Situation:
    """`no_orders`: why the hub would take no order now, in words (empty: it would). `camera_id`: the camera
    of the selected pane. `near`: equals are told nearest to it first."""

    state: CityState
    person: str
    near: Position
    no_orders: str = ""
    open_incident: str = ""
    camera_id: str = ""
    acts: Sequence[ActLine] = field(default_factory=tuple)
    layouts: Sequence[WallLayout] = field(default_factory=tuple)
