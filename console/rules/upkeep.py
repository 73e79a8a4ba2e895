"""What a person may do about the upkeep of devices: repairs asked for, devices out of service."""

from __future__ import annotations

from collections.abc import Callable

from console.clock import SECOND_NS
from console.model import commands as do
from console.model import events as ev
from console.model.citystate import CityState
from console.model.upkeep import OPEN_STAGES, Ticket, TicketStage
from console.rules.city import City, Phrase
from console.rules.draft import Decision, Drafting, Refusal
from console.rules.rights import is_supervisor, refusal

MOST_DEVICES = 1000
"""Devices of one order."""
MAX_TEXT = 1000
LONGEST_S = 366 * 86_400
"""Out of service is planned for a year at most; who needs longer says it again."""


class UpkeepRules:
    """Decides what is asked about upkeep."""

    def __init__(self, city: City, phrase: Phrase) -> None:
        self._city, self._phrase = city, phrase
        self.decide: dict[type[do.Command], Callable[..., Decision | Refusal]] = {
            do.OpenTicket: self._open,
            do.ChangeTicket: self._change,
            do.RemoveDevices: self._remove,
            do.ReturnDevices: self._return,
        }

    def _open(
        self, state: CityState, request: do.Request, command: do.OpenTicket, draft: Drafting, now: int
    ) -> Decision | Refusal:
        wrong = self._wrong_devices(command.device_ids) or self._wrong_text(command.text, needed=True)
        if wrong is not None:
            return wrong
        contractor = command.contractor
        if contractor and contractor not in self._city.contractors:
            return self._refuse("unknown_contractor", contractor=contractor)
        keepers = {self._city.contractor_of(one) for one in command.device_ids}
        if not contractor:
            if len(keepers) > 1:
                return self._refuse("several_contractors", count=str(len(keepers)))
            contractor = keepers.pop()
        for device_id in command.device_ids:
            before = open_ticket(state, device_id)
            if before is not None:
                return self._refuse("ticket_open", device=device_id, ticket=before.id)
        draft.add(
            ev.TicketOpened(
                ticket_id=f"R-{state.ticket_count + 1:05d}", desk=request.desk, person=request.person,
                device_ids=command.device_ids, contractor=contractor, text=command.text.strip(),
            )
        )  # fmt: skip
        return Decision(tuple(draft.drafts))

    def _change(
        self, state: CityState, request: do.Request, command: do.ChangeTicket, draft: Drafting, now: int
    ) -> Decision | Refusal:
        ticket = state.tickets.get(command.ticket_id)
        if ticket is None:
            return self._refuse("unknown_ticket", ticket=command.ticket_id)
        if not ticket.is_open:
            return self._refuse("ticket_over", ticket=ticket.id)
        bad = [one for one in ticket.device_ids if one in state.devices]
        # A repair that is closed while its device is still down needs a reason; so does one not taken.
        needed = command.stage == "rejected" or (command.stage == "closed" and bool(bad))
        wrong = self._wrong_text(command.text, needed=needed)
        if wrong is not None:
            still = needed and command.stage == "closed" and not command.text.strip()
            return self._refuse("still_down", device=bad[0]) if still else wrong
        if command.stage == ticket.stage and not command.text.strip():
            return self._refuse("ticket_unchanged", ticket=ticket.id)
        back = command.stage in OPEN_STAGES and _place(command.stage) < _place(ticket.stage)
        wrong = self._wrong_text(command.text, needed=back)
        if wrong is not None:
            return wrong
        draft.add(
            ev.TicketChanged(
                ticket_id=ticket.id, desk=request.desk, person=request.person, stage=command.stage,
                text=command.text.strip(),
            )
        )  # fmt: skip
        return Decision(tuple(draft.drafts))

    def _remove(
        self, state: CityState, request: do.Request, command: do.RemoveDevices, draft: Drafting, now: int
    ) -> Decision | Refusal:
        if not is_supervisor(self._city, request.desk):
            return self._refuse("supervisor_only")
        wrong = self._wrong_devices(command.device_ids) or self._wrong_text(command.reason, needed=True)
        if wrong is not None:
            return wrong
        if not 0 <= command.for_s <= LONGEST_S:
            return self._refuse("bad_duration", days=str(LONGEST_S // 86_400))
        out = [one for one in command.device_ids if one in state.out_of_service]
        if out:
            return self._refuse("already_out", device=out[0])
        until_ns = now + command.for_s * SECOND_NS if command.for_s else 0
        draft.add(
            ev.DevicesRemoved(
                desk=request.desk, person=request.person, device_ids=command.device_ids,
                reason=command.reason.strip(), until_ns=until_ns,
            )
        )  # fmt: skip
        return Decision(tuple(draft.drafts))

    def _return(
        self, state: CityState, request: do.Request, command: do.ReturnDevices, draft: Drafting, now: int
    ) -> Decision | Refusal:
        if not is_supervisor(self._city, request.desk):
            return self._refuse("supervisor_only")
        wrong = self._wrong_devices(command.device_ids)
        if wrong is not None:
            return wrong
        inside = [one for one in command.device_ids if one not in state.out_of_service]
        if inside:
            return self._refuse("not_out", device=inside[0])
        draft.add(
            ev.DevicesReturned(desk=request.desk, person=request.person, device_ids=command.device_ids)
        )
        return Decision(tuple(draft.drafts))

    def _wrong_devices(self, device_ids: tuple[str, ...]) -> Refusal | None:
        if not 0 < len(device_ids) <= MOST_DEVICES or len(set(device_ids)) != len(device_ids):
            return self._refuse("bad_devices", limit=str(MOST_DEVICES))
        unknown = [one for one in device_ids if one not in self._city.devices]
        return self._refuse("unknown_device", device=", ".join(unknown[:3])) if unknown else None

    def _wrong_text(self, text: str, needed: bool) -> Refusal | None:
        if len(text) > MAX_TEXT or (needed and not text.strip()):
            return self._refuse("bad_text", limit=str(MAX_TEXT))
        return None

    def _refuse(self, code: str, **fields: str) -> Refusal:
        return refusal(self._phrase, code, **fields)


def _place(stage: TicketStage) -> int:
    return OPEN_STAGES.index(stage)


def open_ticket(state: CityState, device_id: str) -> Ticket | None:
    """The repair that is under way for a device."""
    for ticket in reversed(state.tickets.values()):
        if ticket.is_open and device_id in ticket.device_ids:
            return ticket
    return None
