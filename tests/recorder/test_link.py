"""The recorder and a real hub: what it says is on the record, what the hub decides is obeyed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from console.clock import SECOND_NS
from console.model import commands as do
from console.model.base import same_words
from console.model.fact import RecorderSaid, SignalSeen
from console.model.recording import CameraMissing, RecorderReport
from console.profile import Profile, load_profile
from console.recorder.figures import load_figures
from console.recorder.link import RecorderLink
from console.recorder.lockbook import LockBook
from console.wire.keys import ensure_peer_key
from tests.guards.waiting import until
from tests.hub.conftest import Desk, HubRoom

CAMERA = "CAM-PARK-0001"
GOOD = RecorderReport(state="recording", cameras=2, recorded=2)
BAD = RecorderReport(
    state="recording", cameras=2, recorded=1, disk="full", problem="No space left on device",
    missing=(CameraMissing(camera_id=CAMERA, since_ns=5, reason="timeout"),),
)  # fmt: skip


@pytest.fixture(scope="module")
def suwon() -> Profile:
    return load_profile("suwon")


@pytest.fixture
def room(tmp_path: Path, suwon: Profile) -> Iterator[HubRoom]:
    opened = HubRoom(tmp_path / "home", suwon)
    yield opened
    opened.close()


class Follower:
    """A recorder without cameras: its link and its book of locks."""

    def __init__(self, room: HubRoom, name: str = "recorder") -> None:
        folder = room.home / "footage"
        folder.mkdir(parents=True, exist_ok=True)
        self.book = LockBook(folder, load_figures().lock, lambda *_: ())
        key = ensure_peer_key(room.home, name, "recorder")
        self.link = RecorderLink(room.home, key, room.clock, self.book.snapshot, self.book.entry)
        self.link.start()

    def locked(self, camera_id: str, at_ns: int) -> bool:
        return self.book.is_locked(camera_id, at_ns, at_ns)


@pytest.fixture
def follow(room: HubRoom) -> Iterator[Callable[..., Follower]]:
    made: list[Follower] = []

    def start(name: str = "recorder") -> Follower:
        made.append(Follower(room, name))
        return made[-1]

    yield start
    for one in made:
        one.link.close()


def standing(desk: Desk, state: str, **fields: object) -> None:
    """Wait until the desk's board says so of the recorder."""

    def so() -> bool:
        found = desk.board.state.recorders.get("recorder")
        told = found.report if found is not None else None
        return told is not None and told.state == state and all(
            getattr(told, name) == value for name, value in fields.items()
        )

    desk.until(so, f"the recorder to be {state} {fields}", 30)


def test_what_a_recorder_says_is_on_every_desk_and_once_on_the_record(room: HubRoom, follow) -> None:  # type: ignore[no-untyped-def]
    room.start()
    desk, recorder = room.desk(), follow()
    recorder.link.say(GOOD)
    standing(desk, "recording", recorded=2)
    recorder.link.say(GOOD)
    recorder.link.say(BAD)
    standing(desk, "recording", recorded=1, disk="full")
    kinds = [type(one.event).__name__ for one in _entries(room)]
    assert kinds.count("RecorderChanged") == 2


def _entries(room: HubRoom) -> list:  # type: ignore[type-arg]
    from console.ledger import LedgerReader

    reader = LedgerReader.open(room.home / "ledger" / "ledger.db")
    try:
        return list(reader.entries())
    finally:
        reader.close()


def test_said_before_there_is_a_hub_it_is_told_when_one_comes_and_again_to_the_next(  # type: ignore[no-untyped-def]
    room: HubRoom, follow
) -> None:
    recorder = follow()
    recorder.link.say(BAD)
    room.start()
    standing(room.desk(), "recording", disk="full")
    room.stop()
    (room.home / "ledger" / "ledger.db").unlink()
    for rest in (room.home / "ledger").iterdir():
        if rest.is_file():
            rest.unlink()
    room.start()
    standing(room.desk("desk-2"), "recording", disk="full")


def test_an_incident_locks_its_footage_until_a_supervisor_unlocks_it(room: HubRoom, follow) -> None:  # type: ignore[no-untyped-def]
    room.start()
    recorder, desk, boss = follow(), room.desk(), room.desk("super-1", "Lee")
    until(recorder.link.connected.is_set, "the recorder to follow", 20)
    now_ns = room.clock.now_ns()
    gate = room.gateway()
    gate.report(
        SignalSeen(uid="1", type="fall", at_ns=now_ns, device_id=CAMERA, detail=same_words("down"))
    )
    until(lambda: recorder.locked(CAMERA, now_ns - 20 * SECOND_NS), "the footage to be locked", 20)
    desk.until(lambda: desk.board.state.incidents, "the incident")
    (incident,) = desk.board.state.incidents
    unlock = do.UnlockFootage(lock_id=f"incident:{incident}", reason="seen")
    assert isinstance(desk.do(unlock), do.Refused)
    assert isinstance(boss.do(unlock), do.Accepted)
    until(lambda: not recorder.locked(CAMERA, now_ns), "the footage to be unlocked", 20)


def test_a_persons_lock_set_while_the_recorder_was_away_is_obeyed(room: HubRoom, follow) -> None:  # type: ignore[no-untyped-def]
    room.start()
    desk = room.desk()
    lock = do.LockFootage(camera_ids=(CAMERA,), from_ns=1000, to_ns=2000, reason="request")
    assert isinstance(desk.do(lock), do.Accepted)
    recorder = follow()
    until(lambda: recorder.locked(CAMERA, 1500), "the lock", 20)
    recorder.book.save()
    room.stop()
    again = LockBook(room.home / "footage", load_figures().lock, lambda *_: ())
    assert again.is_locked(CAMERA, 1500, 1500), "also before any hub is reached"


def test_a_recorder_that_falls_silent_is_told_and_told_again_when_it_is_back(room: HubRoom, follow) -> None:  # type: ignore[no-untyped-def]
    room.start()
    desk, recorder = room.desk(), follow()
    recorder.link.say(GOOD)
    standing(desk, "recording")
    recorder.link.close()
    standing(desk, "silent")
    again = follow()
    again.link.say(GOOD)
    standing(desk, "recording")


def test_one_that_ends_in_order_says_so(room: HubRoom, follow) -> None:  # type: ignore[no-untyped-def]
    room.start()
    desk, recorder = room.desk(), follow()
    recorder.link.say(GOOD)
    standing(desk, "recording")
    recorder.link.close(RecorderReport(state="stopped", cameras=2), 10.0)
    standing(desk, "stopped")


@pytest.mark.parametrize(
    "report",
    [
        RecorderReport(state="recording", cameras=1, recorded=2),
        RecorderReport(state="silent"),
        RecorderReport(state="recording", problem="x" * 201),
    ],
)
def test_what_cannot_be_is_refused_and_counted(
    room: HubRoom, report: RecorderReport, expected_logs  # type: ignore[no-untyped-def]
) -> None:
    expected_logs("Refused .bad_fact.")
    room.start()
    gate = room.gateway("bad", "recorder")
    gate.report(RecorderSaid(uid="1", report=report))
    assert gate.wait_taken(10)
    assert gate.refused["1"]
    assert room.refused("bad_fact") == 1


def test_a_gateway_may_not_speak_as_a_recorder(room: HubRoom, expected_logs) -> None:  # type: ignore[no-untyped-def]
    expected_logs("may not send recording")
    room.start()
    gate = room.gateway()
    gate.report(RecorderSaid(uid="1", report=GOOD))
    assert gate.wait_taken(10)
    assert "may not" in gate.refused["1"]
