"""A log record at WARNING or above that the test did not expect fails the test."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable

import pytest

from tests.guards.verdict import FAILED


class Expectation:
    """One declared line: a pattern searched in ``LEVEL logger: message``, and how often it must come."""

    def __init__(self, pattern: str, count: int | None, optional: bool) -> None:
        self.pattern = re.compile(pattern)
        self.count = count
        self.optional = optional
        self.seen = 0

    def complaint(self) -> str | None:
        if self.count is not None and self.seen != self.count:
            times = f"expected {self.count} times and came {self.seen} times"
            return f"log line /{self.pattern.pattern}/ was {times}"
        if self.count is None and not self.optional and self.seen == 0:
            return f"log line /{self.pattern.pattern}/ was expected and never came"
        return None


class Watch(logging.Handler):
    """Collects what is logged, from whichever thread."""

    def __init__(self) -> None:
        super().__init__(level=logging.WARNING)
        self.setFormatter(logging.Formatter("%(levelname)s %(name)s: %(message)s"))
        self.lines: list[str] = []
        self.expectations: list[Expectation] = []

    def emit(self, record: logging.LogRecord) -> None:
        line = self.format(record)
        self.lines.append(f"{line}\n    logged at {record.pathname}:{record.lineno}")

    def complaints(self, final: bool) -> list[str]:
        """The unexpected lines so far; at the end also the expectations that were not met."""
        self.acquire()
        lines, self.lines = self.lines, []
        self.release()
        unexpected = []
        for line in lines:
            for expectation in self.expectations:
                if expectation.pattern.search(line):
                    expectation.seen += 1
                    break
            else:
                unexpected.append(f"unexpected log line (the expected_logs fixture declares one):\n  {line}")
        if final:
            unexpected += [text for each in self.expectations if (text := each.complaint())]
        return unexpected


_watch = pytest.StashKey[Watch]()


def pytest_guard_begin(item: pytest.Item) -> None:
    item.stash[_watch] = watch = Watch()
    logging.getLogger().addHandler(watch)


def pytest_guard_complaints(item: pytest.Item, when: str) -> list[str]:
    watch = item.stash.get(_watch, None)
    if watch is None:
        return []
    if when == "teardown":
        logging.getLogger().removeHandler(watch)
        # A test that failed or was skipped half-way cannot have met its expectations.
        if item.stash.get(FAILED, False):
            return []
    return watch.complaints(final=when == "teardown")


@pytest.fixture
def expected_logs(request: pytest.FixtureRequest) -> Callable[..., None]:
    """Declare a log line at WARNING or above: ``expected_logs(pattern, count=None, optional=False)``.

    ``pattern`` is searched in ``"WARNING console.hub: text"`` and may be declared before or after the line
    comes.  With ``count`` it must come exactly so often, without it at least once, with ``optional`` it may
    also stay away.
    """
    watch = request.node.stash[_watch]

    def declare(pattern: str, count: int | None = None, *, optional: bool = False) -> None:
        watch.expectations.append(Expectation(pattern, count, optional))

    return declare
