"""The second city: another country's cameras, grades, levels and agencies, from data alone."""

from __future__ import annotations

from console.profile import Profile


def test_glasgow_has_542_cameras_and_sensors_beside_them(glasgow: Profile) -> None:
    assert len(glasgow.cameras) == 542
    assert len(glasgow.devices) == sum(one.count for one in glasgow.registers.values())


def test_glasgow_speaks_english_first_and_uses_its_own_index_and_clock(glasgow: Profile) -> None:
    assert glasgow.languages == ("en", "ko")
    assert glasgow.air_index == "DAQI"
    assert glasgow.time_zone == "Europe/London"


def test_glasgow_is_answered_by_three_agencies_with_scottish_grades(glasgow: Profile) -> None:
    assert {one.kind for one in glasgow.agencies.values()} == {"police", "fire", "ambulance"}
    grades = {"Immediate", "Prompt", "Standard", "Other Resolution"}
    assert {one.code for one in glasgow.incident_types.values()} <= grades


def test_levels_of_one_country_do_not_hold_in_the_other(suwon: Profile, glasgow: Profile) -> None:
    here = {limit.id: limit for limit in glasgow.limits}
    assert here["AIR-0001/pm2_5_24h_ug_m3/high"].set_at == 54.0
    assert "RIV-0001/level_m/serious" not in here
    assert here["RIV-0001/level_m/severe"].set_at == 3.0
    assert "RIV-0001/level_m/severe" not in {limit.id for limit in suwon.limits}


def test_the_same_story_can_be_told_in_both_cities(suwon: Profile, glasgow: Profile) -> None:
    wall = set(suwon.desks["desk-1"].wall) - {"CAM-PARK-0002"}
    assert wall <= set(glasgow.cameras)
    for camera in wall:
        assert glasgow.cameras[camera].scene == suwon.cameras[camera].scene
    for device in ("UND-0001", "BELL-0001", "LCC-0001", "LAMP-0001", "FD-0001", "RIV-0001", "RAIN-0001"):
        assert glasgow.devices[device].kind == suwon.devices[device].kind


def test_places_are_said_as_each_city_says_them(suwon: Profile, glasgow: Profile) -> None:
    street = next(d for d in glasgow.devices.values() if d.place.name.en.endswith(" London Road"))
    number, _, road = street.place.name.en.partition(" ")
    assert number.isdigit()
    assert road == "London Road"
    assert any(d.place.name.en.split()[-1].isdigit() and "-gil " in d.place.name.en
               for d in suwon.devices.values())  # fmt: skip
