"""The shipped procedures of both cities, loaded once."""

from __future__ import annotations

import pytest

from console.profile import load_profile
from console.profile.procedures import ProcedureBook, load_procedures


@pytest.fixture(scope="session")
def books() -> dict[str, ProcedureBook]:
    return {city: load_procedures(city, load_profile(city)) for city in ("suwon", "glasgow")}
