"""All ways out: one lane for each outlet, and a watch over outlets.toml."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from pathlib import Path

from console.broadcast.lane import Lane, Owed, Tell
from console.broadcast.outlets import Outlet, OutletBook
from console.broadcast.trying import Parcel
from console.clock import Clock
from console.language import load_catalogue
from console.model.base import Words
from console.model.message import DisasterMessage, OutletSeen
from console.profile.messages import Sending

LOOK_S = 1.0


class Carrier:
    """Gives messages to outlets. `start`, `owe` and `stop` from any one thread; reports come from others."""

    def __init__(self, home: Path, sending: Sending, clock: Clock, tell: Tell) -> None:
        self._book = OutletBook(home)
        self._sending, self._clock, self._tell = sending, clock, tell
        self._lanes: dict[str, Lane] = {}
        self._outlets: dict[str, Outlet] = {}
        self._lock = threading.Lock()
        self._stop = threading.Event()
        self._told_problem = ""
        self._thread = threading.Thread(target=self._watch, name="outlets", daemon=True)

    def start(self, owed: Iterable[DisasterMessage], known: Iterable[str] = ()) -> None:
        """Begin, with what an earlier run still owes. `known`: outlets that the record speaks of."""
        self._look()
        for name in known:
            if name not in self._outlets:
                self._gone(name)
        for message in owed:
            self.owe(message)
        self._thread.start()

    @property
    def outlets(self) -> tuple[str, ...]:
        """The names that are configured."""
        return tuple(self._outlets)

    @property
    def problem(self) -> str:
        """What is wrong with outlets.toml at present, or ""."""
        return self._book.problem

    def owe(self, message: DisasterMessage) -> None:
        """Give a message to every outlet it is still owed to."""
        parcel = Parcel(message.identifier, message.reference, message.cap.encode())
        for name in message.owed:
            with self._lock:
                lane = self._lanes.get(name)
                if lane is None:
                    lane = self._lanes[name] = self._new_lane(name, self._outlets.get(name))
            lane.owe(
                Owed(
                    message_id=message.id, parcel=parcel, expires_ns=message.expires_ns,
                    after=message.content.replaces,
                )
            )

    def stop(self) -> None:
        """End all; what has no receipt stays owed on the record."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(2 * LOOK_S)
        with self._lock:
            lanes = list(self._lanes.values())
        for lane in lanes:
            lane.stop()

    def _new_lane(self, name: str, outlet: Outlet | None) -> Lane:
        lane = Lane(name, outlet, self._sending, self._clock, self._tell)
        lane.start()
        return lane

    def _watch(self) -> None:
        while not self._stop.wait(LOOK_S):
            self._look()

    def _look(self) -> None:
        """Take in what outlets.toml says now."""
        before, self._outlets = self._outlets, dict(self._book.look())
        self._say_problem()
        for name, outlet in self._outlets.items():
            if before.get(name) == outlet:
                continue
            with self._lock:
                lane = self._lanes.get(name)
                if lane is None:
                    self._lanes[name] = self._new_lane(name, outlet)
            if lane is not None:
                lane.use(outlet)
        for name in set(before) - set(self._outlets):
            with self._lock:
                lane = self._lanes[name]
            lane.use(None)
            self._gone(name)

    def _gone(self, name: str) -> None:
        words = load_catalogue().both("messages.way.absent", outlet=name, detail="-")
        self._tell(OutletSeen(outlet=name, sort="", up=False, why=words), lambda kept: None)

    def _say_problem(self) -> None:
        """A broken file is told at every outlet it leaves as it was."""
        problem = self._book.problem
        if problem == self._told_problem:
            return
        self._told_problem = problem
        if problem:
            words = Words(en=problem, ko=problem)
            for name, outlet in self._outlets.items():
                self._tell(
                    OutletSeen(outlet=name, sort=outlet.sort, up=False, why=words), lambda kept: None
                )
