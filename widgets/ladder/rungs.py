"""The rungs of one thread as they stand on the screen: reached, awaited, late, refused. Pure; no Qt."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, NamedTuple

from console.handoff.thread.standing import order_of, rung_times, standing
from console.handoff.thread.waits import LEVELS, Attention
from console.model.ladder import RUNGS, PartnerThread, Rung, Statement

RungState = Literal["reached", "now", "skipped", "open", "bad", "amber", "red", "end"]
COLUMNS = len(RUNGS)
REFUSED_COLUMN = RUNGS.index("accepted")
"""A refusal stands where the acceptance would: it answers the same question."""


class RungShown(NamedTuple):
    """One rung. `word` is a key of its words, `at_ns` when we knew (0: not), `said_ns` the partner's own
    clock where it differs by a second or more. `late`: something that came after it, by the partner's clock,
    was heard before it. `waited_s`: how long an amber or red rung has been waited for.
    """

    word: str
    state: RungState
    column: int
    at_ns: int = 0
    said_ns: int = 0
    late: bool = False
    waited_s: float = 0.0


def rungs_of(thread: PartnerThread, attentions: Iterable[Attention] = ()) -> tuple[RungShown, ...]:
    """From draft to closing, each in its column; what is still open after an end is not shown."""
    now = standing(thread)
    known = {rung: (said_ns, heard_ns) for rung, said_ns, heard_ns in rung_times(thread)}
    going = [RUNGS.index(rung) for rung in known if rung in RUNGS]
    # What was said before a refusal that was taken back counts no more: it stands where `now` says.
    top = RUNGS.index(now.rung) if now.rung in RUNGS else max(going)
    shown = [_reached(thread, RUNGS[column], column, known) for column in range(top + 1)]
    if now.rung == "refused":
        said_ns, heard_ns = known.get("refused", (0, 0))
        shown = [one for one in shown if one.column < REFUSED_COLUMN or one.state == "reached"]
        column = max(REFUSED_COLUMN, top + 1)
        shown.append(_timed("ladder.rung.refused", "bad", column, said_ns, heard_ns))
    elif not now.end or now.end == "closed":
        shown[-1] = shown[-1]._replace(state="now")
    if now.end and now.end != "closed":
        shown.append(RungShown(f"ladder.view.end.{now.end}", "end", shown[-1].column + 1, _ended_ns(thread)))
    elif not now.end and now.rung != "refused":
        shown += [RungShown(f"ladder.rung.{RUNGS[at]}", "open", at) for at in range(top + 1, COLUMNS)]
        shown = _awaited(shown, now.rung, attentions)
    return tuple(shown)


def worst(attentions: Iterable[Attention]) -> Attention | None:
    """The most urgent, of those the longest waited for."""
    return max(attentions, key=lambda one: (LEVELS.index(one.level), one.waited_s), default=None)


def _reached(
    thread: PartnerThread, rung: Rung, column: int, known: dict[Rung, tuple[int, int]]
) -> RungShown:
    if rung not in known:
        return RungShown(f"ladder.rung.{rung}", "skipped", column)
    said_ns, heard_ns = known[rung]
    shown = _timed(f"ladder.rung.{rung}", "reached", column, said_ns, heard_ns)
    return shown._replace(late=_is_late(thread, rung))


def came_late(thread: PartnerThread, said: Statement) -> bool:
    """Whether something the partner said after it had been heard before it."""
    return any(
        order_of(one) > order_of(said) and one.heard_ns < said.heard_ns for one in thread.statements
    )


def _is_late(thread: PartnerThread, rung: Rung) -> bool:
    first = min((one for one in thread.statements if one.said == rung), key=order_of, default=None)
    return first is not None and came_late(thread, first)


def _timed(word: str, state: RungState, column: int, said_ns: int, heard_ns: int) -> RungShown:
    apart = abs(heard_ns - said_ns) >= 1_000_000_000
    return RungShown(word, state, column, heard_ns, said_ns if apart else 0)


def _awaited(
    shown: list[RungShown], rung: Rung, attentions: Iterable[Attention]
) -> list[RungShown]:
    """The rung that is waited for, in the colour of the wait."""
    for one in attentions:
        column = {
            "send": RUNGS.index("queued"), "unit": RUNGS.index("assigned"), "scene": RUNGS.index("on_scene"),
            "answer": RUNGS.index("accepted" if rung in ("received", "opened") else "received"),
        }.get(one.what)  # fmt: skip
        if column is None or one.level == "calm":
            continue
        state: RungState = "amber" if one.level == "amber" else "red"
        shown = [
            each._replace(state=state, waited_s=one.waited_s)
            if each.column == column and each.state in ("open", "amber")
            else each
            for each in shown
        ]
    return shown


def _ended_ns(thread: PartnerThread) -> int:
    """When the thread ended, as far as its record says."""
    now = standing(thread)
    if now.end == "given_up":
        return thread.given_up_ns
    if now.end == "expired":
        return thread.expired_ns
    said = {"cancelled": "cancel_accepted", "transferred": "transferred"}.get(now.end, "")
    return max((one.heard_ns for one in thread.statements if one.said == said), default=0)
