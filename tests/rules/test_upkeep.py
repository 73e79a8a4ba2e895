"""Repairs and devices out of service: by whom, on which ground, and never two repairs of one device."""

from __future__ import annotations

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from console.clock import SECOND_NS
from console.model import commands as do
from console.model import events as ev
from console.model.base import same_words
from console.model.state import CityState, apply
from console.model.upkeep import OutOfService
from console.rules.commands import CommandRules
from console.rules.draft import Decision, Refusal
from console.rules.upkeep import MOST_DEVICES, open_ticket
from tests.fakes.messages import ToldMessages
from tests.fakes.town import triage

NOW = 1_774_000_000 * SECOND_NS
RULES = CommandRules(triage(), ToldMessages())


class Room:
    """A city's state and who asks."""

    def __init__(self) -> None:
        self.state = CityState(run="r")

    def take(self, event: ev.AnyEvent) -> None:
        seq = self.state.seq + 1
        apply(self.state, ev.Entry(run="r", seq=seq, at_ns=NOW, cause=ev.Cause(actor="hub"), event=event))

    def ask(self, command: do.Command, desk: str = "desk-1") -> Decision | Refusal:
        request = do.Request(id="q", desk=desk, person="Kim", sent_ns=1, command=command)
        decided = RULES.decide(self.state, request, NOW)
        if isinstance(decided, Decision):
            for draft in decided.drafts:
                self.take(draft.event)
        return decided

    def refused(self, command: do.Command, desk: str = "desk-1") -> str:
        decided = self.ask(command, desk)
        assert isinstance(decided, Refusal)
        assert decided.reason.en and decided.reason.ko
        return decided.code

    def down(self, device_id: str) -> None:
        self.take(ev.DeviceConditionChanged(device_id=device_id, condition="down", why=same_words("x")))


def test_a_repair_goes_to_the_one_who_keeps_the_device():
    room = Room()
    room.ask(do.OpenTicket(device_ids=("LAMP-1", "LAMP-2"), text=" two lamps dark "))
    (ticket,) = room.state.tickets.values()
    assert (ticket.id, ticket.contractor, ticket.stage) == ("R-00001", "electric", "reported")
    assert ticket.remarks[0].text == "two lamps dark"


def test_devices_of_two_contractors_need_one_to_be_named():
    room = Room()
    both = ("LAMP-1", "CAM-1")
    assert room.refused(do.OpenTicket(device_ids=both, text="x")) == "several_contractors"
    assert room.refused(do.OpenTicket(device_ids=both, text="x", contractor="me")) == "unknown_contractor"
    room.ask(do.OpenTicket(device_ids=both, text="x", contractor="video"))
    assert room.state.tickets["R-00001"].contractor == "video"


def test_a_device_has_one_repair_at_a_time_and_another_after_it():
    room = Room()
    room.ask(do.OpenTicket(device_ids=("LAMP-1",), text="dark"))
    assert room.refused(do.OpenTicket(device_ids=("LAMP-2", "LAMP-1"), text="dark")) == "ticket_open"
    room.ask(do.ChangeTicket(ticket_id="R-00001", stage="closed"))
    room.ask(do.OpenTicket(device_ids=("LAMP-1",), text="dark again"))
    assert open_ticket(room.state, "LAMP-1") is room.state.tickets["R-00002"]


def test_a_repair_is_not_closed_silently_while_its_device_is_down():
    room = Room()
    room.ask(do.OpenTicket(device_ids=("LAMP-1",), text="dark"))
    room.down("LAMP-1")
    assert room.refused(do.ChangeTicket(ticket_id="R-00001", stage="closed")) == "still_down"
    room.ask(do.ChangeTicket(ticket_id="R-00001", stage="closed", text="pole removed"))
    assert not room.state.tickets["R-00001"].is_open


def test_a_step_back_and_a_rejection_need_words():
    room = Room()
    room.ask(do.OpenTicket(device_ids=("LAMP-1",), text="dark"))
    room.ask(do.ChangeTicket(ticket_id="R-00001", stage="repaired"))
    assert room.refused(do.ChangeTicket(ticket_id="R-00001", stage="working")) == "bad_text"
    assert room.refused(do.ChangeTicket(ticket_id="R-00001", stage="rejected")) == "bad_text"
    assert room.refused(do.ChangeTicket(ticket_id="R-00001", stage="repaired")) == "ticket_unchanged"
    room.ask(do.ChangeTicket(ticket_id="R-00001", stage="working", text="still dark"))
    assert [one.stage for one in room.state.tickets["R-00001"].remarks] == ["reported", "repaired", "working"]


def test_only_a_supervisor_takes_a_device_out_of_service_and_with_a_reason():
    room = Room()
    take = do.RemoveDevices(device_ids=("CAM-1",), reason="road works", for_s=3600)
    assert room.refused(take) == "supervisor_only"
    assert room.refused(do.RemoveDevices(device_ids=("CAM-1",), reason=" "), "desk-3") == "bad_text"
    room.ask(take, "desk-3")
    assert room.state.out_of_service == {
        "CAM-1": OutOfService(
            since_ns=NOW, person="Kim", reason="road works", until_ns=NOW + 3600 * SECOND_NS
        )
    }
    assert room.refused(take, "desk-3") == "already_out"
    assert room.refused(do.ReturnDevices(device_ids=("CAM-1",))) == "supervisor_only"
    assert room.refused(do.ReturnDevices(device_ids=("CAM-1", "CAM-2")), "desk-3") == "not_out"
    room.ask(do.ReturnDevices(device_ids=("CAM-1",)), "desk-3")
    assert not room.state.out_of_service


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (do.OpenTicket(device_ids=(), text="x"), "bad_devices"),
        (do.OpenTicket(device_ids=("LAMP-1", "LAMP-1"), text="x"), "bad_devices"),
        (do.OpenTicket(device_ids=tuple(map(str, range(MOST_DEVICES + 1))), text="x"), "bad_devices"),
        (do.OpenTicket(device_ids=("LAMP-77",), text="x"), "unknown_device"),
        (do.OpenTicket(device_ids=("LAMP-1",), text=""), "bad_text"),
        (do.OpenTicket(device_ids=("LAMP-1",), text="x" * 1001), "bad_text"),
        (do.ChangeTicket(ticket_id="R-9", stage="closed"), "unknown_ticket"),
        (do.RemoveDevices(device_ids=("LAMP-1",), reason="x", for_s=-1), "bad_duration"),
        (do.RemoveDevices(device_ids=("LAMP-1",), reason="x", for_s=10**9), "bad_duration"),
    ],
)
def test_what_cannot_be_done_is_refused_by_name_and_changes_nothing(command: do.Command, code: str):
    room = Room()
    assert room.refused(command, "desk-3") == code
    assert room.state.seq == 0


class Upkeep(RuleBasedStateMachine):
    """Whatever is asked in whatever order, no device has two open repairs, and nothing comes back to life."""

    devices = st.lists(st.sampled_from(["LAMP-1", "LAMP-2", "CAM-1", "CAM-2"]), min_size=1, max_size=3)

    def __init__(self) -> None:
        super().__init__()
        self.room = Room()
        self.over: set[str] = set()

    @rule(devices=devices, contractor=st.sampled_from(["", "video"]))
    def open(self, devices: list[str], contractor: str) -> None:
        self.room.ask(do.OpenTicket(device_ids=tuple(devices), text="x", contractor=contractor))

    @rule(
        number=st.integers(1, 6), text=st.sampled_from(["", "because"]),
        stage=st.sampled_from(["accepted", "working", "repaired", "closed", "rejected"]),
    )  # fmt: skip
    def change(self, number: int, text: str, stage: str) -> None:
        self.room.ask(do.ChangeTicket(ticket_id=f"R-{number:05d}", stage=stage, text=text))  # type: ignore[arg-type]

    @rule(device=st.sampled_from(["LAMP-1", "CAM-1"]))
    def breaks(self, device: str) -> None:
        self.room.down(device)

    @invariant()
    def one_repair_a_device(self) -> None:
        open_now = [one for one in self.room.state.tickets.values() if one.is_open]
        named = [device for one in open_now for device in one.device_ids]
        assert len(named) == len(set(named))
        assert not self.over & {one.id for one in open_now}
        self.over |= {one.id for one in self.room.state.tickets.values() if not one.is_open}


TestUpkeep = Upkeep.TestCase
TestUpkeep.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)
