"""The map: it shows every device, stays where the hand put it, and cameras can be taken from it."""

from __future__ import annotations

import itertools

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt
from PySide6.QtGui import QDrag
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from console.model import events as ev
from console.model.base import Position, same_words
from console.model.commands import RemoveSketch, ShareSketch
from console.model.sketch import Sketch
from tests.kit.sitting import opened
from tests.map.conftest import Table
from widgets.kit.dragging import CAMERAS, camera_ids_of, cameras_mime
from widgets.map.glyphs import glyph_of
from widgets.map.view import (
    CLOSEST_M_PER_PX,
    Extent,
    View,
    bar_m,
    fitted,
    level_of,
    scale_of,
    whole,
)

# Said by Qt's offscreen platform for every window with a minimum size; it has no size hints to pass on.
pytestmark = pytest.mark.qt_log_ignore("propagateSizeHints")

LEFT = Qt.MouseButton.LeftButton
CITY = Extent(-8000.0, -6000.0, 8000.0, 6000.0)
PARK = "CAM-PARK-0123"
pixels = st.integers(0, 1000)


@given(st.floats(-7000, 7000), st.floats(-5000, 5000), st.floats(0.2, 30), pixels, pixels, st.floats(0.2, 5))
def test_what_lies_under_the_pointer_stays_there_while_zooming(x, y, scale, px, py, factor):
    view = View(x, y, scale)
    before = view.to_m(px, py, 1000, 800)
    after = view.zoomed(factor, px, py, 1000, 800, CITY)
    inside = CITY.west < after.x < CITY.east and CITY.south < after.y < CITY.north
    if inside:
        assert after.to_m(px, py, 1000, 800) == pytest.approx(before, abs=1e-6 * 8000)


@given(st.lists(st.tuples(pixels, pixels, st.floats(0.05, 20)), max_size=30))
def test_no_zoom_or_pan_loses_the_city(moves):
    view = fitted(CITY, 1000, 800)
    for px, py, factor in moves:
        view = view.zoomed(factor, px, py, 1000, 800, CITY).panned(px - 500, py - 500, CITY)
        assert CITY.west <= view.x <= CITY.east
        assert CITY.south <= view.y <= CITY.north
        assert CLOSEST_M_PER_PX <= view.m_per_px <= fitted(CITY, 1000, 800).m_per_px


@given(st.floats(0.2, 60))
def test_the_scale_bar_is_a_round_length_that_fits(scale):
    assert bar_m(scale, 160) in (5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000)
    assert bar_m(scale, 160) / scale <= 160


@given(st.integers(0, 20), st.integers(200, 2000), st.integers(200, 1500))
def test_the_whole_city_is_seen_at_a_level_and_levels_are_told_from_their_scale(level, wide, high):
    assert level_of(scale_of(level)) == level
    view = whole(CITY, wide, high)
    assert view.m_per_px == pytest.approx(scale_of(level_of(view.m_per_px)))
    seen = view.extent(wide, high)
    assert seen.west <= CITY.west and seen.north >= CITY.north


@pytest.mark.parametrize("scale", [None, 8.0, 2.0, 0.7])
def test_every_device_is_in_exactly_one_mark_at_every_zoom(table: Table, scale: float | None):
    canvas = table.map.canvas
    level = level_of(scale or canvas.now().m_per_px)
    groups = canvas.marks.groups(level)
    assert sorted(groups.order.tolist()) == list(range(len(table.profile.devices)))
    assert groups.count.sum() == len(table.profile.devices)
    assert (canvas.marks.tally(level).sum(axis=1) == groups.count).all()


def test_marks_with_numbers_do_not_lie_on_each_other(table: Table):
    table.tell(*[
        ev.DeviceConditionChanged(device_id=one, condition="down", why=same_words("cut"))
        for one in table.profile.columns.ids[::40]
    ])  # fmt: skip
    for scale in (8.0, 3.0):
        table.map.canvas.go_to(Position(lat=37.2775, lon=127.017), scale)
        seen = table.map.canvas.seen()
        many = np.flatnonzero(seen.row < 0)
        for one, other in itertools.combinations(many.tolist(), 2):
            apart_x = abs(seen.x[one] - seen.x[other]) - (seen.width[one] + seen.width[other]) / 2
            apart_y = abs(seen.y[one] - seen.y[other]) - (seen.height[one] + seen.height[other]) / 2
            assert max(apart_x, apart_y) >= -1


def test_names_never_lie_on_each_other_nor_on_marks(table: Table):
    canvas = table.map.canvas
    for scale in (8.0, 2.0, 0.7):
        canvas.go_to(Position(lat=37.2775, lon=127.017), scale)
        for _ in range(20):
            canvas.grab()
        boxes = canvas.labels.boxes()
        assert len(boxes) > 3
        assert not any(one.intersects(other) for one, other in itertools.combinations(boxes, 2))


def test_a_pan_moves_all_marks_alike(table: Table):
    canvas = table.map.canvas
    canvas.go_to(Position(lat=37.2775, lon=127.017), 4.0)
    before = _places(table)
    canvas.setFocus()
    QTest.keyClick(canvas, Qt.Key.Key_Left)
    moved = _places(table)
    both = before.keys() & moved.keys()
    assert len(both) > 10
    steps = {
        (round(moved[one][0] - before[one][0]), round(moved[one][1] - before[one][1])) for one in both
    }
    assert steps == {(80, 0)}


def _places(table: Table) -> dict[int, tuple[float, float]]:
    seen = table.map.canvas.seen()
    return {int(g): (float(x), float(y)) for g, x, y in zip(seen.group, seen.x, seen.y, strict=True)}


def test_the_cameras_that_could_see_a_place_are_chosen_listed_and_sent(table: Table, qtbot: QtBot):
    canvas = table.map.canvas
    place = table.profile.devices[PARK].place.position
    canvas.go_to(place, 0.5)
    at = canvas.pixel(place)
    qtbot.mouseClick(canvas, LEFT, pos=QPoint(round(at.x()) + 60, round(at.y()) + 60))
    table.map.do_sight()
    assert 0 < len(table.map.chosen) <= 4
    assert "Buildings are not known" in table.map.side.note.text()
    assert " m away" in table.map.side.list.item(0).text()
    canvas.setFocus()
    QTest.keyClick(canvas, Qt.Key.Key_Return)
    assert table.wanted == [table.map.chosen]
    assert "CAM-" in canvas.accessibleDescription()


def test_a_camera_without_a_picture_is_not_chosen_and_counted_in_its_mark(table: Table):
    table.map.do_sight()
    first = table.map.chosen[0]
    table.tell(ev.DeviceConditionChanged(device_id=first, condition="down", why=same_words("cut")))
    level = level_of(table.map.canvas.now().m_per_px)
    assert table.map.canvas.marks.tally(level)[:, 4].sum() == 1
    table.map.do_sight()
    assert first not in table.map.chosen


def test_a_rectangle_chooses_all_cameras_in_it_and_a_click_on_free_ground_none(table: Table, qtbot: QtBot):
    shift = Qt.KeyboardModifier.ShiftModifier
    canvas = table.map.canvas
    qtbot.mousePress(canvas, LEFT, shift, QPoint(1, 1))
    qtbot.mouseMove(canvas, QPoint(600, 300))
    qtbot.mouseRelease(canvas, LEFT, shift, QPoint(1139, 480))
    assert 0 < len(table.map.chosen) <= len(table.profile.cameras)
    qtbot.mouseClick(canvas, LEFT, pos=QPoint(5, 5))
    assert table.map.chosen == ()


def test_news_never_moves_the_map(table: Table):
    table.map.canvas.zoom(7)
    table.map.do_sight()
    view, chosen = table.map.canvas.view, table.map.chosen
    table.tell(opened("INC-1", "person_down", 1))
    table.later(1.0)
    assert (table.map.canvas.view, table.map.chosen) == (view, chosen)


def test_an_open_incident_is_followed_only_by_an_idle_map_else_it_is_told_how(table: Table):
    canvas = table.map.canvas
    canvas.go_to(Position(lat=37.25, lon=126.96), 0.7)
    table.map.do_street()  # a hand
    view = canvas.view
    table.tell(opened("INC-1", "person_down", 1))
    table.map.follow_incident("INC-1")
    assert canvas.view == view
    assert any("G goes there" in text for text, _ in table.map._messages())
    table.map.do_incident()
    assert canvas.rect().contains(canvas.pixel(opened().place.position).toPoint())
    canvas.go_to(Position(lat=37.25, lon=126.96))
    table.later(61.0)
    table.map.follow_incident("INC-1")
    assert canvas.rect().contains(canvas.pixel(opened().place.position).toPoint())


def test_an_incident_is_opened_by_a_click_and_its_cameras_are_dragged_from_it(
    table: Table, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
):
    canvas = table.map.canvas
    incident = msgspec.structs.replace(opened("INC-1", "person_down", 1), camera_ids=("CAM-PARK-0001",))
    table.tell(incident)
    at = table.map.things.plates()["INC-1"].toPoint()
    qtbot.mouseClick(canvas, LEFT, pos=at)
    assert table.incidents == ["INC-1"]
    taken: list[tuple[str, ...]] = []
    monkeypatch.setattr(QDrag, "exec", lambda drag, *_: taken.append(camera_ids_of(drag.mimeData())))
    qtbot.mousePress(canvas, LEFT, pos=at)
    qtbot.mouseMove(canvas, at + QPoint(40, 0))
    qtbot.mouseRelease(canvas, LEFT, pos=at + QPoint(40, 0))
    assert taken == [("CAM-PARK-0001",)]


def test_the_plate_of_an_incident_covers_no_number_and_its_place_is_clicked_as_well(table: Table):
    table.tell(*[opened(f"INC-{number}", "person_down", 1) for number in range(3)])
    things, seen = table.map.things, table.map.canvas.seen()
    plates = list(things.plates().values())
    for at in plates:
        near = (np.abs(seen.x - at.x()) < 14) & (np.abs(seen.y - at.y()) < 14)
        assert not near.any()
    for one, other in itertools.combinations(plates, 2):
        assert max(abs(one.x() - other.x()), abs(one.y() - other.y())) > 20
    assert things.incident_at(table.map.canvas.pixel(opened().place.position))


def test_a_drag_of_one_chosen_camera_takes_all_that_are_chosen(
    table: Table, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
):
    canvas = table.map.canvas
    canvas.go_to(table.profile.devices[PARK].place.position, 0.2)
    row = table.profile.columns.row_of[PARK]
    seen = canvas.seen()
    number = int(np.flatnonzero(seen.row == row)[0])
    table.map.choose((PARK, "CAM-PARK-0121"))
    taken: list[tuple[str, ...]] = []
    monkeypatch.setattr(QDrag, "exec", lambda drag, *_: taken.append(camera_ids_of(drag.mimeData())))
    at = QPoint(round(seen.x[number]), round(seen.y[number]))
    qtbot.mousePress(canvas, LEFT, pos=at)
    qtbot.mouseMove(canvas, at + QPoint(0, 40))
    qtbot.mouseRelease(canvas, LEFT, pos=at + QPoint(0, 40))
    assert taken == [(PARK, "CAM-PARK-0121")]


def test_the_card_says_condition_value_age_and_who_answers_for_a_device(table: Table):
    device = "UND-0003"
    table.measure({f"{device}/water_depth_cm": 12.3}, age_s=4)
    why = same_words("low battery")
    table.tell(ev.DeviceConditionChanged(device_id=device, condition="degraded", why=why))
    text = table.map.texts.device(table.profile.columns.row_of[device])
    said = "\n".join(text.lines)
    assert "Degraded" in said and "low battery" in said
    assert "12.3 cm (4 s ago)" in said
    assert "Owner:" in said and device in said


def test_a_value_that_is_too_old_is_called_stale(table: Table):
    table.measure({"UND-0003/water_depth_cm": 12.3}, age_s=4000)
    text = table.map.texts.device(table.profile.columns.row_of["UND-0003"])
    assert any("stale, 1 h 06 ago" in line for line in text.lines)


class Picture:
    """Stands in for the surface that shows pictures; remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, ...]] = []

    def setParent(self, _parent: object) -> None: ...
    def setFocusPolicy(self, _policy: object) -> None: ...
    def setAttribute(self, _attribute: object) -> None: ...
    def setFixedSize(self, *_size: int) -> None: ...
    def hide(self) -> None: ...
    def setVisible(self, _visible: bool) -> None: ...

    def set_layout(self, ids: tuple[str, ...]) -> None:
        self.asked.append(ids)


def test_a_camera_that_is_looked_at_is_asked_of_the_surface_that_logs_and_let_go_with_the_card(
    table: Table, monkeypatch: pytest.MonkeyPatch
):
    picture = Picture()
    monkeypatch.setattr(table.map.card, "_picture", picture)
    table.map.choose((PARK,))
    table.map.do_picture()
    assert picture.asked == [(PARK,)]
    table.map.card.put_away()
    assert picture.asked == [(PARK,), ()]


def test_news_takes_neither_the_card_nor_the_picture_from_under_the_hand(
    table: Table, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
):
    picture = Picture()
    monkeypatch.setattr(table.map.card, "_picture", picture)
    canvas = table.map.canvas
    canvas.go_to(table.profile.devices[PARK].place.position, 0.2)
    seen = canvas.seen()
    number = int(np.flatnonzero(seen.row == table.profile.columns.row_of[PARK])[0])
    qtbot.mouseMove(canvas, QPoint(round(seen.x[number]), round(seen.y[number])))
    table.map._dwelt()
    assert picture.asked == [(PARK,)]
    for device in (*table.profile.columns.ids[:300:10], PARK):
        table.tell(ev.DeviceConditionChanged(device_id=device, condition="down", why=same_words("cut")))
    assert table.map.card.isVisible() and picture.asked == [(PARK,)]
    table.later(1.0)
    assert "Down" in table.map.card.said()
    canvas.pan(30, 0)
    assert not table.map.card.isVisible() and picture.asked == [(PARK,), ()]


def test_what_has_no_camera_never_asks_for_a_picture(table: Table, monkeypatch: pytest.MonkeyPatch):
    picture = Picture()
    monkeypatch.setattr(table.map.card, "_picture", picture)
    table.map.choose(("UND-0003",))
    table.map.do_picture()
    assert picture.asked == []


def test_marks_are_reached_by_key_and_a_cluster_opens_by_key(table: Table):
    canvas = table.map.canvas
    canvas.setFocus()
    QTest.keyClick(canvas, Qt.Key.Key_N)
    assert table.map.card.isVisible()
    scale = canvas.now().m_per_px
    QTest.keyClick(canvas, Qt.Key.Key_Space)
    assert canvas.now().m_per_px < scale


def test_a_measure_of_a_length_and_of_an_area_by_keys(table: Table):
    canvas = table.map.canvas
    canvas.go_to(Position(lat=37.28, lon=127.0), 1.0)
    canvas.setFocus()
    QTest.keyClick(canvas, Qt.Key.Key_M)
    for key in (None, Qt.Key.Key_Left, Qt.Key.Key_Up):
        if key is not None:
            QTest.keyClick(canvas, key)
        QTest.keyClick(canvas, Qt.Key.Key_Space)
    draft = table.map.drawing.draft
    assert draft is not None
    step = 80 * canvas.now().m_per_px
    assert draft.length() == pytest.approx(2 * step, rel=0.01)
    QTest.keyClick(canvas, Qt.Key.Key_Return)
    assert draft.area() == pytest.approx(step * step / 2, rel=0.01)
    QTest.keyClick(canvas, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert not draft.closed
    QTest.keyClick(canvas, Qt.Key.Key_Escape)
    assert table.map.drawing.draft is None
    assert table.port.commands == {}


def test_a_sketch_is_shared_with_the_open_incident_taken_back_and_shared_again(table: Table):
    table.tell(opened("INC-1", "person_down", 1))
    table.map.drawing.incident_id = lambda: "INC-1"
    table.map.do_draw()
    for lon in (127.0, 127.01):
        table.map.drawing.point(Position(lat=37.28, lon=lon))
    assert table.map.drawing.finish("here")
    (shared,) = table.port.commands.values()
    assert isinstance(shared, ShareSketch)
    assert (shared.sketch.form, shared.sketch.incident_id, shared.sketch.text) == ("line", "INC-1", "here")
    table.tell(ev.SketchShared(desk="desk-1", person="Kim", sketch=shared.sketch))
    table.map.do_back()
    removed = list(table.port.commands.values())[-1]
    assert removed == RemoveSketch(sketch_id=shared.sketch.id)
    table.map.do_again()
    assert list(table.port.commands.values())[-1] == shared


def test_sketches_of_every_desk_are_seen_with_who_and_when_until_their_incident_is_over(table: Table):
    table.tell(opened("INC-1", "person_down", 1))
    sketch = Sketch(id="s1", form="arrow", text="search", incident_id="INC-1", points=(
        Position(lat=37.28, lon=127.0), Position(lat=37.29, lon=127.0)))  # fmt: skip
    before = table.map.canvas.grab().toImage()
    table.tell(ev.SketchShared(desk="desk-2", person="Lee", sketch=sketch))
    assert table.map.canvas.grab().toImage() != before
    (shown,) = table.map.drawing.sketches()
    assert table.map.texts.drawn_by(shown).startswith("Lee")
    middle = table.map.canvas.pixel(Position(lat=37.285, lon=127.0))
    assert table.map.drawing.sketch_at(middle) is not None
    assert table.map.drawing.sketch_at(middle + QPointF(40, 0)) is None
    table.tell(ev.IncidentClosed(incident_id="INC-1", person="Kim"))
    assert table.map.drawing.sketches() == []


def test_systems_can_be_shown_alone(table: Table):
    table.map._checked(("system", "all"), False)
    table.map._checked(("system", "cctv"), True)
    cameras = len(table.profile.cameras) - 286 - 138  # those of traffic and parking stay away
    shown = table.map.canvas.marks.groups(10).count.sum()
    assert shown == sum(table.profile.columns.kind == table.profile.columns.kinds.index("camera"))
    assert shown <= cameras + 424
    assert any("Shown alone" in text for text, _ in table.map._messages())
    table.map._checked(("system", "all"), True)
    assert table.map.canvas.marks.groups(10).count.sum() == len(table.profile.devices)


def test_the_shared_cursor_is_told_and_states_are_said_to_be_live(table: Table):
    table.map.show_moment(1_774_000_000_000_000_000)
    assert any("States are live" in text for text, _ in table.map._messages())
    table.map.show_moment(None)
    assert not any("States are live" in text for text, _ in table.map._messages())


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_it_paints_near_and_far_in_both_themes(table: Table, theme: str):
    table.tokens.switch(theme)
    table.tell(opened("INC-1", "person_down", 1))
    far = table.map.grab().toImage()
    table.map.canvas.go_to(Position(lat=37.2775, lon=127.017), 0.7)
    table.map.do_sight()
    table.map.do_legend()
    near = table.map.grab().toImage()
    assert far != near


def test_every_system_of_a_city_has_a_drawing_of_its_own(table: Table):
    from widgets.map.figures import map_figures

    told = map_figures().glyph
    assert set(table.profile.systems) <= set(told)
    assert len(set(told.values())) == len(told)
    for name in told:
        glyph = glyph_of(name)
        assert not (glyph.filled.isEmpty() and glyph.stroked.isEmpty())


def test_what_is_said_follows_the_language(table: Table):
    table.catalogue.switch("ko")
    assert table.map.canvas.accessibleName() == "지도"
    assert "장치" in table.map.canvas.accessibleDescription()


@given(st.binary(max_size=200))
def test_a_drag_from_elsewhere_that_is_no_list_of_cameras_carries_none(data: bytes):
    mime = QMimeData()
    mime.setData(CAMERAS, data)
    found = camera_ids_of(mime)
    assert all(isinstance(one, str) for one in found)
    assert camera_ids_of(QMimeData()) == ()


def test_a_drag_carries_each_camera_once_in_order():
    assert camera_ids_of(cameras_mime(("B", "A", "B"))) == ("B", "A")
