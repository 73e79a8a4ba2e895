"""A Python thread that outlives its test fails the test and says where it was started."""

from __future__ import annotations

import threading
import weakref

import pytest

from tests.guards.census import Census
from tests.guards.verdict import Stack, stack_here, where

#: A thread that was told to stop and is on its way out gets so long; it is no leak.
GRACE_S = 1.0
#: Threads of the tools that run the tests, and Python's names for threads that C++ made, by their beginning.
TOOLS = ("pytest_timeout", "execnet", "Dummy-")

_started: weakref.WeakKeyDictionary[threading.Thread, Stack] = weakref.WeakKeyDictionary()
_real_start = threading.Thread.start


def _start(self: threading.Thread) -> None:
    _started[self] = stack_here()
    _real_start(self)


def _alive() -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if not thread.name.startswith(TOOLS)]


_census = Census(_alive)


def pytest_configure(config: pytest.Config) -> None:
    threading.Thread.start = _start  # type: ignore[method-assign]
    config.pluginmanager.register(_census, "census of threads")


def pytest_unconfigure() -> None:
    threading.Thread.start = _real_start  # type: ignore[method-assign]


def pytest_guard_complaints(when: str) -> list[str]:
    if when != "teardown":
        return []
    return [
        f"thread {thread.name!r} was left running; started\n{where(_started.get(thread))}"
        for thread in _census.left(GRACE_S)
    ]
