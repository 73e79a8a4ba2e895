"""The whole demo as anybody would start it, offscreen."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import msgspec
import psutil
import pytest

from console.clock import SystemClock
from console.ledger import Ledger
from console.model import events as ev
from tests.guards.waiting import until
from tests.journeys.conftest import Players

pytestmark = pytest.mark.journey

REPO = Path(__file__).resolve().parents[2]


def test_the_demo_shows_a_working_centre_and_says_what_it_did(players: Players, tmp_path: Path):
    shots = tmp_path / "shots"
    demo = players.start(
        "demo", "--headless", "--home", str(tmp_path / "run"), "--for", "50", "--screenshots", str(shots),
        "--at", "8,40", "--language", "ko", DISPLAY="",
    )
    assert demo.wait(150) == 0, players.said()
    text = (players.home / "demo-0.out").read_text("utf-8").strip().splitlines()
    summary = msgspec.json.decode(text[-1])
    assert summary["problems"] == []
    assert summary["panes_moving"] >= 15
    assert summary["cameras_recorded"] == summary["cameras_to_record"] >= 16
    assert summary["incidents"] >= 2
    assert summary["handoffs_received"] >= 1 and summary["handoffs_accepted"] >= 1
    assert summary["drops"] == {} and summary["lost_batches"] == 0 and summary["restarts"] == 0
    assert summary["refused"] == {}
    pictures = sorted(shots.glob("*.png"))
    assert len(pictures) == 2 and all(one.stat().st_size > 100_000 for one in pictures)
    procedures_led_by_the_record(tmp_path / "run")


def procedures_led_by_the_record(home: Path) -> None:
    """Each incident of the story had its procedure, and what was done anyway did its steps."""
    ledger = Ledger.open(home / "ledger" / "ledger.db", SystemClock())
    try:
        events = [one.event for one in ledger.entries()]
    finally:
        ledger.close()
    moves = [one for one in events if isinstance(one, ev.ProcedureMoved)]
    opened = {one.incident_id for one in events if isinstance(one, ev.OPENED)}
    assert opened == {one.incident_id for one in moves if one.move == "started"}
    assert "cameras_opened" in {one.because for one in moves if one.who == "rule:procedure"}


def test_a_desk_that_was_stopped_comes_back_to_the_whole_truth(players: Players):
    """Stopped for longer than the bus waits for anybody: its connection is given up and made anew."""
    players.hub()
    desk = players.start("desk", "--home", str(players.home), "--desk", "desk-1", "--no-video")
    figures_at = players.home / "run" / "desk-desk-1.json"

    def figures() -> dict:
        try:
            return msgspec.json.decode(figures_at.read_bytes())
        except (OSError, msgspec.DecodeError):
            return {}

    until(lambda: figures().get("link") == "live", lambda: f"the desk: {players.said()}", 60)
    watcher = players.watcher()
    watcher.until(lambda: watcher.board.link == "live", "the watcher")
    os.kill(desk.pid, signal.SIGSTOP)
    try:
        scenario = players.start("gateway", "scenario", "--home", str(players.home), "--speed", "10")
        watcher.until(lambda: len(watcher.board.state.incidents) >= 4, "four incidents meanwhile")
        players.end(scenario)
    finally:
        os.kill(desk.pid, signal.SIGCONT)
    watcher.until(lambda: watcher.board.health is not None, "the hub's counters")
    until(
        lambda: figures().get("link") == "live" and figures().get("seq", 0) >= watcher.board.state.seq
        and figures().get("incidents", 0) >= 4,
        lambda: f"the desk to be whole again: {figures()}", 40,
    )
    assert players.end(desk) == 0


@pytest.mark.soak
def test_a_desk_stopped_for_thirty_seconds_loses_nothing(players: Players):
    players.hub()
    desk = players.start("desk", "--home", str(players.home), "--desk", "desk-1", "--no-video")
    figures_at = players.home / "run" / "desk-desk-1.json"
    until(figures_at.exists, "the desk", 60)
    watcher = players.watcher()
    scenario = players.start("gateway", "scenario", "--home", str(players.home), "--speed", "5")
    os.kill(desk.pid, signal.SIGSTOP)
    began = watcher.board.clock.mono_ns()
    watcher.until(lambda: watcher.board.clock.mono_ns() - began > 30e9, "thirty seconds", 40)
    os.kill(desk.pid, signal.SIGCONT)
    players.end(scenario)
    until(
        lambda: msgspec.json.decode(figures_at.read_bytes()).get("seq", 0) >= watcher.board.state.seq,
        "the desk to be whole again", 40,
    )


def test_a_cameras_password_is_in_no_log_argument_record_or_summary(players: Players, tmp_path: Path):
    """Given on the person's own command line it is passed on by a private file only."""
    canary, run = "Zb7-kanarie-91", tmp_path / "run"
    demo = players.start(
        "demo", "--headless", "--home", str(run), "--for", "14", "--at", "6",
        "--camera", f"rtsp://kim:{canary}@127.0.0.1:9/nobody", DISPLAY="",
    )
    until((run / "video" / "credentials.json").exists, lambda: f"the sources: {players.said()}", 60)
    watched = psutil.Process(demo.pid).children(recursive=True)
    assert len(watched) >= 3
    assert not [one.cmdline() for one in watched if canary in " ".join(one.cmdline())]
    assert demo.wait(90) in (0, 1)  # the pane without a camera may keep the run from being sound
    assert canary not in (players.home / "demo-0.out").read_text("utf-8")
    kept = [one for one in run.rglob("*") if one.is_file() and canary.encode() in one.read_bytes()]
    assert [one.name for one in kept] == ["credentials.json"]
    assert kept[0].stat().st_mode & 0o077 == 0
    assert (run / "video" / "sources.json").read_text("utf-8").count("127.0.0.1:9/nobody") == 1
