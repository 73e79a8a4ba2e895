"""Coordinates are taken as people write them, and national grids hit the metre."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.geo.coordinates import decimal, degrees_minutes_seconds, grid_reference, parse_coordinate
from console.geo.measuring import distance_m
from console.geo.tm import (
    BRITAIN,
    KOREA,
    from_grid,
    grid_letters,
    osgb36,
    point_number,
    to_grid,
    wgs84,
)
from console.model.base import Position

SUWON = Position(lat=37.28, lon=127.0)
GLASGOW = Position(lat=55.86, lon=-4.25)


@pytest.mark.parametrize("text", [
    "37.2636, 127.0286", "37.2636 127.0286", "37.2636; 127.0286", "127.0286, 37.2636", "37.2636N 127.0286E",
    "N37.2636 E127.0286", "북위 37.2636 동경 127.0286", "북위 37.2636도, 동경 127.0286도",
    "geo:37.2636,127.0286",
    "37,2636; 127,0286", "lat 37.2636 lon 127.0286", "(37.2636, 127.0286)", "37.2636° N, 127.0286° E",
    "37°15'49\"N 127°01'43\"E", "37°15′49″N, 127°01′43″E", "37 15 49 N, 127 1 43 E", "37 15 49 127 1 43",
    "37도 15분 49초 127도 1분 43초", "37° 15.82' N 127° 1.72' E", "N 37 15 49 E 127 1 43",
    "위도 37.2636 경도 127.0286",
])  # fmt: skip
def test_every_way_to_write_one_place_is_understood(text: str):
    found = parse_coordinate(text, SUWON)
    assert found is not None
    assert distance_m(found, Position(lat=37.2636, lon=127.0286)) < 15


@pytest.mark.parametrize("text", [
    "", " ", "팔달문", "창룡대로 123", "99, 200", "37.2636", "37°70'00\"N 127°01'43\"E", "37.2636, 127.0286N",
    "37N 127N", "12 5", "a, b", "37..2, 127", "N37.2S 127", "x" * 500, "1,2,3",
])  # fmt: skip
def test_what_is_no_coordinate_is_none(text: str):
    assert parse_coordinate(text, SUWON) is None


def test_the_western_half_is_taken_by_sign_or_letter():
    for text in ("55.8642, -4.2518", "55.8642N 4.2518W", "55°51'51.1\"N 4°15'06.5\"W"):
        found = parse_coordinate(text, GLASGOW)
        assert found is not None
        assert distance_m(found, Position(lat=55.8642, lon=-4.2518)) < 5


@given(st.floats(33, 38.6), st.floats(125, 131))
def test_what_is_shown_can_be_typed_again(lat: float, lon: float):
    place = Position(lat=lat, lon=lon)
    near = Position(lat=36.0, lon=128.0)
    for text, metres in (
        (decimal(place), 2), (degrees_minutes_seconds(place), 4), (grid_reference(place, "KR"), 8),
    ):  # fmt: skip
        found = parse_coordinate(text, near)
        assert found is not None, text
        assert distance_m(found, place) < metres


@given(st.text(max_size=140))
def test_any_text_is_a_coordinate_or_none_and_never_an_error(text: str):
    found = parse_coordinate(text, SUWON)
    assert found is None or (abs(found.lat) <= 90 and abs(found.lon) <= 180)


def test_the_ordnance_surveys_worked_example():
    lat, lon = 52 + 39 / 60 + 27.2531 / 3600, 1 + 43 / 60 + 4.5177 / 3600
    east, north = to_grid(BRITAIN, lat, lon)
    assert (east, north) == pytest.approx((651409.903, 313177.270), abs=0.001)
    assert from_grid(BRITAIN, east, north) == pytest.approx((lat, lon), abs=1e-8)


@pytest.mark.parametrize(
    ("lat", "lon", "east", "north"),
    [
        # EPSG:5179 as PROJ 9 has it.
        (37.263573, 127.028601, 958201.8629, 1918401.1235),
        (37.566535, 126.977969, 953898.4492, 1952035.9793),
        (33.4996, 126.5312, 910010.5457, 1501279.7889), (38.2, 128.5, 1087559.4052, 2022663.3470),
    ],
)
def test_koreas_grid_is_that_of_epsg_5179(lat, lon, east, north):
    assert to_grid(KOREA, lat, lon) == pytest.approx((east, north), abs=0.01)
    assert from_grid(KOREA, east, north) == pytest.approx((lat, lon), abs=1e-7)


@pytest.mark.parametrize(
    ("lat", "lon", "east", "north"),
    [
        # EPSG:27700 as PROJ 9 has it, by the seven parameters.
        (55.8642, -4.2518, 259175.75, 665739.72), (55.78, -4.39, 250205.17, 656661.60),
        (51.5, -0.12, 530591.17, 179571.07),
    ],
)
def test_britains_grid_from_wgs84(lat, lon, east, north):
    assert to_grid(BRITAIN, *osgb36(lat, lon)) == pytest.approx((east, north), abs=6)
    assert wgs84(*osgb36(lat, lon)) == pytest.approx((lat, lon), abs=1e-6)


def test_grid_names_of_known_places():
    assert grid_reference(Position(lat=37.566535, lon=126.977969), "KR") == "다사 5389 5203"
    assert grid_reference(Position(lat=55.8642, lon=-4.2518), "GB") == "NS 5917 6573"
    assert grid_reference(GLASGOW, "KR") == ""
    assert grid_reference(SUWON, "US") == ""
    assert grid_letters("II 590 655") is None and grid_letters("NS 59 6557") is None
    assert point_number("다사 538 5203") is None
    joined, parted = grid_letters("NS5917065730"), grid_letters("ns 5917 6573")
    assert joined is not None and parted is not None
    assert distance_m(Position(lat=joined[0], lon=joined[1]), Position(lat=parted[0], lon=parted[1])) < 10
