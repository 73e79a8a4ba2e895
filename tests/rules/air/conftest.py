from __future__ import annotations

import pytest

from console.rules.air.tables import AirTables, load_air


@pytest.fixture(scope="session")
def air() -> AirTables:
    return load_air()
