"""Who gets pictures, decided: by rule, by a second person, for a while, and refused with a reason."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from console.clock import SECOND_NS
from console.language import load_catalogue
from console.model import commands as do
from console.model import events as ev
from console.model import state as fold
from console.model.base import Place, Position, same_words
from console.model.fact import PicturesAsked, PicturesGivenBack
from console.model.fieldstate import FieldState
from console.model.footage import MaskZone
from console.model.picturerequest import PictureWish
from console.model.share import SharedStretch
from console.model.state import CityState
from console.profile import load_profile
from console.rules.cameralist import CameraChooser
from console.rules.city import distance_m, phrase_of
from console.rules.draft import NOTHING, Decision, Refusal
from console.rules.shares import ShareRules
from console.rules.ways import RoadMap, way_figures

NOW = 1_774_000_000 * SECOND_NS
CITY = load_profile("suwon")
CHOOSER = CameraChooser(CITY, RoadMap(CITY, way_figures()))
GATE = Position(lat=37.2776, lon=127.0166)
FAR = Position(lat=37.2850, lon=127.0166)
OPERATOR, SUPERVISOR = "desk-1", next(one.id for one in CITY.desks.values() if one.role == "supervisor")
ZONES = (MaskZone(name="window", points=((0.0, 0.0), (0.2, 0.0), (0.2, 0.2))),)


class Room:
    """The rules over a state that follows what they decide."""

    def __init__(self) -> None:
        self.state, self.seq, self.now = CityState(), 0, NOW
        self.recorded: set[str] = set(CITY.cameras)
        phrase = phrase_of(load_catalogue())
        self.rules = ShareRules(CITY, phrase, CHOOSER, lambda one: one in self.recorded)

    def fold(self, decision: Decision) -> list[str]:
        kinds = []
        for draft in decision.drafts:
            self.seq += 1
            fold.apply(
                self.state,
                ev.Entry(run="r", seq=self.seq, at_ns=self.now, cause=draft.cause, event=draft.event),
            )
            kinds.append(ev.kind_of(draft.event))
        return kinds

    def ask(self, agency: str = "KR-112", **changes: Any) -> list[str]:
        return self.fold(
            self.rules.asked(
                self.state, PicturesAsked(agency=agency, at_ns=self.now, wish=wish(**changes)), self.now
            )
        )

    def order(self, command: do.Command, desk: str = SUPERVISOR, person: str = "Lee") -> Any:
        request = do.Request(
            id=f"R{self.seq}", desk=desk, person=person, sent_ns=self.now, command=command
        )  # type: ignore[arg-type]
        draft = self._draft(person)
        decided = self.rules.decide[type(command)](self.state, request, command, draft, self.now)
        return decided.code if isinstance(decided, Refusal) else self.fold(decided)

    @staticmethod
    def _draft(person: str) -> Any:
        from console.rules.draft import Drafting

        return Drafting(ev.Cause(actor=f"person:{person}"))

    @property
    def request(self) -> Any:
        return list(self.state.requests.values())[-1]

    @property
    def share(self) -> Any:
        return list(self.state.shares.values())[-1]


def wish(**changes: Any) -> PictureWish:
    told = PictureWish(
        message_id="M1", service="emergency_video", purpose="violent_crime", legal_basis="act112",
        position=GATE, radius_m=300.0, person="Park",
    )
    return msgspec.structs.replace(told, **changes)


@pytest.fixture
def room() -> Room:
    return Room()


def test_what_the_law_lets_through_at_once_is_granted_by_rule_with_the_seven_fields_filled(room: Room):
    assert room.ask() == ["request.received", "share.granted"]
    share = room.share
    assert (share.recipient, share.viewer, share.legal_basis) == (
        "경기남부경찰청 112치안종합상황실", "Park", "112신고의 운영 및 처리에 관한 법률",
    )  # fmt: skip
    assert share.purpose == "강력범죄 신고 대응" and share.officer
    assert share.until_ns == NOW + 30 * 60 * SECOND_NS
    assert 1 <= len(share.cameras) <= 12
    assert room.request.stage == "granted" and room.request.person == ""


def test_the_same_message_again_is_the_same_request(room: Room):
    room.ask()
    assert room.ask() == []
    assert room.ask(agency="KR-119", service="fire_dispatch", purpose="fire", legal_basis="act119") == [
        "request.received", "share.granted",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("code", "agency", "changes"),
    [
        ("not_permitted", "KR-119", {}),
        ("unknown_service", "KR-112", {"service": "tax"}),
        ("unknown_purpose", "KR-112", {"purpose": "curiosity"}),
        ("unknown_basis", "KR-112", {"legal_basis": "act119"}),
        ("radius", "KR-112", {"radius_m": 501.0}),
        ("period", "KR-112", {"minutes": 121.0}),
        ("period", "KR-112", {"recorded": SharedStretch(from_ns=NOW - 3601 * SECOND_NS, to_ns=NOW)}),
        ("incident", "KR-112", {"incident_id": "I-9"}),
        ("place", "KR-112", {"position": Position(lat=35.0, lon=129.0)}),
    ],
)  # fmt: skip
def test_what_may_not_be_asked_is_refused_by_rule_and_kept(room: Room, code: str, agency: str, changes: dict):
    assert room.ask(agency, **changes) == ["request.received", "request.refused"]
    assert room.request.refusal == code and room.request.reason.ko
    assert not room.state.shares


def test_without_a_camera_that_is_recorded_and_works_nothing_is_promised(room: Room):
    room.recorded = set()
    assert room.ask() == ["request.received", "request.refused"]
    assert room.request.refusal == "no_cameras" and room.request.unusable > 0


def test_cameras_that_look_at_the_place_come_first_and_broken_ones_are_left_out(room: Room):
    room.ask()
    first = room.request.cameras[0]
    assert [one.why for one in room.request.cameras] == sorted(
        (one.why for one in room.request.cameras), key=["sees", "near"].index
    )
    down = ev.DeviceConditionChanged(device_id=first.camera_id, condition="down", why=same_words("x"))
    room.fold(Decision((_draft(down),)))
    room.ask(message_id="M2")
    assert first.camera_id not in {one.camera_id for one in room.request.cameras}
    assert room.request.unusable == 1


def _draft(event: Any) -> Any:
    from console.rules.draft import Draft

    return Draft(event, ev.Cause(actor="hub"))


def test_dispatch_support_takes_cameras_beside_the_way_and_tells_its_traffic(room: Room):
    loop = next(one for one in CITY.devices if one.startswith("LOOP"))
    near = CITY.devices[loop].place.position
    jam = FieldState(
        rule="traffic", state="jam", grade="watch", words=same_words("Jam"), since_ns=NOW
    )
    room.state.field_states[loop] = jam
    room.ask(
        "KR-119", service="fire_dispatch", purpose="fire", legal_basis="act119", radius_m=500.0,
        position=near, from_position=FAR,
    )
    request = room.request
    assert request.stage == "granted"
    assert {one.why for one in request.cameras} <= {"sees", "way"}
    assert all(one.beside_m <= 40.0 for one in request.cameras if one.why == "way")
    assert all(one.distance_m <= 500.0 for one in request.cameras)
    route = request.route
    assert route is not None and route.length_m >= distance_m(FAR, near) - 1500
    assert len(route.path) >= 2 and route.roads
    assert [one.device_id for one in route.traffic] in ([loop], [])


def test_dispatch_support_without_a_unit_takes_cameras_beside_any_road_within_500_m(room: Room):
    room.ask(service="police_dispatch", purpose="dispatch", radius_m=500.0)
    assert room.request.stage == "granted" and room.request.route is None
    assert {one.why for one in room.request.cameras} <= {"sees", "way"}


VULNERABLE = {"service": "vulnerable", "purpose": "dementia", "legal_basis": "missing9", "radius_m": 500.0}


def test_a_search_for_one_person_waits_for_a_supervisor(room: Room):
    assert room.ask(**VULNERABLE) == ["request.received"]
    asked = room.request
    assert asked.waits and asked.needs == "supervisor"
    assert room.order(do.ApproveRequest(request_id=asked.id), desk=OPERATOR) == "supervisor_only"
    assert room.order(do.ApproveRequest(request_id=asked.id)) == ["share.granted"]
    assert room.share.officer == "Lee" and room.share.mark == "burnt"
    assert room.order(do.ApproveRequest(request_id=asked.id)) == "share_not_waiting"


def test_a_refusal_needs_words_and_ready_ones_are_told_in_both_languages(room: Room):
    room.ask(**VULNERABLE)
    refuse = do.RefuseRequest(request_id=room.request.id, code="too_wide", reason=" ")
    assert room.order(refuse) == "share_refusal_words"
    ready = next(one.text for one in CITY.linked.refusals if one.code == "too_wide")  # type: ignore[union-attr]
    assert room.order(msgspec.structs.replace(refuse, reason=ready.ko)) == ["request.refused"]
    assert room.request.reason == ready and room.request.person == "Lee"


def test_recorded_pictures_need_more_than_live_ones(room: Room):
    stretch = SharedStretch(from_ns=NOW - 600 * SECOND_NS, to_ns=NOW)
    assert room.ask(recorded=stretch) == ["request.received"]
    assert room.request.needs == "supervisor"


def _incident(room: Room) -> str:
    opened = ev.IncidentOpened(
        incident_id="I1", type="violence", priority=1, place=Place(name=same_words("gate"), position=GATE),
        reason=same_words("seen"),
    )
    room.fold(Decision((_draft(opened),)))
    return "I1"


def test_an_offer_is_one_act_and_who_made_it_does_not_approve_it(room: Room):
    offer = do.OfferShare(incident_id=_incident(room), agency="KR-112")
    assert room.order(offer, OPERATOR, "Kim") == ["request.received", "share.granted"]
    assert (room.share.incident_id, room.share.officer, room.share.viewer) == ("I1", "Kim", "112")
    wide = msgspec.structs.replace(offer, service="disaster")
    assert room.order(wide, OPERATOR, "Kim") == ["request.received"]
    approve = do.ApproveRequest(request_id=room.request.id)
    assert room.order(approve, OPERATOR, "Kim") == "share_own_offer"
    assert room.order(approve, OPERATOR, "Choi") == ["share.granted"]
    assert room.order(msgspec.structs.replace(offer, agency="KR-99")) == "share_no_service"
    assert room.order(msgspec.structs.replace(offer, incident_id="I9")) == "unknown_incident"


def test_a_list_is_changed_by_hand_within_the_services_reach(room: Room):
    room.ask(**VULNERABLE)
    asked = room.request
    first = asked.cameras[0].camera_id
    near = next(
        one for one in CITY.cameras
        if one not in {each.camera_id for each in asked.cameras}
        and distance_m(CITY.devices[one].place.position, GATE) < 1500
    )
    far = next(one for one in CITY.cameras if distance_m(CITY.devices[one].place.position, GATE) > 2500)
    change = do.ChangeRequestCameras(request_id=asked.id, camera_ids=(first, near))
    assert room.order(change) == ["request.cameras_changed"]
    assert [one.why for one in room.request.cameras] == [asked.cameras[0].why, "person"]
    assert room.order(msgspec.structs.replace(change, camera_ids=(far,))) == "share_camera_far"
    assert room.order(msgspec.structs.replace(change, camera_ids=())) == "share_cameras"
    assert room.order(msgspec.structs.replace(change, camera_ids=("X",))) == "unknown_device"
    room.order(do.ApproveRequest(request_id=asked.id))
    shown = do.ChangeShareCameras(share_id=room.share.id, camera_ids=(near,))
    assert room.order(shown) == ["share.changed"]
    assert [one.camera_id for one in room.share.cameras] == [near]


def test_masks_follow_into_shares_in_force_unless_they_were_lifted_with_a_reason(room: Room):
    room.ask()
    camera = room.share.cameras[0].camera_id
    room.state.masks[camera] = ZONES
    assert room.fold(room.rules.masks_set(room.state, camera, 1)) == ["share.changed"]
    assert room.share.cameras[0].zones == ZONES
    assert room.rules.masks_set(room.state, camera, 1) == NOTHING
    stretch = SharedStretch(from_ns=NOW - 600 * SECOND_NS, to_ns=NOW)
    room.ask(message_id="M2", recorded=stretch)
    lift = do.ApproveRequest(request_id=room.request.id, lift_masks=True)
    assert room.order(lift) == "no_mask_reason"
    assert room.order(msgspec.structs.replace(lift, reason="face of the offender")) == ["share.granted"]
    assert all(not one.zones for one in room.share.cameras) and room.share.masks_lifted


def test_a_service_that_lets_no_masks_be_lifted_keeps_them(room: Room):
    room.ask(**VULNERABLE)
    lift = do.ApproveRequest(request_id=room.request.id, lift_masks=True, reason="r")
    assert room.order(lift) == "share_masks_stay"


def test_a_share_ends_by_itself_by_the_partner_and_by_one_act(room: Room):
    room.ask(minutes=1.0)
    assert room.rules.due(room.state, NOW + 59 * SECOND_NS) == NOTHING
    assert room.fold(room.rules.due(room.state, NOW + 60 * SECOND_NS)) == ["share.ended"]
    assert room.share.over_why == "until"
    room.ask(message_id="M2")
    back = PicturesGivenBack(agency="KR-112", at_ns=NOW, message_id="M2", reason="found")
    assert room.fold(room.rules.given_back(room.state, back)) == ["share.ended"]
    assert room.rules.given_back(room.state, back) == NOTHING
    stranger = msgspec.structs.replace(back, agency="KR-119")
    room.ask(message_id="M3")
    assert room.rules.given_back(room.state, msgspec.structs.replace(stranger, message_id="M3")) == NOTHING
    revoke = do.RevokeShare(share_id=room.share.id, reason=" ")
    assert room.order(revoke) == "share_revoke_reason"
    assert room.order(msgspec.structs.replace(revoke, reason="over")) == ["share.revoked"]
    assert room.order(msgspec.structs.replace(revoke, reason="over")) == []
    assert room.share.over_by == "Lee"


def test_a_request_that_waits_can_be_given_back(room: Room):
    room.ask(**VULNERABLE)
    back = PicturesGivenBack(agency="KR-112", at_ns=NOW, message_id="M1", reason="found")
    assert room.fold(room.rules.given_back(room.state, back)) == ["request.withdrawn"]
    assert room.request.stage == "withdrawn"


def test_a_partner_gone_mad_does_not_fill_the_list(room: Room):
    for number in range(51):
        room.ask(message_id=f"M{number}", **VULNERABLE)
    assert room.request.refusal == "too_many"
    assert sum(one.waits for one in room.state.requests.values()) == 50


@pytest.mark.parametrize("city", ["suwon", "glasgow"])
def test_each_service_of_each_city_gives_pictures_near_a_camera_or_waits_for_who_must_approve(city: str):
    profile = CITY if city == "suwon" else load_profile(city)
    roads = RoadMap(profile, way_figures())
    chooser = CameraChooser(profile, roads)
    rules = ShareRules(profile, phrase_of(load_catalogue()), chooser, lambda one: True)
    near = profile.devices[next(iter(profile.cameras))].place.position
    for service in profile.services.values():
        asked = wish(
            service=service.id, purpose=service.purposes[0].id, legal_basis=service.bases[0], position=near,
            radius_m=service.radius_m,
        )
        told = PicturesAsked(agency=service.agencies[0], at_ns=NOW, wish=asked)
        kinds = [ev.kind_of(one.event) for one in rules.asked(CityState(), told, NOW).drafts]
        granted = ["request.received", "share.granted"]
        assert kinds == (["request.received"] if service.approval else granted), service.id
