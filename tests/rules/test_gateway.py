"""What a gateway says of itself is on the record where it says something new, and nowhere twice."""

from __future__ import annotations

import msgspec
import pytest

from console.model import events as ev
from console.model import state as fold
from console.model.base import Words
from console.model.gateway import MOST_CAUSES, GatewayReport, RefusedInput
from console.rules.draft import NOTHING, Decision
from console.rules.gateway import decide_gateway, decide_gateway_silence

UP = GatewayReport(state="up", kind="mqtt", peer="mqtts://broker:8883")
DOWN = msgspec.structs.replace(UP, state="down", why=Words(en="Connection refused.", ko="연결 거부."))


def told(state: fold.CityState, decision: Decision | str, at_ns: int) -> None:
    assert isinstance(decision, Decision)
    for draft in decision.drafts:
        entry = ev.Entry(run="r", seq=state.seq + 1, at_ns=at_ns, cause=draft.cause, event=draft.event)
        fold.apply(state, entry)


def test_what_is_said_twice_is_on_the_record_once_and_since_is_when_the_state_began():
    state = fold.CityState()
    told(state, decide_gateway(state, "gateway-mqtt", UP), 10)
    assert decide_gateway(state, "gateway-mqtt", UP) == NOTHING
    counted = msgspec.structs.replace(UP, refused=(RefusedInput(cause="not_json", count=1, example="a/b"),))
    told(state, decide_gateway(state, "gateway-mqtt", counted), 20)
    assert (state.gateways["gateway-mqtt"].since_ns, state.gateways["gateway-mqtt"].report) == (10, counted)
    told(state, decide_gateway(state, "gateway-mqtt", DOWN), 30)
    assert state.gateways["gateway-mqtt"].since_ns == 30


def test_a_gateway_that_falls_silent_is_told_once_and_one_that_was_stopped_never():
    state = fold.CityState()
    assert decide_gateway_silence(state, "gateway-mqtt") == NOTHING
    told(state, decide_gateway(state, "gateway-mqtt", UP), 10)
    told(state, decide_gateway_silence(state, "gateway-mqtt"), 20)
    assert state.gateways["gateway-mqtt"].report.state == "silent"
    assert decide_gateway_silence(state, "gateway-mqtt") == NOTHING
    told(state, decide_gateway(state, "gateway-mqtt", msgspec.structs.replace(UP, state="stopped")), 30)
    assert decide_gateway_silence(state, "gateway-mqtt") == NOTHING


@pytest.mark.parametrize(
    "report",
    [
        msgspec.structs.replace(UP, state="silent"),
        msgspec.structs.replace(UP, kind=""),
        msgspec.structs.replace(UP, peer="x" * 201),
        msgspec.structs.replace(UP, why=Words(en="x" * 401, ko="")),
        msgspec.structs.replace(UP, refused=(RefusedInput(cause="x", count=0, example=""),)),
        msgspec.structs.replace(UP, refused=(RefusedInput(cause="x", count=1, example="y" * 241),)),
        msgspec.structs.replace(UP, refused=(RefusedInput(cause="x", count=1, example=""),) * 2),
        msgspec.structs.replace(
            UP, refused=tuple(
                RefusedInput(cause=str(n), count=1, example="") for n in range(MOST_CAUSES + 1)
            ),
        ),
    ],
)  # fmt: skip
def test_a_report_that_cannot_be_is_refused_in_words(report: GatewayReport):
    assert isinstance(decide_gateway(fold.CityState(), "gateway-mqtt", report), str)
