"""What is wrong with a point's samples is told when it lasts, and makes them uncertain at once."""

from __future__ import annotations

import numpy as np
import pytest

from console.clock import SECOND_NS
from console.language import load_catalogue
from console.profile import Profile, load_profile
from console.rules.city import phrase_of
from console.rules.field.qualities import QualityWatch
from console.rules.quality import quality_figures
from console.telemetry.table import GOOD, UNCERTAIN, Columns, PointTable

NOW = 1_774_000_000 * SECOND_NS
LEVEL, DEPTH = "RIV-0001/level_m", "UND-0001/water_depth_cm"


@pytest.fixture(scope="module")
def suwon() -> Profile:
    return load_profile("suwon")


class Sensors:
    def __init__(self, profile: Profile) -> None:
        self.profile, self.now = profile, NOW
        self.watch = QualityWatch(quality_figures(), profile, phrase_of(load_catalogue()))

    def send(self, point: str, value: float, behind_s: float = 0.0, every_s: float = 10.0) -> int:
        """One sample; the quality it has afterwards."""
        self.now += int(every_s * SECOND_NS)
        index = self.profile.point_by_id[point].index
        batch = Columns(
            np.array([index], np.uint32), np.array([value]),
            np.array([self.now - int(behind_s * SECOND_NS)], np.int64), np.array([GOOD], np.uint8),
        )
        found = self.watch.judge(batch, self.now)
        return GOOD if found is None else int(found[0])

    def says(self) -> dict[str, str]:
        return dict(self.watch.look(PointTable(len(self.profile.points)), self.now, {}))


@pytest.fixture
def sensors(suwon: Profile) -> Sensors:
    return Sensors(suwon)


def test_a_sensor_that_hangs_is_uncertain_and_told_and_forgotten_when_it_moves(sensors: Sensors):
    qualities = [sensors.send(LEVEL, 0.46) for _ in range(30)]
    assert qualities[:19] == [GOOD] * 19
    assert set(qualities[19:]) == {UNCERTAIN}
    assert sensors.says() == {LEVEL: "stuck"}
    assert sensors.watch.finding(LEVEL, "stuck").words.ko == "같은 값 반복: 센서 고착 의심"
    assert sensors.send(LEVEL, 0.47) == GOOD
    assert sensors.says() == {}


def test_what_may_stay_equal_does_not_hang(sensors: Sensors):
    for _ in range(60):
        assert sensors.send(DEPTH, 0.0) == GOOD, "no water is no fault"
        assert sensors.send("UND-0001/pump_on", 1.0) == GOOD
    assert sensors.says() == {}


def test_a_clock_that_is_behind_is_told_and_a_queue_that_empties_is_not(sensors: Sensors):
    told = [sensors.send(LEVEL, 0.4 + row / 1000, behind_s=45.0) for row in range(20)]
    assert told[-1] == UNCERTAIN
    assert sensors.says() == {LEVEL: "clock_behind"}
    for row in range(8):
        sensors.send(DEPTH, 1 + row / 10, behind_s=100 - 12 * row, every_s=1)
    assert DEPTH not in sensors.says()


def test_values_that_cannot_be_are_told_when_they_last(sensors: Sensors):
    sensors.send(LEVEL, -500.0)
    assert sensors.says() == {}
    for _ in range(7):
        sensors.send(LEVEL, -500.0)
    assert sensors.says() == {LEVEL: "out_of_range"}
