"""The linked services are data, and a wrong file says where it is wrong."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from console.paths import shipped
from console.profile import ProfileError, load_profile


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("seeds")
    for name in ("cities", "systems", "open311", "services"):
        shutil.copytree(shipped("seeds") / name, folder / name)
    shutil.copy(shipped("seeds") / "incident_types.toml", folder)
    return folder


@pytest.fixture
def services(whole: Path) -> Path:
    """The file of Suwon's services, as shipped again for each test."""
    shutil.copy(shipped("seeds") / "services" / "suwon.toml", whole / "services")
    return whole / "services" / "suwon.toml"


@pytest.mark.parametrize("city", ["suwon", "glasgow"])
def test_the_shipped_cities_have_the_five_services(city: str):
    profile = load_profile(city)
    assert list(profile.services) == [
        "emergency_video", "police_dispatch", "fire_dispatch", "disaster", "vulnerable",
    ]  # fmt: skip
    assert profile.linked is not None
    police = next(one.id for one in profile.agencies.values() if one.kind == "police")
    assert profile.linked.offered_to(police)[0].id == "emergency_video"
    assert profile.services["police_dispatch"].most_radius_m == 500.0
    assert profile.services["vulnerable"].approval == "supervisor"


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ('agencies = ["KR-112"]', 'agencies = ["KR-113"]', "agencies: expected an agency of the city"),
        ('bases = ["act112", ', 'bases = ["act113", ', "bases: expected one of act112"),
        ("radius_m = 300.0", "radius_m = 600.0", "radius_m: expected above 0 and at most most_radius_m"),
        ("beside_m = 40.0", "beside_m = 0.0", "beside_m: expected above 0, as along = true"),
        ('approval = "operator"', 'approval = "mayor"', "approval: expected one of"),
        ("approval_why = {", "approval_wy = {", "approval_wy"),
        ('id = "pursuit"', 'id = "violent_crime"', "purposes.id: expected each only once"),
        ("recorded_minutes = 60.0", "recorded_minutes = 0.0", "approval_recorded: expected nothing"),
        ('agencies = ["KR-119"]\npurpose', 'agencies = ["KR-112"]\npurpose',
         "[handoffs] agencies: expected each only once"),
        ('basis = "act119"', 'basis = "act118"', "basis: expected one of act112"),
        ("keep_days = 30.0", "keep_days = 0.0", "keep_days"),
        ('agency = "KR-119"', 'agency = "KR-119"\nnetworks = ["10.1"]', "networks: expected a network"),
    ],
)  # fmt: skip
def test_a_wrong_line_is_named_with_file_table_and_key(services: Path, before: str, after: str, said: str):
    text = services.read_text("utf-8")
    assert before in text
    services.write_text(text.replace(before, after, 1), "utf-8")
    with pytest.raises(ProfileError) as caught:
        load_profile(services.parent.parent / "cities" / "suwon.toml")
    assert "services/suwon.toml" in str(caught.value) and said in str(caught.value)


def test_a_city_without_the_file_has_no_services(services: Path):
    services.unlink()
    profile = load_profile(services.parent.parent / "cities" / "suwon.toml")
    assert profile.linked is None and profile.services == {}
