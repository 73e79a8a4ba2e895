"""Real days through the hub's alarms, and the alarms of a flood."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from console.bench import flood, realday
from console.profile import load_profile


@pytest.mark.needs_shared_data
def test_a_real_day_reaches_a_person_less_often_and_loses_no_call(shared_data: Path) -> None:
    told = realday.run(["--data", str(shared_data), "--days", "1"])
    calls, roads = told["by_source"]["calls"], told["by_source"]["roads"]
    assert calls["before_per_h"] * 24 == pytest.approx(396)
    assert 0.9 * calls["before_per_h"] < calls["after_per_h"] <= calls["before_per_h"]
    assert 0 < roads["after_per_h"] < roads["before_per_h"] / 2
    assert told["lines_per_operator_hour"] <= told["after_per_operator_hour"]
    assert told["technical_after_per_operator_hour"] < 6, "what EEMUA 191 lets one person have"


@pytest.mark.parametrize("words", [["--days", "0"], ["--days", "8"], ["--data", "nowhere"]])
def test_what_cannot_be_replayed_is_refused(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        realday.run(words)
    assert "--d" in capsys.readouterr().err


def test_the_alarms_of_a_flood_are_as_many_as_asked_each_of_a_point_of_its_own() -> None:
    profile = load_profile("suwon")
    points, values, delays_s, count = flood._beyond(profile, 500)
    assert count == len(points) == len(np.unique(points)) == 500
    assert (delays_s > 0).all()
    limits = profile.limits.columns()
    for point, value in zip(points.tolist(), values.tolist(), strict=True):
        (row,) = np.flatnonzero(limits.point_index == point)
        assert value == limits.set_at[row]
    priorities = limits.priority[np.flatnonzero(np.isin(limits.point_index, points))]
    assert len(set(priorities.tolist())) >= 3
