"""The file of figures: what is wrong with it is said with the field."""

from __future__ import annotations

import pytest

from console.paths import shipped
from console.rules.alarm.figures import FILE, AlarmFiguresError, load_alarm_figures

TEXT = (shipped("seeds") / FILE).read_text("utf-8")


def test_the_shipped_figures_load_and_every_role_of_a_desk_has_its_shelf():
    figures = load_alarm_figures()
    assert figures.load.flood_begins_above == 10
    assert figures.load.flood_ends_below == 5
    assert [one.role for one in figures.shelving] == ["operator", "supervisor"]


def test_every_figure_says_where_it_is_from():
    bare = [
        line for line in TEXT.splitlines()
        if "=" in line and not line.startswith("#") and "#" not in line
    ]  # fmt: skip
    # A role's name and what a supervisor may do need no source; that of the mix stands at its table.
    assert bare == [
        'role = "operator"', 'role = "supervisor"', "priorities = [1, 2, 3, 4]",
        "1 = 0.01", "2 = 0.05", "3 = 0.15", "4 = 1.0",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("target = 1.0", "target = -1.0", "load.target"),
        ("manageable = 2.0", "manageable = 0.5", "load.manageable"),
        ("flood_ends_below = 5", "flood_ends_below = 11", "load.flood_ends_below"),
        ("top_share = 0.05", "top_share = 5.0", "load.top_share"),
        ("alone = [1]", "alone = []", "flood.alone"),
        ("least = 3", "least = 1", "flood.least"),
        ("longest_s = 3600.0", "longest_s = 0.0", "shelving .operator..longest_s"),
        ('role = "supervisor"', 'role = "operator"', "each role once"),
        ("chattering_count = 3", "chattering_count = 1", "nuisance.chattering_count"),
        ("stale_s = 86400.0", 'stale_s = "a day"', "nuisance.stale_s"),
        ("release_after_s = 60.0", "release_after = 60.0", "release_after"),
        ("[load.mix]", "[load.mix", "invalid|Expected|line"),
        ("1 = 0.01", "high = 0.01", "whole numbers"),
    ],
)
def test_a_wrong_figure_is_refused_by_its_name(tmp_path, old, new, words):
    assert old in TEXT
    path = tmp_path / "mine.toml"
    path.write_text(TEXT.replace(old, new, 1), "utf-8")
    with pytest.raises(AlarmFiguresError, match=rf"mine.toml: .*({words})"):
        load_alarm_figures(path)


def test_a_missing_file_is_said(tmp_path):
    with pytest.raises(AlarmFiguresError, match="cannot be read"):
        load_alarm_figures(tmp_path / "none.toml")
