"""What is wrong with samples: each flag alone, many points at once, real series with gaps."""

from __future__ import annotations

import csv
import math
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from console.clock import SECOND_NS
from console.paths import shipped
from console.profile import ProfileError
from console.rules.quality import (
    CLOCK_AHEAD,
    CLOCK_BEHIND,
    DUPLICATE,
    LATE,
    NOT_A_NUMBER,
    OUT_OF_ORDER,
    OUT_OF_RANGE,
    STUCK,
    PointRules,
    QualityBank,
    check_unit,
    quality_figures,
    quality_of,
    quality_of_missing,
)
from console.telemetry.table import BAD, GOOD, NEVER, UNCERTAIN, Columns

FIGURES = quality_figures()
T0 = 1_774_000_000 * SECOND_NS


def bank(count: int = 1, can_stick: bool = True, period_s: float = 60.0) -> QualityBank:
    ones = np.ones(count)
    sticks = np.full(count, can_stick)
    return QualityBank(FIGURES, PointRules(ones * 0.0, ones * 100.0, ones * period_s, sticks))


def judge(told: QualityBank, value: float, at_s: float, received_s: float | None = None) -> int:
    batch = Columns(
        np.zeros(1, np.uint32), np.array([value]), np.array([T0 + int(at_s * SECOND_NS)]),
        np.array([GOOD], np.uint8),
    )  # fmt: skip
    received = T0 + int((at_s if received_s is None else received_s) * SECOND_NS)
    return int(told.judge(batch, received)[0])


def test_a_value_at_the_ends_of_its_range_is_good_and_beyond_is_not():
    told = bank()
    values = (0.0, 100.0, -0.1, 100.1, math.nan, math.inf)
    seen = [judge(told, value, second) for second, value in enumerate(values)]
    assert seen == [0, 0, OUT_OF_RANGE, OUT_OF_RANGE, NOT_A_NUMBER, NOT_A_NUMBER]


def test_the_twentieth_equal_value_is_stuck_and_another_one_frees_it():
    told = bank()
    seen = [judge(told, 7.0, second) for second in range(21)]
    assert seen == [0] * 19 + [STUCK, STUCK]
    assert judge(told, 7.1, 21) == 0
    assert judge(told, 7.0, 22) == 0


def test_a_state_may_stay_the_same_for_ever():
    told = bank(can_stick=False)
    assert [judge(told, 1.0, second) for second in range(200)] == [0] * 200


def test_out_of_order_and_again_are_said_and_do_not_turn_time_back():
    told = bank()
    assert [judge(told, 1.0, 10, 20), judge(told, 2.0, 9, 20), judge(told, 2.0, 10, 20)] == [
        0, OUT_OF_ORDER, DUPLICATE,
    ]  # fmt: skip
    assert judge(told, 3.0, 11, 20) == 0


def test_a_sample_from_the_future_is_unusable_and_does_not_hide_the_next():
    told = bank()
    assert judge(told, 1.0, 15, 10) == 0  # 5 s ahead: clocks differ
    assert judge(told, 1.0, 15.1, 10) == CLOCK_AHEAD
    assert judge(told, 2.0, 16, 16) == 0


def test_a_queue_that_empties_is_late_and_a_clock_that_is_behind_is_not():
    queue = bank()
    seen = [judge(queue, float(minute), minute * 60, 1000 + minute) for minute in range(15)]
    assert seen == [LATE] * 15  # 1000, 941, ... 174 s late
    slow = bank()
    seen = [judge(slow, float(minute), minute * 60 - 45, minute * 60 + minute % 3) for minute in range(10)]
    assert seen[:4] == [0] * 4
    assert set(seen[4:]) == {CLOCK_BEHIND}


def test_stale_begins_after_three_periods_and_never_is_neither_stale_nor_zero():
    told = bank(2)
    judge(told, 1.0, 0)
    assert told.never_heard().tolist() == [False, True]
    assert told.stale(T0 + 180 * SECOND_NS).tolist() == [False, False]
    late = told.stale(T0 + 181 * SECOND_NS)
    assert late.tolist() == [True, False]
    assert quality_of_missing(late, told.never_heard()).tolist() == [UNCERTAIN, NEVER]


def test_values_that_cannot_be_used_do_not_keep_a_point_alive():
    told = bank()
    judge(told, 1.0, 0)
    for second in range(10, 400, 10):
        judge(told, math.nan, second)
    assert told.stale(T0 + 400 * SECOND_NS)[0]


def test_flags_become_the_quality_of_telemetry():
    flags = np.array([0, STUCK, LATE | STUCK, OUT_OF_RANGE | LATE, CLOCK_AHEAD, NOT_A_NUMBER], np.uint8)
    assert quality_of(flags).tolist() == [GOOD, UNCERTAIN, UNCERTAIN, BAD, BAD, BAD]


def test_a_reading_must_name_its_own_unit():
    assert check_unit("cm", "cm") is None
    assert check_unit("m", "cm") == "unit: expected 'cm', found 'm'"
    assert check_unit(" ", "cm") == "unit: expected 'cm', found nothing"


samples = st.lists(
    st.tuples(st.integers(0, 2), st.one_of(st.floats(-10.0, 110.0), st.just(5.0), st.just(math.nan)),
              st.integers(0, 60)),
    max_size=80,
)  # fmt: skip


@given(samples, st.integers(1, 7))
def test_how_samples_are_cut_into_batches_does_not_change_what_is_said(rows, size):
    def columns(part: list[tuple[int, float, int]]) -> Columns:
        return Columns(
            np.array([one[0] for one in part], np.uint32), np.array([one[1] for one in part], np.float64),
            np.array([T0 + one[2] * SECOND_NS for one in part], np.int64), np.zeros(len(part), np.uint8),
        )  # fmt: skip

    received = T0 + 60 * SECOND_NS
    whole = bank(3).judge(columns(rows), received).tolist()
    told = bank(3)
    parts = [told.judge(columns(rows[at : at + size]), received).tolist() for at in range(0, len(rows), size)]
    assert [one for part in parts for one in part] == whole
    alone = bank(3)
    assert [int(alone.judge(columns([one]), received)[0]) for one in rows] == whole


def test_figures_that_cannot_be_are_refused(tmp_path):
    text = (shipped("seeds") / "rules" / "quality.toml").read_text("utf-8")
    file = tmp_path / "quality.toml"
    file.write_text(text.replace("skew_jitter_s = 3.0", "skew_jitter_s = 30.0"), "utf-8")
    with pytest.raises(ProfileError, match="skew_jitter_s: expected less than skew_after_s"):
        quality_figures(file)


def real(file: Path) -> tuple[np.ndarray, np.ndarray]:
    with file.open(encoding="utf-8") as told:
        rows = list(csv.DictReader(told))
    at = [int(datetime.fromisoformat(row["timestamp"]).replace(tzinfo=UTC).timestamp()) for row in rows]
    return np.array(at, np.int64) * SECOND_NS, np.array([float(row["value"]) for row in rows])


@pytest.mark.needs_shared_data
@pytest.mark.parametrize(
    ("name", "period_s"),
    [("speed_6005", 300.0), ("occupancy_6005", 300.0), ("ambient_temperature_system_failure", 3600.0)],
)
def test_a_real_series_is_stale_exactly_in_its_gaps(shared_data: Path, name: str, period_s: float):
    at, values = real(shared_data / "sensors" / f"{name}.csv")
    told = QualityBank(
        FIGURES,
        PointRules(np.array([-50.0]), np.array([200.0]), np.array([period_s]), np.array([True])),
    )
    gaps = said = 0
    for row, (when, value) in enumerate(zip(at.tolist(), values.tolist(), strict=True)):
        said += bool(told.stale(when - 1)[0])
        gaps += row > 0 and when - 1 - at[row - 1] > 3 * period_s * SECOND_NS
        batch = Columns(np.zeros(1, np.uint32), np.array([value]), np.array([when]), np.zeros(1, np.uint8))
        flags = int(told.judge(batch, when)[0])
        assert flags & ~(STUCK | DUPLICATE | OUT_OF_ORDER) == 0
    assert said == gaps > 0
