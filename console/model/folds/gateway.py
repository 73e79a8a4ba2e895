"""How the state follows: gateways to other systems."""

from __future__ import annotations

from console.model import events as ev
from console.model.citystate import CityState
from console.model.folds.base import Folds
from console.model.gateway import GatewayStanding


def _gateway_changed(state: CityState, entry: ev.Entry, event: ev.GatewayChanged) -> None:
    before = state.gateways.get(event.gateway)
    same = before is not None and before.report.state == event.report.state
    since_ns = before.since_ns if before is not None and same else entry.at_ns
    state.gateways[event.gateway] = GatewayStanding(report=event.report, since_ns=since_ns)


FOLDS: Folds = {ev.GatewayChanged: _gateway_changed}
