"""Load control without a decoder: a thread with a known capacity, sources of known cost, our own clock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from console.video.load import (
    CUT_OF,
    CUTS,
    Decoding,
    Importance,
    Level,
    LoadPolicy,
    Pressure,
    _cuts,
    load_limits,
)  # fmt: skip

LIMITS = load_limits()
SECOND_NS = 1_000_000_000
SMALL, LARGE = 200 * 112, 960 * 540


@dataclass
class Thread:
    """A decoding thread: `capacity` 1.0 is the whole processor. `unreferenced`: which sources have pictures
    that can be left out."""

    costs: dict[str, float]
    panes: list[Decoding]
    capacity: float = 1.0
    plain: frozenset[str] = frozenset()
    policy: LoadPolicy = field(default_factory=lambda: LoadPolicy(LIMITS))
    now_ns: int = 0
    late_ns: int = 0
    changes: int = 0

    def cost(self, each: Decoding) -> float:
        level = self.policy.level(each.key)
        if str(each.key) in self.plain and level is Level.NON_REFERENCE:
            level = Level.FULL
        work = LIMITS.work.at(level)
        if each.quick and level is not Level.FULL:
            work = min(1.0, work / LIMITS.work.loop_filter)
        return self.costs[str(each.key)] * work

    @property
    def demand(self) -> float:
        return sum(self.cost(each) for each in self.panes) / self.capacity

    def run(self, seconds: int) -> None:
        for _ in range(seconds):
            self.now_ns += SECOND_NS
            demand = self.demand
            self.late_ns = min(2 * SECOND_NS, max(0, self.late_ns + int((demand - 1) * SECOND_NS)))
            measured = [
                each._replace(share=self.cost(each) / self.capacity / max(1.0, demand)) for each in self.panes
            ]
            before = self.levels()
            self.policy.decide(self.now_ns, Pressure(min(1.0, demand), self.late_ns), measured)
            self.changes += before != self.levels()

    def levels(self) -> dict[str, Level]:
        return {str(each.key): self.policy.level(each.key) for each in self.panes}


def thread(costs: Sequence[float], **fields: object) -> Thread:
    panes = [Decoding(key=f"s{n}", pixels=SMALL, share=0.0, quick=True) for n in range(len(costs))]
    return Thread({f"s{n}": cost for n, cost in enumerate(costs)}, panes, **fields)  # type: ignore[arg-type]


def test_what_fits_is_not_cut() -> None:
    one = thread([0.2] * 4)
    one.run(600)
    assert set(one.levels().values()) == {Level.FULL}
    assert one.changes == 0


def test_what_does_not_fit_is_cut_until_it_does_and_given_back_when_there_is_room() -> None:
    one = thread([0.2] * 8)
    one.run(30)
    assert one.demand < LIMITS.high
    assert one.late_ns == 0
    assert max(one.levels().values()) > Level.FULL
    one.capacity = 4.0
    one.run(120)
    assert set(one.levels().values()) == {Level.FULL}


def test_small_panes_lose_before_large_ones_and_the_one_being_looked_at_last() -> None:
    panes = [
        Decoding("small", SMALL, 0, quick=True),
        Decoding("large", LARGE, 0),
        Decoding("incident", SMALL, 0, Importance.INCIDENT, quick=True),
        Decoding("selected", LARGE, 0, Importance.SELECTED),
        Decoding("full", LARGE, 0, Importance.FULL),
    ]
    order = [(each.key, step) for each, step in _cuts(panes)]
    assert order.index(("small", Level.NON_REFERENCE)) < order.index(("large", Level.NON_REFERENCE))
    assert order.index(("large", Level.LOOP_FILTER)) < order.index(("small", Level.NON_REFERENCE))
    names = [key for key, _ in order]
    last_normal = max(n for n, name in enumerate(names) if name in ("small", "large"))
    assert last_normal < names.index("incident") < names.index("selected") < names.index("full")
    assert ("small", Level.LOOP_FILTER) not in order, "it is left out for small panes anyway"


def test_a_second_stream_is_only_asked_for_where_there_is_one() -> None:
    one = thread([2.0, 2.0])
    one.panes[0] = one.panes[0]._replace(has_sub=True)
    one.run(60)
    assert one.levels() == {"s0": Level.SUB, "s1": Level.GROUP_HEADS}


def test_one_expensive_source_is_cut_and_the_cheap_ones_beside_it_are_not() -> None:
    one = thread([0.8, 0.04, 0.04, 0.04, 0.04, 0.04])
    one.run(120)
    levels = one.levels()
    assert levels.pop("s0") > Level.FULL
    assert set(levels.values()) == {Level.FULL}


def test_a_pane_that_becomes_selected_has_everything_back_and_others_pay_for_it() -> None:
    one = thread([0.3] * 5)
    one.run(60)
    (victim, *_) = [each for each in one.panes if one.levels()[str(each.key)] > Level.FULL]
    one.panes[one.panes.index(victim)] = victim._replace(importance=Importance.SELECTED)
    one.run(60)
    assert one.levels()[str(victim.key)] is Level.FULL
    assert one.demand < LIMITS.high


def test_a_camera_without_unreferenced_pictures_is_cut_further_instead() -> None:
    one = thread([0.3] * 5, plain=frozenset({f"s{n}" for n in range(5)}))
    one.run(60)
    assert one.demand < LIMITS.high
    assert max(one.levels().values()) > Level.NON_REFERENCE


def test_with_steady_pressure_nothing_flaps() -> None:
    """For a while, on a thread whose capacity is just too small at every load there is."""
    for tenths in range(10, 40, 4):
        one = thread([tenths / 80] * 8)
        one.run(120)
        settled = one.changes
        one.run(1200)
        # Now and then it looks whether there is room again: at most once in the longest calm.
        assert one.changes - settled <= 2 * 1200 / (LIMITS.calm_longest_ms / 1000), tenths


def test_what_was_given_back_too_early_is_given_back_later_the_next_time() -> None:
    # Non-reference pictures are worth more here than the limits say: giving them back looks possible.
    one = thread([0.12] * 8)
    one.run(20)
    one.policy.decide(one.now_ns, Pressure(0.1), one.panes)
    assert one.policy.calm_asked_ms >= LIMITS.calm_ms
    before = one.policy.calm_asked_ms
    gave_back = 0
    for second in range(400):
        now_ns = one.now_ns + second * SECOND_NS
        cut = any(one.policy.level(each.key) > Level.FULL for each in one.panes)
        # A thread that is calm only as long as it is cut.
        panes = [each._replace(share=0.05) for each in one.panes]
        told = one.policy.decide(now_ns, Pressure(0.3 if cut else 1.0), panes)
        gave_back += cut and not any(told.values())
    assert gave_back >= 2
    assert one.policy.calm_asked_ms > before
    assert gave_back <= 400 / (LIMITS.calm_ms / 1000) / 3


def test_each_level_has_a_name_for_the_pane() -> None:
    assert set(CUT_OF) == set(Level)
    assert set(CUT_OF.values()) == set(CUTS)
    works = [LIMITS.work.at(level) for level in Level]
    assert works == sorted(works, reverse=True)
    assert works[0] == 1.0


COSTS = st.floats(0.01, 1.0)
PANES = st.lists(
    st.tuples(COSTS, st.integers(1, 1920 * 1080), st.sampled_from(Importance), st.booleans(), st.booleans()),
    min_size=1, max_size=8,
)  # fmt: skip


@settings(deadline=None, max_examples=40)
@given(panes=PANES, capacity=st.floats(0.2, 3.0))
def test_every_load_settles_within_a_minute_and_is_undone_when_it_ends(
    panes: list[tuple[float, int, Importance, bool, bool]], capacity: float
) -> None:
    one = Thread(
        {f"s{n}": cost for n, (cost, *_) in enumerate(panes)},
        [Decoding(f"s{n}", pixels, 0.0, importance, quick, sub)
         for n, (_, pixels, importance, quick, sub) in enumerate(panes)],
        capacity,
    )  # fmt: skip
    one.run(90)
    left = [each for each in one.panes if one.policy.level(each.key) < _floor(each)]
    assert one.demand < 1.0 or not left, "either it keeps up, or there is nothing left to cut"
    _in_order(one)
    one.capacity = 100.0
    one.run(int(60 + len(panes) * 7 * 7))
    assert set(one.levels().values()) == {Level.FULL}


def _in_order(one: Thread) -> None:
    """Who is looked at has lost nothing while somebody who is not could still lose."""
    for each in one.panes:
        if each.importance > Importance.NORMAL and one.policy.level(each.key) > Level.FULL:
            for other in one.panes:
                if other.importance < each.importance:
                    assert one.policy.level(other.key) >= _floor(other)


def _floor(each: Decoding) -> Level:
    return Level.SUB if each.has_sub else Level.GROUP_HEADS


class Machine(RuleBasedStateMachine):
    """Panes come, go, are selected and resized, the machine gets busier and calmer."""

    @initialize()
    def begin(self) -> None:
        self.thread = Thread({}, [])
        self.count = 0

    @rule(cost=COSTS, pixels=st.integers(1, 10**6), quick=st.booleans(), sub=st.booleans())
    def come(self, cost: float, pixels: int, quick: bool, sub: bool) -> None:
        key = f"s{self.count}"
        self.count += 1
        self.thread.costs[key] = cost
        self.thread.panes.append(Decoding(key, pixels, 0.0, quick=quick, has_sub=sub))

    @rule(which=st.integers(0, 50))
    def go(self, which: int) -> None:
        if self.thread.panes:
            del self.thread.panes[which % len(self.thread.panes)]

    @rule(which=st.integers(0, 50), importance=st.sampled_from(Importance), quick=st.booleans())
    def change(self, which: int, importance: Importance, quick: bool) -> None:
        if self.thread.panes:
            place = which % len(self.thread.panes)
            self.thread.panes[place] = self.thread.panes[place]._replace(importance=importance, quick=quick)

    @rule(capacity=st.floats(0.1, 4.0), seconds=st.integers(1, 30))
    def live(self, capacity: float, seconds: int) -> None:
        self.thread.capacity = capacity
        self.thread.run(seconds)

    @invariant()
    def nobody_has_a_level_that_is_not_his(self) -> None:
        for each in self.thread.panes if self.count else ():
            assert self.thread.policy.level(each.key) is not Level.SUB or each.has_sub

    @rule()
    def calm_down(self) -> None:
        """Whatever was before: with room, all is given back in bounded time."""
        self.thread.capacity = 1000.0
        self.thread.run(120 + 7 * 7 * max(1, len(self.thread.panes)))
        assert set(self.thread.levels().values()) <= {Level.FULL}


Machine.TestCase.settings = settings(deadline=None, max_examples=25, stateful_step_count=10)
TestMachine = Machine.TestCase
