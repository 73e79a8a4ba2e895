"""Real processes on a data folder of their own, ended and looked at when the story is over."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from console.clock import SystemClock
from console.desk.board import Board
from console.desk.link import HubLink
from console.model.commands import Answer, Command
from console.profile import Profile, load_profile
from console.wire.keys import ensure_peer_key
from console.wire.rendezvous import read_doors
from tests.guards.waiting import until


@pytest.fixture(scope="session")
def suwon() -> Profile:
    return load_profile("suwon")


class Players:
    """`bongsu` processes and one watcher at a desk without a window."""

    def __init__(self, home: Path, profile: Profile) -> None:
        self.home, self.profile = home, profile
        self._running: list[subprocess.Popen[bytes]] = []
        self._links: list[HubLink] = []

    def start(self, *words: str, **environment: str) -> subprocess.Popen[bytes]:
        self.home.mkdir(parents=True, exist_ok=True)
        with open(self.home / f"{words[0]}-{len(self._running)}.out", "ab") as output:
            process = subprocess.Popen(
                [sys.executable, "-m", "console.cli", *words], stdin=subprocess.DEVNULL, stdout=output,
                stderr=subprocess.STDOUT, start_new_session=True,
                env={**os.environ, "QT_QPA_PLATFORM": "offscreen", **environment},
            )
        self._running.append(process)
        return process

    def hub(self, *words: str) -> subprocess.Popen[bytes]:
        before = read_doors(self.home)
        process = self.start("hub", "--home", str(self.home), *words)
        until(
            lambda: (now := read_doors(self.home)) and (before is None or now.run != before.run),
            lambda: f"the hub: {self.said()}", 40,
        )
        return process

    def watcher(self, name: str = "watcher", person: str = "Watcher") -> Watcher:
        board = Board(self.profile, SystemClock(), name, person)
        key = ensure_peer_key(self.home, name, "desk")
        link = HubLink(self.home, key, person, board.inbox, board.clock, (), board.asked)
        link.start()
        self._links.append(link)
        return Watcher(board, link)

    def end(self, process: subprocess.Popen[bytes]) -> int:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        return process.wait(30)

    def said(self) -> str:
        """What the processes printed, for a failure's text."""
        return "\n".join(f"{one.name}: {one.read_text('utf-8')[-1500:]}" for one in self.home.glob("*.out"))

    def close(self) -> None:
        for link in self._links:
            link.close()
        for process in reversed(self._running):
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
        for process in reversed(self._running):
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


class Watcher:
    """A desk without a window."""

    def __init__(self, board: Board, link: HubLink) -> None:
        self.board, self.link = board, link

    def until(self, true: Callable[[], object], what: str, timeout_s: float = 40.0) -> None:
        def look() -> object:
            self.board.drain(100.0)
            return true()

        until(look, what, timeout_s)

    def do(self, command: Command) -> Answer:
        asked = self.link.request(command)
        self.until(lambda: any(one.id == asked for _, one in self.board.answers), "an answer")
        return next(one for _, one in self.board.answers if one.id == asked)


@pytest.fixture
def players(tmp_path: Path, suwon: Profile) -> Iterator[Players]:
    """The processes of one story; every one of them is ended afterwards."""
    opened = Players(tmp_path / "home", suwon)
    yield opened
    opened.close()
