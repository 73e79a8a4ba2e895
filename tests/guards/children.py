"""A process that outlives its test fails the test, says where it was started, and is ended."""

from __future__ import annotations

import multiprocessing
import multiprocessing.process
import subprocess
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.guards.census import Census
from tests.guards.verdict import Stack, stack_here, where

GRACE_S = 1.0
#: multiprocessing keeps this one for the life of the interpreter, by design.
BY_DESIGN = "multiprocessing.resource_tracker"

_started: dict[int, Stack] = {}
_helpers: set[int] = set()
_real_popen = subprocess.Popen.__init__
_real_start = multiprocessing.process.BaseProcess.start


def _popen(self: subprocess.Popen[Any], *args: Any, **options: Any) -> None:
    _real_popen(self, *args, **options)
    _started[self.pid] = stack_here()


def _start(self: multiprocessing.process.BaseProcess) -> None:
    _real_start(self)
    if self.pid is not None:
        _started[self.pid] = stack_here()


def _pids() -> set[int]:
    """This process's own children, dead ones too; from /proc where it tells, which is 100 times cheaper."""
    found: set[int] = set()
    try:
        for task in Path("/proc/self/task").iterdir():
            found.update(int(pid) for pid in (task / "children").read_text().split())
    except OSError:  # no such file on this kernel, or a thread ended meanwhile
        found = {child.pid for child in psutil.Process().children()}
    return found


def _alive() -> set[int]:
    multiprocessing.active_children()  # reaps those that ended and were not joined
    pids = _pids()
    _helpers.intersection_update(pids)
    for pid in pids - _helpers - set(_started):
        if BY_DESIGN in _command(pid):
            _helpers.add(pid)
    return pids - _helpers


def _command(pid: int) -> str:
    try:
        process = psutil.Process(pid)
        if process.status() == psutil.STATUS_ZOMBIE:
            return "(ended, but nobody waited for it)"
        return " ".join(process.cmdline())
    except psutil.Error:
        return "(just gone)"


def _end(pid: int) -> None:
    """End a leaked process and what it started, so that the next test does not meet them."""
    try:
        process = psutil.Process(pid)
        for each in [*process.children(recursive=True), process]:
            each.kill()
        process.wait(5)
    except psutil.Error:
        pass  # it went by itself


_census = Census(_alive)


def pytest_configure(config: pytest.Config) -> None:
    subprocess.Popen.__init__ = _popen  # type: ignore[method-assign]
    multiprocessing.process.BaseProcess.start = _start  # type: ignore[method-assign]
    config.pluginmanager.register(_census, "census of processes")


def pytest_unconfigure() -> None:
    subprocess.Popen.__init__ = _real_popen  # type: ignore[method-assign]
    multiprocessing.process.BaseProcess.start = _real_start  # type: ignore[method-assign]


def pytest_guard_begin() -> None:
    _started.clear()


def pytest_guard_complaints(when: str) -> list[str]:
    if when != "teardown":
        return []
    complaints = []
    for pid in sorted(_census.left(GRACE_S)):
        started = where(_started.get(pid))
        complaints.append(f"process {pid} was left: {_command(pid)[:200]}\n  started\n{started}")
        _end(pid)
    return complaints
