"""`bongsu profile check`: counts that add up, or every problem and what to mend."""

from __future__ import annotations

from pathlib import Path

import pytest

from console.profile import Profile
from console.profile.check_command import run


def test_checking_suwon_prints_counts_by_system_and_district_that_add_up(
    suwon: Profile, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["check", "suwon"]) == 0
    lines = capsys.readouterr().out.splitlines()
    table = [
        line.rsplit(None, 5) for line in lines if line and line.split()[-1].isdigit() and ":" not in line
    ]
    rows = {row[0].strip(): [int(cell) for cell in row[1:]] for row in table}
    totals = rows.pop("in all")
    assert rows["CCTV integrated control"][-1] == 5_445
    assert set(rows) == {system.name.en for system in suwon.systems.values()}
    assert [sum(column) for column in zip(*rows.values(), strict=True)] == totals
    assert totals[-1] == 22_783
    assert f"digest {suwon.digest}" in lines


def test_suwon_is_checked_when_no_city_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check"]) == 0
    assert capsys.readouterr().out.startswith("Suwon (suwon): 22783 devices")


def test_a_city_by_path_with_mistakes_prints_each_of_them(
    village_files: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    city = village_files / "cities" / "village.toml"
    text = city.read_text("utf-8").replace('owner = "hall"', "").replace("seed = 7", 'seed = "seven"')
    city.write_text(text.replace('kind = "police"', 'kind = "army"'), "utf-8")
    assert run(["check", str(city)]) == 1
    out = capsys.readouterr().out
    assert "village.toml: [city] seed: expected a whole number >= 0" in out
    assert "[agencies[0] (KR-112)] kind: expected one of 'police', 'fire', 'ambulance', found 'army'" in out
    assert "2 problem(s)." in out


def test_an_unknown_city_says_which_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["check", "atlantis"]) == 1
    assert "expected one of glasgow, suwon" in capsys.readouterr().out


def test_a_wrong_word_is_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        run(["frobnicate"])
    assert left.value.code == 2
    assert "check" in capsys.readouterr().err
