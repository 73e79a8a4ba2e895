"""Finds the scene of an incident in a thread of its own: what is asked for last is found, what it replaced is
given up. Qt-free."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import NamedTuple

from console.model.base import Position
from console.profile import Profile
from console.profile.scene import (
    Nearby,
    SceneCamera,
    SceneFigures,
    around,
    scene_cameras,
    trend_points,
)


class AskedScene(NamedTuple):
    """One question. `conditions`: the devices that are not simply up, as the board has them."""

    incident_id: str
    type: str
    position: Position
    camera_ids: tuple[str, ...]
    device_ids: tuple[str, ...]
    conditions: Mapping[str, str]


class Scene(NamedTuple):
    """What stands for an incident's place."""

    incident_id: str
    cameras: tuple[SceneCamera, ...]
    around: tuple[Nearby, ...]
    points: tuple[int, ...]


def find_scene(profile: Profile, told: SceneFigures, asked: AskedScene) -> Scene:
    """The whole scene. Some ten milliseconds for a city of 22,783 devices. Pure; any thread."""

    def condition(camera_id: str) -> str:
        return asked.conditions.get(camera_id, "up")

    return Scene(
        asked.incident_id,
        scene_cameras(profile, asked.position, asked.camera_ids, condition, told.cameras),
        around(profile, asked.position, told.around),
        trend_points(profile, asked.position, asked.type, asked.device_ids, told.trends),
    )


class SceneFinder:
    """`ask`, `take` and `stop` from one thread; nothing of them waits but `stop`."""

    def __init__(self, profile: Profile, told: SceneFigures) -> None:
        self._profile, self._told = profile, told
        self._wake = threading.Condition()
        self._asked: AskedScene | None = None
        self._found: Scene | None = None
        self._wanted = ""
        self._ended = False
        self._thread = threading.Thread(target=self._run, name="scene", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """End the thread and wait for it."""
        with self._wake:
            self._ended = True
            self._wake.notify()
        if self._thread.is_alive():
            self._thread.join(timeout=5)

    def ask(self, asked: AskedScene | None) -> None:
        """Find this instead of what was asked before; None: nothing any more."""
        with self._wake:
            self._asked, self._found = asked, None
            self._wanted = asked.incident_id if asked is not None else ""
            self._wake.notify()

    def take(self) -> Scene | None:
        """The answer to what was asked last, once; None while there is none."""
        with self._wake:
            found, self._found = self._found, None
        return found

    def _run(self) -> None:
        while True:
            with self._wake:
                while self._asked is None and not self._ended:
                    self._wake.wait()
                if self._ended:
                    return
                asked, self._asked = self._asked, None
            if asked is None:
                continue
            found = find_scene(self._profile, self._told, asked)
            with self._wake:
                if self._wanted == asked.incident_id and self._asked is None:
                    self._found = found
