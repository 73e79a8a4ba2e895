"""Events come from the record once, and what was missed while the hub was away is asked for."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from console.clock import SECOND_NS
from console.desk.inbound import PageCame, SnapshotCame
from console.model import events as ev
from console.model.query import AskLog, LogPage
from console.model.state import CityState
from tests.kit.sitting import Sitting, opened
from widgets.kit.permits import Stretch
from widgets.kit.replaydata import replay_bounds
from widgets.replay.events import EventBook
from widgets.replay.loading import EventLoader


class Desk(Sitting):
    """A sitting with a loader on its pulse."""

    def __init__(self) -> None:
        super().__init__()
        self.connect()
        self.book = EventBook(frozenset())
        self.loader = EventLoader(self.board, self.port, self.book, replay_bounds().timeline)

    def beat(self, seconds: float = 1.0) -> None:
        self.later(seconds)
        self.loader.tick()

    def answer(self, *seqs: int, more: bool = False, back_s: float = 100.0) -> None:
        query_id = f"q{len(self.port.queries)}"
        at_ns = self.clock.now_ns() - int(back_s * SECOND_NS)
        entries = tuple(
            ev.Entry(run="r1", seq=seq, at_ns=at_ns, cause=ev.Cause(actor="hub"), event=opened(f"INC-{seq}"))
            for seq in seqs
        )
        self.board.inbox.append(PageCame(query_id, LogPage(entries=entries, more=more)))
        self.pulse.tick()
        self.loader.looked_up((query_id,))

    def shown(self, back_s: float, span_s: float) -> Stretch:
        begin = self.clock.now_ns() - int(back_s * SECOND_NS)
        return Stretch(begin, begin + int(span_s * SECOND_NS))

    def asked(self) -> list[AskLog]:
        return [one for one in self.port.queries if isinstance(one, AskLog)]


@pytest.fixture
def desk(qapp: object) -> Iterator[Desk]:
    made = Desk()
    yield made
    made.leave()


def test_nothing_is_looked_up_while_the_time_line_is_moved(desk: Desk) -> None:
    for back_s in range(2000, 1000, -50):
        desk.loader.want(desk.shown(back_s, 600))
        desk.beat(0.05)
    assert desk.asked() == []
    desk.beat()
    assert len(desk.asked()) == 1


def test_pages_are_brought_one_after_the_other_and_then_no_more(desk: Desk) -> None:
    desk.loader.want(desk.shown(1000, 600))
    desk.beat()
    desk.answer(9, 8, more=True)
    assert [one.before_seq for one in desk.asked()] == [0, 8]
    desk.answer(7)
    assert len(desk.book) == 3
    assert not desk.loader.is_loading
    for _ in range(5):
        desk.beat()
    assert len(desk.asked()) == 2


def test_only_what_is_missing_of_another_stretch_is_asked_for(desk: Desk) -> None:
    desk.loader.want(desk.shown(1000, 600))
    desk.beat()
    desk.answer(9)
    first = desk.asked()[0].filter
    desk.loader.want(desk.shown(2500, 1500))
    desk.beat()
    second = desk.asked()[1].filter
    assert second.since_ns < first.since_ns
    assert second.until_ns < first.until_ns + 800 * SECOND_NS


def test_what_happened_while_the_hub_was_away_is_asked_for(desk: Desk) -> None:
    desk.loader.want(desk.shown(600, 1200))
    desk.beat()
    desk.answer()
    desk.beat(30.0)
    assert len(desk.asked()) == 1
    desk.beat(60.0)
    desk.board.inbox.append(SnapshotCame(CityState(run="r1", seq=900)))
    desk.beat()
    desk.beat()
    asked = desk.asked()
    assert len(asked) == 2
    assert asked[1].filter.until_ns >= desk.clock.now_ns() - 3 * SECOND_NS


def test_a_question_without_an_answer_is_said_and_asked_again_when_the_time_line_is_moved(desk: Desk) -> None:
    desk.loader.want(desk.shown(1000, 600))
    desk.beat()
    desk.board.inbox.append(PageCame("q1", None))
    desk.pulse.tick()
    desk.loader.looked_up(("q1",))
    assert desk.loader.problem
    desk.beat()
    assert len(desk.asked()) == 1
    desk.loader.want(desk.shown(1100, 600))
    desk.beat()
    assert len(desk.asked()) == 2


def test_without_the_hub_nothing_is_asked(desk: Desk) -> None:
    desk.lose_hub()
    desk.loader.want(desk.shown(1000, 600))
    desk.beat()
    assert desk.asked() == []
