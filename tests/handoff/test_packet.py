"""The message of a hand-off says what the console knows, in the city's languages, and is always sendable."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from console.handoff import packet, rules
from console.handoff.cap import max_bytes, parse
from console.handoff.packet import Evidence, PacketError
from console.model.base import Place, Position, Words
from console.model.incident import Note
from tests.handoff.samples import NOW_NS, SUWON, City, incident, message


def built(city=SUWON, agency="KR-112", text="의식 없음", **changes):
    key = f"SW-000001:{agency}:1"
    data = packet.build(incident(**changes), "H1", key, 1, agency, city, "kim", text, NOW_NS)
    alert = parse(data)
    assert rules.check_handoff(alert) == []
    return alert


def pairs(items):
    return [(one.value_name, one.value) for one in items]


def test_the_key_names_the_message_and_the_incident_is_its_thread():
    alert = built()
    assert alert.identifier == "SW-000001:KR-112:1"
    assert (alert.incidents, alert.addresses, alert.scope) == ("SW-000001", "KR-112", "Private")
    assert (alert.status, alert.msg_type, alert.code) == ("Exercise", "Alert", ("handoff:v1",))
    assert alert.sent == "2026-03-20T18:46:40+09:00"
    assert alert.source == "kim"


def test_it_is_said_in_each_language_of_the_city_the_first_one_first():
    korean, english = built().info
    assert (korean.language, english.language) == ("ko-KR", "en-GB")
    assert (korean.event, english.event) == ("쓰러진 사람", "Person collapsed")
    assert korean.headline == "쓰러진 사람: 화성 팔달문 북측"
    assert korean.sender_name == "수원시"
    assert "사람이 쓰러져 누워 있음" in korean.description
    assert "A person fell and lies" in english.description


def test_the_operators_own_words_come_first_and_in_every_language():
    for info in built(text="파란 옷, 움직이지 않음").info:
        lines = info.description.splitlines()
        assert "kim" in lines[0]
        assert lines[1] == "파란 옷, 움직이지 않음"


def test_the_place_is_words_a_circle_and_the_cameras_that_see_it():
    area = built().info[0].area[0]
    assert area.area_desc == "화성 팔달문 북측 (팔달구 정조로 780)"
    assert area.circle == ("37.277512,127.016933 0.1",)
    assert pairs(area.geocode) == [
        ("CAMERA", "CAM-0007"), ("CAMERA", "CAM-0008"), ("ADDRESS", "팔달구 정조로 780"),
    ]  # fmt: skip
    assert ("camera-name:CAM-0007", "팔달문 북측") in pairs(built().info[0].parameter)


def test_sensor_facts_travel_as_parameters():
    said = pairs(built().info[1].parameter)
    assert {("signal", "eyes:77"), ("device", "BELL-3"), ("fact", "A person fell and lies"),
            ("priority", "1"),
            ("district", "paldal"), ("handoff-id", "H1"), ("handoff-revision", "1")} <= set(said)  # fmt: skip


@pytest.mark.parametrize(
    ("priority", "urgency", "severity", "certainty"),
    [
        (1, "Immediate", "Extreme", "Observed"), (2, "Immediate", "Severe", "Observed"),
        (3, "Expected", "Moderate", "Likely"), (4, "Expected", "Minor", "Possible"),
        (9, "Expected", "Minor", "Possible"),
    ],
)  # fmt: skip
def test_the_three_scales_follow_the_priority(priority, urgency, severity, certainty):
    info = built(priority=priority).info[0]
    assert (info.urgency, info.severity, info.certainty) == (urgency, severity, certainty)


def test_the_partners_own_grade_is_said_where_the_type_has_one():
    assert ("KR-112-CODE", "1") in pairs(built().info[0].event_code)
    assert ("KR-112-CODE", "0") in pairs(built(type="smoke").info[0].event_code)
    assert pairs(built(type="lamps").info[0].event_code) == [("BONGSU-TYPE", "lamps")]


def test_a_british_partner_is_told_its_own_grade():
    glasgow = City(name=Words(en="Glasgow", ko="글래스고"), languages=("en",), time_zone="Europe/London")
    kind = glasgow.incident_types["fall"]
    kinds = {"fall": type(kind)(kind.id, kind.name, kind.category, "Immediate")}
    alert = built(City(glasgow.name, ("en",), "Europe/London", incident_types=kinds), "UK-POLICE")
    assert [info.language for info in alert.info] == ["en-GB"]
    assert ("UK-GRADE", "Immediate") in pairs(alert.info[0].event_code)
    assert alert.sent.endswith("+00:00")


def test_evidence_is_a_resource_with_both_digests():
    clip = Evidence(
        description=Words(en="Ten seconds before", ko="10초 전"), mime_type="video/mp4", size=81234,
        uri="https://console.invalid/clips/7", sha1="a" * 40, sha256="b" * 64,
    )  # fmt: skip
    data = packet.build(incident(), "H1", "K:1", 1, "KR-112", SUWON, "kim", "", NOW_NS, evidence=(clip,))
    info = parse(data).info[0]
    resource = info.resource[0]
    assert (resource.uri, resource.digest, resource.size) == (clip.uri, clip.sha1, "81234")
    assert (f"sha256:{clip.uri}", clip.sha256) in pairs(info.parameter)


def test_ten_thousand_characters_arrive_whole():
    text = "가나다라마바사아자차" * 1000
    assert text in built(text=text).info[0].description


def test_a_text_too_long_to_send_is_refused_with_its_length():
    with pytest.raises(PacketError, match="20001 characters; at most 20000"):
        built(text="x" * 20_001)


def test_notes_too_many_to_send_leave_the_newest_and_say_how_many_are_missing():
    notes = tuple(Note(at_ns=NOW_NS, person="lee", text=f"{number}: " + "x" * 3000) for number in range(50))
    info = built(notes=notes).info[1]
    assert "49: xxx" in info.description
    assert "44 older notes are not in this message" in info.description
    assert "\n43: xxx" not in info.description


def test_facts_too_many_to_send_are_counted():
    said = pairs(built(device_ids=tuple(f"LAMP-{number}" for number in range(500))).info[0].parameter)
    assert ("device-count", "500") in said
    assert sum(name == "device" for name, _ in said) == 60


def test_the_largest_hand_off_still_fits_through_a_door():
    """Every part as large as it may be, in two languages, each character three bytes."""
    data = packet.build(
        incident(
            notes=tuple(Note(at_ns=NOW_NS, person="이" * 20, text="가" * 1900) for _ in range(20)),
            reasons=tuple(Words(en="나" * 300, ko="나" * 300) for _ in range(80)),
            signal_uids=tuple("s" * 100 + str(number) for number in range(80)),
        ),
        "H1", "K:1", 1, "KR-112", SUWON, "kim", "다" * 20_000, NOW_NS,
    )  # fmt: skip
    assert len(data) < max_bytes()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"agency": "KR-110"}, "'KR-110' is not in this city"),
        ({"type": "flood"}, "'flood' is not in this city"),
    ],
)
def test_what_the_city_does_not_have_is_refused(changes, said):
    with pytest.raises(PacketError, match=said):
        built(**changes)


def test_a_key_that_cap_forbids_is_refused():
    with pytest.raises(PacketError, match="identifier"):
        packet.build(incident(), "H1", "key with spaces", 1, "KR-112", SUWON, "kim", "", NOW_NS)


def test_the_same_arguments_give_the_same_bytes():
    assert message() == message()


def test_a_place_outside_any_map_is_refused_not_sent():
    nowhere = Place(name=Words(en="x", ko="x"), position=Position(lat=float("nan"), lon=0.0))
    with pytest.raises(PacketError, match="circle"):
        built(place=nowhere)


@given(st.text(max_size=300), st.text(max_size=60), st.text(max_size=60))
@settings(max_examples=150)
def test_whatever_a_person_types_can_be_sent(text, person, note):
    """Control characters, half characters, markup: shown as they are or as a replacement sign, never
    refused.
    """
    data = packet.build(
        incident(notes=(Note(at_ns=NOW_NS, person=person, text=note),)), "H1", "K:1", 1, "KR-112", SUWON,
        person, text,
        NOW_NS,
    )  # fmt: skip
    alert = parse(data)
    assert rules.check_handoff(alert) == []
    if text.strip() and text.isprintable():
        assert text in alert.info[0].description


@pytest.mark.needs_shared_data
@given(st.text(max_size=100), st.integers(1, 4), st.sampled_from(["fall", "smoke", "lamps"]))
@settings(max_examples=50)
def test_every_hand_off_is_valid_against_the_public_schema(valid, text, priority, kind):
    data = packet.build(
        incident(type=kind, priority=priority), "H1", "K:1", 1, "KR-119", SUWON, "kim", text, NOW_NS
    )
    assert valid(data) == ""
