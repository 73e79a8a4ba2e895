"""How an incident begins: by what the correlation decided, or by hand; as events."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import msgspec

from console.model.base import Place, Position, Words
from console.model.casework import Clue, Offer, OpenedFrom, Placement, Reason
from console.model.commands.casework import OpenCase
from console.model.events import AnyEvent
from console.model.events.casework import CaseOpened, ClueGathered, IncidentPutUnder
from console.rules.casework.orders import MAX_TEXT, Asked, Refused
from console.rules.city import City

Cameras = Callable[[Place, str], tuple[str, ...]]
"""(where, the camera to lead) to camera ids, best first."""
FROM_PHONE = "phone"


class OnTheLog(NamedTuple):
    """What on the log a clue is."""

    signal_uid: str = ""
    alarm_id: str = ""
    device_ids: tuple[str, ...] = ()


NOTHING_MORE = OnTheLog()


def events_of(
    placement: Placement, clue: Clue, place: Place, city: City, cameras: Cameras,
    say: Callable[[Reason], Words], says: Words | None = None, of: OnTheLog = NOTHING_MORE,
) -> tuple[AnyEvent, ...]:  # fmt: skip
    """What a placement puts on the record. Nothing for a clue that was known; raises KeyError for a type the
    city has not. `says`: what the source says in words."""
    if placement.how == "known":
        return ()
    reasons, offers = tuple(say(one) for one in placement.reasons), worded(placement.offers, say)
    if placement.how != "opened":
        return (
            ClueGathered(
                incident_id=placement.incident_id, clue=clue, says=says, reasons=reasons,
                repeated=placement.how == "repeated", signal_uid=of.signal_uid, alarm_id=of.alarm_id,
                device_ids=of.device_ids, offers=offers,
            ),
        )  # fmt: skip
    kind = city.incident_types[clue.type]
    opened = CaseOpened(
        incident_id=placement.incident_id, type=clue.type, priority=kind.priority, grade=kind.code,
        place=place, clue=clue, says=says, reasons=reasons, camera_ids=cameras(place, clue.camera_id),
        parent=placement.parent, reopens=placement.reopens, signal_uid=of.signal_uid, alarm_id=of.alarm_id,
        device_ids=of.device_ids, offers=offers,
    )  # fmt: skip
    adopted = (
        IncidentPutUnder(incident_id=one, parent=placement.incident_id) for one in placement.adopts
    )
    return (opened, *adopted)


def open_by_hand(
    command: OpenCase, asked: Asked, incident_id: Callable[[], str], request_id: str, city: City,
    cameras: Cameras, says: Callable[[str], Words], offers: Callable[[Clue], tuple[Offer, ...]],
) -> CaseOpened | Refused:  # fmt: skip
    """A person opens one: it is its own at once, acknowledged, and never put into another unasked (what else
    is near is offered). `request_id` is the clue's uid, so that one sent twice is one. `says` makes words of
    the person's text, which may be empty."""
    if command.type not in city.incident_types:
        return Refused("unknown_type", {"type": command.type[:80]})
    if (command.place is None) == (not command.device_id):
        return Refused("no_place")
    if len(command.text) > MAX_TEXT:
        return Refused("bad_text", {"limit": str(MAX_TEXT)})
    place = command.place
    if place is None:
        device = city.devices.get(command.device_id)
        if device is None:
            return Refused("unknown_device", {"device": command.device_id[:80]})
        place = device.place
    if not on_earth(place.position):
        return Refused("no_place")
    camera_id = command.device_id if command.device_id in city.cameras else ""
    clue = Clue(
        uid=request_id, source="call" if command.opened_from == FROM_PHONE else "person", type=command.type,
        at_ns=asked.now_ns, lat=place.position.lat, lon=place.position.lon, device_id=command.device_id,
        camera_id=camera_id,
    )  # fmt: skip
    return begin_by_hand(
        clue, place, asked, incident_id(), city, cameras, says(command.text.strip()), command.opened_from,
        offers(clue),
    )  # fmt: skip


def begin_by_hand(
    clue: Clue, place: Place, asked: Asked, incident_id: str, city: City, cameras: Cameras, says: Words,
    opened_from: OpenedFrom | None, offers: tuple[Offer, ...],
) -> CaseOpened:  # fmt: skip
    """What a person opens, with its first clue; raises KeyError for a type the city has not."""
    kind = city.incident_types[clue.type]
    return CaseOpened(
        incident_id=incident_id, type=clue.type, priority=kind.priority, grade=kind.code, place=place,
        clue=clue, says=says, camera_ids=cameras(place, clue.camera_id), person=asked.person,
        desk=asked.desk, opened_from=opened_from, offers=offers,
    )  # fmt: skip


def worded(offers: tuple[Offer, ...], say: Callable[[Reason], Words]) -> tuple[Offer, ...]:
    """The offers with their words, as the record has them."""
    return tuple(msgspec.structs.replace(one, words=say(one.reason)) for one in offers)


def on_earth(position: Position) -> bool:
    return -90.0 <= position.lat <= 90.0 and -180.0 <= position.lon <= 180.0
