"""A room without a hub: orders are decided, folded at once, and timers run by a stepped clock."""

from __future__ import annotations

from itertools import count
from typing import Any

from console.clock import SECOND_NS, SteppedClock
from console.model.base import Place, Position, same_words
from console.model.casework import Case, Clue
from console.model.commands.base import Command
from console.model.events.base import Event
from console.model.events.casework import CaseOpened, ClueGathered
from console.model.folds.casework import fold_case
from console.rules.casework.figures import casework_figures
from console.rules.casework.orders import Asked, CaseOrders, Decided, Refused
from console.rules.casework.waiting import Waiting

FIGURES = casework_figures()
PLACE = Place(name=same_words("Here"), position=Position(lat=37.27, lon=127.0))


class Room:
    def __init__(self) -> None:
        self.clock = SteppedClock()
        self.cases: dict[str, Case] = {}
        self.events: list[Event] = []
        self.waiting = Waiting(FIGURES)
        self.handoffs: dict[str, int] = {}
        self._numbers = count(1)
        self.orders = CaseOrders(FIGURES, "KR", self.next_id)

    def next_id(self) -> str:
        return f"C{next(self._numbers)}"

    def commit(self, *events: Event) -> None:
        """What was decided is true from now on."""
        for event in events:
            fold_case(self.cases, self.clock.now_ns(), event)
            self.events.append(event)
        for case in tuple(self.cases.values()):
            self.waiting.follow(case, self.clock.now_ns(), self.clock.mono_ns())

    def clue(self, **more: Any) -> Clue:
        told = {
            "uid": f"u{next(self._numbers)}", "source": "detection", "type": "person_down",
            "at_ns": self.clock.now_ns(), "lat": 37.27, "lon": 127.0, "rule": "fall", "camera_id": "CAM-1",
        }  # fmt: skip
        return Clue(**{**told, **more})

    def opens(self, priority: int = 1, grade: str = "1", **more: Any) -> str:
        """An incident that a rule opened; its id."""
        parent = more.pop("parent", "")
        case_id = self.next_id()
        self.commit(
            CaseOpened(
                incident_id=case_id, type="person_down", priority=priority, grade=grade, place=PLACE,
                clue=self.clue(**more), parent=parent,
            )
        )
        return case_id

    def gathers(self, case_id: str, **more: Any) -> Clue:
        clue = self.clue(**more)
        self.commit(ClueGathered(incident_id=case_id, clue=clue))
        return clue

    def asks(self, command: Command, person: str = "Kim", supervisor: bool = False) -> Decided:
        """The order is decided and, where it can be followed, committed."""
        asked = Asked(person, f"desk-{person}", self.clock.now_ns(), supervisor, self.handoffs)
        decided = self.orders.decide(self.cases, asked, command)
        if not isinstance(decided, Refused):
            self.commit(*decided)
        return decided

    def refused(self, command: Command, person: str = "Kim", supervisor: bool = False) -> str:
        """Why the order is not followed; "" where it is."""
        decided = self.asks(command, person, supervisor)
        return decided.code if isinstance(decided, Refused) else ""

    def passes(self, seconds: float) -> list[Event]:
        """Time goes on, a look each second; what the timers brought, committed."""
        found: list[Event] = []
        end = self.clock.mono_ns() + round(seconds * SECOND_NS)
        while self.clock.mono_ns() < end:
            self.clock.step(min(1.0, (end - self.clock.mono_ns()) / SECOND_NS))
            due = self.waiting.look(self.clock.mono_ns())
            self.commit(*due)
            found += due
        return found
