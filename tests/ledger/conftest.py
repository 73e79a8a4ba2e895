"""Folders for ledgers."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Where a test's ledger goes; on a real disk."""
    return tmp_path / "ledger" / "ledger.db"


@pytest.fixture
def fresh() -> Iterator[Callable[[], Path]]:
    """A new place for a ledger at each call, in memory where the system has such a place.

    For tests that make hundreds of ledgers and do not ask what an fsync is worth.
    """
    memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
    root = Path(tempfile.mkdtemp(prefix="bongsu-ledger-", dir=memory))
    count = iter(range(1_000_000))
    yield lambda: root / str(next(count)) / "ledger.db"
    shutil.rmtree(root)
