"""Nothing waits in silence: the status bar names the worst, red is heard until somebody looks."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from console.desk.inbound import SnapshotCame
from tests.kit.sitting import opened
from tests.ladder.room import POLICE, Room

pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints")


def test_the_chip_names_the_worst_of_all_and_goes_to_its_incident(room: Room, qtbot) -> None:
    room.show(qtbot)
    assert room.chip.isHidden()
    room.tell(opened("INC-2"))
    room.sent(POLICE, incident_id="INC-2")
    room.later(10)
    room.sent()
    room.later(6)
    assert room.chip.text_shown == "112: not accepted 16 s and 1 more"
    with qtbot.waitSignal(room.chip.incident_wanted) as wanted:
        QTest.keyClick(room.window.windowHandle(), Qt.Key.Key_H, Qt.KeyboardModifier.AltModifier)
    assert wanted.args == ["INC-2"]
    assert "Hand-offs" in room.chip.accessibleName()


def test_red_sounds_every_ten_seconds_until_somebody_looks_and_anew_when_it_gets_worse(room: Room) -> None:
    room.sent()
    room.later(30)
    for _ in range(12):
        room.later(1)
    assert room.heard == ["handoff"] * 2
    room.chip.go()
    for _ in range(12):
        room.later(1)
    assert len(room.heard) == 2
    room.later(6)
    assert len(room.heard) == 3, "the phone card is news"


def test_two_that_turn_red_are_each_news(room: Room) -> None:
    room.sent()
    room.later(2)
    room.sent(POLICE)
    room.later(28)
    assert len(room.heard) == 1
    room.later(2)
    assert len(room.heard) == 2


def test_an_acceptance_ends_the_sound_and_the_chip(room: Room) -> None:
    name = room.received()
    room.later(31)
    room.says(name, "accepted")
    heard = len(room.heard)
    for _ in range(12):
        room.later(1)
    assert len(room.heard) == heard and room.chip.isHidden()


def test_acts_on_the_ladder_are_looking(room: Room) -> None:
    room.received()
    room.later(31)
    assert room.watch.unseen_reds()
    room.panel.update_partner()
    assert not room.watch.unseen_reds()


def test_a_clock_put_back_by_an_hour_silences_nothing(room: Room) -> None:
    room.sent()
    room.later(4)
    room.clock.jump(-3600)
    room.later(27)
    assert room.heard == ["handoff"]


def test_what_waited_before_this_desk_came_is_heard_too(room: Room) -> None:
    room.sent()
    state = room.board.state
    fresh = Room()
    fresh.clock.step(100)
    fresh.board.inbox.append(SnapshotCame(state))
    fresh.pulse.tick()
    fresh.later(1)
    assert fresh.heard == ["handoff"] and "Phone 119 now" in fresh.chip.text_shown
    fresh.close()


def test_the_chip_follows_the_language(room: Room) -> None:
    room.sent()
    room.later(61)
    room.catalogue.switch("ko")
    assert room.chip.text_shown == "119 즉시 전화 61초"
