"""The map: it shows every camera, stays where the hand put it, and cameras can be taken from it."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QMimeData, QPoint, Qt
from PySide6.QtGui import QDrag
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from console.model import events as ev
from console.model.base import same_words
from tests.kit.sitting import opened
from tests.map.conftest import Table
from widgets.kit.dragging import CAMERAS, camera_ids_of, cameras_mime
from widgets.map.view import CLOSEST_M_PER_PX, Extent, View, bar_m, fitted

LEFT = Qt.MouseButton.LeftButton
CITY = Extent(-8000.0, -6000.0, 8000.0, 6000.0)
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


def test_every_camera_is_in_exactly_one_dot_of_the_whole_city(table: Table):
    rows = [row for dot in table.map._dots_now() for row in dot.cameras]
    assert sorted(rows) == list(range(len(table.profile.cameras)))


def test_dots_with_a_number_do_not_lie_on_each_other(table: Table):
    dots = [dot for dot in table.map._dots_now() if dot.count > 1]
    close = [
        (one, other) for one in dots for other in dots
        if one is not other and abs(one.x_px - other.x_px) < 24 and abs(one.y_px - other.y_px) < 22
    ]  # fmt: skip
    assert close == []


def test_a_pan_moves_all_dots_alike(table: Table):
    table.map.zoom(6)
    before = {dot.cameras: (dot.x_px, dot.y_px) for dot in table.map._dots_now()}
    table.map.setFocus()
    QTest.keyClick(table.map, Qt.Key.Key_Left)
    moved = {dot.cameras: (dot.x_px, dot.y_px) for dot in table.map._dots_now()}
    both = before.keys() & moved.keys()
    assert len(both) > 10
    assert {
        (round(moved[one][0] - before[one][0]), round(moved[one][1] - before[one][1])) for one in both
    } == {(60, 0)}


def test_the_cameras_that_see_a_place_are_chosen_by_one_key_and_sent_by_another(table: Table, qtbot: QtBot):
    camera = table.profile.devices["CAM-PARK-0123"]
    table.map.zoom(40, table.map._pixel(camera.place.position))
    at = table.map._pixel(camera.place.position)
    qtbot.mouseClick(table.map, LEFT, pos=QPoint(round(at.x()) + 25, round(at.y()) + 25))
    table.map.choose_nearest()
    assert len(table.map.chosen) == 4
    QTest.keyClick(table.map, Qt.Key.Key_Return)
    assert table.wanted == [table.map.chosen]
    assert "CAM-" in table.map.accessibleDescription()


def test_a_camera_without_a_picture_is_not_offered_and_counted_in_its_dot(table: Table):
    table.map.choose_nearest()
    first = table.map.chosen[0]
    table.tell(ev.DeviceConditionChanged(device_id=first, condition="down", why=same_words("cut")))
    assert sum(dot.troubled for dot in table.map._dots_now()) == 1
    table.map.choose_nearest()
    assert first not in table.map.chosen


def test_a_rectangle_chooses_all_in_it_and_a_click_on_free_ground_none(table: Table, qtbot: QtBot):
    shift = Qt.KeyboardModifier.ShiftModifier
    qtbot.mousePress(table.map, LEFT, shift, QPoint(1, 1))
    qtbot.mouseMove(table.map, QPoint(600, 300))
    qtbot.mouseRelease(table.map, LEFT, shift, QPoint(1139, 519))
    assert 0 < len(table.map.chosen) <= len(table.profile.cameras)
    qtbot.mouseClick(table.map, LEFT, pos=QPoint(5, 5))
    assert table.map.chosen == ()


def test_news_never_moves_the_map(table: Table):
    table.map.zoom(7)
    table.map.choose_nearest()
    view, chosen = table.map.view, table.map.chosen
    table.tell(opened("INC-1", "person_down", 1))
    table.later(1.0)
    assert (table.map.view, table.map.chosen) == (view, chosen)


def test_an_incident_is_opened_by_a_click_and_its_cameras_are_dragged_from_it(
    table: Table, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
):
    incident = msgspec.structs.replace(opened("INC-1", "person_down", 1), camera_ids=("CAM-PARK-0001",))
    table.tell(incident)
    at = table.map._pixel(incident.place.position).toPoint()
    qtbot.mouseClick(table.map, LEFT, pos=at)
    assert table.incidents == ["INC-1"]
    taken: list[tuple[str, ...]] = []
    monkeypatch.setattr(QDrag, "exec", lambda drag, *_: taken.append(camera_ids_of(drag.mimeData())))
    qtbot.mousePress(table.map, LEFT, pos=at)
    qtbot.mouseMove(table.map, at + QPoint(40, 0))
    qtbot.mouseRelease(table.map, LEFT, pos=at + QPoint(40, 0))
    assert taken == [("CAM-PARK-0001",)]


def test_a_drag_of_one_chosen_camera_takes_all_that_are_chosen(
    table: Table, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
):
    camera = table.profile.devices["CAM-PARK-0123"]
    table.map.zoom(40, table.map._pixel(camera.place.position))
    table.map.choose(("CAM-PARK-0123", "CAM-PARK-0121"))
    taken: list[tuple[str, ...]] = []
    monkeypatch.setattr(QDrag, "exec", lambda drag, *_: taken.append(camera_ids_of(drag.mimeData())))
    at = table.map._pixel(camera.place.position).toPoint()
    qtbot.mousePress(table.map, LEFT, pos=at)
    qtbot.mouseMove(table.map, at + QPoint(0, 40))
    qtbot.mouseRelease(table.map, LEFT, pos=at + QPoint(0, 40))
    assert taken == [("CAM-PARK-0123", "CAM-PARK-0121")]


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_it_paints_near_and_far_in_both_themes(table: Table, theme: str):
    table.tokens.switch(theme)
    table.tell(opened("INC-1", "person_down", 1))
    far = table.map.grab().toImage()
    table.map.zoom(40)
    table.map.choose_nearest()
    near = table.map.grab().toImage()
    assert far != near


def test_what_is_said_follows_the_language(table: Table):
    table.catalogue.switch("ko")
    assert table.map.accessibleName() == "지도"
    assert "카메라" in table.map.accessibleDescription()


@given(st.binary(max_size=200))
def test_a_drag_from_elsewhere_that_is_no_list_of_cameras_carries_none(data: bytes):
    mime = QMimeData()
    mime.setData(CAMERAS, data)
    found = camera_ids_of(mime)
    assert all(isinstance(one, str) for one in found)
    assert camera_ids_of(QMimeData()) == ()


def test_a_drag_carries_each_camera_once_in_order():
    assert camera_ids_of(cameras_mime(("B", "A", "B"))) == ("B", "A")
