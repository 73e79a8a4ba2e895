"""GeoJSON layers: what is right is shown, what is wrong is named by feature and line, nothing is lost."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.geo.geojson import MOST_PROBLEMS, middle_of, read_geojson
from console.geo.layer import Layer, LayerFile
from console.model.base import same_words
from console.profile.ground import Plane, area

PLANE = Plane(37.28, 127.0)
SQUARE = [[127.0, 37.28], [127.001, 37.28], [127.001, 37.281], [127.0, 37.281], [127.0, 37.28]]


def feature(kind: str = "Polygon", coordinates: Any = None, **properties: Any) -> dict[str, Any]:
    geometry = {"type": kind, "coordinates": [SQUARE] if coordinates is None else coordinates}
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def read(text: str | bytes, folder: Path, **told: Any) -> Layer:
    path = folder / "layer.geojson"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return read_geojson(LayerFile(id="x", path=str(path), name=same_words("layer"), **told), PLANE)


def collection(*features: Any, **more: Any) -> str:
    return json.dumps({"type": "FeatureCollection", **more, "features": list(features)}, indent=1)


def test_points_lines_and_areas_lie_on_the_citys_plane_with_their_names(tmp_path: Path):
    layer = read(
        collection(
            feature("Point", [127.0, 37.28], name="Hut"), feature("LineString", SQUARE[:3], 이름="산책로"),
            feature(name="Yard"), feature("MultiPolygon", [[SQUARE], [SQUARE]]),
            feature("MultiPoint", SQUARE[:2]), name="Walks", attribution="© City of Suwon",
        ),
        tmp_path,
    )  # fmt: skip
    assert [one.form for one in layer.shapes] == ["point", "line", "area", "area", "area", "point", "point"]
    assert [one.name for one in layer.shapes[:3]] == ["Hut", "산책로", "Yard"]
    assert (layer.name.en, layer.attribution, layer.refused) == ("Walks", "© City of Suwon", 0)
    x, y = layer.shapes[2].parts[0]
    assert area(x[:-1], y[:-1]) == pytest.approx(88.5 * 111.2, rel=0.01)
    assert middle_of(layer.shapes[0], PLANE).lat == pytest.approx(37.28)


def test_a_hole_stays_a_hole_and_buildings_are_walls(tmp_path: Path):
    hole = [[127.0002, 37.2802], [127.0004, 37.2802], [127.0004, 37.2804], [127.0002, 37.2802]]
    layer = read(collection(feature("Polygon", [SQUARE, hole], building="yes"), feature()), tmp_path)
    assert [len(one.parts) for one in layer.shapes] == [2, 1]
    assert len(layer.walls.x0) == 4 + 3
    assert len(read(collection(feature()), tmp_path, blocks_sight=True).walls.x0) == 4


OPEN = [[*SQUARE[:4], [127.0, 37.2805]]]
CROSSED = [[[127.0, 37.28], [127.001, 37.281], [127.001, 37.28], [127.0, 37.2815], [127.0, 37.28]]]


@pytest.mark.parametrize(("wrong", "problem"), [
    (feature("Polygon", OPEN), "ring_open"), (feature("Polygon", CROSSED), "ring_crosses"),
    (feature("Polygon", [SQUARE[:3]]), "ring_short"),
    (feature("Polygon", [[SQUARE[0], SQUARE[1], SQUARE[0], SQUARE[0]]]), "ring_flat"),
    (feature("Point", [37.28, 127.0]), "swapped"), (feature("Point", [200000.0, 550000.0]), "projected"),
    (feature("Point", [-4.25, 55.86]), "elsewhere"), (feature("Point", [127.0]), "position"),
    (feature("Point", ["127", 37.28]), "position"), (feature("Point", [True, 37.28]), "position"),
    (feature("LineString", [SQUARE[0]]), "line_short"), (feature("Blob"), "geometry"),
    (feature("Polygon", 3), "coordinates"), ({"type": "Feature", "geometry": None}, "no_geometry"),
    (None, "not_a_feature"), (17, "not_a_feature"), ("text", "not_a_feature"), ([1], "not_a_feature"),
    ({"type": "Feature", "properties": [1], "geometry": {}}, "properties"),
    (feature("Point", [300.0, 37.28]), "range"),
])  # fmt: skip
def test_a_wrong_feature_is_named_by_number_and_line_and_the_rest_is_shown(
    wrong: Any, problem: str, tmp_path: Path
):
    text = collection(feature(name="before"), wrong, feature(name="after"))
    layer = read(text, tmp_path)
    assert [one.name for one in layer.shapes] == ["before", "after"]
    assert (layer.refused, layer.features) == (1, 3)
    (told,) = layer.problems
    assert (told.problem, told.feature) == (problem, 2)
    line = text.splitlines()[told.line - 1].strip()
    assert line.startswith(("{", "null", "17", '"text"', "["))


def test_broken_json_in_the_middle_costs_only_its_feature(tmp_path: Path):
    text = collection(feature(name="a"), feature(name="b"), feature(name="c")).replace(
        '"name": "b"', '"name": "b" "oops"'
    )
    layer = read(text, tmp_path)
    assert [one.name for one in layer.shapes] == ["a", "c"]
    assert layer.problems[0].problem == "malformed"


@given(st.integers(1, 400))
def test_a_file_that_ends_anywhere_shows_what_was_whole(tmp_path_factory: pytest.TempPathFactory, cut: int):
    text = json.dumps({"type": "FeatureCollection", "features": [feature(name=str(n)) for n in range(4)]})
    layer = read(text[:-cut], tmp_path_factory.getbasetemp())
    assert [one.name for one in layer.shapes] == [str(n) for n in range(len(layer.shapes))]
    if cut > 2 and len(layer.shapes) < 4 and text[:-cut].find('"features": [') >= 0:
        assert "cut" in {one.problem for one in layer.problems}


@pytest.mark.parametrize(("text", "problem"), [
    ("", "empty"), ("  \n", "empty"), ("hello", "not_geojson"), ("[1, 2]", "not_geojson"),
    ('{"type": "Topology"}', "not_geojson"), (b"\xff\xfe\x00", "not_geojson"),
    (b"SQLite format 3\x00", "not_geojson"),
    ('{"type": "FeatureCollection"}', "no_features"), ("<kml/>", "not_geojson"),
])  # fmt: skip
def test_what_is_no_geojson_is_said_in_one_word(text: str | bytes, problem: str, tmp_path: Path):
    layer = read(text, tmp_path)
    assert layer.shapes == ()
    assert [one.problem for one in layer.problems] == [problem]


def test_another_coordinate_system_is_refused_as_a_whole_and_wgs84_is_not(tmp_path: Path):
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::5186"}}
    layer = read(collection(feature(), crs=crs), tmp_path)
    assert layer.shapes == () and layer.problems[0].problem == "crs"
    crs["properties"] = {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}
    assert len(read(collection(feature(), crs=crs), tmp_path).shapes) == 1


def test_a_bare_feature_and_a_bare_geometry_are_layers_too(tmp_path: Path):
    assert len(read(json.dumps(feature()), tmp_path).shapes) == 1
    assert len(read(json.dumps(feature()["geometry"]), tmp_path).shapes) == 1


def test_braces_and_quotes_in_names_do_not_cut_a_feature(tmp_path: Path):
    names = ['}{"', "a]b", 'quote " and \\ slash', "{" * 50]
    layer = read(collection(*(feature(name=one) for one in names)), tmp_path)
    assert [one.name for one in layer.shapes] == names


def test_many_problems_are_counted_and_the_first_are_told(tmp_path: Path):
    layer = read(collection(*(feature("Point", [1.0, 95.0]) for _ in range(120))), tmp_path)
    assert (layer.refused, len(layer.problems)) == (120, MOST_PROBLEMS)


def test_a_file_that_is_not_there_is_said(tmp_path: Path):
    told = LayerFile(id="x", path=str(tmp_path / "none.geojson"), name=same_words("x"))
    assert read_geojson(told, PLANE).problems[0].problem == "unreadable"


@given(st.binary(max_size=300))
def test_no_bytes_are_an_error(tmp_path_factory: pytest.TempPathFactory, data: bytes):
    layer = read(data, tmp_path_factory.getbasetemp())
    assert layer.refused <= layer.features


json_values = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["type", "geometry", "coordinates", "properties", "geometries"]), inner, max_size=4
    ),
    max_leaves=12,
)  # fmt: skip


@given(st.lists(json_values, max_size=4))
def test_no_json_is_an_error_and_every_element_is_counted(
    tmp_path_factory: pytest.TempPathFactory, elements: list[Any]
):
    text = msgspec.json.encode({"type": "FeatureCollection", "features": elements})
    layer = read(text, tmp_path_factory.getbasetemp())
    assert layer.features >= len(elements) or not elements
