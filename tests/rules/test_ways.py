"""The way to a place over the roads, and what it says of itself."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from console.model.base import Position
from console.profile import load_profile
from console.rules.city import distance_m
from console.rules.ways import RoadMap, way_figures

CITY = load_profile("suwon")
ROADS = RoadMap(CITY, way_figures())
HERE = Position(lat=37.2776, lon=127.0166)
BOX = CITY.bounds
PLACES = st.builds(
    Position, lat=st.floats(BOX.south, BOX.north), lon=st.floats(BOX.west, BOX.east)
)  # fmt: skip


@given(start=PLACES, end=PLACES)
def test_a_way_is_never_shorter_than_the_straight_line_between_its_ends_and_gaps_are_a_part_of_it(
    start: Position, end: Position
):
    way = ROADS.way(start, end)
    if way is None:
        return
    assert way.length_m + 1e-6 >= float(np.hypot(way.x[-1] - way.x[0], way.y[-1] - way.y[0]))
    assert 0.0 <= way.gaps_m <= way.length_m + 1e-6
    assert all(0 <= one < len(ROADS.names) for one in way.roads)


def test_the_way_back_is_as_long_and_a_place_on_it_lies_beside_it():
    far = Position(lat=37.2650, lon=127.0010)
    there, back = ROADS.way(HERE, far), ROADS.way(far, HERE)
    assert there is not None and back is not None
    assert abs(there.length_m - back.length_m) < 1.0
    assert there.length_m > distance_m(HERE, far) - 1500
    beside, along = there.from_m(there.x[1:2], there.y[1:2])
    assert beside[0] < 0.01 and 0 <= along[0] <= there.length_m


def test_a_jam_is_driven_around_where_that_is_shorter():
    far = Position(lat=37.2650, lon=127.0010)
    plain = ROADS.way(HERE, far)
    assert plain is not None
    jammed = {number for number, street in enumerate(ROADS.street) if int(street) in plain.roads}
    around = ROADS.way(HERE, far, lambda piece: 50.0 if piece in jammed else 1.0)
    assert around is not None and around.length_m >= plain.length_m - 1.0


def test_beyond_the_map_there_is_no_way():
    assert ROADS.way(HERE, Position(lat=36.0, lon=128.0)) is None
