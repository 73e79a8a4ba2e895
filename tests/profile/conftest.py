"""The shipped cities, loaded once; and a village small enough to be broken two hundred times."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from console.profile import Profile, load_profile

VILLAGE = Path(__file__).parent / "village"


@pytest.fixture(scope="session")
def suwon() -> Profile:
    return load_profile("suwon")


@pytest.fixture(scope="session")
def glasgow() -> Profile:
    return load_profile("glasgow")


@pytest.fixture(scope="session")
def village() -> Profile:
    return load_profile(VILLAGE / "cities" / "village.toml")


@pytest.fixture
def village_files(tmp_path: Path) -> Path:
    """A copy of the village's files that a test may change."""
    return Path(shutil.copytree(VILLAGE, tmp_path / "village"))
