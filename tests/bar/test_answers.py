"""What a line in the bar means, in both languages, and whether it can be done now."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from console.bar.figures import bar_figures
from console.bar.history import History
from console.bar.verbs import VERBS, Verbs
from console.model.base import same_words
from console.model.citystate import DeviceState
from console.model.ladder import CancelRequest
from console.model.state import CityState
from tests.bar.city import answers, catalogue, incident, offers, situation, thread

CITY_HALL = "Suwon City Hall"


@pytest.mark.parametrize(("text", "verb", "rest"), [
    ("cam 123", "cam", "123"), ("/cam 123", "cam", "123"), ("cam123", "cam", "123"),
    ("카메라 123", "cam", "123"), ("캠123", "cam", "123"), ("GO city hall", "go", "city hall"),
    ("이동 시청", "go", "시청"), ("ack", "ack", ""),
    ("city hall", "", "city hall"), ("camera", "cam", ""), ("", "", ""), ("/", "", ""), ("카메", "", "카메"),
    ("119 인계", "hand", "119"), ("공원 카메라", "cam", "공원"), ("city go", "", "city go"),
    ("카메라 공원 이동", "cam", "공원 이동"),
])  # fmt: skip
def test_a_line_begins_with_a_verb_of_either_language_or_with_none(text: str, verb: str, rest: str):
    for language in ("en", "ko"):
        typed = Verbs(catalogue(language)).read(text)
        assert (typed.verb, typed.rest) == (verb, rest)


def test_no_word_calls_two_verbs():
    verbs = Verbs(catalogue("en"))
    spoken = [one for verb in VERBS for one in verbs.spoken(verb)]
    assert len(spoken) == len(set(spoken)) and all(verbs.read(one).verb for one in spoken)


def test_an_empty_line_offers_what_was_used_last_and_then_every_command():
    history = History(5)
    history.used("cam 7", "camera", "CAM-1")
    found = answers(history=history).offers("", situation())
    assert [one.kind for one in found] == ["past"] + ["verb"] * len(VERBS)
    assert found[0].fill == "cam 7" and all(one.fills for one in found)


def test_the_beginning_of_a_command_offers_it():
    assert offers("ca")[0].fill == "cam " and offers("카메", "ko")[0].fill == "카메라 "
    assert "카메라 " in [one.fill for one in offers("ㅋ", "ko")]


# cameras, places, devices


def test_a_number_calls_its_cameras_and_only_cameras():
    found = offers("cam 123")
    assert found and all(one.kind == "camera" and one.id.endswith("0123") for one in found[:4])
    assert found[0].ids == (found[0].id,) and found[0].id in found[0].does


def test_several_numbers_are_one_offer_and_an_unknown_one_is_told():
    (found,) = offers("cam 12 40 7")
    assert len(found.ids) == 3 and not found.refused
    (found,) = offers("cam 12 999999")
    assert "999999" in found.refused


def test_more_numbers_than_a_wall_has_panes_are_left():
    (found,) = offers("cam " + " ".join(map(str, range(1, 40))))
    assert len(found.ids) <= bar_figures().answers.numbers


@pytest.mark.parametrize("text", [
    "go city hall", "이동 시청", "go suwon city hall", "이동 수원시청에서", "city hall",
])  # fmt: skip
def test_the_city_s_own_hall_comes_before_what_else_is_called_so(text: str):
    assert offers(text)[0].title == CITY_HALL


@pytest.mark.parametrize(("text", "title"), [
    ("이동 ㅍㄷㅁ", "팔달문"), ("팔달무", "팔달문"), ("시청에서", "수원시청"),
    ("go 37.2775, 127.017", "37.27750"),
])  # fmt: skip
def test_korean_as_it_is_typed_and_coordinates(text: str, title: str):
    assert offers(text, "ko")[0].title.startswith(title)


def test_a_device_opens_its_controls_or_its_upkeep_and_says_which():
    gauge, lamp = offers("device UND-0001")[0], offers("device speaker")[0]
    assert gauge.id == "UND-0001" and "Upkeep" in gauge.does and "controls" in lamp.does


def test_a_device_that_is_down_says_so():
    state = situation().state
    state.devices = {"UND-0001": DeviceState(condition="down", since_ns=1, why=same_words("x"))}
    assert offers("device UND-0001", state=state)[0].detail.endswith("down")


@pytest.mark.parametrize("text", ["chart UND-0001 depth", "그래프 UND-0001 침수", "chart depth UND-0001"])
def test_a_curve_is_a_device_s_and_a_quantity_s(text: str):
    found = offers(text)
    assert [one.id for one in found] == ["UND-0001/water_depth_cm"]


def test_a_quantity_alone_offers_the_nearest_curves():
    assert {one.kind for one in offers("chart depth")} == {"chart"}


def test_before_the_names_are_read_acts_and_incidents_are_there_already():
    early = answers()
    early.take_names(None)
    assert not early.knows_names
    assert early.offers("full screen", situation())[0].kind == "act"
    assert early.offers("ack", situation())[0].id == "SU-1"
    assert early.offers("go city hall", situation())[0].kind == "verb"


# incidents and what is done with them


def test_an_incident_is_found_by_id_type_and_place_closed_ones_last():
    assert [one.id for one in offers("inc SU-2")] == ["SU-2"]
    assert [one.id for one in offers("inc 화재")] == ["SU-1", "SU-3"]
    assert offers("inc paldalmun")[0].id == "SU-1"


def test_without_words_the_open_incident_is_acknowledged_first_and_a_closed_one_never():
    assert [one.id for one in offers("ack", open_incident="SU-2")] == ["SU-2", "SU-1"]
    assert [one.id for one in offers("ack", open_incident="SU-1")] == ["SU-1", "SU-2"]


def test_what_is_mine_already_is_not_acknowledged_again():
    mine, new = offers("ack SU-2")[0], offers("ack SU-1")[0]
    assert mine.refused and not new.refused and "SU-1" in new.does


def test_a_hand_off_is_prepared_for_the_open_incident_or_the_one_that_is_named():
    open_one = offers("hand 119", open_incident="SU-2")
    assert [(one.id, one.ids) for one in open_one] == [("SU-2", ("KR-119",))]
    assert "nothing is sent yet" in open_one[0].does
    assert [(one.id, one.ids) for one in offers("인계 112 SU-1")] == [("SU-1", ("KR-112",))]
    assert {one.ids for one in offers("hand", open_incident="SU-1")} == {("KR-112",), ("KR-119",)}


def with_thread(**other: Any) -> CityState:
    """SU-1 was given to 119."""
    state = situation().state
    state.incidents["SU-1"] = incident("SU-1", handoff_ids=("h1",))
    state.threads = {"h1": thread("h1", "SU-1", "KR-119", **other)}
    return state


@pytest.mark.parametrize(("said", "refused"), [("", True), ("accepted", True), ("refused", False)])
def test_an_agency_that_has_it_is_not_asked_again(said: str, refused: bool):
    state = with_thread(said=said)
    found = offers("hand 119 SU-1", state=state)
    assert bool(found[0].refused) == refused
    assert not offers("hand 112 SU-1", state=state)[0].refused


def test_both_at_once_are_the_partners_of_the_type_that_do_not_have_it():
    (found,) = offers("joint SU-1")
    assert (found.kind, found.ids) == ("hand_off", ("KR-119", "KR-112")) and not found.refused
    (found,) = offers("공동대응 SU-1", "ko", state=with_thread())
    assert found.refused == "지금 동시에 인계할 기관이 둘 이상 없습니다"


def test_a_transfer_goes_from_the_partner_that_has_it_to_another():
    (found,) = offers("이관 112", state=with_thread(), open_incident="SU-1")
    assert (found.kind, found.other, found.ids) == ("transfer", "h1", ("KR-112",))
    assert offers("transfer", open_incident="SU-1")[0].refused == "no partner has the open incident"
    assert offers("transfer 112")[0].refused == "no incident is open"


def test_words_go_to_the_partner_that_is_named_or_to_each():
    state = with_thread()
    for line in ("tell 119 two on the roof", "tell two on the roof"):
        (found,) = offers(line, state=state, open_incident="SU-1")
        assert (found.kind, found.other, found.text, found.refused) == ("tell", "h1", "two on the roof", "")
    assert offers("tell 119", state=state, open_incident="SU-1")[0].refused == "the words are missing"


def test_a_request_to_cancel_needs_a_reason_and_is_made_once():
    state = with_thread()
    (found,) = offers("취소 119 연출용 연기", state=state, open_incident="SU-1")
    assert (found.kind, found.text, found.refused) == ("withdraw", "연출용 연기", "")
    state = with_thread(cancel=CancelRequest(message_id="c", at_ns=9, person="kim", reason="x"))
    assert offers("withdraw 119 again", state=state, open_incident="SU-1")[0].refused


def test_the_phone_card_is_offered_for_each_partner_that_was_asked():
    (found,) = offers("phone", state=with_thread(), open_incident="SU-1")
    assert (found.kind, found.other) == ("phone", "h1") and not found.refused


def test_a_note_needs_an_open_incident_and_words():
    (found,) = offers("note two people, one coughing", open_incident="SU-1")
    assert (found.id, found.text, found.refused) == ("SU-1", "two people, one coughing", "")
    assert offers("note", open_incident="SU-1")[0].refused and offers("note x")[0].refused


@pytest.mark.parametrize("text", [
    "new fire at city hall", "새상황 화재 @ 시청", "새상황 시청에서 화재", "new fire city hall",
    "새상황 시청 화재",
])  # fmt: skip
def test_a_new_incident_has_a_kind_and_a_place(text: str):
    found = offers(text)[0]
    assert (found.kind, found.id, found.refused) == ("new", "market_fire", "")
    assert CITY_HALL in found.title and found.other == ""
    assert found.position is not None and found.where is not None
    assert found.text.startswith(CITY_HALL)


def test_a_new_incident_at_a_device_is_there():
    assert offers("new fire at UND-0001")[0].other == "UND-0001"


def test_without_a_place_the_selected_camera_says_where_and_without_one_it_is_refused():
    assert offers("new fire", camera_id="CAM-PARK-0123")[0].other == "CAM-PARK-0123"
    assert offers("new fire")[0].refused


def test_outside_the_city_no_new_incident_is_opened():
    assert offers("new fire at 37.9, 127.9")[0].refused


@pytest.mark.parametrize("text", [
    "ack SU-1", "hand 119 SU-1", "note x", "new fire at city hall", "mode night",
])  # fmt: skip
def test_what_the_hub_would_not_take_is_offered_with_the_reason(text: str):
    found = offers(text, open_incident="SU-1", no_orders="no connection to the hub")
    assert found[0].refused == "no connection to the hub"


# alarms, acts, pages, modes, layouts


def test_alarms_by_text_the_urgent_first():
    assert [one.id for one in offers("alarm water")] == ["X/y", "UND-0001/deep"]
    assert [one.id for one in offers("경보 UND-0001")] == ["UND-0001/deep"]


def test_an_act_that_cannot_be_done_comes_last_and_says_why():
    found = [one for one in offers("full") if one.kind in ("act", "page")]
    assert [(one.id, one.refused) for one in found] == [("shell.full_screen", ""), ("wall.masks", "no right")]
    assert found[0].key == "F11" and offers("전체")[0].id == "shell.full_screen"


def test_the_desk_is_not_closed_by_a_word_that_happens_to_be_there():
    assert "shell.quit" not in [one.id for one in offers("do desk")]
    assert offers("do close the d")[0].id == "shell.quit"


def test_a_page_that_is_called_as_a_command_is_offered_with_it():
    assert offers("경보", "ko")[0].kind == "page" and offers("alarms")[0].kind == "page"


def test_modes_and_layouts():
    assert [one.id for one in offers("mode night")] == ["night"] and offers("모드 야간")[0].id == "night"
    normal = offers("mode normal")[0]
    assert normal.id == "-" and normal.refused
    assert [one.id for one in offers("layout 3")] == ["l1"] and offers("배치 palace")[0].id == "l1"


def test_what_was_chosen_lately_comes_before_its_equals():
    history = History(5)
    before = [one for one in answers().offers("park", situation()) if one.kind == "camera"]
    history.used("park", "camera", before[-1].id)
    after = [one for one in answers(history=history).offers("park", situation()) if one.kind == "camera"]
    assert after[0].id == before[-1].id or before[0].id == before[-1].id


def test_the_history_keeps_each_line_once_the_newest_first_and_no_more_than_it_may():
    history = History(2)
    for text in ("a", "b", " a ", "c"):
        history.used(text, "act", text)
    assert history.texts == ("c", "a")


# whatever is typed


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.sampled_from(["", *VERBS, "카메라", "새상황", "이동"]),
    st.text(st.sampled_from("abc 12가ㅅ시청@,/-·에서화재"), max_size=14), st.sampled_from(["en", "ko"]),
)  # fmt: skip
def test_every_line_says_what_it_does_and_there_are_never_too_many(head: str, rest: str, language: str):
    found = offers(f"{head} {rest}", language, open_incident="SU-1")
    assert len(found) <= bar_figures().answers.lines + len(VERBS)
    for one in found:
        assert one.title and one.does and one.fill
    if found and not found[0].fills:
        assert len(found) <= bar_figures().answers.lines


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(["city hall", "full screen", "cam 123", "시청", "mode night"]), st.integers(0, 3))
def test_what_tab_puts_there_means_the_same_thing_again(text: str, place: int):
    found = [one for one in offers(text) if not one.fills and one.kind in ("camera", "act", "mode", "place")]
    if place < len(found):
        again = offers(found[place].fill)
        assert again and found[place].title in [one.title for one in again]


def test_thousands_that_come_at_once_are_taken_in_by_and_by():
    state = CityState(incidents={f"SU-{n}": incident(f"SU-{n}") for n in range(1000)})
    desk, now = answers(), situation(state=state)
    desk.offers("inc SU-999", now)
    assert desk.behind
    asked = 1
    while desk.behind and asked < 100:
        found, asked = desk.offers("inc SU-999", now), asked + 1
    assert found[0].id == "SU-999" and asked == 1000 // bar_figures().answers.lines_at_once
    assert desk.offers("inc SU-99", now)[0].id == "SU-99"


def test_the_one_that_is_called_just_so_is_never_behind_the_more_urgent():
    many = {f"SU-{n}": incident(f"SU-{n}", priority=1) for n in range(10, 900)}
    state = CityState(incidents={**many, "SU-1": incident("SU-1", priority=4, stage="resolved")})
    desk, now = answers(), situation(state=state)
    desk.offers("inc SU-1", now)
    while desk.behind:
        desk.offers("inc SU-1", now)
    assert desk.offers("inc SU-1", now)[0].id == "SU-1"
