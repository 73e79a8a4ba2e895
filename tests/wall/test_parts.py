"""Geometry, words, shapes and the watch over cameras."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QRectF
from PySide6.QtGui import QFontMetrics, QImage, QPainter

from console.language import Catalogue, load_catalogue
from console.video.condition import REASONS, STATES, PaneState
from tests.wall.conftest import MOVING
from widgets.kit.tokens import Tokens, contrast
from widgets.wall import words
from widgets.wall.layout import GAP, column, fit, grid, side_for
from widgets.wall.shapes import paint_state, state_ink
from widgets.wall.stripline import PAD
from widgets.wall.watch import CameraWatch

SECOND_NS = 1_000_000_000


@given(
    width=st.integers(100, 4000),
    height=st.integers(100, 3000),
    columns=st.integers(1, 8),
    rows=st.integers(1, 8),
)
def test_a_grid_fills_its_area_with_gaps_of_two_pixels(
    width: int, height: int, columns: int, rows: int
) -> None:
    places = grid(width, height, columns, rows, 18)
    assert len(places) == columns * rows
    assert places[-1].x + places[-1].width == width
    assert places[-1].y + places[-1].height == height
    for left, right in pairwise(places[:columns]):
        assert right.x - (left.x + left.width) == GAP
    assert max(each.width for each in places) - min(each.width for each in places) <= 1


@given(count=st.integers(1, 5), width=st.integers(150, 1200), height=st.integers(80, 1200))
def test_the_strip_of_an_incident_finds_room_for_all_its_cameras(count: int, width: int, height: int) -> None:
    places = column(width, height, count, 18, 16 / 9)
    assert len(places) == count
    for each in places:
        assert each.x >= 0
        assert each.y >= 0
        assert each.x + each.width <= width
        assert each.y + each.height <= height


def test_a_grid_is_as_small_as_its_cameras_allow() -> None:
    assert [side_for(count) for count in (0, 1, 2, 4, 5, 16, 17, 64, 500)] == [1, 1, 2, 2, 3, 4, 5, 8, 8]


@given(width=st.integers(1, 4000), height=st.integers(1, 4000))
def test_a_picture_is_fitted_into_the_middle(width: int, height: int) -> None:
    x, y, wide, high = fit(width, height, (10, 20, 400, 300))
    assert wide <= 400
    assert high <= 300
    assert wide == 400 or high == 300
    assert abs((x - 10) * 2 + wide - 400) <= 1
    assert abs((y - 20) * 2 + high - 300) <= 1


@pytest.mark.parametrize("language", ["en", "ko"])
@pytest.mark.parametrize("width", [238, 320, 480])
def test_no_badge_is_cut_even_in_the_narrowest_pane(tokens: Tokens, language: str, width: int) -> None:
    """The longest badge leaves room for its shape and some of the name, at 8x8 on a full-HD wall (238 px)."""
    catalogue = load_catalogue(language)
    metrics = QFontMetrics(tokens.font("small"))
    for state in (*STATES, "waiting", "denied", "no_source", "seeking"):
        text = words.badge(PaneState(state, age_ms=59_000, same_for_ms=59_000, lag_ms=99_900), catalogue)
        assert metrics.horizontalAdvance(text) + 10 + 4 * PAD + 40 <= width, text


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_every_badge_can_be_read(tokens: Tokens, theme: str) -> None:
    tokens.switch(theme)
    for state in (*STATES, "waiting", "denied", "no_source", "seeking"):
        for ground in ("bg0", "bg2"):
            assert contrast(state_ink(state, tokens), tokens.ground(ground)) >= 4.5


def test_every_state_of_a_picture_has_a_shape_of_its_own(tokens: Tokens) -> None:
    """Told apart in one grey: colour is never what tells them apart."""
    drawn: dict[bytes, str] = {}
    for state in STATES:
        image = QImage(20, 20, QImage.Format.Format_ARGB32)
        image.fill(0)
        painter = QPainter(image)
        paint_state(painter, QRectF(2, 2, 16, 16), state, tokens)
        painter.end()
        shape = bytes(image.convertToFormat(QImage.Format.Format_Alpha8).constBits())
        assert any(shape)
        assert shape not in drawn, f"{state} looks like {drawn.get(shape)}"
        drawn[shape] = state


def test_a_badge_gives_the_figure_that_matters(catalogue: Catalogue) -> None:
    assert words.badge(MOVING, catalogue) == "Live"
    assert words.badge(MOVING._replace(state="stalled", age_ms=12_900), catalogue) == "Stalled 12 s"
    assert (
        words.badge(MOVING._replace(state="frozen", same_for_ms=125_000), catalogue) == "Frozen picture 2 min"
    )
    assert words.badge(MOVING._replace(state="delayed", lag_ms=1_440), catalogue) == "Delayed 1.4 s"
    assert words.badge(MOVING._replace(state="no_signal", age_ms=3_700_000), catalogue) == "No signal 1 h 01"
    assert words.badge(PaneState("no_signal", "timeout"), catalogue) == "No signal"


def test_every_reason_can_be_said_for_the_record_in_both_languages(catalogue: Catalogue) -> None:
    for reason in REASONS:
        said = words.for_the_record(PaneState("no_signal", reason), catalogue)
        assert said.en
        assert said.ko
        assert said.en != said.ko


class Watched:
    """A camera watched for so long in each state; what was told."""

    def __init__(self, believed: str = "up") -> None:
        self.watch, self.believed = CameraWatch(), believed
        self.now_ns, self.told = 0, []  # type: ignore[var-annotated]

    def see(self, state: str, seconds: float, reason: str = "") -> Watched:
        for _ in range(round(seconds * 5)):
            told = self.watch.see(PaneState(state, reason), self.now_ns, self.believed)  # type: ignore[arg-type]
            if told is not None:
                self.told.append(told)
                self.believed = told
            self.now_ns += SECOND_NS // 5
        return self


def test_a_good_camera_is_nothing_to_tell() -> None:
    assert Watched().see("connecting", 5).see("live", 60).told == []


def test_a_frozen_camera_is_told_at_once_and_its_recovery_when_it_lasts() -> None:
    watched = Watched().see("live", 10).see("frozen", 1)
    assert watched.told == ["degraded"]
    assert watched.see("live", 2).told == ["degraded"]
    assert watched.see("live", 2).told == ["degraded", "up"]


def test_a_short_loss_is_not_told_and_a_long_one_is() -> None:
    watched = Watched().see("live", 10).see("no_signal", 4, "timeout").see("live", 10)
    assert watched.told == []
    assert watched.see("no_signal", 6, "timeout").told == ["down"]


@pytest.mark.parametrize("reason", ["decoder_restarted", "decoder_crashes", "not_allowed"])
def test_what_lies_with_this_console_is_not_blamed_on_the_camera(reason: str) -> None:
    assert Watched().see("live", 5).see("no_signal", 60, reason).told == []


def test_a_slow_machine_says_nothing_about_the_camera() -> None:
    assert Watched().see("live", 5).see("delayed", 60, "this_machine").told == []


def test_a_desk_that_sees_a_good_picture_of_a_camera_on_record_as_frozen_says_so_once() -> None:
    watched = Watched(believed="degraded").see("live", 60)
    assert watched.told == ["up"]


def test_the_figures_say_what_is_true_of_each_kind_of_picture(catalogue: Catalogue) -> None:
    live = MOVING._replace(clock_offset_ms=-2_500, clock_drift_ppm=12, stream="sub", corrupt=3)
    assert words.figures(live, catalogue) == [
        "Newest picture 0.0 s ago, shown 3 ms after it came",
        "640x360 h264, 25 of 25 pictures a second",
        "Full quality",
        "Camera clock −2.5 s against ours",
        "Its clock runs +12 ppm against ours",
        "Smaller stream",
        "0 pictures left out, 3 damaged",
    ]
    assert "Camera clock agrees with ours (40 ms)" in words.figures(
        MOVING._replace(clock_offset_ms=40), catalogue
    )
    assert "Camera does not tell its clock" in words.figures(MOVING, catalogue)
    recorded = words.figures(MOVING._replace(state="recorded", age_ms=900_000), catalogue)
    assert recorded == ["640x360 h264, 25 of 25 pictures a second", "Full quality"], "nothing of the present"
    assert words.figures(MOVING._replace(state="gap"), catalogue) == []
    assert words.figures(PaneState("connecting"), catalogue) == []
