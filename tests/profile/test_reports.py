"""What citizens can report is data, and a wrong file says where it is wrong."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from console.paths import shipped
from console.profile import ProfileError, load_profile


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    for name in ("cities", "systems", "open311"):
        shutil.copytree(shipped("seeds") / name, tmp_path / name)
    shutil.copy(shipped("seeds") / "incident_types.toml", tmp_path)
    return tmp_path


@pytest.mark.parametrize("city", ["suwon", "glasgow"])
def test_the_shipped_cities_take_reports_in_both_languages(city: str):
    book = load_profile(city).reports
    assert book is not None and len(book.services) >= 6
    assert {one.stage for one in book.answers} == {"acknowledged", "in_progress", "rejected", "closed"}


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ('owner = "roads"', 'owner = "moon"', "owner: expected a key of the city's [owners], found 'moon'"),
        ('group = "water"', 'group = "moon"', "group: expected one of streets, water, safety, clean"),
        ('"lamp_row", "device_fault"', '"lamp_rows"', "incident_types: expected incident types"),
        ("radius_m = 250.0", "radius_m = 0.0", "radius_m, window_s: expected both above 0"),
        ('code = "smoke"', 'code = "litter"', "code: expected each only once, found 'litter'"),
        ('datatype = "number"', 'datatype = "multivaluelist"', "values: expected at least one"),
        ("contact_most_days = 365.0", "contact_most_days = 3.0", "contact_most_days: expected at least"),
        ('datatype = "number"', 'datatype = "sound"', "datatype: expected"),
    ],
)
def test_a_wrong_line_is_named_with_file_table_and_key(seeds: Path, before: str, after: str, said: str):
    path = seeds / "open311" / "suwon.toml"
    text = path.read_text("utf-8")
    assert before in text
    path.write_text(text.replace(before, after, 1), "utf-8")
    with pytest.raises(ProfileError) as caught:
        load_profile(seeds / "cities" / "suwon.toml")
    assert "open311/suwon.toml" in str(caught.value) and said in str(caught.value)


def test_a_city_without_the_key_takes_no_reports(seeds: Path):
    path = seeds / "cities" / "suwon.toml"
    path.write_text(path.read_text("utf-8").replace('reports = "suwon"', ""), "utf-8")
    assert load_profile(path).reports is None
