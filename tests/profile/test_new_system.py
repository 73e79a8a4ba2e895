"""A system nobody thought of: its file is begun, put into a city, and works without a line of code."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from console.clock import SECOND_NS
from console.gateways.simulation import Pattern, Simulation
from console.profile import load_profile
from console.profile.check_command import run
from console.rules.alarm.city import CityAlarms
from console.rules.alarm.figures import load_alarm_figures
from console.rules.alarm.transition import records
from console.telemetry.table import GOOD, Columns

T0 = 1_774_000_000 * SECOND_NS
FLEET = """
[[fleets]]
register = "all"
kind = "wells_sensor"
prefix = "WELL"
count = 12
spread = "streets"

[[registers]]"""


def put_into(city: Path) -> None:
    text = city.read_text("utf-8")
    assert "\ncount = 88\n" in text  # of the register of all devices
    text = text.replace("\ncount = 88\n", "\ncount = 100\n")
    text = text.replace('systems = ["cctv", "lamps"]', 'systems = ["cctv", "lamps", "wells"]')
    city.write_text(text.replace("\n[[registers]]", FLEET, 1), "utf-8")


def begin(village: Path, *more: str) -> int:
    return run(["new", "wells", "--row", "77", "--owner", "hall", "--into", str(village / "systems"), *more])


def test_a_system_that_was_begun_is_in_the_city_measures_alarms_and_clears(
    village_files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = load_profile(village_files / "cities" / "village.toml")
    assert begin(village_files) == 0
    assert "[city] systems" in capsys.readouterr().out
    put_into(village_files / "cities" / "village.toml")
    assert run(["check", str(village_files / "cities" / "village.toml")]) == 0
    profile = load_profile(village_files / "cities" / "village.toml")
    assert profile.systems["wells"].row == 77
    assert len(profile.devices) == len(before.devices) + 12
    assert profile.devices["WELL-0012"].kind == "wells_sensor"
    point = profile.point_by_id["WELL-0001/wells_percent"]
    assert point.index in profile.trend_points

    alarms = CityAlarms(profile, load_alarm_figures(), 3.0)
    moves = []
    for minute, value in enumerate((50.0, 95.0, 95.0, 95.0, 85.0, 79.0, 79.0)):
        batch = Columns(
            np.array([point.index], np.uint32), np.array([value]),
            np.array([T0 + minute * 60 * SECOND_NS]), np.array([GOOD], np.uint8),
        )  # fmt: skip
        for one in records(alarms.evaluate(batch), alarms.ids.__getitem__):
            moves.append((minute, one.stimulus, one.alarm_id))
    limit = "WELL-0001/wells_percent/high"
    assert moves == [(2, "began", limit), (6, "ended", limit)]

    patterns = {one.quantity: Pattern(typical=40.0) for one in profile.points}
    simulation = Simulation(profile, patterns, 0)
    assert simulation.values(np.array([point.index]), T0).tolist() == [40.0]


def test_a_file_that_is_there_is_left_as_it_is(
    village_files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert begin(village_files) == 0
    file = village_files / "systems" / "wells.toml"
    file.write_text("mine", "utf-8")
    assert begin(village_files) == 1
    assert "there is one already" in capsys.readouterr().out
    assert file.read_text("utf-8") == "mine"


@pytest.mark.parametrize(
    ("argv", "said"),
    [
        (["new", "../wells"], "name: expected letters"), (["new", "we lls"], "name: expected letters"),
        (["new", "w" * 41], "at most 40 signs"), (["new", "wells", "--row", "0"], "row: expected 1 to 1000"),
        (["new", "wells", "--owner", ""], "owner: expected letters"),
    ],
)  # fmt: skip
def test_a_name_that_cannot_be_one_makes_no_file(
    argv: list[str], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run([*argv, "--into", str(tmp_path)]) == 1
    assert said in capsys.readouterr().out
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["new", "wells", "--into", str(tmp_path / "none")]) == 1
    assert "No such file or directory" in capsys.readouterr().out
