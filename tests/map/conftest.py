"""A map of the shipped city at a desk without a hub."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.kit.sitting import Sitting
from widgets.map.map import MapWidget


class Table(Sitting):
    """A sitting with the map before it, 1140 x 520."""

    def __init__(self) -> None:
        super().__init__()
        self.map = MapWidget(
            self.board, self.pulse, self.actions, self.catalogue, self.tokens, self.port, self.moments
        )
        self.map.resize(1140, 520)
        self.map.show()
        self.wanted: list[tuple[str, ...]] = []
        self.incidents: list[str] = []
        self.map.cameras_wanted.connect(self.wanted.append)
        self.map.incident_chosen.connect(self.incidents.append)
        self.devices: list[str] = []
        self.map.device_chosen.connect(self.devices.append)
        self.connect()

    def close(self) -> None:
        self.map.release()
        self.map.close()
        self.map.deleteLater()
        del self.map
        self.leave()


@pytest.fixture
def table(qapp: object) -> Iterator[Table]:
    made = Table()
    yield made
    made.close()
