"""The agency as one running thing: store, station, door, sender and automatic answers on one asyncio loop."""

from __future__ import annotations

import asyncio
import logging
import ssl
from collections.abc import Callable
from pathlib import Path

import msgspec

from console.agency import announce, certificates
from console.agency.automat import Automat
from console.agency.case import Act
from console.agency.facts import CaseFacts, FactsBook
from console.agency.front import Front
from console.agency.script import Script
from console.agency.sender import ConsoleDoor, Sender
from console.agency.station import ActRefused, Station
from console.agency.store import Store
from console.clock import Clock
from console.model.base import Record

_log = logging.getLogger("bongsu.agency")


class Plan(Record, frozen=True, kw_only=True):
    """What the command line asked for."""

    number: str
    agency: str
    sender: str
    folder: Path
    keys: Path
    script: Script
    wait_s: float = 30.0
    host: str = "127.0.0.1"
    port: int = 0
    ready_file: Path | None = None
    register: Path | None = None
    console_url: str = ""
    run_file: Path | None = None
    shown: bool = False
    """Somebody looks at `Office.view`, so it is kept up to date."""


class View(Record, frozen=True, kw_only=True):
    """What a window shows. Replaced whole, never changed.

    `console` is "waiting" (nothing said yet), "up" or "down"; `problem` is what a person must know;
    `ended` says that the office does not run (any more).
    """

    version: int
    cases: tuple[CaseFacts, ...] = ()
    url: str = ""
    console: str = "waiting"
    problem: str = ""
    ended: bool = False


class Office:
    """`run` belongs to one thread with a loop; `view`, `ask` and `stop` may be used from any."""

    def __init__(self, plan: Plan, clock: Clock) -> None:
        self._plan = plan
        self._clock = clock
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop: asyncio.Event | None = None
        self._station: Station | None = None
        self._sender: Sender | None = None
        self._wake: asyncio.Event | None = None
        self._url = ""
        self._problem = ""
        self._facts = FactsBook()
        self._told_to_stop = False
        self.view = View(version=0)

    async def run(self) -> None:
        """Until `stop`. Raises CertificateError, StoreError, AnnounceError or OSError where it cannot be."""
        self._loop, self._stop = asyncio.get_running_loop(), asyncio.Event()
        if self._told_to_stop:
            return
        work = asyncio.ensure_future(self._work())
        stopping = asyncio.ensure_future(self._stop.wait())
        try:
            await asyncio.wait({work, stopping}, return_when=asyncio.FIRST_COMPLETED)
            if work.done():
                work.result()
        finally:
            stopping.cancel()
            work.cancel()
            await asyncio.gather(work, stopping, return_exceptions=True)
            self._loop = None

    async def _work(self) -> None:
        plan = self._plan
        self._wake = asyncio.Event()
        server, client = await _contexts(plan, self._clock)
        store = Store(plan.folder / "store.db", plan.agency)
        station = self._station = Station(store, plan.agency, plan.sender, self._clock)
        door = ConsoleDoor(plan.console_url, plan.run_file)
        sender = self._sender = Sender(store, door, client, plan.script.mode, self._changed)
        front = Front(station, plan.script, server)
        automat = Automat(station, plan.script, self._clock, self._acted)
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(sender.run())
                group.create_task(automat.run(self._wake))
                group.create_task(self._listen(front))
                self._changed()
        except ExceptionGroup as failed:
            raise failed.exceptions[0] from failed  # one is enough to say why
        finally:
            await front.stop()
            store.close()

    def stop(self) -> None:
        """End `run` soon."""
        self._told_to_stop = True  # first, for a `run` that is only about to begin
        loop, stop = self._loop, self._stop
        if loop is not None and stop is not None:
            try:
                loop.call_soon_threadsafe(stop.set)
            except RuntimeError:
                pass  # it ended by itself

    def ask(self, key: str, act: Act, *, reason: str = "", unit: str = "", words: str = "") -> None:
        """A person's decision. What came of it is in the next `view`."""
        loop = self._loop
        if loop is not None:
            loop.call_soon_threadsafe(self._do, key, act, reason, unit, words)

    def _do(self, key: str, act: Act, reason: str, unit: str, words: str) -> None:
        if self._station is None:
            return
        try:
            self._station.act(key, act, reason=reason, unit=unit, words=words)
            self._problem = ""
        except ActRefused as refused:
            self._problem = str(refused)
        self._acted()

    async def _listen(self, front: Front) -> None:
        """Open the door (late, where the script says so) and tell of every case that comes."""
        if self._plan.script.mode == "down":
            if not self._plan.script.down_s:
                await asyncio.Event().wait()
            await asyncio.sleep(self._plan.script.down_s)
        port = await front.start(self._plan.host, self._plan.port)
        _log.info("%s listens on port %d", self._plan.agency, port)
        self._url = f"https://{self._plan.host}:{port}/handoff"
        await asyncio.to_thread(self._announce)
        self._changed()
        while True:
            await front.taken.wait()
            front.taken.clear()
            self._acted()

    def _announce(self) -> None:
        if self._plan.register is not None:
            announce.register(self._plan.register, self._plan.agency, self._url, self._plan.sender)
        if self._plan.ready_file is not None:
            announce.write_ready_file(self._plan.ready_file, self._plan.agency, self._url)

    def _acted(self) -> None:
        if self._sender is not None and self._wake is not None:
            self._sender.wake()
            self._wake.set()
        self._changed()

    def _changed(self) -> None:
        """Show how things stand now."""
        if self._plan.shown and self._station is not None and self._sender is not None:
            self.view = View(
                version=self.view.version + 1, url=self._url, console=self._sender.state,
                problem=self._problem,
                cases=tuple(self._facts.of(case) for case in self._station.cases()),
            )  # fmt: skip

    def ended(self, problem: str) -> None:
        """Say that the office runs no more, and why. Called by whoever ran it."""
        self.view = msgspec.structs.replace(
            self.view, version=self.view.version + 1, ended=True, problem=problem, console="down"
        )


async def _contexts(plan: Plan, clock: Clock) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """Certificates for both directions; untrusted ones where the script wants that."""
    keys = plan.keys
    if plan.script.mode == "wrong_certificate":
        keys = plan.folder / "untrusted"
        certificates.make_untrusted(keys, plan.agency, clock)
    await certificates.wait_for_files(keys, plan.agency, clock, plan.wait_s)
    return certificates.contexts(keys, plan.agency)


def run_headless(plan: Plan, clock: Clock, on_signals: Callable[[Office], None]) -> None:
    """Run an office in this thread until a signal or `stop`."""
    office = Office(plan, clock)

    async def main() -> None:
        on_signals(office)
        await office.run()

    asyncio.run(main())
