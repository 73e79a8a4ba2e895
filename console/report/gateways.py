"""A gateway in words: what it is called, how it is, what of its input could not be used."""

from __future__ import annotations

from console.language import Catalogue
from console.model.events import GatewayChanged
from console.model.gateway import GatewayReport


def gateway_fields(catalogue: Catalogue, event: GatewayChanged) -> dict[str, str]:
    """What the record's line about a gateway is filled with."""
    report = event.report
    why = catalogue.words(report.why) if report.state == "down" else ""
    refused = [
        f"{one.count} × {cause_words(catalogue, one.cause)} ({one.example})" for one in report.refused
    ]
    peer = f" ({report.peer})" if report.peer else ""
    return {
        "gateway": gateway_name(catalogue, event.gateway, report) + peer,
        "state": catalogue.say(f"report.gateway.{report.state}"),
        "why": f" {why}" if why else "",
        "refused": " " + catalogue.say("report.gateway.refused", inputs="; ".join(refused))
        if refused else "",
    }  # fmt: skip


def gateway_name(catalogue: Catalogue, name: str, report: GatewayReport) -> str:
    """What a gateway is called: its sort in words, and its key's name where that says more."""
    key = f"report.gateway.kind.{report.kind}"
    kind = catalogue.say(key) if key in catalogue.keys() else report.kind  # noqa: SIM118
    return kind if name in (report.kind, f"gateway-{report.kind}") else f"{kind} {name}"


def cause_words(catalogue: Catalogue, cause: str) -> str:
    """Why input could not be used; the cause's own name where we have no words for it."""
    key = f"report.gateway.cause.{cause}"
    return catalogue.say(key) if key in catalogue.keys() else cause  # noqa: SIM118
