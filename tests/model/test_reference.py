"""The reference names every event, command, query, fact and topic, as the code has them."""

from __future__ import annotations

from pathlib import Path

import pytest

from console.model.commands import COMMAND_NAMES
from console.model.events import EVENT_KINDS
from console.reference import pages

REF = Path(__file__).resolve().parents[2] / "docs" / "ref"


@pytest.mark.parametrize("name", sorted(pages()))
def test_a_reference_page_is_what_the_code_says(name: str):
    assert (REF / name).read_text("utf-8") == pages()[name], "run: python -m console.reference docs/ref"


def test_every_event_and_command_has_a_sentence_of_its_own():
    silent = [
        tag
        for tag, kind in {**EVENT_KINDS, **COMMAND_NAMES}.items()
        if not kind.__doc__ or kind.__doc__ == kind.__mro__[1].__doc__
    ]
    assert silent == []
