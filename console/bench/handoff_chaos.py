"""bench handoff-chaos: hand-offs over a line that drops, delays, doubles and resets, while hub and partner
are killed at random; then both sides' own records are held against each other."""

from __future__ import annotations

import argparse
import os
import random
import time
from typing import Any

from console.bench.handoff_proxy import BadLine
from console.bench.handoff_room import AGENCY, HandoffRoom, Operator, handoff_room
from console.bench.room import Room, room
from console.handoff.partners import write_partners
from console.handoff.thread.checker import Checked, PartnerLine, SenderLine, check, read_lines
from console.ledger import LedgerReader
from console.model import commands as do
from console.model import events as ev

LEVELS = ("amber", "red", "card")


def run(argv: list[str]) -> dict[str, Any]:
    """Keys: count, lost, duplicates, silent_over_60s, strangers, unheard, doubled, unsaid, good, kills (by
    process), line (what the proxy did), seconds. With --without-key the partner makes a case of each
    delivery; `checker_failed` must then be true."""
    parser = argparse.ArgumentParser(prog="bongsu bench handoff-chaos", description=__doc__)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=20120524)
    parser.add_argument("--bad", type=float, default=0.4, help="share of connections that it happens to")
    parser.add_argument("--per-second", type=float, default=5.0, help="hand-offs (default %(default)s)")
    parser.add_argument("--kill-every-s", type=float, default=6.0, help="0: nobody is killed")
    parser.add_argument("--without-key", action="store_true", help="the partner knows no key again")
    told = parser.parse_args(argv)
    rng = random.Random(told.seed)  # noqa: S311 - a plan of accidents
    began = time.monotonic()
    with room() as place, handoff_room(place) as here:
        storm = Storm(here, rng, told.bad, told.without_key)
        try:
            storm.begin()
            storm.hand_off(told.count, told.per_second, told.kill_every_s)
            storm.calm()
        finally:
            storm.close()
        found = _held_against(place, here)
    figures = {
        "count": found.handoffs, **{name: found.counts[name] for name in (
            "lost", "duplicates", "silent_over_60s", "strangers", "unheard", "doubled", "unsaid")},
        "good": found.good, "checker_failed": not found.good, "kills": dict(storm.kills),
        "line": dict(storm.did), "seconds": round(time.monotonic() - began, 1),
        "load": round(os.getloadavg()[0], 1),
    }  # fmt: skip
    if not found.good and not told.without_key:
        figures["found"] = _told(found)
    return figures


class Storm:
    """The accidents, and the person who goes on handing off meanwhile."""

    def __init__(self, here: HandoffRoom, rng: random.Random, bad: float, without_key: bool) -> None:
        self._here, self._rng = here, rng
        self._to_partner = BadLine(here.agency_url, rng, bad)
        self._to_hub = BadLine(here.door, rng, bad)
        self._more = ("--console-url", self._to_hub.url, *(("--without-key",) if without_key else ()))
        self._operator: Operator | None = None
        self.kills: dict[str, int] = {"hub": 0, "agency": 0}
        self._threads: list[str] = []

    @property
    def did(self) -> dict[str, int]:
        return dict(self._to_partner.did + self._to_hub.did)

    def begin(self) -> None:
        self._here.pace(accept=0.3, opened=0.2, dispatch=0.3, arrive=0.3, close=0.3)
        self._here.start_hub()
        self._here.start_agency(*self._more)
        write_partners(self._here.home / "partners.toml", {AGENCY: self._to_partner.url})
        self._operator = Operator(self._here.home, self._here.profile)
        self._operator.until(lambda: self._desk.live, "the desk")

    @property
    def _desk(self) -> Operator:
        assert self._operator is not None
        return self._operator

    def hand_off(self, count: int, per_second: float, kill_every_s: float) -> None:
        """One after the other, not before the one before is queued; some are told more or cancelled."""
        desk, due = self._desk, time.monotonic() + kill_every_s
        began = time.monotonic()
        for number in range(count):
            while time.monotonic() < began + number / per_second:
                desk.look()
                time.sleep(0.005)
            incident = desk.open_incident(number)
            thread = f"{incident}:{AGENCY}:1"
            desk.request(do.HandOffIncident(incident_id=incident, agency=AGENCY, text=f"case {number}"))
            desk.until(lambda: (thread, "handoff.queued") in desk.came, f"hand-off {number}", 60)  # noqa: B023
            self._threads.append(thread)
            if self._rng.random() < 0.15:
                desk.request(do.UpdateHandoff(thread_id=self._rng.choice(self._threads), text="more"))
            if self._rng.random() < 0.05:
                desk.request(do.CancelHandoff(thread_id=self._rng.choice(self._threads), reason="false"))
            if kill_every_s and time.monotonic() > due:
                self._kill()
                due = time.monotonic() + self._rng.uniform(0.5, 1.5) * kill_every_s

    def _kill(self) -> None:
        which = self._rng.choice(["hub", "agency"])
        self.kills[which] += 1
        if which == "hub":
            self._here.kill(self._here.hub)
            self._here.start_hub()
        else:
            self._here.kill(self._here.agency)
            time.sleep(self._rng.uniform(0.0, 2.0))
            self._here.start_agency(*self._more)

    def calm(self, within_s: float = 240.0) -> None:
        """The line is good again; go on until nothing is owed either way."""
        self._to_partner.bad = self._to_hub.bad = 0.0
        until = time.monotonic() + within_s
        quiet_since, last = time.monotonic(), -1
        while time.monotonic() < until:
            self._desk.look()
            owed, entries = _owed(self._here)
            if entries != last:
                quiet_since, last = time.monotonic(), entries
            if not owed and time.monotonic() - quiet_since > 6.0:
                break
            time.sleep(0.5)

    def close(self) -> None:
        if self._operator is not None:
            self._operator.close()
        self._to_partner.close()
        self._to_hub.close()


def _owed(here: HandoffRoom) -> tuple[int, int]:
    """Messages the hub still owes, and how many entries its record has."""
    reader = LedgerReader.open(here.home / "ledger" / "ledger.db")
    try:
        return len(reader.outbox()), reader.head().seq
    finally:
        reader.close()


def _held_against(place: Room, here: HandoffRoom) -> Checked:
    """After both have ended: what each wrote down by itself."""
    place.end()
    reader = LedgerReader.open(here.home / "ledger" / "ledger.db")
    try:
        entries = list(reader.entries())
    finally:
        reader.close()
    path = here.home / "agency" / AGENCY / "ledger.jsonl"
    partner = read_lines(path, PartnerLine)
    return check(sender_lines(entries), partner, entries[-1].at_ns)


def sender_lines(entries: list[ev.Entry]) -> list[SenderLine]:
    """The hub's record as the checker reads it. The wall clock is not set during a run."""
    lines: list[SenderLine] = []
    agencies: dict[str, str] = {}
    for entry in entries:
        event = entry.event
        if isinstance(event, ev.HandoffQueued):
            agencies[event.handoff_id] = event.agency
        line = _line(event)
        if line is not None:
            did, about = line
            lines.append(
                SenderLine(at_ns=entry.at_ns, did=did, key=event.handoff_id,  # type: ignore[union-attr, arg-type]
                           agency=agencies.get(event.handoff_id, AGENCY), **about)  # type: ignore[union-attr]
            )
    return lines


def _line(event: ev.AnyEvent) -> tuple[str, dict[str, Any]] | None:
    match event:
        case ev.HandoffQueued():
            return "queued", {}
        case ev.HandoffReceived():
            return "receipt", {}
        case ev.HandoffSaid(statement=said) if event.verdict not in ("changed", "left_out"):
            return "answered", {
                "what": said.said, "message_id": said.message_id, "said_at_ns": said.said_at_ns
            }  # fmt: skip
        case ev.HandoffTold(level=level) if level in LEVELS:
            return "told", {}
        case ev.HandoffCalled():
            return "called", {}
        case ev.HandoffCancelAsked(message_id=message_id):
            return "cancel_asked", {"message_id": message_id}
        case ev.HandoffUpdateQueued(message_id=message_id):
            return "update_sent", {"message_id": message_id}
        case ev.HandoffConfirmed(message_id=message_id):
            return "confirmed", {"message_id": message_id}
        case ev.HandoffGivenUp():
            return "given_up", {}
        case ev.HandoffRerouted():
            return "rerouted", {}
        case _:
            return None


def _told(found: Checked) -> dict[str, list[str]]:
    """A few of each, for whoever looks for the fault."""
    return {
        name: [str(one) for one in getattr(found, name)[:3]]
        for name in ("lost", "receipt_without_case", "duplicates", "shared", "strangers", "unheard",
                     "doubled", "unsaid", "silent_over_60s")
        if getattr(found, name)
    }  # fmt: skip
