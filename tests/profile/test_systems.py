"""The thirty-two rows of city systems: each a file, each as much as the format can hold today."""

from __future__ import annotations

import numpy as np
import pytest

from console.clock import SECOND_NS
from console.gateways.simulation import Simulation, load_patterns
from console.paths import shipped
from console.profile import Profile

WITHOUT_DEVICES = {"upkeep", "citymap", "indicators", "open_data", "event_mode"}
NEW = {
    "analytics": 12, "multiuse": 24, "reports": 1, "police_link": 3, "five_services": 5, "safe_return": 60,
    "care": 180, "cyber": 8,
}  # fmt: skip


def test_every_row_has_one_file_and_suwon_has_them_all(suwon: Profile) -> None:
    assert sorted(one.row for one in suwon.systems.values()) == list(range(1, 33))
    files = {path.stem for path in (shipped("seeds") / "systems").glob("*.toml")}
    assert files == set(suwon.systems)


def test_a_system_of_glasgow_has_the_same_row_there(suwon: Profile, glasgow: Profile) -> None:
    for name, system in glasgow.systems.items():
        assert system.row == suwon.systems[name].row


def test_only_what_has_no_devices_of_its_own_has_none(suwon: Profile) -> None:
    counted = dict.fromkeys(suwon.systems, 0)
    for device in suwon.devices.values():
        counted[device.system] += 1
    assert {name for name, count in counted.items() if count == 0} == WITHOUT_DEVICES
    assert {name: counted[name] for name in NEW} == NEW


def test_the_five_services_and_the_three_police_rooms_have_names_of_their_own(suwon: Profile) -> None:
    services = [one for one in suwon.devices.values() if one.kind == "service_link"]
    rooms = [one for one in suwon.devices.values() if one.kind == "police_link"]
    assert len({one.name.ko for one in services}) == 5
    assert len({one.place.name.ko for one in rooms}) == 3


@pytest.mark.parametrize("name", NEW)
def test_a_kind_of_a_new_system_measures_warns_and_says_what_to_do(suwon: Profile, name: str) -> None:
    kinds = [one.id for one in suwon.kinds.values() if one.system == name]
    assert kinds
    for kind in kinds:
        row = int(suwon.columns.of_kind(kind)[0])
        limits = [suwon.limits[index] for index in suwon.limits.of_device(row)]
        assert limits
        for limit in limits:
            assert limit.guidance.ko.endswith(".")
            assert len(limit.guidance.en.split()) > 5


@pytest.mark.parametrize("city", ["suwon", "glasgow"])
def test_a_plain_day_of_the_new_systems_raises_nothing(city: str, request: pytest.FixtureRequest) -> None:
    profile: Profile = request.getfixturevalue(city)
    simulation = Simulation(profile, load_patterns(), 0)
    limits = profile.limits.columns()
    systems = [profile.kinds[kind].system for kind in profile.columns.kinds]
    of_new = np.isin(np.array(systems), list(NEW))[profile.columns.kind]
    rows = np.flatnonzero(of_new[profile.points.device_rows()[limits.point_index]])
    assert len(rows) > 20
    every = np.arange(len(profile.points))
    for quarter in range(96):
        values = simulation.values(every, 1_774_000_000 * SECOND_NS + quarter * 900 * SECOND_NS)
        value = values[limits.point_index[rows]]
        above, level = limits.above[rows], limits.set_at[rows]
        beyond = np.where(above, value >= level, value <= level)
        assert not beyond.any(), [profile.limits[int(rows[one])].id for one in np.flatnonzero(beyond)[:3]]


def test_what_opens_the_new_incident_types(suwon: Profile) -> None:
    assert suwon.type_of_signal["plate_hit"] == "wanted_vehicle"
    assert suwon.type_of_signal["no_movement"] == "welfare_check"
    assert suwon.type_of_signal["unknown_device"] == "cyber_event"
    opened = {limit.id.split("/", 1)[1]: limit.incident_type for limit in suwon.limits if limit.incident_type}
    assert opened["still_h/long"] == "welfare_check"
    assert opened["login_failures_10min/many"] == "cyber_event"
