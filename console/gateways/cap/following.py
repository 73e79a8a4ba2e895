"""All sources followed at once: each asked at its own pace, and what each is like told to every desk."""

from __future__ import annotations

import asyncio
import logging
import random
from collections import OrderedDict
from collections.abc import Callable

from console.clock import Clock
from console.gateways.cap.asking import AskError, Asking, Remembered, rest
from console.gateways.cap.feed import Entry
from console.gateways.cap.figures import cap_figures
from console.gateways.cap.folder import FolderWatch
from console.gateways.cap.intake import Intake
from console.gateways.cap.refusing import Cause, NotTaken
from console.gateways.cap.sources import Source, shown_url
from console.model.base import Words

REMEMBERED = 5_000
"""Entries of a feed whose message has been fetched."""
_CAUSES: dict[str, Cause] = {"elsewhere": "hostile", "too_large": "too_large"}
_log = logging.getLogger("bongsu.gateway.cap")
Phrase = Callable[..., Words]

Tell = Callable[[str, Words | None], None]
"""A source answered (None), or did not, and why."""


class Following:
    """One source over HTTP(S). `run` until asked to stop."""

    def __init__(self, source: Source, intake: Intake, tell: Tell, phrase: Phrase, clock: Clock) -> None:
        self._source, self._intake, self._tell, self._phrase = source, intake, tell, phrase
        self._clock = clock
        self._remembered = Remembered()
        self._fetched: OrderedDict[str, None] = OrderedDict()
        self._failures = 0
        self._chance = random.Random()  # noqa: S311  spreads requests, decides nothing

    async def run(self, stopping: asyncio.Event) -> None:
        """Ask, wait, ask again."""
        asking = Asking(self._source)
        try:
            while True:
                try:
                    await self._ask(asking)
                except Exception:
                    _stumbled(self._source, self._tell, self._phrase)
                if await rest(self._wait_s(), stopping):
                    return
        finally:
            await asking.close()

    def _wait_s(self) -> float:
        ask = cap_figures().ask
        most = max(ask.most_wait_s, self._source.interval_s)
        wait_s = min(self._source.interval_s * 2.0 ** min(self._failures, 10), most)
        return wait_s * (1.0 + self._chance.uniform(-ask.jitter, ask.jitter))

    async def _ask(self, asking: Asking) -> None:
        source, most = self._source, cap_figures().most
        try:
            data = await asking.get(source.url, most.feed_bytes, self._remembered)
        except AskError as problem:
            self._failures += 1
            self._tell(source.id, self._words(problem))
            return
        self._failures = 0
        missing = False
        if data is not None:
            entries = await asyncio.to_thread(self._intake.take, data, shown_url(source.url), source.url)
            for entry in entries:
                missing |= not await self._fetch(asking, entry)
        if missing:  # ask for all of it again: what it names was not there
            self._remembered = Remembered()
        self._tell(source.id, None)

    async def _fetch(self, asking: Asking, entry: Entry) -> bool:
        """The message an entry names, once for each change of the entry; False to try again later."""
        key = f"{entry.url} {entry.mark}"
        if key in self._fetched:
            self._fetched.move_to_end(key)
            return True
        where = _named(entry.url, self._source.url)
        try:
            data = await asking.get(entry.url, cap_figures().most.message_bytes)
        except AskError as problem:
            cause: Cause = _CAUSES.get(problem.kind, "not_read")
            self._intake.refuse(NotTaken(cause, entry.line, "entry", str(problem)), where)
            if cause == "not_read":
                return False
            data = None
        if data is not None:
            for further in await asyncio.to_thread(self._intake.take, data, where, entry.url):
                again = NotTaken("invalid", further.line, "entry", "a feed names another feed")
                self._intake.refuse(again, where)
        self._fetched[key] = None
        while len(self._fetched) > REMEMBERED:
            self._fetched.popitem(last=False)
        return True

    def _words(self, problem: AskError) -> Words:
        said = self._phrase(f"warnings.source.{problem.kind}")
        return Words(en=f"{said.en} ({problem})", ko=f"{said.ko} ({problem})")


class Watching:
    """One source that is a folder. `run` until asked to stop."""

    def __init__(self, source: Source, intake: Intake, tell: Tell, phrase: Phrase) -> None:
        assert source.files is not None
        self._source, self._tell, self._phrase = source, tell, phrase
        self._watch = FolderWatch(source.files, intake)

    async def run(self, stopping: asyncio.Event) -> None:
        """Look, wait, look again."""
        while True:
            try:
                problem = await asyncio.to_thread(self._watch.look)
            except Exception:
                _stumbled(self._source, self._tell, self._phrase)
            else:
                said = self._phrase("warnings.source.folder")
                why = Words(en=f"{said.en} ({problem})", ko=f"{said.ko} ({problem})")
                self._tell(self._source.id, why if problem else None)
            if await rest(cap_figures().ask.folder_s, stopping):
                return


def _stumbled(source: Source, tell: Tell, phrase: Phrase) -> None:
    """An error of ours: told and logged, and the source is followed on."""
    _log.exception("%s: stopped by an error of the console itself; it is asked again.", source.id)
    tell(source.id, phrase("warnings.source.error"))


def _named(url: str, feed: str) -> str:
    """An entry's address as a person would look it up; without a query where that could be a key."""
    _, _, query = feed.partition("?")
    return shown_url(url) if query or "@" in url.split("/")[2:3] else url[:300]
