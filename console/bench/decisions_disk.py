"""bench decisions_disk: what the ledger alone does on this disk, without hub and bus."""

from __future__ import annotations

import argparse
import itertools
import random
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from console.clock import SECOND_NS, SystemClock
from console.ledger import Ledger, LedgerReader, backup_ledger, check_ledger
from console.ledger.audit import audit
from console.ledger.connection import open_for_reading
from console.model import events as ev
from console.model.base import Place, Position, Words
from console.model.incident import Signal
from console.model.query import AskIncidents, AskLog, LogFilter

START_NS = 1_774_000_000 * SECOND_NS
PLACES = (
    ("Hyowon Park", "효원공원"), ("Maegyo underpass", "매교 지하차도"), ("Paldalmun market", "팔달문 시장"),
    ("Gwanggyo lake", "광교호수공원"), ("Suwon station", "수원역 광장"),
)  # fmt: skip
DISTRICTS = ("paldal", "gwonseon", "jangan", "yeongtong")
QUESTIONS = (
    LogFilter(), LogFilter(text="공원"), LogFilter(text="불꽃"), LogFilter(text="호수 119"),
    LogFilter(text="zanzibar"), LogFilter(text="없는단어"), LogFilter(person="이서연"), LogFilter(text="a e"),
    LogFilter(kinds=("incident.noted", "incident.closed")), LogFilter(district="jangan", text="수원역"),
    LogFilter(incident_type="fall", text="north"), LogFilter(incident_id="I-17"),
    LogFilter(since_ns=START_NS + 3600 * SECOND_NS, until_ns=START_NS + 7200 * SECOND_NS),
    LogFilter(since_ns=START_NS + 36_000 * SECOND_NS, text="광교"),
)  # fmt: skip


def run(argv: list[str]) -> dict[str, Any]:
    """Keys: entries, sqlite_per_s, single_per_s, p99_single_ms, grouped_per_s, page_p50_ms, page_p95_ms,
    page_max_ms, chain_rows_per_s, check_s, backup_s, mb."""
    parser = argparse.ArgumentParser(prog="bongsu bench disk", description=__doc__)
    parser.add_argument("--entries", type=int, default=200_000)
    parser.add_argument("--singles", type=int, default=2000)
    parser.add_argument("--folder", type=Path, help="a folder on the disk to measure")
    told = parser.parse_args(argv)
    folder = Path(tempfile.mkdtemp(prefix="bongsu-bench-", dir=told.folder))
    try:
        figures: dict[str, Any] = {"entries": told.entries, "sqlite_per_s": _bare(folder, told.singles)}
        figures |= _appends(folder / "l" / "ledger.db", told.entries, told.singles)
        figures |= _reads(folder / "l" / "ledger.db", folder)
        return figures
    finally:
        shutil.rmtree(folder)


def _bare(folder: Path, count: int) -> float:
    connection = sqlite3.connect(folder / "bare.db", isolation_level=None)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=FULL")
    connection.execute("CREATE TABLE row (seq INTEGER PRIMARY KEY, body BLOB)")
    began = time.perf_counter()
    for _ in range(count):
        connection.execute("INSERT INTO row (body) VALUES (?)", (b"x" * 480,))
    took = time.perf_counter() - began
    connection.close()
    return round(count / took, 1)


def _appends(path: Path, total: int, singles: int) -> dict[str, Any]:
    story, waits = _story(total), []
    with Ledger.open(path, SystemClock()) as ledger:
        began = time.perf_counter()
        for _ in range(singles):
            entry = next(story)
            start = time.perf_counter()
            ledger.append([entry])
            waits.append(time.perf_counter() - start)
        single_s = time.perf_counter() - began
        grouped_s = 0.0
        while batch := list(itertools.islice(story, 200)):
            start = time.perf_counter()
            ledger.append(batch)
            grouped_s += time.perf_counter() - start
    return {
        "single_per_s": round(singles / single_s, 1), "p99_single_ms": _percentile(waits, 0.99),
        "grouped_per_s": round((total - singles) / grouped_s, 1),
        "mb": round(path.stat().st_size / 1e6, 1),
    }  # fmt: skip


def _reads(path: Path, folder: Path) -> dict[str, Any]:
    waits: list[float] = []
    with LedgerReader.open(path) as reader:
        for _ in range(5):
            for question in QUESTIONS:
                waits.append(_timed(lambda: reader.log(AskLog(filter=question))))  # noqa: B023 - called at once
                waits.append(_timed(lambda: reader.incidents(AskIncidents(filter=question))))  # noqa: B023
            waits.append(_timed(lambda: reader.history("I-17")))
        rows = reader.head().seq
    check_s = _timed(lambda: check_ledger(path))
    with closing(open_for_reading(path)) as connection:
        chain_s = _timed(lambda: audit(connection, rows))
    return {
        "page_p50_ms": _percentile(waits, 0.5), "page_p95_ms": _percentile(waits, 0.95),
        "page_max_ms": _percentile(waits, 1.0), "chain_rows_per_s": round(rows / chain_s),
        "check_s": round(check_s, 2),
        "backup_s": round(_timed(lambda: backup_ledger(path, folder / "backup", START_NS)), 3),
    }  # fmt: skip


def _timed(act: Callable[[], object]) -> float:
    start = time.perf_counter()
    act()
    return time.perf_counter() - start


def _percentile(waits: list[float], part: float) -> float:
    return round(sorted(waits)[min(len(waits) - 1, int(len(waits) * part))] * 1000, 2)


def _story(total: int) -> Iterator[ev.Entry]:
    """Incidents of twelve entries each, one act every three seconds."""
    chance, number, seq = random.Random(3), 0, 0  # noqa: S311 - the same story each time
    while seq < total:
        number += 1
        en, ko = chance.choice(PLACES)
        side = chance.randrange(97)
        place = Place(
            name=Words(en=f"{en}, north side {side}", ko=f"{ko} 북측 {side}"),
            position=Position(lat=37.2, lon=127.0), district=chance.choice(DISTRICTS),
        )  # fmt: skip
        for actor, event in _incident(number, place):
            seq += 1
            if seq <= total:
                yield ev.Entry(run="bench", seq=seq, at_ns=START_NS + seq * 3 * SECOND_NS,
                               cause=ev.Cause(actor=actor), event=event)  # fmt: skip


def _incident(number: int, place: Place) -> list[tuple[str, ev.AnyEvent]]:
    incident, handoff, person = f"I-{number}", f"H-{number}", "person:김민준"
    signal = Signal(
        uid=f"S-{number}", source="eyes-1", type="fall", at_ns=START_NS, place=place, device_id="CAM-0042",
        confidence=0.9, detail=Words(en="person lying on the path", ko="산책로에 쓰러진 사람"),
    )  # fmt: skip
    note = "희귀한 불꽃 관찰 zanzibar" if number == 17 else "의식 없음, 119 요청 (elderly man)"
    return [
        ("gateway:eyes-1", ev.SignalReceived(signal=signal)),
        ("rule:triage", ev.IncidentOpened(
            incident_id=incident, type="fall", priority=1, place=place, signal_uid=signal.uid,
            reason=Words(en="Fall detected", ko="넘어짐 감지"), camera_ids=("CAM-0042", "CAM-0043"),
        )),
        (person, ev.IncidentAcknowledged(incident_id=incident, person="김민준")),
        (person, ev.ViewingStarted(
            desk="desk-1", person="김민준", camera_ids=("CAM-0042",), purpose="incident"
        )),
        (person, ev.IncidentNoted(incident_id=incident, person="김민준", text=note)),
        (person, ev.HandoffQueued(
            handoff_id=handoff, key=f"{incident}:KR-119:1", incident_id=incident, agency="KR-119", revision=1,
            person="김민준", message_sha256="0" * 64,
        )),
        ("hub", ev.HandoffSent(handoff_id=handoff, attempt=1)),
        ("agency:KR-119", ev.HandoffReceived(handoff_id=handoff, agency_ref=f"119-{number}")),
        ("agency:KR-119", ev.HandoffAccepted(handoff_id=handoff)),
        ("agency:KR-119", ev.HandoffArrived(
            handoff_id=handoff, words=Words(en="Ambulance on scene", ko="구급차 도착")
        )),
        (person, ev.IncidentResolved(incident_id=incident, person="이서연", outcome="real")),
        (person, ev.IncidentClosed(incident_id=incident, person="이서연")),
    ]  # fmt: skip
