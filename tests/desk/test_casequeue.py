"""Every incident in the order of the queue at the desk: what the ranking says, kept up entry by entry."""

from __future__ import annotations

import random

from console.clock import SteppedClock
from console.desk.board import Board
from console.desk.casequeue import CaseQueue
from console.desk.inbound import EntryCame, SnapshotCame
from console.desk.queuerows import QueueRows, Sift
from console.model import events as ev
from console.model.base import Words
from console.model.casework import Clue
from console.model.state import CityState
from console.rules.casework.claims import standing
from console.rules.casework.queue import Ranking
from tests.report.city import MARKET, small_city

ALL = Sift()


class Desk:
    def __init__(self) -> None:
        self.clock = SteppedClock()
        self.board = Board(small_city(), self.clock, "desk-1", "kim")  # type: ignore[arg-type]
        self.queue = CaseQueue(self.board)
        self.rows = QueueRows(self.queue)

    def hears(self, *events: ev.AnyEvent) -> None:
        for event in events:
            entry = ev.Entry(run="r", seq=self.board.state.seq + 1, at_ns=self.clock.now_ns(),
                             cause=ev.Cause(actor="hub"), event=event)  # fmt: skip
            self.board.inbox.append(EntryCame(entry))
            self.board.drain()
        self.queue.follow()

    def opens(self, name: str, priority: int = 2, parent: str = "", type_id: str = "smoke") -> None:
        clue = Clue(uid=name, source="alarm", type=type_id, at_ns=self.clock.now_ns(), lat=37.2, lon=127.0)
        self.hears(
            ev.CaseOpened(incident_id=name, type=type_id, priority=priority, grade=str(priority),
                          place=MARKET, clue=clue, reasons=(Words(en="Smoke.", ko="연기."),), parent=parent)
        )  # fmt: skip

    def fill(self, sift: Sift = ALL) -> list[str]:
        search = self.rows.find(sift)
        while True:
            try:
                next(search)
            except StopIteration as end:
                self.rows.adopt(end.value)
                break
        return [one[-1] for one in self.rows.keys]

    def order(self) -> list[str]:
        return [one[-1] for one in self.queue.keys]

    def said(self) -> list[str]:
        """What the ranking says of what asks for somebody; then what has ended, the newest first."""
        state, now_ns = self.board.state, self.clock.now_ns()
        standings = {
            one.id: standing(one, now_ns, self.queue.told.claim) for one in state.cases.values()
        }  # fmt: skip
        lines = Ranking(self.queue.told, self.board.profile.country).lines(state.cases.values(), standings)
        found = [one for line in lines for one in (line.case_id, *line.parts)]
        ended = [one for one in state.cases.values() if not one.is_worked]
        ended.sort(key=lambda one: (-one.changed_at_ns, one.id))
        return [one for one in found if state.cases[one].is_worked] + [one.id for one in ended]


def test_the_order_is_the_rankings_however_it_came_to_be() -> None:
    desk, dice = Desk(), random.Random(7)
    names: list[str] = []
    for step in range(300):
        desk.clock.step(dice.choice((0, 1, 25)))
        some = dice.choice(names) if names else ""
        other = dice.choice(names) if names else ""
        match dice.randrange(8) if len(names) > 3 else 0:
            case 0 | 1:
                names.append(f"I{step}")
                desk.opens(names[-1], dice.randint(1, 4), some if dice.random() < 0.3 else "")
            case 2:
                desk.hears(ev.IncidentAcknowledged(incident_id=some, person="kim"))
            case 3:
                desk.hears(ev.IncidentVerified(incident_id=some, person="kim", verdict="real"))
            case 4:
                desk.hears(ev.IncidentResolved(incident_id=some, person="kim", outcome="real"))
            case 5:
                desk.hears(ev.IncidentsMerged(kept_id=some, other_id=other, person="kim", reason="same")) if (
                    some != other) else None  # fmt: skip
            case 6:
                desk.hears(ev.IncidentPutUnder(incident_id=some, parent=other, person="kim"))
            case _:
                desk.hears(ev.IncidentClosed(incident_id=some, person="kim"))
        desk.queue.follow()
        assert desk.order() == desk.said()


def test_a_snapshot_is_read_in_shares_and_ends_in_the_same_order() -> None:
    class Hurried(SteppedClock):
        def mono_ns(self) -> int:
            self.step(0.0002)
            return super().mono_ns()

    full, desk = Desk(), Desk()
    for number in range(100):
        full.opens(f"I{number}", 1 + number % 4)
    desk.board.clock = Hurried()
    desk.board.inbox.append(SnapshotCame(full.board.state))
    desk.board.drain()
    desk.queue.follow(1.0)
    assert desk.queue.behind > 0
    for _ in range(100):
        desk.queue.follow(1.0)
    assert desk.queue.behind == 0
    assert desk.order() == full.order()


def test_what_no_entry_named_is_found_by_the_round() -> None:
    desk = Desk()
    desk.opens("I1")
    del desk.board.state.cases["I1"]
    desk.queue.look_around()
    desk.queue.follow()
    assert desk.order() == []


def test_a_filter_takes_what_fits_and_never_hides_what_is_new_and_most_urgent() -> None:
    desk = Desk()
    desk.opens("I1", 1)
    desk.opens("I2", 2)
    desk.opens("I3", 3, type_id="flood")
    desk.hears(ev.IncidentAcknowledged(incident_id="I2", person="kim"))
    assert desk.fill(Sift(owner="kim")) == ["I1", "I2"]
    assert desk.fill(Sift(owner="")) == ["I1", "I3"]
    assert desk.fill(Sift(type="flood")) == ["I1", "I3"]
    assert desk.fill(Sift(stage="acknowledged")) == ["I1", "I2"]
    assert desk.fill(Sift(words=("smoke", "p2"))) == ["I1", "I2"]
    assert desk.rows.hidden == 1
    assert desk.fill() == ["I1", "I3", "I2"] or desk.fill() == ["I1", "I2", "I3"]
    assert desk.rows.hidden == 0


def test_what_has_ended_or_was_merged_is_found_when_asked_for() -> None:
    desk = Desk()
    for name in ("I1", "I2", "I3"):
        desk.opens(name)
    desk.hears(ev.IncidentResolved(incident_id="I2", person="kim", outcome="real"))
    desk.hears(ev.IncidentsMerged(kept_id="I1", other_id="I3", person="kim", reason="same"))
    assert desk.fill() == ["I1"]
    assert set(desk.fill(Sift(ended=True))) == {"I1", "I2", "I3"}
    assert desk.fill(Sift(ended=True))[0] == "I1"
    assert desk.rows.worked == 1


def test_few_parts_stand_below_their_whole_and_many_when_asked() -> None:
    desk = Desk()
    desk.opens("W", 3)
    for number in range(3):
        desk.opens(f"P{number}", 4, parent="W")
    desk.opens("X", 4)
    desk.rows.with_parts(desk.queue.changed())
    assert desk.fill() == ["W", "P0", "P1", "P2", "X"]
    for number in range(3, 8):
        desk.opens(f"P{number}", 4, parent="W")
    desk.rows.with_parts(desk.queue.changed())
    assert desk.fill() == ["W", "X"]
    assert desk.rows.folded("W")
    desk.rows.turn("W", fold=False)
    desk.rows.with_parts({"W"})
    assert len(desk.fill()) == 10


def test_the_rows_of_a_search_are_those_that_pass_one_by_one() -> None:
    """Columns and long strings say what `wanted` says of each; also after changes and another snapshot."""
    desk, dice = Desk(), random.Random(11)
    for step in range(120):
        whole = f"I{step - 1}" if step and dice.random() < 0.3 else ""
        desk.opens(f"I{step}", dice.randint(1, 4), whole, dice.choice(("smoke", "flood")))
        some = f"I{dice.randrange(step + 1)}"
        match dice.randrange(4):
            case 0:
                desk.hears(ev.IncidentAcknowledged(incident_id=some, person=dice.choice(("kim", "lee"))))
            case 1:
                desk.hears(ev.IncidentResolved(incident_id=some, person="kim", outcome="real"))
            case _:
                pass
        if step == 60:
            desk.board.inbox.append(SnapshotCame(desk.board.state))
            desk.board.drain()
            desk.queue.follow()
        sift = dice.choice((
            ALL, Sift(owner="kim"), Sift(owner=""), Sift(type="flood"), Sift(stage="new"),
            Sift(words=("연기",)), Sift(words=("i1", "p2"), type="smoke"), Sift(ended=True),
            Sift(words=("kim",), ended=True),
        ))  # fmt: skip
        shown = desk.fill(sift)
        wanted = [key for one in desk.queue.keys if (key := desk.rows.wanted(one[-1])) is not None]
        assert shown == [one[-1] for one in sorted(wanted)]
        assert [desk.rows.row_of(one) for one in shown] == list(range(len(shown)))
        assert desk.rows.new == sum(desk.board.state.cases[one].stage == "new" for one in shown)
        waiting = next((one for one in desk.order() if desk.board.state.cases[one].stage == "new"), "")
        assert desk.queue.first_new() == waiting


def test_an_empty_state_is_empty() -> None:
    desk = Desk()
    desk.board.state = CityState()
    desk.queue.follow()
    assert desk.order() == []
