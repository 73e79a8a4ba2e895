"""How a disaster message stands, in words and ink. Qt-free."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from console.language import Catalogue
from console.model.message import DisasterMessage, MessageArea, MessageWay
from console.profile.messages import MessageBook
from widgets.kit.moments import Moments

if TYPE_CHECKING:
    from console.desk.board import Board

Standing = Literal[
    "lost", "waiting_long", "waiting", "draft", "received", "updated", "cancelled", "discarded",
]  # fmt: skip
"""`lost`: an outlet refuses it, stalls, or its time is over. `waiting_long`: no receipt in its time."""
INKS: dict[Standing, str] = {
    "lost": "p1", "waiting_long": "p2", "waiting": "focus", "draft": "p2", "discarded": "dim",
    "updated": "dim", "cancelled": "dim",
}  # fmt: skip
MARKS: dict[Standing, str] = {
    "lost": "◆", "waiting_long": "▲", "waiting": "…", "draft": "○", "received": "✓", "discarded": "–",
    "updated": "–", "cancelled": "–",
}  # fmt: skip
NAMED_DISTRICTS = 2


def standing_of(message: DisasterMessage, book: MessageBook, board: Board) -> Standing:
    """The worst of what a person must know about it."""
    if message.discarded_by:
        return "discarded"
    if message.is_draft:
        return "draft"
    now_ns = board.clock.now_ns()
    stages = [way.stage for way in message.ways.values()]
    if any(stage in ("refused", "stalled", "lapsed") for stage in stages):
        return "lost"
    waits = [way for way in message.ways.values() if way.stage in ("queued", "sent")]
    if waits:
        longest_s = (now_ns - message.approved_at_ns) / 1e9
        return "waiting_long" if longest_s > book.told.sending.receipt_s else "waiting"
    if message.replaced_by:
        later = board.state.messages.get(message.replaced_by)
        return "cancelled" if later is not None and later.content.kind == "cancel" else "updated"
    return "received"


def way_words(way: MessageWay, catalogue: Catalogue, moments: Moments, now_ns: int) -> str:
    """One outlet's stage: since when, the receipt, or what is wrong and what to do."""
    say = catalogue.say
    if way.stage == "received":
        return say("messages.stage.received", at=moments.clock(way.since_ns), receipt=way.receipt or "-")
    if way.stage in ("queued", "sent"):
        return say(f"messages.stage.{way.stage}", age=moments.age(way.since_ns, now_ns))
    words = catalogue.words(way.words)
    return say(f"messages.stage.{way.stage}", age=moments.age(way.since_ns, now_ns), words=words)


def area_words(area: MessageArea, board: Board, catalogue: Catalogue) -> str:
    """Whom it is for."""
    districts = board.profile.districts
    names = [catalogue.words(districts[one].name) for one in area.districts if one in districts]
    parts = names[:NAMED_DISTRICTS]
    if len(names) > NAMED_DISTRICTS:
        parts.append(catalogue.say("messages.area_more", n=len(names) - NAMED_DISTRICTS))
    if area.polygon:
        parts.append(catalogue.words(area.name) or catalogue.say("report.message.drawn"))
    return ", ".join(parts) or catalogue.say("report.message.city")


def standing_words(
    message: DisasterMessage, book: MessageBook, board: Board, catalogue: Catalogue, moments: Moments
) -> str:
    """How it stands in one line, the shape first: never by colour alone."""
    standing = standing_of(message, book, board)
    say, now_ns = catalogue.say, board.clock.now_ns()
    got = sum(way.stage == "received" for way in message.ways.values())
    since_ns = message.approved_at_ns or message.drafted_at_ns
    text = say(
        f"messages.standing.{standing}", got=got, all=len(message.ways), at=moments.clock(since_ns),
        age=moments.age(since_ns, now_ns), person=message.discarded_by or "",
    )  # fmt: skip
    return f"{MARKS[standing]} {text}"


def mine(message: DisasterMessage, person: str) -> bool:
    """Whether this person wrote at it, and so never approves it."""
    plain = " ".join(person.casefold().split())
    return any(" ".join(one.casefold().split()) == plain for one in message.drafters)
