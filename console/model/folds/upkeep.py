"""How the state follows: repairs, and devices out of service."""

from __future__ import annotations

import msgspec

from console.model import events as ev
from console.model.citystate import CityState
from console.model.folds.base import Folds
from console.model.upkeep import OutOfService, Ticket, TicketRemark

KEEP_CLOSED_TICKETS = 500
"""How many finished repairs stay in memory; the record has them all."""


def _opened(state: CityState, entry: ev.Entry, event: ev.TicketOpened) -> None:
    state.ticket_count += 1
    first = TicketRemark(at_ns=entry.at_ns, person=event.person, stage="reported", text=event.text)
    state.tickets[event.ticket_id] = Ticket(
        id=event.ticket_id, device_ids=event.device_ids, contractor=event.contractor, remarks=(first,)
    )
    over = [one.id for one in state.tickets.values() if not one.is_open]
    for ticket_id in over[: max(0, len(over) - KEEP_CLOSED_TICKETS)]:
        del state.tickets[ticket_id]


def _changed(state: CityState, entry: ev.Entry, event: ev.TicketChanged) -> None:
    ticket = state.tickets.get(event.ticket_id)
    if ticket is not None:
        remark = TicketRemark(at_ns=entry.at_ns, person=event.person, stage=event.stage, text=event.text)
        state.tickets[ticket.id] = msgspec.structs.replace(ticket, remarks=(*ticket.remarks, remark))


def _removed(state: CityState, entry: ev.Entry, event: ev.DevicesRemoved) -> None:
    for device_id in event.device_ids:
        state.out_of_service[device_id] = OutOfService(
            since_ns=entry.at_ns, person=event.person, reason=event.reason, until_ns=event.until_ns
        )


def _returned(state: CityState, entry: ev.Entry, event: ev.DevicesReturned) -> None:
    for device_id in event.device_ids:
        state.out_of_service.pop(device_id, None)


FOLDS: Folds = {
    ev.TicketOpened: _opened,
    ev.TicketChanged: _changed,
    ev.DevicesRemoved: _removed,
    ev.DevicesReturned: _returned,
}
