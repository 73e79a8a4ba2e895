"""Pictures for partners in the hub: requests taken in, grants written once they are on disk, answers made."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from console.handoff.eido import write_time
from console.handoff.requests import (
    MOST_ANSWERS,
    AnsweredCamera,
    AnsweredRoute,
    AnsweredTraffic,
    AnswerState,
    PictureAnswer,
    point_of,
)
from console.hub.sharekeeper import GrantKeeper, ShareTokens
from console.model import events as ev
from console.model.events import Entry
from console.model.fact import PicturesAsked, PicturesGivenBack
from console.model.picturerequest import PictureRequest, PictureWish, Share
from console.model.state import CityState
from console.rules.cameralist import CameraChooser
from console.rules.draft import Decision
from console.rules.shares import ShareRules
from console.rules.ways import RoadMap, way_figures
from console.share.grants import page_path, stream_path

if TYPE_CHECKING:
    from console.hub.hub import Hub

_TOUCHES = (
    ev.RequestReceived, ev.RequestRefused, ev.RequestCamerasChanged, ev.RequestWithdrawn, ev.ShareGranted,
    ev.ShareChanged, ev.ShareRevoked, ev.ShareEnded, ev.ClueGathered,
)  # fmt: skip
_AnyRequest = PicturesAsked | PicturesGivenBack


class HubShares:
    """Everything belongs to the hub's loop but `answer`, `standing` and `is_kept`, which are any thread's."""

    def __init__(self, hub: Hub) -> None:
        """Raises ShareSecretError, OSError."""
        self._hub = hub
        chooser = CameraChooser(hub.profile, RoadMap(hub.profile, way_figures()))
        self.rules = ShareRules(hub.profile, hub.triage.phrase, chooser, self._is_recorded)
        self._tokens = ShareTokens(hub.home)
        self._keeper = GrantKeeper(hub.home, self._taken_back, hub.clock)
        self._lock = threading.Lock()
        #: What partners may be told: by agency and the name they call it by.
        self._known: dict[tuple[str, str], tuple[PictureRequest, Share | None]] = {}

    def start(self, state: CityState) -> None:
        """Write all grants anew from the record and remove those it does not know."""
        for share in state.shares.values():
            self._keeper.put(share, self._tokens.token(share))
        self._keeper.only(state.shares)
        self._remember(state, state.requests.values())
        self._keeper.start()

    def close(self) -> None:
        self._keeper.close()

    def take(self, told: _AnyRequest, done: Callable[[bool], None]) -> None:
        """A partner's message; `done` once what follows of it is on disk."""
        sequencer = self._hub.sequencer
        if isinstance(told, PicturesAsked):
            decision = self.rules.asked(sequencer.state, told, self._hub.clock.now_ns())
        else:
            decision = self.rules.given_back(sequencer.state, told)
        sequencer.propose(decision, lambda seq, problem: done(problem is None))

    def heard(self, state: CityState, entries: list[Entry]) -> None:
        """After the commit: grants follow the record."""
        requests: dict[str, PictureRequest] = {}
        for entry in entries:
            event = entry.event
            if isinstance(event, ev.MasksSet):
                self._hub.sequencer.propose(self.rules.masks_set(state, event.camera_id, entry.seq))
            if not isinstance(event, _TOUCHES):
                continue
            if isinstance(event, ev.ShareGranted):
                share: Share | None = event.share
            else:
                share = state.shares.get(getattr(event, "share_id", ""))
            if share is not None:
                self._keeper.put(share, self._tokens.token(share))
                request = state.requests.get(share.request_id)
            elif isinstance(event, ev.ClueGathered):
                request = state.requests.get(event.clue.uid)
            elif isinstance(event, ev.RequestReceived):
                request = state.requests.get(event.request.id)
            else:
                request = state.requests.get(getattr(event, "request_id", ""))
            if request is not None:
                requests[request.id] = request
        if requests:
            self._remember(state, requests.values())

    def look(self, state: CityState, now_ns: int) -> Decision:
        """Once a second: what is over by time."""
        counters = self._hub.counters
        if self._keeper.problem:
            counters.problems["share_grants"] = self._keeper.problem
        else:
            counters.problems.pop("share_grants", None)
        return self.rules.due(state, now_ns)

    # for the door; any thread

    def is_kept(self, agency: str, message_id: str, wish: PictureWish | None) -> bool | None:
        """Whether the request stands so already; None where the name was used for another request."""
        with self._lock:
            known = self._known.get((agency, message_id))
        if known is None:
            return False
        return True if wish is None or known[0].wish == wish else None

    def answer(self, agency: str, message_id: str) -> PictureAnswer | None:
        """How a request stands, with its links where it was granted; None for one that is not known, or whose
        grant is not written yet.
        """
        with self._lock:
            known = self._known.get((agency, message_id))
        return self._answer(*known) if known is not None else None

    def standing(self, agency: str) -> tuple[PictureAnswer, ...]:
        """What waits or is in force for a partner, newest first, also what was offered to it."""
        with self._lock:
            known = [one for (of, _), one in self._known.items() if of == agency]
        now = self._hub.clock.now_ns()
        live = [
            (request, share)
            for request, share in reversed(known)
            if request.waits or (share is not None and share.in_force and now < share.until_ns)
        ]
        answers = (self._answer(*one) for one in live[:MOST_ANSWERS])
        return tuple(one for one in answers if one is not None)

    def _answer(self, request: PictureRequest, share: Share | None) -> PictureAnswer | None:
        wish = request.wish
        state = self._state(request, share)
        if state == "granted" and share is not None and not self._keeper.is_written(share):
            return None
        url = self._keeper.url
        granted = state == "granted" and share is not None
        token = self._tokens.token(share) if granted and share is not None else ""
        return PictureAnswer(
            about=wish.message_id if request.direction == "inbound" else request.id,
            request_id=request.id, state=state, service=wish.service, place=request.place.name,
            needs=request.needs if request.waits else "", code=request.refusal, reason=request.reason,
            share_id=request.share_id, viewer=share.viewer if share is not None else "",
            purpose=share.purpose if share is not None else "",
            legal_basis=share.legal_basis if share is not None else "",
            until=write_time(share.until_ns) if share is not None else "",
            mark=share.mark if share is not None else "",
            page=url + page_path(token) if token and url else "",
            offered=request.direction == "outbound", incident_id=request.incident,
            cameras=self._cameras(request, share, url, token) if share is not None and granted else (),
            unusable=request.unusable, route=_route(request) if granted else None,
        )  # fmt: skip

    def _state(self, request: PictureRequest, share: Share | None) -> AnswerState:
        if request.stage != "granted":
            return request.stage
        if share is None or share.over_why in ("until", "withdrawn"):
            return "ended"
        if share.over_why == "revoked":
            return "revoked"
        return "granted" if self._hub.clock.now_ns() < share.until_ns else "ended"

    def _cameras(
        self, request: PictureRequest, share: Share, url: str, token: str
    ) -> tuple[AnsweredCamera, ...]:
        profile = self._hub.profile
        offered = {one.camera_id: one for one in request.cameras}
        found = []
        for one in share.cameras:
            camera, told = profile.cameras[one.camera_id], offered.get(one.camera_id)
            live = url + stream_path(token, "live", one.camera_id) if share.live and url else ""
            recorded = share.recorded is not None and url
            found.append(
                AnsweredCamera(
                    id=one.camera_id, name=one.name,
                    position=point_of(profile.devices[one.camera_id].place.position),
                    direction_deg=float(camera.direction_deg), fov_deg=float(camera.fov_deg),
                    distance_m=told.distance_m if told is not None else 0.0,
                    why=told.why if told is not None else "person", live=live,
                    recorded=url + stream_path(token, "recorded", one.camera_id) if recorded else "",
                )
            )
        return tuple(found)

    def _remember(self, state: CityState, requests: object) -> None:
        """What is told of these requests from now on; what the state forgot is forgotten."""
        with self._lock:
            for one in requests:  # type: ignore[attr-defined]
                name = one.wish.message_id if one.direction == "inbound" else one.id
                self._known[(one.agency, name)] = (one, state.shares.get(one.share_id))
            if len(self._known) > 2 * len(state.requests) + 100:
                kept = {one.id for one in state.requests.values()}
                self._known = {key: one for key, one in self._known.items() if one[0].id in kept}

    def _taken_back(self, share_id: str, by: str) -> None:
        def decide() -> None:
            sequencer = self._hub.sequencer
            sequencer.propose(self.rules.revoked_outside(sequencer.state, share_id, by))

        self._hub.call(decide)

    def _is_recorded(self, camera_id: str) -> bool:
        """Whether pictures of today are there, and no recorder says that they have stopped."""
        for standing in self._hub.sequencer.state.recorders.values():
            if any(one.camera_id == camera_id for one in standing.report.missing):
                return False
        return self._keeper.is_recorded(camera_id)


def _route(request: PictureRequest) -> AnsweredRoute | None:
    route = request.route
    if route is None:
        return None
    return AnsweredRoute(
        path=tuple(point_of(one) for one in route.path), length_m=route.length_m, gaps_m=route.gaps_m,
        roads=route.roads[:100],
        traffic=tuple(
            AnsweredTraffic(name=one.name, level=one.level, words=one.words, along_m=one.along_m)
            for one in route.traffic[:100]
        ),
    )  # fmt: skip
