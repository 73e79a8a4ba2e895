"""A partner made of a dictionary, a line that loses, doubles and reorders, and a sender, for the tests."""

from __future__ import annotations

from dataclasses import dataclass, field

import msgspec

from console.clock import SECOND_NS, SteppedClock
from console.handoff.thread import inputs
from console.handoff.thread.checker import PartnerLine, SenderLine
from console.handoff.thread.figures import ladder
from console.handoff.thread.standing import standing
from console.handoff.thread.steps import begin, step
from console.handoff.thread.waits import Watch
from console.model.base import Position, Words
from console.model.ladder import Essence, PartnerThread, Statement, Update

T0 = 1_774_000_000 * SECOND_NS
PLACE = Essence(type="market_fire", code="1", position=Position(lat=37.2775, lon=127.0169), place="Paldalmun")


def drafted(agency="KR-112", incident="SW-1", revision=1, **changes) -> PartnerThread:
    said = {
        "at_ns": T0, "id": f"{incident}:{agency}:{revision}", "incident_id": incident, "agency": agency,
        "revision": revision, "person": "kim", "essence": PLACE,
    }  # fmt: skip
    return begin(inputs.Drafted(**(said | changes)))


def queued(agency="KR-112", **changes) -> PartnerThread:
    thread = drafted(agency, **changes)
    return take(thread, inputs.Queued(at_ns=T0 + SECOND_NS, message_id=f"{thread.id}/m"))


def take(thread: PartnerThread, *each) -> PartnerThread:
    for one in each:
        thread = step(thread, one, ladder()).thread
    return thread


def said(what, at_s=10.0, heard_s=None, message_id="", **fields) -> inputs.PartnerSaid:
    statement = Statement(
        message_id=message_id or f"{what}@{at_s:g}", said=what, said_at_ns=T0 + int(at_s * SECOND_NS),
        heard_ns=T0 + int((at_s if heard_s is None else heard_s) * SECOND_NS), **fields,
    )  # fmt: skip
    return inputs.PartnerSaid(statement=statement)


def words(text: str) -> Words:
    return Words(en=text, ko=text)


@dataclass
class Message:
    """On the line, one way or the other."""

    key: str
    kind: str  # request, cancel, update, receipt, said
    message_id: str
    statement: Statement | None = None
    case_ref: str = ""


@dataclass
class Partner:
    """Opens a case for a key it does not know, and answers a known one again. `idempotent` off: a fault."""

    agency: str
    clock: SteppedClock
    idempotent: bool = True
    cases: list[tuple[str, str]] = field(default_factory=list)
    lines: list[PartnerLine] = field(default_factory=list)
    truth: dict[str, list[Statement]] = field(default_factory=dict)
    seen: set[str] = field(default_factory=set)
    number: int = 0

    def take(self, message: Message) -> Message:
        """Our receipt for it."""
        if message.kind == "request":
            known = [ref for key, ref in self.cases if key == message.key]
            if not known or not self.idempotent:
                known = [f"C{len(self.cases) + 1}"]
                self.cases.append((message.key, known[0]))
                self.truth.setdefault(message.key, [])
                self._write("case", message.key, case_ref=known[0])
            return Message(message.key, "receipt", message.message_id, case_ref=known[0])
        if message.message_id not in self.seen:
            self.seen.add(message.message_id)
            self._write("message", message.key, message_id=message.message_id)
        return Message(message.key, "receipt", message.message_id)

    def say(self, key: str, what: str, **fields) -> Message:
        self.number += 1
        statement = Statement(
            message_id=f"{self.agency}-{self.number}", said=what, said_at_ns=self.clock.now_ns(), heard_ns=0,
            **fields,
        )  # fmt: skip
        self.truth[key].append(statement)
        self._write("said", key, message_id=statement.message_id, what=what)
        return Message(key, "said", statement.message_id, statement)

    def _write(self, did, key, **fields):
        self.lines.append(
            PartnerLine(at_ns=self.clock.mono_ns(), did=did, key=key, agency=self.agency, **fields)
        )


@dataclass
class Sender:
    """Owes messages until their receipt is there, and writes down what it did and whom it told."""

    clock: SteppedClock
    threads: dict[str, PartnerThread] = field(default_factory=dict)
    lines: list[SenderLine] = field(default_factory=list)
    watch: Watch = field(default_factory=lambda: Watch(ladder()))
    told: set[tuple] = field(default_factory=set)
    number: int = 0

    def start(self, agency: str) -> str:
        self.number += 1
        thread = drafted(agency, incident=f"SW-{self.number}", at_ns=self.clock.now_ns())
        self.threads[thread.key] = thread
        self.act(
            thread.key, inputs.Queued(at_ns=self.clock.now_ns(), message_id=f"{thread.key}/m"), "queued"
        )
        return thread.key

    def act(self, key: str, said, did: str, what="", message_id="", said_at_ns=0) -> str:
        found = step(self.threads[key], said, ladder())
        self.threads[key] = found.thread
        if found.verdict not in ("refused", "repeated", "changed"):
            self._write(did, key, what, message_id, said_at_ns)
        return found.verdict

    def cancel(self, key: str) -> None:
        name = f"{key}/cancel"
        self.act(
            key,
            inputs.CancelAsked(at_ns=self.clock.now_ns(), message_id=name, person="kim", reason="false"),
            "cancel_asked",
            message_id=name,
        )

    def update(self, key: str) -> None:
        name = f"{key}/u{len(self.threads[key].updates)}"
        update = Update(message_id=name, at_ns=self.clock.now_ns(), person="kim", text="two people")
        self.act(key, inputs.UpdateQueued(update=update), "update_sent", message_id=name)

    def owed(self) -> list[Message]:
        found = []
        for key, thread in self.threads.items():
            if not thread.receipt_ns:
                found.append(Message(key, "request", thread.message_id))
            if thread.cancel is not None and not thread.cancel.receipt_ns:
                found.append(Message(key, "cancel", thread.cancel.message_id))
            found += [
                Message(key, "update", one.message_id) for one in thread.updates if not one.receipt_ns
            ]
        return found

    def take(self, message: Message) -> None:
        if message.kind == "receipt":
            receipt = inputs.Receipt(
                at_ns=self.clock.now_ns(), message_id=message.message_id, case_ref=message.case_ref
            )
            did = "receipt" if message.message_id.endswith("/m") else "confirmed"
            self.act(message.key, receipt, did, message_id=message.message_id)
            return
        assert message.statement is not None
        heard = msgspec.structs.replace(message.statement, heard_ns=self.clock.now_ns())
        self.act(
            message.key, inputs.PartnerSaid(statement=heard), "answered", what=heard.said,
            message_id=heard.message_id, said_at_ns=heard.said_at_ns,
        )  # fmt: skip

    def look(self) -> None:
        for one in self.watch.look(self.threads.values(), self.clock.now_ns(), self.clock.mono_ns()):
            name = (one.thread_id, one.what, one.since_ns, one.level)
            if name not in self.told:
                self.told.add(name)
                self._write("told", one.thread_id, what=f"{one.what}:{one.level}")

    def restart(self) -> None:
        """All that is not on disk is gone."""
        kept = msgspec.msgpack.encode(self.threads)
        self.threads = msgspec.msgpack.decode(kept, type=dict[str, PartnerThread])
        self.watch = Watch(ladder())

    def _write(self, did, key, what="", message_id="", said_at_ns=0):
        self.lines.append(
            SenderLine(
                at_ns=self.clock.mono_ns(), did=did, key=key, agency=self.threads[key].agency, what=what,
                message_id=message_id, said_at_ns=said_at_ns,
            )
        )  # fmt: skip

    def rungs(self) -> dict[str, str]:
        return {key: standing(thread).rung for key, thread in self.threads.items()}
