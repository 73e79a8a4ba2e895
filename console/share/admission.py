"""Whether somebody may see something now: pure, so that every refusal can be looked at."""

from __future__ import annotations

from ipaddress import ip_address, ip_network
from typing import NamedTuple

from console.model.share import RefusedWhy, ShareForm, ShareGrant

STATUS: dict[RefusedWhy, int] = {
    "unknown": 404, "not_yet": 403, "expired": 410, "revoked": 410, "elsewhere": 403, "certificate": 403,
    "camera": 404, "form": 404, "masked": 403, "stretch": 404, "too_many_views": 429,
    "too_many_guesses": 429, "not_logged": 503, "no_pictures": 404, "codec": 415, "broken_grant": 404,
}  # fmt: skip
"""How HTTP says it."""


class Whereabouts(NamedTuple):
    """From where somebody asks. `holder` is the address that opened the share first, "" before anyone did."""

    address: str
    certificate_sha256: str
    holder: str


def may_enter(grant: ShareGrant, where: Whereabouts, now_ns: int) -> RefusedWhy | None:
    """Why the share itself is closed to somebody; None when it is open."""
    if grant.revoked_ns is not None:
        return "revoked"
    if now_ns < grant.from_ns:
        return "not_yet"
    if now_ns >= grant.until_ns:
        return "expired"
    if grant.certificate_sha256 and where.certificate_sha256 != grant.certificate_sha256:
        return "certificate"
    return None if _is_from(grant, where) else "elsewhere"


def may_see(
    grant: ShareGrant, where: Whereabouts, now_ns: int, camera_id: str, form: ShareForm,
    from_ns: int | None, open_views: int,
) -> RefusedWhy | None:
    """Why somebody may not see this; None when he may. `from_ns`: where in the recorded stretch to begin."""
    refused = may_enter(grant, where, now_ns)
    if refused is not None:
        return refused
    camera = grant.camera(camera_id)
    if camera is None:
        return "camera"
    if (form == "live" and not grant.live) or (form == "recorded" and grant.recorded is None):
        return "form"
    stretch = grant.recorded
    if from_ns is not None and (stretch is None or not stretch.from_ns <= from_ns < stretch.to_ns):
        return "stretch"
    if camera.zones and grant.masks == "refuse":
        return "masked"
    return "too_many_views" if open_views >= grant.most_views else None


def _is_from(grant: ShareGrant, where: Whereabouts) -> bool:
    if not grant.networks:
        return where.holder in ("", where.address)
    try:
        address = ip_address(where.address)
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return any((mapped or address) in ip_network(network) for network in grant.networks)
