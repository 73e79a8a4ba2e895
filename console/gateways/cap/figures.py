"""`seeds/gateways/cap.toml`: how often sources are asked, and how much is taken in."""

from __future__ import annotations

from functools import cache
from typing import Annotated

import msgspec

from console.model.base import Record
from console.paths import shipped

Some = Annotated[int, msgspec.Meta(ge=1, le=1 << 30)]
Seconds = Annotated[float, msgspec.Meta(gt=0.0, le=86_400.0)]
Share = Annotated[float, msgspec.Meta(ge=0.0, le=0.9)]


class Ask(Record, frozen=True, kw_only=True):
    interval_s: Seconds
    jitter: Share
    most_wait_s: Seconds
    timeout_s: Seconds
    redirects: Annotated[int, msgspec.Meta(ge=0, le=20)]
    folder_s: Seconds


class Most(Record, frozen=True, kw_only=True):
    message_bytes: Some
    feed_bytes: Some
    entries: Some
    depth: Some
    infos: Some
    areas: Some
    points: Some
    text: Some
    fact_bytes: Some
    signatures: Some
    files: Some


class CapFigures(Record, frozen=True, kw_only=True):
    ask: Ask
    most: Most


@cache
def cap_figures() -> CapFigures:
    """Read once. Raises msgspec.ValidationError when the shipped file is broken."""
    path = shipped("seeds") / "gateways" / "cap.toml"
    return msgspec.toml.decode(path.read_bytes(), type=CapFigures)
