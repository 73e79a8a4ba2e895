"""The same files give the same city in every process; a changed file gives another."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from console.profile import Profile, load_profile
from console.profile.chance import Chance, shares

REPO = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("hash_seed", ["0", "4242"])
def test_another_process_finds_the_same_city_whatever_its_hash_seed(suwon: Profile, hash_seed: str) -> None:
    code = "from console.profile import load_profile; print(load_profile('suwon').digest)"
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=REPO, env={**os.environ, "PYTHONHASHSEED": hash_seed},
        capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    assert done.stdout.strip() == suwon.digest


def test_the_stream_of_chance_is_the_one_it_was_when_the_cities_were_made() -> None:
    chance = Chance(20120524, "fleets/LAMP/street_lamp/")
    assert np.round(chance.even(3), 12).tolist() == FIRST_EVEN
    assert chance.below(5, 1000).tolist() == FIRST_BELOW


FIRST_EVEN = [0.767383528417, 0.380328759564, 0.712907379635]
FIRST_BELOW = [174, 205, 735, 864, 925]


def test_one_changed_word_gives_another_digest(village: Profile, village_files: Path) -> None:
    city = village_files / "cities" / "village.toml"
    assert load_profile(city).digest == village.digest
    text = city.read_text("utf-8")
    city.write_text(text.replace("마을회관", "마을회관실"), "utf-8")
    assert load_profile(city).digest != village.digest


def test_a_changed_system_or_type_gives_another_digest_too(village: Profile, village_files: Path) -> None:
    digests = {village.digest}
    for name in ("systems/lamps.toml", "incident_types.toml"):
        path = village_files / name
        path.write_text(path.read_text("utf-8") + "\n# a remark\n", "utf-8")
        digests.add(load_profile(village_files / "cities" / "village.toml").digest)
    assert len(digests) == 3


def test_one_fleet_more_moves_no_other_device(village: Profile, village_files: Path) -> None:
    city = village_files / "cities" / "village.toml"
    text = city.read_text("utf-8").replace("count = 88", "count = 92")
    fleet = 'register = "all"\nkind = "post"\nprefix = "POST"\ncount = 17'
    assert fleet in text
    city.write_text(text.replace(fleet, fleet.replace("17", "21")), "utf-8")
    changed = load_profile(city)
    assert len(changed.devices) == 92
    for device in village.devices.values():
        if device.kind != "post":
            assert changed.devices[device.id] == device


def test_another_seed_gives_another_place_to_what_is_placed_by_chance(
    village: Profile, village_files: Path
) -> None:
    city = village_files / "cities" / "village.toml"
    city.write_text(city.read_text("utf-8").replace("seed = 7", "seed = 8"), "utf-8")
    other = load_profile(city)
    assert other.devices["CAM-0001"] == village.devices["CAM-0001"]
    assert other.devices["POST-0001"].place != village.devices["POST-0001"].place


def test_a_profile_cannot_be_changed(suwon: Profile) -> None:
    with pytest.raises(ValueError, match="read-only"):
        suwon.columns.lat[0] = 0.0
    with pytest.raises(ValueError, match="read-only"):
        suwon.camera_columns.reach_m[0] = 0.0
    with pytest.raises(AttributeError):
        suwon.city = "seoul"  # type: ignore[misc]


def test_shares_always_add_up_to_the_total() -> None:
    for total in (0, 1, 7, 1000, 3409):
        for weights in ([1.0], [1.0, 1.0, 1.0], [0.1, 5.0, 2.2, 0.0], [1e6, 1e-3]):
            counts = shares(total, np.array(weights))
            assert counts.sum() == total
            assert (counts >= 0).all()
