"""A city's log in which procedures follow what happens, and persons order."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from console.clock import SteppedClock
from console.hub.procedures import HubProcedures
from console.language import load_catalogue
from console.model import commands as do
from console.model import events as ev
from console.model.base import Place, Position, same_words
from console.model.casework import Clue
from console.model.citystate import CityState
from console.model.procedurerun import ProcedureRun
from console.model.state import apply
from console.profile.procedures import ProcedureBook
from console.rules.city import phrase_of
from console.rules.draft import Decision, Draft, Drafting, Refusal
from console.rules.procedure.orders import ProcedureOrders

S = 1_000_000_000
PLACE = Place(name=same_words("gate"), position=Position(lat=37.28, lon=127.01))
CITY: Any = SimpleNamespace(
    desks={"desk-1": SimpleNamespace(role="operator"), "desk-9": SimpleNamespace(role="supervisor")}
)


class Room:
    """Everything that happens is folded, followed until nothing more comes, and kept in `log`."""

    def __init__(self, book: ProcedureBook, clock: SteppedClock | None = None) -> None:
        self.clock, self.state, self.book = clock or SteppedClock(), CityState(), book
        self.log: list[ev.Entry] = []
        self.procedures = HubProcedures(book, self.state, self.clock)
        self.orders = ProcedureOrders(CITY, phrase_of(load_catalogue()), book, waited=self.procedures.waited)

    def begin(self, kind: str, incident_id: str = "I-1", **more: Any) -> ProcedureRun:
        clue = Clue(
            uid=f"{incident_id}-c", source="detection", type=kind, at_ns=self.clock.now_ns(), lat=37.28,
            lon=127.01, device_id=more.pop("device_id", ""),
        )  # fmt: skip
        more.setdefault("place", PLACE)
        self.tell(
            ev.CaseOpened(incident_id=incident_id, type=kind, priority=1, grade="1", clue=clue, **more)
        )
        return self.run(incident_id)

    def tell(self, event: ev.AnyEvent, actor: str = "hub") -> None:
        self.decide(Decision((Draft(event, ev.Cause(actor=actor)),)))

    def decide(self, decision: Decision) -> None:
        waiting = [decision]
        while waiting:
            entries = []
            for draft in waiting.pop(0).drafts:
                seq = self.state.seq + 1
                entry = ev.Entry(
                    run="r", seq=seq, at_ns=self.clock.now_ns(), cause=draft.cause, event=draft.event
                )
                apply(self.state, entry)
                entries.append(entry)
            self.log += entries
            waiting += self.procedures.follow(self.state, tuple(entries))

    def later(self, seconds: float) -> None:
        self.clock.step(seconds)
        for decision in self.procedures.look(self.state):
            self.decide(decision)

    def ask(self, command: do.AnyCommand, desk: str = "desk-1", person: str = "kim") -> Refusal | None:
        request = do.Request(id="c", desk=desk, person=person, sent_ns=0, command=command)
        draft = Drafting(ev.Cause(actor=f"person:{person}", desk=desk))
        decided = self.orders.decide[type(command)](self.state, request, command, draft, self.clock.now_ns())
        if isinstance(decided, Refusal):
            return decided
        self.decide(decided)
        return None

    def run(self, incident_id: str = "I-1") -> ProcedureRun:
        return self.state.procedures[incident_id]

    def open(self, incident_id: str = "I-1") -> list[str]:
        return [one.step for one in self.run(incident_id).open_steps]

    def moves(self) -> list[tuple[str, str]]:
        return [
            (one.event.move, one.event.step) for one in self.log if isinstance(one.event, ev.ProcedureMoved)
        ]
