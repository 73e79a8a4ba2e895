"""Asks every guard after each test, and fails the test with all their complaints at once.

A guard implements ``pytest_guard_complaints(item, when)`` and answers a list of sentences.  It is asked
twice: ``when == "call"`` right after the test's own code, so that a complaint counts as a failure of the
test, and ``when == "teardown"`` after the last fixture is finalised, when nothing may be left.
"""

from __future__ import annotations

import linecache
import sys
from collections.abc import Generator
from types import FrameType

import pytest


class GuardHooks:
    @pytest.hookspec
    def pytest_guard_begin(self, item: pytest.Item) -> None:
        """A test is about to be set up."""

    @pytest.hookspec
    def pytest_guard_complaints(self, item: pytest.Item, when: str) -> list[str]:
        """What is wrong now, one sentence or block each; an empty list when nothing is."""


def pytest_addhooks(pluginmanager: pytest.PytestPluginManager) -> None:
    pluginmanager.add_hookspecs(GuardHooks)


#: Set once a phase of the test has raised: what is found afterwards may only be its consequence.
FAILED = pytest.StashKey[bool]()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> None:
    if call.excinfo is not None:
        item.stash[FAILED] = True


def _complain(item: pytest.Item, when: str) -> None:
    answers = item.ihook.pytest_guard_complaints(item=item, when=when)
    complaints = [complaint for answer in answers for complaint in answer]
    if complaints:
        pytest.fail("\n\n".join(complaints), pytrace=False)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_setup(item: pytest.Item) -> Generator[None, None, None]:
    item.ihook.pytest_guard_begin(item=item)
    return (yield)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, None, None]:
    result = yield  # a test that failed by itself needs no second reason
    _complain(item, "call")
    return result


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_teardown(item: pytest.Item) -> Generator[None, None, None]:
    try:
        result = yield
    except Exception:
        # A fixture that broke on its way out explains what it left; still ask, so that it is cleared away.
        item.ihook.pytest_guard_complaints(item=item, when="teardown")
        raise
    _complain(item, "teardown")
    return result


#: Frames as (file, line, function), innermost first.
Stack = list[tuple[str, int, str]]


def stack_here(skip: int = 2, depth: int = 40) -> Stack:
    """The stack of the caller's caller; cheap to take, source lines are read only when it is shown."""
    stack: Stack = []
    frame: FrameType | None = sys._getframe(skip)
    while frame is not None and len(stack) < depth:
        stack.append((frame.f_code.co_filename, frame.f_lineno, frame.f_code.co_name))
        frame = frame.f_back
    return stack


#: Frames of these never say where something of ours was started.
_FOREIGN = ("/site-packages/", "/lib/python3", "<frozen", "/tests/guards/verdict.py")


def where(stack: Stack | None, frames: int = 4) -> str:
    """The innermost frames of a stack that are ours, for a complaint."""
    if stack is None:
        return "  (before the guards could watch, or by C++)"
    ours = [frame for frame in stack if not any(part in frame[0] for part in _FOREIGN)]
    return "\n".join(
        f"  at {file}:{line} in {function}: {linecache.getline(file, line).strip()}"
        for file, line, function in (ours or stack)[:frames]
    )
