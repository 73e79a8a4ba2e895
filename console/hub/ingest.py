"""The gateways' door: batches, facts, single JSON readings."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import msgspec

from console.clock import SECOND_NS
from console.hub.jsondoor import JsonError
from console.hub.memory import Answered, fact_id
from console.ledger import LedgerUnavailable
from console.model.fact import (
    AnyFact,
    ConditionSeen,
    ControlAnswerSeen,
    FactTaken,
    GatewaySaid,
    RecorderSaid,
    ReplayedEntry,
    ReportSent,
    ShareSeen,
    SignalSeen,
    WarningHeard,
)
from console.rules.controls import decide_answer
from console.rules.draft import Decision, Draft
from console.rules.gateway import decide_gateway, decide_gateway_silence
from console.rules.happenings import decide_condition, decide_signal
from console.rules.recording import decide_recording, decide_silence
from console.rules.reports import decide_report
from console.rules.shareaccess import decide_access
from console.wire.codec import WireError, decode_fact, encode
from console.wire.keys import Peer

if TYPE_CHECKING:
    from console.hub.hub import Hub

_NEEDED = {
    SignalSeen: ("signals",), ConditionSeen: ("conditions",), RecorderSaid: ("recording",),
    ReplayedEntry: ("replay",), GatewaySaid: ("readings", "signals", "conditions", "warnings", "reports"),
    WarningHeard: ("warnings",), ReportSent: ("reports",),
    ControlAnswerSeen: ("controls",),
    ShareSeen: ("shares",),
}  # fmt: skip
"""What a key must permit, one of them, by kind of fact."""
SILENT_AFTER_NS = 10 * SECOND_NS
"""Recorders and gateways ping each second; one that was restarted is back before that."""


class IngestDoor:
    """Takes what gateways send. A fact is answered when it is on disk, or refused for good."""

    def __init__(self, hub: Hub, facts: Answered) -> None:
        self._hub = hub
        self._facts = facts
        self.heard_ns: dict[str, int] = {}
        """When each sender was last heard, by the monotonic clock."""

    def take(self, peer: Peer, identity: bytes, frames: list[bytes]) -> None:
        """One message of a peer that the authenticator let in."""
        mark = frames[0]
        self.heard_ns[peer.name] = self._hub.clock.mono_ns()
        if mark == b"B":
            if self._permitted(peer, "readings"):
                taken = self._hub.readings.take_batch(peer, frames[1:])
                if taken is not None:
                    self._hub.publish_readings(*taken)
        elif mark[:1] == b"{" and len(frames) == 1:
            self._json(peer, identity, mark)
        elif mark == b"F" and len(frames) == 2:
            self._fact(peer, identity, frames[1])
        elif mark == b"S" and len(frames) == 2:
            if self._permitted(peer, "controls"):
                self._hub.controls.serves(peer, identity, frames[1])
        elif mark == b"L":
            if self._permitted(peer, "shares"):
                self._answer(identity, [b"L", str(self._hub.sequencer.state.access_seq).encode()])
        elif mark == b"P":
            self._answer(identity, [b"P"])
        else:
            self._hub.counters.refuse("malformed", f"{peer.name}: a message that begins with {mark[:16]!r}")

    def notice_silence(self) -> None:
        """A recorder or gateway that said nothing for ten seconds is told as silent."""
        if self._hub.following:
            return
        now = self._hub.clock.mono_ns()
        state = self._hub.sequencer.state
        for recorder, standing in tuple(state.recorders.items()):
            heard = self.heard_ns.setdefault(recorder, now)
            if standing.report.state == "recording" and now - heard > SILENT_AFTER_NS:
                self._hub.sequencer.propose(decide_silence(state, recorder))
        for gateway, told in tuple(state.gateways.items()):
            heard = self.heard_ns.setdefault(gateway, now)
            if told.report.state in ("up", "down") and now - heard > SILENT_AFTER_NS:
                self._hub.sequencer.propose(decide_gateway_silence(state, gateway))

    def _json(self, peer: Peer, identity: bytes, data: bytes) -> None:
        """A reading is answered where it cannot be used; a signal or a condition also when it is on disk."""

        def told(_: str, problem: str = "") -> None:
            said = {"refused": problem} if problem else {"taken": True}
            self._answer(identity, [msgspec.json.encode(said)])

        try:
            said = self._hub.readings.json.read(peer, data)
        except JsonError as error:
            if self._permitted(peer, "readings", "signals", "conditions"):
                self._hub.counters.refuse("bad_reading", f"{peer.name}: {error}")
                told("", str(error))
            return
        if not isinstance(said, tuple):
            self._take_fact(peer, said, told)
        elif self._permitted(peer, "readings"):
            self._hub.readings.take_row(peer.name, said)

    def _fact(self, peer: Peer, identity: bytes, data: bytes) -> None:
        try:
            fact = decode_fact(data)
        except WireError as error:
            self._hub.counters.refuse("malformed", f"{peer.name}: {error}")
            return
        self._take_fact(peer, fact, lambda uid, problem="": self._taken(identity, uid, problem))

    def _take_fact(self, peer: Peer, fact: AnyFact, told: Callable[..., None]) -> None:
        """`told(uid, problem)` once the fact is on disk or refused for good."""
        if not self._permitted(peer, *_NEEDED[type(fact)]) or not self._own(peer, fact):
            told(fact.uid, "this key may not report that")
            return
        name = fact_id(peer.name, fact.uid)
        before = self._facts.get(name)
        if before is not None:
            if before >= 0:
                told(fact.uid)
            return
        decision = self._decide(peer, fact)
        if isinstance(decision, str):
            self._hub.counters.refuse("bad_fact", f"{peer.name}: {decision}")
            told(fact.uid, decision)
            return

        def then(seq: int, problem: LedgerUnavailable | None) -> None:
            if problem is not None:
                self._facts.forget(name)  # not answered: the sender keeps it and sends it again
                return
            self._facts.remember(name, seq)
            told(fact.uid)

        self._facts.remember(name, -1)
        self._hub.sequencer.propose(decision, then)

    def _decide(self, peer: Peer, fact: AnyFact) -> Decision | str:
        hub = self._hub
        state, now = hub.sequencer.state, hub.clock.now_ns()
        if isinstance(fact, ReplayedEntry):
            if not hub.following:
                return "this hub is live and follows no recording: start one with --follow"
            entry = fact.entry
            return Decision((Draft(entry.event, entry.cause, entry.at_ns),))
        if hub.following:
            return "this hub follows a recording and takes no live facts"
        if isinstance(fact, SignalSeen):
            return decide_signal(hub.triage, state, peer.name, fact, now)
        if isinstance(fact, RecorderSaid):
            return decide_recording(state, peer.name, fact.report)
        if isinstance(fact, GatewaySaid):
            return decide_gateway(state, peer.name, fact.report)
        if isinstance(fact, WarningHeard):
            return hub.warnings.heard(state, peer.name, fact, now)
        if isinstance(fact, ReportSent):
            return decide_report(hub.triage, state, peer.name, fact, now)
        if isinstance(fact, ControlAnswerSeen):
            return decide_answer(state, peer.name, fact)
        if isinstance(fact, ShareSeen):
            return decide_access(state, peer.name, fact)
        return decide_condition(hub.triage, state, f"gateway:{peer.name}", fact, now)

    def _permitted(self, peer: Peer, *what: str) -> bool:
        """Whether the peer's key permits one of these."""
        if any(one in peer.may for one in what):
            return True
        self._hub.counters.refuse("not_permitted", f"{peer.name}: may not send {what[0]}")
        return False

    def _own(self, peer: Peer, fact: AnyFact) -> bool:
        if isinstance(
            fact, ReplayedEntry | RecorderSaid | GatewaySaid | WarningHeard | ReportSent | ShareSeen
        ):
            return True
        if isinstance(fact, ControlAnswerSeen):
            return all(self._speaks(peer, one) for one in fact.device_ids)
        return not fact.device_id or self._speaks(peer, fact.device_id)

    def _speaks(self, peer: Peer, device_id: str) -> bool:
        if peer.speaks_for(device_id):
            return True
        self._hub.counters.refuse("not_permitted", f"{peer.name}: may not speak for {device_id[:80]}")
        return False

    def _taken(self, identity: bytes, uid: str, problem: str = "") -> None:
        self._answer(identity, [b"T", encode(FactTaken(uid=uid, problem=problem))])

    def _answer(self, identity: bytes, frames: list[bytes]) -> None:
        self._hub.doors.answer(self._hub.doors.ingest, identity, frames)
