"""No position that is not on the record ever reaches the engine, whatever is asked, whenever answered."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from console.clock import SECOND_NS, SteppedClock
from console.desk.board import Board
from console.language import load_catalogue
from console.model.base import same_words
from console.model.commands import Accepted, Answer, Command, Refused, ViewFootage
from console.video.transport import Transport
from tests.kit.sitting import suwon
from widgets.kit.permits import Look, RangePermits, Stretch
from widgets.kit.playback import RATES, Playback
from widgets.kit.pulse import Pulse
from widgets.kit.replaydata import ns, replay_bounds

NOW_NS = 1_774_000_000 * SECOND_NS
BOUNDS = replay_bounds().permit
moments = st.integers(0, 200)


def stretches() -> st.SearchStrategy[Stretch]:
    return st.tuples(moments, moments).map(lambda both: Stretch(min(both), max(both)))


@given(st.lists(st.tuples(stretches(), st.booleans()), max_size=12), stretches())
def test_a_stretch_is_covered_exactly_when_every_moment_of_it_was_accepted(
    answers: list[tuple[Stretch, bool]], asked: Stretch
) -> None:
    permits = RangePermits()
    seen: set[int] = set()
    for number, (stretch, accepted) in enumerate(answers):
        permits.sent(str(number), Look(("C1",), stretch))
        assert permits.answered(str(number), accepted, "no")
        if accepted:
            seen |= set(range(stretch.from_ns, stretch.to_ns + 1))
    wanted = set(range(asked.from_ns, asked.to_ns + 1))
    assert permits.covers("C1", asked) == (wanted <= seen)
    assert not permits.covers("C2", asked)
    around = permits.stretch_around("C1", asked.from_ns)
    assert (around is not None) == (asked.from_ns in seen)


def test_one_request_is_in_flight_and_the_newest_wish_is_asked_next() -> None:
    permits = RangePermits()
    permits.want(("C1",), Stretch(10, 11), Stretch(0, 20))
    first = permits.due()
    assert first == Look(("C1",), Stretch(0, 20))
    permits.sent("a", first)
    for at in (100, 200, 300):
        permits.want(("C1",), Stretch(at, at), Stretch(at - 5, at + 5))
        assert permits.due() is None
    assert not permits.answered("another", True)
    assert permits.answered("a", True)
    assert permits.due() == Look(("C1",), Stretch(295, 305)), "100 and 200 were never asked for"


def test_what_was_refused_is_not_asked_again_until_somebody_wants_it_anew() -> None:
    permits = RangePermits()
    permits.want(("C1", "C2"), Stretch(10, 11), Stretch(0, 20))
    permits.sent("a", permits.due() or pytest.fail("nothing due"))
    permits.answered("a", False, "No right.")
    assert permits.due() is None
    assert permits.state("C1", Stretch(10, 11)) == ("denied", "No right.")
    assert permits.state("C1", Stretch(30, 31)) == ("waiting", "")
    permits.forget_denials()
    assert permits.due() == Look(("C1", "C2"), Stretch(0, 20))


def test_a_wish_must_lie_within_what_is_asked_for() -> None:
    with pytest.raises(ValueError, match="holds what is needed"):
        RangePermits().want(("C1",), Stretch(0, 30), Stretch(0, 20))


@dataclass
class Step:
    wall_ns: int | None


@dataclass
class Engine:
    """Remembers each transport and checks it against the record at the moment it is given."""

    record: Record
    given: list[Transport] = field(default_factory=list)
    answer: Step | None = None
    steps: list[tuple[object, int, int]] = field(default_factory=list)
    playback: Playback | None = None

    def set_transport(self, transport: Transport) -> None:
        self.given.append(transport)

    def step(self, pane: object, from_ns: int, count: int) -> None:
        self.steps.append((pane, from_ns, count))

    def stepped(self, pane: object) -> Step | None:
        return self.answer


@dataclass
class Record:
    """The hub's side: what it was asked, and what it accepted, kept apart from what the desk believes."""

    board: Board
    asked: dict[str, ViewFootage] = field(default_factory=dict)
    open: list[str] = field(default_factory=list)
    accepted: list[ViewFootage] = field(default_factory=list)

    def request(self, command: Command) -> str:
        assert isinstance(command, ViewFootage)
        request_id = f"c{len(self.asked) + 1}"
        self.asked[request_id] = command
        self.open.append(request_id)
        return request_id

    def ask(self, query: object) -> str:
        raise AssertionError("a clock looks nothing up")

    def answer(self, accept: bool) -> list[tuple[Command, Answer]]:
        if not self.open:
            return []
        request_id = self.open.pop(0)
        command = self.asked[request_id]
        if not accept:
            return [(command, Refused(id=request_id, code="x", reason=same_words("No.")))]
        self.accepted.append(command)
        return [(command, Accepted(id=request_id, seq=1))]

    def has(self, camera_id: str, at_ns: int) -> bool:
        return any(
            camera_id in one.camera_ids and one.from_ns <= at_ns <= one.to_ns for one in self.accepted
        )


class World:
    """One clock, three cameras, a hub that answers when told to."""

    def __init__(self) -> None:
        self.clock = SteppedClock(NOW_NS)
        self.board = Board(suwon(), self.clock)
        self.pulse = Pulse(self.board, self.clock)
        self.record = Record(self.board)
        self.engine = Engine(self.record)
        self.playback = Playback(
            "g", Path("footage"), self.engine, self.board, self.record, self.pulse, load_catalogue("en"),
            BOUNDS, lambda: "test",
        )  # fmt: skip

    def answer(self, accept: bool = True) -> None:
        self.pulse.answered.emit(tuple(self.record.answer(accept)))

    def tick(self, seconds: float = 0.033) -> None:
        self.clock.step(seconds)
        self.playback.tick()

    def check(self) -> None:
        """What the engine was told is on the record, also half a tick later; so is what may be painted."""
        playback = self.playback
        assert len(self.record.open) <= 1, "one request in flight"
        if not self.engine.given:
            return
        transport = self.engine.given[-1]
        for late_ns in (0, 100_000_000):
            at_ns = transport.position(self.clock.mono_ns() + late_ns)
            for camera_id in playback.camera_ids:
                if playback.may_decode(camera_id):
                    assert self.record.has(camera_id, at_ns), (camera_id, at_ns - NOW_NS)
        for camera_id in playback.camera_ids:
            for back_s in (0, 1, 7, 100):
                at_ns = playback.position_ns - back_s * SECOND_NS
                assert not playback.may_show(camera_id, at_ns) or self.record.has(camera_id, at_ns)

    def end(self) -> None:
        self.playback.deleteLater()
        self.pulse.deleteLater()


@pytest.fixture
def world(qapp: object) -> Iterator[World]:
    made = World()
    yield made
    made.end()


acts = st.one_of(
    st.tuples(st.just("seek"), st.floats(-4000, 50)),
    st.tuples(st.just("play"), st.sampled_from((0.0, *RATES))),
    st.tuples(st.just("tick"), st.floats(0.01, 0.3)),
    st.tuples(st.just("hang"), st.floats(1, 200)),
    st.tuples(st.just("answer"), st.booleans()),
    st.tuples(st.just("accept"), st.just(True)),
    st.tuples(st.just("cameras"), st.sets(st.sampled_from(("C1", "C2", "C3")))),
    st.tuples(st.just("jump"), st.floats(-30, 30)),
    st.tuples(st.just("loop"), st.one_of(st.none(), st.floats(-600, -10))),
    st.tuples(st.just("step"), st.floats(-600, -5)),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(acts, min_size=4, max_size=40))
def test_whatever_happens_only_what_is_on_the_record_is_decoded_or_shown(
    qapp: object, done: list[tuple[str, object]]
) -> None:
    world = World()
    try:
        world.playback.set_cameras(("C1", "C2"))
        world.playback.seek(NOW_NS - 60 * SECOND_NS, 1.0)
        world.answer()
        for act, value in done:
            _do(world, act, value)
            world.check()
            world.tick()
            world.check()
    finally:
        world.end()


def _do(world: World, act: str, value: object) -> None:
    playback = world.playback
    match act, value:
        case "seek", float():
            playback.seek(NOW_NS + ns(value))
        case "play", float():
            playback.play(value)
        case ("tick" | "hang"), float():
            world.tick(value)
        case ("answer" | "accept"), bool():
            world.answer(value)
        case "cameras", set():
            playback.set_cameras(tuple(sorted(value)))
        case "jump", float():
            world.clock.jump(value)
        case "loop", float():
            playback.loop = Stretch(NOW_NS + ns(value), NOW_NS + ns(value + 5))
        case "loop", None:
            playback.loop = None
        case "step", float():
            world.engine.answer = Step(NOW_NS + ns(value))
            playback.step("pane", 0, 1)


def test_nothing_is_told_before_the_hub_accepted_and_then_it_stands_there_and_runs(world: World) -> None:
    world.playback.set_cameras(("C1",))
    world.playback.seek(NOW_NS - 10 * SECOND_NS, 1.0)
    world.tick()
    assert world.engine.given == []
    assert world.playback.permit_of("C1") == ("waiting", "The hub does not answer. Recorded pictures are "
                                              "shown once the look at them is on the record.")  # fmt: skip
    (asked,) = world.record.asked.values()
    assert asked.camera_ids == ("C1",)
    assert asked.from_ns <= NOW_NS - 10 * SECOND_NS <= asked.to_ns
    world.answer()
    assert world.engine.given[-1].rate == 1.0
    assert world.playback.permit_of("C1") == ("allowed", "")
    before_ns = world.playback.position_ns
    world.tick(1.0)
    assert world.playback.position_ns - before_ns == SECOND_NS


def test_a_minute_of_replay_is_about_one_entry_of_the_record_and_never_waits(world: World) -> None:
    world.playback.set_cameras(("C1", "C2"))
    world.playback.seek(NOW_NS - 3600 * SECOND_NS, 1.0)
    world.answer()
    for _ in range(300 * 30):
        world.tick(1 / 30)
        world.answer()
        assert world.playback.permit_of("C1")[0] == "allowed"
    assert 4 <= len(world.record.asked) <= 9


def test_a_hub_that_falls_silent_stops_the_clock_at_the_end_of_what_is_on_the_record(world: World) -> None:
    world.playback.set_cameras(("C1",))
    world.playback.seek(NOW_NS - 3600 * SECOND_NS, 1.0)
    world.answer()
    (asked, *_) = world.record.asked.values()
    for _ in range(120):
        world.tick(1.0)
    assert world.engine.given[-1].rate == 0
    assert world.playback.is_waiting
    assert world.playback.position_ns <= asked.to_ns
    assert world.playback.permit_of("C1")[0] == "waiting"
    world.answer()
    world.tick()
    assert world.engine.given[-1].rate == 1.0, "it goes on by itself"


def test_a_refusal_is_said_and_nothing_is_shown(world: World) -> None:
    world.playback.set_cameras(("C1",))
    world.playback.seek(NOW_NS - 10 * SECOND_NS, 1.0)
    world.answer(False)
    assert world.playback.permit_of("C1") == ("denied", "No.")
    for _ in range(30):
        world.tick()
    assert len(world.record.asked) == 1, "a refusal is not asked for again and again"
    assert world.engine.given == []


def test_scrubbing_asks_for_the_newest_place_only(world: World) -> None:
    world.playback.set_cameras(("C1",))
    for back_s in range(3000, 1000, -100):
        world.playback.seek(NOW_NS - back_s * SECOND_NS)
        world.tick()
    assert len(world.record.asked) == 1
    world.answer()
    asked = list(world.record.asked.values())
    assert len(asked) == 2
    assert asked[-1].from_ns <= NOW_NS - 1100 * SECOND_NS <= asked[-1].to_ns


def test_a_camera_that_comes_later_does_not_stop_the_others(world: World) -> None:
    world.playback.set_cameras(("C1",))
    world.playback.seek(NOW_NS - 100 * SECOND_NS, 1.0)
    world.answer()
    world.playback.set_cameras(("C1", "C2"))
    world.tick()
    assert world.playback.rate == 1.0
    assert world.engine.given[-1].rate == 1.0
    assert not world.playback.may_decode("C2")
    assert list(world.record.asked.values())[-1].camera_ids == ("C2",)
    world.answer()
    world.tick()
    assert world.playback.may_decode("C2")


def test_at_the_live_edge_a_fast_clock_becomes_a_steady_one(world: World) -> None:
    world.playback.set_cameras(("C1",))
    world.playback.seek(NOW_NS - 30 * SECOND_NS, 16.0)
    world.answer()
    for _ in range(120):
        world.tick()
        world.answer()
    assert world.playback.rate == 1.0
    behind_ns = world.clock.now_ns() - world.playback.position_ns
    assert ns(BOUNDS.edge_s) <= behind_ns < ns(BOUNDS.edge_s + 0.6)


def test_a_step_is_asked_of_the_engine_and_then_stood_at_exactly(world: World) -> None:
    world.playback.set_cameras(("C1",))
    world.playback.seek(NOW_NS - 30 * SECOND_NS, 1.0)
    world.answer()
    shown_ns = NOW_NS - 30 * SECOND_NS - 12_345
    world.playback.step("pane", shown_ns, -1)
    assert world.engine.steps == [("pane", shown_ns, -1)]
    world.engine.answer = Step(shown_ns - 40_000_000)
    world.tick()
    assert world.engine.given[-1].base_ns == shown_ns - 40_000_000
    assert world.engine.given[-1].rate == 0


def test_faster_and_slower_go_through_all_rates_and_back(world: World) -> None:
    world.playback.set_cameras(("C1",))
    world.playback.seek(NOW_NS - 300 * SECOND_NS, 1.0)
    world.answer()
    told = []
    for _ in range(6):
        world.playback.faster()
        told.append(world.playback.rate)
    assert told == [2.0, 4.0, 8.0, 16.0, 16.0, 16.0]
    for _ in range(12):
        world.playback.slower()
    assert world.playback.rate == -8.0

