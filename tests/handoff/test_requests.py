"""Messages about pictures mean the same in both formats, and what is hostile is refused by name."""

from __future__ import annotations

import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.clock import SECOND_NS
from console.handoff.caprequests import pictures_format
from console.handoff.requests import (
    AnsweredCamera,
    AnsweredRoute,
    AnsweredTraffic,
    PictureAnswer,
    PicturesListed,
    PicturesReturned,
    Point,
    RequestsError,
)
from console.model.base import Position, Words, same_words
from console.model.picturerequest import PictureWish
from console.model.share import SharedStretch

NOW = 1_774_000_000 * SECOND_NS
FORMATS = pytest.mark.parametrize("name", ["cap", "eido"])
TEXT = st.text(st.characters(categories=("L", "N"), include_characters=" .-·,<&"), max_size=40).map(str.strip)
NAME = st.text(st.characters(categories=("L", "N")), min_size=1, max_size=20)
DEGREES = st.integers(-80_000_000, 80_000_000).map(lambda one: one / 1e6)
POINT = st.builds(Position, lat=DEGREES, lon=DEGREES)
WISHES = st.builds(
    PictureWish, message_id=st.from_regex(r"[A-Z0-9]{1,20}", fullmatch=True), service=NAME, purpose=NAME,
    legal_basis=NAME, position=POINT, radius_m=st.integers(1, 5_000).map(float), person=NAME, place=TEXT,
    from_position=st.none() | POINT, minutes=st.integers(0, 600).map(float),
    recorded=st.none()
    | st.builds(SharedStretch, from_ns=st.integers(NOW - 10**12, NOW), to_ns=st.just(NOW + 1)),
    incident_id=st.sampled_from(["", "I-SU-260320-0001"]), case_ref=TEXT, text=TEXT,
)  # fmt: skip
CAMERA = AnsweredCamera(
    id="CAM-0001", name=Words(en="Gate", ko="문"), position=Point(lat=37.27761234, lon=127.01),
    direction_deg=12.5, fov_deg=70.0, distance_m=20.25, why="sees", live="https://127.0.0.1:1/s/t/live/CAM",
)  # fmt: skip
ANSWER = PictureAnswer(
    about="M1", request_id="Q-1", state="granted", service="fire_dispatch", place=same_words("here"),
    share_id="S-1", viewer="박", purpose="p", legal_basis="b", until="2026-03-20T09:46:40Z", mark="page",
    page="https://127.0.0.1:1/s/t", cameras=(CAMERA,), unusable=2,
    route=AnsweredRoute(
        path=(Point(lat=1.5, lon=2.5), Point(lat=1.25, lon=2.0)), length_m=81.5, gaps_m=2.5,
        roads=(same_words("r"),),
        traffic=(
            AnsweredTraffic(
                name=same_words("n"), level="jam", words=Words(en="Jam", ko="정체"), along_m=3.0
            ),
        ),
    ),
)  # fmt: skip


@FORMATS
@given(wish=WISHES)
def test_a_request_is_read_as_it_was_asked(name: str, wish: PictureWish):
    wire = pictures_format(name)
    heard = wire.read(wire.request(wish, "KR-112", "console", NOW))
    assert heard.said == wish
    assert (heard.message_id, heard.sender, heard.receiver) == (wish.message_id, "KR-112", "console")


@FORMATS
def test_an_answer_is_read_as_it_was_given_and_so_is_a_list_of_them(name: str):
    wire = pictures_format(name)
    heard = wire.read(wire.listing("L1", "KR-112", "console", NOW))
    assert heard.said == PicturesListed()
    refused = msgspec.structs.replace(
        ANSWER, state="refused", code="radius", reason=Words(en="Too far", ko="반경 초과"), cameras=(),
        route=None, page="", share_id="", offered=True,
    )
    assert wire.read_answer(wire.answer((ANSWER, refused), heard, "console", NOW)) == (ANSWER, refused)
    assert wire.read_answer(wire.answer((), heard, "console", NOW)) == ()


@FORMATS
def test_a_return_names_what_is_not_needed_any_more(name: str):
    wire, told = pictures_format(name), PicturesReturned(about="M1", reason="found")
    assert wire.read(wire.give_back("B1", told, "KR-112", "console", NOW)).said == told


BAD_JSON = [
    (lambda m: m.pop("requestForPictures"), "$: must hold exactly one"),
    (lambda m: m.update(listPictures={}), "$: must hold exactly one"),
    (lambda m: m["requestForPictures"].update(radiusM=0), "$.requestForPictures.radius_m: expected metres"),
    (lambda m: m["requestForPictures"].update(radiusM="far"), "$.requestForPictures.radiusM"),
    (lambda m: m["requestForPictures"]["position"].update(lat=91), "$.requestForPictures.position.lat"),
    (lambda m: m["requestForPictures"].update(service=" "), "$.requestForPictures.service: expected 1 to"),
    (lambda m: m["requestForPictures"].update(sql="x"), "sql"),
    (lambda m: m["requestForPictures"].update(recordedFrom="now"), "recordedTo"),
    (lambda m: m.update(sent="yesterday"), "$.sent: is not a time"),
    (lambda m: m.update(receiver="KR-112"), "$.receiver: is the sender itself"),
    (lambda m: m.update(profile="other:1"), "$.profile"),
]  # fmt: skip


def _asked() -> PictureWish:
    return PictureWish(
        message_id="M1", service="s", purpose="p", legal_basis="b", position=Position(lat=37.0, lon=127.0),
        radius_m=300.0, person="Park",
    )


@pytest.mark.parametrize(("spoil", "said"), BAD_JSON)
def test_json_that_is_no_request_is_refused_with_its_path(spoil, said: str):
    wire = pictures_format("eido")
    message = json.loads(wire.request(_asked(), "KR-112", "console", NOW))
    spoil(message)
    with pytest.raises(RequestsError) as caught:
        wire.read(json.dumps(message).encode())
    assert said in str(caught.value)


BAD_CAP = [
    (b"pictures:request", b"pictures:everything", "code: expected"),
    (b"<alert ", b'<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><alert ', "document type"),
    (b"0.300000", b"1e9", "radius"),
    (b"37.000000,127.000000", b"137,127", "circle"),
    (b"<value>true</value>", b"<value>maybe</value>", "live"),
    (b"<valueName>purpose</valueName>", b"<valueName>service</valueName>", "stands there twice"),
    (b"<msgType>Alert</msgType>", b"<msgType>Cancel</msgType>", "references"),
]  # fmt: skip


@pytest.mark.parametrize(("before", "after", "said"), BAD_CAP)
def test_xml_that_is_no_request_is_refused_by_its_element(before: bytes, after: bytes, said: str):
    wire = pictures_format("cap")
    data = wire.request(_asked(), "KR-112", "console", NOW)
    assert before in data
    with pytest.raises(RequestsError) as caught:
        wire.read(data.replace(before, after))
    assert said in str(caught.value)


@FORMATS
@given(data=st.binary(max_size=200))
def test_bytes_of_strangers_are_refused_and_nothing_else_happens(name: str, data: bytes):
    with pytest.raises(RequestsError):
        pictures_format(name).read(data)
