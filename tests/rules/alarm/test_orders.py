"""What persons may do to alarms, by role, time and reason."""

from __future__ import annotations

import numpy as np
import pytest

from console.language import load_catalogue
from console.rules.alarm.figures import load_alarm_figures
from console.rules.alarm.orders import AlarmOrders, Order
from console.rules.alarm.states import State, Stimulus
from console.rules.alarm.transition import records
from console.rules.city import phrase_of
from console.rules.draft import Refusal
from tests.rules.alarm.town import at, bank, row, samples

IDS = ("first", "second", "third")


class Room:
    def __init__(self) -> None:
        self.bank = bank(row(priority=1), row(), row(latching=True))
        self.orders = AlarmOrders(
            self.bank, load_alarm_figures(), IDS, phrase_of(load_catalogue("rules"))
        )

    def order(self, stimulus: Stimulus, *rows: int, role: str = "operator", **more: object) -> object:
        return self.orders.decide(Order(stimulus, rows, "kim", role, **more), at(10))


@pytest.fixture
def room() -> Room:
    return Room()


def code(outcome: object) -> str:
    assert isinstance(outcome, Refusal), outcome
    assert outcome.reason.en
    assert outcome.reason.ko
    return outcome.code


def test_a_shelf_is_on_the_record_with_who_why_and_until_when(room):
    moves = room.order(Stimulus.SHELVE, 1, reason=" works on the pump ", seconds=600)
    (record,) = records(moves, IDS.__getitem__)
    assert (record.who, record.why, record.until_ns) == ("person:kim", "works on the pump", at(610))
    assert (record.before, record.after) == ("A", "G")


def test_a_shelf_ends_by_itself(room):
    room.order(Stimulus.SHELVE, 1, reason="works", seconds=600)
    assert room.bank.look(at(609)) == []
    (record,) = records(room.bank.look(at(610)), IDS.__getitem__)
    assert (record.who, record.stimulus, record.after) == ("rule:shelf_time", "shelf_time_over", "A")


def test_nobody_shelves_for_longer_than_the_role_may(room):
    hour = 3600.0
    assert code(room.order(Stimulus.SHELVE, 1, reason="x", seconds=hour + 1)) == "alarm_shelf_time"
    assert code(room.order(Stimulus.SHELVE, 1, reason="x", seconds=0)) == "alarm_shelf_time"
    assert code(room.order(Stimulus.SHELVE, 1, reason="x", seconds=float("nan"))) == "alarm_shelf_time"
    assert not isinstance(
        room.order(Stimulus.SHELVE, 1, role="supervisor", reason="x", seconds=8 * hour), Refusal
    )


def test_an_operator_does_not_shelve_the_most_urgent_and_a_supervisor_does(room):
    assert code(room.order(Stimulus.SHELVE, 0, 1, reason="x", seconds=60)) == "alarm_priority"
    assert room.bank.state.tolist() == [0, 0, 0]
    assert not isinstance(room.order(Stimulus.SHELVE, 0, role="supervisor", reason="x", seconds=60), Refusal)


def test_hiding_needs_a_reason(room):
    for stimulus in (Stimulus.SHELVE, Stimulus.REMOVE):
        for reason in ("  ", "x" * 1001):
            outcome = room.order(stimulus, 1, role="supervisor", reason=reason, seconds=60)
            assert code(outcome) == "alarm_reason"


def test_out_of_service_is_a_supervisors(room):
    assert code(room.order(Stimulus.REMOVE, 1, reason="replaced")) == "alarm_role"
    assert not isinstance(room.order(Stimulus.REMOVE, 1, role="supervisor", reason="replaced"), Refusal)
    assert room.bank.state[1] == State.OUT_OF_SERVICE
    assert code(room.order(Stimulus.RETURN, 1, reason="back")) == "alarm_role"
    assert not isinstance(room.order(Stimulus.RETURN, 1, role="supervisor", reason="back"), Refusal)


def test_a_role_the_figures_do_not_know_has_no_right(room):
    assert code(room.order(Stimulus.SHELVE, 1, role="visitor", reason="x", seconds=60)) == "alarm_role"


def test_a_second_shelf_does_not_make_the_first_longer(room):
    room.order(Stimulus.SHELVE, 1, reason="x", seconds=60)
    assert code(room.order(Stimulus.SHELVE, 1, reason="x", seconds=3600)) == "alarm_hidden"
    assert room.bank.until_ns == {1: at(70)}


def test_an_order_is_for_all_its_alarms_or_for_none(room):
    room.order(Stimulus.SHELVE, 2, reason="x", seconds=60)
    assert code(room.order(Stimulus.SHELVE, 1, 2, reason="x", seconds=60)) == "alarm_hidden"
    assert room.bank.state.tolist() == [State.NORMAL, State.NORMAL, State.SHELVED]


def test_two_persons_may_acknowledge_at_once(room):
    room.bank.evaluate(samples((0, 1, 20.0)))
    assert sum(len(one) for one in room.order(Stimulus.ACKNOWLEDGE, 0, 1)) == 2
    assert sum(len(one) for one in room.order(Stimulus.ACKNOWLEDGE, 0, 1, 2)) == 1


def test_only_what_is_over_and_seen_is_reset(room):
    room.bank.evaluate(samples((0, 1, 20.0)))
    assert code(room.order(Stimulus.RESET, 2)) == "alarm_not_latched"
    room.order(Stimulus.ACKNOWLEDGE, 2)
    room.bank.evaluate(samples((0, 2, 1.0)))
    room.order(Stimulus.RESET, 2)
    assert room.bank.state[2] == State.NORMAL


def test_an_alarm_that_is_not_there_is_refused(room):
    for rows in ((), (7,), (-1,)):
        assert code(room.order(Stimulus.ACKNOWLEDGE, *rows)) == "alarm_rows"


def test_every_refusal_has_its_words(room):
    shelf = {"reason": "x", "seconds": 60}
    assert code(room.order(Stimulus.UNSHELVE, 1)) == "alarm_not_shelved"
    assert code(room.order(Stimulus.RETURN, 1, role="supervisor", **shelf)) == "alarm_in_service"
    room.order(Stimulus.REMOVE, 1, role="supervisor", **shelf)
    assert code(room.order(Stimulus.REMOVE, 1, role="supervisor", **shelf)) == "alarm_out_of_service"


def test_what_logic_does_is_no_order(room):
    with pytest.raises(ValueError, match="SUPPRESS"):
        room.bank.act(Stimulus.SUPPRESS, np.array([0]), at(1), "person:kim")
