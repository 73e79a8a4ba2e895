"""Suwon as published: every total, every device in its place, both languages everywhere."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from console.profile import Profile, nearest_cameras
from console.profile.ground import inside

ANCHORED_CAMERAS = {
    "CAM-PARK-0001": "park", "CAM-UND-0001": "underpass", "CAM-MKT-0001": "market", "CAM-MKT-0002": "market",
    "CAM-PLZ-0001": "plaza", "CAM-STR-0001": "street", "CAM-ROAD-0001": "oneway", "CAM-SCH-0001": "school",
    "CAM-LOT-0001": "carpark", "CAM-STA-0001": "stadium", "CAM-RIV-0001": "river",
    "CAM-RES-0001": "residential", "CAM-LMP-0001": "lamps", "CAM-JCT-0001": "junction",
    "CAM-JCT-0002": "junction",
}  # fmt: skip
ANCHORED_POINTS = (
    "UND-0001/water_depth_cm", "UND-0001/pump_on", "UND-0001/pump_ready", "AIR-0001/pm2_5_1h_ug_m3",
    "AIR-0001/pm10_1h_ug_m3", "AIR-0001/no2_ppm", "AIR-0001/o3_ppm", "RAIN-0001/rain_mm_h",
    "RIV-0001/level_m", "WX-0001/temperature_c", "WX-0001/wind_m_s", "LOOP-0001/speed_km_h",
    "LCC-0001/current_a", "LAMP-0001/power_w", "FD-0001/smoke_percent_m", "NOISE-0001/noise_db",
    "ESS-0001/charge_percent", "WIFI-0001/users", "BELL-0001/battery_percent",
)  # fmt: skip


def test_suwon_has_its_22783_devices_each_with_an_id_of_its_own(suwon: Profile) -> None:
    ids = list(suwon.devices)
    assert len(ids) == len(suwon.devices) == 22_783
    assert len(set(ids)) == 22_783


def test_the_three_registers_of_suwon_hold_what_was_published(suwon: Profile) -> None:
    counted: Counter[str] = Counter()
    for device in suwon.devices.values():
        camera = suwon.cameras.get(device.id)
        counted[suwon.register_of_kind[(device.kind, camera.purpose if camera else "")]] += 1
    assert counted == {"cctv": 5_445, "traffic": 7_762, "u-city": 9_576}
    assert {one.id: one.count for one in suwon.registers.values()} == counted


def test_the_integrated_control_cameras_of_suwon_are_split_by_purpose_as_published(suwon: Profile) -> None:
    purposes = Counter(
        suwon.cameras[device.id].purpose for device in suwon.devices.values() if device.system == "cctv"
    )
    assert purposes == {
        "residential": 3_409, "vehicle": 167, "school": 180, "unclear": 242, "park": 1_204, "other": 243,
    }  # fmt: skip


def test_every_device_stands_in_the_city_and_in_the_district_it_names(suwon: Profile) -> None:
    columns, bounds = suwon.columns, suwon.bounds
    assert (columns.lat >= bounds.south).all()
    assert (columns.lat <= bounds.north).all()
    assert (columns.lon >= bounds.west).all()
    assert (columns.lon <= bounds.east).all()
    for number, district in enumerate(suwon.districts.values()):
        lat = np.array([corner.lat for corner in district.outline])
        lon = np.array([corner.lon for corner in district.outline])
        own = columns.district == number
        assert own.sum() > 1_000
        assert inside(columns.lon[own], columns.lat[own], lon, lat).all()


def test_what_the_columns_say_is_what_the_records_say(suwon: Profile) -> None:
    for row in range(0, len(suwon.devices), 997):
        device = suwon.devices.at(row)
        columns = suwon.columns
        assert device == suwon.devices[columns.ids[row]]
        assert device.place.position.lat == columns.lat[row]
        assert device.place.position.lon == columns.lon[row]
        assert device.place.district == columns.districts[columns.district[row]]
        assert device.kind == columns.kinds[columns.kind[row]]
        assert device.system == columns.kind_system[columns.kind[row]]
        assert device.owner in suwon.owners


def test_every_device_has_its_name_place_and_address_in_both_languages(suwon: Profile) -> None:
    for device in suwon.devices.values():
        address = device.place.address
        assert address is not None
        for words in (device.name, device.place.name, address):
            assert words.en.strip(), device.id
            assert words.ko.strip(), device.id
            assert "{" not in words.en + words.ko, device.id
            assert any("가" <= sign <= "힣" for sign in words.ko), (device.id, words.ko)


def test_devices_of_one_kind_do_not_stand_on_each_other(suwon: Profile) -> None:
    columns = suwon.columns
    lamps = columns.of_kind("street_lamp")
    assert len({(columns.lat[row], columns.lon[row]) for row in lamps}) == len(lamps)


def test_lamps_hang_in_circuits_of_forty_each_with_its_cabinet(suwon: Profile) -> None:
    columns = suwon.columns
    lamps = Counter(columns.circuits[columns.circuit[row]] for row in columns.of_kind("street_lamp"))
    cabinets = Counter(columns.circuits[columns.circuit[row]] for row in columns.of_kind("lamp_controller"))
    assert len(lamps) == 100
    assert set(lamps.values()) == {40}
    assert cabinets == dict.fromkeys(lamps, 1)


def test_every_sensor_node_belongs_to_a_gateway_that_exists(suwon: Profile) -> None:
    columns = suwon.columns
    for row in columns.of_kind("sensing_node"):
        gateway = suwon.devices[columns.circuits[columns.circuit[row]]]
        assert gateway.kind == "sensing_gateway"


@pytest.mark.parametrize(("camera_id", "scene"), ANCHORED_CAMERAS.items())
def test_an_incident_at_a_camera_of_the_story_finds_it_and_four_more_nearby(
    suwon: Profile, camera_id: str, scene: str
) -> None:
    assert suwon.cameras[camera_id].scene == scene
    position = suwon.devices[camera_id].place.position
    found = nearest_cameras(suwon, position, 5, within_m=150.0)
    assert len(found) == 5
    assert found[0] == camera_id
    family = camera_id.rpartition("-")[0]
    assert sum(one.startswith(family) for one in found) >= 2


@pytest.mark.parametrize("point_id", ANCHORED_POINTS)
def test_the_points_of_the_story_are_there(suwon: Profile, point_id: str) -> None:
    point = suwon.point_by_id[point_id]
    assert point.id == point_id
    assert suwon.points[point.index] == point


def test_the_first_desk_has_a_wall_of_sixteen_with_many_scenes_and_eight_series(suwon: Profile) -> None:
    desk = suwon.desks["desk-1"]
    assert len(set(desk.wall)) == 16
    assert len({suwon.cameras[camera].scene for camera in desk.wall}) >= 12
    series = [point for band in desk.charts for point in band.point_ids]
    assert len(desk.charts) == 4
    assert len(series) >= 8
    assert {suwon.point_by_id[point].index for point in series} <= set(suwon.trend_points)


def test_the_underpass_closes_at_15_cm_or_when_its_pump_fails(suwon: Profile) -> None:
    limits = {limit.id: limit for limit in suwon.limits}
    close = limits["UND-0001/water_depth_cm/close"]
    assert (close.above, close.set_at, close.priority) == (True, 15.0, 1)
    assert close.incident_type == "underpass_flood"
    assert limits["UND-0001/water_depth_cm/prepare"].set_at == 10.0
    assert limits["UND-0001/water_depth_cm/watch"].set_at == 5.0
    pump = limits["UND-0001/pump_ready/failed"]
    assert (pump.above, pump.set_at, pump.priority) == (False, 0.5, 1)


@pytest.mark.parametrize(
    ("limit_id", "set_at", "clear_at"),
    [
        ("AIR-0001/pm2_5_1h_ug_m3/advisory", 75.0, 35.0), ("AIR-0001/pm2_5_1h_ug_m3/warning", 150.0, 75.0),
        ("AIR-0001/pm10_1h_ug_m3/advisory", 150.0, 100.0), ("AIR-0001/pm10_1h_ug_m3/warning", 300.0, 150.0),
    ],
)  # fmt: skip
def test_fine_dust_alerts_are_given_after_two_whole_hours_and_lifted_lower(
    suwon: Profile, limit_id: str, set_at: float, clear_at: float
) -> None:
    limit = next(one for one in suwon.limits if one.id == limit_id)
    assert (limit.set_at, limit.clear_at, limit.on_delay_s) == (set_at, clear_at, 0.0)
    assert (limit.hours, limit.hour_means, limit.period_s) == (2, True, 60.0)


def test_the_river_at_the_bridge_has_four_stages_of_its_own(suwon: Profile) -> None:
    row = suwon.columns.row_of["RIV-0001"]
    own = [suwon.limits[index] for index in suwon.limits.of_device(row)]
    assert [(one.id.rpartition("/")[2], one.set_at) for one in own] == [
        ("attention", 1.0), ("advisory", 1.5), ("warning", 2.0), ("serious", 2.5),
    ]  # fmt: skip
    assert [one.priority for one in own] == [4, 3, 2, 1]


def test_agencies_and_types_fit_the_country(suwon: Profile, glasgow: Profile) -> None:
    assert suwon.agencies["KR-112"].kind == "police"
    assert suwon.agencies["KR-119"].number == "119"
    assert suwon.incident_types["person_down"].agencies[0] == "KR-119"
    assert glasgow.incident_types["person_down"].agencies[0] == "UK-AMB"
    for profile in (suwon, glasgow):
        for one in profile.incident_types.values():
            assert one.code
            assert set(one.agencies) <= set(profile.agencies)
    assert suwon.type_of_signal["fall"] == "person_down"
    assert suwon.type_of_condition[("camera", "degraded")] == "camera_fault"
    assert ("street_lamp", "down") not in suwon.type_of_condition


def test_a_row_of_lamps_going_out_is_one_incident(suwon: Profile) -> None:
    (rule,) = suwon.groups
    assert (rule.device_kind, rule.condition, rule.count, rule.window_s) == ("street_lamp", "down", 4, 60.0)
    assert rule.incident_type == "lamp_row"
    first = [suwon.devices[f"LAMP-{number:04d}"] for number in range(1, 41)]
    assert {device.circuit for device in first} == {"LC-0001"}
    seen = nearest_cameras(suwon, first[20].place.position, 5)
    assert any(camera.startswith("CAM-LMP") for camera in seen)
