"""Top-level widgets, running timers and running QThreads that outlive their test fail it.

Each complaint says where the thing was made or started; from Python 3.12 on not for a plain ``QDialog()``,
whose construction no longer passes through a replaced ``__init__`` as that of a subclass does.
Nothing is done until some test has imported Qt.
"""

from __future__ import annotations

import gc
import sys
import weakref
from collections.abc import Callable
from functools import wraps
from typing import Any

import pytest

from tests.guards.census import Census
from tests.guards.verdict import Stack, stack_here, where

GRACE_S = 0.5

_made: weakref.WeakKeyDictionary[Any, Stack] = weakref.WeakKeyDictionary()
_watched_classes: set[type] = set()


def _noting(real: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(real)
    def call(self: Any, *args: Any, **options: Any) -> Any:
        answer = real(self, *args, **options)
        _made[self] = stack_here()
        return answer

    return call


def _watch() -> bool:
    """Note from now on where widgets are made, timers and threads started; false while Qt is unused."""
    core = sys.modules.get("PySide6.QtCore")
    if core is not None and core.QTimer not in _watched_classes:
        _watched_classes.update((core.QTimer, core.QThread))
        core.QTimer.start = _noting(core.QTimer.start)
        core.QThread.start = _noting(core.QThread.start)
    widgets = sys.modules.get("PySide6.QtWidgets")
    if widgets is not None and widgets.QWidget not in _watched_classes:
        for each in list(vars(widgets).values()):
            if isinstance(each, type) and issubclass(each, widgets.QWidget):
                _watched_classes.add(each)
                each.__init__ = _noting(each.__init__)  # type: ignore[misc]
    return core is not None and core.QCoreApplication.instance() is not None


def _noted(kind: str) -> dict[int, Any]:
    """The noted objects of one Qt class whose C++ half still lives, by its address."""
    import shiboken6

    cls = getattr(sys.modules["PySide6.QtCore"], kind)
    return {
        shiboken6.getCppPointer(each)[0]: each
        for each in list(_made)
        if isinstance(each, cls) and shiboken6.isValid(each)
    }


def _windows() -> dict[int, Any]:
    widgets = sys.modules.get("PySide6.QtWidgets")
    if widgets is None or not isinstance(widgets.QApplication.instance(), widgets.QApplication):
        return {}
    import shiboken6

    # A window with a parent goes with its parent: only the parent is told.
    return {
        shiboken6.getCppPointer(each)[0]: each
        for each in widgets.QApplication.topLevelWidgets()
        if each.parent() is None
    }


def _things() -> dict[tuple[str, int], Any]:
    if not _watch():
        return {}
    return {
        **{("widget", at): each for at, each in _windows().items()},
        **{("timer", at): each for at, each in _noted("QTimer").items() if each.isActive()},
        **{("QThread", at): each for at, each in _noted("QThread").items() if each.isRunning()},
    }


def _alive() -> set[tuple[str, int]]:
    things = _things()
    if things and any(kind == "widget" for kind, _ in things):
        # Deletions that were asked for but wait for the loop, and wrappers that wait for the collector, are
        # on their way; what is left after that is held by someone.
        core = sys.modules["PySide6.QtCore"]
        core.QCoreApplication.sendPostedEvents(None, core.QEvent.Type.DeferredDelete.value)
        del things
        gc.collect()
        things = _things()
    return set(things)


_census = Census(_alive)


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(_census, "census of Qt")


def pytest_guard_begin() -> None:
    _watch()


def pytest_guard_complaints(when: str) -> list[str]:
    if when != "teardown" or not _watch():
        return []
    left = _census.left(GRACE_S)
    things = _things()
    complaints = []
    for key in left:
        if (thing := things.get(key)) is None:
            continue
        name = f"{type(thing).__module__}.{type(thing).__qualname__} {thing.objectName()!r}"
        how = "was left; made" if key[0] == "widget" else "was left running; started"
        complaints.append(f"{key[0]} {name} {how}\n{where(_made.get(thing))}")
        if key[0] == "timer":
            thing.stop()
        elif key[0] == "widget":
            thing.deleteLater()
    del things
    return complaints
