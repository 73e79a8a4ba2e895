"""How an incident begins: by what the correlation decided, or by hand; as events."""

from __future__ import annotations

from collections.abc import Callable

from console.model.base import Place, Position, Words
from console.model.casework import Clue, Placement, Reason
from console.model.commands.casework import OpenCase
from console.model.events.base import Event
from console.model.events.casework import CaseOpened, ClueGathered, IncidentPutUnder
from console.rules.casework.orders import MAX_TEXT, Asked, Refused
from console.rules.city import City

Cameras = Callable[[Place, str], tuple[str, ...]]
"""(where, the camera to lead) to camera ids, best first."""
FROM_PHONE = "phone"


def events_of(
    placement: Placement, clue: Clue, place: Place, city: City, cameras: Cameras,
    say: Callable[[Reason], Words], detail: Words | None = None,
) -> tuple[Event, ...]:  # fmt: skip
    """What a placement puts on the record. Nothing for a clue that was known; raises KeyError for a type the
    city has not. `detail`: what the source says in words, before the rule's own reasons."""
    if placement.how == "known":
        return ()
    reasons = (*((detail,) if detail is not None else ()), *(say(one) for one in placement.reasons))
    if placement.how != "opened":
        return (
            ClueGathered(
                incident_id=placement.incident_id, clue=clue, reasons=reasons,
                repeated=placement.how == "repeated",
            ),
        )  # fmt: skip
    kind = city.incident_types[clue.type]
    opened = CaseOpened(
        incident_id=placement.incident_id, type=clue.type, priority=kind.priority, grade=kind.code,
        place=place, clue=clue, reasons=reasons, camera_ids=cameras(place, clue.camera_id),
        parent=placement.parent, reopens=placement.reopens,
    )  # fmt: skip
    adopted = (
        IncidentPutUnder(incident_id=one, parent=placement.incident_id) for one in placement.adopts
    )
    return (opened, *adopted)


def open_by_hand(
    command: OpenCase, asked: Asked, incident_id: str, request_id: str, city: City, cameras: Cameras
) -> CaseOpened | Refused:
    """A person opens one: it is its own at once, acknowledged, and never put into another unasked (what else
    is near is offered by the correlation). `request_id` is the clue's uid, so that one sent twice is one."""
    kind = city.incident_types.get(command.type)
    if kind is None:
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
    if not _on_earth(place.position):
        return Refused("no_place")
    camera_id = command.device_id if command.device_id in city.cameras else ""
    clue = Clue(
        uid=request_id, source="call" if command.opened_from == FROM_PHONE else "person", type=command.type,
        at_ns=asked.now_ns, lat=place.position.lat, lon=place.position.lon, device_id=command.device_id,
        camera_id=camera_id,
    )  # fmt: skip
    text = command.text.strip()
    return CaseOpened(
        incident_id=incident_id, type=command.type, priority=kind.priority, grade=kind.code, place=place,
        clue=clue, reasons=(Words(en=text, ko=text),) if text else (), camera_ids=cameras(place, camera_id),
        person=asked.person, desk=asked.desk, opened_from=command.opened_from,
    )  # fmt: skip


def _on_earth(position: Position) -> bool:
    return -90.0 <= position.lat <= 90.0 and -180.0 <= position.lon <= 180.0
