"""The plots: loaded after the first paint, drawn where the values are, drawn anew only for a reason."""

from __future__ import annotations

import subprocess
import sys

import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QColor, QImage, QPainter
from pytestqt.qtbot import QtBot

from tests.charts.test_bands import (
    DEPTH,
    RAIN,
    band_with,
    charts,  # noqa: F401  (a fixture)
    history,
    inked_columns,
    line_ink,
    period,
    picture,
    pytestmark,  # noqa: F401  (it holds here too)
)
from tests.kit.sitting import Sitting
from tests.setup.source import REPO
from widgets.charts import painting
from widgets.charts.band import BandWidget
from widgets.charts.bands import ChartBands
from widgets.charts.loading import DrawingLoader
from widgets.charts.plot import BandPlot

LEVEL = "RIV-0001/level_m"


def rows_with(image: QImage, area: QRect, colour: QColor) -> list[int]:
    """Rows of the area, in pixels of the image, in which the colour occurs."""
    wanted = colour.rgb()
    return [
        y
        for y in range(area.top(), area.bottom() + 1)
        if any(image.pixel(x, y) == wanted for x in range(area.left(), area.right() + 1))
    ]


def test_a_desk_that_shows_its_window_has_not_loaded_the_drawing_library() -> None:
    code = (
        "import sys, console.desk.desk, widgets.charts.bands, widgets.shell.seat\n"
        "sys.exit('pyqtgraph' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=REPO, timeout=60).returncode == 0


def test_until_the_plots_are_loaded_the_values_stand_there_and_the_plot_says_that_it_comes(
    sitting: Sitting,
) -> None:
    made = ChartBands(sitting.board, sitting.pulse, sitting.catalogue, sitting.tokens, sitting.moments)
    made.resize(1140, 280)
    sitting.connect()
    made.show()  # and no beat since
    sitting.measure({DEPTH: 2.0})
    made.redraw()
    band = band_with(made, DEPTH)
    assert band.plot is None
    assert not made.ready
    image, plot = picture(band), band.plot_rect()
    ground = sitting.tokens.ground("bg0").rgb()
    middle = range(plot.center().x() - 40, plot.center().x() + 40)
    rows = range(plot.top(), plot.bottom())
    written = [y for y in rows if any(image.pixel(x, y) != ground for x in middle)]
    assert written, "a word stands in the plot"
    assert set(written) <= set(range(plot.center().y() - 12, plot.center().y() + 13))
    assert "2.0 cm" in band.summary()
    beside = QRect(plot.right() + 12, 0, band.width() - plot.right() - 12, band.height())
    paper = sitting.tokens.ground("bg1").rgb()
    assert any(
        image.pixel(x, y) != paper
        for x in range(beside.left(), beside.right()) for y in range(beside.top(), beside.bottom() - 1)
    ), "and its values beside it"
    made.deleteLater()
    sitting.settle()


def test_where_the_drawing_library_does_not_load_the_bands_say_so_and_show_their_values(
    sitting: Sitting, qtbot: QtBot, expected_logs: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected_logs("charts cannot be drawn", count=1)  # type: ignore[operator]
    made = ChartBands(sitting.board, sitting.pulse, sitting.catalogue, sitting.tokens, sitting.moments)
    monkeypatch.setattr(made, "_loader", DrawingLoader(("widgets.charts.no_such_module",)))
    made.resize(1140, 280)
    made.show()
    sitting.connect()

    def told() -> bool:
        sitting.pulse.tick()
        return all(band.broken for band in made.bands)

    qtbot.waitUntil(told, timeout=10_000)
    sitting.measure({DEPTH: 2.0})
    made.redraw()
    band = band_with(made, DEPTH)
    assert rows_with(picture(band), band.plot_rect(), sitting.tokens.ink("text"))
    assert "2.0 cm" in band.summary()
    made.deleteLater()
    sitting.settle()


def test_each_unit_is_drawn_on_its_own_axis_also_after_that_has_moved(
    sitting: Sitting, charts: ChartBands  # noqa: F811
) -> None:
    band = band_with(charts, DEPTH)
    for rain in (0.4, 40.0, 4.0):  # the second axis follows, up and down
        sitting.later(5 * 3600)
        for age in range(20, 0, -1):
            sitting.measure({RAIN: rain}, age_s=age * period(sitting, RAIN) / 2)
        charts.redraw()
        assert band.prepared is not None
        scale, plot = band.prepared.scales[sitting.profile.point_by_id[RAIN].unit], band.plot_rect()
        expected = round(plot.top() + scale.y(rain, plot.height() - 1))
        rows = rows_with(picture(band), plot, sitting.tokens.ink("series2"))
        assert rows, f"{rain} mm/h is drawn"
        assert set(rows) <= {expected - 1, expected, expected + 1}


def test_a_lone_reading_between_two_gaps_is_a_dot(
    sitting: Sitting, charts: ChartBands  # noqa: F811
) -> None:
    gap = float("nan")
    history(sitting, [2.0, 2.0] + [gap] * 10 + [2.0] + [gap] * 10 + [2.0, 2.0])
    charts.redraw()
    band = band_with(charts, DEPTH)
    columns = inked_columns(band, line_ink(sitting))
    px = charts.view.width_px / charts.view.span_s * period(sitting)
    x = charts.view.width_px - 12 * px
    assert {one for one in columns if x - 5 * px < one < x + 5 * px} <= set(range(int(x) - 3, int(x) + 4))
    assert any(abs(one - x) <= 2 for one in columns)


def test_only_what_is_beyond_the_limit_is_coloured(
    sitting: Sitting, charts: ChartBands  # noqa: F811
) -> None:
    band = band_with(charts, DEPTH)
    line = next(line for line in band.band.lines if line.point.id == DEPTH)
    limit = max(line.limits, key=lambda one: one.set_at)
    history(sitting, [0.0] * 20 + [limit.set_at * 1.3] * 10)
    charts.redraw()
    assert band.prepared is not None
    scale, plot = band.prepared.scales[line.point.unit], band.plot_rect()
    level = round(plot.top() + scale.y(limit.set_at, plot.height() - 1))
    # Right of the limits' words and shapes, which are coloured too.
    lines = QRect(plot.left() + plot.width() * 3 // 4, plot.top(), plot.width() // 4, plot.height())
    rows = rows_with(picture(band), lines, sitting.tokens.priority_mark(limit.priority))
    assert rows
    assert max(rows) <= level + 1
    assert min(rows) <= round(plot.top() + scale.y(limit.set_at * 1.3, plot.height() - 1)) + 1


def test_the_word_of_a_limit_that_was_passed_is_never_covered_by_another(
    sitting: Sitting, charts: ChartBands  # noqa: F811
) -> None:
    band = band_with(charts, LEVEL)
    line = next(line for line in band.band.lines if line.point.id == LEVEL)
    for limit in line.limits:
        sitting.later(10 * period(sitting, LEVEL))
        history(sitting, [limit.set_at * 1.05] * 5, LEVEL)
        charts.redraw()
        plot = band.plot_rect()
        assert band.prepared is not None
        scale = band.prepared.scales[line.point.unit]
        level = round(plot.top() + scale.y(limit.set_at, plot.height() - 1))
        hue, image = sitting.tokens.priority_ink(limit.priority).hue(), picture(band)
        inked = 0
        for y in set(range(plot.top(), plot.bottom())) - {level}:  # not its own dashes
            for x in range(plot.left() + 18, plot.left() + 138):
                colour = image.pixelColor(x, y)
                inked += colour.saturation() > 60 and abs(colour.hue() - hue) < 12 and colour.value() > 90
        assert inked > 60, f"{limit.id} has its word"


def test_a_silent_line_ends_in_a_hollow_dot_and_a_dotted_level(
    sitting: Sitting, charts: ChartBands  # noqa: F811
) -> None:
    history(sitting, [3.0] * 10)
    sitting.later(30 * period(sitting))
    charts.redraw()
    band = band_with(charts, DEPTH)
    assert band.prepared is not None
    scale, plot = band.prepared.scales["cm"], band.plot_rect()
    y = round(plot.top() + scale.y(3.0, plot.height() - 1))
    px = charts.view.width_px / charts.view.span_s * period(sitting)
    start = plot.right() - round(28 * px)
    image, dim = picture(band), sitting.tokens.ink("dim").rgb()
    dots = [image.pixel(x, y) == dim for x in range(start, plot.right() - 4)]
    assert 0.05 < sum(dots) / len(dots) < 0.5
    charts.view.follow(sitting.clock.now_ns())
    history(sitting, [3.0] * 3)
    charts.redraw()
    again = picture(band)
    after = [again.pixel(x, y) == dim for x in range(start, plot.right() - round(6 * px))]
    assert sum(after) < sum(dots) / 4, "a value that came again ends the level"


def test_the_cursor_is_a_line_through_every_plot(sitting: Sitting, charts: ChartBands) -> None:  # noqa: F811
    points = [line.point.id for band in charts.bands for line in band.band.lines]
    sitting.measure(dict.fromkeys(points, 1.0))
    charts.redraw()
    charts.view.put_cursor(500.0)
    charts.bands[0].cursor_wanted.emit()
    focus = sitting.tokens.mark("focus").rgb()
    for band in charts.bands:
        image, plot = picture(band), band.plot_rect()
        column = [image.pixel(plot.left() + 500, y) == focus for y in range(plot.top(), plot.bottom())]
        assert sum(column) > 0.9 * len(column)


def test_another_theme_and_another_language_reach_the_plots(
    sitting: Sitting, charts: ChartBands  # noqa: F811
) -> None:
    history(sitting, [2.0] * 30)
    charts.redraw()
    band = band_with(charts, DEPTH)
    english = picture(band)
    sitting.catalogue.switch("ko")
    korean = picture(band)
    plot = band.plot_rect()
    words = QRect(plot.left(), plot.top(), plot.width() // 2, plot.height())
    assert english.copy(words) != korean.copy(words), "the limits' words"
    sitting.tokens.switch("light")
    light = picture(band)
    assert light.pixelColor(plot.right() - 3, plot.top() + 3) == sitting.tokens.ground("bg0")
    assert rows_with(light, plot, sitting.tokens.ink("series1"))
    assert rows_with(light, plot, sitting.tokens.mark("grid"))


def test_a_plot_is_painted_at_most_twice_a_second_and_not_at_all_for_nothing(
    sitting: Sitting, charts: ChartBands, monkeypatch: pytest.MonkeyPatch  # noqa: F811
) -> None:
    painted: list[BandWidget] = []
    real = painting.paint_words

    def counted(painter: QPainter, band: BandWidget, plot: QRect) -> None:
        painted.append(band)
        real(painter, band, plot)

    monkeypatch.setattr(painting, "paint_words", counted)
    sitting.settle()
    painted.clear()
    for _ in range(300):
        sitting.measure({DEPTH: 1.0})
        sitting.later(1 / 30)
        sitting.settle()
    assert len(charts.bands) * 5 <= len(painted) <= len(charts.bands) * (10 * 2 + 2)
    painted.clear()
    sitting.settle()
    band = band_with(charts, DEPTH)
    for _ in range(5):
        band.prepare()
        sitting.settle()
    assert not painted, "nothing in it has changed"


def test_a_new_state_is_drawn_at_once_not_with_the_next_column(
    sitting: Sitting, charts: ChartBands  # noqa: F811
) -> None:
    while charts.view.longer():
        pass  # three hours: a column of pixels is a quarter of a minute
    history(sitting, [1.0] * 10)
    charts.redraw()
    band = band_with(charts, DEPTH)
    line = next(line for line in band.band.lines if line.point.id == DEPTH)
    worst = min(line.limits, key=lambda limit: limit.priority)
    sitting.measure({DEPTH: worst.set_at * 1.2})
    band.prepare()
    assert inked_columns(band, [sitting.tokens.priority_mark(worst.priority)])


def test_bands_keep_the_mouse_and_the_keyboard_for_themselves(charts: ChartBands) -> None:  # noqa: F811
    for band in charts.bands:
        assert isinstance(band.plot, BandPlot)
        centre = band.plot_rect().center()
        assert isinstance(charts.childAt(band.mapTo(charts, centre)), BandWidget)
