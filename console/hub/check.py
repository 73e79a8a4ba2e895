"""`bongsu check`: is everything as it should be on this machine, and what to do where it is not."""

from __future__ import annotations

import argparse
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import psutil
import zmq
from zmq.utils.monitor import recv_monitor_message

from console.broadcast.outlets import OutletsError, read_outlets
from console.citizens.check import check_citizens
from console.footage.check import check_footage
from console.history.check import check_history
from console.ledger.check import Finding, check_ledger
from console.paths import home as default_home
from console.recording import RecordingError, describe
from console.wire.keys import KeyFileError, KeyPair, ensure_peer_key, load_key
from console.wire.rendezvous import Doors, read_doors
from console.wire.sockets import connect

LIBZMQ_AT_LEAST = (4, 3, 5)
"""Older ones have faults that can be reached before a key is checked (CVE-2019-13132, CVE-2020-15166)."""
FREE_AT_LEAST_BYTES = 5 << 30
ANSWER_WITHIN_MS = 4000
_KINDS = {"ingest": zmq.DEALER, "desk": zmq.DEALER, "decisions": zmq.SUB, "telemetry": zmq.SUB}


def run(argv: list[str]) -> int:
    """Print what was found; exit status 1 when a person has to do something."""
    parser = argparse.ArgumentParser(prog="bongsu check", description=__doc__)
    parser.add_argument("--home", type=Path, default=default_home(), help="data folder")
    parser.add_argument("--json", action="store_true", help="one JSON list instead of text")
    told = parser.parse_args(argv)
    found = list(_all(told.home))
    if told.json:
        print(msgspec.json.encode(found).decode())
    else:
        for one in found:
            print(f"{'ok' if one.ok else '!!'}  {one.what}: {one.detail}")
            if one.do:
                print(f"    -> {one.do}")
    return 0 if all(one.ok for one in found) else 1


def _all(home: Path) -> Iterator[Finding]:
    yield _libzmq()
    yield _space(home)
    yield from _keys(home)
    ledger = home / "ledger" / "ledger.db"
    if ledger.exists():
        yield from check_ledger(ledger)
    yield from _recordings(home)
    for one in check_footage(home):
        yield Finding(what=one.what, ok=one.ok, detail=one.detail, do=one.do)
    for kept in check_history(home):
        yield Finding(what=kept.what, ok=kept.ok, detail=kept.detail, do=kept.do)
    for told in check_citizens(home):
        yield Finding(what=told.what, ok=told.ok, detail=told.detail, do=told.do)
    yield from _outlets(home)
    doors = read_doors(home)
    if doors is None:
        yield Finding(what="hub", ok=True, detail="none has run on this data folder")
        return
    if not psutil.pid_exists(doors.pid):
        yield Finding(what="hub", ok=True, detail="none runs on this data folder now")
        return
    yield from _doors(home, doors)


def _libzmq() -> Finding:
    version = zmq.zmq_version_info()
    return Finding(
        what="message library", ok=version >= LIBZMQ_AT_LEAST,
        detail="libzmq " + ".".join(str(one) for one in version),
        do="" if version >= LIBZMQ_AT_LEAST else "Install the packages of the lock file again (make setup).",
    )


def _space(home: Path) -> Finding:
    while not home.exists():
        home = home.parent
    free = shutil.disk_usage(home).free
    enough = free >= FREE_AT_LEAST_BYTES
    return Finding(
        what="free space", ok=enough, detail=f"{free / (1 << 30):.1f} GiB",
        do="" if enough else "Free space, or move the data folder to a larger disk.",
    )


def _keys(home: Path) -> Iterator[Finding]:
    for path in sorted((home / "keys").glob("*.key.json")):
        try:
            load_key(path)
        except KeyFileError as problem:
            yield Finding(
                what="key", ok=False, detail=str(problem), do="chmod 600, or make a new key (bongsu key new)."
            )


def _outlets(home: Path) -> Iterator[Finding]:
    """Where disaster messages go: nothing is said where nothing is configured."""
    try:
        found = read_outlets(home)
    except OutletsError as problem:
        yield Finding(
            what="message outlets", ok=False, detail=str(problem),
            do="Mend outlets.toml; a hub that runs goes on with what it had.",
        )
        return
    if found:
        shown = ", ".join(f"{one.name} ({one.shown})" for one in found.values())
        yield Finding(what="message outlets", ok=True, detail=shown)


def _recordings(home: Path) -> Iterator[Finding]:
    files = sorted((home / "recordings").glob("*.mcap"))
    if not files:
        return
    try:
        info = describe(files[-1])
    except RecordingError as problem:
        yield Finding(
            what="newest recording", ok=False, detail=str(problem),
            do="Keep the file. Older recordings can still be replayed.",
        )
        return
    yield Finding(
        what="newest recording", ok=True,
        detail=f"{files[-1].name}: {info.entries} entries, {info.batches} batches"
        + ("" if info.whole else ", still being written or cut off"),
    )


def _doors(home: Path, doors: Doors) -> Iterator[Finding]:
    """Each door answers a good key and refuses a stranger's."""
    public, secret = (one.decode() for one in zmq.curve_keypair())
    good = ensure_peer_key(home, "check", "listener")
    stranger = KeyPair(name="x", role="x", public=public, secret=secret, hub_public=good.hub_public)
    context: zmq.Context[Any] = zmq.Context()
    try:
        for name, kind in _KINDS.items():
            endpoint = getattr(doors, name)
            opened = _handshake(context, kind, endpoint, good)
            yield Finding(
                what=f"door {name}", ok=opened, detail="admits a good key" if opened else "does not answer",
                do="" if opened else "Is the hub running? See log/hub.txt; start it again.",
            )
            if opened:
                shut = not _handshake(context, kind, endpoint, stranger)
                yield Finding(
                    what=f"door {name}", ok=shut,
                    detail="refuses an unknown key" if shut else "ADMITS AN UNKNOWN KEY",
                    do="" if shut else "Stop the hub at once, keep its log, and report it.",
                )
    finally:
        context.destroy(linger=0)


def _handshake(context: zmq.Context[Any], kind: int, endpoint: str, key: KeyPair) -> bool:
    """Whether the door admits this key."""
    socket = connect(context, kind, endpoint, key)
    monitor = socket.get_monitor_socket()
    try:
        while monitor.poll(ANSWER_WITHIN_MS):
            event = recv_monitor_message(monitor)["event"]
            if event == zmq.EVENT_HANDSHAKE_SUCCEEDED:
                return True
            if event in (
                zmq.EVENT_HANDSHAKE_FAILED_AUTH, zmq.EVENT_HANDSHAKE_FAILED_PROTOCOL,
                zmq.EVENT_HANDSHAKE_FAILED_NO_DETAIL,
            ):
                return False
        return False
    finally:
        socket.disable_monitor()
        monitor.close(linger=0)
        socket.close(linger=0)


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
