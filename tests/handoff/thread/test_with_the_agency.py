"""The thread against the agency's own code and store, over a line that drops, doubles and reorders."""

from __future__ import annotations

import random

from msgspec.structs import replace

from console.agency.station import ActRefused, Station
from console.agency.store import Store
from console.clock import SteppedClock
from console.handoff import rules
from console.handoff.cap import parse
from console.handoff.formats import Sending, format_of
from console.handoff.kinds import partner_kinds
from console.handoff.thread import inputs
from console.handoff.thread.checker import PartnerLine, check, read_lines
from console.handoff.thread.standing import standing
from tests.handoff.test_draft import draft
from tests.handoff.thread.town import T0, Sender

AGENCY, KIND = "KR-112", partner_kinds()["KR-112"]
WIRE, BY = format_of(KIND), Sending(sender="console", zone="Asia/Seoul")
DRAFT = draft(agency=AGENCY)


def run(tmp_path, knows_keys, seed=4, count=12):
    """A seeded run with real messages both ways, then a good line; what the checker says of it."""
    rng, clock = random.Random(seed), SteppedClock(T0)
    store = Store(tmp_path / "agency" / "store.db", AGENCY)
    station, sender = Station(store, AGENCY, AGENCY, clock, knows_keys=knows_keys), Sender(clock)
    bodies: dict[str, bytes] = {}
    line: list[tuple[str, str, bytes]] = []  # (to, key, bytes)

    def owe():
        for message in sender.owed():
            key, thread = message.key, sender.threads[message.key]
            if key not in bodies:
                bodies[key] = WIRE.request(DRAFT, thread, KIND, BY)
            line.append(("agency", key, bodies[key]))
        line.extend(("console", owed.identifier, owed.body) for owed in store.owed())

    def deliver(to, key, body):
        if to == "agency":
            status, answer = station.take(body)
            assert status == 200, answer
            line.append(("receipt", key, answer))
            return
        if to == "receipt":
            alert = parse(body)
            receipt = inputs.Receipt(
                at_ns=clock.now_ns(), message_id=key, case_ref=rules.case_of(alert)
            )
            sender.act(key, receipt, "receipt")
            return
        heard = WIRE.read(body, KIND, "console", clock.now_ns())
        statement = heard.statement
        sender.act(
            heard.key, inputs.PartnerSaid(statement=statement), "answered", statement.said,
            statement.message_id, statement.said_at_ns,
        )  # fmt: skip
        for owed in store.owed():
            if owed.body == body:
                store.settle(owed, 200, b"")

    def talk():
        for key, _ in store.standing():
            act = rng.choice(["accept", "dispatch", "arrive", "close"])
            try:
                station.act(key, act, unit="P-1" if act == "dispatch" else "")
            except ActRefused:
                continue

    for second in range(40):
        if second < count:
            key = sender.start(AGENCY)
            thread = sender.threads[key]
            sender.threads[key] = replace(thread, essence=DRAFT.essence, message_id=key)
        owe()
        rng.shuffle(line)
        carried, line[:] = line[: len(line) // 3], line[len(line) // 3 :]
        for each in carried:
            if rng.random() < 0.4:
                continue  # lost: whoever owes it sends it again
            if rng.random() < 0.3:
                line.append(each)
            deliver(*each)
        talk()
        clock.step(1)
        sender.look()
    while sender.owed() or store.owed():
        owe()
        for each in line[:]:
            line.remove(each)
            deliver(*each)
    partner = read_lines(tmp_path / "agency" / "ledger.jsonl", PartnerLine)
    stages = {case.key: case.stage for case in station.cases()}
    store.close()
    return check(sender.lines, partner, clock.mono_ns()), sender, stages


def test_the_agency_has_one_case_for_each_key_and_both_sides_agree(tmp_path):
    found, sender, stages = run(tmp_path, True)
    assert found.good, found
    assert found.handoffs == 12
    ours = {"dispatched": "assigned"}
    assert sender.rungs() == {key: ours.get(stage, stage) for key, stage in stages.items()}
    assert len({standing(each).case_ref for each in sender.threads.values()}) == 12


def test_an_agency_that_knows_no_key_again_is_found(tmp_path):
    found, sender, _ = run(tmp_path, False)
    assert found.counts["duplicates"] > 3
    assert any(flag.what == "two_cases" for each in sender.threads.values() for flag in each.flags)
