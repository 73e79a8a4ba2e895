"""A draft says all a partner needs, on one screen, in both languages, for every type of incident."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from console.handoff.draft import (
    Caller,
    Draft,
    DraftStep,
    Evidence,
    PacketError,
    SeenThing,
    Trend,
    draft_of,
    steps_of,
)
from console.handoff.drafttext import columns, cut, gaps, lead, reading_s, render, rows
from console.handoff.kinds import partner_kinds, read_kind, read_kinds
from console.handoff.phone import check_call, phone_card
from console.handoff.thread.figures import ladder
from console.model.base import Place, Position, Words
from console.model.incident import Incident
from console.model.ladder import PhoneCall
from console.model.procedurerun import ProcedureRun, StepStanding
from console.paths import shipped
from console.profile import load_profile
from console.profile.problems import ProfileError
from tests.handoff.samples import NOW_NS, PLACE
from tests.handoff.thread.town import T0, queued

CITIES = {city: load_profile(city) for city in ("suwon", "glasgow")}
GLASGOW_PLACE = Place(
    name=Words(en="Buchanan Street at Gordon Street", ko="뷰캐넌 스트리트, 고든 스트리트 교차로"),
    position=Position(lat=55.860916, lon=-4.251433), district="city-centre",
    address=Words(en="48 Buchanan Street, Glasgow G1 3JX", ko="글래스고 뷰캐넌 스트리트 48"),
)  # fmt: skip
EVERY = [
    (city, type_id, agency)
    for city, profile in CITIES.items()
    for type_id in profile.incident_types
    for agency in profile.agencies
]
STILL = Evidence(
    description=Words(en="still", ko="정지영상"), mime_type="image/jpeg", uri="https://c/s.jpg", size=9,
    sha1="0" * 40, sha256="0" * 64,
)  # fmt: skip
CALLER = Caller(name="Park", number="010-0000-0000", at_ns=NOW_NS, said="불이 났어요")
TREND = Trend(
    name=Words(en="Smoke density", ko="연기 농도"), unit="%", values=(1, 2, float("nan"), 9, 30),
    from_ns=NOW_NS, until_ns=NOW_NS, limit=12.0,
)  # fmt: skip


STEPS = (
    DraftStep(
        at_ns=NOW_NS + 3_000_000_000, done=True, answer=Words(en="yes", ko="예"),
        text=Words(en="Is anybody inside?", ko="안에 사람이 있습니까?"),
    ),
    DraftStep(at_ns=NOW_NS + 5_000_000_000, done=False, text=Words(en="Close the road", ko="도로 통제")),
)  # fmt: skip


def incident(city: str, type_id: str) -> Incident:
    return Incident(
        id="SW-000001", type=type_id, priority=CITIES[city].incident_types[type_id].priority,
        place=PLACE if city == "suwon" else GLASGOW_PLACE, opened_at_ns=NOW_NS, changed_at_ns=NOW_NS,
        reasons=(Words(en="Smoke beside the stalls", ko="점포 옆 연기"),),
    )  # fmt: skip


def draft(city="suwon", type_id="market_fire", agency="", **fields) -> Draft:
    agency = agency or ("KR-119" if city == "suwon" else "UK-FIRE")
    given = {"callers": (CALLER,), "stills": (STILL,), "clip": STILL, "clip_s": 30.0, "trends": (TREND,)}
    return draft_of(
        incident(city, type_id), agency, CITIES[city], partner_kinds()[agency], "kim", "031-000-0000",
        NOW_NS + 12_000_000_000, **(given | fields),
    )  # fmt: skip


@pytest.mark.parametrize(("city", "type_id", "agency"), EVERY)
def test_every_type_of_incident_fills_every_needed_field_of_every_partner(city, type_id, agency):
    made = draft(city, type_id, agency)
    assert made.gaps == ()
    for language in ("en", "ko"):
        text = render(made, language, ladder())
        assert len(text.splitlines()) <= ladder().draft.lines
        assert max(columns(line) for line in text.splitlines()) <= ladder().draft.columns
        assert made.type_name.in_language(language) in text
        assert f"{made.place.position.lat:.6f}, {made.place.position.lon:.6f}" in text
        assert all(one.label.in_language(language) in text for one in made.fields)
        first = "\n".join(lead(made, language))
        assert reading_s(first, ladder()) <= ladder().draft.read_s
        assert len(first) <= ladder().draft.lead_chars
        assert text.startswith(first)


def test_the_fire_service_gets_the_three_things_a_joint_request_carries():
    fields = {one.id: one for one in draft().fields}
    assert "연기·화재" in fields["1"].text.ko and "정조로 780" in fields["1"].text.ko
    assert fields["2"].text.ko == "진압대·구조대·구급대" and fields["2"].proposed
    assert "031-000-0000" in fields["3"].text.ko and "kim" in fields["3"].text.ko


def test_glasgow_gets_the_six_fields_of_thrive_in_their_order():
    made = draft("glasgow", "violence", "UK-POLICE")
    assert [one.label.en for one in made.fields[:6]] == [
        "Threat", "Harm", "Risk", "Investigation", "Vulnerability", "Engagement",
    ]  # fmt: skip


def test_a_person_says_a_field_and_the_proposal_gives_way():
    made = draft(said={"2": "사다리차"})
    assert [(one.text.ko, one.proposed) for one in made.fields if one.id == "2"] == [("사다리차", False)]
    with pytest.raises(PacketError, match="no field"):
        draft(said={"9": "x"})


def test_what_is_missing_is_named_in_the_draft_and_in_both_languages():
    bare = draft(callers=(), stills=(), clip=None, trends=())
    assert bare.gaps == ("stills", "clip")
    assert gaps(bare, "ko") == ("정지영상", "동영상")
    assert "Missing" in render(bare, "en", ladder())
    nowhere = replace(PLACE, position=Position(lat=0, lon=0), address=None)
    made = draft_of(
        replace(incident("suwon", "market_fire"), place=nowhere, reasons=()), "KR-112", CITIES["suwon"],
        partner_kinds()["KR-112"], "kim", "", NOW_NS,
    )  # fmt: skip
    assert made.gaps == ("address", "place", "seen", "stills", "clip")


def test_an_unknown_agency_or_type_is_refused_by_name():
    for wrong in ({"agency": "KR-999"}, {"type_id": "dragon"}):
        with pytest.raises((PacketError, KeyError), match=r"KR-999|dragon"):
            draft(**wrong)
    with pytest.raises(PacketError, match="dragon"):
        draft_of(
            replace(incident("suwon", "market_fire"), type="dragon"), "KR-112", CITIES["suwon"],
            partner_kinds()["KR-112"], "kim", "", NOW_NS,
        )  # fmt: skip


def test_a_draft_with_too_much_of_everything_still_fits_one_screen_and_counts_the_rest():
    seen = [SeenThing(at_ns=NOW_NS, text=Words(en=f"thing {n} " * 40, ko="긴 글 " * 60)) for n in range(30)]
    made = draft(
        "glasgow", "violence", "UK-POLICE", seen=seen, callers=[CALLER] * 9, trends=[TREND] * 5,
        text="line\x1b[2J one\nline two " * 50,
        steps=(*[replace(STEPS[0], text=seen[0].text)] * 3, STEPS[1]),
    )  # fmt: skip
    for language in ("en", "ko"):
        lines = render(made, language, ladder()).splitlines()
        assert len(lines) <= ladder().draft.lines
        assert max(columns(line) for line in lines) <= ladder().draft.columns
        assert not any("\x1b" in line for line in lines)
    assert "and 7 more" in render(made, "en", ladder())
    assert len(made.trends) == 5  # the message carries all


def test_the_newest_is_shown_first_and_a_trend_shows_its_gap():
    seen = [SeenThing(at_ns=NOW_NS, text=Words(en=one, ko=one)) for one in ("began", "spreads")]
    text = render(draft(seen=seen), "en", ladder())
    assert text.index("spreads") < text.index("began")
    assert "▁▁·▃█ 1 → 30 % (limit 12)" in text


def test_a_draft_says_how_far_the_procedure_is_in_both_languages():
    told = {one.name: one.text for one in rows(draft(steps=STEPS), "en", ladder()) if one.what == "procedure"}
    assert told["Done"].endswith("Is anybody inside? → yes")
    assert told["Open step"].endswith("Close the road")
    assert "안에 사람이 있습니까? → 예" in render(draft(steps=STEPS), "ko", ladder())
    assert not any(one.what == "procedure" for one in rows(draft(), "en", ladder()))


def test_the_last_three_steps_are_told_and_the_open_one_and_nothing_a_person_remarked():
    def step(name: str, at_s: int, **more) -> StepStanding:
        return StepStanding(
            procedure="fire@1.0", step=name, round=0, kind="task", text=Words(en=name, ko=f"{name} 단계"),
            opened_ns=at_s, comment="he was drunk", who="person:kim", **({"closed_ns": at_s} | more),
        )  # fmt: skip

    run = ProcedureRun(
        incident_id="SW-1", procedure="fire@1.0", started_ns=1,
        steps=(
            step("one", 1, state="done"), step("five", 9, state="done"), step("two", 2, state="done"),
            step("skipped", 3, state="skipped"), step("three", 4, state="answered",
            answer_words=Words(en="no", ko="아니오")),
            step("again", 10, state="done", because="earlier"),
            step("beside", 5, state="open"), step("in hand", 6, state="open"),
        ),
    )  # fmt: skip
    told = steps_of(run)
    assert [(one.text.en, one.done) for one in told] == [
        ("two", True), ("three", True), ("five", True), ("in hand", False),
    ]  # fmt: skip
    assert told[1].answer == Words(en="no", ko="아니오")
    assert "drunk" not in str(told) and "kim" not in str(told)
    assert [one.done for one in steps_of(replace(run, ended_ns=11))] == [True] * 3
    assert steps_of(None) == ()


@given(st.text(max_size=60), st.integers(min_value=1, max_value=40))
def test_a_cut_text_is_never_wider_than_asked(text, most):
    assert columns(cut(text, most)) <= most
    assert cut(text, 200) == text


@pytest.mark.parametrize("language", ["en", "ko"])
def test_the_phone_card_says_what_where_and_asks_back(language):
    card = phone_card(draft(), "SW-000001:KR-119:1")
    said = " ".join(one.in_language(language) for one in card.lines)
    expected = [draft().type_name.in_language(language), "37.27751", "127.01693", "010-0000-0000",
                "SW-000001:KR-119:1", "031-000-0000"]  # fmt: skip
    assert [one for one in expected if one not in said] == []
    assert card.number == "119"
    west = phone_card(draft("glasgow", "violence", "UK-POLICE"), "k")
    assert "4.25143 west" in west.lines[1].en and "서경 4.25143" in west.lines[1].ko


def test_a_call_is_kept_only_with_time_name_channel_and_end():
    good = PhoneCall(
        at_ns=T0 + 9, called_at_ns=T0 + 5, person="kim", name="Lee", channel="hotline", outcome="accepted"
    )
    assert check_call(good, queued(), T0 + 10, ladder()) == ()
    for wrong in (
        {"name": " "}, {"channel": "pigeon"}, {"outcome": "maybe"}, {"called_at_ns": T0 - 1},
        {"called_at_ns": T0 + 11}, {"outcome": "refused"}, {"name": "x" * 81}, {"words": "x" * 2001},
    ):  # fmt: skip
        assert len(check_call(replace(good, **wrong), queued(), T0 + 10, ladder())) == 1, wrong
    assert check_call(replace(good, outcome="no_answer", name=""), queued(), T0 + 10, ladder()) == ()


def test_every_partner_of_every_city_has_a_file_and_a_new_partner_is_one_more(tmp_path):
    for profile in CITIES.values():
        assert set(profile.agencies) <= set(partner_kinds())
    text = (shipped("seeds") / "partners" / "eido_room.toml").read_text("utf-8")
    (tmp_path / "busan.toml").write_text(
        text.replace("EIDO-ROOM", "BS-119").replace("eido_room", "busan"), "utf-8"
    )
    assert read_kinds(tmp_path)["BS-119"].format == "eido"
    (tmp_path / "twice.toml").write_text(text.replace("EIDO-ROOM", "BS-119"), "utf-8")
    with pytest.raises(ProfileError, match="BS-119"):
        read_kinds(tmp_path)
    for name in ("a", "b"):
        (tmp_path / f"{name}.toml").write_text("id = 1", "utf-8")
    with pytest.raises(ProfileError) as raised:
        read_kinds(tmp_path)
    assert "partners/a.toml" in str(raised.value) and "partners/b.toml" in str(raised.value)


@pytest.mark.parametrize(
    ("good", "bad", "named"),
    [
        ('format = "cap"', 'format = "fax"', "format"),
        ('from = "callers"', 'from = "rumour"', "from"),
        ('from = "callers"', 'from = "by_category"', "by_category"),
        ("Other = {", "Others = {", "by_category"),
        ('= "accepted"', '= "agreed"', "answers"),
        ('"handoff:closed" = "closed"', "", "closed"),
        ('id = "class"', 'id = "content"', "each id once"),
        ("needed = true", "needed = 1", "needed"),
        ('agencies = ["KR-119"]', 'agencies = ["kr 119"]', "agencies"),
    ],
)
def test_a_partners_file_that_cannot_be_is_named_with_its_key(tmp_path, good, bad, named):
    text = (shipped("seeds") / "partners" / "kr_119.toml").read_text("utf-8")
    assert good in text
    path = tmp_path / "kr_119.toml"
    path.write_text(text.replace(good, bad, 1), "utf-8")
    with pytest.raises(ProfileError) as raised:
        read_kind(path)
    assert "partners/kr_119.toml" in str(raised.value) and named in str(raised.value)
