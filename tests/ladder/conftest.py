"""A room for each test, with a fire chosen in the queue."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.ladder.room import Room


@pytest.fixture
def room(qapp: object) -> Iterator[Room]:
    made = Room()
    made.open()
    yield made
    made.close()
