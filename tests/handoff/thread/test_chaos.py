"""Whatever a line does: one case for each key, one standing on both sides, no minute of silence."""

from __future__ import annotations

import random

import msgspec
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from console.clock import SECOND_NS, SteppedClock
from console.handoff.thread.checker import check
from console.handoff.thread.standing import standing
from tests.handoff.thread.town import T0, Message, Partner, Sender

SAYS = ("opened", "accepted", "refused", "assigned", "on_scene", "closed", "note")
INDEX = st.integers(min_value=0, max_value=10_000)


class HandOffs(RuleBasedStateMachine):
    """Two partners, several hand-offs, a line that keeps what it carries as long as it likes."""

    @initialize()
    def begin(self):
        self.clock = SteppedClock(T0)
        self.partners = {one: Partner(one, self.clock) for one in ("KR-112", "KR-119")}
        self.sender = Sender(self.clock)
        self.line: list[Message] = []

    @precondition(lambda self: len(self.sender.threads) < 4)
    @rule(agency=st.sampled_from(["KR-112", "KR-119"]))
    def hand_off(self, agency):
        self.sender.start(agency)

    @rule()
    def send_what_is_owed(self):
        self.line += self.sender.owed()

    @precondition(lambda self: self.line)
    @rule(at=INDEX)
    def deliver(self, at):
        self._deliver(self.line.pop(at % len(self.line)))

    @precondition(lambda self: self.line)
    @rule(at=INDEX)
    def drop(self, at):
        message = self.line.pop(at % len(self.line))
        if message.kind == "said":
            self.line.append(message)  # the partner owes it until it is confirmed, and sends it again

    @precondition(lambda self: self.line)
    @rule(at=INDEX)
    def double(self, at):
        self.line.append(self.line[at % len(self.line)])

    @rule(at=INDEX, what=st.sampled_from(SAYS))
    def partner_says(self, at, what):
        cases = [(partner, key) for partner in self.partners.values() for key in partner.truth]
        if cases:
            partner, key = cases[at % len(cases)]
            self.line.append(partner.say(key, what, reason="other" if what == "refused" else ""))

    @rule(at=INDEX, says=st.lists(st.sampled_from(SAYS), min_size=1, max_size=5))
    def partner_talks(self, at, says):
        for what in says:
            self.partner_says(at, what)
            self.clock.step(1)
            self.sender.look()  # each second, whatever else happens in it

    @rule(rng=st.randoms(use_true_random=False))
    def the_line_delivers_all_it_has_in_any_order(self, rng):
        carried, self.line = self.line, []
        rng.shuffle(carried)
        for message in carried:
            self._deliver(message)

    @rule(at=INDEX, what=st.sampled_from(["cancel_accepted", "cancel_refused"]))
    def partner_answers_a_cancel(self, at, what):
        asked = [one.key for one in self.sender.threads.values() if one.cancel is not None]
        asked = [key for key in asked if any(key in each.truth for each in self.partners.values())]
        if asked:
            key = asked[at % len(asked)]
            self.line.append(self.partners[self.sender.threads[key].agency].say(key, what))

    @rule(at=INDEX)
    def cancel(self, at):
        keys = list(self.sender.threads)
        if keys:
            self.sender.cancel(keys[at % len(keys)])

    @rule(at=INDEX)
    def update(self, at):
        keys = list(self.sender.threads)
        if keys:
            self.sender.update(keys[at % len(keys)])

    @rule(seconds=st.integers(min_value=1, max_value=90))
    def time_passes(self, seconds):
        for _ in range(seconds):
            self.clock.step(1)
            self.sender.look()

    @rule(seconds=st.sampled_from([-3600, 3600]))
    def the_wall_clock_is_set(self, seconds):
        self.clock.jump(seconds)

    @rule()
    def the_sender_dies_and_begins_again(self):
        self.sender.restart()

    @invariant()
    def no_key_has_two_cases(self):
        for partner in getattr(self, "partners", {}).values():
            keys = [key for key, _ in partner.cases]
            assert len(keys) == len(set(keys))

    def teardown(self):
        if not hasattr(self, "sender"):
            return
        for _ in range(4):  # the line is good again: all that is owed arrives
            self.line += self.sender.owed()
            while self.line:
                self._deliver(self.line.pop())
        self.time_passes(62)
        partners = [line for each in self.partners.values() for line in each.lines]
        found = check(self.sender.lines, partners, self.clock.mono_ns())
        assert found.good, found
        for key, thread in self.sender.threads.items():
            truth = self.partners[thread.agency].truth[key]
            in_order = msgspec.structs.replace(thread, statements=tuple(truth))
            assert standing(thread) == standing(in_order)

    def _deliver(self, message: Message):
        if message.kind in ("request", "cancel", "update"):
            agency = self.sender.threads[message.key].agency
            self.line.append(self.partners[agency].take(message))
        else:
            self.sender.take(message)


TestHandOffs = HandOffs.TestCase
TestHandOffs.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)


def storm(idempotent: bool, seed: int, count: int = 60):
    """A seeded run over a bad line: loss, doubles, delay, reordering, restarts, then a good line."""
    rng, clock = random.Random(seed), SteppedClock(T0)
    partner, sender, line = Partner("KR-112", clock, idempotent), Sender(clock), []
    for second in range(240):
        if second < count:
            sender.start("KR-112")
        if second % 2 == 0 or second > 180:
            line += sender.owed()
        rng.shuffle(line)
        bad = second <= 180
        carried, line = (line[: len(line) // 2], line[len(line) // 2 :]) if bad else (line, [])
        for message in carried:
            if bad and rng.random() < 0.3:
                if message.kind == "said":
                    line.append(message)
                continue
            if bad and rng.random() < 0.3:
                line.append(message)
            if message.kind in ("receipt", "said"):
                sender.take(message)
                continue
            known = message.key in partner.truth
            line.append(partner.take(message))
            if not known and message.kind == "request":
                line += [partner.say(message.key, each) for each in ("accepted", "assigned", "closed")]
        if bad and rng.random() < 0.05:
            sender.restart()
        clock.step(1)
        sender.look()
    while line or sender.owed():
        line += sender.owed()
        for message in line[:]:
            line.remove(message)
            if message.kind in ("receipt", "said"):
                sender.take(message)
            else:
                line.append(partner.take(message))
    return check(sender.lines, partner.lines, clock.mono_ns())


def test_a_bad_line_loses_and_doubles_nothing():
    found = storm(idempotent=True, seed=1)
    assert found.good, found
    assert found.counts == {
        "handoffs": 60, "lost": 0, "duplicates": 0, "strangers": 0, "unheard": 0, "doubled": 0, "unsaid": 0,
        "silent_over_60s": 0,
    }  # fmt: skip


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_without_the_idempotency_key_the_checker_finds_duplicates(seed):
    found = storm(idempotent=False, seed=seed)
    assert not found.good
    assert found.counts["duplicates"] > 10


def test_a_sender_that_tells_nobody_is_found_silent():
    clock = SteppedClock(T0)
    sender = Sender(clock)
    sender.start("KR-112")
    clock.step(62)
    found = check(sender.lines, [], clock.mono_ns())
    assert found.counts["silent_over_60s"] == 1
    assert found.silent_over_60s[0].until_ns == 62 * SECOND_NS
    assert found.counts["lost"] == 1
