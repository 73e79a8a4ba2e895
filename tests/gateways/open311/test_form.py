"""A citizen's form becomes a report, or an error that names the field. Nothing else."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from console.gateways.open311.form import Desk, read_form, read_report
from console.gateways.open311.mistakes import GeoError
from console.gateways.open311.whereabouts import Whereabouts
from console.language import load_catalogue
from console.profile import load_profile

FORM = "application/x-www-form-urlencoded"
PROFILE = load_profile("suwon")
CATALOGUE = load_catalogue()
assert PROFILE.reports is not None
DESK = Desk(PROFILE.reports, Whereabouts(PROFILE), "Suwon", 4000, 400, b"secret" * 6)
GOOD = {"service_code": "flooding", "lat": "37.2776", "long": "127.0166", "description": "물이 찼어요"}


def filed(fields: dict[str, str] | list[tuple[str, str]]):
    return read_report(read_form(urlencode(fields).encode(), FORM), DESK, "token-0001", 1, "ko")


def wrong(fields: dict[str, str] | list[tuple[str, str]]) -> tuple[int, str, str]:
    with pytest.raises(GeoError) as caught:
        filed(fields)
    error = caught.value
    words = error.words(CATALOGUE)
    assert words.en and words.ko and "{" not in words.en + words.ko
    return error.code, error.key, error.field


def test_a_report_has_place_district_words_and_who_sent_it_apart():
    found = filed(GOOD | {"phone": "010-1234-5678", "first_name": "Gil-dong", "last_name": "Hong"})
    told = found.told
    assert told.place.district == "paldal" and told.place.name.ko.endswith("부근")
    assert (told.text, told.language, told.has_contact) == ("물이 찼어요", "ko", True)
    assert found.contact is not None and found.contact.name == "Gil-dong Hong"
    assert "1234" not in repr(told) and "Hong" not in repr(told)


def test_the_same_phone_is_the_same_citizen_however_it_is_written_and_a_name_is_nobody():
    one, two = (filed(GOOD | {"phone": phone}).told.citizen for phone in ("010-1234-5678", "010 12345678"))
    assert one == two != ""
    assert filed(GOOD | {"phone": "010-1234-5679"}).told.citizen != one
    assert filed(GOOD | {"first_name": "Kim"}).told.citizen == ""


def test_an_address_alone_is_found_by_street_and_number():
    fields = {"service_code": "litter", "address_string": "수원시 팔달구 정조로 280"}
    told = filed(fields).told
    assert abs(told.place.position.lat - 37.2776) < 0.02 and told.address == "수원시 팔달구 정조로 280"
    assert wrong({"service_code": "litter", "address_string": "Nowhere Street 7"})[1] == "no_such_address"


@pytest.mark.parametrize(
    ("change", "code", "key", "field"),
    [
        ({"service_code": ""}, 400, "missing", "service_code"),
        ({"service_code": "'; DROP TABLE entry;--"}, 404, "unknown_service", "service_code"),
        ({"jurisdiction_id": "dublin.example"}, 404, "unknown_jurisdiction", "jurisdiction_id"),
        ({"lat": "", "long": ""}, 400, "no_place", "lat, long"),
        ({"lat": ""}, 400, "missing", "lat"),
        ({"long": ""}, 400, "missing", "long"),
        ({"lat": "north"}, 400, "not_degrees", "lat"),
        ({"lat": "nan"}, 400, "not_degrees", "lat"),
        ({"lat": "1e1"}, 400, "not_degrees", "lat"),
        ({"lat": "37,2776"}, 400, "not_degrees", "lat"),
        ({"lat": "97.0"}, 400, "not_degrees", "lat"),
        ({"long": "-181"}, 400, "not_degrees", "long"),
        ({"lat": "55.86", "long": "-4.25"}, 400, "outside", "lat, long"),
        ({"lat": "0", "long": "0"}, 400, "outside", "lat, long"),
        ({"description": "x" * 4001}, 400, "too_large", "description"),
        ({"address_string": "x" * 401}, 400, "too_large", "address_string"),
        ({"media_url": "file:///etc/passwd"}, 400, "not_a_link", "media_url"),
        ({"media_url": "javascript:alert(1)"}, 400, "not_a_link", "media_url"),
        ({"media_url": "http://"}, 400, "not_a_link", "media_url"),
        ({"media_url": "http://user:pass@host/x"}, 400, "not_a_link", "media_url"),
        ({"media_url": "http://[::1"}, 400, "not_a_link", "media_url"),
        ({"email": "not an address"}, 400, "not_an_email", "email"),
        ({"phone": "call me"}, 400, "not_a_phone", "phone"),
        ({"attribute[depth]": "to the moon"}, 400, "not_a_choice", "attribute[depth]"),
        ({"attribute[colour]": "red"}, 400, "unknown_attribute", "attribute[colour]"),
        ({"service_code": "lamp_out"}, 400, "missing", "attribute[fault]"),
        ({"service_code": "road_damage", "attribute[depth_cm]": "deep"}, 400, "not_a_number",
         "attribute[depth_cm]"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_with_the_field_named(change, code, key, field):
    assert wrong(GOOD | change) == (code, key, field)


def test_a_field_given_twice_is_refused_and_a_list_takes_several():
    assert wrong([*GOOD.items(), ("lat", "37.3")]) == (400, "twice", "lat")
    several = [("attribute[blocks][]", "hydrant"), ("attribute[blocks][]", "bus_stop")]
    told = filed([*(GOOD | {"service_code": "illegal_parking"}).items(), *several]).told
    assert told.answers[0].values == ("hydrant", "bus_stop")


def test_hostile_text_is_text_and_signs_that_steer_a_screen_are_gone():
    told = filed(GOOD | {"description": "'; DROP TABLE x;-- <script>\x1b[31m\x00\u202ered"}).told
    assert told.text == "'; DROP TABLE x;-- <script>[31mred"


@pytest.mark.parametrize(
    ("body", "kind", "key"),
    [
        (b"description=%ff%fe", FORM, "not_utf8"),
        (b"description=\xb0\xa1", FORM, "not_utf8"),
        (b"a=1", FORM + "; charset=euc-kr", "not_utf8"),
        (b"{}", "application/json", "not_a_form"),
        (b"a=1", "", "not_a_form"),
        (b"&".join(b"a=1" for _ in range(300)), FORM, "too_large"),
    ],
)
def test_a_body_that_is_no_form_in_utf8_is_refused(body, kind, key):
    with pytest.raises(GeoError) as caught:
        read_form(body, kind)
    assert caught.value.key == key


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from([*GOOD, "media_url", "email", "phone", "attribute[depth]", "attribute[x]", "z"]),
            st.one_of(st.text(max_size=30), st.sampled_from(["37.28", "127.01", "flooding", "ankle"])),
        ),
        max_size=8,
    )
)
def test_whatever_comes_it_is_a_report_or_an_error_of_the_standard(fields):
    body = urlencode([(name, value.encode("utf-8", "surrogatepass")) for name, value in fields]).encode()
    error = None
    try:
        found = read_report(read_form(body, FORM), DESK, "token-0001", 1, "en")
    except GeoError as caught:
        error = caught
    if error is None:
        assert found.told.service in DESK.book.services and DESK.where.inside(found.told.place.position)
    else:
        assert error.code in (400, 404, 413) and error.words(CATALOGUE).en
