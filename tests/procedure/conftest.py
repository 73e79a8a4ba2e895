"""A sitting with a hub's side for procedures."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from console.profile.procedures import ProcedureBook, load_procedures
from tests.kit.sitting import Sitting, suwon
from tests.procedure.guided import Guided


@pytest.fixture(scope="session")
def book() -> ProcedureBook:
    return load_procedures("suwon", suwon())


@pytest.fixture
def guided(qapp: object, book: ProcedureBook) -> Iterator[Guided]:
    sitting = Sitting()
    sitting.connect()
    made = Guided(sitting, book)
    yield made
    made.leave()
