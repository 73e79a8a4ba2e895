"""A room for each test, in English unless the test says otherwise."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.alarms.room import Room


@pytest.fixture
def room(qapp: object) -> Iterator[Room]:
    made = Room()
    yield made
    made.close()


@pytest.fixture
def supervisor(qapp: object) -> Iterator[Room]:
    """A room at a supervisor's desk."""
    made = Room(desk="super-1")
    yield made
    made.close()
