"""Alarms are heard as the rules say; silence and a machine without sound are said on the screen."""

from __future__ import annotations

import msgspec
import pytest

from console.desk.inbound import HealthCame, SnapshotCame
from console.desk.speaker import SoundState
from console.model.state import CityState
from tests.alarms.room import Room, limits, moved
from tests.kit.sitting import health

pytestmark = pytest.mark.qt_log_ignore("does not support propagateSizeHints")

URGENT, HIGH = limits(1, 3), limits(2, 6)


def test_a_new_alarm_is_heard_at_once_and_priority_1_again_until_it_is_acknowledged(room: Room) -> None:
    room.begin(HIGH[0])
    assert room.speaker.played == ["priority2"]
    room.begin(URGENT[0])
    for _ in range(21):
        room.later(1)
    assert room.speaker.played == ["priority2", "priority1", "priority1", "priority1"]
    room.tell(moved(URGENT[0], "B", "C", "acknowledge", room.clock.now_ns(), "person:kim"))
    for _ in range(30):
        room.later(1)
    assert len(room.speaker.played) == 4


def test_silence_takes_the_sound_away_says_until_when_and_gives_it_back(room: Room) -> None:
    room.begin(URGENT[0])
    room.actions.trigger("alarms.silence")
    item = room.sound.item()
    until = room.moments.clock(room.clock.now_ns() + 120 * 10**9)
    assert item is not None and item[1] == f"off until {until}"
    assert room.actions.act("alarms.silence").isChecked()
    room.later(60)
    assert room.speaker.played == ["priority1"]
    assert room.page.told.text().startswith("Sound off until") and room.shown() == [URGENT[0].id]
    room.begin(URGENT[1])
    assert room.speaker.played == ["priority1", "priority1"], "a new priority 1 is heard through silence"
    room.actions.trigger("alarms.silence")
    assert room.sound.item() is None


def test_a_machine_without_sound_says_so_and_nothing_else_changes(room: Room) -> None:
    room.speaker.state = SoundState("no_player", why="pw-play, paplay, aplay")
    room.later(1)
    item = room.sound.item()
    assert item is not None and item[1] == "none" and "pw-play" in item[3]
    room.catalogue.switch("ko")
    assert "재생기" in room.sound.sentence()


def test_what_stands_when_the_desk_comes_is_heard_only_where_it_is_priority_1(room: Room) -> None:
    room.begin(HIGH[0])
    standing = msgspec.structs.replace(room.board.state.alarms[HIGH[0].id], id=HIGH[1].id)
    fresh = Room()
    assert fresh.speaker.played == []
    fresh.board.inbox.append(SnapshotCame(CityState(run="r2", seq=3, alarms={HIGH[1].id: standing})))
    fresh.pulse.tick()
    assert fresh.speaker.played == ["priority2"], "it came while the line was down: that is news"
    fresh.close()


def test_a_recording_that_is_followed_makes_no_sound(room: Room) -> None:
    room.board.inbox.append(HealthCame(health(alarms=None)))
    room.pulse.tick()
    room.begin(URGENT[0])
    room.later(30)
    assert room.speaker.played == []


def test_an_alarm_whose_row_asks_for_it_rings_back_when_it_is_over(room: Room) -> None:
    for limit, rings in ((HIGH[0], True), (HIGH[1], False)):
        room.begin(limit)
        room.book._limits[limit.id] = msgspec.structs.replace(limit, ring_back=rings)
        room.tell(moved(limit, "B", "D", "ended", room.clock.now_ns()))
    assert room.speaker.played == ["priority2", "back", "priority2"]


def test_what_else_is_as_urgent_is_heard_once_as_an_alarm_of_its_priority(room: Room) -> None:
    room.sound.news(2)
    for _ in range(30):
        room.later(1)
    assert room.speaker.played == ["priority2"]
    room.actions.trigger("alarms.silence")
    room.sound.news(2)
    assert room.speaker.played == ["priority2"], "silence takes it away too"
