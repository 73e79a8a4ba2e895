"""The desks' door: commands answered once they are on disk, queries, and who is there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from console.clock import SECOND_NS
from console.hub.lookups import Page
from console.hub.memory import Answered
from console.ledger import LedgerUnavailable
from console.model import events as ev
from console.model.base import Words
from console.model.citizenreport import ReportContact
from console.model.commands import Accepted, Answer, Refused, Request
from console.model.query import (
    AlarmFiguresPage,
    AskAlarmFigures,
    AskAvailability,
    AskDraft,
    AskGoals,
    AskHead,
    AskHealth,
    AskHistory,
    AskIncidents,
    AskLog,
    AskPrecision,
    AskReportContact,
    AskSnapshot,
    AskTrend,
    AskValues,
    KeepCaller,
    PrecisionPage,
    QueryRequest,
)
from console.rules.commands import CommandRules
from console.rules.draft import Decision, Draft, Refusal
from console.wire.codec import WireError, decode_query, decode_request, encode
from console.wire.keys import Peer

if TYPE_CHECKING:
    from console.hub.hub import Hub

GONE_AFTER_NS = 5 * SECOND_NS
MAX_PURPOSE = 400
MAX_CALL, MAX_CALLER = 200, 200


class DeskDoor:
    """Takes what desks ask. One thread: the hub's loop."""

    def __init__(self, hub: Hub, rules: CommandRules, requests: Answered) -> None:
        self._hub = hub
        self._rules = rules
        self._requests = requests
        self._waiting_snapshots: list[tuple[bytes, str]] = []
        self._heard_ns: dict[str, int] = {}

    def take(self, peer: Peer, identity: bytes, frames: list[bytes]) -> None:
        """One message of a peer that the authenticator let in."""
        self._heard_ns[peer.name] = self._hub.clock.mono_ns()
        if frames[0] == b"P":
            self._send(identity, [b"P"])
            return
        try:
            if frames[0] == b"C" and len(frames) == 2:
                self._command(peer, identity, decode_request(frames[1]))
            elif frames[0] == b"Q" and len(frames) == 2:
                self._query(peer, identity, decode_query(frames[1]))
            else:
                raise WireError(f"a message that begins with {frames[0][:16]!r}")
        except WireError as error:
            self._hub.counters.refuse("malformed", f"{peer.name}: {error}")

    def _command(self, peer: Peer, identity: bytes, request: Request) -> None:
        if "commands" not in peer.may or request.desk != peer.name:
            self._hub.counters.refuse("not_permitted", f"{peer.name}: command as {request.desk[:80]}")
            self._answer(identity, self._refused(request.id, "not_permitted"))
            return
        before = self._requests.get(request.id)
        if before is not None:
            if before >= 0:
                self._answer(identity, Accepted(id=request.id, seq=before))
            return
        decided = self._rules.decide(self._hub.sequencer.state, request, self._hub.clock.now_ns())
        if isinstance(decided, Refusal):
            if decided.told:
                self._hub.sequencer.propose(Decision(decided.told))
            self._answer(identity, Refused(id=request.id, code=decided.code, reason=decided.reason))
            return

        def then(seq: int, problem: LedgerUnavailable | None) -> None:
            if problem is not None:
                self._requests.forget(request.id)
                self._answer(identity, self._unavailable(request.id, problem))
                return
            self._requests.remember(request.id, seq)
            self._answer(identity, Accepted(id=request.id, seq=seq))

        self._requests.remember(request.id, -1)
        if self._hub.alarms is not None:
            self._hub.alarms.order(self._hub.sequencer, decided, then)
        else:
            self._hub.sequencer.propose(decided, then)

    def _query(self, peer: Peer, identity: bytes, asked: QueryRequest) -> None:
        if "queries" not in peer.may or asked.desk != peer.name:
            self._hub.counters.refuse("not_permitted", f"{peer.name}: query as {asked.desk[:80]}")
            self._no_page(identity, asked.id, self._refused(asked.id, "not_permitted").reason)
            return
        match asked.query:
            case AskSnapshot():
                self._note_presence(peer, asked.person)
                self._waiting_snapshots.append((identity, asked.id))
            case AskValues():
                self._send(identity, [b"R", asked.id.encode(), *self._hub.readings.last_values()])
            case AskTrend(point_indexes=points, since_ns=since_ns):
                self._send(identity, [b"R", asked.id.encode(), *self._hub.readings.trend(points, since_ns)])
            case AskHealth():
                self._send(identity, [b"R", asked.id.encode(), encode(self._hub.health())])
            case AskAlarmFigures():
                alarms = self._hub.alarms
                page = alarms.figures(asked.query) if alarms is not None else AlarmFiguresPage(
                    desk=asked.query.about_desk
                )
                self._send(identity, [b"R", asked.id.encode(), encode(page)])
            case AskPrecision():
                casework = self._hub.casework
                worth = casework.precision(asked.query) if casework is not None else PrecisionPage(
                    rows=(), days=0, least=0
                )
                self._send(identity, [b"R", asked.id.encode(), encode(worth)])
            case AskHead():
                self._send(identity, [b"R", asked.id.encode(), encode(self._hub.head())])
            case AskAvailability() | AskGoals():
                self._read(identity, asked)
            case AskLog() | AskIncidents() | AskHistory():
                self._look_up(peer, identity, asked)
            case AskDraft(thread_id=thread_id):
                self._draft(peer, identity, asked, thread_id)
            case KeepCaller():
                self._keep_caller(peer, identity, asked, asked.query)
            case AskReportContact(report_id=report_id, purpose=purpose):
                self._contact(peer, identity, asked, report_id, purpose)

    def _look_up(self, peer: Peer, identity: bytes, asked: QueryRequest) -> None:
        """That somebody looked is on disk before the page is read."""
        read = ev.LogRead(
            desk=peer.name, person=asked.person, query=msgspec.json.encode(asked.query).decode()
        )
        cause = ev.Cause(actor=f"person:{asked.person}", command_id="", desk=peer.name)

        def then(seq: int, problem: LedgerUnavailable | None) -> None:
            if problem is not None:
                self._no_page(identity, asked.id, problem.problem)
            else:
                self._read(identity, asked)

        self._hub.sequencer.propose(Decision((Draft(read, cause),)), then)

    def _read(self, identity: bytes, asked: QueryRequest) -> None:
        def found(page: Page | None, problem: Words | None) -> None:
            self._hub.call(lambda: self._page(identity, asked.id, page, problem))

        self._hub.lookups.ask(asked.query, found)

    def _contact(
        self, peer: Peer, identity: bytes, asked: QueryRequest, report_id: str, purpose: str
    ) -> None:
        """Who wanted to know who, and why, is on disk before the contact data is read."""
        report = self._hub.sequencer.state.reports.get(report_id)
        if peer.role != "desk" or report is None or not 0 < len(purpose.strip()) <= MAX_PURPOSE:
            code = "no_contact_purpose" if report is not None and peer.role == "desk" else "unknown_report"
            self._no_page(identity, asked.id, self._refused(asked.id, code, report=report_id[:80]).reason)
            return
        if not report.told.has_contact:
            self._send(identity, [b"R", asked.id.encode(), encode(_no_contact(report_id))])
            return
        token = report.told.token
        read = ev.ReportContactRead(
            report_id=report_id, desk=peer.name, person=asked.person, purpose=purpose.strip()
        )
        cause = ev.Cause(actor=f"person:{asked.person}", command_id="", desk=peer.name)

        def found(page: Page | None, problem: Words | None) -> None:
            self._hub.call(lambda: self._page(identity, asked.id, page, problem))

        def then(seq: int, problem: LedgerUnavailable | None) -> None:
            if problem is not None:
                self._no_page(identity, asked.id, problem.problem)
            else:
                self._hub.lookups.contact(token, found)

        self._hub.sequencer.propose(Decision((Draft(read, cause),)), then)

    def _keep_caller(self, peer: Peer, identity: bytes, asked: QueryRequest, told: KeepCaller) -> None:
        """Who called goes to the contact book alone; the log has the call without it."""
        wrong = not 0 < len(told.call) <= MAX_CALL or max(len(told.name), len(told.number)) > MAX_CALLER
        if peer.role != "desk" or wrong:
            self._no_page(identity, asked.id, self._refused(asked.id, "not_permitted").reason)
            return

        def found(page: Page | None, problem: Words | None) -> None:
            self._hub.call(lambda: self._page(identity, asked.id, page, problem))

        contact = ReportContact(report_id=told.call, name=told.name, phone=told.number)
        self._hub.lookups.keep_caller(told.call, contact, found)

    def _draft(self, peer: Peer, identity: bytes, asked: QueryRequest, thread_id: str) -> None:
        """Whose numbers are in them is on disk before they are shown."""
        ladder, state = self._hub.ladder, self._hub.sequencer.state
        if peer.role != "desk":
            self._no_page(identity, asked.id, self._refused(asked.id, "not_permitted").reason)
            return

        def then(seq: int, problem: LedgerUnavailable | None) -> None:
            if problem is not None:
                self._no_page(identity, asked.id, problem.problem)
                return
            ladder.shown(looked)
            page = ladder.page(self._hub.sequencer.state, thread_id)
            self._send(identity, [b"R", asked.id.encode(), encode(page)])

        looked = ladder.looked_at(state, thread_id, peer.name, asked.person)
        self._hub.sequencer.propose(Decision(tuple(looked)), then)

    def _page(
        self, identity: bytes, id_: str, page: Page | None, problem: Words | None
    ) -> None:
        if page is not None:
            self._send(identity, [b"R", id_.encode(), encode(page)])
        elif problem is not None:
            self._no_page(identity, id_, problem)

    def answer_snapshots(self) -> None:
        """Answer those who wait for the state; only while everything in it is on disk."""
        if not self._waiting_snapshots:
            return
        state = self._hub.sequencer.state
        waiting, self._waiting_snapshots = self._waiting_snapshots, []
        frame = encode(state)
        for identity, id_ in waiting:
            self._send(identity, [b"R", id_.encode(), frame])

    def notice_silence(self) -> None:
        """A desk that said nothing for five seconds has left."""
        now = self._hub.clock.mono_ns()
        for desk, presence in list(self._hub.sequencer.state.desks.items()):
            heard = self._heard_ns.setdefault(desk, now)
            if now - heard > GONE_AFTER_NS:
                self._propose(ev.DeskLeft(desk=desk, person=presence.person), desk)

    def _note_presence(self, peer: Peer, person: str) -> None:
        if peer.role != "desk":
            return
        presence = self._hub.sequencer.state.desks.get(peer.name)
        if presence is None or presence.person != person:
            self._propose(ev.DeskConnected(desk=peer.name, person=person), peer.name)

    def _propose(self, event: ev.AnyEvent, desk: str) -> None:
        if not self._hub.following:
            cause = ev.Cause(actor="hub", desk=desk)
            self._hub.sequencer.propose(Decision((Draft(event, cause),)))

    def _refused(self, id_: str, code: str, **fields: str) -> Refused:
        return Refused(id=id_, code=code, reason=self._hub.triage.phrase(f"refused.{code}", **fields))

    def _unavailable(self, id_: str, problem: LedgerUnavailable) -> Refused:
        return Refused(id=id_, code="ledger_unavailable", reason=problem.problem)

    def _no_page(self, identity: bytes, id_: str, problem: Words) -> None:
        self._send(identity, [b"R", id_.encode(), b"", problem.en.encode(), problem.ko.encode()])

    def _answer(self, identity: bytes, answer: Answer) -> None:
        self._send(identity, [b"A", encode(answer)])

    def _send(self, identity: bytes, frames: list[bytes]) -> None:
        self._hub.doors.answer(self._hub.doors.desk, identity, frames)


def _no_contact(report_id: str) -> ReportContact:
    return ReportContact(report_id=report_id, problem="none")
