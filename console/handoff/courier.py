"""The courier: one thread that owes the partners their messages and hears what they say.

It has its own asyncio loop. The hub gives it outbox rows and gets reports; nothing here writes to the record.
"""

from __future__ import annotations

import asyncio
import logging
import random
import threading
from collections import Counter
from collections.abc import Callable, Coroutine, Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from console.clock import Clock, SystemClock
from console.handoff import tls
from console.handoff.delivery import Delivery
from console.handoff.door import Door
from console.handoff.handed import HandedDoor
from console.handoff.kinds import PartnerKind
from console.handoff.line import Line
from console.handoff.listener import Listener
from console.handoff.pace import LoopSleeper, Sleeper
from console.handoff.partners import PartnerBook, PartnerLink
from console.handoff.picturedoor import PictureDesk, PictureDoor
from console.handoff.profile import Times, handoff_profile
from console.handoff.reports import Report, Reporter
from console.handoff.signatures import SeenError, Signatures, SigningKeyError
from console.model.handoff import OutboxRow

_log = logging.getLogger("bongsu.courier")
_LOOK_S = 1.0
"""How often partners.toml is looked at."""


class CourierError(Exception):
    """The courier cannot start; the text says what a person can do."""


class Courier:
    """Delivers hand-offs and serves the console's door for the partners' answers.

    `partners` is the path of partners.toml, `keys` the folder of `tls.ensure_authority`. `report(report,
    done)` is called in the courier's thread and must not block; `done(ok)` may be called from any thread.
    `known` are (agency, key) of hand-offs given in earlier runs. With `home`, the pictures under it
    are given to whom they were sent. With `seen`, the file of used signatures,
    messages are signed and checked as `signers.toml` in `keys` says. `start`, `enqueue`, `remember`, `drop`,
    `counts` and `stop` may be called from any thread. `sleeper` and `rng` are for tests.
    """

    def __init__(
        self, partners: Path, keys: Path, report: Report, clock: Clock | None = None, *,
        sender: str = "console",
        host: str = "127.0.0.1", port: int = 0, known: Iterable[tuple[str, str]] = (),
        times: Times | None = None, sleeper: Sleeper | None = None, rng: random.Random | None = None,
        home: Path | None = None, seen: Path | None = None,
        kinds: Mapping[str, PartnerKind] | None = None,
    ) -> None:  # fmt: skip
        self._book = PartnerBook(partners)
        self._keys = keys
        self._report = report
        self._clock = clock or SystemClock()
        self._sender = sender
        self._host = host
        self._port = port
        self._known = set(known)
        self._times = times or handoff_profile().times
        self._sleeper = sleeper or LoopSleeper()
        self._rng = rng or random.Random()  # noqa: S311 - jitter, no secret
        self._home, self._seen = home, seen
        self._kinds = kinds
        self._counts: Counter[str] = Counter()
        self._links: dict[str, PartnerLink] = {}
        self._thread = threading.Thread(target=self._run, name="courier", daemon=True)
        self._lock = threading.Lock()
        self._waiting: list[OutboxRow] = []
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stop: asyncio.Event | None = None
        self._ready = threading.Event()
        self._failure = ""
        self._tasks: set[asyncio.Task[None]] = set()
        self._hearts: set[str] = set()
        self._delivery: Delivery | None = None
        self.pictures: PictureDesk | None = None
        """Who answers requests for pictures; set before the start. None: nobody, and they are not taken."""
        self.may_have: Callable[[str], bool] = lambda agency: True
        """Whether it is agreed for what an agency has pictures of its hand-offs; set before the start. Called
        on the courier's loop."""
        self.door_url = ""
        """Where partners send their messages; known once started."""

    def start(self, timeout_s: float = 10.0) -> str:
        """Start the thread; answers the door's URL. Raises CourierError."""
        self._thread.start()
        if not self._ready.wait(timeout_s):
            raise CourierError(f"the courier did not start within {timeout_s:g} s")
        if self._failure:
            self._thread.join()
            raise CourierError(self._failure)
        return self.door_url

    def stop(self, timeout_s: float = 5.0) -> None:
        """Stop and wait for the thread. What has no receipt yet stays owed in the outbox."""
        with self._lock:
            loop, stop = self._loop, self._stop
        if loop is not None and stop is not None:
            try:
                loop.call_soon_threadsafe(stop.set)
            except RuntimeError:
                pass  # the loop ended by itself meanwhile
        if self._thread.is_alive():
            self._thread.join(timeout_s)

    def enqueue(self, row: OutboxRow) -> None:
        """Owe these bytes to the partner from now on."""
        self.remember(row.agency, row.key)
        with self._lock:
            self._waiting.append(row)
            loop = self._loop
        if loop is not None:
            try:
                loop.call_soon_threadsafe(self._take_waiting)
            except RuntimeError:
                pass  # stopping; the row is still in the outbox on disk

    def drop(self, message_ids: Iterable[str]) -> None:
        """A person ended these: they are tried no more."""
        names = tuple(message_ids)
        with self._lock:
            self._waiting = [row for row in self._waiting if row.message_id not in names]
            loop, delivery = self._loop, self._delivery
        if loop is not None and delivery is not None:
            try:
                loop.call_soon_threadsafe(delivery.drop, names)
            except RuntimeError:
                pass  # stopping

    def remember(self, agency: str, key: str) -> None:
        """We gave `agency` the case `key`, so it may speak about it."""
        with self._lock:
            self._known.add((agency, key))

    def counts(self) -> dict[str, int]:
        """Counters since the start: attempts, outcomes by kind, door_messages, door_refused, ..."""
        return dict(self._counts)

    @property
    def waiting(self) -> int:
        """Hand-offs without a receipt."""
        return self._delivery.waiting if self._delivery is not None else len(self._waiting)

    @property
    def book_problem(self) -> str:
        """What is wrong with partners.toml at present, or ""."""
        return self._book.problem

    def _run(self) -> None:
        try:
            asyncio.run(self._main())
        except (tls.TlsError, SigningKeyError, SeenError, OSError) as error:
            self._failure = str(error)
        finally:
            with self._lock:
                self._loop = None
            self._ready.set()

    async def _main(self) -> None:
        limits = handoff_profile().door
        server = tls.server_context(self._keys, tls.CONSOLE, self._clock)
        client = tls.client_context(self._keys, tls.CONSOLE, self._clock)
        reporter = Reporter(self._report, self._times.commit_s)
        signatures = (
            Signatures(self._keys, self._sender, self._seen, self._clock) if self._seen is not None else None
        )
        door = Door(
            lambda: self._links, self._is_known, reporter, self._sender, self._clock, limits, self._counts,
            self._kinds, signatures,
        )
        application = door.application()
        if self._home is not None:
            HandedDoor(
                self._home, door.partner, self._is_known, self.may_have, reporter, self._clock, limits,
                self._counts,
            ).join(application)
        if self.pictures is not None:
            PictureDoor(
                lambda: self._links, reporter, self.pictures, signatures, self._sender, self._clock, limits,
                self._counts,
            ).join(application)
        listener = Listener(application, server, limits.connections, limits.idle_s)
        line = Line(client, self._times)
        stop = asyncio.Event()
        try:
            port = await listener.start(self._host, self._port)
            self._delivery = Delivery(
                line,
                lambda: self._links,
                reporter,
                self._clock,
                self._times,
                self._sleeper,
                self._rng,
                self._counts,
                signatures.headers if signatures is not None else None,
            )
            self.door_url = f"https://{self._host}:{port}/handoff"
            with self._lock:
                self._loop, self._stop = asyncio.get_running_loop(), stop
            self._look()
            self._take_waiting()
            self._spawn(self._watch_book)
            self._ready.set()
            await stop.wait()
        finally:
            with self._lock:
                self._loop = None
            for task in tuple(self._tasks):
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)
            await listener.stop()
            await line.close()
            if signatures is not None:
                signatures.close()

    async def _watch_book(self) -> None:
        while True:
            await asyncio.sleep(_LOOK_S)
            self._look()

    def _look(self) -> None:
        """Take in what partners.toml says: a heart beats for each partner, a new address is tried now."""
        before, self._links = self._links, self._book.links()
        if self._delivery is None:
            return
        for agency, link in self._links.items():
            if before.get(agency) != link:
                self._delivery.wake(agency)
            if agency not in self._hearts:
                self._hearts.add(agency)
                self._spawn(partial(self._delivery.heartbeat, agency))

    def _take_waiting(self) -> None:
        with self._lock:
            rows, self._waiting = self._waiting, []
        if self._delivery is not None:
            for row in rows:
                self._spawn(partial(self._delivery.carry, row))

    def _is_known(self, agency: str, key: str) -> bool:
        with self._lock:
            return (agency, key) in self._known

    def _spawn(self, what: Callable[[], Coroutine[Any, Any, None]]) -> None:
        task = asyncio.ensure_future(self._keep_going(what))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _keep_going(self, what: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """A fault of ours is logged and counted, and the work begun again: what is owed stays owed."""
        while True:
            try:
                await what()
                return
            except Exception:
                self._counts["faults"] += 1
                _log.exception("the courier failed; it begins again")
                await self._sleeper.sleep(self._times.retry_most_s)
