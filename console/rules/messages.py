"""Disaster messages, decided: what may be said, who lets it go, and what became of it.

Two persons: whoever wrote at a draft never approves it, and nobody approves at a desk where it was written
without an own code. What is approved is built, and owed to every outlet, in one transaction. Pure: the way
to build the message and to look at a code are given.

Sources of the limits are in seeds/messages.toml.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from math import isfinite
from typing import Any, Literal, Protocol
from zoneinfo import ZoneInfo

import msgspec

from console.clock import SECOND_NS
from console.model import commands as do
from console.model import events as ev
from console.model.base import Position, Words
from console.model.message import (
    LEVELS,
    MOST_CORNERS,
    MOST_DISTRICTS,
    DisasterMessage,
    MessageArea,
    MessageContent,
    OutletReport,
    OutletSeen,
)
from console.model.state import CityState
from console.profile.messages import MessageBook
from console.rules.city import City, Phrase
from console.rules.draft import NOTHING, Decision, Draft, Drafting, Refusal
from console.rules.rights import is_supervisor, refusal

MOST_MINUTES = 1440
MOST_REASON = 500
MESSAGE_ORDERS = (do.DraftMessage, do.DiscardMessage, do.ApproveMessage)
CodeAnswer = Literal["right", "wrong", "unknown", "wait"]
CheckCode = Callable[[str, str, str], CodeAnswer]
"""(desk, person, code) to whether this is that person's code; `wait`: too many were wrong at this desk."""


class BuildAlert(Protocol):
    """Makes the CAP text of a message. Raises ValueError with the reason when it cannot."""

    def __call__(
        self, content: MessageContent, identifier: str, sent_ns: int, expires_ns: int,
        references: tuple[str, ...],
    ) -> tuple[str, str]:
        """The text, and its time `sent` as CAP writes it."""
        ...


@dataclass(frozen=True, slots=True)
class MessageGround:
    """What of a city messages need: its book, its clock, its districts and its rectangle."""

    book: MessageBook
    time_zone: str
    districts: Mapping[str, Any]
    bounds: Any


class MessageRules:
    """Decides messages. `decide` has one function for each command."""

    def __init__(
        self, city: City, phrase: Phrase, ground: MessageGround, build: BuildAlert, check_code: CheckCode
    ) -> None:
        self._city, self._phrase, self._ground = city, phrase, ground
        self._book, self._build, self._check_code = ground.book, build, check_code
        self.decide: dict[type[do.Command], Callable[..., Decision | Refusal]] = {
            do.DraftMessage: self._draft, do.DiscardMessage: self._discard, do.ApproveMessage: self._approve,
        }

    def _refuse(self, code: str, **fields: str) -> Refusal:
        return refusal(self._phrase, code, **fields)

    def _draft(
        self, state: CityState, request: do.Request, command: do.DraftMessage, draft: Drafting, now: int
    ) -> Decision | Refusal:
        if request.desk not in self._city.desks:
            return self._refuse("message_desk")
        before = state.messages.get(command.message_id)
        if command.message_id and before is None:
            return self._refuse("unknown_message", message=command.message_id[:80])
        if before is not None and not before.is_draft:
            return self._refuse("message_not_draft")
        content = tidy(command.content)
        wrong = self._wrong(state, content, now, "")
        if wrong is not None:
            return wrong
        message_id = before.id if before is not None else request.id
        revision = before.revision + 1 if before is not None else 1
        if before is not None and before.content == content:
            return NOTHING
        draft.add(
            ev.MessageDrafted(
                message_id=message_id, revision=revision, desk=request.desk, person=request.person,
                content=content, digest=digest_of(message_id, revision, content),
                incident_id=content.incident_id,
            )
        )
        return Decision(tuple(draft.drafts))

    def _discard(
        self, state: CityState, request: do.Request, command: do.DiscardMessage, draft: Drafting, now: int
    ) -> Decision | Refusal:
        message = state.messages.get(command.message_id)
        if message is None:
            return self._refuse("unknown_message", message=command.message_id[:80])
        if message.discarded_by:
            return NOTHING
        if not message.is_draft:
            return self._refuse("message_not_draft")
        if request.desk not in message.desks and not is_supervisor(self._city, request.desk):
            return self._refuse("message_of_other")
        reason = command.reason.strip()
        if not reason or len(reason) > MOST_REASON:
            return self._refuse("bad_text", limit=str(MOST_REASON))
        draft.add(
            ev.MessageDiscarded(
                message_id=message.id, desk=request.desk, person=request.person, reason=reason,
                incident_id=message.content.incident_id,
            )
        )
        return Decision(tuple(draft.drafts))

    def _approve(
        self, state: CityState, request: do.Request, command: do.ApproveMessage, draft: Drafting, now: int
    ) -> Decision | Refusal:
        message = state.messages.get(command.message_id)
        if message is None:
            return self._refuse("unknown_message", message=command.message_id[:80])
        if not message.is_draft:
            return self._refuse("message_not_draft")
        if command.digest != message.digest:
            return self._refuse("message_changed")
        person = command.approver.strip() or request.person
        wrong = self._no_right(request, command, message, person)
        if wrong is not None:
            return wrong
        wrong = self._wrong(state, message.content, now, message.id)
        if wrong is not None:
            return wrong
        if not state.outlets:
            return self._refuse("no_outlet")
        expires_ns = now + message.content.valid_min * 60 * SECOND_NS
        identifier = self._identifier(message, now)
        try:
            cap, sent = self._build(
                message.content, identifier, now, expires_ns, _references(state, message.content.replaces)
            )
        except ValueError as problem:
            return self._refuse("no_message", problem=str(problem)[:200])
        draft.add(
            ev.MessageApproved(
                message_id=message.id, desk=request.desk, person=person, digest=message.digest,
                by_code=bool(command.approver.strip()), sender=self._book.sender, identifier=identifier,
                sent=sent, expires_ns=expires_ns, outlets=tuple(state.outlets), cap=cap,
                incident_id=message.content.incident_id,
            )
        )
        return Decision(tuple(draft.drafts))

    def _no_right(
        self, request: do.Request, command: do.ApproveMessage, message: DisasterMessage, person: str
    ) -> Refusal | None:
        """Two persons, and the second proven: by the key of another desk, or by an own code."""
        if any(_same(person, one) for one in message.drafters):
            return self._refuse("message_own")
        if not command.approver.strip():
            if not is_supervisor(self._city, request.desk):
                return self._refuse("message_needs_code")
            if request.desk in message.desks:
                return self._refuse("message_same_desk")
            return None
        answer = self._check_code(request.desk, person, command.code)
        if answer == "right":
            return None
        if answer == "wait":
            return self._refuse("message_code_wait")
        failed = ev.MessageApprovalFailed(
            message_id=message.id, desk=request.desk, person=request.person, approver=person[:80]
        )
        cause = ev.Cause(actor=f"person:{request.person}", command_id="", desk=request.desk)
        told = self._refuse("message_code")
        return Refusal(told.code, told.reason, (Draft(failed, cause),))

    def _identifier(self, message: DisasterMessage, now: int) -> str:
        """Unique and short: the city, the moment and the beginning of the digest."""
        moment = datetime.fromtimestamp(now // SECOND_NS, UTC)
        return f"{self._city.city}-{moment:%Y%m%dT%H%M%S}-{message.digest[:8]}"

    def _wrong(self, state: CityState, content: MessageContent, now: int, own: str) -> Refusal | None:
        """Why this must not be sent as it is; looked at when it is drafted and again when it is approved."""
        for look in (self._bad_frame, self._bad_words, self._bad_area):
            wrong = look(state, content)
            if wrong is not None:
                return wrong
        if content.kind == "cancel":
            return None
        local = datetime.fromtimestamp(now / SECOND_NS, ZoneInfo(self._ground.time_zone))
        hour = local.hour + local.minute / 60
        if self._book.is_night(hour, content.level) and not content.urgent_reason:
            night = self._book.told.night
            return self._refuse("message_night", since=f"{night.from_h:g}", until=f"{night.to_h:g}")
        earlier = self._said_before(state, content, now, own)
        if earlier is not None:
            minutes = f"{self._book.told.duplicates.within_min:g}"
            return self._refuse("message_duplicate", minutes=minutes, identifier=earlier.identifier)
        return None

    def _bad_frame(self, state: CityState, content: MessageContent) -> Refusal | None:
        if not self._book.sender:
            return self._refuse("message_no_sender")
        if content.level not in LEVELS or content.level not in self._book.levels:
            return self._refuse("message_level")
        if not 1 <= content.valid_min <= MOST_MINUTES:
            return self._refuse("message_valid", most=str(MOST_MINUTES))
        if content.template and content.template not in self._book.texts:
            return self._refuse("message_template", template=content.template[:80])
        if content.incident_id and content.incident_id not in state.incidents:
            return self._refuse("unknown_incident", incident=content.incident_id[:80])
        if len(content.urgent_reason) > MOST_REASON:
            return self._refuse("bad_text", limit=str(MOST_REASON))
        if content.kind == "alert":
            return None if not content.replaces else self._refuse("message_replaces")
        earlier = state.messages.get(content.replaces)
        if earlier is None or not earlier.approved_at_ns or earlier.content.kind == "cancel":
            return self._refuse("message_replaces")
        return self._refuse("message_replaced") if earlier.replaced_by else None

    def _bad_words(self, state: CityState, content: MessageContent) -> Refusal | None:
        main = self._book.language
        if not getattr(content.text, main):
            return self._refuse("message_empty", language=main)
        for language in ("en", "ko"):
            text = getattr(content.text, language)
            if not text:
                continue
            length = self._book.length(content.level, language, text)
            if not length.fits:
                return self._refuse("message_long", count=str(length.count), most=str(length.most))
            agency = self._book.agency.in_language(language)
            if not text.startswith(agency) or len(text) <= len(agency) + 1:
                return self._refuse("message_agency", agency=agency)
            if not text.isprintable():
                return self._refuse("message_signs")
            word = self._book.advertising(text)
            if word:
                return self._refuse("message_advertising", word=word)
            blank = self._book.unfilled(content.template, text)
            if blank:
                return self._refuse("message_unfilled", blank=blank)
        return None

    def _bad_area(self, state: CityState, content: MessageContent) -> Refusal | None:
        area = content.area
        if len(area.districts) > MOST_DISTRICTS or len(set(area.districts)) != len(area.districts):
            return self._refuse("message_area")
        if any(one not in self._ground.districts for one in area.districts):
            return self._refuse("message_area")
        problem = polygon_problem(area.polygon, self._ground.bounds) if area.polygon else ""
        return self._refuse(problem) if problem else None

    def _said_before(
        self, state: CityState, content: MessageContent, now: int, own: str
    ) -> DisasterMessage | None:
        """A message that says the same: of the same incident or in the same words, as urgent or more, to an
        area that may touch. An update is no duplicate of what it updates."""
        if content.kind != "alert":
            return None
        since = now - int(self._book.told.duplicates.within_min * 60 * SECOND_NS)
        for earlier in state.messages.values():
            if earlier.id == own or earlier.approved_at_ns < max(1, since) or earlier.replaced_by:
                continue
            before = earlier.content
            if before.kind == "cancel" or LEVELS.index(before.level) > LEVELS.index(content.level):
                continue
            same = bool(content.incident_id) and before.incident_id == content.incident_id
            if (same or _plain(before.text) == _plain(content.text)) and _touch(before.area, content.area):
                return earlier
        return None


def tidy(content: MessageContent) -> MessageContent:
    """Without blanks at the ends, line breaks and doubled blanks: what is counted is what is sent."""
    text = Words(en=" ".join(content.text.en.split()), ko=" ".join(content.text.ko.split()))
    return msgspec.structs.replace(content, text=text, urgent_reason=content.urgent_reason.strip())


def digest_of(message_id: str, revision: int, content: MessageContent) -> str:
    """Says that whoever approves has seen this draft and no other."""
    said = msgspec.json.encode((message_id, revision, content))
    return hashlib.sha256(said).hexdigest()


def polygon_problem(polygon: tuple[Position, ...], bounds: Any) -> str:
    """The code of a refusal for an outline that cannot be an area of this city; empty when it can."""
    if not 3 <= len(polygon) <= MOST_CORNERS:
        return "message_polygon"
    for one in polygon:
        if not (isfinite(one.lat) and isfinite(one.lon)):
            return "message_polygon"
    south, north = min(one.lat for one in polygon), max(one.lat for one in polygon)
    west, east = min(one.lon for one in polygon), max(one.lon for one in polygon)
    if north < bounds.south or south > bounds.north or east < bounds.west or west > bounds.east:
        return "message_polygon"
    return "message_polygon" if crosses_itself(polygon) else ""


def crosses_itself(polygon: tuple[Position, ...]) -> bool:
    """Whether two edges that are no neighbours meet: nobody could say what is inside."""
    edges = list(zip(polygon, (*polygon[1:], polygon[0]), strict=True))
    for first in range(len(edges)):
        for second in range(first + 2, len(edges)):
            if first == 0 and second == len(edges) - 1:
                continue
            if _meet(*edges[first], *edges[second]):
                return True
    return False


def _meet(a: Position, b: Position, c: Position, d: Position) -> bool:
    def side(p: Position, q: Position, r: Position) -> float:
        return (q.lon - p.lon) * (r.lat - p.lat) - (q.lat - p.lat) * (r.lon - p.lon)

    return side(a, b, c) * side(a, b, d) < 0 and side(c, d, a) * side(c, d, b) < 0


def decide_outlet_report(state: CityState, report: OutletReport) -> Decision:
    """What became of a message; NOTHING where that is known, or was told of none of ours."""
    message = state.messages.get(report.message_id)
    way = message.ways.get(report.outlet) if message is not None else None
    if message is None or way is None or way.stage in ("received", "lapsed"):
        return NOTHING
    told = {"message_id": message.id, "outlet": report.outlet}
    event: ev.AnyEvent
    if report.outcome == "received":
        event = ev.MessageReceived(**told, receipt=report.receipt[:200])
    elif report.outcome == "lapsed":
        event = ev.MessageLapsed(**told, reason=report.reason)
    elif report.outcome == "sent":
        if way.stage != "queued":
            return NOTHING
        event = ev.MessageSent(**told, attempt=report.attempt)
    else:
        stage = "refused" if report.outcome == "refused" else "stalled"
        if way.stage == stage and way.words == report.reason:
            return NOTHING
        event = ev.MessageStalled(**told, refused=stage == "refused", reason=report.reason)
    return Decision((Draft(event, ev.Cause(actor=f"outlet:{report.outlet}")),))


def decide_outlet_seen(state: CityState, seen: OutletSeen) -> Decision:
    """How an outlet is; NOTHING where that is known."""
    before = state.outlets.get(seen.outlet)
    if before is None and not seen.sort:
        return NOTHING
    if before is not None and (before.kind, before.up, before.why) == (seen.sort, seen.up, seen.why):
        return NOTHING
    event = ev.OutletChanged(outlet=seen.outlet, sort=seen.sort, up=seen.up, why=seen.why)
    return Decision((Draft(event, ev.Cause(actor=f"outlet:{seen.outlet}")),))


def _references(state: CityState, message_id: str) -> tuple[str, ...]:
    """All earlier messages of the line, the first one first, as CAP names them."""
    found: list[str] = []
    message = state.messages.get(message_id)
    while message is not None and message.reference not in found:
        found.append(message.reference)
        message = state.messages.get(message.content.replaces)
    return tuple(reversed(found))


def _same(a: str, b: str) -> bool:
    return " ".join(a.casefold().split()) == " ".join(b.casefold().split())


def _plain(text: Words) -> str:
    return " ".join(f"{text.en} {text.ko}".casefold().split())


def _touch(a: MessageArea, b: MessageArea) -> bool:
    """Whether two areas may touch. Drawn ones are not compared with districts: they may."""
    whole = not (a.districts or a.polygon) or not (b.districts or b.polygon)
    return whole or bool(a.polygon or b.polygon) or bool(set(a.districts) & set(b.districts))
