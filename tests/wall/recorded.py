"""An engine that also plays what was recorded: the test decides which picture of which moment it has."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

import numpy as np

from console.video.condition import PaneState
from console.video.transport import Transport
from tests.wall.conftest import MOVING, FakeEngine


@dataclass(frozen=True)
class Step:
    from_ns: int
    count: int
    wall_ns: int | None


class RecordedEngine(FakeEngine):
    """Remembers the transports it was given and the steps it was asked for."""

    def __init__(self, *args: object) -> None:
        super().__init__(*args)  # type: ignore[arg-type]
        self.transports: dict[str, Transport] = {}
        self.steps: list[tuple[Hashable, int, int]] = []
        self.answer: Step | None = None
        self.sources: dict[Hashable, object] = {}

    def show(self, pane: Hashable, camera_id: str, source: object, width: int, height: int) -> None:
        super().show(pane, camera_id, source, width, height)  # type: ignore[arg-type]
        self.sources[pane] = source

    def set_transport(self, transport: Transport) -> None:
        self.transports[transport.group] = transport

    def step(self, pane: Hashable, from_ns: int, count: int) -> None:
        self.steps.append((pane, from_ns, count))

    def stepped(self, pane: Hashable) -> Step | None:
        return self.answer

    def publish(
        self, camera_id: str, taken_at_ns: int, colour: tuple[int, int, int], surface: str = "wall"
    ) -> None:
        """A recorded picture of one colour, taken then."""
        _, writer, _ = self._writers[surface, camera_id]
        slot = writer.buffer()
        row = np.array([colour[2], colour[1], colour[0], 255], np.uint8)
        size = writer.width * writer.height
        writer.buffers[slot][: size * 4] = np.tile(row, size).tobytes()
        writer.publish(slot, writer.width, writer.height, 0, taken_at_ns, 0)
        self.states[camera_id] = recorded(taken_at_ns)

    def gap(self, camera_id: str, reason: str) -> None:
        self.states[camera_id] = PaneState("gap", reason)


def recorded(taken_at_ns: int) -> PaneState:
    return MOVING._replace(state="recorded", shown_wall_ns=taken_at_ns)
