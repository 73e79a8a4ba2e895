"""History, kept by a real process that is killed in the middle of its work."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import msgspec
import numpy as np
import pytest

from console.clock import SECOND_NS, SystemClock
from console.gateways.link import GatewayLink
from console.history.envelope import Wanted
from console.history.layout import FOLDER
from console.history.reader import HistoryReader
from console.telemetry.table import Columns
from console.wire.keys import ensure_peer_key
from tests.guards.waiting import until
from tests.journeys.conftest import Players

pytestmark = pytest.mark.journey

POINTS = np.arange(0, 24_000, 100, dtype=np.uint32)


def kept(home: Path, point_id: str, since_ns: int) -> dict[int, float]:
    reader = HistoryReader(home / FOLDER)
    try:
        (found,) = reader.read((Wanted(point_id, SECOND_NS),), since_ns, since_ns + 10**12, 0)
        assert reader.problems == {}
        at = found.at_ns.tolist()
        assert len(at) == len(set(at)), "a reading is there twice"
        return dict(zip(at, found.last.tolist(), strict=True))
    finally:
        reader.close()


def test_a_history_that_is_killed_loses_its_last_moment_and_nothing_else(players: Players):
    home, clock = players.home, SystemClock()
    players.hub()
    words = ("history", "--home", str(home))
    history = players.start(*words)
    said = home / "run" / "history.json"

    def connected(process) -> bool:
        try:
            found = msgspec.json.decode(said.read_bytes())
        except (OSError, msgspec.DecodeError):
            return False
        return found["connected"] and found["pid"] == process.pid

    until(lambda: connected(history), lambda: players.said())
    link = GatewayLink(
        home, ensure_peer_key(home, "gate", "gateway"), "gate", players.profile.digest, clock
    )  # fmt: skip
    link.start()
    low, high = players.profile.points.lows()[POINTS], players.profile.points.highs()[POINTS]
    watched = int(POINTS[7])
    point = players.profile.points[watched]
    sent: list[int] = []
    begin_ns = clock.now_ns()

    def publish() -> None:
        at_ns = clock.now_ns()
        share = (len(sent) % 50) / 50
        link.publish(Columns(
            POINTS, low + (high - low) * share, np.full(len(POINTS), at_ns, np.int64),
            np.zeros(len(POINTS), np.uint8),
        ))  # fmt: skip
        sent.append(at_ns)

    def publish_until(true) -> None:
        def look() -> object:
            publish()
            return true()

        until(look, lambda: players.said(), 30)

    try:
        assert link.connected.wait(20)
        publish_until(lambda: len(kept(home, point.id, begin_ns)) > 20)
        os.kill(history.pid, signal.SIGKILL)
        history.wait()
        killed_ns = clock.now_ns()
        before = list(sent)
        history = players.start(*words)
        until(lambda: connected(history), lambda: players.said())
        back_ns = clock.now_ns()
        publish_until(lambda: any(at > back_ns for at in kept(home, point.id, begin_ns)))
    finally:
        link.close()
    assert players.end(history) == 0
    found = kept(home, point.id, begin_ns)
    first = min(found)
    missing = [at for at in before if first <= at < killed_ns - SECOND_NS and at not in found]
    assert missing == []
    assert max(found) > back_ns
    span = point.high - point.low
    numbers = {at: number for number, at in enumerate(sent)}
    for at, value in found.items():
        assert value == pytest.approx(point.low + span * (numbers[at] % 50) / 50)
