"""Pictures let out of the room for a while: what was granted, and what was seen of it.

The hub writes a `ShareGrant` for each share; the process that serves pictures reads it, and writes a
`ShareAccess` for everything that happened at its door. Neither holds a token: only the SHA-256 of one.
"""

from __future__ import annotations

import re
from ipaddress import ip_network
from typing import Literal, NamedTuple

from console.model.base import Record, Words
from console.model.footage import LONGEST_FOOTAGE_NS, MaskZone, zones_problem

ShareForm = Literal["live", "recorded"]
PictureForm = Literal["still", "clip"]
ShareMark = Literal["page", "burnt"]
"""page: the viewing page lays the viewer's name over the picture. burnt: it is in the picture itself."""
MasksWay = Literal["hide", "refuse"]
"""What is done with a camera whose masks are in force. Showing it without them is not a choice: a hub that
lifts masks for a share on a legal basis grants the camera without zones, and has that on its record."""

RefusedWhy = Literal[
    "unknown", "not_yet", "expired", "revoked", "elsewhere", "certificate", "camera", "form", "masked",
    "stretch", "too_many_views", "too_many_guesses", "not_logged", "no_pictures", "codec", "broken_grant",
]  # fmt: skip
EndedWhy = Literal[
    "left", "end", "until", "revoked", "changed", "slow", "no_pictures", "stream_changed", "codec",
    "stopped", "restarted",
]  # fmt: skip

MOST_CAMERAS = 64
MOST_VIEWS = 64
LONGEST_SHARE_NS = 30 * 24 * 3600 * 1_000_000_000
"""A share is for a while. Who needs one for longer asks again."""
LONGEST_TEXT = 500
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_DIGEST = re.compile(r"[0-9a-f]{64}")


class SharedCamera(Record, frozen=True, kw_only=True):
    """A camera of a share; `zones` are the masks in force when it was granted, or when they last changed."""

    camera_id: str
    name: Words
    zones: tuple[MaskZone, ...] = ()


class SharedStretch(Record, frozen=True, kw_only=True):
    """Recorded pictures that may be seen."""

    from_ns: int
    to_ns: int


class ShareGrant(Record, frozen=True, kw_only=True):
    """Who may see what, when and why.

    `recipient` is the agency, `viewer` the person or desk whose name is laid over the picture, `officer` who
    in the room answers for it. `networks` (CIDR) says from where it may be used; without any, it belongs to
    the address that opens it first. `certificate_sha256`: only with this client certificate. `most_views` may
    be open at a time. `revoked_ns` is set when the share was taken back.
    """

    id: str
    token_sha256: str
    recipient: str
    viewer: str
    officer: str
    purpose: str
    legal_basis: str
    cameras: tuple[SharedCamera, ...]
    from_ns: int
    until_ns: int
    granted_ns: int
    live: bool = True
    recorded: SharedStretch | None = None
    mark: ShareMark = "page"
    masks: MasksWay = "hide"
    request_id: str = ""
    incident_id: str = ""
    networks: tuple[str, ...] = ()
    certificate_sha256: str = ""
    most_views: int = 4
    revoked_ns: int | None = None
    revoked_by: str = ""

    def camera(self, camera_id: str) -> SharedCamera | None:
        return next((one for one in self.cameras if one.camera_id == camera_id), None)


class ViewBegan(Record, frozen=True, kw_only=True, tag="view.began"):
    """Somebody is about to see pictures: on disk before the first byte of one leaves.

    Holds all that the ledger of what was provided asks for, because the grant may be gone when it is read.
    `from_ns` to `to_ns` are the pictures that may be seen by it; `until_ns` is when the share ends.
    """

    uid: str
    at_ns: int
    share_id: str
    camera_id: str
    form: ShareForm
    from_ns: int
    to_ns: int
    until_ns: int
    recipient: str
    viewer: str
    officer: str
    purpose: str
    legal_basis: str
    masked: bool
    mark: ShareMark
    address: str
    certificate_sha256: str = ""
    agent: str = ""
    request_id: str = ""
    incident_id: str = ""


class ViewEnded(Record, frozen=True, kw_only=True, tag="view.ended"):
    """The view `view_uid` is over. `first_ns` to `last_ns` are the pictures that were sent, 0 without any."""

    uid: str
    at_ns: int
    view_uid: str
    share_id: str
    camera_id: str
    why: EndedWhy
    pictures: int = 0
    bytes: int = 0
    first_ns: int = 0
    last_ns: int = 0


class ShareRefused(Record, frozen=True, kw_only=True, tag="share.refused"):
    """Somebody asked and was shown nothing. `count`: so often since the last such record was written;
    `share_id` is empty where no share has the token.
    """

    uid: str
    at_ns: int
    why: RefusedWhy
    address: str
    share_id: str = ""
    camera_id: str = ""
    count: int = 1


ShareAccess = ViewBegan | ViewEnded | ShareRefused


class AccessLine(Record, frozen=True, kw_only=True):
    """One line of the access record: `seq` counts from 1 without a gap, whatever file it lies in."""

    seq: int
    access: ShareAccess


class ProvidedPicture(Record, frozen=True, kw_only=True):
    """A still or the clip of a hand-off, fetched by its partner: on disk before the first byte leaves.

    Holds all that the ledger of what was provided asks for. `from_ns` to `to_ns` are the pictures, `sha256`
    is of the file as it left. The partner may keep it until `keep_until_ns`. `again`: so often it fetched the
    same piece since the entry before, shortly after it, without an entry for each.
    """

    at_ns: int
    name: str
    camera_id: str
    form: PictureForm
    from_ns: int
    to_ns: int
    sha256: str
    size: int
    agency: str
    recipient: str
    officer: str
    purpose: str
    legal_basis: str
    keep_until_ns: int
    address: str = ""
    again: int = 0


class Provision(NamedTuple):
    """An entry of the ledger of what was provided: the seven fields of the Standard Guideline, art. 42(1)."""

    file_name: str
    recipient: str
    purpose: str
    legal_basis: str
    period_from_ns: int
    period_to_ns: int
    form: Literal["view", "copy"]
    officer: str


def provision(view: ViewBegan) -> Provision:
    """What the ledger says of a view. Its file name names camera and pictures: nothing is copied."""
    return Provision(
        f"{view.camera_id}/{view.form}/{view.from_ns}-{view.to_ns}",
        f"{view.recipient}, {view.viewer}", view.purpose, view.legal_basis, view.at_ns, view.until_ns,
        "view", view.officer,
    )  # fmt: skip


def provision_of(picture: ProvidedPicture) -> Provision:
    """What the ledger says of a copy that left with a hand-off."""
    return Provision(
        picture.name, picture.recipient, picture.purpose, picture.legal_basis, picture.at_ns,
        picture.keep_until_ns, "copy", picture.officer,
    )  # fmt: skip


def grant_problem(grant: ShareGrant) -> str:
    """Why nothing may be served by this grant, naming the field; empty when it may. Pure."""
    if not _ID.fullmatch(grant.id):
        return "id: expected letters, digits, dot, hyphen or underline, at most 64"
    if not _DIGEST.fullmatch(grant.token_sha256):
        return "token_sha256: expected 64 hexadecimal digits"
    if grant.certificate_sha256 and not _DIGEST.fullmatch(grant.certificate_sha256):
        return "certificate_sha256: expected 64 hexadecimal digits"
    for field in ("recipient", "viewer", "officer", "purpose", "legal_basis"):
        text = getattr(grant, field)
        if not text.strip() or len(text) > LONGEST_TEXT or not text.isprintable():
            return f"{field}: expected 1 to {LONGEST_TEXT} characters that can be printed"
    return _cameras_problem(grant) or _times_problem(grant) or _networks_problem(grant)


def _cameras_problem(grant: ShareGrant) -> str:
    if not 1 <= len(grant.cameras) <= MOST_CAMERAS:
        return f"cameras: expected 1 to {MOST_CAMERAS}"
    if len({one.camera_id for one in grant.cameras}) < len(grant.cameras):
        return "cameras: expected each once"
    if not all(one.camera_id for one in grant.cameras):
        return "cameras: a camera has an id"
    for number, camera in enumerate(grant.cameras):
        problem = zones_problem(camera.zones)
        if problem:
            return f"cameras[{number}].{problem}"
    if not grant.live and grant.recorded is None:
        return "live, recorded: expected one of them, or both"
    if not 1 <= grant.most_views <= MOST_VIEWS:
        return f"most_views: expected 1 to {MOST_VIEWS}"
    return ""


def _times_problem(grant: ShareGrant) -> str:
    if not 0 < grant.until_ns - grant.from_ns <= LONGEST_SHARE_NS:
        return "until_ns: expected after from_ns, and at most 30 days later"
    stretch = grant.recorded
    if stretch is not None and not 0 < stretch.to_ns - stretch.from_ns <= LONGEST_FOOTAGE_NS:
        return "recorded.to_ns: expected after recorded.from_ns, and at most 31 days later"
    return ""


def _networks_problem(grant: ShareGrant) -> str:
    for number, network in enumerate(grant.networks):
        try:
            ip_network(network)
        except ValueError:
            return f"networks[{number}]: expected a network as 10.1.0.0/16, found {network!r}"
    return ""
