"""Stories about the hub, told with real processes."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import msgspec
import pytest

from console.clock import SystemClock
from console.gateways.link import GatewayLink
from console.ledger import Ledger
from console.model import commands as do
from console.model import state as fold
from console.model.base import same_words
from console.model.fact import SignalSeen
from console.wire.keys import ensure_peer_key
from tests.guards.waiting import until
from tests.journeys.conftest import Players

pytestmark = pytest.mark.journey


def digest_on_disk(home: Path) -> str:
    state = fold.CityState()
    ledger = Ledger.open(home / "ledger" / "ledger.db", SystemClock())
    try:
        for entry in ledger.entries():
            fold.apply(state, entry)
    finally:
        ledger.close()
    return fold.digest(state)


def test_an_evening_recorded_and_replayed_ends_in_the_same_state(players: Players, tmp_path: Path):
    hub = players.hub()
    watcher = players.watcher()
    scenario = players.start("gateway", "scenario", "--home", str(players.home), "--speed", "8")
    watcher.until(lambda: len(watcher.board.state.incidents) >= 3, "three incidents")
    first = next(iter(watcher.board.state.incidents))
    assert isinstance(watcher.do(do.AcknowledgeIncident(incident_id=first)), do.Accepted)
    noted = watcher.do(do.AddNote(incident_id=first, text="두 사람이 도움을 주고 있음"))
    assert isinstance(noted, do.Accepted)
    assert players.end(scenario) == 0
    assert players.end(hub) == 0
    (recording,) = (players.home / "recordings").glob("*.mcap")

    replayed = Players(tmp_path / "replayed", players.profile)
    try:
        follower = replayed.hub("--follow")
        replay = replayed.start("replay", str(recording), "--home", str(replayed.home), "--speed", "100")
        assert replay.wait(60) == 0, replayed.said()
        other = replayed.watcher()
        other.until(lambda: other.board.state.incidents.keys() >= {first}, "the replayed incident")
        refused = other.do(do.AddNote(incident_id=first, text="too late"))
        assert isinstance(refused, do.Refused) and refused.code == "replaying"
        assert replayed.end(follower) == 0
    finally:
        replayed.close()
    assert digest_on_disk(replayed.home) == digest_on_disk(players.home)


def test_a_live_hub_takes_no_recording(players: Players, tmp_path: Path):
    hub = players.hub()
    assert players.end(hub) == 0
    (recording,) = (players.home / "recordings").glob("*.mcap")
    players.hub()
    replay = players.start("replay", str(recording), "--home", str(players.home), "--speed", "100")
    assert replay.wait(60) == 1
    assert "follow" in players.said()


def test_a_hub_killed_under_load_loses_nothing_it_confirmed(players: Players):
    hub = players.hub()
    watcher = players.watcher()
    watcher.until(lambda: watcher.board.link == "live", "the watcher")
    key = ensure_peer_key(players.home, "gate", "gateway")
    confirmed: list[str] = []
    gate = GatewayLink(
        players.home, key, "gate", players.profile.digest, SystemClock(),
        on_taken=lambda uid, problem: confirmed.append(uid),
    )
    gate.start()
    sent = 0
    try:
        for round_ in range(3):
            for _ in range(200):
                sent += 1
                gate.report(
                    SignalSeen(
                        uid=f"s{sent}", type="fall", at_ns=sent, detail=same_words("down"),
                        device_id=f"CAM-PARK-{sent % 40 + 1:04d}",
                    )
                )
            until(lambda least=round_ * 200 + 60: len(confirmed) > least, "some confirmed", 30)
            os.kill(hub.pid, signal.SIGKILL)
            hub.wait()
            hub = players.hub()
        assert gate.wait_taken(40)
    finally:
        gate.close()
    watcher.until(
        lambda: watcher.board.link == "live" and watcher.board.health is not None
        and watcher.board.state.seq >= watcher.board.health.seq and watcher.board.state.incidents,
        "the watcher to be whole again",
    )
    assert players.end(hub) == 0
    ledger = Ledger.open(players.home / "ledger" / "ledger.db", SystemClock())
    try:
        uids = [one.event.signal.uid for one in ledger.entries() if hasattr(one.event, "signal")]
    finally:
        ledger.close()
    assert set(confirmed) <= set(uids)
    assert sorted(uids) == sorted(set(uids)), "a signal is on the record twice"
    assert len(uids) == sent


def test_a_stopped_hub_is_stale_on_the_desk_and_goes_on_where_it_was(players: Players):
    hub = players.hub()
    watcher = players.watcher()
    watcher.until(lambda: watcher.board.link == "live" and watcher.board.health, "the watcher")
    os.kill(hub.pid, signal.SIGSTOP)
    try:
        watcher.until(lambda: watcher.board.link == "stale", "the desk to say that it is cut off", 10)
    finally:
        os.kill(hub.pid, signal.SIGCONT)
    watcher.until(lambda: watcher.board.link == "live", "the desk to be live again")
    answer = watcher.do(do.StartViewing(camera_ids=("CAM-PARK-0001",), purpose="patrol"))
    assert isinstance(answer, do.Accepted)


def test_check_finds_a_running_hub_sound_and_a_tampered_ledger_not(players: Players):
    hub = players.hub()
    check = players.start("check", "--home", str(players.home), "--json")
    assert check.wait(60) == 0, players.said()
    found = msgspec.json.decode((players.home / "check-1.out").read_bytes())
    assert {"door ingest", "door desk", "chain", "message library"} <= {one["what"] for one in found}
    assert sum(one["detail"] == "refuses an unknown key" for one in found) == 4
    assert players.end(hub) == 0
    import sqlite3

    connection = sqlite3.connect(players.home / "ledger" / "ledger.db")
    tables = {row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type='table'")}
    entry = next(one for one in tables if one in ("entry", "entries"))
    for (trigger,) in connection.execute("SELECT name FROM sqlite_master WHERE type='trigger'").fetchall():
        connection.execute(f"DROP TRIGGER {trigger}")
    connection.execute(f"UPDATE {entry} SET body = replace(body, 'suwon', 'seoul') WHERE seq = 1")
    connection.commit()
    connection.close()
    again = players.start("check", "--home", str(players.home))
    assert again.wait(60) == 1
    assert "!!" in players.said()
