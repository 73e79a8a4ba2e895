"""A gateway's link: facts reach the hub in the order they were told, whatever happens to the connection."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest
import zmq

from console.clock import SteppedClock
from console.gateways.link import RESEND_AFTER_NS, GatewayLink
from console.model.fact import SignalSeen
from console.wire.codec import decode_fact, encode
from console.wire.keys import KeyPair


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
