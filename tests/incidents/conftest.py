"""A room for each test, in English unless the test says otherwise."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.incidents.room import Room


@pytest.fixture
def room(qapp: object) -> Iterator[Room]:
    made = Room()
    yield made
    made.actions.deleteLater()
    made.pulse.deleteLater()
