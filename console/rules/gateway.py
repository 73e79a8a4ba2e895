"""What a gateway says of itself, decided: told where it differs from what is known, and never twice."""

from __future__ import annotations

import msgspec

from console.model import events as ev
from console.model.gateway import LONGEST_EXAMPLE, MOST_CAUSES, GatewayReport
from console.model.state import CityState
from console.rules.draft import NOTHING, Decision, Draft

LONGEST_WORD = 60
LONGEST_PEER = 200
LONGEST_WHY = 400


def decide_gateway(state: CityState, gateway: str, report: GatewayReport) -> Decision | str:
    """The problem in words for a report that cannot be."""
    if report.state == "silent":
        return "a gateway that speaks says that it is silent"
    if len(report.refused) > MOST_CAUSES or len({one.cause for one in report.refused}) < len(report.refused):
        return f"refused: expected at most {MOST_CAUSES} causes, each once"
    if any(
        len(one.cause) > LONGEST_WORD or len(one.example) > LONGEST_EXAMPLE or one.count < 1
        for one in report.refused
    ):
        return "refused: a cause or an example is too long, or its count is not above 0"
    if not 0 < len(report.kind) <= LONGEST_WORD or len(report.peer) > LONGEST_PEER:
        return "kind or peer is empty or too long"
    if max(len(report.why.en), len(report.why.ko)) > LONGEST_WHY:
        return "why is too long"
    before = state.gateways.get(gateway)
    if before is not None and before.report == report:
        return NOTHING
    return _changed(gateway, report, f"gateway:{gateway}")


def decide_gateway_silence(state: CityState, gateway: str) -> Decision:
    """A gateway that was up or down says nothing any more."""
    standing = state.gateways.get(gateway)
    if standing is None or standing.report.state not in ("up", "down"):
        return NOTHING
    return _changed(gateway, msgspec.structs.replace(standing.report, state="silent"), "hub")


def _changed(gateway: str, report: GatewayReport, actor: str) -> Decision:
    event = ev.GatewayChanged(gateway=gateway, report=report)
    return Decision((Draft(event, ev.Cause(actor=actor)),))
