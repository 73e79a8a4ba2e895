"""Figures of the map as data: assets/style/map.toml, each with its source there."""

from __future__ import annotations

from functools import cache

import msgspec

from console.model.base import Record
from console.paths import shipped


class ZoomFigures(Record, frozen=True, kw_only=True):
    """Metres a pixel."""

    closest: float
    city: float
    district: float
    street: float


class ClusterFigures(Record, frozen=True, kw_only=True):
    above_m_per_px: tuple[float, ...]
    cell_px: tuple[int, ...]
    apart: int

    def cell(self, m_per_px: float) -> int:
        """Pixels of a cell at a scale."""
        for above, pixels in zip(self.above_m_per_px, self.cell_px, strict=True):
            if m_per_px > above:
                return pixels
        return self.cell_px[-1]


class HandFigures(Record, frozen=True, kw_only=True):
    idle_s: float
    dwell_ms: int


class NearFigures(Record, frozen=True, kw_only=True):
    within_m: float
    most: int


class HeatFigures(Record, frozen=True, kw_only=True):
    windows_s: tuple[int, ...]
    spread_m: float
    most_entries: int


class MapFigures(Record, frozen=True, kw_only=True):
    zoom: ZoomFigures
    cluster: ClusterFigures
    hand: HandFigures
    near: NearFigures
    heat: HeatFigures
    glyph: dict[str, tuple[str, ...]]


@cache
def map_figures() -> MapFigures:
    """Read once. Raises msgspec.DecodeError or OSError where the shipped file is not as it should be."""
    path = shipped("assets") / "style" / "map.toml"
    return msgspec.toml.decode(path.read_bytes(), type=MapFigures)
