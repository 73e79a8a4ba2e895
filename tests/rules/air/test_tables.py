"""The file of air rules: whole or refused, with what is wrong and where."""

from __future__ import annotations

from pathlib import Path

import pytest

from console.paths import shipped
from console.profile import load_profile
from console.profile.problems import ProfileError
from console.rules.air.tables import FILE, load_air

TEXT = (shipped("seeds") / FILE).read_text(encoding="utf-8")


def test_every_table_names_its_source(air):
    for one in (air.units, air.estimate, air.cai, air.daqi, *air.alerts):
        assert len(one.source) > 20


@pytest.mark.parametrize(
    ("right", "wrong", "told"),
    [
        ("decimals = 3\nends = [0.020, 0.050,", "decimals = 3\nends = [0.050, 0.020,",
         "[cai.pollutants[0] (so2)] ends: expected rising numbers: more than 0.05 after it, found 0.02"),
        ("ends = [2.0, 9.0, 15.0, 50.0]", "ends = [2.0, 9.0, 15.0]",
         "[cai.pollutants[1] (co)] ends: expected 4 numbers, one for each grade, found 3"),
        ("ends = [30.0, 80.0,", "ends = [30.5, 80.0,",
         "[cai.pollutants[4] (pm10)] ends: expected numbers of at most 0 decimals, found 30.5"),
        ('id = "so2"\nunit = "ppm"', 'id = "so2"\nunit = "ug/m3"',
         "[cai.pollutants[0] (so2)] unit: expected 'ug/m3' for dust, 'ppm' for gases, found 'ug/m3'"),
        ("first = 51\nlast = 100", "first = 52\nlast = 100",
         "[cai.grades[1] (moderate)] first: expected 51, found 52"),
        ("bad_from = 101", "bad_from = 100",
         "[cai] bad_from: expected the first index of a grade, found 100"),
        ("most = 500 ", "most = 400 ", "[cai.grades[3] (very_bad)] last: expected most (400), found 500"),
        ("{ pollutants = 3, points = 75 }", "{ pollutants = 3, points = 25 }",
         "[cai] add_ons: expected more points for more pollutants, ascending, found 25 for 3 after 50 for 2"),
        ('"no2", "o3"]', '"no2", "smell"]', "[cai] needed: expected"),
        ("clear = 100.0", "clear = 160.0",
         "[alerts[0] (pm10).steps[0] (advisory)] clear: expected at most issue (150.0), found 160.0"),
        ("issue = 300.0", "issue = 140.0",
         "[alerts[0] (pm10).steps[1] (warning)] issue: expected more than the step before (150.0), found"),
        ("issue = 150.0\nclear = 75.0", "issue = 150.0\nclear = 30.0",
         "[alerts[1] (pm2_5).steps[1] (warning)] clear: expected at least the step before's (35.0), found"),
        ("ends = [16, 33,", "ends = [16.5, 33,", "[daqi.pollutants[4] (pm10)] ends: expected"),
        ("ends = [11, 23,", "ends = [23,",
         "[daqi.pollutants[3] (pm2_5)] ends: expected 9 numbers, for index 1 to 9, found 8"),
        ("day_hours = 24 ", "day_hours = 20 ", "[estimate] day_hours: expected twice hours (24)"),
        ("steady_to = 1.7", "steady_to = 0.8", "[estimate] steady_to: expected more than steady_from (0.9)"),
        ("pm10 = 70.0, ", "", "[estimate] high_from.pm10: expected from where an hour is high"),
        ("so2 = 64.066, ", "", "[units] molar_mass_g_mol.so2: expected its molar mass, found nothing"),
        ("pressure_pa = 101325.0", 'pressure_pa = "high"', "[units] pressure_pa: expected a number"),
        ("pressure_pa = 101325.0", "pressure_pa = nan", "[units] pressure_pa: expected a number"),
        ("bad_from = 101", "bad_from = 101\nsurprise = 1", "expected only the keys source, needed"),
        ("[daqi]", "[daqi", "expected a TOML file in UTF-8"),
    ],
)  # fmt: skip
def test_a_wrong_table_is_refused_with_its_place(tmp_path: Path, right: str, wrong: str, told: str) -> None:
    assert TEXT.count(right) == 1
    path = tmp_path / "air.toml"
    path.write_text(TEXT.replace(right, wrong), encoding="utf-8")
    with pytest.raises(ProfileError) as refused:
        load_air(path)
    assert told in str(refused.value)
    assert all(line.startswith("rules/air.toml: ") for line in str(refused.value).splitlines())


def test_a_file_that_is_not_there_is_refused_alike(tmp_path: Path) -> None:
    with pytest.raises(ProfileError, match=r"rules/air\.toml: \[file\]: expected a file that can be read"):
        load_air(tmp_path / "nothing.toml")


def test_the_limits_of_the_stations_are_the_levels_of_the_tables(air) -> None:
    """Two files say the same figures: the rule's table, and the limits with their texts."""
    profile = load_profile("suwon")
    said = {
        (quantity, one.id.rpartition("/")[2]): (one.set_at, one.clear_at, one.hours, one.hour_means)
        for one in profile.limits
        for quantity in [one.id.split("/")[1]]
        if one.id.startswith("AIR-0001/")
    }
    of = {"pm10_1h_ug_m3": "pm10", "pm2_5_1h_ug_m3": "pm2_5", "o3_ppm": "o3"}
    expected = {
        (quantity, step.id): (step.issue, step.clear, air.alert(alert).hours, True)
        for quantity, alert in of.items()
        for step in air.alert(alert).steps
    }
    assert said == expected
