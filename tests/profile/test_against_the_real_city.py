"""The outlines drawn by hand, held against the real districts where those are at hand."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from console.profile import Profile
from console.profile.ground import inside

NAMES = {"장안": "jangan", "팔달": "paldal", "영통": "yeongtong", "권선": "gwonseon"}


@pytest.mark.needs_shared_data
def test_nearly_every_device_stands_in_the_real_district_it_claims(suwon: Profile, shared_data: Path) -> None:
    told = json.loads((shared_data / "geo" / "suwon_gu_4_dissolved.geojson").read_text("utf-8"))
    columns = suwon.columns
    real = np.full(len(columns.ids), "", dtype=object)
    for feature in told["features"]:
        name = next(ours for theirs, ours in NAMES.items() if theirs in feature["properties"]["sggnm"])
        shape = feature["geometry"]
        parts = shape["coordinates"] if shape["type"] == "MultiPolygon" else [shape["coordinates"]]
        for part in parts:
            ring = np.array(part[0])
            real[inside(columns.lon, columns.lat, ring[:, 0], ring[:, 1])] = name
    claimed = np.array(columns.districts)[columns.district]
    assert (real == claimed).mean() > 0.97
    assert (real == "").mean() < 0.005
