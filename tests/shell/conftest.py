"""A sitting, or a whole desk, for each test; in English unless the test says otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.kit.sitting import Sitting
from tests.shell.desk import Desk


@pytest.fixture
def sitting(qapp: object) -> Iterator[Sitting]:
    made = Sitting()
    yield made
    made.leave()


@pytest.fixture
def desk(qapp: object, tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path / "home")
    made.open()
    yield made
    made.leave()
