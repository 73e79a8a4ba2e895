"""bench decisions: commands a second the hub commits, beside what the same disk takes from sqlite3."""

from __future__ import annotations

import argparse
import sqlite3
import time
from collections import deque
from pathlib import Path
from typing import Any

from console.bench.room import percentile, room
from console.clock import SystemClock
from console.desk.inbound import AnswerCame, Inbound, LinkChanged
from console.desk.link import HubLink
from console.model.commands import Accepted, LogExport
from console.wire.keys import ensure_peer_key

OUTSTANDING = 64
"""Commands under way at once: a room of desks, not one person who waits for each answer."""
ROW = b"x" * 480
"""About the size of an entry in the ledger."""


def run(argv: list[str]) -> dict[str, Any]:
    """Keys: decisions_per_s, sqlite_per_s, ratio, p50_commit_ms, p99_commit_ms, refused."""
    parser = argparse.ArgumentParser(prog="bongsu bench decisions", description=__doc__)
    parser.add_argument("--seconds", type=float, default=20.0)
    told = parser.parse_args(argv)
    with room() as place:
        bare = (_bare_sqlite(place.home, told.seconds / 4), _bare_sqlite(place.home, told.seconds / 4))
        key = ensure_peer_key(place.home, "bench", "desk")
        place.hub()
        inbox: deque[Inbound] = deque()
        link = HubLink(place.home, key, "Bench", inbox, SystemClock())
        link.start()
        try:
            waits, refused, seconds = _commands(link, inbox, told.seconds)
        finally:
            link.close()
    sqlite_per_s = max(bare)
    return {
        "decisions_per_s": round(len(waits) / seconds, 1), "sqlite_per_s": round(sqlite_per_s, 1),
        "ratio": round(len(waits) / seconds / sqlite_per_s, 3),
        "p50_commit_ms": round(percentile(waits, 0.5), 2),
        "p99_commit_ms": round(percentile(waits, 0.99), 2), "refused": refused,
    }


def _commands(link: HubLink, inbox: deque[Inbound], seconds: float) -> tuple[list[float], int, float]:
    while not any(isinstance(one, LinkChanged) and one.state == "live" for one in tuple(inbox)):
        time.sleep(0.01)
    sent: dict[str, float] = {}
    waits: list[float] = []
    refused = 0
    began = time.monotonic()
    while True:
        now = time.monotonic()
        if now - began >= seconds:
            return waits, refused, now - began
        while len(sent) < OUTSTANDING:
            command = LogExport(what="bench", format="none", reason="measuring how fast decisions commit")
            sent[link.request(command)] = time.monotonic()
        while inbox:
            came = inbox.popleft()
            if isinstance(came, AnswerCame) and came.answer.id in sent:
                waits.append((time.monotonic() - sent.pop(came.answer.id)) * 1000)
                refused += not isinstance(came.answer, Accepted)
        time.sleep(0.0005)


def _bare_sqlite(folder: Path, seconds: float) -> float:
    """Commits a second of the bare library: one row each, WAL, synchronous FULL, the same disk."""
    path = folder / "bare.db"
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("CREATE TABLE IF NOT EXISTS row (seq INTEGER PRIMARY KEY, body BLOB)")
        count = 0
        began = time.monotonic()
        while time.monotonic() - began < seconds:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("INSERT INTO row (body) VALUES (?)", (ROW,))
            connection.execute("COMMIT")
            count += 1
        return count / (time.monotonic() - began)
    finally:
        connection.close()
