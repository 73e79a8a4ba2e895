"""A Review workspace without a hub: the test brings the pages and gives the leave."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.incidents.room import Room, show_in_window
from widgets.review.workspace import Review


@pytest.fixture
def room(qapp: object) -> Iterator[Room]:
    made = Room()
    yield made
    made.actions.deleteLater()
    made.pulse.deleteLater()


@pytest.fixture
def review(room: Room, qtbot, tmp_path: Path) -> Iterator[Review]:
    made = Review(
        room.board, room.pulse, room.port, room.actions, room.catalogue, room.tokens, folder=tmp_path
    )
    window = show_in_window(made, 1500, 600, qtbot)
    yield made
    window.close()
