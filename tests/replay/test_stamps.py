"""The shapes of events are told apart without their colour."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from widgets.kit.tokens import THEMES, Tokens, load_fonts
from widgets.replay.events import GOOD_AGAIN, RANKS
from widgets.replay.stamps import STAMP_PX, Stamps

KINDS = (
    *(("incident", rank) for rank in (1, 2, 3, 4)), *(("alarm", rank) for rank in (1, 2, 3, 4)),
    *RANKS.items(), ("camera", GOOD_AGAIN),
)  # fmt: skip


@pytest.fixture
def tokens(qapp: object) -> Iterator[Tokens]:
    load_fonts()
    made = Tokens()
    yield made
    made.deleteLater()


def covered(stamps: Stamps, sort: str, rank: int) -> list[bool]:
    image = stamps.of(sort, rank, 2.0).toImage()
    side = 2 * STAMP_PX
    return [image.pixelColor(x, y).alpha() > 127 for y in range(side) for x in range(side)]


@pytest.mark.parametrize("theme", THEMES)
def test_every_two_shapes_differ_in_form_not_only_in_colour(tokens: Tokens, theme: str) -> None:
    tokens.switch(theme)
    stamps = Stamps(tokens)
    shapes = {kind: covered(stamps, *kind) for kind in KINDS}
    for one, first in shapes.items():
        assert sum(first) > 30, f"{one} is hardly to be seen"
        for other, second in shapes.items():
            if one < other:
                different = sum(a != b for a, b in zip(first, second, strict=True))
                assert different >= 30, f"{one} and {other}: {different} of {len(first)} pixels differ"
