"""The real files beside the checkout go in; what they say is found again."""

from __future__ import annotations

from pathlib import Path

import pytest

from console.clock import SteppedClock
from console.historian.mapping import ColumnTold, ImportMap, KeyTold, TimeTold, check_map
from console.historian.sets import take_in
from console.historian.taking import FileReader
from console.historian.units import load_units
from console.history.envelope import Wanted
from console.history.reader import HistoryReader
from console.profile import load_profile
from tests.setup.source import REPO

SENSORS = REPO.parent / "shared" / "data" / "sensors"
pytestmark = [
    pytest.mark.needs_shared_data,
    pytest.mark.skipif(not SENSORS.is_dir(), reason="the real recordings are not beside this checkout"),
]
STATIONS = {"강남구": "AIR-0001", "종로구": "AIR-0002", "마포구": "AIR-0003"}


def speeds() -> ImportMap:
    with open(SENSORS / "los_speed_50.csv", encoding="ascii") as file:
        names = file.readline().strip().split(",")
    columns = tuple(
        ColumnTold(name=name, point=f"LOOP-{place:04d}/speed_km_h", unit="mph")
        for place, name in enumerate(names, 1)
    )
    return ImportMap(
        time=TimeTold(start="2012-03-01", step_s=300, zone="America/Los_Angeles"), columns=columns
    )


def daily() -> ImportMap:
    quantities = (
        ("이산화질소농도(ppm)", "no2_ppm"), ("오존농도(ppm)", "o3_ppm"), ("일산화탄소농도(ppm)", "co_ppm"),
        ("아황산가스농도(ppm)", "so2_ppm"), ("미세먼지농도(㎍/㎥)", "pm10_1h_ug_m3"),
        ("초미세먼지농도(㎍/㎥)", "pm2_5_1h_ug_m3"),
    )  # fmt: skip
    return ImportMap(
        time=TimeTold(column="측정일시"), key=KeyTold(column="측정소명", devices=STATIONS),
        columns=tuple(ColumnTold(name=name, quantity=quantity) for name, quantity in quantities),
    )  # fmt: skip


def hourly() -> ImportMap:
    names = {"초미세먼지": "pm2_5_1h_ug_m3", "미세먼지": "pm10_1h_ug_m3", "오존": "o3_ppm",
             "이산화탄소": "no2_ppm", "일산화탄소": "co_ppm", "아황산가스": "so2_ppm"}  # fmt: skip
    return ImportMap(
        time=TimeTold(column="일시"),
        columns=tuple(ColumnTold(name=name, point=f"AIR-0001/{one}") for name, one in names.items()),
    )


def single(point: str, unit: str = "") -> ImportMap:
    return ImportMap(
        time=TimeTold(column="timestamp", zone="America/Chicago"),
        columns=(ColumnTold(name="value", point=point, unit=unit),),
    )


@pytest.mark.parametrize(
    ("name", "told", "new", "blanks", "conflicts"),
    [
        ("los_speed_50.csv", speeds, 2016 * 50, 0, 0),
        ("daily_2019.csv", daily, 3 * 6 * 365 - 334, 334, 0),
        ("daily_2021.csv", daily, 3 * 6 * 365 - 21, 21, 0),
        ("hourly_seoul-air_2020-2021.csv", hourly, 17_526 * 6, 0, 0),
        ("speed_6005.csv", lambda: single("LOOP-0001/speed_km_h", "mph"), 2500, 0, 0),
        ("occupancy_6005.csv", lambda: single("WX-0001/humidity_percent"), 2380, 0, 0),
        ("TravelTime_387.csv", lambda: single("LOOP-0001/flow_veh_h"), 2500, 0, 0),
        # Two in the morning of the day clocks were set forward is the same moment as three.
        ("ambient_temperature_system_failure.csv", lambda: single("WX-0001/temperature_c", "degF"), 7266, 0,
        1),
    ],
)
def test_a_real_file_goes_in_whole(tmp_path: Path, name, told, new, blanks, conflicts):
    profile = load_profile("suwon")
    told = told()
    check_map(told, profile.point_by_id)
    reader = FileReader(SENSORS / name, told, profile.point_by_id, "Asia/Seoul", load_units())
    taken = reader.read()
    clock = SteppedClock()
    made = take_in(tmp_path, SENSORS / name, taken, clock)
    assert taken.refused == {}
    assert (made.new, taken.blanks, taken.conflicts) == (new, blanks, conflicts)
    clock.step(1)
    assert take_in(tmp_path, SENSORS / name, taken, clock).new == 0
    history = HistoryReader(tmp_path)
    found = history.read([Wanted(one, 10**18) for one in taken.point_ids], 0, 2**62, 1000)
    history.close()
    assert sum(int(one.count.sum()) for one in found) == new
