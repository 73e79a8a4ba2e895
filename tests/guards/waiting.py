"""Waiting for a condition, with a deadline: the only place in the tests that sleeps."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import TypeVar

import pytest

T = TypeVar("T")


def pause() -> None:
    """Give other threads and processes a moment between two looks at a condition."""
    time.sleep(0.005)


async def loop_pause(seconds: float = 0.005) -> None:
    """The same on an asyncio loop: between two looks, or two pictures of a camera."""
    await asyncio.sleep(seconds)


def _told(what: str | Callable[[], str]) -> str:
    return what if isinstance(what, str) else what()


def until(predicate: Callable[[], T], what: str | Callable[[], str], timeout_s: float = 10.0) -> T:
    """Look again and again until ``predicate()`` is true, and answer what it answered.

    ``what`` says what is waited for; a function is asked at the deadline, so that it can tell how far things
    came.  Fails the test after ``timeout_s`` seconds.
    """
    deadline = time.monotonic() + timeout_s
    while True:
        if answer := predicate():
            return answer
        if time.monotonic() > deadline:
            pytest.fail(f"waited {timeout_s:g} s in vain: {_told(what)}", pytrace=True)
        pause()


def qt_until(predicate: Callable[[], T], what: str | Callable[[], str], timeout_s: float = 10.0) -> T:
    """The same on the UI thread: Qt's events, deletions included, are served between two looks."""
    from PySide6.QtCore import QCoreApplication, QEvent

    app = QCoreApplication.instance()
    assert app is not None, "no QApplication yet: use the qapp or qtbot fixture"

    def serve_and_look() -> T:
        app.processEvents()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        return predicate()

    return until(serve_and_look, what, timeout_s)


@pytest.fixture
def wait_until() -> Callable[..., object]:
    """``wait_until(predicate, what, timeout_s=10)``: wait for other threads and processes, never for time."""
    return until


@pytest.fixture
def qt_wait_until(qapp: object) -> Callable[..., object]:
    """``qt_wait_until(predicate, what, timeout_s=10)``: wait while Qt's events are served."""
    return qt_until
