"""A wish for pictures made into a request: its place, its cameras, who must approve it, why it is refused."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Literal

from console.clock import SECOND_NS
from console.model.base import Place, Words, same_words
from console.model.picturerequest import OfferedCamera, PictureRequest, PictureWish, RefusalCode
from console.model.state import CityState
from console.profile.profile import Profile
from console.profile.services import LinkedService
from console.rules.cameralist import CameraChooser
from console.rules.city import Phrase

MINUTE_NS = 60 * SECOND_NS
Needs = Literal["", "operator", "supervisor"]
Usable = Callable[[str], bool]


class RequestMaker:
    """For one city. One thread."""

    def __init__(self, profile: Profile, phrase: Phrase, chooser: CameraChooser, usable: Usable) -> None:
        """`usable`: whether a camera is recorded, so that something can be seen of it."""
        self._profile, self._phrase, self._chooser, self._usable = profile, phrase, chooser, usable

    def request(
        self, state: CityState, direction: Literal["inbound", "outbound"], agency: str, wish: PictureWish,
        now_ns: int, offered_by: str = "",
    ) -> tuple[PictureRequest, tuple[RefusalCode, Words] | None]:  # fmt: skip
        """The request with its cameras, and why it is refused where a rule says so."""
        place = self._chooser.place_of(wish)
        service = self._profile.services.get(wish.service)
        refused = self._problem(state, agency, service, wish, now_ns)
        if refused is None and place is None:
            refused = self.refusal("place")
        cameras: tuple[OfferedCamera, ...] = ()
        unusable, route = 0, None
        needs: Needs = ""
        if refused is None and service is not None:
            found = self._chooser.choose(state, service, wish, self._usable)
            cameras, unusable, route = found
            needs = needed(service, wish)
            if not cameras:
                refused = self.refusal("no_cameras", radius=f"{wish.radius_m:g}", unusable=str(unusable))
        request = PictureRequest(
            id=next_id(self._profile.city, "Q", state.request_count, now_ns), direction=direction,
            agency=agency, wish=wish,
            place=place or _bare(wish), at_ns=now_ns, cameras=cameras, unusable=unusable, route=route,
            needs=needs, offered_by=offered_by,
        )  # fmt: skip
        return request, refused

    def _problem(
        self, state: CityState, agency: str, service: LinkedService | None, wish: PictureWish, now_ns: int
    ) -> tuple[RefusalCode, Words] | None:
        if service is None:
            return self.refusal("unknown_service", service=wish.service)
        if agency not in service.agencies:
            return self.refusal("not_permitted", en=(service.name.en,), ko=(service.name.ko,))
        if wish.purpose not in {one.id for one in service.purposes}:
            return self.refusal("unknown_purpose", purpose=wish.purpose)
        if wish.legal_basis not in service.bases:
            return self.refusal("unknown_basis", basis=wish.legal_basis)
        if wish.radius_m > service.most_radius_m:
            return self.refusal("radius", radius=f"{wish.radius_m:g}", most=f"{service.most_radius_m:g}")
        if wish.minutes > service.most_minutes:
            return self.refusal("period", most=f"{service.most_minutes:g}")
        if wish.live and not service.live:
            return self.refusal("period", most="0")
        stretch = wish.recorded
        if stretch is not None and (
            stretch.from_ns < now_ns - int(service.recorded_minutes * MINUTE_NS)
            or stretch.to_ns > now_ns + MINUTE_NS
        ):
            return self.refusal("recorded", most=f"{service.recorded_minutes:g}")
        if (wish.incident_id or service.needs_incident) and wish.incident_id not in state.incidents:
            return self.refusal("incident", incident=wish.incident_id or "-")
        return None

    def refusal(
        self, code: str, en: tuple[str, ...] = (), ko: tuple[str, ...] = (), **fields: str
    ) -> tuple[RefusalCode, Words]:
        words = self._phrase(f"share.refusal.{code}", en=en, ko=ko, **fields)
        named: RefusalCode = "period" if code == "recorded" else code  # type: ignore[assignment]
        return named, words


def next_id(city: str, letter: str, count: int, now_ns: int) -> str:
    """Letter, city, day (UTC) and a number that does not start again: readable over the phone."""
    day = time.strftime("%y%m%d", time.gmtime(now_ns // SECOND_NS))
    return f"{letter}-{city[:2].upper()}-{day}-{count + 1:05d}"


def needed(service: LinkedService, wish: PictureWish) -> Needs:
    """Who must approve: for recorded pictures possibly somebody with more rights than for live ones."""
    told = {service.approval} | ({service.approval_recorded} if wish.recorded is not None else set())
    return "supervisor" if "supervisor" in told else "operator" if "operator" in told else ""


def _bare(wish: PictureWish) -> Place:
    """A point beyond the city, in its own words."""
    name = wish.place or f"{wish.position.lat:.5f}, {wish.position.lon:.5f}"
    return Place(name=same_words(name), position=wish.position)
