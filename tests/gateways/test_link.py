"""A gateway's link: facts reach the hub in the order they were told, whatever happens to the connection."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest
import zmq

from console.clock import SECOND_NS, SteppedClock
from console.gateways.link import RESEND_AFTER_NS, GatewayLink
from console.hub import ingest
from console.model.base import same_words
from console.model.fact import SignalSeen
from console.model.gateway import GatewayReport
from console.profile import load_profile
from console.wire.codec import decode_fact, encode
from console.wire.keys import KeyPair
from tests.hub.conftest import HubRoom


class Wire:
    """A socket that sends only when it may."""

    def __init__(self, may: Callable[[], bool]) -> None:
        self._may = may
        self.sent: list[str] = []

    def send_multipart(self, frames: list[bytes], flags: int) -> None:
        if not self._may():
            raise zmq.Again
        if frames[0] == b"F":
            self.sent.append(decode_fact(frames[1]).uid)


@pytest.fixture
def link(tmp_path, stepped_clock: SteppedClock):
    key = KeyPair(name="gate", role="gateway", public="p" * 40, secret="s" * 40, hub_public="h" * 40)
    made = GatewayLink(tmp_path, key, "gate", "digest", stepped_clock)
    yield made
    made._out.close()


def fact(number: int) -> SignalSeen:
    return SignalSeen(uid=f"{number:04d}", type="fall", at_ns=number, device_id="CAM-1")


def tell(link: GatewayLink, number: int) -> None:
    link.report(fact(number))
    link._unsent.extend(item.uid for item in link._out.take())


@pytest.mark.parametrize("seed", range(20))
def test_an_unsteady_connection_never_changes_the_order(link: GatewayLink, seed: int):
    luck = random.Random(seed)
    wire = Wire(lambda: luck.random() < 0.5)
    for number in range(100):
        tell(link, number)
        link._flush(wire)
    while link._unsent:
        link._flush(wire)
    assert wire.sent == [f"{number:04d}" for number in range(100)]


def test_what_is_not_confirmed_goes_out_again_and_what_is_does_not(
    link: GatewayLink, stepped_clock: SteppedClock
):
    wire = Wire(lambda: True)
    for number in range(4):
        tell(link, number)
    stepped_clock.step(1)
    link._flush(wire)
    with link._empty:
        del link._kept["0001"]
    stepped_clock.step(RESEND_AFTER_NS / 1e9 + 0.1)
    link._again(stepped_clock.mono_ns())
    link._flush(wire)
    assert wire.sent[4:] == ["0000", "0002", "0003"]


def test_a_fact_survives_the_codec():
    assert decode_fact(encode(fact(7))) == fact(7)


def standing(desk, gateway: str):
    found = desk.board.state.gateways.get(gateway)
    return found.report.state if found is not None else None


def test_how_a_gateway_is_is_on_every_desk_and_its_silence_too(tmp_path, monkeypatch):
    room = HubRoom(tmp_path / "home", load_profile("suwon"))
    try:
        room.start()
        desk, gate = room.desk(), room.gateway("gateway-mqtt")
        gate.say(GatewayReport(state="up", kind="mqtt", peer="mqtts://broker:8883"))
        desk.until(lambda: standing(desk, "gateway-mqtt") == "up", "the gateway to be up")
        gate.say(GatewayReport(state="down", kind="mqtt", why=same_words("Connection refused.")))
        desk.until(lambda: standing(desk, "gateway-mqtt") == "down", "the gateway to be down")
        gate.close(wait_s=5.0)
        desk.until(lambda: standing(desk, "gateway-mqtt") == "stopped", "the gateway to be stopped")
        again = room.gateway("gateway-mqtt")
        again.say(GatewayReport(state="up", kind="mqtt"))
        desk.until(lambda: standing(desk, "gateway-mqtt") == "up", "the gateway to be up again")
        again.close()
        monkeypatch.setattr(ingest, "SILENT_AFTER_NS", SECOND_NS)
        desk.until(lambda: standing(desk, "gateway-mqtt") == "silent", "the silence to be told")
        last = room.gateway("gateway-mqtt")
        last.say(GatewayReport(state="up", kind="mqtt"))
        desk.until(lambda: standing(desk, "gateway-mqtt") == "up", "the gateway to be up")
    finally:
        room.close()
