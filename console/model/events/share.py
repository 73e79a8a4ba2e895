"""Pictures for partners: asked for, granted, refused, taken back, ended, and every view of them."""

from __future__ import annotations

from typing import Literal

from console.model.base import Words
from console.model.events.base import Event
from console.model.picturerequest import OfferedCamera, PictureRequest, RefusalCode, Share, ShareEnd
from console.model.share import AccessLine, SharedCamera


class RequestReceived(Event, frozen=True, kw_only=True, tag="request.received"):
    """A partner asked for pictures, or somebody here offered some; with the cameras that were chosen.

    Kept also where it is refused in the same breath.
    """

    request: PictureRequest


class RequestRefused(Event, frozen=True, kw_only=True, tag="request.refused"):
    """The partner gets nothing: by rule (`person` empty), or a person says why."""

    request_id: str
    code: RefusalCode
    reason: Words
    person: str = ""


class RequestCamerasChanged(Event, frozen=True, kw_only=True, tag="request.cameras_changed"):
    """A person changed the list of a request that waits."""

    request_id: str
    cameras: tuple[OfferedCamera, ...]
    person: str


class RequestWithdrawn(Event, frozen=True, kw_only=True, tag="request.withdrawn"):
    """The partner no longer needs it, or who offered it takes it back before it was approved."""

    request_id: str
    reason: str
    person: str = ""


class ShareGranted(Event, frozen=True, kw_only=True, tag="share.granted"):
    """Pictures are let out from now on. `person` approved it; empty: the service's own rule did.

    On disk before anything can be seen by it.
    """

    share: Share
    person: str = ""


class ShareChanged(Event, frozen=True, kw_only=True, tag="share.changed"):
    """Other cameras, or other masks of the same ones. Who looks is cut off and comes in by what holds now."""

    share_id: str
    cameras: tuple[SharedCamera, ...]
    why: Literal["person", "masks"]
    person: str = ""


class ShareRevoked(Event, frozen=True, kw_only=True, tag="share.revoked"):
    """A person took it back before its time."""

    share_id: str
    reason: str
    person: str


class ShareEnded(Event, frozen=True, kw_only=True, tag="share.ended"):
    """Its time was over, or the partner gave it back."""

    share_id: str
    why: ShareEnd


class ShareAccessed(Event, frozen=True, kw_only=True, tag="share.accessed"):
    """A line of the access record: a view began or ended, or somebody was shown nothing."""

    line: AccessLine
