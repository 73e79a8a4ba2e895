"""`bongsu gateway cap`: official warnings from folders and feeds, as CAP."""

from __future__ import annotations

import argparse
import asyncio
import signal
import sys
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from console.cityname import city_named
from console.clock import Clock, SystemClock
from console.gateways.cap.following import Following, Phrase, Watching
from console.gateways.cap.intake import Intake
from console.gateways.cap.sources import Source, SourceError, sources_of
from console.gateways.health import GatewayHealth
from console.gateways.link import GatewayLink
from console.language import load_catalogue
from console.logs import log_to
from console.model.base import Words
from console.paths import home as default_home
from console.profile import ProfileError, load_profile
from console.wire.keys import KeyFileError, ensure_peer_key

NAME = "gateway-cap"
STEP_S = 1.0


def run(argv: Sequence[str]) -> int:
    """Run until SIGTERM or SIGINT. 1 with the reason when it cannot start."""
    parser = argparse.ArgumentParser(prog="bongsu gateway cap", description=__doc__)
    parser.add_argument("--home", type=Path, default=default_home(), help="the hub's data folder")
    parser.add_argument("--city", default="suwon")
    parser.add_argument("--files", type=Path, action="append", default=[], metavar="DIR",
                        help="a folder to watch; may be said again")
    parser.add_argument("--feed", action="append", default=[], metavar="URL",
                        help="Atom, RSS or a CAP message; may be said again. An address with a key in it "
                        "belongs into the configuration")
    parser.add_argument("--config", type=Path, metavar="FILE", help="sources with certificates and intervals")
    told = parser.parse_args(argv)
    log_to(told.home, NAME)
    try:
        sources = sources_of(told.files, told.feed, told.config)
        profile = load_profile(city_named(told.city))
        key = ensure_peer_key(told.home, NAME, "warner")
    except (SourceError, ProfileError, KeyFileError) as problem:
        print(f"The gateway of warnings did not start. {problem}", file=sys.stderr)
        return 1
    clock = SystemClock()
    link = GatewayLink(told.home, key, "cap", profile.digest, clock)
    link.start()
    try:
        asyncio.run(follow(sources, link, clock, profile.time_zone))
    finally:
        link.close(wait_s=1.0)
    return 0


async def follow(sources: Sequence[Source], link: GatewayLink, clock: Clock, time_zone: str) -> None:
    """Follow all sources until a signal asks to stop."""
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    health = GatewayHealth(link, "cap", clock)
    phrase = load_catalogue().both

    def now() -> str:
        return datetime.fromtimestamp(clock.now_ns() / 1e9, ZoneInfo(time_zone)).strftime("%H:%M")

    standing = Standing(sources, health, now, phrase)
    runs = []
    for source in sources:
        intake = Intake(source, link.report, health.refuse)
        if source.files is not None:
            runs.append(Watching(source, intake, standing.tell, phrase).run(stopping))
        else:
            runs.append(Following(source, intake, standing.tell, phrase, clock).run(stopping))
    async with asyncio.TaskGroup() as group:
        for one in runs:
            group.create_task(one)
        group.create_task(_step(health, stopping))


async def _step(health: GatewayHealth, stopping: asyncio.Event) -> None:
    from console.gateways.cap.asking import rest

    while not await rest(STEP_S, stopping):
        health.step()


class Standing:
    """Which sources answer. The gateway is up while all that were asked do; else it says which does not."""

    def __init__(
        self, sources: Sequence[Source], health: GatewayHealth, now: Callable[[], str], phrase: Phrase
    ) -> None:
        self._shown = {one.id: one.shown for one in sources}
        self._now, self._phrase = now, phrase
        self._answered: dict[str, str] = {}
        self._problems: dict[str, Words | None] = {}
        self._health = health

    def tell(self, source_id: str, problem: Words | None) -> None:
        """A source answered, or did not, and why; when it last did is said with it."""
        if problem is None:
            self._answered[source_id] = self._now()
        else:
            at = self._answered.get(source_id)
            last = self._phrase("warnings.last", at=at) if at else self._phrase("warnings.never")
            problem = Words(en=f"{problem.en}, {last.en}", ko=f"{problem.ko}, {last.ko}")
        self._problems[source_id] = problem
        bad = {name: why for name, why in self._problems.items() if why is not None}
        peer = ", ".join(self._shown.values())[:200]
        if not bad:
            self._health.up(peer)
            return
        self._health.down(
            Words(
                en="; ".join(f"{name}: {why.en}" for name, why in bad.items()),
                ko="; ".join(f"{name}: {why.ko}" for name, why in bad.items()),
            ),
            peer,
        )
