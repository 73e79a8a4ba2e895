"""A disaster message as CAP: valid, complete in both languages, marked as an exercise unless it is real."""

from __future__ import annotations

from pathlib import Path

import pytest
from lxml import etree

from console.broadcast.alert import AlertBuilder
from console.cityname import city_named
from console.clock import SECOND_NS
from console.handoff.cap import CapAlert, CapError, parse, read_time
from console.model.base import Position, Words
from console.model.message import MessageArea, MessageContent
from console.profile import Profile, load_profile
from console.profile.messages import MessageBook, message_book

NOW_NS = 1_774_000_000 * SECOND_NS
FIRE = Words(en="[Suwon City] Fire at the market. Leave.", ko="[수원시] 시장 화재 발생. 대피하십시오.")


@pytest.fixture(scope="module")
def city() -> Profile:
    return load_profile(city_named("suwon"))


@pytest.fixture(scope="module")
def book(city: Profile) -> MessageBook:
    return message_book(city.city, city.country, city.languages)


def content(**changes: object) -> MessageContent:
    told = {
        "level": "emergency", "text": FIRE, "area": MessageArea(), "valid_min": 60, "template": "fire_near",
        **changes,
    }
    return MessageContent(**told)  # type: ignore[arg-type]


def built(
    city: Profile, book: MessageBook, told: MessageContent, references: tuple[str, ...] = (), actual=False
) -> tuple[CapAlert, str]:
    until_ns = NOW_NS + 3600 * SECOND_NS
    cap, sent = AlertBuilder(city, book, actual)(told, "suwon-1", NOW_NS, until_ns, references)
    alert = parse(cap.encode())
    assert alert.sent == sent
    return alert, cap


def test_it_says_what_where_and_until_when_in_both_languages(city: Profile, book: MessageBook):
    district = next(iter(city.districts.values()))
    area = MessageArea(districts=(district.id,))
    alert, cap = built(city, book, content(area=area, incident_id="I-1"))
    assert (alert.status, alert.msg_type, alert.scope) == ("Exercise", "Alert", "Public")
    assert alert.incidents == "I-1"
    assert [one.language for one in alert.info] == ["ko-KR", "en-US"]
    first = alert.info[0]
    assert (first.description, first.severity, first.response_type) == (FIRE.ko, "Severe", ("Evacuate",))
    assert read_time(first.expires) == NOW_NS + 3600 * SECOND_NS
    assert first.event_code[0].value == "긴급재난"
    (place,) = first.area
    assert place.area_desc == district.name.ko
    corners = place.polygon[0].split()
    assert corners[0] == corners[-1]
    assert "kim" not in cap.lower(), "no person of the room is named to the public"


def test_a_drawn_outline_is_closed_and_the_city_s_own_stands_for_no_area(city: Profile, book: MessageBook):
    drawn = (
        Position(lat=37.27, lon=127.0), Position(lat=37.28, lon=127.0), Position(lat=37.28, lon=127.01),
    )  # fmt: skip
    told = content(area=MessageArea(polygon=drawn, name=Words(en="the market", ko="시장 일대")))
    alert, _ = built(city, book, told)
    assert alert.info[0].area[0].area_desc == "시장 일대"
    assert alert.info[0].area[0].polygon == (
        "37.270000,127.000000 37.280000,127.000000 37.280000,127.010000 37.270000,127.000000",
    )
    whole, _ = built(city, book, content())
    assert len(whole.info[0].area[0].polygon) == len(city.districts)


def test_a_real_one_says_so_and_a_cancel_says_it_is_over(city: Profile, book: MessageBook):
    before = "ops@suwon.bongsu,suwon-0,2026-03-20T12:00:00+09:00"
    alert, _ = built(city, book, content(kind="cancel", replaces="M"), (before,), actual=True)
    assert (alert.status, alert.msg_type, alert.references) == ("Actual", "Cancel", before)
    assert (alert.info[0].response_type, alert.info[0].urgency) == (("AllClear",), "Past")
    with pytest.raises(CapError):
        built(city, book, content(kind="update", replaces="M"))


def test_one_language_alone_makes_one_block(city: Profile, book: MessageBook):
    alert, _ = built(city, book, content(text=Words(en="", ko=FIRE.ko)))
    assert len(alert.info) == 1


def test_the_public_schema_takes_every_kind(city: Profile, book: MessageBook, shared_data: Path):
    path = shared_data / "cap" / "cap12.xsd"
    if not path.is_file():
        pytest.skip("the public CAP 1.2 schema is not on this machine")
    schema = etree.XMLSchema(etree.parse(path))
    before = ("ops@suwon.bongsu,suwon-0,2026-03-20T12:00:00+09:00",)
    for told, references in (
        (content(area=MessageArea(districts=tuple(city.districts)[:3])), ()),
        (content(kind="update", replaces="M"), before), (content(kind="cancel", replaces="M"), before),
    ):  # fmt: skip
        _, cap = built(city, book, told, references)
        schema.assertValid(etree.fromstring(cap.encode()))
