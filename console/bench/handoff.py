"""bench handoff: from the act that hands off until the partner's receipt is on the log, over mutual TLS with
signatures; hub and partner are processes of their own. Besides, how many keys that takes."""

from __future__ import annotations

import argparse
import os
import statistics
import time
from typing import Any

from console.bench.handoff_room import AGENCY, Operator, handoff_room
from console.bench.room import percentile, room
from console.handoff.partners import write_partners
from console.model import commands as do


def run(argv: list[str]) -> dict[str, Any]:
    """Keys: count, p50_ms, p95_ms, p99_ms, max_ms (SendDraft to handoff.received at the desk), draft_ms (p95,
    DraftHandoff to its entry at the desk), heard (answers), keys (pressed, from the selected incident to
    sent), sent_by_keys."""
    parser = argparse.ArgumentParser(prog="bongsu bench handoff", description=__doc__)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--no-keys", action="store_true", help="without the window's part")
    told = parser.parse_args(argv)
    took, drafts = [], []
    with room() as place, handoff_room(place) as here:
        here.pace()
        here.start_hub()
        here.start_agency()
        write_partners(here.home / "partners.toml", {AGENCY: here.agency_url()})
        operator = Operator(here.home, here.profile)
        try:
            operator.until(lambda: operator.live, "the desk")
            for number in range(told.count):
                incident = operator.open_incident(number)
                thread = f"{incident}:{AGENCY}:1"
                began = time.monotonic()
                operator.request(do.DraftHandoff(incident_id=incident, agencies=(AGENCY,), text="bench"))
                operator.until(lambda: (thread, "handoff.drafted") in operator.came, "the draft")  # noqa: B023
                drafts.append(1000 * (operator.came[thread, "handoff.drafted"] - began))
                began = time.monotonic()
                operator.request(do.SendDraft(thread_ids=(thread,)))
                operator.until(lambda: (thread, "handoff.received") in operator.came, "the receipt")  # noqa: B023
                took.append(1000 * (operator.came[thread, "handoff.received"] - began))
            operator.until(
                lambda: sum(kind == "handoff.said" for _, kind in operator.came) == told.count,
                "the partner's answers",
            )
            heard = sum(kind == "handoff.said" for _, kind in operator.came)
            pressed = {} if told.no_keys else _keys(here.home, operator, told.count)
        finally:
            operator.close()
    return {
        "count": len(took), "p50_ms": round(statistics.median(took), 1),
        "p95_ms": round(percentile(took, 0.95), 1), "p99_ms": round(percentile(took, 0.99), 1),
        "max_ms": round(max(took), 1), "draft_ms": round(percentile(drafts, 0.95), 1), "heard": heard,
        **pressed, "load": round(os.getloadavg()[0], 1),
    }  # fmt: skip


def _keys(home: Any, operator: Operator, number: int) -> dict[str, Any]:
    from console.bench.handoff_keys import keys_to_send  # only here: it needs Qt

    incident = operator.open_incident(number, "violence")
    keys = keys_to_send(home, operator.profile, incident)
    return {"keys": keys, "sent_by_keys": keys > 0}
