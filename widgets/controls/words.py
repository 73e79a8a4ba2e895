"""How an order stands, in words and ink. Qt-free."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from console.language import Catalogue
from console.model.control import UNKNOWN, ControlOrder, ControlPart, PartStage
from widgets.kit.moments import Moments

if TYPE_CHECKING:
    from console.desk.board import Board

URGENCY: tuple[PartStage, ...] = (
    "ineffective", "failed", "refused", "unclear", "silent", "unconfirmed", "sent", "done", "effective",
    "replaced", "cancelled",
)  # fmt: skip
"""Of the devices of one order, the stage a person must know first."""
INKS: dict[PartStage, str] = {
    "ineffective": "p1", "failed": "p1", "refused": "p1", "unclear": "p1", "silent": "p1",
    "unconfirmed": "p2", "sent": "focus", "replaced": "dim", "cancelled": "dim",
}  # fmt: skip
MARKS: dict[PartStage, str] = {
    "ineffective": "down", "failed": "down", "refused": "down", "unclear": "unknown", "silent": "unknown",
    "unconfirmed": "degraded", "sent": "unknown", "done": "up", "effective": "up",
    "replaced": "out_of_service", "cancelled": "out_of_service",
}  # fmt: skip


def stage_of(order: ControlOrder) -> PartStage:
    """The stage of the order's devices that matters most."""
    stages = {part.stage for part in order.parts.values()}
    return next((one for one in URGENCY if one in stages), "cancelled")


def part_words(part: ControlPart, order: ControlOrder | None, catalogue: Catalogue, moments: Moments,
               now_ns: int) -> str:  # fmt: skip
    """One device's stage: what is waited for and since when, or what came of it."""
    say = catalogue.say
    stage = part.stage
    if stage == "sent" and order is not None:
        return say("controls.stage.sent", age=moments.age(part.since_ns, now_ns), most=f"{order.answer_s:g}")
    if stage == "unconfirmed" and order is not None:
        left = max(0, order.confirm_by_ns - now_ns)
        return say("controls.stage.unconfirmed", left=moments.span(left / 1e9))
    if stage == "silent" and not part.gateway:
        return say("controls.stage.unconfirmed_over")
    text = say(f"controls.stage.{stage}")
    if stage == "done" and order is not None and order.effect is not None:
        text = say("controls.stage.done_waits", age=moments.age(part.since_ns, now_ns))
    return say("controls.stage.late", text=text) if part.late else text


def order_words(order: ControlOrder, catalogue: Catalogue, moments: Moments, now_ns: int) -> str:
    """How an order stands: its one device's stage, or how many devices are at which."""
    if len(order.parts) == 1:
        return part_words(next(iter(order.parts.values())), order, catalogue, moments, now_ns)
    counts = Counter(part.stage for part in order.parts.values())
    parts = [
        catalogue.say("controls.count", count=counts[stage], stage=catalogue.say(f"controls.short.{stage}"))
        for stage in URGENCY if counts[stage]
    ]  # fmt: skip
    return ", ".join(parts)


def said(order: ControlOrder, catalogue: Catalogue) -> str:
    """What the devices that did not do it said, or the console about them; each once."""
    first = stage_of(order)
    texts = [
        catalogue.words(part.words) for part in order.parts.values()
        if part.words is not None and (part.stage == first or part.stage in UNKNOWN)
    ]  # fmt: skip
    return " ".join(dict.fromkeys(texts))


def who_may(board: Board, roles: tuple[str, ...], catalogue: Catalogue) -> str:
    """The roles in words, and whether this desk has one of them."""
    names = ", ".join(catalogue.say(f"controls.role.{role}") for role in roles)
    key = "controls.may" if may_order(board, roles) else "controls.may_not"
    return catalogue.say(key, roles=names)


def may_order(board: Board, roles: tuple[str, ...]) -> bool:
    """Whether the role of this desk is one of them."""
    info = board.profile.desks.get(board.desk)
    return info is not None and info.role in roles
