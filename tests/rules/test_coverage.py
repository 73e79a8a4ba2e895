"""Whether a warning's area is ours: by what is drawn, by code, by name; unknown is not "elsewhere"."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.model.warning import WarningArea
from console.profile import load_profile
from console.rules.coverage import CityGround, Covered

SUWON, GLASGOW = load_profile("suwon"), load_profile("glasgow")
GROUND, CLYDE = CityGround(SUWON, 0.05), CityGround(GLASGOW, 0.05)


def box(south: float, west: float, north: float, east: float) -> tuple[float, ...]:
    return (south, west, south, east, north, east, north, west, south, west)


def area(name: str = "somewhere", **more: object) -> WarningArea:
    return WarningArea(name=name, **more)  # type: ignore[arg-type]


def test_a_polygon_around_the_whole_province_is_the_whole_city() -> None:
    assert GROUND.area(area(polygons=(box(36.9, 126.3, 38.3, 127.9),))) == Covered("polygon")


def test_a_polygon_names_the_districts_it_takes() -> None:
    found = GROUND.area(area(polygons=(box(37.30, 126.90, 37.36, 127.03),)))
    assert isinstance(found, Covered)
    assert found.districts == ("jangan",)


def test_a_neighbour_whose_border_only_grazes_the_city_is_elsewhere() -> None:
    assert GROUND.area(area(polygons=(box(36.9, 126.9, 37.228, 127.3),))) == "elsewhere"


def test_a_small_area_within_the_city_counts_however_small() -> None:
    found = GROUND.area(area(polygons=(box(37.2800, 127.0100, 37.2801, 127.0101),)))
    assert found == Covered("polygon", ("paldal",))


def test_a_circle_reaches_as_far_as_its_radius() -> None:
    assert GROUND.area(area(circles=((37.28, 127.01, 0.0),))) == Covered("circle", ("paldal",))
    assert GROUND.area(area(circles=((37.5665, 126.978, 100.0),))) == Covered("circle")
    assert GROUND.area(area(circles=((37.5665, 126.978, 5.0),))) == "elsewhere"


def test_the_area_is_the_union_of_all_it_has() -> None:
    both = area(polygons=(box(35.0, 129.0, 35.3, 129.3),), codes=(("ISO3166-2", "KR-41"),))
    assert GROUND.area(both) == Covered("code")


@pytest.mark.parametrize(
    ("kind", "code", "found"),
    [("iso3166-2", "KR-41", Covered("code")), ("법정동코드", "4111500000", Covered("code", ("paldal",))),
     ("법정동코드", "1168000000", "elsewhere"), ("UGC", "MTZ012", "area_unknown")],
)  # fmt: skip
def test_codes_are_known_by_their_kind_and_an_unknown_kind_says_nothing(kind, code, found) -> None:
    assert GROUND.area(area(codes=((kind, code),))) == found


@pytest.mark.parametrize(
    ("name", "found"),
    [("수원시", Covered("name")), ("수원", Covered("name")), ("경기도", Covered("name")),
     ("서울특별시, 경기도(수원, 성남)", Covered("name")), ("경기도(성남, 용인)", "area_unknown"),
     ("경기도(안산, 시흥 제외)", Covered("name")), ("경기도(수원, 안산 제외)", "area_unknown"),
     ("수원시 장안구", Covered("name", ("jangan",))),
     ("팔달구, 영통구", Covered("name", ("paldal", "yeongtong"))),
     ("Suwon", Covered("name")), ("near Suwon lake", "area_unknown"), ("부산광역시", "area_unknown"),
     ("", "area_unknown")],
)  # fmt: skip
def test_a_name_counts_only_where_nothing_else_is_said(name, found) -> None:
    assert GROUND.area(area(name)) == found


def test_another_city_has_its_own_names() -> None:
    assert CLYDE.area(area("Strathclyde (Glasgow, Argyll and Bute)")) == Covered("name")
    assert CLYDE.area(area("SW Scotland, Lothian Borders")) == "area_unknown"


def test_a_drawn_area_elsewhere_is_not_overruled_by_a_name() -> None:
    assert GROUND.area(area("수원시", polygons=(box(35.0, 129.0, 35.3, 129.3),))) == "elsewhere"


def test_what_could_not_be_drawn_is_unclear_and_never_elsewhere() -> None:
    assert GROUND.area(area("Busan", faulty=True)) == Covered("unclear")
    assert GROUND.area(area(faulty=True, circles=((37.28, 127.01, 1.0),))).by == "circle"


def test_no_area_at_all_is_unsaid() -> None:
    assert GROUND.touched(()) == Covered("unsaid")


def test_one_known_place_elsewhere_outweighs_an_unknown_one() -> None:
    assert GROUND.touched((area("x"), area(circles=((35.1, 129.0, 1.0),)))) == "elsewhere"


def test_a_polygon_over_the_date_line_is_drawn_as_one_piece() -> None:
    pacific = (30.0, 170.0, 30.0, -170.0, 40.0, -170.0, 40.0, 170.0, 30.0, 170.0)
    assert GROUND.area(area(polygons=(pacific,))) == "elsewhere"
    most_of_the_world = (20.0, 100.0, 20.0, -170.0, 50.0, -170.0, 50.0, 100.0, 20.0, 100.0)
    assert GROUND.area(area(polygons=(most_of_the_world,))) == Covered("polygon")


@given(
    st.floats(-85, 85), st.floats(-179, 179), st.floats(0, 3000),
)  # fmt: skip
def test_a_circle_around_anything_is_answered_and_a_larger_one_never_leaves_the_city(lat, lon, km) -> None:
    found = GROUND.area(area(circles=((lat, lon, km),)))
    if isinstance(found, Covered):
        assert isinstance(GROUND.area(area(circles=((lat, lon, km + 50.0),))), Covered)
