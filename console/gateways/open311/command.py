"""`bongsu gateway open311`: citizens' reports by Open311 GeoReport v2, and the answers back to them."""

from __future__ import annotations

import argparse
import asyncio
import logging
import secrets
import signal
import stat
import sys
from collections.abc import Callable
from pathlib import Path

import msgspec
import numpy as np

from console.citizens.contacts import ContactBook
from console.cityname import city_named
from console.clock import SECOND_NS, Clock, SystemClock
from console.gateways.follow import HubFollower
from console.gateways.health import GatewayHealth
from console.gateways.link import GatewayLink
from console.gateways.open311.apikeys import ApiKeyBook, ApiKeyError
from console.gateways.open311.config import ConfigError, ServerConfig, load_config, tls_context
from console.gateways.open311.door import Door
from console.gateways.open311.forgetting import due
from console.gateways.open311.server import BASE, ReportServer
from console.language import load_catalogue
from console.logs import log_to
from console.model.base import Words
from console.model.citizenreport import ReportTold
from console.model.events import Entry
from console.model.fact import ReportSent
from console.model.state import CityState
from console.paths import home as default_home
from console.paths import one_at_a_time, private_folder, write_private
from console.profile import Profile, ProfileError, load_profile
from console.telemetry.table import GOOD, Columns
from console.wire.keys import KeyFileError, ensure_peer_key

NAME = "gateway-open311"
SECRET_FILE = ("citizens", "digest.key")
INTAKE_KIND = "report_intake"
FIGURES_EVERY_S = 60.0
FORGET_EVERY_S = 600.0
STEP_S = 1.0
GRACE_NS = 5 * SECOND_NS
"""After its start the server says nothing of a hub that has not answered yet."""
NOT_NOW = "this hub follows a recording"
"""How a hub's answer begins that plays a recording: another hub may take the report later."""
AWAY = Words(
    en="The hub does not answer. Reports are kept on this disk and citizens get a token.",
    ko="허브가 응답하지 않습니다. 신고는 이 디스크에 보관되고 시민은 토큰을 받습니다.",
)

_log = logging.getLogger("bongsu.gateway.open311")


class StartError(Exception):
    """The server cannot start; says why and what to do."""


def run(argv: list[str]) -> int:
    """Serve until SIGTERM or SIGINT; or make, list or revoke a key. 1 with the reason where it cannot."""
    told = _arguments(argv)
    clock = SystemClock()
    try:
        if told.new_key or told.keys or told.revoke_key:
            return _keys(told, clock)
        log_to(told.home, NAME)
        profile = load_profile(city_named(told.city))
        if profile.reports is None:
            raise StartError(f"{told.city}: its file names no `reports`: citizens can report nothing.")
        config = load_config(told.config, told.port)
        return asyncio.run(_serve(told.home, profile, config, clock))
    except (ProfileError, ConfigError, KeyFileError, ApiKeyError, StartError, OSError) as problem:
        sys.stderr.write(f"The Open311 server did not start. {problem}\n")
        return 1


def _arguments(argv: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bongsu gateway open311", description=__doc__)
    parser.add_argument("--home", type=Path, default=default_home(), help="the hub's data folder")
    parser.add_argument("--city", default="suwon", help="profile of seeds/cities, or a file")
    parser.add_argument("--port", type=int, help="instead of the configured one; 0: any free one")
    parser.add_argument("--config", type=Path, metavar="FILE", help="a site's own figures (TOML)")
    parser.add_argument("--new-key", metavar="APP", help="make a key for an app, print it once, and end")
    parser.add_argument("--keys", action="store_true", help="list the apps that have a key, and end")
    parser.add_argument("--revoke-key", metavar="ID", help="take a key away, and end")
    return parser.parse_args(argv)


def _keys(told: argparse.Namespace, clock: Clock) -> int:
    book = ApiKeyBook(told.home)
    if told.new_key:
        sys.stdout.write(book.make(told.new_key, clock.now_ns()) + "\n")
        return 0
    if told.revoke_key:
        gone = book.revoke(told.revoke_key)
        sys.stdout.write(f"{told.revoke_key}: {'is taken away' if gone else 'no such key'}.\n")
        return 0 if gone else 1
    for key in book.names():
        sys.stdout.write(f"{key.id}  {key.name}\n")
    return 0


async def _serve(home: Path, profile: Profile, config: ServerConfig, clock: Clock) -> int:
    context = tls_context(config)
    key = ensure_peer_key(home, NAME, "intake")
    gateway = Open311Gateway(home, profile, config, clock, key_secret(home))
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    link = GatewayLink(home, key, NAME, profile.digest, clock, on_taken=gateway.taken_from(loop))
    follower = HubFollower(home, key, clock, gateway.snapshot_to(loop), gateway.entry_to(loop))
    server = gateway.bind(link, follower)
    door = Door(server.application(), context, config.limits)
    try:
        port = await door.start(config.listen.host, config.listen.port)
    except OSError as problem:
        raise StartError(f"Port {config.listen.port} cannot be had: {problem.strerror}.") from None
    scheme = "https" if config.secure else "http"
    server.base_url = (config.listen.public_url or f"{scheme}://{config.listen.host}:{port}") + BASE
    link.start()
    follower.start()
    gateway.begin()
    _announce(home, server.base_url)
    _log.info("Listening at %s.", server.base_url)
    try:
        while not stopping.is_set():
            await gateway.step()
            try:
                await asyncio.wait_for(stopping.wait(), STEP_S)
            except TimeoutError:
                continue
    finally:
        await door.stop()
        await asyncio.to_thread(follower.close)
        await asyncio.to_thread(link.close, 1.0)
        (home / "run" / "open311.json").unlink(missing_ok=True)
    return 0


class Open311Gateway:
    """Joins the server, the hub's two links and the disk. On the loop, but for what `*_to` and `taken_from`
    return.
    """

    def __init__(
        self, home: Path, profile: Profile, config: ServerConfig, clock: Clock, secret: bytes
    ) -> None:
        self._home, self._profile, self._config = home, profile, config
        self._clock, self._secret = clock, secret
        self._contacts = ContactBook(home)
        self._figures_due_ns = self._forget_due_ns = 0
        self._begun_ns = clock.mono_ns()
        self._held = False
        self._intake = _intake_points(profile)

    def bind(self, link: GatewayLink, follower: HubFollower) -> ReportServer:
        """Make the server that sends by this link."""
        self._link, self._follower = link, follower
        self._health = GatewayHealth(link, "open311", self._clock)
        self._server = ReportServer(
            self._home, self._profile, self._config, self._secret, load_catalogue(), self._health, self._send,
            self._clock,
        )  # fmt: skip
        return self._server

    def begin(self) -> None:
        """Send what waited when the server ended."""
        waiting = self._server.waiting.read()
        for told in waiting:
            self._send(told)
        if waiting:
            _log.info("%d reports waited on this disk and are sent.", len(waiting))

    def _send(self, told: ReportTold) -> None:
        self._link.report(ReportSent(uid=told.token, told=told))

    def taken_from(self, loop: asyncio.AbstractEventLoop) -> Callable[[str, str], None]:
        """For the link's thread: the hub has a report on disk, or refused it for good."""

        def taken(uid: str, problem: str) -> None:
            if uid in self._server.waiting.tokens:
                _soon(loop, lambda: loop.create_task(self._taken(uid, problem)))

        return taken

    async def _taken(self, token: str, problem: str) -> None:
        waiting = self._server.waiting
        if problem.startswith(NOT_NOW):
            self._held = True  # it stays on this disk, and is sent again
        elif problem:
            self._health.refuse("hub_refused", f"report {token}: {problem}")
            await asyncio.to_thread(waiting.refuse, token)
        else:
            self._server.hub_has(token)
            await asyncio.to_thread(waiting.done, token)

    def snapshot_to(self, loop: asyncio.AbstractEventLoop) -> Callable[[CityState], None]:
        """For the follower's thread: the state anew."""

        def snapshot(state: CityState) -> None:
            reports = tuple(state.reports.values())
            _soon(loop, lambda: self._server.replace(reports))

        return snapshot

    def entry_to(self, loop: asyncio.AbstractEventLoop) -> Callable[[Entry, CityState], None]:
        """For the follower's thread: one decision."""

        def came(entry: Entry, state: CityState) -> None:
            report_id = getattr(entry.event, "report_id", None)
            if report_id is None:
                return
            kept = frozenset(state.reports) if len(state.reports) < len(self._server.reports) else None
            changed = [state.reports[report_id]] if report_id in state.reports else []
            first = state.reports.get(changed[0].duplicate_of) if changed else None
            changed += [first] if first is not None else []

            def put() -> None:
                for report in changed:
                    self._server.put(report)
                if kept is not None:
                    self._server.reports.keep_only(kept)

            _soon(loop, put)

        return came

    async def step(self) -> None:
        """Once a second: how the gateway is, the figures of the intake, contact data that is due."""
        if self._link.connected.is_set() and self._follower.live.is_set():
            self._health.up(self._server.base_url)
        elif self._clock.mono_ns() - self._begun_ns > GRACE_NS:
            self._health.down(AWAY, self._server.base_url)
        self._health.step()
        now = self._clock.mono_ns()
        if now >= self._figures_due_ns and self._follower.live.is_set():
            self._figures_due_ns = now + int(FIGURES_EVERY_S * SECOND_NS)
            self._tell_figures()
            if self._held:
                self._held = False
                await asyncio.to_thread(self.begin)
        if now >= self._forget_due_ns and self._follower.live.is_set():
            self._forget_due_ns = now + int(FORGET_EVERY_S * SECOND_NS)
            await self._forget()

    def _tell_figures(self) -> None:
        if not len(self._intake):
            return
        at_ns = self._clock.now_ns()
        self._link.publish(
            Columns(
                self._intake, np.array(self._server.figures(), dtype=np.float64),
                np.full(3, at_ns, dtype=np.int64), np.full(3, GOOD, dtype=np.uint8),
            )
        )  # fmt: skip

    async def _forget(self) -> None:
        assert self._profile.reports is not None
        kept = await asyncio.to_thread(self._contacts.tokens)
        server = self._server
        gone = due(
            kept, server.waiting.tokens, server.reports.by_token, self._profile.reports.privacy,
            self._clock.now_ns(),
        )  # fmt: skip
        for token in gone:
            await asyncio.to_thread(self._contacts.forget, token)
        if gone:
            _log.info("Contact data of %d reports was deleted: its time was over.", len(gone))


def key_secret(home: Path) -> bytes:
    """The key of the digests that tell one citizen from another; made at the first start. Raises StartError,
    OSError.
    """
    path = home.joinpath(*SECRET_FILE)
    private_folder(path.parent)
    with one_at_a_time(path):
        if not path.exists():
            write_private(path, secrets.token_bytes(32))
        if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise StartError(f"{path.name} can be read by others: it is not used. Run chmod 600.")
        found = path.read_bytes()
    if len(found) < 16:
        raise StartError(f"{path.name} is damaged: delete it, and it is made anew.")
    return found


def _intake_points(profile: Profile) -> np.ndarray:
    """Of the city's first intake: reports in the last hour, unanswered, hours the oldest waits. Or none."""
    columns = profile.columns
    if INTAKE_KIND not in columns.kinds:
        return np.zeros(0, np.uint32)
    rows = columns.of_kind(INTAKE_KIND)
    if not len(rows):
        return np.zeros(0, np.uint32)
    name = columns.ids[int(rows[0])]
    found = [
        profile.points.index_of(f"{name}/{one}")
        for one in ("reports_h", "waiting_reports", "oldest_waiting_h")
    ]
    known = [one for one in found if one is not None]
    return np.array(known if len(known) == 3 else [], dtype=np.uint32)


def _announce(home: Path, url: str) -> None:
    write_private(home / "run" / "open311.json", msgspec.json.encode({"url": url}))


def _soon(loop: asyncio.AbstractEventLoop, what: Callable[[], object]) -> None:
    try:
        loop.call_soon_threadsafe(what)
    except RuntimeError:
        pass  # the loop has ended: so does the thread that calls
