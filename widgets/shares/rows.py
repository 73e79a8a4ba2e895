"""Requests and shares as lines of one list: what waits first, then what is in force. Qt-free."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from console.desk.board import Board
from console.model.base import Words, same_words
from console.model.picturerequest import PictureRequest, Share
from console.model.share import ViewBegan

View = Literal["now", "requests", "shares", "ledger"]
VIEWS: tuple[View, ...] = ("now", "requests", "shares", "ledger")
LineState = Literal["waiting", "in_force", "refused", "withdrawn", "ended", "revoked"]
MINUTE_NS = 60_000_000_000
SOON_OVER_NS = 2 * MINUTE_NS
"""A share that ends within this is told so (ours: time to ask for a new one)."""


@dataclass(frozen=True, slots=True)
class Line:
    """A request, with the share that came of it where there is one."""

    request: PictureRequest
    share: Share | None
    views: tuple[ViewBegan, ...]

    @property
    def id(self) -> str:
        return self.request.id

    def state(self, now_ns: int) -> LineState:
        """How it stands."""
        request, share = self.request, self.share
        if request.waits:
            return "waiting"
        if request.stage == "refused":
            return "refused"
        if request.stage == "withdrawn":
            return "withdrawn"
        if share is None or share.over_why in ("until", "withdrawn"):
            return "ended"
        if share.over_why == "revoked":
            return "revoked"
        return "in_force" if now_ns < share.until_ns else "ended"

    def left_ns(self, now_ns: int) -> int:
        """How long it is still in force, 0 where it is not."""
        if self.share is None or not self.share.in_force:
            return 0
        return max(0, self.share.until_ns - now_ns)


def lines(board: Board, view: View, now_ns: int) -> list[Line]:
    """What a view shows, what needs somebody first, each group the newest first."""
    state = board.state
    viewing: dict[str, list[ViewBegan]] = {}
    for one in state.viewing.values():
        viewing.setdefault(one.share_id, []).append(one)
    found = []
    for request in reversed(state.requests.values()):
        share = state.shares.get(request.share_id)
        line = Line(request, share, tuple(viewing.get(request.share_id, ())) if share is not None else ())
        standing = line.state(now_ns)
        if view == "now" and standing not in ("waiting", "in_force"):
            continue
        if view == "shares" and share is None:
            continue
        found.append((0 if standing == "waiting" else 1 if standing == "in_force" else 2, line))
    return [line for _, line in sorted(found, key=lambda one: one[0])]


def service_words(board: Board, service_id: str) -> Words:
    """A service's name; its id where the city has none of it."""
    service = board.profile.services.get(service_id)
    return service.name if service is not None else same_words(service_id)


def purpose_words(board: Board, request: PictureRequest) -> Words:
    service = board.profile.services.get(request.wish.service)
    told = service.purposes if service is not None else ()
    return next(
        (one.name for one in told if one.id == request.wish.purpose), same_words(request.wish.purpose)
    )


def basis_words(board: Board, request: PictureRequest) -> Words:
    book = board.profile.linked
    basis = book.bases.get(request.wish.legal_basis) if book is not None else None
    return basis.name if basis is not None else same_words(request.wish.legal_basis)


def may_approve(board: Board, person: str, request: PictureRequest) -> str:
    """"" where this desk may approve it, else the key of why not."""
    desk = board.profile.desks.get(board.desk)
    if request.needs == "supervisor" and (desk is None or desk.role != "supervisor"):
        return "supervisor_only"
    return "own_offer" if request.offered_by and request.offered_by == person else ""


def may_lift(board: Board, request: PictureRequest) -> bool:
    """Whether masks may be lifted for it here, and there are any."""
    service, desk = board.profile.services.get(request.wish.service), board.profile.desks.get(board.desk)
    if service is None or not service.may_lift_masks or desk is None or desk.role != "supervisor":
        return False
    return any(board.state.masks.get(one.camera_id) for one in request.cameras)
