"""The line above a picture: nothing runs into anything, and what matters stays, at every size of pane."""

from __future__ import annotations

from itertools import pairwise

import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QFontMetrics, QImage, QPainter

from console.language import Catalogue, load_catalogue
from console.profile import Profile, load_profile
from console.video.condition import STATES, PaneState
from console.video.load import CAUSES, CUTS
from tests.wall.conftest import MOVING
from widgets.kit.tokens import Tokens
from widgets.wall import words
from widgets.wall.layout import Place, grid
from widgets.wall.pane import StripText
from widgets.wall.stripline import NAME_SHARE, PAD, StripLine

CLOCK = "23:59:59"
#: Strip height and the narrowest pane of each grid on a full-HD wall.
WIDTHS = [min(each.width for each in grid(1920, 1030, side, side, 18)) for side in range(1, 9)]


def longest_names(city: Profile, language: str) -> list[str]:
    names = {city.devices[camera].place.name.in_language(language) for camera in city.cameras}
    return sorted(names, key=len)[-3:]


def states() -> list[PaneState]:
    bad = [
        MOVING._replace(state=state, age_ms=59_000, same_for_ms=3_599_000, lag_ms=9_900) for state in STATES
    ]
    cut = [MOVING._replace(cut=cut, cut_cause=cause, fps=9.0) for cut in CUTS for cause in CAUSES]
    return [MOVING, *bad, *cut, PaneState("waiting"), PaneState("denied"), PaneState("no_source")]


def said_of(state: PaneState, name: str, catalogue: Catalogue, zoom: float = 2.5) -> StripText:
    return StripText("64", name, CLOCK if state.pictures else "", words.badges(state, catalogue, zoom),
                     state.state, 1, True, bool(state.cut or state.cut_cause))  # fmt: skip


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("town", ["suwon", "glasgow"])
def test_nothing_is_cut_but_the_name_and_nothing_overlaps_at_any_size(
    tokens: Tokens, language: str, town: str
) -> None:
    """Everything that is drawn is noted; all boxes lie in the pane and none touches another."""
    catalogue, city = load_catalogue(language), load_profile(town)
    metrics = QFontMetrics(tokens.font("small"))
    for width in WIDTHS:
        for name in longest_names(city, language):
            for state in states():
                said = said_of(state, name, catalogue)
                room = width - 2 * PAD - 12 - PAD - metrics.horizontalAdvance("64") - PAD
                badge, clock = StripLine(tokens).chosen(said, metrics, room, 18)
                if said.state != "live":
                    assert badge in said.badges, f"{badge!r} was cut at {width}"
                    assert words.badge(state, catalogue) in badge
                room -= 18 - 8 + 2 * PAD + (10 if said.reduced else 0)
                taken = 0
                if badge:
                    taken += metrics.horizontalAdvance(badge) + PAD
                if clock:
                    taken += metrics.horizontalAdvance(clock) + 2 * PAD
                left = room - taken
                share = 40 if badge == said.badges[-1] else round(room * NAME_SHARE)
                least = min(metrics.horizontalAdvance(name), share)
                assert left >= least - 1, f"{width}: {left} px left for {name!r} beside {badge!r}"


@pytest.mark.parametrize("width", WIDTHS)
def test_the_painted_line_is_what_was_chosen(tokens: Tokens, width: int, catalogue: Catalogue) -> None:
    """Painted for real: columns of ink between the parts stay empty."""
    line = StripLine(tokens)
    said = said_of(MOVING._replace(state="stalled", age_ms=59_000), "X" * 80, catalogue)
    image = QImage(width, 18, QImage.Format.Format_RGB32)
    with QPainter(image) as painter:
        elided = line.paint(painter, Place(0, 0, width, 200, 18), said)
    assert elided or width > 800
    ground = tokens.ground("bg2").rgb()
    ink = [any(image.pixel(x, y) != ground for y in range(18)) for x in range(width)]
    assert not ink[0]
    assert not any(ink[width - PAD + 2 :]), "the clock or badge ends before the edge"
    edges = [x for x, (one, other) in enumerate(pairwise(ink)) if one and not other]
    assert len(edges) > 3


def test_a_wide_pane_says_more_and_a_narrow_one_what_matters(tokens: Tokens, catalogue: Catalogue) -> None:
    metrics, line = QFontMetrics(tokens.font("small")), StripLine(tokens)

    def badge(state: PaneState, room: int) -> str:
        return line.chosen(said_of(state, "Hall", catalogue, 1.0), metrics, room, 18)[0]

    assert badge(MOVING, 800) == "Live · 640x360 h264 25/s"
    assert badge(MOVING._replace(fps=12.0), 800) == "Live · 640x360 h264 12 of 25/s"
    assert badge(MOVING, 180) == "Live"
    cut = MOVING._replace(cut="rate", cut_cause="this_machine")
    assert badge(cut, 400).startswith("Live · fewer pictures: this machine")
    assert badge(cut, 260) == "Live · fewer pictures"
    assert badge(MOVING._replace(cut_cause="network"), 330) == "Live · fewer pictures: network"
    assert badge(MOVING._replace(state="stalled", age_ms=9000), 120) == "Stalled 9 s"


def test_a_reduced_pane_has_a_mark_without_words_too(tokens: Tokens, catalogue: Catalogue) -> None:
    drawn = []
    for state in (MOVING, MOVING._replace(cut="loop_filter", cut_cause="this_machine")):
        said = said_of(state, "A name that is so long that there is room for nothing else here", catalogue)
        image = QImage(180, 18, QImage.Format.Format_RGB32)
        with QPainter(image) as painter:
            StripLine(tokens).paint(painter, Place(0, 0, 180, 112, 18), said)
        drawn.append(bytes(image.copy(QRect(60, 0, 120, 18)).constBits()))
    assert drawn[0] != drawn[1]


def test_the_camera_clock_is_told_where_the_strip_would_be_wrong(catalogue: Catalogue) -> None:
    assert words.clock_told(MOVING._replace(clock_offset_ms=None), catalogue) == ""
    assert words.clock_told(MOVING._replace(clock_offset_ms=-999), catalogue) == ""
    assert words.clock_told(MOVING._replace(clock_offset_ms=94_200), catalogue) == "clock +1 min"
    assert words.clock_told(MOVING._replace(clock_offset_ms=-2_500), catalogue) == "clock −2.5 s"
