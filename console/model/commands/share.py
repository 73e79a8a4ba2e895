"""Orders about pictures for partners."""

from __future__ import annotations

from console.model.commands.base import Command
from console.model.picturerequest import RefusalCode
from console.model.share import SharedStretch


class OfferShare(Command, frozen=True, kw_only=True, tag="offer_share"):
    """Offer pictures of an incident to a partner, in one act. What is left empty is as the service has it:
    its first purpose and legal basis, its radius and minutes, the cameras the rule chooses.
    """

    incident_id: str
    agency: str
    service: str = ""
    purpose: str = ""
    legal_basis: str = ""
    minutes: float = 0.0
    live: bool = True
    recorded: SharedStretch | None = None
    camera_ids: tuple[str, ...] = ()
    text: str = ""


class ApproveRequest(Command, frozen=True, kw_only=True, tag="approve_request"):
    """Let the pictures of a request that waits out. Not by who offered them.

    `lift_masks` with a `reason`: without the masks in force, where the service allows that.
    """

    request_id: str
    lift_masks: bool = False
    reason: str = ""


class RefuseRequest(Command, frozen=True, kw_only=True, tag="refuse_request"):
    """Say no; the partner reads the reason."""

    request_id: str
    code: RefusalCode
    reason: str


class ChangeRequestCameras(Command, frozen=True, kw_only=True, tag="change_request_cameras"):
    """Which cameras a request that waits is about to get."""

    request_id: str
    camera_ids: tuple[str, ...]


class ChangeShareCameras(Command, frozen=True, kw_only=True, tag="change_share_cameras"):
    """Which cameras a share in force shows from now on."""

    share_id: str
    camera_ids: tuple[str, ...]


class RevokeShare(Command, frozen=True, kw_only=True, tag="revoke_share"):
    """Take a share back; who looks is cut off within two seconds."""

    share_id: str
    reason: str
