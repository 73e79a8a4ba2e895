"""The bank against as many plain alarms as it has rows: the same events, cut into batches in any way."""

from __future__ import annotations

from typing import Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from console.rules.alarm.bank import AlarmBank
from console.rules.alarm.single import SingleAlarm
from console.rules.alarm.states import Stimulus
from console.rules.alarm.transition import AlarmStanding, Moves, folded, records
from tests.rules.alarm.town import at, bank, row, said, samples

POINTS = 4
VALUES = st.one_of(st.floats(0, 30), st.sampled_from([4.0, 6.0, 10.0, 15.0]))
ORDERS = ["acknowledge", "reset", "shelve", "unshelve", "remove", "return"]


@st.composite
def configs(draw: Any) -> dict[str, Any]:
    above = draw(st.booleans())
    set_at, clear_at = (15.0, draw(st.sampled_from([10.0, 15.0]))) if above else (4.0, 6.0)
    count = draw(st.sampled_from([1, 1, 2, 3]))
    return row(
        point=draw(st.integers(0, POINTS - 1)), above=above, set_at=set_at, clear_at=clear_at,
        on_ms=draw(st.sampled_from([0, 1000, 2500])), off_ms=draw(st.sampled_from([0, 1000, 3000])),
        count=count, window_ms=4000 if count > 1 else 0, latching=draw(st.booleans()),
    )  # fmt: skip


def plain(one: dict[str, Any]) -> SingleAlarm:
    return SingleAlarm(
        one["above"], one["set_at"], one["clear_at"], one["on_ms"] * 10**6, one["off_ms"] * 10**6,
        one["count"], one["window_ms"] * 10**6, one["latching"],
    )  # fmt: skip


@settings(max_examples=60, stateful_step_count=30, deadline=None)
class ManyAlarms(RuleBasedStateMachine):
    """Row by row the bank moves as the plain alarms do, and its records alone amount to its states."""

    @initialize(rows=st.lists(configs(), min_size=1, max_size=8))
    def begin(self, rows: list[dict[str, Any]]) -> None:
        self.rows = rows
        self.bank = bank(*rows, points=POINTS)
        self.plain = [plain(one) for one in rows]
        self.ids = [f"alarm-{number}" for number in range(len(rows))]
        self.folded: dict[str, AlarmStanding] = {}
        self.second = 0.0

    def agree(self, moves: list[Moves], expected: list[list]) -> None:
        found: list[list[str]] = [[] for _ in self.rows]
        for which, what in said(moves):
            found[which].append(what)
        assert found == [
            [f"{what.name.lower()} {before.letter}>{after.letter}" for what, before, after in one]
            for one in expected
        ]
        for record in records(moves, self.ids.__getitem__):
            standing = folded(self.folded.pop(record.alarm_id, None), record)
            if standing is not None:
                self.folded[record.alarm_id] = standing

    @rule(said=st.lists(st.tuples(st.integers(0, POINTS - 1), VALUES), min_size=1, max_size=12))
    def values_come(self, said: list[tuple[int, float]]) -> None:
        readings = [(point, self.second + number, value) for number, (point, value) in enumerate(said, 1)]
        self.second += len(said)
        expected: list[list] = [[] for _ in self.rows]
        for point, second, value in readings:
            for number, one in enumerate(self.rows):
                if one["point"] == point:
                    expected[number] += self.plain[number].sample(value, at(second))
        self.agree(self.bank.evaluate(samples(*readings)), expected)

    @rule(order=st.sampled_from(ORDERS), which=st.sets(st.integers(0, 7)))
    def a_person_orders(self, order: str, which: set[int]) -> None:
        stimulus, until_ns = Stimulus[order.upper()], at(self.second + 20)
        rows = np.array(sorted(one for one in which if one < len(self.rows)), dtype=np.intp)
        expected: list[list] = [[] for _ in self.rows]
        for number in rows:
            expected[number] = self.plain[number].order(stimulus, until_ns)
        moves = self.bank.act(stimulus, rows, at(self.second), "person:kim", "because", until_ns)
        self.agree(moves, expected)

    @rule(seconds=st.integers(1, 25))
    def time_passes(self, seconds: int) -> None:
        self.second += seconds
        expected = [one.look(at(self.second)) for one in self.plain]
        self.agree(self.bank.look(at(self.second)), expected)

    @invariant()
    def the_records_alone_carry_the_states(self) -> None:
        if not hasattr(self, "bank"):
            return
        assert [one.state for one in self.plain] == self.bank.state.tolist()
        assert [one.active for one in self.plain] == self.bank.active.tolist()
        standing = {one.alarm_id: one for one in self.bank.standing(self.ids)}
        assert standing == self.folded
        again = bank(*self.rows, points=POINTS)
        again.restore([(self.ids.index(name), one) for name, one in self.folded.items()], at(self.second))
        assert {one.alarm_id: one for one in again.standing(self.ids)} == standing


TestManyAlarms = ManyAlarms.TestCase


@settings(deadline=None)
@given(
    st.lists(configs(), min_size=1, max_size=6),
    st.lists(st.tuples(st.integers(0, POINTS - 1), VALUES), min_size=1, max_size=40),
    st.lists(st.integers(1, 7), min_size=1, max_size=10),
)
def test_how_readings_are_cut_into_batches_changes_no_alarm(rows, values, sizes):
    readings = [(point, float(second), value) for second, (point, value) in enumerate(values)]
    whole, cut = bank(*rows, points=POINTS), bank(*rows, points=POINTS)
    first = whole.evaluate(samples(*readings))
    second: list[Moves] = []
    begin, turn = 0, 0
    while begin < len(readings):
        size = sizes[turn % len(sizes)]
        second += cut.evaluate(samples(*readings[begin : begin + size]))
        begin, turn = begin + size, turn + 1
    assert by_row(first, len(rows)) == by_row(second, len(rows))
    assert whole.state.tolist() == cut.state.tolist()


@settings(deadline=None)
@given(
    st.lists(configs(), min_size=1, max_size=6),
    st.lists(st.tuples(st.integers(0, POINTS - 1), VALUES), min_size=1, max_size=30),
    st.randoms(use_true_random=False),
)
def test_readings_of_different_points_may_come_in_any_order(rows, values, random):
    readings = [(point, float(second), value) for second, (point, value) in enumerate(values)]
    shuffled = list(readings)
    random.shuffle(shuffled)
    turns = {point: iter([one for one in readings if one[0] == point]) for point in range(POINTS)}
    mixed = [next(turns[point]) for point, _, _ in shuffled]
    one, other = bank(*rows, points=POINTS), bank(*rows, points=POINTS)
    assert by_row(one.evaluate(samples(*readings)), len(rows)) == by_row(
        other.evaluate(samples(*mixed)), len(rows)
    )


def by_row(moves: list[Moves], size: int) -> list[list[tuple[str, int]]]:
    found: list[list[tuple[str, int]]] = [[] for _ in range(size)]
    times = [int(one) for part in moves for one in part.at_ns]
    for (which, what), time in zip(said(moves), times, strict=True):
        found[which].append((what, time))
    return found


def test_a_bank_that_starts_from_the_record_does_not_raise_again_what_stands() -> None:
    before = bank(row())
    before.evaluate(samples((0, 1, 20.0)))
    ids = ["GAUGE-1/depth_cm/close"]
    after: AlarmBank = bank(row())
    after.restore(((0, one) for one in before.standing(ids)), at(2))
    assert after.evaluate(samples((0, 3, 20.0))) == []
    assert said(after.evaluate(samples((0, 4, 1.0)))) == [(0, "ended B>D")]
