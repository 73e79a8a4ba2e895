"""How the state follows: pictures for partners."""

from __future__ import annotations

from typing import Any

import msgspec

from console.model import events as ev
from console.model.citystate import CityState
from console.model.folds.base import Folds
from console.model.picturerequest import KEEP_REQUESTS, KEEP_SHARES
from console.model.share import ShareRefused, ViewBegan, ViewEnded


def _received(state: CityState, entry: ev.Entry, event: ev.RequestReceived) -> None:
    state.request_count += 1
    state.requests[event.request.id] = event.request
    over = [one.id for one in state.requests.values() if not one.waits]
    for request_id in over[: max(0, len(over) - KEEP_REQUESTS)]:
        del state.requests[request_id]


def _refused(state: CityState, entry: ev.Entry, event: ev.RequestRefused) -> None:
    _request(
        state, event.request_id, stage="refused", decided_ns=entry.at_ns, person=event.person,
        refusal=event.code, reason=event.reason,
    )  # fmt: skip


def _cameras(state: CityState, entry: ev.Entry, event: ev.RequestCamerasChanged) -> None:
    _request(state, event.request_id, cameras=event.cameras)


def _withdrawn(state: CityState, entry: ev.Entry, event: ev.RequestWithdrawn) -> None:
    _request(state, event.request_id, stage="withdrawn", decided_ns=entry.at_ns, person=event.person)


def _granted(state: CityState, entry: ev.Entry, event: ev.ShareGranted) -> None:
    state.share_count += 1
    share = event.share
    state.shares[share.id] = share
    _request(
        state, share.request_id, stage="granted", decided_ns=entry.at_ns, person=event.person,
        share_id=share.id,
    )  # fmt: skip
    over = [one.id for one in state.shares.values() if not one.in_force]
    for share_id in over[: max(0, len(over) - KEEP_SHARES)]:
        del state.shares[share_id]


def _changed(state: CityState, entry: ev.Entry, event: ev.ShareChanged) -> None:
    _share(state, event.share_id, cameras=event.cameras)


def _revoked(state: CityState, entry: ev.Entry, event: ev.ShareRevoked) -> None:
    _share(
        state, event.share_id, over_ns=entry.at_ns, over_why="revoked", over_by=event.person,
        over_reason=event.reason,
    )  # fmt: skip


def _ended(state: CityState, entry: ev.Entry, event: ev.ShareEnded) -> None:
    _share(state, event.share_id, over_ns=entry.at_ns, over_why=event.why)


def _accessed(state: CityState, entry: ev.Entry, event: ev.ShareAccessed) -> None:
    access = event.line.access
    state.access_seq = event.line.seq
    share = state.shares.get(access.share_id)
    if isinstance(access, ViewBegan):
        state.viewing[access.uid] = access
        if share is not None:
            _share(state, share.id, views=share.views + 1, seen_ns=access.at_ns)
    elif isinstance(access, ViewEnded):
        state.viewing.pop(access.view_uid, None)
    elif isinstance(access, ShareRefused):
        state.views_refused += access.count
        if share is not None:
            _share(state, share.id, refused=share.refused + access.count)


def request_belongs(state: CityState, request_id: str, incident_id: str) -> None:
    """The correlation found that a partner's request is about this incident, and so is its share."""
    _request(state, request_id, incident_id=incident_id)
    request = state.requests.get(request_id)
    if request is not None and request.share_id:
        share = state.shares.get(request.share_id)
        if share is not None and not share.incident_id:
            _share(state, share.id, incident_id=incident_id)


def _request(state: CityState, request_id: str, **fields: Any) -> None:
    request = state.requests.get(request_id)
    if request is not None:
        state.requests[request_id] = msgspec.structs.replace(request, **fields)


def _share(state: CityState, share_id: str, **fields: Any) -> None:
    share = state.shares.get(share_id)
    if share is not None:
        state.shares[share_id] = msgspec.structs.replace(share, **fields)


FOLDS: Folds = {
    ev.RequestReceived: _received,
    ev.RequestRefused: _refused,
    ev.RequestCamerasChanged: _cameras,
    ev.RequestWithdrawn: _withdrawn,
    ev.ShareGranted: _granted,
    ev.ShareChanged: _changed,
    ev.ShareRevoked: _revoked,
    ev.ShareEnded: _ended,
    ev.ShareAccessed: _accessed,
}
