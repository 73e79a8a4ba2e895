"""Entries about disaster messages and area acts, in words."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from console.model import events as ev
from console.model.message import MessageArea
from console.report.names import district_name

if TYPE_CHECKING:
    from console.report.describe import Teller

NAMED_DISTRICTS = 3


def _area(teller: Teller, area: MessageArea) -> str:
    """Whom it is for, as a person would say it."""
    say = teller.catalogue
    names = [district_name(teller.profile, say, one) for one in area.districts]
    parts = names[:NAMED_DISTRICTS]
    if len(names) > NAMED_DISTRICTS:
        parts.append(say.say("report.more", count=len(names) - NAMED_DISTRICTS))
    if area.polygon:
        parts.append(say.words(area.name) or say.say("report.message.drawn"))
    return ", ".join(parts) or say.say("report.message.city")


def _drafted(teller: Teller, event: ev.MessageDrafted) -> dict[str, Any]:
    say, content = teller.catalogue, event.content
    return {
        "person": event.person, "level": say.say(f"report.message.level.{content.level}"),
        "kind": say.say(f"report.message.kind.{content.kind}"), "text": say.words(content.text),
        "area": _area(teller, content.area), "revision": event.revision,
    }  # fmt: skip


def _outlet(teller: Teller, event: ev.OutletChanged) -> dict[str, Any]:
    say = teller.catalogue
    state = "gone" if not event.sort else "up" if event.up else "down"
    return {
        "outlet": event.outlet, "state": say.say(f"report.message.outlet.{state}"),
        "why": say.words(event.why),
    }  # fmt: skip


def _proposed(teller: Teller, event: ev.AreaActProposed) -> dict[str, Any]:
    return {"person": event.person, "summary": teller.catalogue.words(event.summary)}


def _confirmed(teller: Teller, event: ev.AreaActConfirmed) -> dict[str, Any]:
    devices = {one for part in event.parts for one in part.device_ids}
    return {"person": event.person, "devices": len(devices), "left_out": len(event.left_out)}


MESSAGE_FIELDS: dict[type[ev.Event], Callable[[Teller, Any], dict[str, Any]]] = {
    ev.MessageDrafted: _drafted,
    ev.MessageDiscarded: lambda t, e: {"person": e.person, "reason": e.reason},
    ev.MessageApproved: lambda t, e: {
        "person": e.person, "identifier": e.identifier, "outlets": ", ".join(e.outlets),
        "how": t.catalogue.say("report.message.by_code" if e.by_code else "report.message.by_desk"),
    },
    ev.MessageApprovalFailed: lambda t, e: {"person": e.person, "desk": e.desk, "approver": e.approver},
    ev.MessageSent: lambda t, e: {"outlet": e.outlet, "attempt": e.attempt},
    ev.MessageReceived: lambda t, e: {"outlet": e.outlet, "receipt": e.receipt or "-"},
    ev.MessageStalled: lambda t, e: {"outlet": e.outlet, "reason": t.catalogue.words(e.reason)},
    ev.MessageLapsed: lambda t, e: {"outlet": e.outlet, "reason": t.catalogue.words(e.reason)},
    ev.OutletChanged: _outlet,
    ev.AreaActProposed: _proposed,
    ev.AreaActConfirmed: _confirmed,
    ev.AreaActCancelled: lambda t, e: {
        "person": e.person,
        "why": t.catalogue.say("report.area.timed_out" if e.timed_out else "report.area.said_no"),
    },
}  # fmt: skip
