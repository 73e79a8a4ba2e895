"""Pictures asked for by a partner or offered to one, and the shares that came of it.

A request is kept as it was asked, with the cameras a rule chose for it. A share is a `ShareGrant` less all
that is secret: what the record and the window may know.
"""

from __future__ import annotations

from math import isfinite
from typing import Literal

from console.model.base import Place, Position, Record, Words
from console.model.share import (
    MasksWay,
    SharedCamera,
    SharedStretch,
    ShareMark,
)

RequestDirection = Literal["inbound", "outbound"]
"""inbound: the partner asked. outbound: somebody of ours offers."""
RequestStage = Literal["waiting", "granted", "refused", "withdrawn"]
RefusalCode = Literal[
    "not_permitted", "unknown_service", "unknown_purpose", "unknown_basis", "radius", "period", "place",
    "incident", "no_cameras", "too_many", "no_basis", "too_wide", "not_needed", "other",
]  # fmt: skip
"""Why a partner gets no pictures. The last four are a person's: no legal basis, more than is needed, not
needed any more, another reason in words. The others are found by rule."""
PERSONS_REFUSALS: tuple[RefusalCode, ...] = ("no_basis", "too_wide", "not_needed", "other")
ChosenWhy = Literal["sees", "way", "near", "person"]
"""sees: the place lies in its view. way: it stands beside the way there. person: added by hand."""
ShareEnd = Literal["until", "revoked", "withdrawn"]

LONGEST_ID = 128
LONGEST_NOTE = 2_000
MOST_WAY_POINTS = 200
KEEP_REQUESTS = 300
KEEP_SHARES = 300
"""How many that are over stay in memory; the record has them all."""


class OfferedCamera(Record, frozen=True, kw_only=True):
    """A camera of a request's list. `beside_m` is how far it stands from the way, -1 where there is none."""

    camera_id: str
    why: ChosenWhy
    distance_m: float
    beside_m: float = -1.0


class RouteTraffic(Record, frozen=True, kw_only=True):
    """How the traffic stands on a road beside the way: `level` as the field's rules name it."""

    device_id: str
    name: Words
    level: str
    words: Words
    along_m: float


class Route(Record, frozen=True, kw_only=True):
    """The way to the scene over the city's roads. `roads` by name, in order; no path: none was found.
    `gaps_m` of it lead over ground where no road is drawn.
    """

    path: tuple[Position, ...]
    length_m: float
    gaps_m: float = 0.0
    roads: tuple[Words, ...] = ()
    traffic: tuple[RouteTraffic, ...] = ()


class PictureWish(Record, frozen=True, kw_only=True):
    """What is asked, in the asker's words and the ids of the city's services.

    `position` and `radius_m` say where; `from_position` is where the unit is that drives there. `message_id`
    is the partner's own name for the request: the same one is the same request. `minutes` 0: as the service
    has it. `recorded`: also what was recorded then. `incident_id` is ours, `case_ref` the partner's.
    """

    message_id: str
    service: str
    purpose: str
    legal_basis: str
    position: Position
    radius_m: float
    person: str
    place: str = ""
    from_position: Position | None = None
    minutes: float = 0.0
    live: bool = True
    recorded: SharedStretch | None = None
    incident_id: str = ""
    case_ref: str = ""
    text: str = ""


class PictureRequest(Record, frozen=True, kw_only=True):
    """A request as it stands. `needs` is the right that must approve it, "" for none.

    `place` is `wish.position` as a person here would say it. `unusable` cameras were left out because they
    do not work. `person` is whose act it was last; empty where a rule decided.
    """

    id: str
    direction: RequestDirection
    agency: str
    wish: PictureWish
    place: Place
    at_ns: int
    cameras: tuple[OfferedCamera, ...] = ()
    unusable: int = 0
    route: Route | None = None
    needs: Literal["", "operator", "supervisor"] = ""
    certificate_sha256: str = ""
    offered_by: str = ""
    stage: RequestStage = "waiting"
    decided_ns: int = 0
    person: str = ""
    refusal: RefusalCode | Literal[""] = ""
    reason: Words | None = None
    share_id: str = ""
    incident_id: str = ""
    """Where the correlation found that it belongs, if the partner named no incident."""

    @property
    def incident(self) -> str:
        """The incident it belongs to: the one that was named, else the one that was found; "" for none."""
        return self.wish.incident_id or self.incident_id

    @property
    def waits(self) -> bool:
        return self.stage == "waiting"


class Share(Record, frozen=True, kw_only=True):
    """What was let out, to whom, until when; `ShareGrant` without its digest.

    `masks_lifted`: shown without masks, for the reason in it; empty where they stay. `views` and `seen_ns`:
    how many views there were, and when the last began.
    """

    id: str
    request_id: str
    service: str
    agency: str
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
    masks_lifted: str = ""
    incident_id: str = ""
    networks: tuple[str, ...] = ()
    certificate_sha256: str = ""
    most_views: int = 4
    over_ns: int = 0
    over_why: ShareEnd | Literal[""] = ""
    over_by: str = ""
    over_reason: str = ""
    views: int = 0
    seen_ns: int = 0
    refused: int = 0

    @property
    def in_force(self) -> bool:
        """Whether nobody has ended it and it was not told as over; by itself it ends at `until_ns`."""
        return not self.over_ns


def wish_problem(wish: PictureWish) -> str:
    """Why this cannot be a request, naming the field; empty when it can. Pure."""
    for field in ("message_id", "service", "purpose", "legal_basis", "person"):
        text = getattr(wish, field)
        if not text.strip() or len(text) > LONGEST_ID or not text.isprintable():
            return f"{field}: expected 1 to {LONGEST_ID} characters that can be printed"
    for field in ("incident_id", "case_ref", "place"):
        text = getattr(wish, field)
        if len(text) > LONGEST_ID or not (text.isprintable() or not text):
            return f"{field}: expected at most {LONGEST_ID} characters that can be printed"
    if len(wish.text) > LONGEST_NOTE:
        return f"text: expected at most {LONGEST_NOTE} characters"
    for field, point in (("position", wish.position), ("from_position", wish.from_position)):
        # Written so that a value that is not a number is outside.
        if point is not None and not (
            isfinite(point.lat) and abs(point.lat) <= 90 and abs(point.lon) <= 180
        ):
            return f"{field}: expected degrees of latitude and longitude"
    if not 0 < wish.radius_m <= 1e6:
        return "radius_m: expected metres above 0"
    if not 0 <= wish.minutes <= 43_200:
        return "minutes: expected 0 to 43200"
    if not wish.live and wish.recorded is None:
        return "live, recorded: expected one of them, or both"
    if wish.recorded is not None and not 0 < wish.recorded.from_ns < wish.recorded.to_ns:
        return "recorded: expected a beginning before its end"
    return ""
