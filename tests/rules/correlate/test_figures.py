"""The matrix of what belongs together is data: complete, with sources, and refused where it is wrong."""

from __future__ import annotations

import pytest

from console.paths import shipped
from console.profile import load_profile
from console.profile.problems import ProfileError
from console.rules.correlate.figures import Matrix, correlate_figures

TEXT = (shipped("seeds") / "rules" / "correlate.toml").read_text("utf-8")


def test_every_type_of_both_cities_has_its_kind_and_no_other_is_named():
    told = correlate_figures()
    named = {one for kind in told.kinds.values() for one in kind.types}
    for city in ("suwon", "glasgow"):
        assert named == set(load_profile(city).incident_types)


def test_a_type_belongs_to_its_own_kind_by_its_own_radius_and_window():
    matrix = Matrix(correlate_figures(), load_profile("suwon").incident_types.values())
    pair = matrix.pair("person_down", "person_down")
    assert pair is not None
    assert (pair.radius_m, pair.window_ns, pair.same) == (60.0, 300 * 10**9, True)
    assert matrix.pair("person_down", "cyber_event") is None
    assert matrix.pair("a_type_of_nobody", "a_type_of_nobody") is None


def test_pairs_are_the_same_both_ways_but_for_who_is_above():
    matrix = Matrix(correlate_figures(), load_profile("suwon").incident_types.values())
    types = sorted(load_profile("suwon").incident_types)
    for one in types:
        for other in types:
            assert matrix.pair(one, other) == matrix.pair(other, one)
            pair = matrix.pair(one, other)
            if pair is not None:
                assert pair.reach_m <= min(matrix.reach_m(one), matrix.reach_m(other))
                assert pair.window_ns <= min(matrix.longest_ns(one), matrix.longest_ns(other))
    child = matrix.pair("underpass_flood", "weather_warning")
    assert child is not None
    assert (child.relation, child.above) == ("child", "weather_warning")


def test_every_affinity_says_where_it_is_from():
    assert TEXT.count("[[affinities]]") == TEXT.count("\nsource = ")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("join_least = 0.30", "join_least = 3.0", "join_least"),
        ("offer_least = 0.10", "offer_least = 0.90", "not above join_least"),
        ('types = ["violence"]', 'types = ["violence", "crowd"]', "each type in one kind"),
        ('first = "fire"', 'first = "fyre"', "fyre"),
        ('with = ["obstruction"]', 'with = ["collision"]', "no kind with itself"),
        ("road_m = 1500.0", "road_m = 2500.0", "guard"),
        ('as = "child"', 'as = "join"', "guard"),
        ("apart_m = 2000.0", "apart_m = 0.0", "apart_m"),
        ("repeat_s = 30.0", "repeats_s = 30.0", "repeats_s"),
    ],
)
def test_a_wrong_figure_is_refused_by_its_name(tmp_path, old, new, words):
    assert old in TEXT
    path = tmp_path / "mine.toml"
    path.write_text(TEXT.replace(old, new), "utf-8")
    with pytest.raises(ProfileError) as refused:
        correlate_figures(path)
    assert words in "\n".join(map(str, refused.value.problems))
