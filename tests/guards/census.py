"""Counts what is alive, and tells what a test leaves from what a longer-lived fixture keeps."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Hashable, Iterable
from typing import Any, Generic, TypeVar

import pytest

from tests.guards.waiting import pause

K = TypeVar("K", bound=Hashable)


class Census(Generic[K]):
    """A pytest plugin: register one per kind of thing (threads, processes, widgets ...).

    ``alive`` answers the keys of all living things of that kind.  What was there when the session began is
    never a leak; what a module's or the session's fixture starts belongs to it until it is finalised.
    """

    def __init__(self, alive: Callable[[], Iterable[K]]) -> None:
        self._alive = alive
        self._known: set[K] = set()
        self._of_fixture: dict[K, object] = {}

    @pytest.hookimpl(trylast=True)
    def pytest_sessionstart(self) -> None:
        self._known.update(self._alive())

    @pytest.hookimpl(wrapper=True)
    def pytest_fixture_setup(self, fixturedef: pytest.FixtureDef[Any]) -> Generator[None, object, object]:
        if fixturedef.scope == "function":
            return (yield)
        before = set(self._alive())
        result = yield
        self._of_fixture.update(dict.fromkeys(set(self._alive()) - before, fixturedef))
        return result

    def pytest_fixture_post_finalizer(self, fixturedef: pytest.FixtureDef[Any]) -> None:
        self._of_fixture = {key: owner for key, owner in self._of_fixture.items() if owner is not fixturedef}

    def left(self, grace_s: float = 0.0) -> list[K]:
        """What should not be there, after giving it ``grace_s`` to go by itself; each is told once."""
        deadline = time.monotonic() + grace_s
        while True:
            alive = set(self._alive())
            self._known &= alive  # keys are used again: pids, addresses
            left = alive - self._known - set(self._of_fixture)
            if not left or time.monotonic() >= deadline:
                break
            pause()
        self._known |= left
        return list(left)
