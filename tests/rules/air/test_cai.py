"""The Korean index: the table's own edges, the published vectors, and what must hold for any air."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.rules.air import cai
from console.rules.air.tables import load_air

AIR = load_air()
TABLE = AIR.cai
OF = {one.id: one for one in TABLE.pollutants}
GOOD_ENDS = {one.id: one.ends[0] for one in TABLE.pollutants}


def part(pollutant: str, value: float) -> float:
    return float(cai.part(TABLE, OF[pollutant], np.array([value]))[0])


def index(**concentrations: float) -> float:
    return float(cai.index_of(TABLE, {k: np.array([v]) for k, v in concentrations.items()}).index[0])


@pytest.mark.parametrize("pollutant", sorted(OF))
@pytest.mark.parametrize(("row", "first", "last"), [(0, 0, 50), (1, 51, 100), (2, 101, 250), (3, 251, 500)])
def test_a_grade_begins_and_ends_where_the_table_says(pollutant, row, first, last):
    one = OF[pollutant]
    step = 10.0**-one.decimals
    begin = one.ends[row - 1] + step if row else 0.0
    assert part(pollutant, begin) == first
    assert part(pollutant, one.ends[row]) == last
    assert part(pollutant, one.ends[row] + 0.4 * step) == last
    assert part(pollutant, begin - 0.4 * step if row else 0.4 * step) == first


@pytest.mark.parametrize(
    ("pollutant", "value", "expected"),
    [("pm10", 45, 65), ("pm2_5", 20, 61), ("o3", 0.045, 63), ("pm10", 100, 142), ("pm2_5", 50, 154),
     ("o3", 0.100, 124), ("pm10", 0, 0), ("co", 2.005, 51), ("o3", 0.0305, 51), ("pm10", 30.49, 50)],
)  # fmt: skip
def test_published_values_of_one_pollutant(pollutant, value, expected):
    assert part(pollutant, value) == expected


def test_two_bad_pollutants_add_fifty_and_three_seventy_five():
    quiet = {"no2": 0.01, "o3": 0.01}
    assert index(pm10=100, pm2_5=20, **quiet) == 142
    assert index(pm10=100, pm2_5=50, **quiet) == 204
    assert index(pm10=100, pm2_5=50, no2=0.01, o3=0.100) == 229
    assert index(pm10=100, pm2_5=50, no2=0.100, o3=0.100) == 229
    assert index(pm10=80, pm2_5=35, no2=0.060, o3=0.090) == 100, "moderate pollutants add nothing"


def test_the_addition_never_leaves_the_scale():
    assert index(pm10=600, pm2_5=500, no2=2.0, o3=0.6) == 500
    assert index(pm10=5000, pm2_5=5000, no2=0.0, o3=0.0) == 500


def test_all_at_the_upper_end_of_good_is_fifty_and_one_step_above_fifty_one():
    assert index(**GOOD_ENDS) == 50
    assert index(**{k: v + 10.0 ** -OF[k].decimals for k, v in GOOD_ENDS.items()}) == 51


@pytest.mark.parametrize("missing", ["pm10", "pm2_5", "no2", "o3"])
@pytest.mark.parametrize("as_what", [np.nan, np.inf, -5.0])
def test_without_one_of_the_four_there_is_no_index(missing, as_what):
    assert np.isnan(index(**{**GOOD_ENDS, missing: as_what}))
    assert np.isnan(index(**{k: v for k, v in GOOD_ENDS.items() if k != missing}))


def test_without_so2_or_co_there_is_one_and_a_true_zero_is_a_value():
    assert index(pm10=0, pm2_5=0, no2=0, o3=0) == 0
    assert index(pm10=0, pm2_5=0, no2=0, o3=0, so2=np.nan, co=np.nan) == 0
    assert index(pm10=0, pm2_5=0, no2=0, o3=0, so2=0.05) == 100


def test_which_pollutant_leads_is_said_and_a_wrong_name_is_not_left_out_in_silence():
    found = cai.index_of(TABLE, {k: np.array([v]) for k, v in {**GOOD_ENDS, "no2": 0.05}.items()})
    assert TABLE.pollutants[int(found.leading[0])].id == "no2"
    none = cai.index_of(TABLE, {"pm10": np.array([10.0])})
    assert list(none.leading) == [-1]
    with pytest.raises(KeyError, match="smell"):
        cai.index_of(TABLE, {"smell": np.array([1.0])})


def test_each_index_has_the_grade_it_lies_in():
    rows = cai.grade_rows(TABLE, np.array([0, 50, 51, 100, 101, 250, 251, 500, np.nan]))
    assert list(rows) == [0, 0, 1, 1, 2, 2, 3, 3, -1]


amount = st.one_of(st.just(np.nan), st.floats(0, 1.5))
air_of = st.fixed_dictionaries(dict.fromkeys(sorted(OF), amount))


def _concentrations(shares: dict[str, float]) -> dict[str, float]:
    return {name: share * OF[name].ends[2] for name, share in shares.items()}


@given(air_of)
def test_the_index_is_what_the_formula_gives_pollutant_by_pollutant(shares):
    """An independent reading of the table: exact fractions, one pollutant after the other."""
    values = _concentrations(shares)
    parts = {}
    for name, value in values.items():
        if np.isnan(value):
            continue
        one, scale = OF[name], 10 ** OF[name].decimals
        c = Fraction(int(np.floor(value * scale + 0.5 + 1e-6)), scale)
        low_c = Fraction(0)
        for grade, end in zip(((0, 50), (51, 100), (101, 250), (251, 500)), one.ends, strict=True):
            high_c = Fraction(str(end))
            if c <= high_c:
                exact = (Fraction(grade[1] - grade[0]) / (high_c - low_c)) * (c - low_c) + grade[0]
                parts[name] = int(exact + Fraction(1, 2))
                break
            low_c = high_c + Fraction(1, scale)
        else:
            parts[name] = 500
    if {"pm10", "pm2_5", "no2", "o3"} <= set(parts):
        bad = sum(one > 100 for one in parts.values())
        expected = min(500, max(parts.values()) + (75 if bad >= 3 else 50 if bad == 2 else 0))
        assert index(**values) == expected
    else:
        assert np.isnan(index(**values))


@given(air_of, st.sampled_from(sorted(OF)), st.floats(0, 1))
def test_more_of_a_pollutant_never_makes_better_air(shares, name, more):
    before = _concentrations(shares)
    after = {**before, name: before[name] + more * OF[name].ends[2]}
    one, other = index(**before), index(**after)
    assert (np.isnan(one) and np.isnan(other)) or other >= one


@given(air_of)
def test_the_addition_comes_only_with_two_bad_pollutants(shares):
    found = cai.index_of(TABLE, {k: np.array([v]) for k, v in _concentrations(shares).items()})
    bad = sum(bool(one[0] >= 101) for one in found.parts.values())
    if not np.isnan(found.index[0]):
        added = min(500 - found.base[0], 75 if bad >= 3 else 50 if bad == 2 else 0)
        assert found.index[0] - found.base[0] == added


def test_many_stations_at_once_are_the_same_as_one_by_one():
    random = np.random.default_rng(7)
    many = {name: random.random(500) * OF[name].ends[3] for name in OF}
    many["o3"][::7] = np.nan
    together = cai.index_of(TABLE, many).index
    alone = [index(**{name: float(values[row]) for name, values in many.items()}) for row in range(500)]
    np.testing.assert_array_equal(together, alone)


# --- the estimate of 24 hours --------------------------------------------------------------------------


def estimate(dust: str, hours: list[float]) -> float:
    return float(cai.estimate_24h(AIR.estimate, dust, np.array(hours)))


def test_steady_high_dust_is_damped_and_low_dust_is_not():
    assert estimate("pm10", [100.0] * 12) == pytest.approx((100 * 12 + 75 * 12) / 24)
    assert estimate("pm10", [69.0] * 12) == pytest.approx(69.0)
    assert estimate("pm10", [70.0] * 12) == pytest.approx((70 + 52.5) / 2)
    assert estimate("pm2_5", [30.0] * 12) == pytest.approx((30 + 22.5) / 2)
    assert estimate("pm2_5", [29.0] * 12) == pytest.approx(29.0)


def test_a_sudden_hour_counts_in_full():
    hours = [20.0] * 8 + [200.0] * 4  # C12 = 80; 200 / 80 = 2.5, beyond 1.7
    assert estimate("pm10", hours) == pytest.approx((80 + 200) / 2)
    falling = [200.0] * 8 + [80.0] * 4  # C12 = 160; 80 / 160 = 0.5, below 0.9
    assert estimate("pm10", falling) == pytest.approx((160 + 80) / 2)


def test_the_estimate_needs_nine_of_twelve_hours_and_three_of_the_last_four():
    nan = np.nan
    assert estimate("pm10", [nan] * 3 + [40.0] * 9) == pytest.approx(40.0)
    assert np.isnan(estimate("pm10", [nan] * 4 + [40.0] * 8))
    assert estimate("pm10", [40.0] * 11 + [nan]) == pytest.approx(40.0)
    assert np.isnan(estimate("pm10", [40.0] * 10 + [nan] * 2))
    with pytest.raises(ValueError, match="expected 12"):
        estimate("pm10", [40.0] * 11)
    with pytest.raises(KeyError):
        estimate("o3", [0.04] * 12)


@given(st.sampled_from(["pm10", "pm2_5"]), st.lists(st.floats(0, 900), min_size=12, max_size=12))
def test_the_estimate_is_the_written_formula(dust, hours):
    m = {"pm10": 70.0, "pm2_5": 30.0}[dust]
    c12 = sum(hours) / 12
    counted = [
        0.75 * c if c >= m and c12 * 0.9 <= c <= c12 * 1.7 else c for c in hours[-4:]
    ]
    near_an_edge = any(abs(c - edge * c12) < 1e-9 * max(1.0, c) for c in hours[-4:] for edge in (0.9, 1.7))
    if not near_an_edge:
        assert estimate(dust, hours) == pytest.approx((c12 * 12 + sum(counted) / 4 * 12) / 24)
