"""The hub: one loop that takes facts, commands and queries in, decides, and tells after the commit."""

from __future__ import annotations

import logging
import os
import shutil
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from console import __version__
from console.citizens.contacts import ContactBook
from console.clock import SECOND_NS, Clock
from console.hub.alarms import HubAlarms
from console.hub.casework import HubCasework
from console.hub.controls import ControlDoor
from console.hub.counters import Counters
from console.hub.desks import DeskDoor
from console.hub.doors import HubDoors
from console.hub.fieldstates import FieldStates
from console.hub.ingest import IngestDoor
from console.hub.ladder import HubLadder
from console.hub.lookups import Lookups
from console.hub.memory import Memory, remember
from console.hub.messages import MessageDoor
from console.hub.procedures import HubProcedures
from console.hub.provisions import HubProvisions
from console.hub.readings import Readings
from console.hub.sequencer import Sequencer
from console.hub.shares import HubShares
from console.ledger import Batch, Head, LedgerUnavailable, LedgerWriter
from console.model import events as ev
from console.model.base import Words
from console.model.events import Entry, kind_of, topic_of
from console.model.fact import CourierReport, EvidenceAsked, PicturesAsked, PicturesGivenBack
from console.model.handoff import OutboxRow
from console.model.query import HubHealth, LedgerHead
from console.paths import private_folder
from console.profile import Profile
from console.profile.procedures import ProcedureBook
from console.rules.alarm.transition import Moves
from console.rules.casework.figures import casework_figures
from console.rules.casework.precision import PrecisionBook
from console.rules.commands import CommandRules
from console.rules.draft import Decision, Draft
from console.rules.partners import decide_report
from console.rules.procedure.orders import waited_by_wall
from console.rules.triage import Triage
from console.rules.warnings import WarningRules, warning_figures
from console.wire.codec import encode
from console.wire.mailbox import Mailbox
from console.wire.rendezvous import Doors, write_doors

if TYPE_CHECKING:
    from console.handoff.courier import Courier
    from console.recording import Recorder

HEALTH_EVERY_NS = SECOND_NS
_log = logging.getLogger("bongsu.hub")

Report = Callable[[CourierReport, Callable[[bool], None]], None]
MakeCourier = Callable[[Report], "Courier | None"]


class Hub:
    """Everything but `stop` belongs to the thread that calls `run`."""

    def __init__(
        self, home: Path, profile: Profile, clock: Clock, triage: Triage,
        recorder: Recorder | None, make_courier: MakeCourier, following: bool = False,
        book: ProcedureBook | None = None,
        actual: bool = False,
    ) -> None:
        self.profile, self.clock, self.triage, self.following = profile, clock, triage, following
        self.home = private_folder(home)
        self.warnings = WarningRules(triage, profile, warning_figures(incident_types=profile.incident_types))
        self._calls: Mailbox[Callable[[], None]] = Mailbox()
        self._memory = Memory()
        casework = casework_figures()
        worth = PrecisionBook(casework.precision, profile.time_zone)
        ledger_path = private_folder(home / "ledger") / "ledger.db"
        self._writer = LedgerWriter(
            lambda: remember(ledger_path, clock, self._memory, worth),
            lambda batch, outcome: self._calls.put(lambda: self._committed(batch, outcome)),
        )
        self._head = self._writer.start()
        self.run_id = uuid.uuid4().hex[:12]
        self.counters = Counters(clock)
        self.doors = HubDoors(home, self.counters)
        self.lookups = Lookups(ledger_path, names_of(profile), ContactBook(home), profile)
        self.alarms: HubAlarms | None = None
        if not following:
            self.alarms = HubAlarms(profile, triage, self._memory.state, clock, self._memory.sounded)
        self._memory.sounded.clear()
        self.field_states = FieldStates(profile, triage, clock)
        self.readings = Readings(
            profile, clock, self.counters, self.alarms.city if self.alarms is not None else None,
            None if following else self.field_states.quality,
            None if following else self.field_states.air,
        )
        self.sequencer = Sequencer(
            self.run_id, self._memory.state, clock, self._submit, self._publish
        )
        self.casework: HubCasework | None = None
        if not following:
            self.casework = HubCasework(self._memory.state, triage, casework, worth, clock)
            self.sequencer.followers += [triage.placing, self.casework]
        decisions = self.alarms.decisions if self.alarms is not None else None
        book = book or ProcedureBook()
        self.procedures: HubProcedures | None = None
        if not following:
            # A recording that is followed has all moves in it.
            self.procedures = HubProcedures(book, self._memory.state, clock)
            self.sequencer.followers.append(self.procedures)
        waited = self.procedures.waited if self.procedures is not None else waited_by_wall
        self.messages = MessageDoor(self, home, actual)
        self.shares = HubShares(self) if not following else None
        self.provisions = HubProvisions(self)
        self.ladder = HubLadder(self, ContactBook(home), "Actual" if actual else "Exercise")
        rules = CommandRules(
            triage, self.ladder, following, decisions, book, waited, messages=self.messages.rules,
            shares=self.shares.rules if self.shares is not None else None,
        )
        self.ladder.rules = rules.ladder
        self.controls = ControlDoor(self)
        self._ingest = IngestDoor(self, self._memory.facts)
        self._desks = DeskDoor(self, rules, self._memory.requests)
        self._recorder = recorder
        self._courier = make_courier(self._courier_report)
        if self._courier is not None:
            self._courier.pictures = self.shares
            self._courier.may_have = self.provisions.may_have
        self._started_ns = clock.now_ns()
        self._health_due_ns = 0
        self._stopping = False
        self._entries = 0
        self.partner_door = ""

    @property
    def state(self) -> object:
        """The folded state (not yet committed parts included)."""
        return self.sequencer.state

    def stop(self) -> None:
        """Ask the loop to end. Any thread, and signal handlers."""
        self._calls.put(self._stop)

    def call(self, what: Callable[[], None]) -> None:
        """Run something in the hub's loop soon. Any thread."""
        self._calls.put(what)

    def run(self) -> None:
        """Open the doors, serve until `stop`, then close everything in order."""
        self.doors.watch(self._calls.fileno())
        started = ev.HubStarted(
            version=__version__, profile_digest=self.profile.digest, city=self.profile.city
        )
        self.sequencer.propose(Decision((Draft(started, ev.Cause(actor="hub")),)))
        self.sequencer.flush()
        if self._courier is not None:
            for thread in self.sequencer.state.threads.values():
                if thread.queued_ns:
                    self._courier.remember(thread.agency, thread.key)
            try:
                self.partner_door = self._courier.start()
            except Exception:
                self._close()
                raise
            for row in self._memory.outbox:
                self._courier.enqueue(row)
        self.messages.start()
        if self.shares is not None:
            self.shares.start(self.sequencer.state)
        self._announce()
        try:
            while not self._stopping or not self.sequencer.settled:
                self._turn()
        finally:
            self._close()

    def _turn(self) -> None:
        wait_ns = max(0, self._health_due_ns - self.clock.mono_ns())
        ready = self.doors.poll(min(1000, wait_ns // 1_000_000 + 1))
        if self._calls.fileno() in ready:
            for call in self._calls.take():
                call()
        if self.doors.ingest in ready:
            self.doors.drain(self.doors.ingest, self._ingest.take)
        flushed = self.readings.flush_json()
        if flushed is not None:
            self.publish_readings(*flushed)
        if self.doors.desk in ready:
            self.doors.drain(self.doors.desk, self._desks.take)
        self.sequencer.flush()
        if self.sequencer.settled:
            self._desks.answer_snapshots()
        if self.clock.mono_ns() >= self._health_due_ns:
            self._heartbeat()

    def publish_readings(self, frames: list[bytes], moves: list[Moves]) -> None:
        """Pass a checked batch on to desks and the recording, and decide what it moved."""
        self.doors.telemetry.send_multipart([b"t/", *frames])
        if self._recorder is not None:
            self._recorder.batch(frames)
        if moves and self.alarms is not None:
            self.alarms.settle(self.sequencer, moves)

    def _submit(self, batch: Batch) -> None:
        try:
            self._writer.submit(batch)
        except LedgerUnavailable as problem:
            refused = problem
            self._calls.put(lambda: self._committed(batch, refused))

    def _committed(self, batch: Batch, outcome: Head | LedgerUnavailable) -> None:
        if isinstance(outcome, Head):
            self._head = outcome
        elif self.sequencer.problem is None:
            _log.error("%s", outcome.problem.en)
        if self.sequencer.committed(outcome):
            self.ladder.restore(self.sequencer.state)
            if self.alarms is not None:
                self.alarms.restore(self.sequencer.state)
        self.sequencer.flush()
        if self.sequencer.settled:
            self._desks.answer_snapshots()

    def _publish(self, entries: list[Entry], outbox: list[OutboxRow]) -> None:
        for entry in entries:
            self.doors.decisions.send_multipart([topic_of(kind_of(entry.event)), encode(entry)])
            if self._recorder is not None:
                self._recorder.entry(entry)
            if isinstance(entry.event, ev.ControlSent) and not self.following:
                self.controls.send(entry, entry.event)
            self.messages.committed(entry.event)
            if isinstance(entry.event, ev.HandoffGivenUp) and self._courier is not None:
                self._courier.drop(self.ladder.given_up(self.sequencer.state, entry.event.handoff_id))
        self._entries += len(entries)
        if not self.following:
            self.ladder.heard(self.sequencer.state, entries)
        if self.shares is not None:
            self.shares.heard(self.sequencer.state, entries)
        if self.alarms is not None:
            self.alarms.heard(self.sequencer, entries)
        if self._courier is not None:
            for row in outbox:
                self._courier.enqueue(row)

    def _courier_report(self, report: CourierReport, done: Callable[[bool], None]) -> None:
        """From the courier's thread: decide in ours, and say `done` when it is on disk."""

        def decide() -> None:
            if isinstance(report, PicturesAsked | PicturesGivenBack) and self.shares is not None:
                self.shares.take(report, done)
                return
            if isinstance(report, EvidenceAsked):
                self.provisions.take(report, done)
                return
            decision = decide_report(self.sequencer.state, report)
            self.sequencer.propose(decision, lambda seq, problem: done(problem is None))

        self._calls.put(decide)

    def _heartbeat(self) -> None:
        self._health_due_ns = self.clock.mono_ns() + HEALTH_EVERY_NS
        self.doors.gatekeeper.revive()
        self.doors.end_revoked()
        self._desks.notice_silence()
        self._ingest.notice_silence()
        if self.alarms is not None and not self._stopping:
            self.alarms.look(self.sequencer, self._ingest.heard_ns)
        if self.casework is not None and not self._stopping:
            self.sequencer.propose(self.casework.look())
        if not self.following and not self._stopping:
            self.sequencer.propose(self.warnings.expired(self.sequencer.state, self.clock.now_ns()))
            for decision in self.field_states.look(self.sequencer.state, self.readings.table):
                self.sequencer.propose(decision)
        if self.procedures is not None and not self._stopping:
            for decision in self.procedures.look(self.sequencer.state):
                self.sequencer.propose(decision)
        if self.shares is not None and not self._stopping:
            self.sequencer.propose(self.shares.look(self.sequencer.state, self.clock.now_ns()))
        if not self.following and not self._stopping:
            for decision in self.ladder.look(self.sequencer.state):
                self.sequencer.propose(decision)
        self.controls.look()
        self.messages.look()
        self.sequencer.flush()
        self.doors.decisions.send_multipart([b"h/", encode(self.health())])

    def health(self) -> HubHealth:
        """The counters as they stand."""
        recorder = self._recorder
        if self.doors.gatekeeper.refused:
            self.counters.refused["bad_key"] = self.doors.gatekeeper.refused
        if recorder is not None and recorder.dropped:
            self.counters.drops["recording"] = recorder.dropped
        problem = self.sequencer.problem
        return HubHealth(
            run=self.run_id, seq=self.sequencer.state.seq if self.sequencer.settled else self._head.seq,
            head_hash=self._head.hash, started_at_ns=self._started_ns, entries=self._entries,
            readings=self.counters.readings, batches=self.counters.batches,
            lost_batches=self.counters.lost_batches, queue_depth=self.sequencer.depth,
            drops=dict(self.counters.drops), refused=dict(self.counters.refused),
            problems=dict(self.counters.problems),
            recording=str(recorder.path.name) if recorder is not None and recorder.path else "",
            recording_bytes=recorder.bytes_written if recorder is not None else 0,
            recording_problem=recorder.state().problem if recorder is not None else None,
            free_bytes=shutil.disk_usage(self.home).free,
            ledger_ok=problem is None, ledger_problem=problem.problem if problem is not None else None,
            alarms=self.alarms.health() if self.alarms is not None else None,
        )

    def head(self) -> LedgerHead:
        """The newest entry on disk."""
        return LedgerHead(seq=self._head.seq, hash=self._head.hash, run=self._head.run)

    def _announce(self) -> None:
        write_doors(
            self.home,
            Doors(
                run=self.run_id, pid=os.getpid(), ingest=self.doors.ingest_at, desk=self.doors.desk_at,
                decisions=self.doors.decisions_at, telemetry=self.doors.telemetry_at,
                partner_door=self.partner_door,
                city=self.profile.city, profile_digest=self.profile.digest,
            ),
        )

    def _stop(self) -> None:
        self._stopping = True

    def _close(self) -> None:
        self.messages.stop()
        if self.shares is not None:
            self.shares.close()
        if self._courier is not None:
            self._courier.stop()
        self.ladder.close()
        self.lookups.close()
        self._writer.close()
        if self._recorder is not None:
            self._recorder.close()
        self.doors.close()
        self._calls.close()


def names_of(profile: Profile) -> dict[str, Words]:
    """What ids of the record are called, so that a person's word for a type or a district is found."""
    return {
        **{one.id: one.name for one in profile.incident_types.values()},
        **{one.id: one.name for one in profile.districts.values()},
    }
