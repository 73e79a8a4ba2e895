"""What a thread waits for, and when a person is told. Nothing waits in silence for more than a minute.

A wait begins at a moment of the log. How long it has lasted is counted on the clock that cannot be set
(`Watch`), so that a wall clock put back by an hour makes nothing silent and one put forward raises nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, NamedTuple

from console.clock import SECOND_NS
from console.handoff.thread.figures import LadderFigures
from console.handoff.thread.standing import Standing, standing
from console.model.base import Record
from console.model.ladder import PartnerThread

Level = Literal["calm", "amber", "red", "card"]
LEVELS: tuple[Level, ...] = ("calm", "amber", "red", "card")
"""calm: under way · amber: look · red: with sound · card: telephone now, the card is open."""

WaitFor = Literal["send", "answer", "reroute", "unit", "scene", "cancel", "update", "look"]
"""send: a draft lies · answer: nobody accepted · reroute: refused, and nobody else has it · unit, scene:
accepted, but · cancel: asked, not answered · update: not confirmed · look: something is flagged."""


class Wait(NamedTuple):
    """One thing not done yet, and the steps at which a person is told: (after seconds, level)."""

    thread_id: str
    what: WaitFor
    name: str
    since_ns: int
    steps: tuple[tuple[float, Level], ...]


class Attention(Record, frozen=True, kw_only=True):
    """What a person should know of one wait now. `next_s` is when the level rises (None: never)."""

    thread_id: str
    what: WaitFor
    level: Level
    since_ns: int
    waited_s: float
    next_s: float | None
    name: str = ""
    """Which of several like waits it is."""

    @property
    def sound(self) -> bool:
        return self.level in ("red", "card")


def waits(thread: PartnerThread, figures: LadderFigures) -> tuple[Wait, ...]:
    """All that this thread waits for. Empty for one that is over, or that has gone well so far."""
    now, found = standing(thread), []
    for what, name, since_ns in _open(thread, now):
        found.append(Wait(thread.id, what, name, since_ns, _steps(what, thread, now, figures)))
    return tuple(found)


def _open(thread: PartnerThread, now: Standing) -> Iterable[tuple[WaitFor, str, int]]:
    for flag in thread.flags:
        yield "look", f"{flag.what}:{flag.message_id}", flag.at_ns
    if now.end and not (now.end == "transferred" and not now.to_agency):
        return
    called = max((one.at_ns for one in thread.calls if one.outcome != "no_answer"), default=0)
    if now.rung == "drafted":
        yield "send", "", thread.drafted_ns
    elif now.by_voice == "refused" and not thread.rerouted_to and not now.taken:
        yield "reroute", "voice", called
    elif now.rung == "refused":
        yield "reroute", "", _heard(thread, "refused")
    elif not now.taken:
        yield "answer", "", thread.queued_ns
    elif now.rung == "accepted":
        yield "unit", "", _heard(thread, "accepted")
    elif now.rung == "assigned":
        yield "scene", "", _heard(thread, "assigned")
    if thread.cancel is not None and now.cancel == "requested" and called < thread.cancel.at_ns:
        yield "cancel", "", thread.cancel.at_ns
    for update in thread.updates:
        if not update.receipt_ns and called < update.at_ns:
            yield "update", update.message_id, update.at_ns


def _steps(
    what: WaitFor, thread: PartnerThread, now: Standing, figures: LadderFigures
) -> tuple[tuple[float, Level], ...]:
    times = figures.waits
    until_card: tuple[tuple[float, Level], ...] = ((times.answer_red_s, "red"), (times.phone_s, "card"))
    if what == "send":
        return ((times.draft_amber_s, "amber"),)
    if what == "answer":
        received = now.rung in ("received", "opened")
        return until_card if received else ((times.receipt_amber_s, "amber"), *until_card)
    if what == "cancel":
        assert thread.cancel is not None
        return until_card if thread.cancel.receipt_ns else ((times.receipt_amber_s, "amber"), *until_card)
    if what == "update":
        return ((times.receipt_amber_s, "amber"), *until_card)
    if what == "reroute":
        return ((0.0, "red"), (times.phone_s, "card"))
    if what == "unit":
        return ((times.unit_amber_s, "amber"),)
    if what == "scene":
        return ((times.scene_amber_s, "amber"),)
    return ((0.0, "amber"),)


def _heard(thread: PartnerThread, said: str) -> int:
    return max((one.heard_ns for one in thread.statements if one.said == said), default=thread.queued_ns)


class Watch:
    """Counts how long waits have lasted. One thread; holds nothing that has to outlive the process.

    A wait it sees for the first time began as long ago as the wall clock says, but never less than now: a
    moment that lies ahead means that the clock was set, and then the person is told at once.
    """

    def __init__(self, figures: LadderFigures) -> None:
        self._figures = figures
        self._began_ns: dict[tuple[str, str, str, int], int] = {}
        self._waits: dict[str, tuple[PartnerThread, tuple[Wait, ...]]] = {}

    def look(self, threads: Iterable[PartnerThread], now_ns: int, mono_ns: int) -> tuple[Attention, ...]:
        """What is not calm, the most urgent first and of those the oldest. Call it each `look_s`."""
        began: dict[tuple[str, str, str, int], int] = {}
        known: dict[str, tuple[PartnerThread, tuple[Wait, ...]]] = {}
        found = []
        for thread in threads:
            before = self._waits.get(thread.id)
            if before is None or before[0] is not thread:  # the same record has the same waits
                before = (thread, waits(thread, self._figures))
            known[thread.id] = before
            for wait in before[1]:
                name = (wait.thread_id, wait.what, wait.name, wait.since_ns)
                start = self._began_ns.get(name)
                if start is None:
                    start = mono_ns - self._lasted(wait, now_ns)
                began[name] = start
                attention = _attention(wait, (mono_ns - start) / SECOND_NS)
                if attention.level != "calm":
                    found.append(attention)
        self._began_ns, self._waits = began, known
        return tuple(sorted(found, key=lambda one: (-LEVELS.index(one.level), -one.waited_s, one.thread_id)))

    def _lasted(self, wait: Wait, now_ns: int) -> int:
        if wait.since_ns > now_ns + self._figures.silence.look_s * SECOND_NS:
            return int(self._figures.silence.longest_s * SECOND_NS)
        return max(0, now_ns - wait.since_ns)


def _attention(wait: Wait, waited_s: float) -> Attention:
    level: Level = "calm"
    next_s: float | None = None
    for after_s, what in wait.steps:
        if waited_s >= after_s:
            level = what
        else:
            next_s = after_s - waited_s
            break
    return Attention(
        thread_id=wait.thread_id, what=wait.what, level=level, since_ns=wait.since_ns, waited_s=waited_s,
        next_s=next_s, name=wait.name,
    )  # fmt: skip


def old_drafts(
    threads: Iterable[PartnerThread], now_ns: int, figures: LadderFigures
) -> tuple[PartnerThread, ...]:
    """Drafts nobody sent that are to expire now; each is said so, none vanishes."""
    most_ns = int(figures.waits.draft_expires_s * SECOND_NS)
    return tuple(
        one
        for one in threads
        if now_ns - one.drafted_ns >= most_ns and standing(one).rung == "drafted" and not standing(one).end
    )
