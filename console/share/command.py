"""`bongsu share`: granted pictures over HTTPS; the grants, and what was seen."""

from __future__ import annotations

import argparse
import asyncio
import logging
import signal
import sys
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import msgspec

from console.clock import SECOND_NS, Clock, SystemClock
from console.handoff.tls import TlsError
from console.language import load_catalogue
from console.logs import log_to
from console.model.share import ViewBegan, provision
from console.paths import home as default_home
from console.paths import write_private
from console.share.access import read_access
from console.share.door import Door
from console.share.figures import FiguresError, ShareFigures, load_figures, tls_context
from console.share.grants import GrantBook, revoke_grant
from console.share.link import ShareLink
from console.share.server import ShareServer
from console.wire.keys import KeyFileError, ensure_peer_key

RUN_FILE = ("run", "share.json")
PEER = "share"
"""Name and role of the key by which the hub knows this process."""
TOLD_WITHIN_S = 1.0
"""So long the end of the process waits until the hub has its last lines; it reads the rest later."""
_log = logging.getLogger("bongsu.share")


class Running(msgspec.Struct):
    """`home/run/share.json`, while it serves."""

    url: str
    grants: int = 0
    broken_grants: int = 0
    views: int = 0
    owed_lines: int = 0


def run(argv: list[str]) -> int:
    """Serve until SIGTERM or SIGINT; or revoke, list, log. 1 with the reason where it cannot."""
    told = _arguments(argv)
    clock = SystemClock()
    words: dict[str, Callable[[argparse.Namespace, Clock], int]] = {
        "serve": _serve, "revoke": _revoke, "list": _list, "log": _log_lines,
    }  # fmt: skip
    try:
        return words[told.what](told, clock)
    except (FiguresError, TlsError, KeyFileError, ValueError, OSError) as problem:
        print(f"bongsu share: {problem}", file=sys.stderr)
        return 1


def _serve(told: argparse.Namespace, clock: Clock) -> int:
    log_to(told.home, "share")
    figures = load_figures(told.config, told.port, told.host)
    return asyncio.run(serve(told.home, figures, clock))


async def serve(home: Path, figures: ShareFigures, clock: Clock) -> int:
    """Serve until a signal. Raises FiguresError, TlsError, OSError where it cannot begin."""
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    link = ShareLink(home, ensure_peer_key(home, PEER, PEER), clock)
    server = ShareServer(home, figures, load_catalogue(), clock, link.tell)
    context = tls_context(figures, home, clock)
    await asyncio.to_thread(server.recover)
    link.start()
    door = Door(server.application(), context, figures.limits, figures.viewer.send_kib)
    listen = figures.listen
    try:
        port = await door.start(listen.host, listen.port)
        host = f"[{listen.host}]" if ":" in listen.host else listen.host
        said = Running(url=listen.public_url.rstrip("/") or f"https://{host}:{port}")
        _log.info("Listening at %s.", said.url)
        _say(home, server, said, True)
        while not stopping.is_set():
            await server.step()
            _say(home, server, said)
            try:
                await asyncio.wait_for(stopping.wait(), figures.viewer.grants_every_ms / 1000)
            except TimeoutError:
                continue
    finally:
        await door.stop()
        await server.views.settle()
        server.close()
        await asyncio.to_thread(link.close, TOLD_WITHIN_S)
        home.joinpath(*RUN_FILE).unlink(missing_ok=True)
    return 0


def _say(home: Path, server: ShareServer, said: Running, always: bool = False) -> None:
    """How it is, where that changed. A disk that refuses keeps nobody from being served or cut off."""
    before = msgspec.structs.astuple(said)
    said.grants, said.broken_grants = len(server.book.all()), len(server.book.problems)
    said.views, said.owed_lines = len(server.views.open), server.views.owes
    if always or msgspec.structs.astuple(said) != before:
        try:
            write_private(home.joinpath(*RUN_FILE), msgspec.json.encode(said))
        except OSError as problem:
            _log.warning("run/share.json cannot be written: %s", problem.strerror)


def _revoke(told: argparse.Namespace, clock: Clock) -> int:
    grant = revoke_grant(told.home, told.id, told.by, clock.now_ns())
    if grant is None:
        print(f"bongsu share: {told.id}: there is no such share", file=sys.stderr)
        return 1
    print(f"{grant.id} was taken back {_clock(grant.revoked_ns or 0)} by {grant.revoked_by}")
    return 0


def _list(told: argparse.Namespace, clock: Clock) -> int:
    book, now = GrantBook(told.home), clock.now_ns()
    book.refresh()
    for grant in sorted(book.all(), key=lambda one: one.granted_ns):
        state = "revoked" if grant.revoked_ns else "over" if now >= grant.until_ns else "in force"
        cameras = ", ".join(one.camera_id for one in grant.cameras)
        until = _clock(grant.until_ns)
        print(f"{grant.id}  {state:<8}  until {until}  {grant.recipient}, {grant.viewer}  {cameras}")
    for broken in book.problems.values():
        print(f"{broken.file}: {broken.what}", file=sys.stderr)
    return 1 if book.problems else 0


def _log_lines(told: argparse.Namespace, clock: Clock) -> int:
    for line in read_access(told.home, told.after):
        if told.json:
            print(msgspec.json.encode(line).decode())
            continue
        access = line.access
        words = [str(line.seq), _clock(access.at_ns), type(access).__name__]
        for name in ("why", "count", "share_id", "camera_id", "form", "address", "pictures"):
            value = getattr(access, name, "")
            words += [f"{name}={value}"] if value != "" else []
        if told.provision and isinstance(access, ViewBegan):
            words += [f"{name}={value}" for name, value in provision(access)._asdict().items()]
        print("  ".join(words))
    return 0


def _clock(at_ns: int) -> str:
    return datetime.fromtimestamp(at_ns // SECOND_NS).astimezone().isoformat(sep=" ")


def _arguments(argv: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bongsu share", description=__doc__)
    parser.add_argument("--home", type=Path, default=default_home(), help="the data folder")
    words = parser.add_subparsers(dest="what", required=True)
    serve = words.add_parser("serve", help="serve what is granted, until it is stopped")
    serve.add_argument("--host", default="", help="the address to listen at, instead of the configured one")
    serve.add_argument("--port", type=int, help="instead of the configured one; 0: any free one")
    serve.add_argument("--config", type=Path, metavar="FILE", help="a site's own figures (TOML)")
    revoke = words.add_parser("revoke", help="take a share back; who sees something is cut off")
    revoke.add_argument("id")
    revoke.add_argument("--by", required=True, help="who takes it back")
    words.add_parser("list", help="the shares")
    log = words.add_parser("log", help="who saw what, and who was refused")
    log.add_argument("--after", type=int, default=0, metavar="SEQ", help="only lines behind this number")
    log.add_argument("--json", action="store_true", help="the lines as they are")
    log.add_argument("--provision", action="store_true", help="with the seven fields of the ledger")
    return parser.parse_args(argv)
