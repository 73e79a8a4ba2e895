"""From signal to one incident with real processes: sources, persons, a hub that is killed in between."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable

import pytest

from console.clock import SystemClock
from console.gateways.link import GatewayLink
from console.model import commands as do
from console.model import state as fold
from console.model.base import same_words
from console.model.casework import Case
from console.model.citizenreport import ReportTold
from console.model.fact import ReportSent, SignalSeen
from console.wire.keys import ensure_peer_key
from tests.guards.waiting import until
from tests.journeys.conftest import Players, Watcher

pytestmark = pytest.mark.journey


class Story:
    """A hub, the gateways that tell it things, and two persons at desks."""

    def __init__(self, players: Players) -> None:
        self.players, self.hub = players, players.hub()
        self.kim = players.watcher("desk-1", "Kim")
        self.lee = players.watcher("desk-2", "Lee")
        self.links = [self._link("eyes", "gateway"), self._link("intake", "intake")]
        self.number = 0
        self.told: list[str] = []

    def _link(self, name: str, role: str) -> GatewayLink:
        key = ensure_peer_key(self.players.home, name, role)
        link = GatewayLink(self.players.home, key, name, self.players.profile.digest, SystemClock())
        link.start()
        return link

    def sees(self, type_: str, device_id: str) -> None:
        self.number += 1
        self.told.append(f"eyes/s{self.number}")
        self.links[0].report(
            SignalSeen(
                uid=f"s{self.number}", type=type_, at_ns=SystemClock().now_ns(), device_id=device_id,
                detail=same_words(type_),
            )
        )
        assert self.links[0].wait_taken(20)

    def reports(self, service: str, device_id: str) -> None:
        self.number += 1
        told = ReportTold(
            token=f"token-{self.number:06d}", service=service, text="연기가 나고 사람이 쓰러져 있어요",
            place=self.players.profile.devices[device_id].place, told_at_ns=SystemClock().now_ns(),
        )  # fmt: skip
        self.links[1].report(ReportSent(uid=told.token, told=told))
        assert self.links[1].wait_taken(20)

    def killed_and_started(self) -> None:
        """SIGKILL; what every desk held before is what it holds afterwards."""
        self.settled()
        before = fold.digest(self.kim.board.state)
        run = self.kim.board.state.run
        os.kill(self.hub.pid, signal.SIGKILL)
        self.hub.wait()
        self.hub = self.players.hub()
        self.kim.until(lambda: self.kim.board.state.run != run, "the new run at the desk")
        self.settled()
        assert fold.digest(self.kim.board.state) == before == fold.digest(self.lee.board.state)

    def settled(self) -> None:
        for one in (self.kim, self.lee):
            one.until(lambda one=one: _whole(one), "the desk to be whole")
        until(lambda: self._alike(), "both desks to hold the same")

    def _alike(self) -> bool:
        for one in (self.kim, self.lee):
            one.board.drain(50.0)
        return self.kim.board.state.seq == self.lee.board.state.seq

    def case(self, true: Callable[[Case], object], what: str) -> Case:
        def found() -> list[Case]:
            return [one for one in self.kim.board.state.cases.values() if one.is_open and true(one)]

        self.kim.until(found, what)
        return found()[0]

    def close(self) -> None:
        for link in self.links:
            link.close()


def _whole(one: Watcher) -> bool:
    health = one.board.health
    state = one.board.state
    return one.board.link == "live" and health is not None and health.run == state.run and (
        state.seq >= health.seq > 0
    )


def test_several_sources_are_one_incident_that_persons_split_and_merge_across_kills(players: Players):
    story = Story(players)
    try:
        bell = next(
            one for one in players.profile.devices.values() if one.kind == "emergency_bell"
        )
        near = next(
            one for one in players.profile.cameras
            if _apart(players, one, bell.id) < 40 and one in players.profile.devices
        )
        # A camera sees a fall, the bell beside it is pressed, a citizen reports, the camera says it again.
        story.sees("fall", near)
        story.sees("bell", bell.id)
        story.reports("smoke", bell.id)
        story.sees("fall", near)
        case = story.case(lambda one: len(one.clues) == 4, "four clues in one incident")
        assert {one.source for one in case.clues} == {"detection", "bell", "report"}
        assert all(len(one.reasons) == 2 for one in case.clues[:3]), "what it says, and why it is there"
        (report,) = story.kim.board.state.reports.values()
        assert report.incident_id == case.id
        assert len(story.kim.board.state.cases) == 1
        story.killed_and_started()

        # After the kill the hub still knows what is open: a further clue joins, none is opened.
        story.sees("fall", near)
        story.case(lambda one: len(one.clues) == 5, "the clue after the kill")
        assert len(story.kim.board.state.cases) == 1

        # A person says the bell is another thing, then that it was the same after all.
        bell_uid = next(one.uid for one in case.clues if one.source == "bell")
        split = story.kim.do(do.SplitIncident(incident_id=case.id, uids=(bell_uid,), reason="two people"))
        assert isinstance(split, do.Accepted)
        other = story.case(lambda one: one.split_from == case.id, "the new incident")
        assert [one.uid for one in other.clues] == [bell_uid]
        assert story.kim.board.state.incidents[other.id].place.name == bell.place.name
        story.killed_and_started()
        merged = story.kim.do(do.MergeIncidents(kept_id=case.id, other_id=other.id, reason="one after all"))
        assert isinstance(merged, do.Accepted)
        whole = story.case(lambda one: len(one.clues) == 5, "all clues in one again")
        assert whole.id == case.id and whole.owner == "Kim"

        # What is another's is not acted on; what is not there is refused in words.
        story.lee.until(lambda: story.lee.board.state.cases[case.id].owner == "Kim", "Lee to see who has it")
        refused = story.lee.do(do.VerifyIncident(incident_id=case.id, verdict="false"))
        assert isinstance(refused, do.Refused) and refused.code == "owned_incident"
        refused = story.lee.do(do.VerifyIncident(incident_id=other.id, verdict="false"))
        assert isinstance(refused, do.Refused) and refused.code == "merged_incident"

        # One key: false. It is over, and what comes later is a new one that names it.
        assert isinstance(
            story.kim.do(do.VerifyIncident(incident_id=case.id, verdict="false")), do.Accepted
        )
        story.case(lambda one: one.id == case.id and one.stage == "resolved", "the case to be over")
        story.sees("bell", bell.id)
        again = story.case(lambda one: one.stage == "new", "a new incident")
        assert again.id not in (case.id, other.id)
        seen = story.kim.board.state.cases
        told = sorted(one.uid for case in seen.values() if not case.merged_into for one in case.clues)
        assert told == sorted([*story.told, report.id]), "nothing was dropped, nothing is there twice"
        story.settled()
        assert players.end(story.hub) == 0
    finally:
        story.close()


def _apart(players: Players, one: str, other: str) -> float:
    from console.rules.city import distance_m

    devices = players.profile.devices
    return distance_m(devices[one].place.position, devices[other].place.position)
