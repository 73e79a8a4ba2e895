"""Entries about orders to devices, in words."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from console.language import Catalogue
from console.model import events as ev

if TYPE_CHECKING:
    from console.report.describe import Teller


def _order(teller: Teller, event: Any) -> dict[str, Any]:
    """What was ordered, and the devices the event names."""
    words = teller.known.order(event.order_id)
    return {
        "order": teller.catalogue.words(words) if words is not None else event.order_id,
        "devices": teller.cameras(getattr(event, "device_ids", ())),
    }  # fmt: skip


def _answer(teller: Teller, event: Any) -> dict[str, Any]:
    say: Catalogue = teller.catalogue
    return {
        **_order(teller, event), "outcome": say.say(f"report.control.{event.outcome}"),
        "words": say.words(event.words),
    }  # fmt: skip


def _ordered(teller: Teller, event: ev.ControlOrdered) -> dict[str, Any]:
    say: Catalogue = teller.catalogue
    return {
        "person": event.person, "summary": say.words(event.summary),
        "confirm": " " + say.say("report.control.asks_again") if event.confirm_by_ns else "",
    }  # fmt: skip


def _way(teller: Teller, event: ev.ControlWayChanged) -> dict[str, Any]:
    catalogue: Catalogue = teller.catalogue
    kinds = ", ".join(event.kinds[:8]) or "-"
    way = "way_up" if event.up else "way_down"
    words = catalogue.say(f"report.control.{way}", kinds=kinds)
    return {"gateway": event.gateway, "words": words}


CONTROL_FIELDS: dict[type[ev.Event], Callable[[Teller, Any], dict[str, Any]]] = {
    ev.ControlOrdered: _ordered,
    ev.ControlConfirmed: lambda t, e: {**_order(t, e), "person": e.person},
    ev.ControlSent: lambda t, e: {**_order(t, e), "gateway": e.gateway},
    ev.ControlAnswered: _answer,
    ev.ControlAnsweredLate: _answer,
    ev.ControlTimedOut: lambda t, e: {**_order(t, e), "words": t.catalogue.words(e.words)},
    ev.ControlCancelled: lambda t, e: {**_order(t, e), "person": e.person},
    ev.ControlTookEffect: _order,
    ev.ControlHadNoEffect: lambda t, e: {**_order(t, e), "words": t.catalogue.words(e.words)},
    ev.ControlWayChanged: _way,
}
