"""Charts that look back: what history holds is drawn where it was, and one moment is shared."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from console.history.envelope import Envelope
from console.history.look import Asked, Found
from console.model import commands as do
from console.model import events as ev
from tests.charts.test_bands import DEPTH, load
from tests.kit.sitting import PLACE, Sitting
from widgets.charts.arrangement import read_pinned
from widgets.charts.bands import ChartBands
from widgets.charts.finding import PointFinder
from widgets.charts.keeping import PinnedFile
from widgets.charts.leaving import csv_pieces
from widgets.charts.page import ChartPage
from widgets.kit.sharedclock import SharedClock

pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints")
S = 1_000_000_000
HOUR = 3600 * S
OTHER = "RIV-0001/level_m"


class Shelf:
    """History that answers at once: a line of 5 with a peak of 40 in its middle, and a gap in its last
    tenth."""

    def __init__(self) -> None:
        self.version = 0
        self.writer_problem = ""
        self.asked: list[Asked] = []
        self._found: dict[str, Found] = {}
        self.answers = True

    def ask(self, asked: Asked) -> None:
        if self.asked and self.asked[-1] == asked:
            return
        self.asked.append(asked)
        if self.answers:
            self.answer(asked)

    def answer(self, asked: Asked) -> None:
        told = {one.point_id: self._envelope(one.point_id, asked) for one in asked.points}
        self._found[asked.key] = Found(asked, MappingProxyType(told), 1.0)
        self.version += 1

    @staticmethod
    def _envelope(point_id: str, asked: Asked) -> Envelope:
        count = 100
        step = (asked.to_ns - asked.from_ns) // count
        at = asked.from_ns + np.arange(count) * step
        keep = np.ones(count, bool)
        keep[90:95] = False
        high = np.full(count, 6.0)
        high[50] = 40.0
        mean = np.full(count, 5.0)
        broken = np.zeros(count, bool)
        broken[95] = True
        return Envelope(
            point_id, at[keep], np.full(keep.sum(), step), np.full(keep.sum(), 4.0), high[keep], mean[keep],
            mean[keep], mean[keep], np.full(keep.sum(), 60), broken[keep], 60 * S,
        )  # fmt: skip

    def found(self, key: str) -> Found | None:
        return self._found.get(key)

    def is_loading(self, key: str) -> bool:
        return any(one.key == key for one in self.asked) and key not in self._found

    def forget(self, keys: object) -> None:
        return

    def forget_all(self) -> None:
        """Answer nothing from now on."""
        self.answers = False
        self._found.clear()


class Room:
    def __init__(self, sitting: Sitting, home: Path, qtbot: QtBot) -> None:
        self.sitting, self.shelf = sitting, Shelf()
        self.clock = SharedClock()
        self.pinned = PinnedFile(home, "desk-1")
        self.pinned.start()
        kit = (sitting.catalogue, sitting.tokens, sitting.moments)
        self.bands = ChartBands(
            sitting.board, sitting.pulse, *kit, history=self.shelf, port=sitting.port
        )
        self.page = ChartPage(
            self.bands, sitting.board, sitting.pulse, sitting.port, sitting.actions, sitting.tokens,
            sitting.moments, self.pinned, self.clock, home,
        )  # fmt: skip
        self.page.resize(1300, 460)
        self.page.show()
        sitting.connect()
        load(sitting, self.bands, qtbot)

    def beat(self, times: int = 8) -> None:
        for _ in range(times):
            self.sitting.later(0.6)

    @property
    def now_ns(self) -> int:
        return self.sitting.clock.now_ns()

    def do(self, name: str) -> None:
        self.sitting.actions.trigger(f"charts.{name}")
        self.beat()


@pytest.fixture
def room(sitting: Sitting, tmp_path: Path, qtbot: QtBot) -> Iterator[Room]:
    made = Room(sitting, tmp_path, qtbot)
    yield made
    made.page.release()
    made.page.deleteLater()
    sitting.settle()


def test_earlier_leaves_live_and_live_comes_back(room: Room) -> None:
    room.beat()
    assert room.page.view.live
    room.do("back")
    assert not room.page.view.live
    shown = room.page.view.window
    assert room.shelf.asked[-1].from_ns == shown.since_ns
    assert room.now_ns - shown.until_ns >= 290 * S
    assert "–" in room.page.says.text()
    room.beat()
    assert room.page.view.window == shown, "what is looked at does not move away"
    room.do("live")
    assert room.page.view.live
    assert "Live" in room.page.says.text()


def test_a_peak_that_the_mean_hides_is_in_the_scale_and_a_gap_is_open(room: Room) -> None:
    room.page.view.show(room.now_ns - 3 * HOUR, room.now_ns - HOUR, room.now_ns)
    room.bands.time_changed()
    room.beat()
    band = room.bands.bands[0]
    prepared = band.prepared
    assert prepared is not None
    assert prepared.ranges[0] == (4.0, 40.0)
    assert prepared.scales["cm"].high >= 40.0
    assert len(prepared.runs[0]) == 2
    assert max(run.y.max() for run in prepared.tops[0]) == 40.0
    window = room.page.view.window
    gap_ns = window.since_ns + round(0.925 * window.span_ns)
    room.page.view.cursor_ns = gap_ns
    band.look_at_cursor()
    assert np.isnan(band.prepared.at_cursor[0].value)
    room.page.view.cursor_ns = window.since_ns + round(0.505 * window.span_ns)
    band.look_at_cursor()
    assert band.prepared.at_cursor[0].spread == (4.0, 40.0)
    assert band.prepared.at_cursor[0].limit is not None, "judged by its greatest value"


def test_until_history_is_read_the_band_says_so(room: Room) -> None:
    room.shelf.forget_all()
    room.do("back")
    from widgets.charts.painting import state_words

    assert state_words(room.bands.bands[0]) == "Reading the history…"
    room.shelf.answer(room.shelf.asked[-1])
    room.beat()
    assert state_words(room.bands.bands[0]) == ""


def test_a_day_laid_under_is_the_same_clock_of_the_day_before(room: Room) -> None:
    room.do("back")
    room.do("compare")
    under = next(one for one in reversed(room.shelf.asked) if one.key == "under")
    window = room.page.view.window
    assert window.since_ns - under.from_ns == 24 * HOUR
    assert room.bands.bands[0].prepared.under[0]
    assert "day before" in room.page.says.text()
    room.do("compare")
    assert room.page.view.compare == 7
    room.do("compare")
    assert not room.bands.bands[0].prepared.under[0]


def test_the_wheel_zooms_around_the_pointer_and_a_drag_pulls_the_time(room: Room, qtbot: QtBot) -> None:
    room.do("back")
    band, view = room.bands.bands[0], room.page.view
    plot = band.plot_rect()
    at = QPointF(plot.left() + plot.width() / 4, plot.center().y())
    under_pointer = view.window.at_ns(plot.width() / 4)
    event = QWheelEvent(
        at, band.mapToGlobal(at), QPoint(), QPoint(0, 120), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    span_s = view.span_s
    QApplication.sendEvent(band, event)
    assert view.span_s < span_s
    assert abs(view.window.at_ns(plot.width() / 4) - under_pointer) < 2 * S
    until_ns = view.until_ns
    qtbot.mousePress(band, Qt.MouseButton.LeftButton, pos=QPoint(plot.left() + 100, plot.center().y()))
    qtbot.mouseMove(band, QPoint(plot.left() + 160, plot.center().y()))
    qtbot.mouseRelease(band, Qt.MouseButton.LeftButton, pos=QPoint(plot.left() + 160, plot.center().y()))
    assert view.until_ns < until_ns
    assert room.clock.at_ns is None, "pulling is not looking at a moment"


def test_one_moment_is_shared_both_ways(room: Room, qtbot: QtBot) -> None:
    heard: list[tuple[object, str]] = []
    room.clock.moved.connect(lambda at_ns, by: heard.append((at_ns, by)))
    room.do("back")
    band = room.bands.bands[0]
    plot = band.plot_rect()
    qtbot.mouseClick(band, Qt.MouseButton.LeftButton, pos=plot.center())
    assert heard and heard[-1] == (room.page.view.cursor_ns, "charts")
    elsewhere = room.now_ns - 5 * HOUR
    room.clock.put(elsewhere, "replay")
    assert room.page.view.cursor_ns == elsewhere
    assert room.page.view.holds(elsewhere), "a view that looks back goes there"
    room.do("live")
    assert room.clock.at_ns is None
    room.clock.put(elsewhere, "replay")
    assert room.page.view.live, "a live view stays live"


def test_alarms_are_marked_when_they_began_and_ended(room: Room) -> None:
    point = room.sitting.profile.point_by_id[DEPTH]
    limit = next(one for one in room.bands.bands[0].band.lines[0].limits)
    for stimulus, before, after, active in (("began", "A", "B", True), ("ended", "B", "D", False)):
        room.sitting.tell(ev.AlarmMoved(
            alarm_id=limit.id, occurrence=f"{limit.id}@1", at_ns=room.now_ns - 5 * S, before=before,
            after=after, stimulus=stimulus, active=active, who="rule:limit", priority=limit.priority,
            limit_id=limit.id, point_index=point.index, device_id=point.device_id, place=PLACE,
            text=limit.text,
        ))  # fmt: skip
    room.beat()
    marks = room.bands.bands[0].prepared.marks
    assert sorted(mark.began for mark in marks) == [False, True]
    assert all(mark.priority == limit.priority for mark in marks)
    assert room.bands.bands[1].prepared.marks == ()


def test_points_that_others_show_replace_the_bands_until_the_kept_ones_are_called_back(room: Room) -> None:
    before = [band.band.title for band in room.bands.bands]
    assert room.page.show_points((OTHER, DEPTH, "NOPE/x"), room.now_ns - HOUR)
    assert [line.point.id for band in room.bands.bands for line in band.band.lines] == [OTHER, DEPTH]
    assert room.page.view.holds(room.now_ns - HOUR)
    assert not room.page.show_points(("NOPE/x",))
    room.do("restore")
    assert [band.band.title for band in room.bands.bands] == before


def test_a_layout_is_kept_for_the_desk(room: Room, tmp_path: Path, qtbot: QtBot) -> None:
    room.page.show_points((OTHER,))
    assert room.bands.arrangement.add(DEPTH, 0)
    room.bands.rearrange()
    room.do("pin")
    qtbot.waitUntil(lambda: (tmp_path / "desks" / "desk-1-charts.json").exists(), timeout=5000)
    kept = read_pinned((tmp_path / "desks" / "desk-1-charts.json").read_text("utf-8"))
    assert kept.bands[0].points == (OTHER, DEPTH)
    room.do("restore")
    assert room.bands.arrangement.shows == "profile"
    room.do("restore")
    assert [one.points for one in room.bands.arrangement.bands] == [(OTHER, DEPTH)]
    assert read_pinned("{broken").bands == ()


def test_lines_are_stacked_and_joined(room: Room) -> None:
    room.page.show_points(("AIR-0001/pm2_5_1h_ug_m3", "AIR-0001/pm10_1h_ug_m3"))
    assert len(room.bands.bands) == 1
    room.do("split")
    assert len(room.bands.bands) == 2
    assert room.bands.arrangement.add("AIR-0002/pm2_5_1h_ug_m3")
    room.do("split")
    assert [len(one.points) for one in room.bands.arrangement.bands] == [2, 1]
    assert room.bands.arrangement.remove(0)
    assert not room.bands.arrangement.remove(0), "the last band stays"


def test_an_export_is_on_record_before_the_file_is_there(room: Room, tmp_path: Path, qtbot: QtBot) -> None:
    room.do("back")
    room.do("csv")
    room.page.strip.reason.setText("flood report")
    path = tmp_path / "out.csv"
    room.page.strip.file.setText(str(path))
    room.page.strip.export()

    def asked() -> bool:
        room.sitting.pulse.tick()
        return bool(room.sitting.port.commands)

    qtbot.waitUntil(asked, timeout=5000)
    ((request, command),) = room.sitting.port.commands.items()
    assert isinstance(command, do.LogExport) and DEPTH in command.what and command.format == "csv"
    assert not path.exists()
    room.sitting.accept(request)

    def written() -> bool:
        room.sitting.pulse.tick()
        return path.exists()

    qtbot.waitUntil(written, timeout=5000)
    rows = list(csv.DictReader(io.StringIO(path.read_text("utf-8-sig"))))
    depth = [row for row in rows if row["point"] == DEPTH]
    assert len(depth) == 95
    assert {row["unit"] for row in depth} == {"cm"}
    assert max(float(row["greatest"]) for row in depth) == 40.0
    assert depth[0]["time"].endswith("+09:00")


def test_a_reading_has_no_end_in_the_csv(room: Room, sitting: Sitting) -> None:
    room.shelf.forget_all()
    sitting.measure({DEPTH: 2.5})
    room.beat()
    shown = room.page._shown()
    (row,) = list(csv.DictReader(io.StringIO(
        "".join(csv_pieces(shown[:1], room.now_ns - HOUR, room.now_ns, sitting.moments)).lstrip("\ufeff")
    )))[-1:]  # fmt: skip
    assert (row["value"], row["until"]) == ("2.5", "")


def answer_of(finder: PointFinder, qtbot: QtBot):
    answers: list = []

    def came() -> bool:
        answer = finder.take()
        if answer is not None:
            answers.append(answer)
        return bool(answers)

    qtbot.waitUntil(came, timeout=10_000)
    return answers[0]


def test_any_point_is_found_by_name_device_and_system_in_both_languages(
    sitting: Sitting, qtbot: QtBot
) -> None:
    finder = PointFinder(sitting.profile, sitting.catalogue)
    try:
        for words in ("UND-0001 depth", "화서지하차도 und-0001", "water depth hwaseo"):
            finder.look(words)
            _, found, count = answer_of(finder, qtbot)
            assert DEPTH in [one.point_id for one in found], words
            assert count >= 1
    finally:
        finder.close()


def test_a_dashboard_of_a_system_is_chosen_by_its_words_and_shows_what_is_in_alarm_first(
    room: Room,
) -> None:
    sitting, page = room.sitting, room.page
    gauges = [one for one in sitting.profile.columns.ids if one.startswith("RIV-")]
    sitting.tell(
        ev.AlarmMoved(
            alarm_id=f"{gauges[6]}/level_m/attention", occurrence="x@1", at_ns=1, before="A", after="B",
            stimulus="began", active=True, who="rule:x", priority=4, device_id=gauges[6], place=PLACE,
            text=sitting.profile.kinds["river_gauge"].name,
        )
    )  # fmt: skip
    sitting.actions.trigger("charts.dashboard")
    assert not page.dashboards.isHidden()
    page.dashboards.field.setText("Rivers")
    assert page.dashboards.lines() == [next(one for one in page.dashboards.lines() if "Rivers" in one)]
    page.dashboards.chosen.emit("water-river-gauge")
    (band,) = page.bands.arrangement.bands
    assert band.points[0] == f"{gauges[6]}/level_m" and len(band.points) == 4
    assert not page.show_dashboard("nothing")


def test_every_dashboard_of_both_cities_has_points_it_can_show() -> None:
    from console.model.state import CityState
    from console.profile import load_profile
    from widgets.charts.dashboards import bands_for

    for city in ("suwon", "glasgow"):
        profile = load_profile(city)
        shown = [one for one in profile.dashboards.values() if one.kind in profile.columns.kinds]
        assert len(shown) > 15
        for one in shown:
            for band in bands_for(profile, CityState(), one):
                assert all(point in profile.point_by_id for point in band.points), one.id
