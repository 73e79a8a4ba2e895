"""A sitting for each test, in English unless the test says otherwise."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.kit.sitting import Sitting


@pytest.fixture
def sitting(qapp: object) -> Iterator[Sitting]:
    made = Sitting()
    yield made
    made.leave()
