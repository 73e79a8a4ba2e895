"""How an area act stands: of each device, and of all. Qt-free."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from console.language import Catalogue
from console.model.areaact import AreaAct
from console.model.control import PartStage

if TYPE_CHECKING:
    from console.desk.board import Board

STAGES: tuple[PartStage | str, ...] = (
    "ineffective", "failed", "refused", "unclear", "silent", "left_out", "unconfirmed", "sent", "done",
    "effective", "replaced", "cancelled",
)  # fmt: skip
"""What a person must know first, first."""
BAD = frozenset({"ineffective", "failed", "refused", "unclear", "silent"})
INKS = {
    "ineffective": "p1", "failed": "p1", "refused": "p1", "unclear": "p1", "silent": "p1", "left_out": "p2",
    "sent": "focus", "replaced": "dim", "cancelled": "dim",
}  # fmt: skip
SHAPES = {
    "ineffective": "◆", "failed": "◆", "refused": "◆", "unclear": "◆", "silent": "◆", "left_out": "▲",
    "sent": "…", "done": "✓", "effective": "✓", "replaced": "–", "cancelled": "–", "unconfirmed": "?",
}  # fmt: skip


class DeviceResult(NamedTuple):
    """One device of an act: its control, its stage, and what is to be said about it."""

    device_id: str
    control: str
    stage: str
    words: str


def results_of(act: AreaAct, board: Board, catalogue: Catalogue) -> list[DeviceResult]:
    """Every device of the act, what went wrong first."""
    found = [
        DeviceResult(one.device_id, "", "left_out", catalogue.words(one.why)) for one in act.left_out
    ]
    for part in act.parts:
        for order_id in part.order_ids:
            order = board.state.control_orders.get(order_id)
            if order is None:
                continue
            for device_id, one in order.parts.items():
                found.append(DeviceResult(device_id, part.control, one.stage, catalogue.words(one.words)))
    return sorted(found, key=lambda one: (STAGES.index(one.stage), one.device_id))


def counts_of(act: AreaAct, board: Board) -> Counter[str]:
    """How many devices are at which stage."""
    counts: Counter[str] = Counter()
    if act.left_out:
        counts["left_out"] = len(act.left_out)
    for order_id in act.order_ids:
        order = board.state.control_orders.get(order_id)
        if order is not None:
            counts.update(part.stage for part in order.parts.values())
    return counts


def act_words(act: AreaAct, board: Board, catalogue: Catalogue) -> str:
    """How an act stands in one line."""
    say = catalogue.say
    if act.stage != "ordered":
        return say(f"areas.stage.{act.stage}")
    counts = counts_of(act, board)
    parts = [
        say("areas.count", shape=SHAPES[stage], n=counts[stage], stage=say(f"areas.device.{stage}"))
        for stage in STAGES if counts[stage]
    ]  # fmt: skip
    if act.taken_back_by:
        parts.append(say("areas.taken_back"))
    return ", ".join(parts)


def ink_of(act: AreaAct, board: Board) -> str:
    """The ink of the worst of it; empty for the ordinary one."""
    if act.stage != "ordered":
        return "p2" if act.stage == "proposed" else "dim"
    counts = counts_of(act, board)
    return next((INKS.get(stage, "") for stage in STAGES if counts[stage]), "")


def may_take_back(act: AreaAct) -> bool:
    """Whether there is something to take back."""
    return act.stage == "ordered" and not act.taken_back_by and not act.takes_back


def settled(act: AreaAct, board: Board) -> bool:
    """Whether every device has answered or was told as silent."""
    return counts_of(act, board)["sent"] == 0
