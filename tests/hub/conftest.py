"""A hub in a thread, with real sockets, keys and a real ledger, and clients of every kind."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import zmq

from console.clock import SystemClock
from console.desk.board import Board
from console.desk.link import HubLink
from console.gateways.link import GatewayLink
from console.hub.hub import Hub
from console.language import load_catalogue
from console.model.commands import Answer, Command
from console.profile import Profile, load_profile, nearest_cameras
from console.rules.city import phrase_of
from console.rules.correlate.placing import city_placing
from console.rules.triage import Triage
from console.wire.keys import ensure_peer_key
from console.wire.rendezvous import read_doors
from console.wire.sockets import connect
from tests.guards.waiting import until as wait_until


@pytest.fixture(scope="session")
def suwon() -> Profile:
    return load_profile("suwon")


class HubRoom:
    """Starts and stops hubs on one data folder, and what talks to them."""

    def __init__(self, home: Path, profile: Profile) -> None:
        self.home, self.profile, self.clock = home, profile, SystemClock()
        self.context: zmq.Context[Any] = zmq.Context()
        self._ends: list[Callable[[], None]] = []
        self.hub: Hub | None = None

    def start(self, following: bool = False, courier: Any = None) -> Hub:
        triage = Triage(
            self.profile,
            lambda where, count, without: nearest_cameras(
                self.profile, where, count, lambda one: one not in without
            ),
            phrase_of(load_catalogue()),
            city_placing(self.profile),
        )

        hub = Hub(self.home, self.profile, self.clock, triage, None, lambda _: courier, following)
        thread = threading.Thread(target=hub.run, name="hub")
        thread.start()
        wait_until(lambda: (doors := read_doors(self.home)) and doors.run == hub.run_id, "the hub's doors")
        self.hub = hub
        self._stop_hub = lambda: (hub.stop(), thread.join(20))
        return hub

    def stop(self) -> None:
        if self.hub is not None:
            self._stop_hub()
            self.hub = None

    def desk(self, name: str = "desk-1", person: str = "Kim", kind: type[HubLink] = HubLink) -> Desk:
        board = Board(self.profile, self.clock, name, person)
        key = ensure_peer_key(self.home, name, "desk")
        link = kind(self.home, key, person, board.inbox, self.clock, (), board.asked)
        link.start()
        self._ends.append(link.close)
        desk = Desk(board, link)
        desk.until(lambda: board.link == "live", f"{name} to be live")
        return desk

    def gateway(self, name: str = "gate", role: str = "gateway", **key: Any) -> GatewayLink:
        pair = ensure_peer_key(self.home, name, role, **key)
        link = GatewayLink(self.home, pair, "test", self.profile.digest, self.clock)
        link.start()
        self._ends.append(link.close)
        wait_until(link.connected.is_set, f"{name} to be connected")
        return link

    def raw(self, name: str, role: str, door: str = "ingest", **key: Any) -> zmq.Socket[Any]:
        """A bare DEALER with a key: for messages no client of ours would send."""
        doors = read_doors(self.home)
        assert doors is not None
        pair = ensure_peer_key(self.home, name, role, **key)
        socket = connect(self.context, zmq.DEALER, getattr(doors, door), pair)
        self._ends.append(lambda: socket.close(linger=0))
        socket.send_multipart([b"P"])
        assert socket.poll(10_000)
        socket.recv_multipart()
        return socket

    def refused(self, cause: str) -> int:
        assert self.hub is not None
        return self.hub.counters.refused[cause]

    def close(self) -> None:
        for end in reversed(self._ends):
            end()
        self.stop()
        self.context.destroy(linger=0)


class Desk:
    """One desk without a window."""

    def __init__(self, board: Board, link: HubLink) -> None:
        self.board, self.link = board, link
        self.answers: deque[Answer] = deque()

    def until(self, true: Callable[[], object], what: str, timeout_s: float = 15.0) -> None:
        def look() -> object:
            self.board.drain()
            return true()

        wait_until(look, what, timeout_s)

    def do(self, command: Command) -> Answer:
        """Ask, and wait for the answer."""
        asked = self.link.request(command)
        found: list[Answer] = []

        def answered() -> bool:
            found.extend(one for _, one in self.board.answers if one.id == asked)
            return bool(found)

        self.until(answered, f"an answer to {type(command).__name__}")
        return found[0]


@pytest.fixture
def room(tmp_path: Path, suwon: Profile) -> Iterator[HubRoom]:
    opened = HubRoom(tmp_path / "home", suwon)
    yield opened
    opened.close()
