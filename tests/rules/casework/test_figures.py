"""Grades, times and points are data; what does not go together is refused by its name."""

from __future__ import annotations

import msgspec
import pytest

from console.language import load_catalogue
from console.paths import shipped
from console.profile import load_profile
from console.profile.problems import ProfileError
from console.rules.casework.figures import casework_figures
from console.rules.casework.stages import ORDER, TABLE

TEXT = (shipped("seeds") / "rules" / "casework.toml").read_text("utf-8")


@pytest.mark.parametrize("city", ["suwon", "glasgow"])
def test_every_incident_type_of_a_city_has_a_grade_of_its_country(city):
    told, profile = casework_figures(), load_profile(city)
    for kind in profile.incident_types.values():
        assert told.grade(profile.country, kind.code) is not None, kind.id
        assert told.wait("new", kind.priority) is not None


def test_the_five_codes_and_the_four_grades_are_there_in_their_order():
    told = casework_figures()
    assert [one.code for one in told.grades if one.country == "KR"] == ["0", "1", "2", "3", "4"]
    assert [one.code for one in told.grades if one.country == "GB"] == [
        "Immediate", "Prompt", "Standard", "Other Resolution",
    ]  # fmt: skip


def test_grades_are_those_that_incident_types_may_have():
    codes = msgspec.toml.decode((shipped("seeds") / "incident_types.toml").read_bytes())["codes"]
    told = casework_figures()
    for country, allowed in codes.items():
        assert [one.code for one in told.grades if one.country == country] == allowed


def test_who_is_told_of_silence_is_told_sooner_the_more_urgent_it_is():
    told = casework_figures()
    for stage in ("new", "acknowledged", "verified", "responding"):
        first = [told.wait(stage, priority).after_s[0] for priority in (1, 2, 3, 4)]
        assert first == sorted(first)


def test_no_stage_goes_back_but_for_a_verdict_that_was_wrong():
    for (stage, act), then in TABLE.items():
        backwards = ORDER.index(then) < ORDER.index(stage)
        assert backwards == ((stage, act) == ("resolved", "real"))


def test_every_stage_verdict_and_claim_has_its_words():
    keys = load_catalogue().keys()
    assert {f"casework.stage.{one}" for one in ORDER} <= keys
    assert {f"casework.verdict.{one}" for one in ("real", "false", "test")} <= keys
    assert {f"casework.claim.{one}" for one in ("nobody", "fresh", "stale", "working", "silent")} <= keys


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('code = "1"', 'code = "0"', "each code of KR once"),
        ("rank = 1", "rank = 3", "the next of KR"),
        ("after_s = [30.0, 60.0, 120.0]", "after_s = [30.0, 30.0, 120.0]", "times that rise"),
        ('tell = ["desk", "supervisor", "everybody"]', 'tell = ["desk"]', "one for each level"),
        ('tell = ["desk", "supervisor", "everybody"]', 'tell = ["mayor", "desk", "desk"]', "tell"),
        ("priorities = [3, 4]\nafter_s = [900.0", "priorities = [3]\nafter_s = [900.0", "new, priority 4"),
        ("priorities = [2]\nafter_s", "priorities = [1, 2]\nafter_s", "each of new once"),
        ("grace_s = 20.0", "grace_s = -1.0", "grace_s"),
        ("4 = 100", "5 = 100", "priority"),
        ("night_from_h = 20.0", "night_from_h = 25.0", "night_from_h"),
    ],
)
def test_a_wrong_figure_is_refused_by_its_name(tmp_path, old, new, words):
    assert old in TEXT
    path = tmp_path / "mine.toml"
    path.write_text(TEXT.replace(old, new, 1), "utf-8")
    with pytest.raises(ProfileError) as refused:
        casework_figures(path)
    assert words in "\n".join(map(str, refused.value.problems))
