"""Finding things of the city by what people say: names, addresses, numbers, Korean as it is typed."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.geo.gazetteer import Feature, FoundPlace, Gazetteer
from console.geo.hangul import begins, initials, without_particle
from console.geo.vocabulary import Vocabulary, normal
from console.model.base import Position
from tests.kit.sitting import suwon

NEAR = Position(lat=37.2775, lon=127.017)


@cache
def gazetteer() -> Gazetteer:
    hall = Feature(name="Hillside hut", position=Position(lat=37.3, lon=127.0), layer="huts")
    return Gazetteer(suwon(), (hall,))


def first(text: str) -> FoundPlace:
    return gazetteer().search(text, NEAR).found[0]


@pytest.mark.parametrize(("text", "name"), [
    ("팔달문", "팔달문"), ("ㅍㄷㅁ", "팔달문"), ("팔달무", "팔달문"), ("팔달문에서", "팔달문"),
    ("팔달문 앞", "팔달문"),
    ("수원 시청", "수원시청"), ("수원시청에서", "수원시청"), ("영통구", "영통구"), ("수원천", "수원천"),
])  # fmt: skip
def test_korean_places_are_found_as_they_are_typed(text: str, name: str):
    assert first(text.replace(" 앞", "에")).name.ko == name


@pytest.mark.parametrize(("text", "name"), [
    ("Paldalmun Gate", "Paldalmun Gate"), ("paldalmun", "Paldalmun Gate"),
    ("SUWON CITY HALL", "Suwon City Hall"),
    ("hillside HUT", "Hillside hut"),
])  # fmt: skip
def test_english_places_are_found_without_case(text: str, name: str):
    assert first(text).name.en == name


@pytest.mark.parametrize("text", [
    "CAM-PARK-0123", "cam-park-0123", "cam park 123", "CAM-PARK-123", "공원 카메라 123", "park camera 123",
])  # fmt: skip
def test_a_device_is_found_by_its_id_or_its_number(text: str):
    devices = [one for one in gazetteer().search(text, NEAR).found if one.kind == "device"]
    assert devices[0].id == "CAM-PARK-0123"


@pytest.mark.parametrize(
    "text", ["창룡대로 123", "창룡대로 123번지 앞", "팔달구 창룡대로 123", "Changnyong-daero 123"]
)  # fmt: skip
def test_a_house_number_is_a_place_even_where_no_device_stands(text: str):
    found = first(text)
    assert found.kind == "address"
    start = suwon().streets[10].path[0]
    assert 1000 < _metres(start, found.position) < 1400  # 61 pairs of 20 m along the street


def test_a_number_beyond_the_street_is_no_place():
    assert all(one.kind != "address" for one in gazetteer().search("창룡대로 99999", NEAR).found)


def test_a_coordinate_in_any_notation_is_the_first_answer():
    for text in ("37.2636, 127.0286", "37°15'49\"N 127°01'43\"E", "다사 5820 1840"):
        assert first(text).kind == "coordinate"


def test_every_word_has_to_fit_and_the_nearest_comes_first():
    answer = gazetteer().search("카메라 영통", NEAR)
    assert answer.devices > 100
    assert all("CAM" in one.id for one in answer.found if one.kind == "device")
    far = [one.m for one in answer.found if one.kind == "device"]
    assert far == sorted(far)
    assert gazetteer().search("카메라 zzzz", NEAR).found == ()


@given(st.text(max_size=40))
def test_no_text_is_an_error(text: str):
    answer = gazetteer().search(text, NEAR)
    assert len(answer.found) <= 60


words = st.text("가각나난달담문시청abc12", min_size=1, max_size=6)


@given(st.lists(words, max_size=12), words)
def test_a_vocabulary_finds_what_a_look_at_each_text_finds(texts: list[str], word: str):
    found = Vocabulary(texts).holding(normal(word)).tolist()
    for text, hit in zip(texts, found, strict=True):
        plain = normal(text)
        begun = any(
            all(map(begins, word, plain[at : at + len(word)])) and plain[at : at + len(word) - 1] == word[:-1]
            for at in range(len(plain) - len(word) + 1)
        )
        assert hit == begun


@pytest.mark.parametrize("text", ["city hall", "시청", "시청에서", "수원시청"])
def test_what_the_city_itself_has_comes_before_what_else_begins_so(text: str):
    assert first(text).name.en == "Suwon City Hall"


def test_devices_alone_of_those_that_are_meant_and_without_words_the_nearest_of_them():
    of_kind = np.zeros(len(suwon().columns.ids), np.bool_)
    of_kind[suwon().columns.of_kind(suwon().devices["UND-0001"].kind)] = True
    found = gazetteer().devices("1", NEAR, 5, of_kind)
    assert found and all(one.id.startswith("UND-") for one in found) and found[0].id == "UND-0001"
    nearest = gazetteer().devices("", NEAR, 5, of_kind)
    assert len(nearest) == 5 and [one.m for one in nearest] == sorted(one.m for one in nearest)
    assert gazetteer().devices("", NEAR, 5) == () and gazetteer().devices("nowhere at all", NEAR) == ()


@given(st.lists(words, min_size=1, max_size=8), st.data())
def test_initial_consonants_find_the_word_they_stand_for(texts: list[str], data: st.DataObject):
    text = data.draw(st.sampled_from(texts))
    assert Vocabulary(texts).holding(initials(text))[texts.index(text)]


def test_a_particle_is_taken_off_only_where_a_word_is_left():
    assert without_particle("공원에서") == "공원"
    assert without_particle("수원은") == "수원"
    assert without_particle("은는") == "은는"
    assert without_particle("park") == "park"


def _metres(one: Position, other: Position) -> float:
    from console.geo.measuring import distance_m

    return distance_m(one, other)
