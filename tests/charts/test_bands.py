"""The chart area on the shipped city: what it draws is what was measured, and it says so when nothing was."""

from __future__ import annotations

import gc
import weakref
from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from console.model.base import Words
from console.telemetry.table import BAD
from tests.kit.sitting import Sitting
from widgets.charts.band import BandWidget
from widgets.charts.bands import ChartBands
from widgets.charts.content import Band, bands_of

DEPTH, RAIN = "UND-0001/water_depth_cm", "RAIN-0001/rain_mm_h"
PERIOD_S = 5


# Said by Qt's offscreen platform for every window with a minimum size; it has no size hints to pass on.
pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints")


def load(sitting: Sitting, charts: ChartBands, qtbot: QtBot) -> None:
    """Beat until every band has its plot."""

    def beaten() -> bool:
        sitting.pulse.tick()
        return charts.ready

    qtbot.waitUntil(beaten, timeout=30_000)


@pytest.fixture
def charts(sitting: Sitting, qtbot: QtBot) -> Iterator[ChartBands]:
    made = ChartBands(sitting.board, sitting.pulse, sitting.catalogue, sitting.tokens, sitting.moments)
    made.resize(1140, 280)
    made.show()
    sitting.connect()
    load(sitting, made, qtbot)
    yield made
    made.deleteLater()
    sitting.settle()


def band_with(charts: ChartBands, point_id: str) -> BandWidget:
    return next(one for one in charts.bands if any(line.point.id == point_id for line in one.band.lines))


def period(sitting: Sitting, point_id: str = DEPTH) -> float:
    return sitting.profile.point_by_id[point_id].period_s


def history(sitting: Sitting, values: list[float], point_id: str = DEPTH) -> None:
    """A value each period, the last one now; NaN says that none came then."""
    step = period(sitting, point_id)
    for index, value in enumerate(values):
        if np.isfinite(value):
            sitting.measure({point_id: value}, age_s=(len(values) - 1 - index) * step)


def picture(band: BandWidget) -> QImage:
    return band.grab().toImage()


def inked_columns(band: BandWidget, colours: list[QColor]) -> set[int]:
    """Columns of the plot, from its left edge, in which one of the colours occurs."""
    image, plot = picture(band), band.plot_rect()
    wanted = {colour.rgb() for colour in colours}
    return {
        x - plot.left()
        for x in range(plot.left(), plot.right())
        if any(image.pixel(x, y) in wanted for y in range(plot.top(), plot.bottom()))
    }


def line_ink(sitting: Sitting) -> list[QColor]:
    return [sitting.tokens.ink("series1")]


def test_every_desk_of_the_city_has_at_least_eight_live_series_in_four_bands(sitting: Sitting) -> None:
    for desk_id in sitting.profile.desks:
        bands = bands_of(sitting.profile, desk_id)
        assert len(bands) == 4
        assert sum(len(band.lines) for band in bands) >= 8
        assert all(band.title.en and band.title.ko for band in bands)


def test_limits_come_from_the_profile_and_only_those_of_the_point(sitting: Sitting) -> None:
    line = next(line for band in bands_of(sitting.profile, "desk-1") for line in band.lines
                if line.point.id == DEPTH)  # fmt: skip
    assert len(line.limits) >= 2
    assert {limit.point_index for limit in line.limits} == {line.point.index}
    assert {limit.id.rsplit("/", 1)[0] for limit in line.limits} == {DEPTH}


def test_a_measured_value_is_drawn_where_it_was_taken(sitting: Sitting, charts: ChartBands) -> None:
    band = band_with(charts, DEPTH)
    history(sitting, [2.0] * 30)
    charts.redraw()
    columns = inked_columns(band, line_ink(sitting))
    plot_px_s = charts.view.width_px / charts.view.span_s
    assert max(columns) == pytest.approx(charts.view.width_px, abs=4)
    assert min(columns) == pytest.approx(charts.view.width_px - 29 * period(sitting) * plot_px_s, abs=4)


def test_a_gap_is_a_gap_in_pixels(sitting: Sitting, charts: ChartBands) -> None:
    band = band_with(charts, DEPTH)
    gap = float("nan")
    history(sitting, [2.0] * 20 + [gap] * 20 + [2.0] * 20)
    charts.redraw()
    columns = inked_columns(band, line_ink(sitting))
    pixel_s = charts.view.width_px / charts.view.span_s
    right = charts.view.width_px
    silent = range(
        round(right - 38 * period(sitting) * pixel_s), round(right - 21 * period(sitting) * pixel_s)
    )
    assert not columns & set(silent)
    assert columns & set(range(silent.start - 42, silent.start - 22))
    assert columns & set(range(silent.stop + 8, silent.stop + 28))


def test_a_value_marked_bad_breaks_the_line_too(sitting: Sitting, charts: ChartBands) -> None:
    step = period(sitting)
    for age in range(20, 10, -1):
        sitting.measure({DEPTH: 2.0}, age_s=age * step)
    sitting.measure({DEPTH: 2.0}, age_s=10 * step, quality=BAD)
    for age in range(9, -1, -1):
        sitting.measure({DEPTH: 2.0}, age_s=age * step)
    charts.redraw()
    prepared = band_with(charts, DEPTH).prepared
    assert prepared is not None
    assert len(prepared.runs[0]) == 2


def test_a_limit_is_a_dashed_line_at_its_level_with_its_word(sitting: Sitting, charts: ChartBands) -> None:
    band = band_with(charts, DEPTH)
    history(sitting, [1.0] * 3)
    charts.redraw()
    prepared = band.prepared
    assert prepared is not None
    line = next(line for line in band.band.lines if line.point.id == DEPTH)
    scale = prepared.scales[line.point.unit]
    shown = [limit for limit in line.limits if scale.low <= limit.set_at <= scale.high]
    assert shown, "the nearest limit is always inside the scale"
    image, plot = picture(band), band.plot_rect()
    dim = sitting.tokens.ink("dim").rgb()
    for limit in shown:
        y = round(plot.top() + scale.y(limit.set_at, plot.height() - 1))
        row = [image.pixel(x, y) == dim for x in range(plot.left() + plot.width() // 2, plot.right())]
        assert 0.2 < sum(row) / len(row) < 0.8, f"{limit.id} is drawn dashed"


def test_beyond_its_limit_a_value_has_colour_shape_and_weight(sitting: Sitting, charts: ChartBands) -> None:
    band = band_with(charts, DEPTH)
    line = next(line for line in band.band.lines if line.point.id == DEPTH)
    worst = min(line.limits, key=lambda limit: limit.priority)
    history(sitting, [1.0] * 5 + [worst.set_at * 1.2] * 5)
    charts.redraw()
    prepared = band.prepared
    assert prepared is not None
    now = prepared.readings[band.band.lines.index(line)]
    assert now.limit is not None
    assert now.limit.priority == worst.priority
    colour = sitting.tokens.priority_mark(worst.priority)
    coloured = inked_columns(band, [colour])
    assert coloured
    image = picture(band)
    beside = [
        image.pixel(x, y) == colour.rgb()
        for x in range(band.plot_rect().right() + 10, band.width()) for y in range(band.height())
    ]  # fmt: skip
    assert sum(beside) > 40, "the shape stands beside the value"
    assert sitting.catalogue.say(f"kit.priority.{worst.priority}") in band.summary()


def test_a_normal_value_is_grey(sitting: Sitting, charts: ChartBands) -> None:
    band = band_with(charts, DEPTH)
    band.clearFocus()
    history(sitting, [0.5] * 10)
    charts.redraw()
    image = picture(band)
    for y in range(band.height()):
        for x in range(band.plot_rect().right() + 10, band.width()):
            colour = image.pixelColor(x, y)
            assert colour.saturation() < 120 or colour.value() < 90, "nothing normal is coloured"


def test_a_silent_point_says_for_how_long_and_its_last_value_is_not_shown_as_now(
    sitting: Sitting, charts: ChartBands
) -> None:
    band = band_with(charts, DEPTH)
    index = [line.point.id for line in band.band.lines].index(DEPTH)
    history(sitting, [2.0] * 10)
    sitting.later(12 * period(sitting))
    charts.redraw()
    assert band.prepared is not None
    now = band.prepared.readings[index]
    assert not now.holds
    assert now.stale_s == pytest.approx(12 * period(sitting), abs=1)
    assert "no data for" in band.summary()
    fresh = inked_columns(band, line_ink(sitting))
    assert max(fresh) < charts.view.width_px - 8 * period(sitting) * charts.view.width_px / charts.view.span_s


def test_a_point_that_never_spoke_says_so(sitting: Sitting, charts: ChartBands) -> None:
    charts.redraw()
    assert "no data yet" in band_with(charts, DEPTH).summary()
    sitting.catalogue.switch("ko")
    assert "아직 값 없음" in band_with(charts, DEPTH).summary()


def test_without_the_hub_every_band_says_so_over_a_dashed_frame(sitting: Sitting, charts: ChartBands) -> None:
    history(sitting, [2.0] * 10)
    charts.redraw()
    band = band_with(charts, DEPTH)
    before = picture(band)
    sitting.lose_hub()
    charts.redraw()
    after, plot = picture(band), band.plot_rect()
    top = [
        after.pixel(x, plot.top()) == sitting.tokens.ink("dim").rgb()
        for x in range(plot.left(), plot.right())
    ]
    assert any(top)
    assert not all(top)
    centre = plot.center()
    assert any(
        before.pixel(x, centre.y()) != after.pixel(x, centre.y())
        for x in range(centre.x() - 40, centre.x() + 40)
    )


def test_left_and_right_move_one_cursor_through_all_bands(
    sitting: Sitting, charts: ChartBands, qtbot: QtBot
) -> None:
    history(sitting, [float(value) for value in range(10)])
    charts.redraw()
    band = band_with(charts, DEPTH)
    band.setFocus()
    pixel_s = charts.view.width_px / charts.view.span_s
    step = period(sitting)
    for _ in range(round(3 * step * pixel_s)):
        qtbot.keyClick(band, Qt.Key.Key_Left)
    assert band.prepared is not None
    index = [line.point.id for line in band.band.lines].index(DEPTH)
    assert band.prepared.at_cursor[index].value in (5.0, 6.0)
    others = [one for one in charts.bands if one is not band]
    assert all(one.prepared is not None and one.prepared.at_cursor for one in others)
    qtbot.keyClick(band, Qt.Key.Key_Escape)
    assert charts.view.cursor_ns is None
    assert not band.prepared.at_cursor


def test_at_most_two_redraws_a_second_however_much_comes_and_one_band_a_tick(
    sitting: Sitting, charts: ChartBands, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepared: list[BandWidget] = []
    real = BandWidget.prepare

    def counted(band: BandWidget) -> None:
        prepared.append(band)
        real(band)

    monkeypatch.setattr(BandWidget, "prepare", counted)
    most_a_tick = 0
    for _ in range(300):
        sitting.measure({DEPTH: 1.0})
        sitting.pulse.telemetry_changed.emit()
        before = len(prepared)
        sitting.later(1 / 30)
        most_a_tick = max(most_a_tick, len(prepared) - before)
    assert most_a_tick == 1
    assert len(prepared) <= 10 * 2 * len(charts.bands) + len(charts.bands)
    assert len(prepared) >= 10 * len(charts.bands)


def test_a_hidden_chart_area_works_nothing_out(
    sitting: Sitting, charts: ChartBands, monkeypatch: pytest.MonkeyPatch
) -> None:
    charts.hide()

    def never(band: BandWidget) -> None:
        pytest.fail("a band nobody sees was prepared")

    monkeypatch.setattr(BandWidget, "prepare", never)
    for _ in range(60):
        sitting.measure({DEPTH: 1.0})
        sitting.later(1 / 30)


def test_two_units_of_one_band_have_an_axis_each(sitting: Sitting, charts: ChartBands) -> None:
    band = band_with(charts, DEPTH)
    assert len(band.band.units) == 2
    sitting.measure({DEPTH: 3.0, RAIN: 40.0})
    charts.redraw()
    assert band.prepared is not None
    scales = [band.prepared.scales[unit] for unit in band.band.units]
    assert scales[0] != scales[1]
    assert scales[1].high >= 40.0


def test_plots_of_all_bands_stand_in_line(charts: ChartBands) -> None:
    assert len({(one.plot_rect().left(), one.plot_rect().right()) for one in charts.bands}) == 1


def test_a_desk_without_charts_says_so_instead_of_being_blank(sitting: Sitting) -> None:
    sitting.board.desk = "somewhere-else"
    empty = ChartBands(sitting.board, sitting.pulse, sitting.catalogue, sitting.tokens, sitting.moments)
    empty.resize(600, 200)
    image, ground = empty.grab().toImage(), sitting.tokens.ground("bg1").rgb()
    written = {y for x in range(150, 450) for y in range(200) if image.pixel(x, y) != ground}
    empty.deleteLater()
    assert written
    assert written <= set(range(85, 116)), "one line of text in the middle"


def test_every_band_can_be_reached_by_key_and_has_a_name(sitting: Sitting, charts: ChartBands) -> None:
    for band in charts.bands:
        assert band.focusPolicy() & Qt.FocusPolicy.TabFocus
        assert band.accessibleName() == band.band.title.en
    sitting.catalogue.switch("ko")
    assert [band.accessibleName() for band in charts.bands] == [band.band.title.ko for band in charts.bands]
    assert charts.accessibleName() == "실시간 계측"


def test_what_a_screen_reader_hears_keeps_up_with_the_values(sitting: Sitting, charts: ChartBands) -> None:
    sitting.measure({DEPTH: 2.0})
    for _ in range(200):
        sitting.later(1 / 30)
    assert "2.0 cm" in band_with(charts, DEPTH).accessibleDescription()


def test_names_too_long_for_their_room_keep_start_and_end(sitting: Sitting, charts: ChartBands) -> None:
    band = band_with(charts, DEPTH)
    line = band.band.lines[0]
    long = Words(
        en="A measuring place with a very long name at the north-eastern end of the dam", ko="긴 이름"
    )
    band.band = Band(band.band.title, (type(line)(line.point, long, line.limits), *band.band.lines[1:]))
    sitting.measure({DEPTH: 2.0})
    charts.redraw()
    image = picture(band)
    right = band.plot_rect().right() + 10
    assert any(image.pixelColor(x, 20) != sitting.tokens.ground("bg1") for x in range(right, band.width()))


def test_narrow_areas_still_have_a_plot(sitting: Sitting, charts: ChartBands) -> None:
    history(sitting, [2.0] * 10)
    for width, height in ((500, 160), (320, 120), (60, 90)):
        charts.resize(width, height)
        sitting.settle()
        charts.redraw()
        assert charts.bands[0].plot_rect().width() >= 1
        charts.grab()


def test_the_chart_area_is_freed_with_its_window(sitting: Sitting) -> None:
    made = ChartBands(sitting.board, sitting.pulse, sitting.catalogue, sitting.tokens, sitting.moments)
    ghosts = [weakref.ref(made), *(weakref.ref(band) for band in made.bands)]
    made.deleteLater()
    sitting.settle()
    del made
    gc.collect()
    assert [ghost() for ghost in ghosts] == [None] * len(ghosts)
    sitting.measure({DEPTH: 1.0})
    sitting.later(1.0)
