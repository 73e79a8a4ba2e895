"""What the tests of the hand-off share: the public schema, and a test authority that is made once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from lxml import etree

from console.handoff import tls

AGENCIES = ("KR-112", "KR-119", "UK-POLICE")


@pytest.fixture(scope="session")
def valid(shared_data: Path) -> Callable[[bytes], str]:
    """Asks the OASIS schema itself: "" for a valid CAP 1.2 message, else its first complaint."""
    path = shared_data / "cap" / "cap12.xsd"
    if not path.is_file():
        pytest.skip("the public CAP 1.2 schema is not on this machine")
    schema = etree.XMLSchema(etree.parse(path))
    parser = etree.XMLParser(resolve_entities=False)

    def complaint(data: bytes) -> str:
        return "" if schema.validate(etree.fromstring(data, parser)) else str(schema.error_log[0])

    return complaint


@pytest.fixture(scope="session")
def keys(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Certificates of the console and the agencies, by one authority."""
    folder = tmp_path_factory.mktemp("keys") / "handoff"
    tls.ensure_authority(folder, AGENCIES)
    return folder
