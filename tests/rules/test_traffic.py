"""Traffic levels by class of road: the guideline's edges, hysteresis, and no vehicle is no jam."""

from __future__ import annotations

import csv
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.paths import shipped
from console.profile import ProfileError
from console.rules.traffic import JAM, SLOW, SMOOTH, UNKNOWN, TrafficLevels, traffic_figures

FIGURES = traffic_figures()
CLASSES = [one.id for one in FIGURES.classes]


def first_level(road_class: str, speed: float) -> int:
    bank = TrafficLevels(FIGURES, [road_class])
    bank.update(np.array([speed]))
    return int(bank.level[0])


@pytest.mark.parametrize(
    ("road_class", "jam_below", "slow_below"),
    [("urban_arterial", 15.0, 25.0), ("urban_expressway", 30.0, 50.0), ("expressway", 30.0, 70.0)],
)
def test_each_class_has_its_own_edges(road_class, jam_below, slow_below):
    edges = [0.0, jam_below - 0.01, jam_below, slow_below - 0.01, slow_below, 120.0]
    assert [first_level(road_class, one) for one in edges] == [JAM, JAM, SLOW, SLOW, SMOOTH, SMOOTH]


def test_a_worse_level_comes_at_once_and_a_better_one_only_well_into_it():
    bank = TrafficLevels(FIGURES, ["urban_arterial"])
    seen = []
    for speed in (30.0, 24.9, 25.5, 26.9, 27.0, 14.9, 16.9, 17.0, 40.0):
        bank.update(np.array([speed]))
        seen.append(int(bank.level[0]))
    assert seen == [SMOOTH, SLOW, SLOW, SLOW, SMOOTH, JAM, JAM, SLOW, SMOOTH]


def test_a_detector_that_counts_nobody_is_unknown_and_a_standing_queue_is_a_jam():
    bank = TrafficLevels(FIGURES, ["urban_arterial"] * 3)
    bank.update(np.array([0.0, 0.0, 0.0]), np.array([0.0, 120.0, math.nan]))
    assert bank.level.tolist() == [UNKNOWN, JAM, JAM]


def test_no_value_is_unknown_and_what_comes_after_it_starts_afresh():
    bank = TrafficLevels(FIGURES, ["urban_arterial"])
    assert bank.update(np.array([24.0]))[0]
    for missing in (math.nan, math.inf, -1.0):
        bank.update(np.array([missing]))
        assert bank.level[0] == UNKNOWN
    bank.update(np.array([25.0]))
    assert bank.level[0] == SMOOTH


@given(st.sampled_from(CLASSES), st.lists(st.floats(0.0, 130.0), min_size=1, max_size=50))
def test_the_shown_level_is_never_better_than_the_speed_and_at_most_a_margin_worse(road_class, speeds):
    bank = TrafficLevels(FIGURES, [road_class])
    for speed in speeds:
        bank.update(np.array([speed]))
        worst, best = (first_level(road_class, one) for one in (max(speed - 2.0, 0.0), speed))
        assert worst <= bank.level[0] <= best


@given(st.lists(st.lists(st.floats(0.0, 130.0), min_size=3, max_size=3), min_size=1, max_size=20))
def test_many_sections_at_once_are_each_section_alone(rounds):
    together = TrafficLevels(FIGURES, CLASSES)
    alone = [TrafficLevels(FIGURES, [one]) for one in CLASSES]
    for speeds in rounds:
        together.update(np.array(speeds))
        for bank, speed in zip(alone, speeds, strict=True):
            bank.update(np.array([speed]))
        assert together.level.tolist() == [int(bank.level[0]) for bank in alone]


def test_a_class_that_is_not_there_and_edges_that_do_not_rise_are_refused(tmp_path):
    with pytest.raises(KeyError):
        TrafficLevels(FIGURES, ["footpath"])
    text = (shipped("seeds") / "rules" / "traffic.toml").read_text("utf-8")
    file = tmp_path / "traffic.toml"
    file.write_text(text.replace("slow_below_km_h = 25.0", "slow_below_km_h = 15.0"), "utf-8")
    with pytest.raises(ProfileError, match=r"classes\[0\] \(urban_arterial\)\] slow_below_km_h"):
        traffic_figures(file)


@pytest.mark.needs_shared_data
def test_a_real_week_of_fifty_sensors_rings_less_with_the_margin_and_loses_no_jam(shared_data: Path):
    with (shared_data / "sensors" / "los_speed_50.csv").open(encoding="utf-8") as file:
        rows = list(csv.reader(file))
    speeds = np.array(rows[1:], np.float64) * FIGURES.km_h_per_mph
    assert speeds.shape == (2016, 50)
    speeds[speeds == 0.0] = np.nan  # the recording's own sign for a missing value
    bank = TrafficLevels(FIGURES, ["urban_expressway"] * 50)
    shown = np.array([bank.update(row) is not None and bank.level.copy() for row in speeds])
    plain = [[UNKNOWN if math.isnan(one) else JAM if one < 30.0 else SLOW if one < 50.0 else SMOOTH
              for one in row] for row in speeds]  # fmt: skip
    assert ((shown == UNKNOWN) == np.isnan(speeds)).all()
    assert (shown[np.array(plain) == JAM] == JAM).all()
    changes = int((shown[1:] != shown[:-1]).sum())
    plain_changes = int((np.diff(np.array(plain), axis=0) != 0).sum())
    assert 0 < changes < plain_changes


@pytest.mark.needs_shared_data
def test_a_real_detector_that_slows_in_the_rush_is_shown_slow_and_never_jammed(shared_data: Path):
    with (shared_data / "sensors" / "speed_6005.csv").open(encoding="utf-8") as file:
        speeds = [float(row["value"]) * FIGURES.km_h_per_mph for row in csv.DictReader(file)]
    assert len(speeds) == 2500
    bank = TrafficLevels(FIGURES, ["expressway"])
    seen = []
    for speed in speeds:
        bank.update(np.array([speed]))
        seen.append(int(bank.level[0]))
    assert min(speeds) >= 30.0  # none of it below the expressway's jam
    assert set(seen) == {SLOW, SMOOTH}
    assert seen.count(SLOW) >= sum(one < 70.0 for one in speeds) > 0
