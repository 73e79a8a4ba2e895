"""Finds any point of the city by name, device, system, quantity or id, in a thread of its own. Qt-free."""

from __future__ import annotations

import threading
from typing import NamedTuple

from console.language import Catalogue
from console.profile import Profile
from widgets.kit.moments import unit

MOST = 60


class FoundPoint(NamedTuple):
    """One point: its id, what it is called, what else there is to say."""

    point_id: str
    text: str
    detail: str


class PointFinder:
    """`look` asks, `take` brings the newest answer. The words of all points are made at the first look; any
    thread may call, nothing waits but `close`."""

    def __init__(self, profile: Profile, catalogue: Catalogue) -> None:
        self._profile, self._catalogue = profile, catalogue
        self._wanted: str | None = None
        self._answer: tuple[str, tuple[FoundPoint, ...], int] | None = None
        self._lines: list[tuple[str, int]] = []
        self._language = ""
        self._ended = False
        self._wake = threading.Condition()
        self._thread = threading.Thread(target=self._run, name="find-points", daemon=True)

    def look(self, text: str) -> None:
        """Look for points that have all of these words."""
        with self._wake:
            self._wanted = text
            if not self._thread.is_alive() and not self._ended:
                self._thread.start()
            self._wake.notify()

    def take(self) -> tuple[str, tuple[FoundPoint, ...], int] | None:
        """What was looked for, the first of what was found, and how many there are; once."""
        answer, self._answer = self._answer, None
        return answer

    def close(self) -> None:
        """End the thread and wait for it."""
        with self._wake:
            self._ended = True
            self._wake.notify()
        if self._thread.is_alive():
            self._thread.join(timeout=5)

    def _run(self) -> None:
        while True:
            with self._wake:
                while self._wanted is None and not self._ended:
                    self._wake.wait()
                if self._ended:
                    return
                text, self._wanted = self._wanted or "", None
            if not self._lines:
                self._make_lines()
            words = text.casefold().split()
            found = [index for line, index in self._lines if all(word in line for word in words)]
            if self._wanted is None:
                self._answer = (text, tuple(self._said(index) for index in found[:MOST]), len(found))

    def _make_lines(self) -> None:
        """What is searched: both languages, so that either finds it."""
        profile = self._profile
        lines = []
        for row, device in enumerate(profile.devices.values()):
            if self._ended:
                return
            system = profile.systems.get(device.system)
            named = f"{device.name.en} {device.name.ko} {device.id}"
            if system is not None:
                named += f" {system.name.en} {system.name.ko}"
            place = f"{device.place.name.en} {device.place.name.ko}"
            for index in profile.points.of_device(row):
                name = profile.points.name(index)
                quantity = profile.points[index].quantity
                lines.append((f"{named} {place} {name.en} {name.ko} {quantity}".casefold(), index))
        self._lines = lines

    def _said(self, index: int) -> FoundPoint:
        profile, words = self._profile, self._catalogue.words
        point = profile.points[index]
        device = profile.devices[point.device_id]
        system = profile.systems.get(device.system)
        named = words(system.name) if system is not None else ""
        shown = unit(point.unit, self._catalogue)
        return FoundPoint(
            point.id, f"{words(device.name)} · {words(profile.points.name(index))} ({shown})",
            " · ".join(filter(None, (named, device.id))),
        )  # fmt: skip
