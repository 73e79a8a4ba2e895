"""The hand-off profile's data: codes, reasons, scales, limits and times of assets/schema/handoff.toml."""

from __future__ import annotations

from functools import cache

import msgspec

from console.model.base import Record
from console.paths import shipped


class Codes(Record, frozen=True, kw_only=True):
    """The CAP `code` values of the profile. `case` is a prefix."""

    profile: str
    received: str
    accepted: str
    rejected: str
    dispatched: str
    on_scene: str
    closed: str
    case: str


class Parties(Record, frozen=True, kw_only=True):
    domain: str


class Reasons(Record, frozen=True, kw_only=True):
    known: tuple[str, ...]


class PriorityScale(Record, frozen=True, kw_only=True):
    name: str
    values: tuple[str, ...]


class Scales(Record, frozen=True, kw_only=True):
    """Each by the incident's priority minus one."""

    urgency: tuple[str, str, str, str]
    severity: tuple[str, str, str, str]
    certainty: tuple[str, str, str, str]


class PacketLimits(Record, frozen=True, kw_only=True):
    circle_km: float
    headline_chars: int


class Times(Record, frozen=True, kw_only=True):
    """All in seconds, but `jitter` (a fraction) and `heartbeat_misses`."""

    retry_first_s: float
    retry_most_s: float
    jitter: float
    answer_s: float
    connect_s: float
    heartbeat_s: float
    heartbeat_misses: int
    commit_s: float


class DoorLimits(Record, frozen=True, kw_only=True):
    per_second: float
    burst: int
    connections: int
    read_s: float
    idle_s: float
    remembered: int


class HandoffProfile(Record, frozen=True, kw_only=True):
    codes: Codes
    reasons: Reasons
    parties: Parties
    types: dict[str, tuple[str, ...]]
    priority: dict[str, PriorityScale]
    scales: Scales
    languages: dict[str, str]
    packet: PacketLimits
    times: Times
    door: DoorLimits


@cache
def handoff_profile() -> HandoffProfile:
    """Read once. Raises msgspec.ValidationError when the shipped file is broken."""
    path = shipped("assets") / "schema" / "handoff.toml"
    return msgspec.toml.decode(path.read_bytes(), type=HandoffProfile)


def party_name(party: str) -> str:
    """The DNS name in a party's certificate: "KR-112" is kr-112.handoff.internal."""
    return f"{party.lower()}.{handoff_profile().parties.domain}"
