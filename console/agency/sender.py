"""Brings what is owed to the console's door: same bytes until it confirms, in order, also after a restart."""

from __future__ import annotations

import asyncio
import logging
import ssl
from collections.abc import Callable
from pathlib import Path

import aiohttp
import msgspec

from console.agency.case import ENDED
from console.agency.script import Script
from console.agency.seals import Seals
from console.agency.store import Owed, Store, StoreError
from console.agency.tongue import Tongue
from console.clock import SECOND_NS, Clock
from console.handoff.cap import max_bytes
from console.handoff.profile import party_name
from console.handoff.signing import HEADER

_RETRY_S = (0.5, 1.0, 2.0, 4.0, 8.0)
_LOOK_S = 0.5
_FOR_GOOD = (400, 403, 404, 409, 413, 415)
"""What the console answers to a message that will not get better by sending it again."""


_log = logging.getLogger("bongsu.agency")


class ConsoleDoor:
    """Where the console is: told once, or read from its run file whenever that changes."""

    def __init__(self, url: str = "", run_file: Path | None = None) -> None:
        self._url = url
        self._run_file = run_file
        self._seen: tuple[int, int] | None = None

    def url(self) -> str:
        """The address, or "" while the console has not said it."""
        if self._run_file is None:
            return self._url
        try:
            stat = self._run_file.stat()
            now = (stat.st_mtime_ns, stat.st_ino)
            if now != self._seen:
                tree = msgspec.json.decode(self._run_file.read_bytes())
                door = tree.get("partner_door", "") if isinstance(tree, dict) else ""
                self._url = door if isinstance(door, str) and door.startswith("https://") else ""
                self._seen = now
        except (OSError, msgspec.DecodeError):
            pass  # not there yet, or half written: the last address may still hold
        return self._url


class Sender:
    """Used on the office's loop. `state` says in one word how the line to the console is.

    `replays_taken` counts copies that the console answered as if they were new, which it must not.
    """

    def __init__(
        self, store: Store, tongue: Tongue, seals: Seals, door: ConsoleDoor, context: ssl.SSLContext,
        script: Script, clock: Clock, changed: Callable[[], None],
    ) -> None:  # fmt: skip
        self._store = store
        self._tongue = tongue
        self._seals = seals
        self._door = door
        self._context = context
        self._script = script
        self._clock = clock
        self._changed = changed
        self._wake = asyncio.Event()
        self._signed_wrong = 0
        self.replays_taken = 0
        self.state = "waiting"

    def wake(self) -> None:
        """Something new is owed."""
        self._wake.set()

    async def run(self) -> None:
        """For ever, until cancelled."""
        async with aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(ssl=self._context, force_close=True),
            timeout=aiohttp.ClientTimeout(total=15, sock_connect=4), trust_env=False, auto_decompress=False,
            cookie_jar=aiohttp.DummyCookieJar(),
        ) as session:  # fmt: skip
            failures = 0
            while True:
                self._wake.clear()
                owed, pause_s = self._next()
                if owed is None:
                    await self._rest(pause_s)
                    continue
                if await self._bring(session, owed):
                    failures = 0
                    self._say("up")
                else:
                    self._say("down")
                    await self._rest(_RETRY_S[min(failures, len(_RETRY_S) - 1)])
                    failures += 1

    def _next(self) -> tuple[Owed | None, float]:
        """The next message to bring, or how long to wait for one that is due later."""
        now_ns = self._clock.now_ns()
        owed = self._store.owed()
        found = self._in_turn([one for one in owed if one.due_ns <= now_ns])
        later = [one.due_ns - now_ns for one in owed if one.due_ns > now_ns]
        return found, min([2.0, *(wait_ns / SECOND_NS for wait_ns in later)])

    def _in_turn(self, owed: list[Owed]) -> Owed | None:
        """The oldest; with `out_of_order`, of each pair the later one first."""
        if self._script.mode != "out_of_order":
            return owed[0] if owed else None
        numbered = {_number(one): one for one in owed if one.number == owed[0].number}
        if not numbered:
            return None
        first = min(numbered)
        if first % 2 == 1 and first + 1 in numbered:
            return numbered[first + 1]
        if first % 2 == 1 and self._more_comes(numbered[first], first):
            return None
        return numbered[first]

    def _more_comes(self, owed: Owed, number: int) -> bool:
        """Whether the case will say more than its message `number`."""
        case = self._store.case(owed.number)
        said = sum(one.ours for one in self._store.talk(owed.number))
        return said == number and case is not None and case.stage not in ENDED

    async def _bring(self, session: aiohttp.ClientSession, owed: Owed) -> bool:
        """One message, `copies` times; whether the console has it (or refuses it for good)."""
        url = self._door.url()
        if not url:
            return False
        for _ in range(owed.copies):
            header = self._header(owed.body)
            tried = await self._post(session, url, owed.body, header)
            if tried is None:
                return False
            status, answer = tried
            if status == 403 and self._script.mode == "wrong_signature" and header:
                return False  # it is said again, signed as it should be
            if status in _FOR_GOOD:
                _log.info("the console refused a message of %s with %d", owed.number, status)
                return self._settle(owed, status, answer)
            if status != 200 or not self._tongue.is_receipt(answer, owed.identifier):
                return False
            if self._script.mode == "replayed":
                await self._replay(session, url, owed.body, header)
        return self._settle(owed, status, answer)

    async def _post(
        self, session: aiohttp.ClientSession, url: str, body: bytes, header: str
    ) -> tuple[int, bytes] | None:
        headers = {"Content-Type": self._tongue.media_type}
        if header:
            headers[HEADER] = header
        try:
            async with session.post(
                url, data=body, headers=headers, allow_redirects=False, server_hostname=party_name("console"),
            ) as response:  # fmt: skip
                return response.status, await response.content.read(max_bytes())
        except (aiohttp.ClientError, OSError, TimeoutError):
            return None

    async def _replay(self, session: aiohttp.ClientSession, url: str, body: bytes, header: str) -> None:
        """The same message once more, with the same signature: as somebody who listened would send it."""
        tried = await self._post(session, url, body, header)
        if header and tried is not None and tried[0] == 200:
            self.replays_taken += 1
            _log.warning("the console took a copy of a signed message")

    def _header(self, body: bytes) -> str:
        wrong = self._script.mode == "wrong_signature"
        if wrong and (self._script.times == 0 or self._signed_wrong < self._script.times):
            self._signed_wrong += 1
            return self._seals.wrong(body, self._tongue.form)
        return self._seals.header(body, self._tongue.form)

    def _settle(self, owed: Owed, status: int, answer: bytes) -> bool:
        try:
            self._store.settle(owed, status, answer)
        except StoreError:
            return False  # it is brought once more, and the console knows it again
        return True

    async def _rest(self, seconds: float) -> None:
        """Wait, but not longer than until something new is owed or the console has another address."""
        url = self._door.url()
        while seconds > 0 and self._door.url() == url:
            try:
                await asyncio.wait_for(self._wake.wait(), min(seconds, _LOOK_S))
                return
            except TimeoutError:
                seconds -= _LOOK_S

    def _say(self, state: str) -> None:
        if state != self.state:
            _log.info("the line to the console is %s", state)
            self.state = state
            self._changed()


def _number(owed: Owed) -> int:
    """Which message of its case it is, from 1."""
    return int(owed.identifier.rpartition("-")[2])
