"""What many tests need: a clock that is stepped by hand, the real recordings beside the checkout."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from console.clock import SteppedClock

REPO = Path(__file__).resolve().parents[2]


@pytest.fixture
def stepped_clock() -> SteppedClock:
    """A clock that stands still until the test steps it."""
    from console.clock import SteppedClock

    return SteppedClock()


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real recordings, ``../shared/data`` from the checkout; skips where it is absent."""
    folder = REPO.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("the real recordings (../shared/data beside the checkout) are not on this machine")
    return folder
