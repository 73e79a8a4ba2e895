"""Where other features put their parts in the incident's detail."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QLabel, QWidget

from tests.incidents.room import Room, opened, show_in_window
from widgets.incidents.detail import DetailPanel


@pytest.fixture
def detail(room: Room, qtbot) -> Iterator[DetailPanel]:
    panel = room.detail()
    window = show_in_window(panel, 660, 640, qtbot)
    room.tell(opened("I1"), opened("I2"))
    yield panel
    window.close()


def part(height_px: int) -> QWidget:
    made = QLabel("a part")
    made.setFixedHeight(height_px)
    return made


def top(detail: DetailPanel, one: QWidget) -> int:
    return one.mapTo(detail, one.rect().topLeft()).y()


def test_parts_stand_in_the_order_of_need_however_they_were_joined(
    room: Room, detail: DetailPanel, qapp
) -> None:
    detail.show_incident("I1")
    parts = {}
    for name in ("shares", "procedure", "ladder", "scene"):
        parts[name] = part(30)
        detail.place_section(name, parts[name])
    qapp.processEvents()
    order = [detail.head, detail.acts, *(parts[one] for one in ("ladder", "procedure", "scene", "shares"))]
    tops = [top(detail, one) for one in (*order, detail.told)]
    assert tops == sorted(tops)
    assert len(set(tops)) == len(tops)


def test_a_second_part_for_a_place_replaces_the_first(room: Room, detail: DetailPanel, qapp) -> None:
    old, new = part(30), part(30)
    detail.place_section("scene", old)
    detail.place_section("scene", new)
    detail.show_incident("I1")
    qapp.processEvents()
    assert new.isVisible()
    assert old.parent() is None


def test_an_unknown_place_is_refused(detail: DetailPanel) -> None:
    with pytest.raises(KeyError):
        detail.place_section("weather", part(30))  # type: ignore[arg-type]


def test_the_parts_hear_which_incident_is_shown(detail: DetailPanel) -> None:
    heard: list[str] = []
    detail.incident_changed.connect(heard.append)
    for one in ("I1", "I1", "I2", ""):
        detail.show_incident(one)
    assert heard == ["I1", "I2", ""]


def test_what_is_read_stays_where_it_is_while_a_part_above_it_grows(
    detail: DetailPanel, qapp, qtbot
) -> None:
    detail.show_incident("I1")
    ladder, procedure = part(300), part(900)
    detail.place_section("ladder", ladder)
    detail.place_section("procedure", procedure)
    body = detail.body()
    qtbot.waitUntil(lambda: body.verticalScrollBar().maximum() > 300)
    body.verticalScrollBar().setValue(300)
    qapp.processEvents()
    before = top(detail, procedure)
    ladder.setFixedHeight(380)
    qtbot.waitUntil(lambda: ladder.height() == 380)
    assert top(detail, procedure) == before
    detail.show_incident("I2")
    assert body.verticalScrollBar().value() == 0


def test_a_docked_part_stands_between_the_acts_and_what_scrolls(detail: DetailPanel, qapp, qtbot) -> None:
    detail.show_incident("I1")
    card = part(80)
    detail.place_dock(card)
    qtbot.waitUntil(lambda: top(detail, card) > 0)
    assert top(detail, detail.acts) < top(detail, card) < top(detail, detail.body())
    card.hide()
    qtbot.waitUntil(lambda: top(detail, detail.body()) < top(detail, detail.acts) + detail.acts.height() + 40)
