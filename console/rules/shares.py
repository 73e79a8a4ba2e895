"""Pictures for partners, decided: who gets which, who must approve it, when it ends.

Pure but for the chooser's memory of the roads. Who may ask, how far, how long and on what legal basis are
data of the city (`console.profile.services`).
"""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from console.model import commands as do
from console.model import events as ev
from console.model.base import same_words
from console.model.fact import PicturesAsked, PicturesGivenBack
from console.model.picturerequest import (
    LONGEST_NOTE,
    PERSONS_REFUSALS,
    OfferedCamera,
    PictureRequest,
    PictureWish,
    Share,
    wish_problem,
)
from console.model.share import LONGEST_SHARE_NS, SharedCamera
from console.model.state import CityState
from console.profile.profile import Profile
from console.rules.cameralist import CameraChooser
from console.rules.city import Phrase
from console.rules.draft import NOTHING, Decision, Drafting, Refusal
from console.rules.rights import is_supervisor, refusal
from console.rules.sharerequest import MINUTE_NS, RequestMaker, Usable, next_id

MOST_WAITING = 50
"""Requests of one partner that wait; more are refused, or a partner gone mad would fill the room's list."""
MOST_SHARES = 200
"""Shares in force, of all."""
SHARE_ORDERS: tuple[type[do.Command], ...] = (
    do.OfferShare, do.ApproveRequest, do.RefuseRequest, do.ChangeRequestCameras, do.ChangeShareCameras,
    do.RevokeShare,
)  # fmt: skip


class ShareRules:
    """Decides requests, offers and shares of one city. One thread."""

    def __init__(
        self, profile: Profile, phrase: Phrase, chooser: CameraChooser, usable: Usable
    ) -> None:
        """`usable`: whether a camera is recorded, so that something can be seen of it."""
        self._profile, self._phrase, self._chooser = profile, phrase, chooser
        self._maker = RequestMaker(profile, phrase, chooser, usable)
        self.decide: dict[type[do.Command], Callable[..., Decision | Refusal]] = {
            do.OfferShare: self._offer, do.ApproveRequest: self._approve, do.RefuseRequest: self._refuse,
            do.ChangeRequestCameras: self._change_request, do.ChangeShareCameras: self._change_share,
            do.RevokeShare: self._revoke,
        }

    def asked(self, state: CityState, told: PicturesAsked, now_ns: int) -> Decision:
        """A partner's request: recorded, and granted or refused where a rule does so. The same message id of
        the same partner is the same request and changes nothing.
        """
        if request_of(state, told.agency, told.wish.message_id) is not None:
            return NOTHING
        draft = Drafting(ev.Cause(actor=f"agency:{told.agency}"))
        wish = told.wish
        request, refused = self._maker.request(state, "inbound", told.agency, wish, now_ns)
        request = msgspec.structs.replace(request, certificate_sha256=told.certificate_sha256)
        draft.add(ev.RequestReceived(request=request))
        waiting = sum(one.waits and one.agency == told.agency for one in state.requests.values())
        if refused is None and waiting >= MOST_WAITING:
            refused = self._maker.refusal("too_many", limit=str(MOST_WAITING))
        if refused is not None:
            code, reason = refused
            draft.add(ev.RequestRefused(request_id=request.id, code=code, reason=reason))
        elif not request.needs:
            self._grant(state, draft, request, "", now_ns)
        return Decision(tuple(draft.drafts))

    def given_back(self, state: CityState, told: PicturesGivenBack) -> Decision:
        """The partner needs it no more: what waits is withdrawn, what is in force ends."""
        request = request_of(state, told.agency, told.message_id)
        if request is None:
            return NOTHING
        draft = Drafting(ev.Cause(actor=f"agency:{told.agency}"))
        share = state.shares.get(request.share_id)
        if request.waits:
            draft.add(ev.RequestWithdrawn(request_id=request.id, reason=told.reason[:LONGEST_NOTE]))
        elif share is not None and share.in_force:
            draft.add(ev.ShareEnded(share_id=share.id, why="withdrawn"))
        return Decision(tuple(draft.drafts))

    def due(self, state: CityState, now_ns: int) -> Decision:
        """Shares whose time is over."""
        draft = Drafting(ev.Cause(actor="rule:share"))
        for share in state.shares.values():
            if share.in_force and now_ns >= share.until_ns:
                draft.add(ev.ShareEnded(share_id=share.id, why="until"))
        return Decision(tuple(draft.drafts))

    def masks_set(self, state: CityState, camera_id: str, parent: int) -> Decision:
        """The masks of a camera were changed: the shares in force that show it follow."""
        draft = Drafting(ev.Cause(actor="rule:share", parent=parent))
        zones = state.masks.get(camera_id, ())
        for share in state.shares.values():
            shown = next((one for one in share.cameras if one.camera_id == camera_id), None)
            if shown is None or not share.in_force or share.masks_lifted or shown.zones == zones:
                continue
            cameras = tuple(
                msgspec.structs.replace(one, zones=zones) if one is shown else one for one in share.cameras
            )
            draft.add(ev.ShareChanged(share_id=share.id, cameras=cameras, why="masks"))
        return Decision(tuple(draft.drafts))

    def revoked_outside(self, state: CityState, share_id: str, by: str) -> Decision:
        """A share was taken back in its file, while the hub was down or past it."""
        share = state.shares.get(share_id)
        if share is None or not share.in_force:
            return NOTHING
        draft = Drafting(ev.Cause(actor="gateway:share"))
        draft.add(ev.ShareRevoked(share_id=share_id, reason="-", person=by))
        return Decision(tuple(draft.drafts))

    # what is granted

    def _grant(
        self, state: CityState, draft: Drafting, request: PictureRequest, person: str, now_ns: int,
        lifted: str = "",
    ) -> None:  # fmt: skip
        service = self._profile.services[request.wish.service]
        book = self._profile.linked
        assert book is not None
        wish, language = request.wish, self._profile.languages[0]
        minutes = wish.minutes or service.minutes
        partner = book.partners.get(request.agency)
        with_certificate = partner is not None and partner.certificate
        purpose = next((one.name for one in service.purposes if one.id == wish.purpose), None)
        basis = book.bases.get(wish.legal_basis)
        share = Share(
            id=next_id(self._profile.city, "S", state.share_count, now_ns), request_id=request.id,
            service=service.id,
            agency=request.agency,
            recipient=self._profile.agencies[request.agency].name.in_language(language),
            viewer=wish.person, officer=person or officer_on_duty(self._profile, state),
            purpose=purpose.in_language(language) if purpose is not None else wish.purpose,
            legal_basis=basis.name.in_language(language) if basis is not None else wish.legal_basis,
            cameras=self._shared(state, tuple(one.camera_id for one in request.cameras), bool(lifted)),
            from_ns=now_ns, until_ns=now_ns + min(int(minutes * MINUTE_NS), LONGEST_SHARE_NS),
            granted_ns=now_ns, live=wish.live, recorded=wish.recorded, mark=service.mark,
            masks=service.masks, masks_lifted=lifted, incident_id=request.incident,
            networks=partner.networks if partner is not None else (),
            certificate_sha256=request.certificate_sha256 if with_certificate else "",
            most_views=service.most_views,
        )  # fmt: skip
        draft.add(ev.ShareGranted(share=share, person=person))

    def _shared(
        self, state: CityState, camera_ids: tuple[str, ...], lifted: bool
    ) -> tuple[SharedCamera, ...]:
        return tuple(
            SharedCamera(
                camera_id=one, name=self._profile.devices[one].name,
                zones=() if lifted else state.masks.get(one, ()),
            )
            for one in camera_ids
        )

    # what persons do

    def _offer(
        self, state: CityState, request: do.Request, command: do.OfferShare, draft: Drafting, now: int
    ) -> Decision | Refusal:
        incident = state.incidents.get(command.incident_id)
        if incident is None:
            return self._no("unknown_incident", incident=command.incident_id[:80])
        book = self._profile.linked
        offered = book.offered_to(command.agency) if book is not None else ()
        service = next((one for one in offered if one.id == command.service), None)
        if not command.service and offered:
            service = offered[0]
        if service is None:
            return self._no("share_no_service", agency=command.agency[:40])
        wish = PictureWish(
            message_id=request.id, service=service.id, purpose=command.purpose or service.purposes[0].id,
            legal_basis=command.legal_basis or service.bases[0], position=incident.place.position,
            radius_m=service.radius_m, person=self._viewer(command.agency), minutes=command.minutes,
            live=command.live, recorded=command.recorded, incident_id=incident.id, text=command.text,
        )  # fmt: skip
        problem = wish_problem(wish)
        if problem:
            return self._no("share_problem", problem=problem)
        made, refused = self._maker.request(state, "outbound", command.agency, wish, now, request.person)
        if command.camera_ids:
            cameras = self._by_hand(command.camera_ids, made)
            if isinstance(cameras, Refusal):
                return cameras
            made = msgspec.structs.replace(made, cameras=cameras)
            refused = None if refused is not None and refused[0] == "no_cameras" else refused
        if refused is not None:
            return Refusal(f"share_{refused[0]}", refused[1])
        made = msgspec.structs.replace(made, place=incident.place)
        draft.add(ev.RequestReceived(request=made))
        if not made.needs:
            self._grant(state, draft, made, request.person, now)
        return Decision(tuple(draft.drafts))

    def _approve(
        self, state: CityState, request: do.Request, command: do.ApproveRequest, draft: Drafting, now: int
    ) -> Decision | Refusal:
        asked = self._waiting(state, request, command.request_id)
        if isinstance(asked, Refusal):
            return asked
        if asked.offered_by and asked.offered_by == request.person:
            return self._no("share_own_offer")
        service = self._profile.services.get(asked.wish.service)
        if service is None:
            return self._no("share_no_service", agency=asked.agency)
        reason = command.reason.strip()
        if command.lift_masks:
            if not service.may_lift_masks or not is_supervisor(self._profile, request.desk):
                return self._no("share_masks_stay")
            if not reason or len(reason) > LONGEST_NOTE:
                return self._no("no_mask_reason")
        if sum(one.in_force for one in state.shares.values()) >= MOST_SHARES:
            return self._no("share_too_many", limit=str(MOST_SHARES))
        lifted = reason if command.lift_masks else ""
        self._grant(state, draft, asked, request.person, now, lifted)
        return Decision(tuple(draft.drafts))

    def _refuse(
        self, state: CityState, request: do.Request, command: do.RefuseRequest, draft: Drafting, now: int
    ) -> Decision | Refusal:
        asked = self._waiting(state, request, command.request_id)
        if isinstance(asked, Refusal):
            return asked
        reason = command.reason.strip()
        if command.code not in PERSONS_REFUSALS or not reason or len(reason) > LONGEST_NOTE:
            return self._no("share_refusal_words")
        if asked.direction == "outbound" and asked.offered_by == request.person:
            draft.add(ev.RequestWithdrawn(request_id=asked.id, reason=reason, person=request.person))
            return Decision(tuple(draft.drafts))
        book = self._profile.linked
        ready = [one.text for one in book.refusals if one.code == command.code] if book is not None else []
        words = next((one for one in ready if reason in (one.en, one.ko)), same_words(reason))
        draft.add(
            ev.RequestRefused(request_id=asked.id, code=command.code, reason=words, person=request.person)
        )
        return Decision(tuple(draft.drafts))

    def _change_request(
        self, state: CityState, request: do.Request, command: do.ChangeRequestCameras, draft: Drafting,
        now: int,
    ) -> Decision | Refusal:
        asked = self._waiting(state, request, command.request_id)
        if isinstance(asked, Refusal):
            return asked
        cameras = self._by_hand(command.camera_ids, asked)
        if isinstance(cameras, Refusal):
            return cameras
        if cameras == asked.cameras:
            return NOTHING
        draft.add(
            ev.RequestCamerasChanged(request_id=asked.id, cameras=cameras, person=request.person)
        )
        return Decision(tuple(draft.drafts))

    def _change_share(
        self, state: CityState, request: do.Request, command: do.ChangeShareCameras, draft: Drafting,
        now: int,
    ) -> Decision | Refusal:
        share = state.shares.get(command.share_id)
        if share is None or not share.in_force:
            return self._no("share_over", share=command.share_id[:80])
        asked = state.requests.get(share.request_id)
        if asked is not None:
            cameras = self._by_hand(command.camera_ids, asked)
            if isinstance(cameras, Refusal):
                return cameras
            camera_ids = tuple(one.camera_id for one in cameras)
            more = set(camera_ids) - {one.camera_id for one in share.cameras}
            if more and self._lacks(request.desk, asked.needs):
                return self._no("supervisor_only")
        else:
            return self._no("share_over", share=share.id)
        shared = self._shared(state, camera_ids, bool(share.masks_lifted))
        if shared == share.cameras:
            return NOTHING
        draft.add(
            ev.ShareChanged(share_id=share.id, cameras=shared, why="person", person=request.person)
        )
        return Decision(tuple(draft.drafts))

    def _revoke(
        self, state: CityState, request: do.Request, command: do.RevokeShare, draft: Drafting, now: int
    ) -> Decision | Refusal:
        share = state.shares.get(command.share_id)
        if share is None:
            return self._no("share_over", share=command.share_id[:80])
        if not share.in_force:
            return NOTHING
        reason = command.reason.strip()
        if not reason or len(reason) > LONGEST_NOTE:
            return self._no("share_revoke_reason")
        draft.add(ev.ShareRevoked(share_id=share.id, reason=reason, person=request.person))
        return Decision(tuple(draft.drafts))

    def _waiting(
        self, state: CityState, request: do.Request, request_id: str
    ) -> PictureRequest | Refusal:
        """The request, where this desk may decide it."""
        asked = state.requests.get(request_id)
        if asked is None or not asked.waits:
            return self._no("share_not_waiting", request=request_id[:80])
        if self._lacks(request.desk, asked.needs):
            return self._no("supervisor_only")
        return asked

    def _lacks(self, desk: str, needs: str) -> bool:
        return needs == "supervisor" and not is_supervisor(self._profile, desk)

    def _by_hand(
        self, camera_ids: tuple[str, ...], asked: PictureRequest
    ) -> tuple[OfferedCamera, ...] | Refusal:
        """The list as a person has it now: those of the rule as they were, others as added by hand."""
        service = self._profile.services.get(asked.wish.service)
        most = service.cameras if service is not None else 1
        if not 1 <= len(set(camera_ids)) <= most:
            return self._no("share_cameras", limit=str(most))
        unknown = [one for one in camera_ids if one not in self._profile.cameras]
        if unknown:
            return self._no("unknown_device", device=", ".join(one[:80] for one in unknown[:3]))
        before = {one.camera_id: one for one in asked.cameras}
        added = self._chooser.by_hand(
            tuple(one for one in dict.fromkeys(camera_ids) if one not in before), asked.wish.position
        )
        far = [one.camera_id for one in added if service and one.distance_m > service.most_radius_m]
        if far:
            most_m = f"{service.most_radius_m:g}" if service is not None else ""
            return self._no("share_camera_far", camera=far[0], most=most_m)
        every = before | {one.camera_id: one for one in added}
        return tuple(every[one] for one in dict.fromkeys(camera_ids))

    def _viewer(self, agency: str) -> str:
        """Who looks where nobody of the partner asked: its room."""
        told = self._profile.agencies[agency]
        return told.short.in_language(self._profile.languages[0])

    def _no(self, code: str, **fields: str) -> Refusal:
        return refusal(self._phrase, code, **fields)


def request_of(state: CityState, agency: str, message_id: str) -> PictureRequest | None:
    """The request a partner calls so: by its own message id, or by our id where we offered it."""
    for one in reversed(state.requests.values()):
        if one.agency != agency:
            continue
        if one.direction == "inbound" and one.wish.message_id == message_id:
            return one
        if one.direction == "outbound" and one.id == message_id:
            return one
    return None


def officer_on_duty(profile: Profile, state: CityState) -> str:
    """Who in the room answers for what a rule grants: the supervisor who is there, else the one the profile
    names, else who sits at the first desk.
    """
    supervisors = [one for one in profile.desks.values() if one.role == "supervisor"]
    for desk in supervisors:
        present = state.desks.get(desk.id)
        if present is not None and present.person:
            return present.person
    seats = supervisors or list(profile.desks.values())
    return seats[0].person if seats else "hub"
