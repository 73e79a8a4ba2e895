"""The pulse: once of each kind a tick, nothing twice, nothing lost; and the collector on the UI thread."""

from __future__ import annotations

import gc
import weakref
from collections import Counter

import pytest
from PySide6.QtCore import QObject, Slot

from console.desk.inbound import AnswerCame, EntryCame, HealthCame, LinkChanged, PageCame
from console.model import events as ev
from console.model.commands import Accepted, AddNote
from console.model.query import LogPage
from tests.kit.sitting import Sitting, health, opened
from widgets.kit.collector import FLOOD, Collector
from widgets.kit.pulse import Pulse


class Ear(QObject):
    """Counts what it hears."""

    def __init__(self, pulse: Pulse) -> None:
        super().__init__()
        self.heard: Counter[str] = Counter()
        self.answers: list[tuple[object, ...]] = []
        self.pages: list[tuple[str, ...]] = []
        pulse.incidents_changed.connect(self.incidents)
        pulse.telemetry_changed.connect(self.telemetry)
        pulse.health_changed.connect(self.health)
        pulse.presence_changed.connect(self.presence)
        pulse.answered.connect(self.answered)
        pulse.looked_up.connect(self.looked_up)
        pulse.ticked.connect(self.ticked)
        pulse.blinked.connect(self.blinked)
        pulse.second_passed.connect(self.second)

    @Slot()
    def incidents(self) -> None:
        self.heard["incidents"] += 1

    @Slot()
    def telemetry(self) -> None:
        self.heard["telemetry"] += 1

    @Slot()
    def health(self) -> None:
        self.heard["health"] += 1

    @Slot()
    def presence(self) -> None:
        self.heard["presence"] += 1

    @Slot(object)
    def answered(self, pairs: tuple[object, ...]) -> None:
        self.heard["answered"] += 1
        self.answers.append(pairs)

    @Slot(object)
    def looked_up(self, ids: tuple[str, ...]) -> None:
        self.heard["looked_up"] += 1
        self.pages.append(ids)

    @Slot()
    def ticked(self) -> None:
        self.heard["ticked"] += 1

    @Slot(bool)
    def blinked(self, lit: bool) -> None:
        self.heard["lit" if lit else "unlit"] += 1

    @Slot()
    def second(self) -> None:
        self.heard["second"] += 1


@pytest.fixture
def ear(sitting: Sitting) -> Ear:
    sitting.connect()
    return Ear(sitting.pulse)


def test_a_quiet_tick_tells_nothing_but_itself(sitting: Sitting, ear: Ear) -> None:
    sitting.pulse.tick()
    assert ear.heard == {"ticked": 1}


def test_a_thousand_of_each_kind_are_told_once_each(sitting: Sitting, ear: Ear) -> None:
    for number in range(1000):
        seq = 11 + 2 * number
        for offset, event in enumerate((opened(f"INC-{number}"), ev.DeskLeft(desk="desk-2", person="x"))):
            entry = ev.Entry(run="r1", seq=seq + offset, at_ns=1, cause=ev.Cause(actor="hub"), event=event)
            sitting.board.inbox.append(EntryCame(entry))
        sitting.board.inbox.append(HealthCame(health()))
        sitting.board.inbox.append(LinkChanged("live"))
        sitting.board.inbox.append(AnswerCame(Accepted(id=f"c{number}", seq=1)))
        sitting.board.inbox.append(PageCame(f"q{number}", LogPage(entries=())))
    sitting.pulse.tick()
    assert ear.heard == {
        "incidents": 1, "presence": 1, "health": 1, "answered": 1, "looked_up": 1, "ticked": 1,
    }  # fmt: skip
    assert len(sitting.board.state.incidents) == 1000


def test_each_answer_is_told_once_with_its_command_in_order(sitting: Sitting, ear: Ear) -> None:
    one, two = AddNote(incident_id="I", text="a"), AddNote(incident_id="I", text="b")
    sitting.board.asked("c1", one)
    sitting.board.asked("c2", two)
    for name in ("c1", "c2"):
        sitting.board.inbox.append(AnswerCame(Accepted(id=name, seq=1)))
    sitting.pulse.tick()
    sitting.board.inbox.append(AnswerCame(Accepted(id="c3", seq=2)))
    sitting.pulse.tick()
    sitting.pulse.tick()
    assert [[answer.id for _, answer in pairs] for pairs in ear.answers] == [["c1", "c2"], ["c3"]]
    assert [command for command, _ in ear.answers[0]] == [one, two]
    assert ear.answers[1][0][0] is None, "an answer to nothing this desk knows of comes without a command"


def test_pages_that_wait_are_told_by_the_id_of_their_query(sitting: Sitting, ear: Ear) -> None:
    sitting.board.inbox.append(PageCame("q7", LogPage(entries=())))
    sitting.pulse.tick()
    assert ear.pages == [("q7",)]
    assert sitting.board.take_page("q7") is not None
    sitting.pulse.tick()
    assert ear.heard["looked_up"] == 1


def test_markers_blink_at_one_hertz_and_seconds_pass(sitting: Sitting, ear: Ear) -> None:
    for _ in range(300):  # ten seconds of 30 ticks
        sitting.later(1 / 30)
    assert ear.heard["second"] in (9, 10)
    assert ear.heard["lit"] in range(9, 12)
    assert ear.heard["unlit"] in range(9, 12)


def test_without_motion_nothing_blinks_and_markers_stay_lit(sitting: Sitting, ear: Ear) -> None:
    sitting.pulse.motion = False
    for _ in range(60):
        sitting.later(1 / 30)
    assert ear.heard["unlit"] == 0
    assert sitting.pulse.lit


def test_what_does_not_fit_into_a_ticks_budget_comes_with_the_next(sitting: Sitting) -> None:
    slow = Pulse(sitting.board, sitting.clock, budget_ms=0.0)
    drained: list[int] = []

    class Ticking:
        def __call__(self) -> None:
            drained.append(len(sitting.board.inbox))

    mono_ns = sitting.clock.mono_ns
    calls = iter(range(10**6))
    sitting.clock.mono_ns = lambda: mono_ns() + next(calls) * 1000  # type: ignore[method-assign]
    for number in range(3):
        sitting.board.inbox.append(PageCame(f"q{number}", None))
    slow.ticked.connect(Ticking())
    for _ in range(3):
        slow.tick()
    assert drained == [2, 1, 0]
    slow.deleteLater()


def test_a_listener_that_is_gone_is_not_called_and_not_kept(sitting: Sitting) -> None:
    ear = Ear(sitting.pulse)
    ghost = weakref.ref(ear)
    del ear
    gc.collect()
    assert ghost() is None
    sitting.pulse.tick()


def test_after_a_flood_of_new_objects_they_are_set_aside_and_not_looked_at() -> None:
    collector = Collector()
    collector.start()
    try:
        before = gc.get_freeze_count()
        state = [[number] for number in range(FLOOD + 1_000)]
        collector.collect()
        assert gc.get_freeze_count() - before >= len(state)
        assert gc.get_count()[0] < FLOOD
    finally:
        collector.stop()


def test_the_collector_takes_over_and_gives_back(qapp: object) -> None:
    assert gc.isenabled()
    collector = Collector()
    collector.start()
    try:
        assert not gc.isenabled()
        ring: list[object] = []
        ring.append(ring)

        class Thing:
            pass

        thing = Thing()
        thing.me = thing  # type: ignore[attr-defined]
        ghost = weakref.ref(thing)
        del thing, ring
        assert ghost() is not None
        collector.collect()
        assert ghost() is None, "a young cycle is gone with the next second"
    finally:
        collector.stop()
    assert gc.isenabled()
    assert gc.get_freeze_count() == 0
