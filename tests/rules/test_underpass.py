"""When an underpass is closed: each of three reasons alone, and nothing unknown taken as good."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.paths import shipped
from console.profile import ProfileError
from console.rules.underpass import judge, may_be_opened, underpass_figures

FIGURES = underpass_figures()
GOOD = {"pumps_ready": (True, True), "depth_cm": 0.0, "overflow_feared": False}
maybe = st.sampled_from([True, False, None])


def advice(**changed) -> str:
    return judge(FIGURES, **(GOOD | changed)).advice


def test_each_reason_closes_alone():
    assert judge(FIGURES, **GOOD | {"pumps_ready": (True, False)}).reasons == ("pump_failed",)
    assert judge(FIGURES, **GOOD | {"depth_cm": 15.0}).reasons == ("water",)
    assert judge(FIGURES, **GOOD | {"overflow_feared": True}).reasons == ("overflow_feared",)
    assert {advice(pumps_ready=(False,)), advice(depth_cm=15.0), advice(overflow_feared=True)} == {"close"}


@pytest.mark.parametrize(
    ("depth", "expected"),
    [(0.0, "open"), (4.9, "open"), (5.0, "watch"), (9.9, "watch"), (10.0, "prepare"), (14.9, "prepare"),
     (15.0, "close"), (80.0, "close")],
)  # fmt: skip
def test_the_levels_are_reached_at_their_own_value(depth, expected):
    assert advice(depth_cm=depth) == expected


def test_what_is_not_known_is_said_and_is_never_open():
    for changed in ({"pumps_ready": ()}, {"pumps_ready": (True, None)}, {"depth_cm": None},
                    {"depth_cm": math.nan}, {"overflow_feared": None}):  # fmt: skip
        state = judge(FIGURES, **(GOOD | changed))
        assert state.advice == "unknown"
        assert len(state.unknown) == 1
    state = judge(FIGURES, pumps_ready=(), depth_cm=11.0, overflow_feared=None)
    assert (state.advice, state.unknown) == ("prepare", ("pump", "overflow"))


def test_a_reason_that_is_known_closes_whatever_else_is_not_known():
    state = judge(FIGURES, pumps_ready=(None, False), depth_cm=None, overflow_feared=None)
    assert (state.advice, state.reasons, state.unknown) == ("close", ("pump_failed",), ("water", "overflow"))


@given(st.lists(maybe, max_size=3), st.one_of(st.none(), st.floats(0.0, 100.0)), maybe)
def test_open_means_all_known_and_good_and_a_closed_one_is_not_opened_without_a_look(pumps, depth, feared):
    told = {"pumps_ready": tuple(pumps), "depth_cm": depth, "overflow_feared": feared}
    state = judge(FIGURES, **told)
    all_good = bool(pumps) and all(pumps) and depth is not None and depth < 5.0 and feared is False
    assert (state.advice == "open") == all_good
    assert (state.advice == "close") == (False in pumps or (depth or 0.0) >= 15.0 or feared is True)
    assert not may_be_opened(FIGURES, **told, inspected=False)
    if may_be_opened(FIGURES, **told, inspected=True):
        assert state.advice == "open"


def test_it_is_opened_well_below_the_level_that_closed_it():
    assert not may_be_opened(FIGURES, **GOOD | {"depth_cm": 3.0}, inspected=True)
    assert may_be_opened(FIGURES, **GOOD | {"depth_cm": 2.9}, inspected=True)


def test_levels_that_do_not_rise_are_refused(tmp_path):
    text = (shipped("seeds") / "rules" / "underpass.toml").read_text("utf-8")
    file = tmp_path / "underpass.toml"
    file.write_text(text.replace("close_at_cm = 15.0", "close_at_cm = 9.0"), "utf-8")
    with pytest.raises(ProfileError, match="close_at_cm: expected"):
        underpass_figures(file)
    file.write_text(text.replace("watch_at_cm = 5.0", 'watch_at_cm = "five"\nwat = 1'), "utf-8")
    with pytest.raises(ProfileError) as told:
        underpass_figures(file)
    assert len(told.value.problems) == 2
