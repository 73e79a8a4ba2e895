"""What a person may get wrong in a city's files: each is named by file, table and key."""

from __future__ import annotations

from pathlib import Path

import pytest

from console.profile import ProfileError, load_profile

CITY = "cities/village.toml"
LAMPS = "systems/lamps.toml"
TYPES = "incident_types.toml"
MISTAKES = [
    # file, what is there, what is written instead; then file, table, key of the problem, and a word expected
    (CITY, 'time_zone = "Asia/Seoul"', 'time_zone = "Asia/Sowon"', "village.toml", "city", "time_zone", "tz"),
    (CITY, 'country = "KR"', 'country = "XX"', "village.toml", "city", "country", "'KR', 'GB'"),
    (CITY, "seed = 7", "seed = 7.5", "village.toml", "city", "seed", "whole number"),
    (CITY, "seed = 7", "sead = 7", "village.toml", "city", "", "only the keys"),
    (CITY, "seed = 7\n", "", "village.toml", "city", "seed", "whole number"),
    (CITY, '"cctv", "lamps"]', '"cctv"]', "village.toml", "groups[0] (lamp-row)",
     "device_kind", "city's systems"),
    (CITY, '"cctv", "lamps"]', '"lamps"]', "village.toml", "city", "systems", "camera purposes"),
    (CITY, '"cctv", "lamps"]', '"cctv", "lamps", "x"]', "systems/x.toml", "", "", "can be read"),
    (CITY, '"cctv", "lamps"]', '"cctv", "lamps", "../x"]', "village.toml", "city", "systems", "identifier"),
    (CITY, "south = 37.20", "south = 37.30", "village.toml", "bounds", "south", "south < north"),
    (CITY, "south = 37.20", "south = -37.20", "village.toml", "bounds", "south", "at most 2.0 degrees"),
    (CITY, "south = 37.20", "south = nan", "village.toml", "bounds", "south", "a number"),
    (CITY, 'ko = "마을"', 'ko = ""', "village.toml", "city", "name", "en and ko, both with text"),
    (CITY, 'ko = "마을"', 'ko = "마\\u0007을"', "village.toml", "city", "name", "en and ko"),
    (CITY, 'sender = "kr-112.village"', 'sender = "a\\tb"', "village.toml",
     "agencies[0] (KR-112)", "sender", "control"),
    (CITY, ', ko = "마을"', "", "village.toml", "city", "name", "en and ko, both with text"),
    (CITY, "{quarter} {n}-gil", "{quarter} gil", "village.toml", "naming", "side_street", "{n}"),
    (CITY, 'hall = { en = "Village hall"', 'town = { en = "Village hall"',
     "village.toml", "owners", "hall", ""),
    (CITY, "[37.235, 127.005]", "[37.235, 128.005]",
     "village.toml", "districts[0] (west)", "outline", "bounds"),
    (CITY, "position = [37.220, 127.015]", "position = [37.202, 127.002]", "village.toml",
     "quarters[0] (mill)", "position", "district's outline"),
    (CITY, "position = [37.220, 127.015]", "position = [127.015, 37.220]", "village.toml",
     "quarters[0] (mill)", "position", ""),
    (CITY, "[37.221, 127.006], [37.219, 127.044]", "[37.221, 127.006]", "village.toml",
     "streets[0] (Long Road)", "path", "two corners"),
    (CITY, 'id = "CAM-0002"', 'id = "CAM-0001"',
     "village.toml", "neighbours[0] (CAM-0001)", "id", "no other"),
    (CITY, 'near = "CAM-0001"', 'near = "CAM-0009"',
     "village.toml", "neighbours[0] (CAM-0002)", "near", "camera"),
    (CITY, "distance_m = 40.0", "distance_m = 400000.0", "village.toml", "neighbours[0] (CAM-0002)",
     "distance_m", "<= 500"),
    (CITY, '"current_a/low"', '"current_a/lowest"', "village.toml", "devices[1] (LCC-0001)", "levels", "low"),
    (CITY, "[0.5, 1.0]", "[1.0, 0.5]",
     "village.toml", "devices[1] (LCC-0001)", "levels.current_a/low", "normal"),
    (CITY, 'scene = "park"', 'scene = "beach"',
     "village.toml", "devices[0] (CAM-0001)", "scene", "park, street"),
    (CITY, 'purpose = "park"\nscene', 'purpose = "pork"\nscene', "village.toml", "devices[0] (CAM-0001)",
     "purpose", "park"),
    (CITY, "lamp {n}", "lamp", "village.toml", "lines[0] (LAMP)", "place", "{n}"),
    (CITY, "count = 88", "count = 89", "village.toml", "registers[0] (all)", "count", "(88)"),
    (CITY, 'register = "all"', 'register = "none"', "village.toml", "fleets[0] (CAM)", "register", "all"),
    (CITY, 'spread = "sites"', 'spread = "site"', "village.toml", "fleets[0] (CAM)", "spread", "'sites'"),
    (CITY, 'site_kind = "park"', 'site_kind = "zoo"',
     "village.toml", "fleets[0] (CAM)", "spread", "room for"),
    (CITY, "spacing_m = 24.0", "spacing_m = 990.0", "village.toml", "fleets[1] (LAMP)", "spread", "room for"),
    (CITY, 'joins = "lamp"', 'joins = "post"', "village.toml", "fleets[2] (LCC)", "count", "circuits"),
    (CITY, 'joins = "cabinet"', 'joins = "mast"', "village.toml", "fleets[3] (POST)", "joins", "earlier"),
    (CITY, 'within = ["old"]', 'within = ["new"]', "village.toml", "fleets[3] (POST)", "within", "quarters"),
    (CITY, "share = { west", "share = { north", "village.toml", "fleets[3] (POST)", "share", "east, west"),
    (CITY, "share = { west = 1.0", "share = { west = -1.0",
     "village.toml", "fleets[3] (POST)", "share", "> 0"),
    (CITY, 'kind = "police"', 'kind = "army"', "village.toml", "agencies[0] (KR-112)", "kind", "'police'"),
    (CITY, 'incident_type = "lamp_row"', 'incident_type = "x"', "village.toml", "groups[0] (lamp-row)",
     "incident_type", "incident type"),
    (CITY, '"CAM-0016",', "", "village.toml", "desks[0] (desk-1)", "wall", "16 different"),
    (CITY, '"CAM-0016",', '"LCC-0001",', "village.toml", "desks[0] (desk-1)", "wall", "cameras"),
    (CITY, '"LCC-0002/current_a"', '"LCC-0002/amps"', "village.toml", "desks[0] (desk-1).charts[0]", "points",
     "DEVICE/quantity"),
    (CITY, 'shape = "1+5"', 'shape = "9x9"', "village.toml", "layouts[0] (lanes)", "shape", "1+5"),
    (CITY, 'shape = "2x1"\ncameras = [', 'shape = "1x1"\ncameras = ["CAM-0001", ', "village.toml",
     "layouts[1] (two)", "cameras", "at most 1"),
    (CITY, '"CAM-0005"]', '"LCC-0001"]', "village.toml", "layouts[1] (two)", "cameras", "ids of cameras"),
    (CITY, '"CAM-0004"]', '"CAM-0003"]', "village.toml", "layouts[0] (lanes)", "carousel", "only once"),
    (CITY, "dwell_s = 10.0", "dwell_s = 0.2", "village.toml", "layouts[0] (lanes)", "dwell_s", "1 to 3600"),
    (CITY, 'number = 2\nshape', 'number = 1\nshape', "village.toml", "layouts[1] (two)", "number", "lanes"),
    (CITY, 'id = "two"', 'id = "lanes"', "village.toml", "layouts", "id", "only once"),
    (CITY, 'walls = { desk-1 = "lanes" }', 'walls = { desk-9 = "lanes" }', "village.toml", "modes[0] (night)",
     "walls", "desk-1"),
    (CITY, 'walls = { desk-1 = "lanes" }', 'walls = { desk-1 = "alley" }', "village.toml", "modes[0] (night)",
     "walls.desk-1", "layouts"),
    (CITY, 'walls = { desk-1 = "lanes" }', "walls = {}", "village.toml", "modes[0] (night)", "walls",
     "at least one"),
    (CITY, 'walls = { desk-1 = "lanes" }',
     'walls = { desk-1 = "lanes" }\n[warned.district_codes]\n"ONS" = { "S1" = "nowhere" }', "village.toml",
     "warned", "district_codes.ONS.S1", "a district"),
    (LAMPS, 'id = "lamps"', 'id = "lights"', "systems/lamps.toml", "system", "id", "'lamps'"),
    (LAMPS, 'id = "post"', 'id = "camera"', "systems/lamps.toml", "kinds[2] (camera)", "id", "no other"),
    (LAMPS, "high = 100.0", "high = -1.0", "systems/lamps.toml", "kinds[1] (cabinet).points[0] (current_a)",
     "high", "above low"),
    (LAMPS, "clear_at = 2.0", "clear_at = 0.5", "systems/lamps.toml",
     "kinds[1] (cabinet).points[0] (current_a).limits[0] (low)", "clear_at", "at or above"),
    (LAMPS, "set_at = 1.0", "set_at = 200.0", "systems/lamps.toml",
     "kinds[1] (cabinet).points[0] (current_a).limits[0] (low)", "set_at", "within"),
    (LAMPS, "priority = 3", "priority = 5", "systems/lamps.toml",
     "kinds[1] (cabinet).points[0] (current_a).limits[0] (low)", "priority", "<= 4"),
    (LAMPS, 'incident_type = "lamp_row"', 'incident_type = "x"', "systems/lamps.toml",
     "kinds[1] (cabinet).points[0] (current_a).limits[0] (low)", "incident_type", "incident type"),
    (LAMPS, 'countries = ["GB"]', 'countries = ["FR"]', "systems/lamps.toml",
     "kinds[1] (cabinet).points[0] (current_a).limits[1] (high)", "countries", "'KR', 'GB'"),
    (LAMPS, 'id = "high"', 'id = "low"', "systems/lamps.toml", "kinds[1] (cabinet).points[0] (current_a)",
     "limits.id (GB)", "only once"),
    (LAMPS, 'trend = true\n[[kinds.points.limits]]\nid = "low"',
     'mean_s = 600.0\n[[kinds.points.limits]]\nid = "low"\nhours = 1', "systems/lamps.toml",
     "kinds[1] (cabinet).points[0] (current_a).limits[0] (low)", "hours", "mean_s is 600"),
    (LAMPS, "priority = 2", "priority = 2\nhours = 25", "systems/lamps.toml",
     "kinds[1] (cabinet).points[0] (current_a).limits[1] (high)", "hours", "<= 24"),
    (LAMPS, "priority = 3", "priority = 3\nhours = 2", "systems/lamps.toml",
     "kinds[1] (cabinet).points[0] (current_a).limits[0] (low)", "on_delay_s", "0 where hours are given"),
    (LAMPS, '"light_lx"', '"noise_db"', "systems/lamps.toml", "kinds[2] (post)", "points.quantity", "once"),
    (TYPES, 'KR = ["1", "2", "3", "4"], GB', 'KR = ["1", "2", "3", "9"], GB', TYPES, "code_by_priority", "KR",
     "4 codes"),
    (TYPES, 'agencies = ["KR-112"]', 'agencies = ["KR-911"]', TYPES, "types[1] (lamp_row)",
     "answer.KR.agencies",
     "agencies of village"),
    (TYPES, 'code = "3"', 'code = "7"', TYPES, "types[1] (lamp_row)", "answer.KR.code", "one of 0, 1"),
    (TYPES, 'category = "Infra"', 'category = "Lamp"', TYPES, "types[0] (camera_fault)", "category",
     "'Infra'"),
    (TYPES, 'icon = "lamp"', 'icon = "lamp"\nsignals = ["tamper"]', TYPES, "types[1] (lamp_row)", "signals",
     "camera_fault"),
    (TYPES, 'id = "camera_fault"', 'id = "lamp_row"', TYPES, "types", "id", "only once"),
]  # fmt: skip


@pytest.mark.parametrize("mistake", MISTAKES, ids=lambda one: f"{one[3]} {one[4]} {one[5]} {one[2][:20]}")
def test_a_mistake_is_named_by_file_table_and_key(mistake: tuple[str, ...], village_files: Path) -> None:
    path, there, instead, file, table, key, expected = mistake
    text = (village_files / path).read_text("utf-8")
    assert there in text
    (village_files / path).write_text(text.replace(there, instead, 1), "utf-8")
    with pytest.raises(ProfileError) as wrong:
        load_profile(village_files / CITY)
    found = [one for one in wrong.value.problems if (one.file, one.table) == (file, table)]
    assert any(one.key.startswith(key) and expected in one.expected and one.found for one in found), str(
        wrong.value
    )


def test_all_mistakes_are_said_at_once(village_files: Path) -> None:
    city = village_files / CITY
    text = (
        city.read_text("utf-8")
        .replace("seed = 7", 'seed = "x"')
        .replace("radius_m = 300.0", "radius_m = 3.0")
    )
    city.write_text(text.replace('role = "operator"', 'role = "boss"'), "utf-8")
    lamps = village_files / LAMPS
    lamps.write_text(lamps.read_text("utf-8").replace('unit = "A"', "unit = 1"), "utf-8")
    with pytest.raises(ProfileError) as wrong:
        load_profile(city)
    named = {(one.file, one.table, one.key) for one in wrong.value.problems}
    assert named >= {
        ("village.toml", "city", "seed"),
        ("village.toml", "quarters[1] (hill)", "radius_m"),
        ("village.toml", "desks[0] (desk-1)", "role"),
    }
    text = str(wrong.value)
    assert "village.toml: [city] seed: expected a whole number >= 0" in text
    assert "found 'x'" in text


def test_a_file_that_is_not_toml_names_the_line(village_files: Path) -> None:
    path = village_files / LAMPS
    path.write_text(path.read_text("utf-8").replace('unit = "A"', "unit = = 1"), "utf-8")
    with pytest.raises(ProfileError) as wrong:
        load_profile(village_files / CITY)
    (problem,) = wrong.value.problems
    assert problem.file == "systems/lamps.toml"
    assert problem.expected == "a TOML file in UTF-8"
    assert "line 17" in problem.found


@pytest.mark.parametrize(
    "data", [b"\xff\xfe", b"\x00", b"a" * 100, b"[" * 5000, b'a = "\xc3"', b"a = " + b"9" * 5000]
)
def test_bytes_that_are_no_city_are_refused(data: bytes, village_files: Path) -> None:
    (village_files / CITY).write_bytes(data)
    with pytest.raises(ProfileError) as wrong:
        load_profile(village_files / CITY)
    assert wrong.value.problems[0].file == "village.toml"


def test_a_file_that_is_missing_or_a_folder_or_far_too_large_is_refused(village_files: Path) -> None:
    with pytest.raises(ProfileError, match=r"gone\.toml: .*expected a file that can be read"):
        load_profile(village_files / "cities" / "gone.toml")
    with pytest.raises(ProfileError, match="expected a file that can be read"):
        load_profile(village_files / "cities")
    (village_files / CITY).write_bytes(b"#" * 5_000_000)
    with pytest.raises(ProfileError, match="at most 4000000 bytes"):
        load_profile(village_files / CITY)


def test_what_was_found_is_shown_harmlessly(village_files: Path) -> None:
    city = village_files / CITY
    text = city.read_text("utf-8").replace("seed = 7", 'seed = "\\u001b[2J\\n' + "y" * 500 + '"')
    city.write_text(text, "utf-8")
    with pytest.raises(ProfileError) as wrong:
        load_profile(city)
    said = str(wrong.value)
    assert "\x1b" not in said
    assert len(said) < 300
