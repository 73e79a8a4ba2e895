"""What a city brings for its map: layers by file, and all its streets as columns."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from console.profile import Profile, ProfileError, load_profile

LAYER = """
[[map_layers]]
id = "buildings"
name = { en = "Buildings", ko = "건물" }
file = "village/buildings.geojson"
attribution = "Village office"
blocks_sight = true
"""


def with_layer(files: Path, text: str) -> Path:
    city = files / "cities" / "village.toml"
    city.write_text(city.read_text(encoding="utf-8") + text, encoding="utf-8")
    return city


def test_a_layer_is_named_with_its_file_beside_the_citys(village_files: Path):
    city = with_layer(village_files, LAYER)
    (layer,) = load_profile(city).map_layers
    assert layer.path == str(city.parent / "village" / "buildings.geojson")
    assert (layer.name.ko, layer.attribution, layer.blocks_sight) == ("건물", "Village office", True)


def test_a_city_needs_no_layer(village: Profile):
    assert village.map_layers == ()


@pytest.mark.parametrize("file", ["../secret.geojson", "/etc/passwd", "a/../b.geojson", "", "a b.geojson"])
def test_a_layers_file_never_lies_outside_the_citys_folder(file: str, village_files: Path):
    city = with_layer(village_files, LAYER.replace("village/buildings.geojson", file))
    with pytest.raises(ProfileError) as error:
        load_profile(city)
    assert any("file" in one.key for one in error.value.problems)


def test_two_layers_of_one_id_are_refused(village_files: Path):
    city = with_layer(village_files, LAYER + LAYER)
    with pytest.raises(ProfileError) as error:
        load_profile(city)
    assert any(one.table == "map_layers" and one.key == "id" for one in error.value.problems)


def test_every_street_of_the_profile_is_in_the_columns_and_pieces_follow_each_other(suwon: Profile):
    columns = suwon.street_columns
    assert {one.name.en for one in suwon.streets} <= {one.en for one in columns.names}
    assert set(columns.rank.tolist()) == {0, 1, 2}
    first = np.flatnonzero(columns.street == 0)
    assert columns.start_m[first[0]] == 0.0
    assert (np.diff(columns.start_m[first]) > 0).all()
    with pytest.raises(ValueError, match="read-only"):
        columns.lat0[0] = 1.0
