"""One alarm against the standard's table, written down again, move by move."""

from __future__ import annotations

import numpy as np
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from console.rules.alarm.single import SingleAlarm
from console.rules.alarm.states import Stimulus
from tests.rules.alarm.town import at, bank, row, said, samples

#: The table of ISA-18.2 / IEC 62682: from, event, to (not latched / latched). G, H, I are below.
TABLE = """
A  began        B
B  acknowledge  C
B  ended        D/E
C  ended        A/F
D  acknowledge  A
D  began        B
E  acknowledge  F
E  began        B
F  reset        A
F  began        B
"""
ROWS = {tuple(line.split()[:2]): line.split()[2] for line in TABLE.strip().splitlines()}
HIDE = {"shelve": "G", "suppress": "H", "remove": "I"}
SHOW = {"unshelve": "G", "unsuppress": "H", "return": "I"}


class Table:
    """The table, read by hand: which letter, whether the condition is there, what hides it."""

    def __init__(self, latching: bool) -> None:
        self.latching, self.letter, self.there, self.hidden = latching, "A", False, set()

    def meets(self, event: str) -> list[str]:
        before = self.letter
        if event in ("began", "ended"):
            self.there = event == "began"
        if event in HIDE:
            if HIDE[event] in self.hidden or (event == "shelve" and self.hidden):
                return []
            self.hidden.add(HIDE[event])
        elif event in SHOW:
            if SHOW[event] not in self.hidden:
                return []
            self.hidden.remove(SHOW[event])
            if not self.hidden:
                self.letter = "B" if self.there else "A"
        if self.hidden:
            if event in ("acknowledge", "reset"):
                return []
            self.letter = max(self.hidden, key="HGI".index)
        elif (before, event) in ROWS:
            to = ROWS[before, event].split("/")
            self.letter = to[-1] if self.latching else to[0]
        elif event in ("acknowledge", "reset"):
            return []
        return [f"{event} {before}>{self.letter}"]


@settings(max_examples=60, stateful_step_count=40, deadline=None)
class OneAlarm(RuleBasedStateMachine):
    """The table, the plain alarm and a bank of one row meet the same."""

    @initialize(latching=st.booleans())
    def begin(self, latching: bool) -> None:
        self.table = Table(latching)
        self.plain = SingleAlarm(True, 15.0, 10.0, latching=latching)
        # Row 1 suppresses row 0 while its condition is there.
        self.bank = bank(row(latching=latching), row(sort=2, point=-1), plan={1: [0]})
        self.second = 0.0
        self.letters = ["A"]

    def agree(self, expected: list[str], plain: list, moves: list) -> None:
        found = [f"{what.name.lower()} {before.letter}>{after.letter}" for what, before, after in plain]
        assert found == expected
        assert [one for which, one in said(moves) if which == 0] == expected
        self.letters.append(self.table.letter)

    @rule(high=st.booleans())
    def a_value_comes(self, high: bool) -> None:
        self.second += 1
        value = 20.0 if high else 1.0
        event = "began" if high else "ended"
        expected = self.table.meets(event) if high != self.table.there else []
        self.agree(
            expected, self.plain.sample(value, at(self.second)),
            self.bank.evaluate(samples((0, self.second, value))),
        )  # fmt: skip

    @rule(order=st.sampled_from(["acknowledge", "reset", "shelve", "unshelve", "remove", "return"]))
    def a_person_orders(self, order: str) -> None:
        stimulus = Stimulus[order.upper()]
        until_ns = at(self.second + 100)
        self.agree(
            self.table.meets(order), self.plain.order(stimulus, until_ns),
            self.bank.act(stimulus, np.array([0]), at(self.second), "person:kim", "why", until_ns),
        )  # fmt: skip

    @rule(on=st.booleans())
    def logic_suppresses(self, on: bool) -> None:
        event = "suppress" if on else "unsuppress"
        moves = self.bank.tell([1], on, at(self.second)) + self.bank.look(at(self.second))
        self.agree(self.table.meets(event), self.plain.order(Stimulus[event.upper()]), moves)

    @precondition(lambda self: "G" in self.table.hidden)
    @rule()
    def the_shelf_time_passes(self) -> None:
        self.second += 101
        expected = [
            one.replace("unshelve", "shelf_time_over") for one in self.table.meets("unshelve")
        ]
        self.agree(expected, self.plain.look(at(self.second)), self.bank.look(at(self.second)))

    @invariant()
    def what_is_hidden_never_comes_back_as_acknowledged(self) -> None:
        if hasattr(self, "letters") and len(self.letters) > 1:
            assert not (self.letters[-2] in "GHI" and self.letters[-1] in "CDEF")


TestOneAlarm = OneAlarm.TestCase


def story(latching: bool, *events: str) -> str:
    """The letters an alarm goes through."""
    alarm = SingleAlarm(True, 15.0, 10.0, latching=latching)
    letters = [alarm.state.letter]
    for second, event in enumerate(events):
        if event in ("high", "clears"):
            alarm.sample(20.0 if event == "high" else 1.0, at(second))
        else:
            alarm.order(Stimulus[event.upper()], until_ns=at(1000))
        letters.append(alarm.state.letter)
    return "".join(letters)


def test_high_high_acknowledged_clears_is_normal_again():
    assert story(False, "high", "high", "acknowledge", "clears") == "ABBCA"


def test_what_cleared_before_anybody_looked_waits_to_be_seen():
    assert story(False, "high", "clears", "acknowledge") == "ABDA"


def test_what_comes_again_before_anybody_looked_is_new_again():
    assert story(False, "high", "clears", "high", "acknowledge") == "ABDBC"


def test_a_latched_alarm_stays_until_it_is_seen_and_reset():
    assert story(True, "high", "clears", "acknowledge", "reset") == "ABEFA"
    assert story(True, "high", "acknowledge", "clears", "reset") == "ABCFA"


def test_a_reset_before_it_is_seen_or_over_does_nothing():
    assert story(True, "high", "reset", "acknowledge", "reset", "clears") == "ABBCCF"


def test_a_latched_alarm_that_comes_again_is_a_new_alarm():
    assert story(True, "high", "acknowledge", "clears", "high", "reset") == "ABCFBB"
    assert story(True, "high", "clears", "high") == "ABEB"


def test_off_the_shelf_it_is_unacknowledged_even_if_it_was_acknowledged_before():
    assert story(False, "high", "acknowledge", "shelve", "unshelve") == "ABCGB"


def test_off_the_shelf_it_is_normal_when_it_ended_there():
    assert story(False, "high", "shelve", "clears", "unshelve") == "ABGGA"


def test_off_the_shelf_it_is_new_when_it_began_there():
    assert story(False, "shelve", "high", "unshelve", "acknowledge") == "AGGBC"


def test_a_shelved_alarm_whose_gateway_died_is_suppressed_when_the_shelf_ends():
    assert story(False, "high", "shelve", "suppress", "unshelve", "unsuppress") == "ABGGHB"


def test_out_of_service_hides_whatever_else_hides():
    assert story(False, "shelve", "remove", "unshelve", "high", "return") == "AGIIIB"


def test_what_is_hidden_cannot_be_acknowledged():
    assert story(False, "high", "shelve", "acknowledge", "unshelve") == "ABGGB"
