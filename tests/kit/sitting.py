"""A desk without a hub on a real city: the board is filled by hand, the pulse ticked by hand, time
stepped.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache

import numpy as np
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication

from console.clock import SECOND_NS, SteppedClock
from console.desk.board import Board
from console.desk.inbound import AnswerCame, BatchCame, EntryCame, HealthCame, LinkChanged, SnapshotCame
from console.language import load_catalogue
from console.model import events as ev
from console.model.base import Place, Position, Words
from console.model.commands import Accepted, Command, Refused
from console.model.query import HubHealth, Query
from console.model.state import CityState
from console.profile import Profile, load_profile
from console.telemetry.table import Columns
from widgets.kit.actions import Actions
from widgets.kit.moments import Moments
from widgets.kit.pulse import Pulse
from widgets.kit.tokens import Tokens, load_fonts

PLACE = Place(
    name=Words(en="Paldalmun gate, north side", ko="팔달문 북측"), position=Position(lat=37.2775, lon=127.017)
)


@cache
def suwon() -> Profile:
    """The shipped city, loaded once for all tests; profiles are immutable."""
    return load_profile("suwon")


@dataclass
class Port:
    """Remembers what was asked; the test answers."""

    board: Board
    commands: dict[str, Command] = field(default_factory=dict)
    queries: list[Query] = field(default_factory=list)

    def request(self, command: Command) -> str:
        request_id = f"c{len(self.commands) + 1}"
        self.commands[request_id] = command
        self.board.asked(request_id, command)
        return request_id

    def ask(self, query: Query) -> str:
        self.queries.append(query)
        return f"q{len(self.queries)}"


class Sitting:
    """The kit of one desk, and ways to let the hub say things."""

    def __init__(self, language: str = "en") -> None:
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        self.app = app
        self.clock = SteppedClock()
        self.profile = suwon()
        self.board = Board(self.profile, self.clock, "desk-1", self.profile.desks["desk-1"].person)
        self.pulse = Pulse(self.board, self.clock)
        self.catalogue = load_catalogue(language)
        load_fonts()
        self.tokens = Tokens()
        self.tokens.dress(app)
        self.moments = Moments(self.catalogue, self.profile.time_zone)
        self.actions = Actions(self.catalogue)
        self.port = Port(self.board)

    def connect(self) -> None:
        """The hub is there, with an empty city."""
        self.board.inbox.append(SnapshotCame(CityState(run="r1", seq=10, city="suwon")))
        self.board.inbox.append(LinkChanged("live"))
        self.board.inbox.append(HealthCame(health()))
        self.pulse.tick()

    def lose_hub(self) -> None:
        self.board.inbox.append(LinkChanged("stale"))
        self.pulse.tick()

    def tell(self, *events: ev.AnyEvent, run: str = "r1") -> None:
        """The hub committed these, and the desk heard of it."""
        for event in events:
            seq = self.board.state.seq + len(self.board.inbox) + 1
            cause = ev.Cause(actor="hub")
            entry = ev.Entry(run=run, seq=seq, at_ns=self.clock.now_ns(), cause=cause, event=event)
            self.board.inbox.append(EntryCame(entry))
        self.pulse.tick()

    def accept(self, request_id: str, seq: int = 42) -> None:
        self.board.inbox.append(AnswerCame(Accepted(id=request_id, seq=seq)))
        self.pulse.tick()

    def refuse(self, request_id: str, en: str, ko: str = "거부된 까닭") -> None:
        self.board.inbox.append(AnswerCame(Refused(id=request_id, code="x", reason=Words(en=en, ko=ko))))
        self.pulse.tick()

    def measure(self, values: dict[str, float], age_s: float = 0.0, quality: int = 0) -> None:
        """These points (by id) have these values now (or so many seconds ago)."""
        indexes = [self.profile.point_by_id[point_id].index for point_id in values]
        at_ns = self.clock.now_ns() - int(age_s * SECOND_NS)
        columns = Columns(
            np.array(indexes, np.uint32), np.array(list(values.values())),
            np.full(len(indexes), at_ns, np.int64), np.full(len(indexes), quality, np.uint8),
        )  # fmt: skip
        self.board.inbox.append(BatchCame(columns, self.clock.now_ns()))
        while self.board.inbox:
            self.board.drain(1000.0)

    def later(self, seconds: float) -> None:
        """Time passes, and one pulse."""
        self.clock.step(seconds)
        self.pulse.tick()

    def settle(self) -> None:
        """Let Qt do what it has put off."""
        self.app.processEvents()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
        self.app.processEvents()

    def leave(self) -> None:
        self.actions.deleteLater()
        self.pulse.deleteLater()
        self.tokens.deleteLater()
        self.settle()


def health(**other: object) -> HubHealth:
    """The hub's counters on a quiet day."""
    fields: dict[str, object] = {
        "run": "r1", "seq": 10, "head_hash": "00", "started_at_ns": 0, "entries": 10, "readings": 0,
        "batches": 0, "lost_batches": 0, "queue_depth": 0, "drops": {}, "refused": {}, "recording": "",
        "recording_bytes": 0,
        "free_bytes": 50_000_000_000, "ledger_ok": True,
    }  # fmt: skip
    return HubHealth(**{**fields, **other})  # type: ignore[arg-type]


def opened(
    name: str = "INC-1", type_id: str = "", priority: int = 1, place: Place = PLACE
) -> ev.IncidentOpened:
    """An incident of the city's first type, unless told."""
    type_id = type_id or next(iter(suwon().incident_types))
    reason = Words(en="A person fell and does not move.", ko="사람이 쓰러져 움직이지 않습니다.")
    return ev.IncidentOpened(incident_id=name, type=type_id, priority=priority, place=place, reason=reason)
