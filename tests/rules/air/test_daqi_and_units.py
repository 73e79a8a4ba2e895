"""The British index with its bands, and gases between volume ratio and mass."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.rules.air import daqi
from console.rules.air.tables import load_air
from console.rules.air.units import UnitError, converted, ug_m3_of_one_ppb

AIR = load_air()
TABLE = AIR.daqi
OF = {one.id: one for one in TABLE.pollutants}


def index(**concentrations: float) -> float:
    return float(daqi.index_of(TABLE, {k: np.array([v]) for k, v in concentrations.items()})[0][0])


@pytest.mark.parametrize("pollutant", sorted(OF))
def test_each_index_ends_where_the_table_says_and_ten_is_above(pollutant):
    for row, end in enumerate(OF[pollutant].ends):
        assert index(**{pollutant: float(end)}) == row + 1
        assert index(**{pollutant: end + 0.49}) == row + 1
        assert index(**{pollutant: end + 0.5}) == row + 2
    assert index(**{pollutant: 0.0}) == 1
    assert index(**{pollutant: 1e9}) == 10


def test_the_index_is_the_highest_of_what_is_known_and_says_whose():
    found, rows = daqi.index_of(TABLE, {"o3": np.array([101.0, np.nan, np.nan]),
                                        "pm10": np.array([10.0, 80.0, np.nan])})  # fmt: skip
    np.testing.assert_array_equal(found, [4, 7, np.nan])
    assert [TABLE.pollutants[row].id if row >= 0 else "" for row in rows] == ["o3", "pm10", ""]
    with pytest.raises(KeyError):
        index(co=1.0)


def test_bands_are_low_moderate_high_and_very_high():
    rows = daqi.band_rows(TABLE, np.array([1, 3, 4, 6, 7, 9, 10, np.nan]))
    assert [TABLE.bands[row].id if row >= 0 else "" for row in rows] == [
        "low", "low", "moderate", "moderate", "high", "high", "very_high", "",
    ]  # fmt: skip


@given(st.dictionaries(st.sampled_from(sorted(OF)), st.one_of(st.just(np.nan), st.floats(-10, 2000)),
                       min_size=1), st.sampled_from(sorted(OF)), st.floats(0, 500))  # fmt: skip
def test_there_is_an_index_only_of_what_is_known_and_more_is_never_better(values, name, more):
    usable = [value for value in values.values() if value >= 0]
    found = index(**values)
    assert np.isnan(found) == (not usable)
    if name in values and values[name] >= 0:
        assert index(**{**values, name: values[name] + more}) >= found


@pytest.mark.parametrize(("gas", "factor"), [("o3", 2.00), ("no2", 1.91), ("so2", 2.66), ("co", 1.16)])
def test_at_twenty_degrees_the_factors_are_those_of_uk_monitoring(gas, factor):
    assert round(ug_m3_of_one_ppb(AIR.units, gas, 20.0), 2) == factor


def test_the_temperature_matters_and_must_be_said():
    warm = ug_m3_of_one_ppb(AIR.units, "o3", 25.0)
    assert round(warm, 2) == 1.96
    with pytest.raises(TypeError, match="celsius"):
        converted(AIR.units, np.array([1.0]), "o3", "ppb", "ug/m3")  # type: ignore[call-arg]


def test_units_nobody_knows_and_dust_in_ppb_are_refused_in_words():
    one = np.array([1.0])
    with pytest.raises(UnitError, match="expected ppb, ppm, ug/m3, mg/m3, found 'ppt'"):
        converted(AIR.units, one, "o3", "ppt", "ppb", celsius=20.0)
    with pytest.raises(UnitError, match="'pm10' has no molar mass"):
        converted(AIR.units, one, "pm10", "ppb", "ug/m3", celsius=20.0)
    with pytest.raises(UnitError, match="temperature"):
        converted(AIR.units, one, "o3", "ppb", "ug/m3", celsius=293.15)
    with pytest.raises(UnitError, match="temperature"):
        converted(AIR.units, one, "o3", "ppb", "ug/m3", celsius=float("nan"))
    assert converted(AIR.units, one, "pm10", "mg/m3", "ug/m3", celsius=20.0)[0] == 1000.0


UNITS = ["ppb", "ppm", "ug/m3", "mg/m3"]


@given(st.sampled_from(["o3", "no2", "so2", "co"]), st.sampled_from(UNITS), st.sampled_from(UNITS),
       st.floats(-40, 50), st.lists(st.one_of(st.just(np.nan), st.floats(0, 1e4)), max_size=5))  # fmt: skip
def test_there_and_back_is_the_same_and_missing_stays_missing(gas, unit, into, celsius, values):
    there = converted(AIR.units, np.array(values), gas, unit, into, celsius=celsius)
    back = converted(AIR.units, there, gas, into, unit, celsius=celsius)
    np.testing.assert_allclose(back, np.array(values), rtol=1e-12, atol=1e-290)  # not of subnormals
