"""What is refused is told in the log with its place; the tests look at what was counted."""

from __future__ import annotations

from collections.abc import Callable

import pytest


@pytest.fixture(autouse=True)
def refusals_are_logged(expected_logs: Callable[..., None]) -> None:
    expected_logs("WARNING bongsu.gateway", optional=True)
