"""The figures of replay: assets/style/replay.toml."""

from __future__ import annotations

from functools import cache

import msgspec

from console.clock import SECOND_NS
from console.model.base import Record
from console.paths import shipped


class PermitBounds(Record, frozen=True, kw_only=True):
    """How far one look reaches on the record, in seconds."""

    ahead_s: float
    behind_s: float
    lead_s: float
    renew_s: float
    guard_s: float
    patience_s: float
    edge_s: float


class TimelineBounds(Record, frozen=True, kw_only=True):
    """How the time line is drawn and moved."""

    shortest_s: int
    longest_s: int
    first_s: int
    zoom_step: float
    pan_share: float
    event_page: int
    most_events: int


class ReplayBounds(Record, frozen=True, kw_only=True):
    permit: PermitBounds
    timeline: TimelineBounds


@cache
def replay_bounds() -> ReplayBounds:
    """The shipped figures. Raises what reading and decoding raise: the installation is broken then."""
    path = shipped("assets") / "style" / "replay.toml"
    return msgspec.toml.decode(path.read_bytes(), type=ReplayBounds)


def ns(seconds: float) -> int:
    """Seconds as whole nanoseconds."""
    return round(seconds * SECOND_NS)
