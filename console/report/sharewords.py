"""Entries about pictures for partners, in words."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from console.model import events as ev
from console.model.picturerequest import PictureRequest
from console.model.share import ShareRefused, ViewBegan
from console.report.names import linked_service_name

if TYPE_CHECKING:
    from console.report.describe import Teller


def _asked(teller: Teller, request: PictureRequest) -> dict[str, Any]:
    say = teller.catalogue
    wish = request.wish
    return {
        "request": request.id, "agency": teller.agency(request.agency), "asker": wish.person,
        "service": linked_service_name(teller.profile, say, wish.service),
        "place": say.words(request.place.name), "radius": f"{wish.radius_m:g}", "purpose": wish.purpose,
        "basis": wish.legal_basis, "count": len(request.cameras),
    }  # fmt: skip


def _received(teller: Teller, event: ev.RequestReceived) -> dict[str, Any]:
    request, say = event.request, teller.catalogue.say
    fields = _asked(teller, request)
    way = "asked" if request.direction == "inbound" else "offered"
    what = say(f"report.share.{way}", **fields, person=request.offered_by)
    needs = say(f"report.share.needs_{request.needs}") if request.needs else ""
    return {"what": f"{what} {needs}".strip()}


def _granted(teller: Teller, event: ev.ShareGranted) -> dict[str, Any]:
    share, say = event.share, teller.catalogue.say
    return {
        "share": share.id, "request": share.request_id, "recipient": share.recipient,
        "viewer": share.viewer, "purpose": share.purpose, "basis": share.legal_basis,
        "cameras": teller.cameras(tuple(one.camera_id for one in share.cameras)),
        "until": teller.moment(share.until_ns),
        "who": event.person or say("report.share.by_rule"),
        "lifted": " " + say("report.share.lifted", reason=share.masks_lifted) if share.masks_lifted else "",
    }  # fmt: skip


def _accessed(teller: Teller, event: ev.ShareAccessed) -> dict[str, Any]:
    access, say = event.line.access, teller.catalogue.say
    camera = teller.device(access.camera_id) if access.camera_id else "-"
    share = access.share_id or "-"
    if isinstance(access, ViewBegan):
        what = say(
            "report.share.began", recipient=access.recipient, viewer=access.viewer, camera=camera,
            form=say(f"report.share.{access.form}"), address=access.address, share=share,
        )  # fmt: skip
    elif isinstance(access, ShareRefused):
        why = say(f"report.share.denied.{access.why}")
        what = say(
            "report.share.denied_to", why=why, address=access.address, share=share, camera=camera,
            count=access.count,
        )  # fmt: skip
    else:
        why = say(f"report.share.left.{access.why}")
        what = say("report.share.over", camera=camera, share=share, why=why, pictures=access.pictures)
    return {"what": what}


SHARE_FIELDS: dict[type[ev.Event], Callable[[Teller, Any], dict[str, Any]]] = {
    ev.RequestReceived: _received,
    ev.RequestRefused: lambda t, e: {
        "request": e.request_id, "reason": t.catalogue.words(e.reason),
        "who": e.person or t.catalogue.say("report.share.by_rule"),
    },
    ev.RequestCamerasChanged: lambda t, e: {
        "person": e.person, "request": e.request_id,
        "cameras": t.cameras(tuple(one.camera_id for one in e.cameras)),
    },
    ev.RequestWithdrawn: lambda t, e: {
        "request": e.request_id, "reason": e.reason or "-",
        "who": e.person or t.catalogue.say("report.share.the_partner"),
    },
    ev.ShareGranted: _granted,
    ev.ShareChanged: lambda t, e: {
        "share": e.share_id, "cameras": t.cameras(tuple(one.camera_id for one in e.cameras)),
        "why": t.catalogue.say(f"report.share.changed_{e.why}", person=e.person),
    },
    ev.ShareRevoked: lambda t, e: {"person": e.person, "share": e.share_id, "reason": e.reason},
    ev.ShareEnded: lambda t, e: {
        "share": e.share_id, "why": t.catalogue.say(f"report.share.ended_{e.why}"),
    },
    ev.ShareAccessed: _accessed,
}  # fmt: skip
