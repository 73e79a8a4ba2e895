"""How long a new alarm takes until it is painted, as the desk's figures tell it."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication

from tests.alarms.room import Room, limits, moved


@pytest.fixture
def seen(room: Room) -> Room:
    QApplication.sendPostedEvents()
    room.page.shown.forget()
    return room


def painted(room: Room) -> None:
    room.page.table.viewport().repaint()
    QApplication.sendPostedEvents()
    room.page.shown._painted()


def test_a_new_alarm_counts_once_from_its_reading_to_its_picture(seen: Room) -> None:
    first, second = limits(1)[:2]
    seen.begin(first, second)
    seen.clock.step(0.1)
    painted(seen)
    told = seen.page.measured()
    assert (told["alarms_shown"], told["alarms_listed"], told["alarm_first_priority"]) == (2, 2, 1)
    assert told["alarm_shown_p50_ms"] == pytest.approx(300, abs=1)  # the room's own 0.2 s and ours
    seen.tell(moved(first, "B", "C", "acknowledge", seen.clock.now_ns(), who="person:Kim"))
    painted(seen)
    assert seen.page.measured()["alarms_shown"] == 2, "an act is no new alarm"


def test_before_anything_is_shown_the_figures_are_zero(seen: Room) -> None:
    told = seen.page.measured()
    assert set(told.values()) == {0}
