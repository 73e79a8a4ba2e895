"""Disaster messages in the hub: what is approved goes to the carrier after the commit, and what it says comes
back as entries. The record is the outbox: what has no receipt there is given again after a restart.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from console.broadcast.alert import AlertBuilder
from console.broadcast.approvers import CodeCheck
from console.broadcast.carrier import Carrier
from console.model import events as ev
from console.model.message import OutletReport, OutletSeen
from console.profile.messages import message_book
from console.rules.areaacts import decide_areas_due
from console.rules.draft import Decision
from console.rules.messages import (
    MessageGround,
    MessageRules,
    decide_outlet_report,
    decide_outlet_seen,
)

if TYPE_CHECKING:
    from pathlib import Path

    from console.hub.hub import Hub


class MessageDoor:
    """One thread: the hub's loop; the carrier's threads come in by `Hub.call`."""

    def __init__(self, hub: Hub, home: Path, actual: bool) -> None:
        profile = hub.profile
        self._hub = hub
        book = message_book(profile.city, profile.country, profile.languages)
        codes = book.told.codes
        self.rules = MessageRules(
            profile, hub.triage.phrase,
            MessageGround(book, profile.time_zone, profile.districts, profile.bounds),
            AlertBuilder(profile, book, actual), CodeCheck(home, hub.clock, codes.tries, codes.wait_s),
        )  # fmt: skip
        self._carrier = None if hub.following else Carrier(home, book.told.sending, hub.clock, self._tell)

    def start(self) -> None:
        """Take up what an earlier run still owes."""
        if self._carrier is not None:
            state = self._hub.sequencer.state
            owed = [one for one in state.messages.values() if one.owed and one.cap]
            self._carrier.start(owed, tuple(state.outlets))

    def committed(self, event: ev.AnyEvent) -> None:
        """An entry is on disk: what it owes leaves now."""
        if isinstance(event, ev.MessageApproved) and self._carrier is not None:
            message = self._hub.sequencer.state.messages.get(event.message_id)
            if message is not None:
                self._carrier.owe(message)

    def look(self) -> None:
        """Once a second: area acts that nobody confirmed."""
        if not self._hub.following:
            self._propose(decide_areas_due(self._hub.sequencer.state, self._hub.clock.now_ns()))

    def stop(self) -> None:
        if self._carrier is not None:
            self._carrier.stop()

    def _tell(self, report: OutletReport | OutletSeen, done: Callable[[bool], None]) -> None:
        """From the carrier's threads: decide in the hub's, and say when it is on disk."""

        def decide() -> None:
            state = self._hub.sequencer.state
            if isinstance(report, OutletReport):
                decision = decide_outlet_report(state, report)
            else:
                decision = decide_outlet_seen(state, report)
            self._hub.sequencer.propose(decision, lambda seq, problem: done(problem is None))

        self._hub.call(decide)

    def _propose(self, decision: Decision) -> None:
        if decision.drafts:
            self._hub.sequencer.propose(decision)
