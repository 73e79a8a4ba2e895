"""Brings what is owed to the console's door: same bytes until it confirms, in order, also after a restart."""

from __future__ import annotations

import asyncio
import logging
import ssl
from collections.abc import Callable
from pathlib import Path

import aiohttp
import msgspec

from console.agency.script import Mode
from console.agency.store import Owed, Store
from console.handoff import rules
from console.handoff.cap import CapError, max_bytes, parse
from console.handoff.profile import party_name

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
    """Used on the office's loop. `state` says in one word how the line to the console is."""

    def __init__(
        self,
        store: Store,
        door: ConsoleDoor,
        context: ssl.SSLContext,
        mode: Mode,
        changed: Callable[[], None],
    ) -> None:
        self._store = store
        self._door = door
        self._context = context
        self._mode = mode
        self._changed = changed
        self._wake = asyncio.Event()
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
                owed = self._in_turn(self._store.owed())
                if owed is None:
                    await self._rest(2.0)
                    continue
                if await self._bring(session, owed):
                    failures = 0
                    self._say("up")
                else:
                    self._say("down")
                    await self._rest(_RETRY_S[min(failures, len(_RETRY_S) - 1)])
                    failures += 1

    def _in_turn(self, owed: list[Owed]) -> Owed | None:
        """The next message to bring: the oldest; with `out_of_order`, of each pair the later one first."""
        if self._mode != "out_of_order":
            return owed[0] if owed else None
        numbered = {_number(one): one for one in owed if one.key == owed[0].key}
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
        case = self._store.case(owed.key)
        said = len(self._store.thread(owed.key)) - 1
        return said == number and case is not None and case.stage not in ("closed", "rejected")

    async def _bring(self, session: aiohttp.ClientSession, owed: Owed) -> bool:
        """One message, `copies` times; whether the console has it (or refuses it for good)."""
        url = self._door.url()
        if not url:
            return False
        for _ in range(owed.copies):
            try:
                async with session.post(
                    url, data=owed.body, headers={"Content-Type": "application/cap+xml"},
                    allow_redirects=False, server_hostname=party_name("console"),
                ) as response:  # fmt: skip
                    answer = await response.content.read(max_bytes())
                    status = response.status
            except (aiohttp.ClientError, OSError, TimeoutError):
                return False
            if status in _FOR_GOOD:
                _log.info("the console refused a message of %s with %d", owed.key, status)
                self._store.settle(owed, status, answer)
                return True
            if status != 200 or not _is_receipt(answer):
                return False
        self._store.settle(owed, status, answer)
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
    return int(parse(owed.body).identifier.rpartition("-")[2])


def _is_receipt(answer: bytes) -> bool:
    try:
        message = parse(answer)
    except CapError:
        return False
    return message.msg_type == "Ack" and rules.status_of(message) == "received"
