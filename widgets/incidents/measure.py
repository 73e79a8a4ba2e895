"""How long the queue takes: filters and letters are asked of the real panel, over very many incidents, while
entries of the log come in from another thread; each is timed until its rows are painted.
"""

from __future__ import annotations

import gc
import random
import threading
import time
from collections import deque
from typing import Any

import numpy as np
from PySide6.QtCore import QEvent, QEventLoop, QObject, QTimer, Slot
from PySide6.QtWidgets import QApplication, QHBoxLayout, QWidget

from console.clock import SECOND_NS, SystemClock
from console.desk.board import Board
from console.desk.casequeue import CaseQueue
from console.desk.inbound import EntryCame, SnapshotCame
from console.language import load_catalogue
from console.model import events as ev
from console.model.base import Words
from console.model.casework import Case, Clue
from console.model.citystate import CityState
from console.model.commands import Command
from console.model.incident import Incident
from console.model.query import Query
from console.profile import Profile
from widgets.incidents.detail import DetailPanel
from widgets.incidents.queue import QueuePanel
from widgets.kit.actions import Actions
from widgets.kit.collector import Collector
from widgets.kit.gaps import GapMeter
from widgets.kit.pulse import Pulse
from widgets.kit.tokens import Tokens, load_fonts

WORDS = ("fire", "화재", "park", "공원", "p1", "su-4", "팔달", "lee", "underpass", "쓰러")
PEOPLE = ("kim", "lee", "park", "choi", "")
SEED = 20261126


class _NoHub:
    """A link that asks nobody."""

    def request(self, command: Command) -> str:
        return "c"

    def ask(self, query: Query) -> str:
        return "q"


def _behind(cases: CaseQueue) -> bool:
    return bool(cases.behind or cases.unfinished or not len(cases.keys))


def measure(profile: Profile, many: int, rate: float, seconds: float) -> dict[str, Any]:
    """The figures of `bongsu bench queue`."""
    app = QApplication.instance() or QApplication(["bench"])
    assert isinstance(app, QApplication)
    clock, catalogue = SystemClock(), load_catalogue()
    load_fonts()
    tokens = Tokens()
    tokens.dress(app)
    board = Board(profile, clock, next(iter(profile.desks)), "kim")
    cases, pulse, actions = CaseQueue(board), Pulse(board, clock), Actions(catalogue)
    window = QWidget()
    row = QHBoxLayout(window)
    queue = QueuePanel(board, cases, pulse, actions, catalogue, tokens)
    detail = DetailPanel(board, cases, pulse, _NoHub(), actions, catalogue, tokens)
    queue.chosen.connect(detail.show_incident)
    row.addWidget(queue)
    row.addWidget(detail)
    window.resize(1500, 1000)
    window.show()
    board.inbox.append(SnapshotCame(_state(profile, many, clock.now_ns())))
    collector, gaps = Collector(window), GapMeter(clock, window)
    collector.start()
    gaps.start()
    began = time.perf_counter()
    pulse.start()
    reading, looked = QEventLoop(), QTimer()
    looked.timeout.connect(lambda: None if _behind(cases) else reading.quit())
    looked.start(5)
    reading.exec()
    looked.stop()
    read_s = time.perf_counter() - began
    read_gap_ms = gaps.p99_ms()
    queue.select(cases.keys[3][-1])
    feed = _Feed(board, many, rate, seconds)
    searches = _Searches(queue, clock, window)
    placed = _Placed(board, cases, feed, window)
    pulse.ticked.connect(placed.look)
    feed.start()
    searches.start()
    loop = QEventLoop()
    QTimer.singleShot(int(seconds * 1000), loop.quit)
    gaps.forget()
    loop.exec()
    feed.stop()
    pulse.stop()
    collector.stop()
    window.close()
    gc.collect()
    times, busy = np.sort(np.array(searches.ms)), np.sort(np.array(searches.cpu_ms))
    sorts = np.sort(np.array(feed.placed))
    return {
        "incidents": many, "changes": feed.count, "changes_per_s": round(feed.count / seconds, 1),
        "searches": len(times), "p50_ms": _share(times, 0.5), "p95_ms": _share(times, 0.95),
        "max_ms": _share(times, 1.0), "cpu_p95_ms": _share(busy, 0.95), "sort_p95_ms": _share(sorts, 0.95),
        "ui_gap_p99_ms": gaps.p99_ms(), "ui_gap_max_ms": round(gaps.max_ms, 1), "read_s": round(read_s, 2),
        "read_gap_p99_ms": read_gap_ms,
    }  # fmt: skip


class _Searches(QObject):
    """Asks for another filter four times a second and notes how long its rows took."""

    def __init__(self, queue: QueuePanel, clock: SystemClock, parent: QObject) -> None:
        super().__init__(parent)
        self._queue, self._dice = queue, random.Random(SEED)  # noqa: S311
        self.ms: list[float] = []
        self.cpu_ms: list[float] = []
        self._began = self._worked = 0.0
        self._timer = QTimer(self)
        self._timer.setInterval(250)
        self._timer.timeout.connect(self._ask)
        queue.model.modelReset.connect(self._came)
        self._shown = False
        queue.rest.viewport().installEventFilter(self)

    def start(self) -> None:
        self._timer.start()

    @Slot()
    def _ask(self) -> None:
        if self._queue.model.searching or self._began:
            return
        sieve, dice = self._queue.sieve, self._dice
        self._began, self._worked = time.perf_counter(), time.thread_time()
        match dice.randrange(5):
            case 0:
                sieve.field.setText(dice.choice(WORDS))
            case 1:
                sieve.field.setText(sieve.field.text()[:-1] or dice.choice(WORDS))
            case 2:
                sieve.type.setCurrentIndex(dice.randrange(sieve.type.count()))
            case 3:
                sieve.stage.setCurrentIndex(dice.randrange(sieve.stage.count()))
            case _:
                sieve.clear()
        if not self._queue.model.searching and not self._shown:
            self._began = 0.0  # the same was asked for once more

    @Slot()
    def _came(self) -> None:
        self._shown = bool(self._began)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The first paint after the rows came is theirs; it is over at the next turn of the loop."""
        if self._shown and event.type() == QEvent.Type.Paint:
            self._shown = False
            QTimer.singleShot(0, self._painted)
        return super().eventFilter(watched, event)

    @Slot()
    def _painted(self) -> None:
        self.ms.append((time.perf_counter() - self._began) * 1e3)
        self.cpu_ms.append((time.thread_time() - self._worked) * 1e3)
        self._began = 0.0


class _Placed(QObject):
    """After each beat: what was heard stands in its place, unless the queue says that it is not through."""

    def __init__(self, board: Board, cases: CaseQueue, feed: _Feed, parent: QObject) -> None:
        super().__init__(parent)
        self._board, self._cases, self._feed = board, cases, feed
        self._before = board.news_count

    @Slot()
    def look(self) -> None:
        if not self._cases.unfinished:
            self._feed.took(self._board.news_count - self._before)


class _Feed:
    """Entries of the log from a thread of their own, as the link hears them."""

    def __init__(self, board: Board, many: int, rate: float, seconds: float) -> None:
        self._board, self._many, self._rate, self._seconds = board, many, rate, seconds
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, name="bench-feed", daemon=True)
        self.count = 0
        self._waits: deque[tuple[int, float]] = deque()
        self.placed: list[float] = []
        """Milliseconds from each entry to its place."""

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopped.set()
        self._thread.join(5)

    def took(self, count: int) -> None:
        """So many entries stand in their places now."""
        now = time.perf_counter()
        while self._waits and self._waits[0][0] <= count:
            self.placed.append((now - self._waits.popleft()[1]) * 1e3)

    def _run(self) -> None:
        dice, seq = random.Random(SEED), self._board.state.seq  # noqa: S311
        began = time.perf_counter()
        while not self._stopped.is_set():
            due = int((time.perf_counter() - began) * self._rate)
            while self.count < due:
                self.count += 1
                entry = ev.Entry(
                    run="bench", seq=seq + self.count, at_ns=self._board.clock.now_ns(),
                    cause=ev.Cause(actor="bench"),
                    event=self._event(dice),
                )  # fmt: skip
                self._waits.append((self.count, time.perf_counter()))
                self._board.inbox.append(EntryCame(entry))
            self._stopped.wait(0.004)

    def _event(self, dice: random.Random) -> ev.AnyEvent:
        name, person = f"SU-{dice.randrange(self._many)}", dice.choice(PEOPLE[:-1])
        match dice.randrange(6):
            case 0:
                return ev.IncidentAcknowledged(incident_id=name, person=person)
            case 1:
                return ev.IncidentVerified(incident_id=name, person=person, verdict="real")
            case 2:
                return ev.IncidentNoted(incident_id=name, person=person, text="seen")
            case 3:
                return ev.IncidentReleased(incident_id=name, person=person)
            case 4:
                return ev.IncidentTakenOver(
                    incident_id=name, person=person, desk="desk-1", from_person="x", reason="bench"
                )
            case _:
                return ev.IncidentPutUnder(incident_id=name, parent=f"SU-{dice.randrange(self._many)}")


def _state(profile: Profile, many: int, now_ns: int) -> CityState:
    """A storm far beyond any: incidents at the city's own devices, in every stage."""
    ids, types = profile.columns.ids, list(profile.incident_types.values())
    stages = ("new", "acknowledged", "verified", "responding")
    incidents: dict[str, Incident] = {}
    cases: dict[str, Case] = {}
    for at in range(many):
        kind, device = types[at % len(types)], at * 3 % len(ids)
        place, opened_ns = profile.devices.place(device), now_ns - (many - at) * SECOND_NS // 50
        stage, name = stages[at % 7 % 4], f"SU-{at}"
        owner = PEOPLE[at % len(PEOPLE)] if stage != "new" else ""
        clue = Clue(
            uid=name, source="alarm", type=kind.id, at_ns=opened_ns, lat=place.position.lat,
            lon=place.position.lon, device_id=ids[device],
        )  # fmt: skip
        cases[name] = Case(
            id=name, type=kind.id, priority=kind.priority, grade=kind.code, opened_at_ns=opened_ns,
            changed_at_ns=opened_ns, stage_since_ns=opened_ns, stage=stage, owner=owner,
            claimed_ns=opened_ns if owner else 0, acted_ns=opened_ns if owner else 0, clues=(clue,),
            parent=f"SU-{at - at % 40}" if at % 40 in (1, 2, 3) else "",
        )  # fmt: skip
        incidents[name] = Incident(
            id=name, type=kind.id, priority=kind.priority, place=place, opened_at_ns=opened_ns,
            changed_at_ns=opened_ns, stage=stage, owner=owner,
            reasons=(Words(en=f"Level {at % 90} cm", ko=f"수위 {at % 90} cm"),),
        )  # fmt: skip
    return CityState(run="bench", incidents=incidents, cases=cases, incident_count=many)


def _share(times: np.ndarray, share: float) -> float:
    if not len(times):
        return 0.0
    return round(float(times[min(len(times) - 1, int(len(times) * share))]), 1)
