"""Entries about the threads of hand-offs, in words; the same words as the ladder itself has."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from console.model import events as ev
from console.model.ladder import Flag

if TYPE_CHECKING:
    from console.report.describe import Teller


def _named(teller: Teller, group: str, name: str) -> str:
    """`name` in words; itself where there are none."""
    key = f"{group}.{name}"
    return teller.catalogue.say(key) if key in teller.catalogue.keys() else name  # noqa: SIM118


def _flags(teller: Teller, flags: Iterable[Flag]) -> str:
    names = dict.fromkeys(one.what for one in flags)
    return " ".join(_named(teller, "ladder.flag", one) for one in names)


def _said(teller: Teller, event: ev.HandoffSaid) -> dict[str, Any]:
    """One of `report.said.*`, and what did not come as it should."""
    said, say = event.statement, teller.catalogue
    words = say.words(said.words) if said.words is not None else ""
    what = say.say(
        f"report.said.{said.said}", agency=teller.partner(event.handoff_id),
        words=f": {words}" if words else "", reason=_named(teller, "report.rejection", said.reason),
        unit=f" ({said.unit})" if said.unit else "", to=teller.agency(said.to_agency),
    )  # fmt: skip
    return {"what": f"{what} {_flags(teller, event.flags)}"}


def _called(teller: Teller, event: ev.HandoffCalled) -> dict[str, Any]:
    call = event.call
    return {
        "agency": teller.partner(event.handoff_id), "person": call.person, "name": call.name or "-",
        "channel": _named(teller, "ladder.channel", call.channel),
        "outcome": _named(teller, "ladder.outcome", call.outcome),
        "words": f": “{call.words}”" if call.words else "",
    }  # fmt: skip


def _drafted(teller: Teller, event: ev.HandoffDrafted) -> dict[str, Any]:
    return {
        "agency": teller.agency(event.agency), "person": event.person,
        "shape": _named(teller, "report.shape", event.shape),
        "text": f" “{event.text}”" if event.text else "",
    }  # fmt: skip


def _by_person(teller: Teller, event: Any) -> dict[str, Any]:
    return {
        "agency": teller.partner(event.handoff_id), "person": event.person,
        "text": getattr(event, "text", "") or getattr(event, "reason", ""),
    }  # fmt: skip


def _of_partner(teller: Teller, event: Any) -> dict[str, Any]:
    return {"agency": teller.partner(event.handoff_id)}


def _evidence(teller: Teller, event: ev.HandoffEvidenceAdded) -> dict[str, Any]:
    problem = teller.catalogue.words(event.problem) if event.problem is not None else ""
    return {
        "agency": teller.partner(event.handoff_id), "stills": event.stills, "seconds": f"{event.clip_s:g}",
        "problem": f" {problem}",
    }  # fmt: skip


def _provided(teller: Teller, event: ev.EvidenceProvided) -> dict[str, Any]:
    picture, say = event.picture, teller.catalogue.say
    return {
        "recipient": picture.recipient, "form": say(f"report.provided.{picture.form}"), "name": picture.name,
        "camera": teller.device(picture.camera_id), "from": teller.moment(picture.from_ns),
        "purpose": picture.purpose, "basis": picture.legal_basis, "officer": picture.officer,
        "until": teller.moment(picture.keep_until_ns), "sha256": picture.sha256,
        "again": " " + say("report.provided.again", count=picture.again) if picture.again else "",
    }  # fmt: skip


LADDER_FIELDS: dict[type[ev.Event], Callable[[Teller, Any], dict[str, Any]]] = {
    ev.HandoffDrafted: _drafted,
    ev.HandoffEdited: _by_person,
    ev.HandoffEvidenceAdded: _evidence,
    ev.EvidenceProvided: _provided,
    ev.HandoffSaid: _said,
    ev.HandoffCancelAsked: _by_person,
    ev.HandoffUpdateQueued: _by_person,
    ev.HandoffConfirmed: _of_partner,
    ev.HandoffCalled: _called,
    ev.HandoffRerouted: lambda t, e: {
        "agency": t.partner(e.handoff_id), "other": t.partner(e.to_thread),
    },
    ev.HandoffGivenUp: _by_person,
    ev.HandoffExpired: _of_partner,
    ev.HandoffFlagged: lambda t, e: {"agency": t.partner(e.handoff_id), "what": _flags(t, e.flags)},
    ev.HandoffFlagsSeen: _by_person,
    ev.HandoffTold: lambda t, e: {
        "agency": t.partner(e.handoff_id), "what": _named(t, "ladder.wait", e.what),
        "level": _named(t, "report.level", e.level), "waited": f"{e.waited_s:.0f}",
    },
}  # fmt: skip
