"""The figures of panes: assets/style/panes.toml, where each has its source."""

from __future__ import annotations

from functools import cache

import msgspec

from console.paths import shipped


class ZoomBounds(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    longest: float
    step: float
    pan_share: float
    too_large: float
    unknown_side_px: int
    largest_side_px: int


class ClockBounds(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    told_ms: int


class LiftBounds(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    minutes: tuple[int, ...]


class InfoBounds(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    tenths_below_ms: int


class PaneBounds(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What panes do with their pictures."""

    zoom: ZoomBounds
    clock: ClockBounds
    lift: LiftBounds
    info: InfoBounds


@cache
def pane_bounds() -> PaneBounds:
    """The shipped figures, read once. Raises msgspec.ValidationError naming the key that is wrong."""
    return msgspec.toml.decode((shipped("assets") / "style" / "panes.toml").read_bytes(), type=PaneBounds)
