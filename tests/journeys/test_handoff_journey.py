"""A hand-off whose hub is cut off at every step: drafted, owed, on the partner's disk, accepted. One case."""

from __future__ import annotations

import signal

import pytest

from console.model import commands as do
from console.model.threadstanding import standing
from tests.agency.control_room import ControlRoom
from tests.guards.waiting import until
from tests.journeys.conftest import Players, Watcher

pytestmark = pytest.mark.journey
CAMERA = "CAM-PARK-0001"


class Story:
    """The hub, which dies again and again, a person at a desk, and the police."""

    def __init__(self, players: Players) -> None:
        self.players = players
        self.hub = players.hub()
        self.desk: Watcher = players.watcher()
        self.desk.until(lambda: self.desk.board.link == "live", "the desk")
        self.police = ControlRoom(players.home)

    def power_cut(self) -> None:
        """No chance to tidy up; then it starts again, and the desk is back."""
        self.hub.send_signal(signal.SIGKILL)
        self.hub.wait()
        self.hub = self.players.hub()
        self.desk.until(lambda: self.desk.board.link == "live", "the desk to be back")

    def rung(self, thread_id: str) -> str:
        thread = self.desk.board.state.threads.get(thread_id)
        return standing(thread).rung if thread is not None else ""

    def reaches(self, thread_id: str, *rungs: str) -> None:
        self.desk.until(lambda: self.rung(thread_id) in rungs, f"{rungs}, not {self.rung(thread_id)}")


def test_a_hub_that_is_killed_at_every_step_hands_off_exactly_once(players: Players) -> None:
    story = Story(players)
    desk = story.desk
    said = do.OpenCase(type="violence", opened_from="camera", device_id=CAMERA, text="two men")
    assert isinstance(desk.do(said), do.Accepted)
    desk.until(lambda: desk.board.state.incidents, "the incident")
    incident = next(iter(desk.board.state.incidents))
    key = f"{incident}:KR-112:1"
    text = "caller 010-1234-5678 waits at the gate"
    drafted = do.DraftHandoff(incident_id=incident, agencies=("KR-112",), text=text)
    assert isinstance(desk.do(drafted), do.Accepted)

    story.power_cut()
    story.reaches(key, "drafted")
    assert isinstance(desk.do(do.SendDraft(thread_ids=(key,))), do.Accepted)
    story.reaches(key, "queued")

    story.power_cut()
    story.reaches(key, "queued")
    story.police.start("slow", "slow_s = 60.0", accept=30.0)  # the case is on its disk, no receipt is out
    until(story.police.cases, "the case to be on the partner's disk", 40)
    story.power_cut()
    story.police.kill()
    story.police.start(accept=0.3)
    story.reaches(key, "accepted", "assigned", "on_scene", "closed")

    story.power_cut()
    story.reaches(key, "closed")
    try:
        assert [case[0] for case in story.police.cases()] == [key]
        (body,) = story.police.ask("SELECT body FROM message WHERE direction = 'in'")[0]
        assert "010-1234-5678" in bytes(body).decode(), "what was typed before the first cut"
        thread = desk.board.state.threads[key]
        assert "010-1234-5678" not in thread.text
        heard = [one.message_id for one in thread.statements]
        assert len(heard) == len(set(heard))
    finally:
        story.police.kill()
